"""The steps of one enrollment, for whoever takes them: the family, the provider, the municipality, the calendar (R5, R6)."""

from typing import Any

from sqlalchemy import Row, select

from bot.domain.enrollment import EnrollmentState, last_day
from bot.domain.enrollment_facts import (
    Concluded,
    EnrollmentEnded,
    NoticeGiven,
    OfferRevoked,
    ProgramEnded,
    RequestRefused,
    RequestWithdrawn,
)
from bot.domain.enrollment_refusals import NoticeGivenAlready, NotNow
from bot.domain.ledger import Why
from bot.domain.messages import Fact
from bot.storage.ledger import make_charges_due, release_hold
from bot.storage.schema import enrollment
from bot.storage.seats import become, disputed, free_seat, left
from bot.storage.tx import Tx

S = EnrollmentState


def begin(tx: Tx, row: Row[Any], on_paper: bool = False) -> Concluded | NotNow:
    """An accepted offer becomes learning; what is due by now is charged, the months missed too (R5.2, R5.3)."""
    today = tx.today(row.municipality)
    if row.state != S.ACCEPTED or today > row.stop:
        return NotNow(row.id, EnrollmentState(row.state))
    become(tx, row, S.ACTIVE, concluded_on=today)
    make_charges_due(tx, row.id)
    return Concluded(row.child, row.id, row.start, on_paper)


def refuse(tx: Tx, row: Row[Any], by: str, reason: str) -> RequestRefused | OfferRevoked:
    """What was not concluded is refused, an offer taken back: everything returns (R5.6). The row is held."""
    become(tx, row, S.REFUSED, ended_by=by, reason=reason)
    release_hold(tx, row.id, Why.REFUSED)
    if row.state == S.ACCEPTED:
        return OfferRevoked(row.child, row.id, reason)
    return RequestRefused(row.child, row.id, reason)


def give_back(tx: Tx, row: Row[Any], by: str, reason: str) -> RequestWithdrawn:
    """Before the first day everything returns (R5.5, R5.6). The row is held."""
    become(tx, row, S.WITHDRAWN, ended_by=by, reason=reason)
    amount = release_hold(tx, row.id, Why.WITHDRAWN)
    return RequestWithdrawn(row.child, row.id, by, reason, amount, left(tx, row))


def give_notice(tx: Tx, row: Row[Any], by: str, reason: str) -> Fact:
    """R5.5: the end of this month is the last day, what is held returns at once; before the start it is a withdrawal.

    The row is held, so this month is charged already. While a dispute is open the money waits for its decision (R5.8).
    """
    if row.state != S.ACTIVE:
        return NotNow(row.id, EnrollmentState(row.state))
    if row.ends_on is not None:
        return NoticeGivenAlready(row.id, row.ends_on)
    today = tx.today(row.municipality)
    if today < row.start:
        return give_back(tx, row, by, reason)
    last = last_day(today, row.stop)
    notice = {"ends_on": last, "ended_by": by, "reason": reason, "changed_at": tx.now}
    tx.sql(enrollment.update().where(enrollment.c.id == row.id).values(**notice))
    amount = release_hold(tx, row.id, Why.TERMINATED)
    return NoticeGiven(row.child, row.id, by, reason, last, amount, left(tx, row))


def finish(tx: Tx, row: Row[Any]) -> EnrollmentEnded | ProgramEnded | None:
    """The last day is over: the seat is free, the rest of the hold returns (R5.6).

    None where there is nothing to tell: a dispute is open (R5.8), or a renewal goes on.
    """
    if disputed(tx, row.id):
        free_seat(tx, row)
        return None
    if row.ends_on is not None:
        become(tx, row, S.TERMINATED)
        release_hold(tx, row.id, Why.TERMINATED)
        return EnrollmentEnded(row.child, row.id)
    become(tx, row, S.COMPLETED)
    release_hold(tx, row.id, Why.COMPLETED)
    return None if goes_on(tx, row.id) else ProgramEnded(row.child, row.id)


def goes_on(tx: Tx, number: int) -> bool:
    """Whether its renewal is concluded (R6.12): for the family the club has not ended."""
    follows = enrollment.c.renews == number, enrollment.c.state == S.ACTIVE.value
    return tx.value(select(enrollment.c.id).where(*follows)) is not None
