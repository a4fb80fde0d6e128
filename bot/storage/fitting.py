"""What fits the rest of a child's certificate: the money there is, and a bounded choice of groups that it could pay."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, literal, or_, select

from bot.domain.calendar import DAY, Span, age_on, birthday
from bot.domain.catalogue import Direction, Filters, FindPrograms, Registry
from bot.domain.certificate import BecameFunded, QueuedForFunded
from bot.domain.clashes import Course, clashes, escort_clashes
from bot.domain.enrollment import LIVING, EnrollmentState
from bot.domain.fitting import MOST_CANDIDATES, Candidate, SetsFor, SetsSeen, fitting_sets
from bot.domain.gate import age_day
from bot.domain.lessons import Lesson, first_lesson
from bot.domain.messages import Actor, Command, Query
from bot.domain.money import ZERO, Money
from bot.domain.movements import Balance, BalanceSeen, PeriodBalance
from bot.domain.policy import Policy
from bot.domain.pricing import quote
from bot.storage.balances import balance_of
from bot.storage.courses import attended, beside, timetables
from bot.storage.family import may_decide, may_see
from bot.storage.first_request import as_if_requested
from bot.storage.forecast import leaving_of
from bot.storage.places import guests_of
from bot.storage.schema import (
    agreement,
    certificate,
    child,
    enrollment,
    funding_period,
    group,
    module,
    program,
    shelf,
)
from bot.storage.schema import provider as providers
from bot.storage.seats import words
from bot.storage.tx import Doer, Reader, Tx

s = shelf.c
OF_A_KIND = 6
"""Groups of one direction and price class whose timetables are looked at: the best rated ones."""
NEAR, FAR = 200, 40
"""Groups of such a class whose ratings are looked at: in the child's own district, and elsewhere."""
SPREAD, MODULUS = 7_919, 10_007
"""Program × the one, modulo the other: an order that prefers nobody and is always the same."""
CLASSES = 4
"""Price classes: up to a quarter of the money, up to a half, …"""
PAGES = 4
"""Of a search that was made before: twenty programs."""
FEW = 8
"""With fewer activities in the child's own district the whole municipality is looked at."""
ALIKE = 2
"""Candidates of one activity: the best of them stand for the others."""
FREE = (s.price == 0, s.registry != Registry.COMMERCIAL.value)
MIDDLE, AS_MANY = 400, 5
"""A rating is drawn to four stars as by five parents (a Bayesian mean)."""


@dataclass(frozen=True)
class _Wish:
    """For whom, of what money, and beside which lessons."""

    child: Row[Any]
    payer: int
    policy: Policy
    today: date
    period: PeriodBalance
    opens: date
    free: Money
    own: Sequence[Course]
    brought: Sequence[Course]
    paid: bool = True
    """Clubs that cost something; where none fits, the free ones are looked at."""

    @property
    def tomorrow(self) -> date:
        return self.today + DAY


def sets_for(tx: Tx, query: SetsFor, me: Actor) -> SetsSeen | None:
    """Two dozen candidates at most, however big the town is: the nearest, then the best rated of each kind and price.

    A certificate without money is reckoned with as its first request would leave it.
    """
    if not may_see(tx, me, query.child):
        return None
    with as_if_requested(tx, query.child) as request:
        seen = _sets(tx, query, me)
    if seen is not None and isinstance(request, QueuedForFunded):
        return replace(seen, why="queued")
    return seen and replace(seen, first=isinstance(request, BecameFunded))


def _sets(tx: Tx, query: SetsFor, me: Actor) -> SetsSeen | None:
    money = balance_of(tx, Balance(query.child), me)
    if money is None:
        return None
    wish, leaving = _wish(tx, query, money, me)
    if wish is None:
        why = {"funded": "no_money", "": "no_certificate"}.get(money.kind, money.kind)
        return SetsSeen(query.child, money.first_name, None, ZERO, why=why)
    found = _candidates(tx, wish, query.filters, me) or _candidates(tx, replace(wish, paid=False), query.filters, me)
    sets = fitting_sets(wish.policy, found, wish.free)
    days = Span(wish.period.start, wish.period.until)
    return SetsSeen(query.child, money.first_name, days, wish.free, sets, leaving=leaving)


