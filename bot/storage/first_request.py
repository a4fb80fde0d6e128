"""PP `conversion: automatic`: an accounting certificate becomes funded with the first request for a certified program (R2.3)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.domain.certificate import BecameFunded, QueuedForFunded
from bot.domain.gate_refusals import (
    NeedsFunded,
)
from bot.domain.messages import AboutChild, Refusal
from bot.storage.certificate_conversion import become_funded, place_in_queue
from bot.storage.gate import Offer, gate
from bot.storage.schema import certificate
from bot.storage.tx import Tx


class _Undo(Exception):
    """Nothing that was tried may stay."""


def convert_and_gate(
    tx: Tx, child: int, group: int, start: date | None, seen_by: int = 0, **wish: Any
) -> Refusal | Offer:
    """The gate; where only the money is missing and the policy says so, the certificate is converted first.

    Without a vacancy it is put into the queue (R2.4) and the answer stays NeedsFunded, which says so. What is refused all the same was no
    request: the certificate stays as it was. `seen_by`: who was shown what the request brings, and is not told it again.
    """
    answer = gate(tx, child, group, start, **wish)
    if not isinstance(answer, NeedsFunded):
        return answer
    where = certificate.c.child == child, certificate.c.state == "active"
    row = tx.sql(select(certificate).where(*where).with_for_update()).one()
    if row.queue_place is not None:
        return replace(answer, queued=True)
    if tx.policy(row.municipality).conversion != "automatic":
        return answer
    with suppress(_Undo), tx.savepoint():
        before = len(tx.told)
        converted = become_funded(tx, row)
        tx.tell(converted)
        if isinstance(converted, QueuedForFunded):
            answer = replace(answer, queued=True)
        else:
            answer = gate(tx, child, group, start, **wish)
            if isinstance(answer, Refusal):
                raise _Undo
            tx.told[before:] = [
                replace(one, seen_by=seen_by) if isinstance(one.fact, AboutChild) and one.fact.child == child else one
                for one in tx.told[before:]
            ]
    return answer


def try_gate(tx: Tx, child: int, group: int, start: date | None, **wish: Any) -> Refusal | Offer:
    """The same as a look: whatever the conversion would do is undone."""
    answer = gate(tx, child, group, start, pays=True, locked=False, **wish)
    if not isinstance(answer, NeedsFunded):
        return answer
    with suppress(_Undo), tx.savepoint():
        answer = convert_and_gate(tx, child, group, start, pays=True, **wish)
        raise _Undo
    return answer


@contextmanager
def as_if_requested(tx: Tx, child: int) -> Iterator[BecameFunded | QueuedForFunded | None]:
    """What is read inside is read as the child's first request would leave its certificate; afterwards that is as it was.

    Yields what a request for a certified program would make of it; None where it would change nothing.
    """
    latest = select(certificate).where(certificate.c.child == child).order_by(certificate.c.id.desc())
    row = tx.row(latest.limit(1))
    if row is None or (row.kind, row.state) != ("accounting", "active"):
        yield None
    elif row.queue_place is not None:
        yield QueuedForFunded(child, row.id, place_in_queue(tx, row.id))
    elif tx.policy(row.municipality).conversion != "automatic":
        yield None
    else:
        with suppress(_Undo), tx.savepoint():
            tx.sql(latest.limit(1).with_for_update())
            yield become_funded(tx, row)
            raise _Undo
