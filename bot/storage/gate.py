"""The gate with the database behind it: gathers a Case under locks, and says why not, or what the enrollment would be (R6.2)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, exists, func, select

from bot.domain import ledger as book
from bot.domain.calendar import DAY, Span
from bot.domain.catalogue import Registry
from bot.domain.clashes import Course
from bot.domain.enrollment import LIVING, EnrollmentState
from bot.domain.gate import Case, Living
from bot.domain.gate import gate as judge
from bot.domain.lessons import Lesson, first_lesson
from bot.domain.messages import NotYours, Refusal
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Quote
from bot.storage.courses import clashes_of_child, timetables
from bot.storage.ledger import balance, reserve
from bot.storage.schema import agreement, certificate, child, enrollment, funding_period, group, module, program
from bot.storage.schema import provider as providers
from bot.storage.seats import enter, lock_groups, lock_money, words
from bot.storage.tx import Tx


@dataclass(frozen=True)
class Offer:
    """What an enrollment would be: the gate has let it through."""

    child: int
    certificate: int
    municipality: int
    group: int
    module: int
    period: int | None
    """None for what is free and starts outside any period."""
    start: date
    stop: date
    quote: Quote
    balance: Money
    free_of_charge: bool


def gate(
    tx: Tx,
    child_id: int,
    group_id: int,
    start: date | None = None,
    *,
    seen: Quote | None = None,
    pays: bool = False,
    renewing: bool = False,
    waiting: bool = False,
    instead_of: int = 0,
    locked: bool = True,
    all_the_same: bool = True,
) -> Refusal | Offer:
    """Why not, or what the enrollment would be. No start: the first lesson from tomorrow on.

    `instead_of`: an enrollment whose seat this one takes over (an offer from the waiting list, what is renewed).
    `renewing`, `waiting`: see Case; a group that takes nobody new still goes on with its own.
    Not `locked`: a look only, whose answer may be another one when it comes to it.
    Not `all_the_same`: lessons of the child that clash refuse it too.
    """
    if locked:
        lock_groups(tx, group_id)
        tx.rows(select(certificate.c.id).where(certificate.c.child == child_id).with_for_update())
    found, who, replaced = _group(tx, group_id), _child(tx, child_id), _replaced(tx, instead_of)
    if found is None or who is None:
        return NotYours()
    payer = who.payer or who.municipality
    start = start or first_day(tx, found, payer)
    period = _period(tx, payer, start)
    money = ZERO
    if who.certificate and period:
        purse = book.certificate(who.certificate, period.id)
        money = lock_money(tx, who.certificate, period.id) if locked else balance(tx, purse)
    case = Case(
        policy=tx.policy(payer),
        today=tx.today(payer),
        start=start,
        child=child_id,
        birth=who.birth_date,
        certificate_state=who.state or "",
        funded=who.kind == "funded",
        moved_away=payer != who.municipality,
        others=_others(tx, child_id, replaced),
        period=Span(period.start, period.stop) if period else None,
        period_open=period is not None and period.state == "open",
        balance=money,
        program=found.program,
        module=found.module,
        group=group_id,
        registry=Registry(found.registry),
        ages=(found.age_min, found.age_max),
        price=None if found.price is None else Money(found.price),
        normative=None if found.normative is None else Money(found.normative),
        days=Span(found.start, found.stop),
        is_open=(found.is_open or renewing) and found.state == found.program_state == "active",
        free=found.seats - found.taken + _kept(tx, group_id, replaced),
        provider_active=found.provider_state == "active",
        agreed=_agreed(tx, payer, found.provider, max(start, tx.today(payer))),
        pays=pays,
        seen=seen,
        renewing=renewing,
        waiting=waiting,
    )
    if not all_the_same:
        wanted = course_of(child_id, found, timetable(tx, group_id), start, case.stop)
        found_there = clashes_of_child(tx, case.policy, wanted, replaced)
        case = replace(case, clashing=tuple(dict.fromkeys(clash.course.enrollment for clash in found_there)))
    refusal = judge(case)
    if refusal is not None:
        return refusal
    return Offer(
        child_id,
        who.certificate,
        payer,
        group_id,
        found.module,
        period.id if period else None,
        start,
        case.stop,
        case.quote,
        money,
        case.free_of_charge,
    )


def take_place(tx: Tx, offer: Offer, state: EnrollmentState, **values: Any) -> int:
    """The enrollment that the gate let through: its seat taken, its money put aside (R5.1)."""
    made = enter(
        tx,
        child=offer.child,
        certificate=offer.certificate,
        group=offer.group,
        module=offer.module,
        state=state.value,
        **terms(offer),
        **values,
    )
    reserve(tx, made)
    use(tx, offer)
    return made


def terms(offer: Offer) -> dict[str, Any]:
    """An offer's days and both parts by months, as columns of an enrollment."""
    paid, own = offer.quote.certificate, offer.quote.parent
    return {
        "period": offer.period,
        "start": offer.start,
        "stop": offer.stop,
        "price": offer.quote.price.kopecks,
        "first": paid.first.kopecks,
        "other": paid.other.kopecks,
        "parent_first": own.first.kopecks,
        "parent_other": own.other.kopecks,
        "months": paid.months,
    }


