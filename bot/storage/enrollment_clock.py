"""What a day brings to enrollments by itself: clocks that run out, last days, first days, reminders (R4.9, R5.6, R5.9, R6)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select

from bot.domain.calendar import DAY, Month
from bot.domain.enrollment import OPEN, EnrollmentState, Reason
from bot.domain.enrollment_facts import ClaimOverdue, OfferOverdue, ParentPaymentDue, ProgramStarts, RequestOverdue
from bot.domain.messages import AboutChild, Fact
from bot.domain.money import ZERO, Money
from bot.storage.enrollment_ends import holding
from bot.storage.enrollment_reading import plan
from bot.storage.enrollment_steps import finish, give_back, give_notice, refuse
from bot.storage.jobs import Conditions, Found, Job
from bot.storage.schema import agreement, certificate, enrollment, program
from bot.storage.seats import disputed, whole, words
from bot.storage.tx import Tx
from bot.storage.work import Ids

S = EnrollmentState
PAYMENT_NOTICE_DAYS = 3
"""Days before the family's payment falls due, on which it is reminded (R4.9)."""
LATE: dict[EnrollmentState, Callable[[int, int], AboutChild]] = {
    S.REQUESTED: RequestOverdue,
    S.CLAIMED: ClaimOverdue,
    S.ACCEPTED: OfferOverdue,
}


def each(name: str, which: Callable[[Tx, int, date], Conditions], act: Callable[[Tx, Row[Any]], Fact | None]) -> Job:
    """A job that does the same to each enrollment that meets the conditions, which is held meanwhile."""

    def does(tx: Tx, ids: Ids, municipality: int, today: date) -> None:
        for row in holding(tx, enrollment.c.id.in_(ids), *(which(tx, municipality, today) or ())):
            fact = act(tx, row)
            tx.tell(*([fact] if fact is not None else []))

    return Job(name, lambda *of: _ids(which(*of)), does)


def tells(
    name: str, which: Callable[[Tx, int, date], Conditions], say: Callable[[Tx, Row[Any], date], Fact | None]
) -> Job:
    """A job that only tells; the key of each fact tells it once."""

    def does(tx: Tx, ids: Ids, municipality: int, today: date) -> None:
        met = enrollment.c.id.in_(ids), *(which(tx, municipality, today) or ())
        facts = (say(tx, row, today) for row in tx.rows(whole().where(*met).order_by(enrollment.c.id)))
        tx.tell(*(fact for fact in facts if fact is not None))

    return Job(name, lambda *of: _ids(which(*of)), does)


def _ids(conditions: Conditions) -> Found:
    return None if conditions is None else whole().with_only_columns(enrollment.c.id).where(*conditions)


def _ended(_tx: Tx, municipality: int, today: date) -> Conditions:
    over = or_(enrollment.c.stop < today, enrollment.c.ends_on < today)
    return certificate.c.municipality == municipality, over, enrollment.c.state == S.ACTIVE.value


def _never_concluded(_tx: Tx, municipality: int, today: date) -> Conditions:
    opened = enrollment.c.state.in_(words(OPEN))
    return certificate.c.municipality == municipality, enrollment.c.stop < today, opened


def _agreement_ended(_tx: Tx, municipality: int, today: date) -> tuple[Any, ...]:
    ended = select(agreement.c.provider).where(agreement.c.municipality == municipality, agreement.c.stop <= today)
    return certificate.c.municipality == municipality, program.c.provider.in_(ended)


def _waits_for_agreement(tx: Tx, municipality: int, today: date) -> Conditions:
    return *_agreement_ended(tx, municipality, today), enrollment.c.state.in_(words(OPEN))


def _runs_by_agreement(tx: Tx, municipality: int, today: date) -> Conditions:
    running = enrollment.c.state == S.ACTIVE.value, enrollment.c.ends_on.is_(None)
    return *_agreement_ended(tx, municipality, today), *running


