"""PP `conversion: automatic`: an accounting certificate becomes funded with the first request for a certified program (R2.3)."""

from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.domain.certificate import BecameFunded
from bot.domain.gate_refusals import (
    NeedsFunded,
)
from bot.domain.messages import Refusal
from bot.storage.certificate_conversion import become_funded
from bot.storage.desk import Tx
from bot.storage.gate import Offer, gate
from bot.storage.schema import certificate


class _Undo(Exception):
    """Nothing that was tried may stay."""


def convert_and_gate(tx: Tx, child: int, group: int, start: date | None, **wish: Any) -> Refusal | Offer:
    """The gate; where only the money is missing and the policy says so, the certificate is converted first.

    Without a vacancy it is put into the queue (R2.4) and the answer stays NeedsFunded. What is refused all the same was no
    request: the certificate stays as it was.
    """
    answer = gate(tx, child, group, start, **wish)
    if not isinstance(answer, NeedsFunded):
        return answer
    where = certificate.c.child == child, certificate.c.state == "active"
    row = tx.sql(select(certificate).where(*where).with_for_update()).one()
    if row.queue_place is not None or tx.policy(row.municipality).conversion != "automatic":
        return answer
    with suppress(_Undo), tx.savepoint():
        converted = become_funded(tx, row)
        tx.tell(converted)
        if isinstance(converted, BecameFunded):
            answer = gate(tx, child, group, start, **wish)
            if isinstance(answer, Refusal):
                raise _Undo
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