def _wish(tx: Tx, query: SetsFor, money: BalanceSeen, me: Actor) -> tuple[_Wish | None, str]:
    """The first period that has money and days left; with what leaving an enrollment would give back."""
    row = tx.row(select(certificate).where(certificate.c.id == money.certificate, certificate.c.state == "active"))
    of = tx.row(select(child).where(child.c.id == query.child, child.c.deleted_at.is_(None)))
    if row is None or of is None or money.kind != "funded":
        return None, ""
    today, policy = tx.today(row.municipality), tx.policy(row.municipality)
    own = [each.course for each in attended(tx, [query.child], today)]
    left = leaving_of(tx, query.without) if query.without and may_decide(tx, me, query.child) else None
    mine = next((each for each in own if left is not None and each.enrollment == left.enrollment), None)
    more = ZERO
    if left is not None and mine is not None:
        own = [each for each in own if each is not mine]
        if left.last is not None:
            own.append(replace(mine, days=Span(mine.days.start, left.last)))
    opened = funding_period.c.municipality == row.municipality, funding_period.c.state == "open"
    opens = tx.value(select(func.min(funding_period.c.start)).where(*opened, funding_period.c.stop > today))
    for period in money.periods:
        if left is not None and mine is not None and left.until == period.until:
            more = left.left - period.available
        free = period.available + more
        if period.until > today and free > ZERO and opens is not None:
            brought = beside(tx, policy, query.child, today, me)
            wish = _Wish(of, row.municipality, policy, today, period, opens, free, own, brought)
            return wish, left.program if left is not None and mine is not None else ""
    return None, ""


def _candidates(tx: Tx, wish: _Wish, filters: Filters | None, me: Actor) -> list[Candidate]:
    taken = _programs(tx, wish.child.id)
    if filters is not None:
        numbers = _found(tx, filters, me)
        known = _checked(tx, wish, _rows(tx, wish, NEAR, s.program.in_(numbers)), taken)
        return sorted(known, key=lambda each: numbers.index(each.program))[:MOST_CANDIDATES]
    known = []
    if wish.child.district is not None:
        here = s.municipality == wish.child.municipality, s.district == wish.child.district
        known = _checked(tx, wish, _rows(tx, wish, NEAR, *here), taken)
    if len({each.activity for each in known}) < FEW:
        reach = or_(s.municipality == wish.payer, s.provider.in_(guests_of(tx, wish.payer, wish.today)))
        known += _checked(tx, wish, _rows(tx, wish, FAR, reach), taken | {each.program for each in known})
    return known[:MOST_CANDIDATES]


def _found(tx: Tx, filters: Filters, me: Actor) -> list[int]:
    """What that search finds first, in its order."""
    numbers: list[int] = []
    for page in range(PAGES):
        found = tx.read(FindPrograms(filters, page), me)
        numbers += [line.id for line in found.lines if line.id not in numbers]
        if page + 1 >= found.pages:
            break
    return numbers


def _programs(tx: Tx, child_id: int) -> set[int]:
    """Programs in which the child learns or waits already."""
    rows = tx.rows(
        select(module.c.program)
        .join(enrollment, enrollment.c.module == module.c.id)
        .where(enrollment.c.child == child_id, enrollment.c.state.in_(words(LIVING)))
    )
    return {row.program for row in rows}