def _stale(_tx: Tx, municipality: int, today: date) -> Conditions:
    if today.day != 1:
        return None
    asked = enrollment.c.state.in_(words({S.REQUESTED, S.CLAIMED}))
    return certificate.c.municipality == municipality, asked, enrollment.c.start < Month.of(today).previous.first


def _overdue(_tx: Tx, municipality: int, today: date) -> Conditions:
    late = enrollment.c.state.in_(words(OPEN)), enrollment.c.until < today, enrollment.c.overdue.is_(False)
    return certificate.c.municipality == municipality, *late


def _flag(tx: Tx, row: Row[Any]) -> AboutChild:
    """The operator's list shows it, the family is told (R6); a child's wish without a yes lapses."""
    if row.needs_yes:
        return give_back(tx, row, "system", Reason.NO_YES)
    tx.sql(enrollment.update().where(enrollment.c.id == row.id).values(overdue=True))
    return LATE[EnrollmentState(row.state)](row.child, row.id)


def _starts_tomorrow(_tx: Tx, municipality: int, today: date) -> Conditions:
    begins = enrollment.c.start == today + DAY, enrollment.c.renews.is_(None)
    return certificate.c.municipality == municipality, enrollment.c.state == S.ACTIVE.value, *begins


def _to_pay(tx: Tx, municipality: int, today: date) -> Conditions:
    pay_day = today + PAYMENT_NOTICE_DAYS * DAY
    if pay_day.day != tx.policy(municipality).parent_pay_day:
        return None
    last_month = Month.of(pay_day).previous
    return (
        certificate.c.municipality == municipality,
        enrollment.c.state.in_(words({S.ACTIVE, S.COMPLETED, S.TERMINATED})),
        enrollment.c.parent_first + enrollment.c.parent_other > 0,
        enrollment.c.start <= last_month.last,
        enrollment.c.stop >= last_month.first,
        or_(enrollment.c.reason.is_(None), enrollment.c.reason != Reason.DISPUTE.value),  # that never was (R5.7)
    )


def _payment(tx: Tx, row: Row[Any], today: date) -> ParentPaymentDue | None:
    pay_day = today + PAYMENT_NOTICE_DAYS * DAY
    last_month = Month.of(pay_day).previous
    amount = _own_part(tx, row, last_month)
    return ParentPaymentDue(row.child, row.id, last_month, amount, pay_day) if amount else None


def _own_part(tx: Tx, row: Row[Any], month: Month) -> Money:
    """The family's part of a month; nothing while a dispute is open."""
    if disputed(tx, row.id):
        return ZERO
    return next((planned.parent for planned in plan(tx, row) if planned.month == month), ZERO)


JOBS = (
    each("finish_ended", _ended, finish),  # R5.6; the border of a period calls it before the balances expire
    each("refuse_ended", _never_concluded, lambda tx, row: refuse(tx, row, "system", Reason.PERIOD_ENDED)),
    each(  # R6.13: on its last day an agreement takes with it what runs, to the end of that month
        "refuse_unagreed", _waits_for_agreement, lambda tx, row: refuse(tx, row, "municipality", Reason.AGREEMENT_ENDED)
    ),
    each(
        "end_unagreed", _runs_by_agreement, lambda tx, row: give_notice(tx, row, "municipality", Reason.AGREEMENT_ENDED)
    ),
    each("refuse_stale", _stale, lambda tx, row: refuse(tx, row, "system", Reason.STALE)),  # R5.9
    each("flag_overdue", _overdue, _flag),
    tells("remind_start", _starts_tomorrow, lambda tx, row, today: ProgramStarts(row.child, row.id, row.start)),
    tells("remind_payment", _to_pay, _payment),
)
"""All of it for one municipality, in the order of R5.9."""


def daily(tx: Tx, municipality: int, today: date) -> None:
    """The jobs at once."""
    for job in JOBS:
        job(tx, municipality, today)
