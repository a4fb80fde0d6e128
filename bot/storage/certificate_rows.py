"""Rows of certificates, locked for whoever may decide on them, and what of the child's learning they must know."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, func, select

from bot.domain.certificate import CertificateState
from bot.domain.enrollment import OPEN, EnrollmentState
from bot.domain.ledger import Why
from bot.domain.messages import Actor
from bot.storage.ledger import withdraw
from bot.storage.schema import certificate, enrollment
from bot.storage.tx import Tx

RUNNING = frozenset({EnrollmentState.ACTIVE})
NO_MORE = (CertificateState.REVOKED, CertificateState.CLOSED_AGE)


def locked(tx: Tx, certificate_id: int) -> Row[Any] | None:
    """The certificate's row, held until the end of the transaction."""
    return tx.row(select(certificate).where(certificate.c.id == certificate_id).with_for_update())


def for_staff(tx: Tx, certificate_id: int, me: Actor) -> Row[Any] | None:
    """The locked row for the municipality's operator or the calendar; None for everybody else."""
    row = locked(tx, certificate_id)
    if row is None or me.role == "system":
        return row
    return row if me.role == "operator" and row.municipality == me.municipality else None


def change(tx: Tx, certificate_id: int, **values: Any) -> None:
    """Write some columns of a certificate."""
    tx.sql(certificate.update().where(certificate.c.id == certificate_id).values(**values))


def learning(tx: Tx, certificate_id: int, states: Collection[EnrollmentState]) -> int:
    """How many enrollments on this certificate are in these states."""
    wanted = [state.value for state in states]
    return int(
        tx.value(
            select(func.count())
            .select_from(enrollment)
            .where(enrollment.c.certificate == certificate_id, enrollment.c.state.in_(wanted))
        )
    )


def open_requests(tx: Tx, certificate_id: int) -> int:
    """Requests not concluded yet; offers of a place among them (R2.13)."""
    return learning(tx, certificate_id, OPEN | {EnrollmentState.OFFERED})


def running(tx: Tx, certificate_id: int) -> int:
    """Enrollments that go on (R2.12)."""
    return learning(tx, certificate_id, RUNNING)


def spends(tx: Tx, certificate_id: int) -> int:
    """Enrollments that may still charge or return money."""
    return learning(tx, certificate_id, OPEN | RUNNING)


def settle(tx: Tx, certificate_id: int, why: Why) -> None:
    """What a certificate that carries no money any more still has goes back, once nothing can return to it (R2.7, R2.12, R2.13).

    Should something return later all the same, it is taken under another number.
    """
    if not spends(tx, certificate_id) and withdraw(tx, certificate_id, why):
        change(tx, certificate_id, conversion=certificate.c.conversion + 1)
