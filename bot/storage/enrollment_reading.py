"""What a family sees of its enrollments, and what it could choose."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, case, func, or_, select

from bot.domain import ledger as book
from bot.domain.calendar import Month, Span
from bot.domain.clashes import Clash, Course
from bot.domain.enrollment import LIVING, EnrollmentState
from bot.domain.enrollment_seen import (
    EnrollmentLine,
    EnrollmentSeen,
    GroupOpen,
    GroupsOf,
    GroupsToSwitch,
    MonthPlanned,
    MyEnrollments,
    Offered,
    OneEnrollment,
    Switched,
    WeighRequest,
    WeighSwitch,
)
from bot.domain.lessons import Lesson
from bot.domain.messages import Actor, NotYours, Query, Refusal
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Installments, reprice
from bot.domain.rating import may_be_rated
from bot.storage.courses import clashes_for_escort, clashes_of_child, timetables
from bot.storage.first_request import try_gate
from bot.storage.forecast import leaving_of
from bot.storage.gate import course_of, earliest_day, timetable
from bot.storage.ledger import balance, charges, refunded
from bot.storage.lessons import cancelled_by_month
from bot.storage.schema import child, enrollment, group, guardianship, module, program
from bot.storage.schema import provider as providers
from bot.storage.seats import disputed, has_seat, on_hold, rights, whole, words
from bot.storage.tx import Reader, Tx
from bot.storage.waiting_queue import place_in_line

S = EnrollmentState
TO_ANSWER = (S.CLAIMED, S.ACCEPTED, S.OFFERED, S.RENEWAL_OFFERED)
ORDER = (*TO_ANSWER, S.REQUESTED, S.ACTIVE, S.WAITLISTED)
"""How a family's list begins: what waits for the family itself."""
ENDED_SHOWN = 20


def groups_of(tx: Tx, query: GroupsOf, me: Actor) -> tuple[GroupOpen, ...]:
    """A program's groups that are not over, today being the program's own."""
    municipality = tx.value(select(program.c.municipality).where(program.c.id == query.program))
    if municipality is None:
        return ()
    living = (
        program.c.id == query.program,
        program.c.state == "active",
        group.c.state == "active",
        group.c.stop >= tx.today(municipality),
    )
    return _seen(tx, _groups().where(*living).order_by(group.c.start, group.c.id))


def groups_to_switch(tx: Tx, query: GroupsToSwitch, me: Actor) -> tuple[GroupOpen, ...]:
    """Groups of the same module with a seat that cover the days that are left (R6.9)."""
    row = tx.row(whole().where(enrollment.c.id == query.enrollment))
    if row is None or rights(tx, me, row.child) != "full":
        return ()
    return _seen(tx, _groups().where(*_fits(tx, row)).order_by(group.c.id))


def weigh_switch(tx: Tx, query: WeighSwitch, me: Actor) -> Switched | None:
    """R6.9: the price, the months and what is put aside stay; the lessons are others."""
    row = tx.row(whole(program.c.name.label("program_name")).where(enrollment.c.id == query.enrollment))
    if row is None or rights(tx, me, row.child) != "full":
        return None
    to = tx.row(_groups().where(*_fits(tx, row), group.c.id == query.group))
    if to is None:
        return None
    wanted = course_after_switch(tx, row, to)
    return Switched(
        row.program_name,
        group_seen(tx, row.group),
        _group(to, wanted.lessons),
        on_hold(tx, row.id),
        clashes_after_switch(tx, row, to),
        clashes_for_escort(tx, tx.policy(row.municipality), wanted, me),
    )


def clashes_after_switch(tx: Tx, row: Row[Any], to: Row[Any]) -> tuple[Clash, ...]:
    """What the lessons of the other group clash with, those of the one that is left aside."""
    return clashes_of_child(tx, tx.policy(row.municipality), course_after_switch(tx, row, to), (row.id,))


def course_after_switch(tx: Tx, row: Row[Any], to: Row[Any]) -> Course:
    """The days that are left, in the other group."""
    return course_of(row.child, to, timetable(tx, to.id), max(row.start, tx.today(row.municipality)), row.stop)