def _rows(tx: Tx, wish: _Wish, sample: int, *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Groups with a seat that the money could pay: the best rated of each direction and price class, mixed.

    A class of more than `sample` groups is not looked through whole: evenly chosen ones stand for it.
    """
    first, last = wish.tomorrow.toordinal(), wish.period.until.toordinal()
    days = (age_day(wish.policy, wish.today, day) for day in (wish.tomorrow, wish.period.until))
    youngest, oldest = (age_on(wish.child.birth_date, day) for day in days)
    start, stop = case((s.start > first, s.start), else_=first), case((s.stop < last, s.stop), else_=last)
    paid = case((s.normative < s.price, s.normative), else_=s.price)
    cost = paid * (stop - start + 1) // (s.stop - s.start + 1)
    tier = paid * CLASSES // wish.free.kopecks
    evenly = func.row_number().over(partition_by=(s.direction, tier), order_by=(s.program * SPREAD % MODULUS, s.group))
    some = (
        select(s.group, s.program, s.direction, tier.label("tier"), evenly.label("place"))
        .where(
            *where,
            *((s.registry == Registry.CERTIFIED.value, paid > 0, cost <= wish.free.kopecks) if wish.paid else FREE),
            s.weekdays != 0,
            s.stop >= first,
            s.start <= last,
            s.age_min <= oldest,
            s.age_max >= youngest,
        )
        .subquery()
    )
    agreed = and_(
        agreement.c.municipality == wish.payer,
        agreement.c.provider == program.c.provider,
        agreement.c.start <= wish.today,
        or_(agreement.c.stop.is_(None), agreement.c.stop >= wish.tomorrow),
    )
    rating = (program.c.rating_sum * 100 + MIDDLE * AS_MANY) // (program.c.rating_count + AS_MANY)
    rank = func.row_number().over(partition_by=(some.c.direction, some.c.tier), order_by=(rating.desc(), some.c.place))
    ranked = (
        select(
            group,
            some.c.program,
            some.c.direction,
            program.c.name.label("program_name"),
            program.c.activity,
            program.c.age_min,
            program.c.age_max,
            providers.c.name.label("provider_name"),
            case((literal(wish.paid), module.c.price), else_=0).label("price"),
            module.c.normative,
            rating.label("rating"),
            rank.label("rank"),
        )
        .select_from(some)
        .join(group, group.c.id == some.c.group)
        .join(module, module.c.id == group.c.module)
        .join(program, program.c.id == some.c.program)
        .join(providers, providers.c.id == program.c.provider)
        .where(
            some.c.place <= sample,
            group.c.is_open,
            group.c.taken < group.c.seats,
            providers.c.state == "active",
            exists().where(agreed),
        )
        .subquery()
    )
    best = select(ranked).where(ranked.c.rank <= OF_A_KIND)
    return tx.rows(best.order_by(ranked.c.rank, ranked.c.rating.desc(), ranked.c.id))


def _checked(tx: Tx, wish: _Wish, rows: Sequence[Row[Any]], taken: Collection[int]) -> list[Candidate]:
    """One group of each program, the first that nothing stands in the way of (R6.2)."""
    groups = {row.id for row in rows}
    told, queued = timetables(tx, groups), _queued(tx, groups)
    found: dict[int, Candidate] = {}
    alike: Counter[str] = Counter()
    for row in rows:
        if row.program not in taken and row.program not in found and row.id not in queued:
            for each in _candidate(wish, row, told[row.id]):
                alike[each.activity] += 1
                if alike[each.activity] <= ALIKE:
                    found[each.program] = each
    return list(found.values())


def _queued(tx: Tx, groups: Collection[int]) -> set[int]:
    """Groups for whose free seats other families wait (R6.11)."""
    waiting = enrollment.c.group.in_(groups), enrollment.c.state == EnrollmentState.WAITLISTED.value
    return {row.group for row in tx.rows(select(enrollment.c.group).where(*waiting).distinct())}


def _candidate(wish: _Wish, row: Row[Any], lessons: tuple[Lesson, ...]) -> Iterator[Candidate]:
    """As the gate would have it (R6.2): the start it offers, the age, the whole price; and no clash."""
    earliest = max(wish.tomorrow, row.start, *([wish.opens] if wish.paid else []))
    start = first_lesson(lessons, earliest, row.stop)
    stop = min(row.stop, wish.period.until)
    if not wish.period.start <= start <= stop:
        return
    age = age_on(wish.child.birth_date, age_day(wish.policy, wish.today, start))
    if not row.age_min <= age <= row.age_max or start >= birthday(wish.child.birth_date, wish.policy.max_age):
        return
    normative = None if row.normative is None else Money(row.normative)
    whole = Money(row.price)  # more than it can cost: what is short is the norm alone
    cost = quote(whole, normative, whole, row.start, row.stop, start, stop)
    course = Course(wish.child.id, Span(start, stop), lessons, row.district or 0, row.address)
    if cost.certificate.total > wish.free or next(clashes(wish.policy, course, wish.own), None) is not None:
        return
    yield Candidate(
        row.program,
        row.program_name,
        row.provider_name,
        row.id,
        Direction(row.direction),
        row.activity or row.program_name,
        course,
        cost.certificate.total,
        cost.parent.total,
        bool(row.district) and row.district == wish.child.district,
        int(row.rating),
        next(escort_clashes(wish.policy, course, wish.brought), None) is not None,
    )


READERS: dict[type[Query[Any]], Reader] = {SetsFor: sets_for}
DOERS: dict[type[Command], Doer] = {}