def use(tx: Tx, offer: Offer) -> None:
    """A request counts as use of the certificate (R2.13)."""
    used = certificate.update().where(certificate.c.id == offer.certificate)
    tx.sql(used.values(used_on=tx.today(offer.municipality)))


def timetable(tx: Tx, group_id: int) -> tuple[Lesson, ...]:
    """A group's lessons in the order of the week."""
    return timetables(tx, [group_id])[group_id]


def course_of(child_id: int, to: Row[Any], lessons: tuple[Lesson, ...], start: date, stop: date) -> Course:
    """What a child's lessons in a group would be; `to` is the group's row."""
    return Course(child_id, Span(start, max(start, stop)), lessons, to.district or 0, to.address)


def first_day(tx: Tx, found: Row[Any], payer: int) -> date:
    """The start that is offered: the first lesson from tomorrow on, among the group's days and those that money is given for."""
    earliest = max(tx.today(payer) + DAY, found.start)
    periods = (
        funding_period.c.municipality == payer,
        funding_period.c.state == "open",
        funding_period.c.stop >= earliest,
    )
    opens = tx.value(select(func.min(funding_period.c.start)).where(*periods, funding_period.c.start <= found.stop))
    if opens and found.price:
        earliest = max(earliest, opens)
    return first_lesson(timetable(tx, found.id), earliest, found.stop)


def earliest_day(tx: Tx, days: Span, payer: int) -> date:
    """The first start that the gate takes (R6.2)."""
    return max(tx.today(payer) - timedelta(days=tx.policy(payer).backdating_days), days.start)


def _group(tx: Tx, group_id: int) -> Row[Any] | None:
    return tx.row(
        select(
            group,
            module.c.program,
            module.c.price,
            module.c.normative,
            program.c.registry,
            program.c.age_min,
            program.c.age_max,
            program.c.state.label("program_state"),
            program.c.provider,
            providers.c.state.label("provider_state"),
        )
        .join(module, module.c.id == group.c.module)
        .join(program, program.c.id == module.c.program)
        .join(providers, providers.c.id == program.c.provider)
        .where(group.c.id == group_id)
    )


def _child(tx: Tx, child_id: int) -> Row[Any] | None:
    """The child with its latest certificate; `payer` is the municipality that issued it."""
    return tx.row(
        select(
            child.c.birth_date,
            child.c.municipality,
            certificate.c.id.label("certificate"),
            certificate.c.state,
            certificate.c.kind,
            certificate.c.municipality.label("payer"),
        )
        .outerjoin(certificate, certificate.c.child == child.c.id)
        .where(child.c.id == child_id, child.c.deleted_at.is_(None))
        .order_by(certificate.c.id.desc())
    )


def _period(tx: Tx, municipality: int, day: date) -> Row[Any] | None:
    table = funding_period
    within = table.c.municipality == municipality, table.c.start <= day, table.c.stop >= day
    return tx.row(select(table).where(*within))


def _agreed(tx: Tx, municipality: int, provider: int, day: date) -> bool:
    table = agreement
    found = tx.row(select(table).where(table.c.municipality == municipality, table.c.provider == provider))
    return found is not None and found.start <= day and (found.stop is None or found.stop >= day)


def _replaced(tx: Tx, instead_of: int) -> list[int]:
    """What is taken over, and what that renews in its turn."""
    if not instead_of:
        return []
    renews = tx.value(select(enrollment.c.renews).where(enrollment.c.id == instead_of))
    return [instead_of, *([renews] if renews else [])]


def _others(tx: Tx, child_id: int, replaced: list[int]) -> tuple[Living, ...]:
    table = enrollment
    living = table.c.child == child_id, table.c.state.in_(words(LIVING)), table.c.id.not_in(replaced)
    return tuple(
        Living(
            row.id,
            row.module,
            row.group,
            EnrollmentState(row.state),
            Span(row.start, max(row.start, row.ends_on or row.stop))
            if row.state != "waitlisted" and row.start
            else None,
        )
        for row in tx.rows(select(table).where(*living).order_by(table.c.id))
    )


def _kept(tx: Tx, group_id: int, replaced: list[int]) -> int:
    """1 if the seat that would be taken over is in this group."""
    kept = enrollment.c.id.in_(replaced), enrollment.c.group == group_id, enrollment.c.holds_seat
    return int(tx.value(select(exists().where(*kept))))