def weigh(tx: Tx, query: WeighRequest, me: Actor) -> Offered | Refusal:
    """The gate looked through for a family, the co-payment taken for granted: it is confirmed apart (R6.4)."""
    may = rights(tx, me, query.child)
    if may not in ("full", "self"):
        return NotYours()
    offer = try_gate(tx, query.child, query.group, query.start, instead_of=query.offer)
    if isinstance(offer, Refusal):
        return offer
    names = tx.sql(
        _groups(program.c.id.label("program"), program.c.name.label("program_name"), providers.c.name.label("provider"))
        .join(providers, providers.c.id == program.c.provider)
        .where(group.c.id == query.group)
    ).one()
    policy = tx.policy(offer.municipality)
    granted = ZERO
    if offer.period:
        granted = offer.balance - balance(tx, book.certificate(offer.certificate, offer.period))
    seen = _group(names, timetable(tx, query.group))
    wanted = course_of(query.child, names, seen.timetable, offer.start, offer.stop)
    if query.offer:
        seen = replace(seen, free=seen.free + 1)  # the seat that is kept for this child
    return Offered(
        query.child,
        tx.value(select(child.c.first_name).where(child.c.id == query.child)) or "",
        names.program,
        names.program_name,
        names.provider,
        seen,
        offer.start,
        offer.stop,
        earliest_day(tx, seen.days, offer.municipality),
        offer.quote,
        offer.balance - offer.quote.certificate.total,
        offer.free_of_charge,
        may == "self" and policy.child_requests_need_guardian,
        policy.request_days,
        policy.parent_pay_day,
        clashes_of_child(tx, policy, wanted, [query.offer] if query.offer else ()),
        clashes_for_escort(tx, policy, wanted, me),
        granted,
    )


def my_enrollments(tx: Tx, query: MyEnrollments, me: Actor) -> tuple[EnrollmentLine, ...]:
    """What waits for the family first, then the living, then the latest that have ended."""
    rows = tx.rows(
        whole(child.c.first_name, program.c.name.label("program_name"), guardianship.c.rights)
        .join(child, child.c.id == enrollment.c.child)
        .join(guardianship, guardianship.c.child == enrollment.c.child)
        .where(guardianship.c.person == me.person)
        .order_by(enrollment.c.changed_at.desc(), enrollment.c.id.desc())
    )
    living = [row for row in rows if row.state in words(LIVING)]
    ended = [row for row in rows if row.state not in words(LIVING)][:ENDED_SHOWN]
    living.sort(key=lambda row: (not row.needs_yes, ORDER.index(EnrollmentState(row.state))))
    return tuple(
        EnrollmentLine(
            row.id,
            row.first_name or "",
            row.program_name,
            EnrollmentState(row.state),
            row.start,
            row.stop,
            row.ends_on,
            row.needs_yes,
        )
        for row in (*living, *ended)
    )


def one(tx: Tx, query: OneEnrollment, me: Actor) -> EnrollmentSeen | None:
    """An enrollment's card; None unless `me` may see the child."""
    row = tx.row(
        whole(
            child.c.first_name,
            program.c.name.label("program_name"),
            providers.c.name.label("provider_name"),
            providers.c.phone.label("provider_phone"),
        )
        .join(child, child.c.id == enrollment.c.child)
        .join(providers, providers.c.id == program.c.provider)
        .where(enrollment.c.id == query.enrollment)
    )
    may = rights(tx, me, row.child) if row is not None else ""
    if row is None or not may:
        return None
    today = tx.today(row.municipality)
    state = EnrollmentState(row.state)
    begun = row.start is not None and row.start <= today
    return EnrollmentSeen(
        id=row.id,
        child=row.child,
        child_name=row.first_name or "",
        program=row.program,
        program_name=row.program_name,
        provider=row.provider_name,
        provider_phone=row.provider_phone or "",
        group=group_seen(tx, row.group),
        state=state,
        rights=may,  # type: ignore[arg-type]  # the constraint known_rights knows these three
        by=row.by,
        start=row.start,
        stop=row.stop,
        until=row.until,
        ends_on=row.ends_on,
        ended_by=row.ended_by or "",
        reason=row.reason or "",
        overdue=row.overdue,
        needs_yes=row.needs_yes,
        disputed=disputed(tx, row.id),
        certificate=Installments(Money(row.first), Money(row.other), row.months),
        parent=Installments(Money(row.parent_first), Money(row.parent_other), row.months),
        months=plan(tx, row),
        held=on_hold(tx, row.id),
        begun=begun,
        pay_day=tx.policy(row.municipality).parent_pay_day,
        may_rate=_may_rate(tx, row),
        other_groups=_others(tx, row),
        place=place_in_line(tx, row),
        skipped=row.skipped > 0,
        offer_until=row.offer_until.astimezone(ZoneInfo(tx.zone(row.municipality))) if row.offer_until else None,
        leaving=leaving_of(tx, row.id),
    )


