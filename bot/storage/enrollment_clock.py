"""What a day brings to enrollments by itself: clocks that run out, last days, first days, reminders (R4.9, R5.6, R5.9, R6)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select

from bot.domain.calendar import DAY, Month
from bot.domain.enrollment import (
    OPEN,
    ClaimOverdue,
    EnrollmentState,
    OfferOverdue,
    ParentPaymentDue,
    ProgramStarts,
    Reason,
    RequestOverdue,
)
from bot.domain.messages import AboutChild
from bot.domain.money import ZERO, Money
from bot.storage.desk import Tx
from bot.storage.enrollment_ends import close_provider, holding
from bot.storage.enrollment_reading import plan
from bot.storage.enrollment_steps import finish, give_back, refuse
from bot.storage.schema import agreement, certificate, enrollment
from bot.storage.seats import disputed, whole, words

S = EnrollmentState
PAYMENT_NOTICE_DAYS = 3
"""Days before the family's payment falls due, on which it is reminded (R4.9)."""
LATE: dict[EnrollmentState, Callable[[int, int], AboutChild]] = {
    S.REQUESTED: RequestOverdue,
    S.CLAIMED: ClaimOverdue,
    S.ACCEPTED: OfferOverdue,
}


def daily(tx: Tx, municipality: int, today: date) -> None:
    """All of it for one municipality, in the order of R5.9; doing it twice changes nothing.

    The border of a period calls `finish_ended` by itself, before the balances expire.
    """
    finish_ended(tx, municipality, today)
    end_agreements(tx, municipality, today)
    refuse_stale(tx, municipality, today)
    flag_overdue(tx, municipality, today)
    remind(tx, municipality, today)


def finish_ended(tx: Tx, municipality: int, today: date) -> None:
    """Yesterday's last days: charge what is due, complete what was concluded, refuse what never was (R5.6, R5.9)."""
    ours = certificate.c.municipality == municipality
    ended = (enrollment.c.stop < today) | (enrollment.c.ends_on < today)
    for row in holding(tx, ours, ended, enrollment.c.state == S.ACTIVE.value):
        fact = finish(tx, row)
        if fact is not None:
            tx.tell(fact)
    for row in holding(tx, ours, enrollment.c.stop < today, enrollment.c.state.in_(words(OPEN))):
        tx.tell(refuse(tx, row, "system", Reason.PERIOD_ENDED))


def end_agreements(tx: Tx, municipality: int, today: date) -> None:
    """R6.13: on its last day an agreement takes with it what runs, to the end of that month."""
    last = agreement.c.municipality == municipality, agreement.c.stop <= today
    for row in tx.rows(select(agreement.c.provider).where(*last).order_by(agreement.c.provider)):
        close_provider(tx, row.provider, Reason.AGREEMENT_ENDED, municipality)


def refuse_stale(tx: Tx, municipality: int, today: date) -> None:
    """Each month's start: requests whose start lies two months back are refused (R5.9)."""
    if today.day != 1:
        return
    before = Month.of(today).previous.first
    asked = enrollment.c.state.in_(words({S.REQUESTED, S.CLAIMED}))
    for row in holding(tx, certificate.c.municipality == municipality, asked, enrollment.c.start < before):
        tx.tell(refuse(tx, row, "system", Reason.STALE))


def flag_overdue(tx: Tx, municipality: int, today: date) -> None:
    """Clocks that ran out: the operator's list shows them, the family is told (R6); a child's wish without a yes lapses."""
    late = enrollment.c.state.in_(words(OPEN)), enrollment.c.until < today, enrollment.c.overdue.is_(False)
    for row in holding(tx, certificate.c.municipality == municipality, *late):
        if row.needs_yes:
            tx.tell(give_back(tx, row, "system", Reason.NO_YES))
            continue
        tx.sql(enrollment.update().where(enrollment.c.id == row.id).values(overdue=True))
        tx.tell(LATE[EnrollmentState(row.state)](row.child, row.id))


def remind(tx: Tx, municipality: int, today: date) -> None:
    """The first day is tomorrow, a renewal's aside; the family's own part of last month is due soon (R4.9). Each fact's key tells it once."""
    active = certificate.c.municipality == municipality, enrollment.c.state == S.ACTIVE.value
    for row in tx.rows(whole().where(*active, enrollment.c.start == today + DAY, enrollment.c.renews.is_(None))):
        tx.tell(ProgramStarts(row.child, row.id, row.start))
    pay_day = today + PAYMENT_NOTICE_DAYS * DAY
    if pay_day.day != tx.policy(municipality).parent_pay_day:
        return
    last_month = Month.of(pay_day).previous
    learned = (
        certificate.c.municipality == municipality,
        enrollment.c.state.in_(words({S.ACTIVE, S.COMPLETED, S.TERMINATED})),
        enrollment.c.parent_first + enrollment.c.parent_other > 0,
        enrollment.c.start <= last_month.last,
        enrollment.c.stop >= last_month.first,
        or_(enrollment.c.reason.is_(None), enrollment.c.reason != Reason.DISPUTE.value),  # that never was (R5.7)
    )
    for row in tx.rows(whole().where(*learned).order_by(enrollment.c.id)):
        amount = _own_part(tx, row, last_month)
        if amount:
            tx.tell(ParentPaymentDue(row.child, row.id, last_month, amount, pay_day))


def _own_part(tx: Tx, row: Row[Any], month: Month) -> Money:
    """The family's part of a month; nothing while a dispute is open."""
    if disputed(tx, row.id):
        return ZERO
    return next((planned.parent for planned in plan(tx, row) if planned.month == month), ZERO)
