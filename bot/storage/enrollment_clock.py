"""What a day brings to enrollments by itself: clocks that run out, last days, first days, reminders (R4.9, R5.6, R5.9, R6)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, Select, bindparam, or_, select

from bot.domain.calendar import DAY, Month
from bot.domain.enrollment import OPEN, EnrollmentState, Reason
from bot.domain.enrollment_facts import ClaimOverdue, OfferOverdue, ParentPaymentDue, ProgramStarts, RequestOverdue
from bot.domain.messages import AboutChild, Fact
from bot.domain.money import ZERO, Money
from bot.storage.enrollment_ends import holding
from bot.storage.enrollment_reading import plan
from bot.storage.enrollment_steps import finish, give_back, give_notice, refuse
from bot.storage.jobs import PLACE, TODAY, Given, Job, When, Which, every_day, those
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
HERE = certificate.c.municipality == PLACE


def each(name: str, which: Which, act: Callable[[Tx, Row[Any]], Fact | None], when: When = every_day) -> Job:
    """A job that does the same to each enrollment that meets the conditions, which is held meanwhile."""

    def does(tx: Tx, ids: Ids, municipality: int, today: date) -> None:
        if (given := when(tx, municipality, today)) is not None:
            for row in holding(tx, enrollment.c.id.in_(ids), *which, given=given):
                fact = act(tx, row)
                tx.tell(*([fact] if fact is not None else []))

    return Job(name, those(_ids(which), when), does)


def tells(name: str, which: Which, say: Callable[[Tx, Row[Any], date], Fact | None], when: When = every_day) -> Job:
    """A job that only tells; the key of each fact tells it once."""

    def does(tx: Tx, ids: Ids, municipality: int, today: date) -> None:
        if (given := when(tx, municipality, today)) is not None:
            met = whole().where(enrollment.c.id.in_(ids), *which).order_by(enrollment.c.id)
            facts = (say(tx, row, today) for row in tx.rows(met, given))
            tx.tell(*(fact for fact in facts if fact is not None))

    return Job(name, those(_ids(which), when), does)


def _ids(which: Which) -> Select[tuple[int]]:
    return whole().with_only_columns(enrollment.c.id).where(*which)


OPENED, RUNS = enrollment.c.state.in_(words(OPEN)), enrollment.c.state == S.ACTIVE.value
ENDED = HERE, or_(enrollment.c.stop < TODAY, enrollment.c.ends_on < TODAY), RUNS
NEVER_CONCLUDED = HERE, enrollment.c.stop < TODAY, OPENED
AGREEMENT_ENDED = (
    HERE,
    program.c.provider.in_(
        select(agreement.c.provider).where(agreement.c.municipality == PLACE, agreement.c.stop <= TODAY)
    ),
)
ASKED = enrollment.c.state.in_(words({S.REQUESTED, S.CLAIMED}))
STALE = HERE, ASKED, enrollment.c.start < bindparam("last_month", type_=Date)
OVERDUE = HERE, OPENED, enrollment.c.until < TODAY, enrollment.c.overdue.is_(False)
STARTS_TOMORROW = HERE, RUNS, enrollment.c.start == bindparam("tomorrow", type_=Date), enrollment.c.renews.is_(None)
TO_PAY = (
    HERE,
    enrollment.c.state.in_(words({S.ACTIVE, S.COMPLETED, S.TERMINATED})),
    enrollment.c.parent_first + enrollment.c.parent_other > 0,
    enrollment.c.start <= bindparam("last", type_=Date),
    enrollment.c.stop >= bindparam("first", type_=Date),
    or_(enrollment.c.reason.is_(None), enrollment.c.reason != Reason.DISPUTE.value),  # that never was (R5.7)
)


def _first_of_month(tx: Tx, municipality: int, today: date) -> Given | None:
    return None if today.day != 1 else {"place": municipality, "last_month": Month.of(today).previous.first}


def _tomorrow(tx: Tx, municipality: int, today: date) -> Given:
    return {"place": municipality, "tomorrow": today + DAY}


def _before_pay_day(tx: Tx, municipality: int, today: date) -> Given | None:
    pay_day = today + PAYMENT_NOTICE_DAYS * DAY
    if pay_day.day != tx.policy(municipality).parent_pay_day:
        return None
    last_month = Month.of(pay_day).previous
    return {"place": municipality, "first": last_month.first, "last": last_month.last}


def _flag(tx: Tx, row: Row[Any]) -> AboutChild:
    """The operator's list shows it, the family is told (R6); a child's wish without a yes lapses."""
    if row.needs_yes:
        return give_back(tx, row, "system", Reason.NO_YES)
    tx.sql(enrollment.update().where(enrollment.c.id == row.id).values(overdue=True))
    return LATE[EnrollmentState(row.state)](row.child, row.id)


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
    each("finish_ended", ENDED, finish),  # R5.6; the border of a period calls it before the balances expire
    each("refuse_ended", NEVER_CONCLUDED, lambda tx, row: refuse(tx, row, "system", Reason.PERIOD_ENDED)),
    each(  # R6.13: on its last day an agreement takes with it what runs, to the end of that month
        "refuse_unagreed",
        (*AGREEMENT_ENDED, OPENED),
        lambda tx, row: refuse(tx, row, "municipality", Reason.AGREEMENT_ENDED),
    ),
    each(
        "end_unagreed",
        (*AGREEMENT_ENDED, RUNS, enrollment.c.ends_on.is_(None)),
        lambda tx, row: give_notice(tx, row, "municipality", Reason.AGREEMENT_ENDED),
    ),
    each("refuse_stale", STALE, lambda tx, row: refuse(tx, row, "system", Reason.STALE), _first_of_month),  # R5.9
    each("flag_overdue", OVERDUE, _flag),
    tells(
        "remind_start",
        STARTS_TOMORROW,
        lambda tx, row, today: ProgramStarts(row.child, row.id, row.start),
        _tomorrow,
    ),
    tells("remind_payment", TO_PAY, _payment, _before_pay_day),
)
"""All of it for one municipality, in the order of R5.9."""


def daily(tx: Tx, municipality: int, today: date) -> None:
    """The jobs at once."""
    for job in JOBS:
        job(tx, municipality, today)