def plan(tx: Tx, row: Row[Any]) -> tuple[MonthPlanned, ...]:
    """An enrollment by months: what was charged and refunded, what each side still pays; nothing after its end (R4.9, R5.5)."""
    if row.start is None:
        return ()
    paid = {each.month: (each.amount, refunded(tx, each)) for each in charges(tx, row.id)}
    lessons = cancelled_by_month(tx, row.id)
    theirs = Installments(Money(row.first), Money(row.other), row.months).plan(row.start)
    own = Installments(Money(row.parent_first), Money(row.parent_other), row.months).plan(row.start)
    last = None if row.ends_on is None else Month.of(row.ends_on)
    months = []
    for (month, part), (_month, parent) in zip(theirs, own, strict=True):
        if last is None or month <= last:
            charged, back = paid.get(month, (None, ZERO))
            parent = reprice(parent, *lessons[month]) if month in lessons else parent
            months.append(MonthPlanned(month, part, parent, charged, back))
    return tuple(months)


def _may_rate(tx: Tx, row: Row[Any]) -> bool:
    return may_be_rated(EnrollmentState(row.state), row.reason or "", row.price == 0, bool(charges(tx, row.id)))


def _others(tx: Tx, row: Row[Any]) -> int:
    if row.state not in (S.REQUESTED, S.ACCEPTED, S.ACTIVE) or row.ends_on is not None:
        return 0
    fits = select(func.count()).select_from(group.join(module, module.c.id == group.c.module))
    return int(tx.value(fits.where(*_fits(tx, row))))


def _fits(tx: Tx, row: Row[Any]) -> tuple[Any, ...]:
    return (
        group.c.module == row.module,
        group.c.id != row.group,
        group.c.is_open,
        group.c.state == "active",
        or_(group.c.taken < group.c.seats, has_seat(row)),
        group.c.start <= max(row.start, tx.today(row.municipality)),
        group.c.stop >= row.stop,
    )


def _groups(*more: Any) -> Any:
    return (
        select(group, case((module.c.name == program.c.name, ""), else_=module.c.name).label("module_name"), *more)
        .join(module, module.c.id == group.c.module)
        .join(program, program.c.id == module.c.program)
    )


def group_seen(tx: Tx, group_id: int) -> GroupOpen:
    """A group that there is, as a family sees it."""
    return _seen(tx, _groups().where(group.c.id == group_id))[0]


def _seen(tx: Tx, asked: Any) -> tuple[GroupOpen, ...]:
    """Two statements, however many groups there are."""
    rows = tx.rows(asked)
    told = timetables(tx, {row.id for row in rows})
    return tuple(_group(row, told[row.id]) for row in rows)


def _group(row: Row[Any], lessons: tuple[Lesson, ...]) -> GroupOpen:
    return GroupOpen(
        row.id,
        row.module_name,
        row.name,
        Span(row.start, row.stop),
        lessons,
        row.address,
        max(row.seats - row.taken, 0),
        row.is_open,
    )


READERS: dict[type[Query[Any]], Reader] = {
    GroupsOf: groups_of,
    GroupsToSwitch: groups_to_switch,
    WeighSwitch: weigh_switch,
    WeighRequest: weigh,
    MyEnrollments: my_enrollments,
    OneEnrollment: one,
}
