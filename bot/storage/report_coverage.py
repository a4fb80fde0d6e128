"""Coverage (R10.1): three statements count children by place, district, age and sex; here their sums are told by each."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_

from bot.domain.calendar import Span, born_by
from bot.domain.catalogue import Direction
from bot.domain.certificate import CertificateState
from bot.domain.enrollment import EnrollmentState, Reason
from bot.domain.messages import Actor
from bot.domain.report import Coverage, CoverageSeen, Covered
from bot.storage.report_scope import visible
from bot.storage.schema import certificate, child, district, enrollment, module, population, program
from bot.storage.tx import Tx

K = TypeVar("K")
LEARNED = [state.value for state in (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.TERMINATED)]
GROWN_UP = 18


class Kind(NamedTuple):
    """Children of one age and sex who live in one district; 0 and "": not told. No age: grown up."""

    place: int
    district: int
    age: int | None
    sex: str


@dataclass
class Count:
    """How many of them live there, if that is told, have a certificate, use it."""

    living: int | None = None
    holders: int = 0
    using: int = 0

    def __add__(self, other: "Count") -> "Count":
        told = [each for each in (self.living, other.living) if each is not None]
        return Count(sum(told) if told else None, self.holders + other.holders, self.using + other.using)


def coverage(tx: Tx, query: Coverage, me: Actor) -> CoverageSeen:
    """Of the municipalities that I may see; whoever is too young or too old by their policy is not counted (R2.2)."""
    places = {place.id: place.name for place in visible(tx, me, query.municipality)}
    today = tx.today(next(iter(places))) if places else tx.now.date()
    day = min(max(today, query.span.start), query.span.stop)
    policies = {place: tx.policy(place) for place in places}
    ages = {place: range(policy.min_age, policy.max_age) for place, policy in policies.items()}
    years, counts = _living(tx, list(places), day)
    for kind, count in _certified(tx, list(places), query.span, day).items():
        counts[kind] += count
    fit = {kind: count for kind, count in counts.items() if kind.age in ages[kind.place]}
    everyone = sum(fit.values(), Count())
    districts = {row.id: row.name for row in tx.rows(select(district).where(district.c.municipality.in_(places)))}
    by_place, by_district = _by(fit, lambda kind: kind.place), _by(fit, lambda kind: kind.district)
    by_age, by_sex = _by(fit, lambda kind: kind.age), _by(fit, lambda kind: kind.sex)
    using = _directions(tx, places, query.span, day, ages)
    goals = [policy.coverage_goal_percent for policy in policies.values()]
    return CoverageSeen(
        day,
        _covered("all", "", everyone),
        tuple(_covered(str(place), name, by_place[place]) for place, name in places.items()),
        tuple(
            _covered(str(which or ""), districts.get(which, ""), by_district[which])
            for which in sorted(by_district, key=lambda which: (not which, districts.get(which, "")))
        ),
        tuple(_covered(str(age), "", by_age[age]) for age in sorted(by_age, key=lambda age: age or 0)),
        tuple(_covered(sex, "", by_sex[sex]) for sex in ("f", "m", "") if sex in by_sex),
        tuple(_covered(each.value, "", Count(everyone.living, using=using.get(each.value, 0))) for each in Direction),
        (min(goals, default=0), max(goals, default=0)),
        years,
    )


def _covered(key: str, name: str, count: Count) -> Covered:
    return Covered(key, name, count.living, count.holders, count.using)


def _by(counts: Mapping[Kind, Count], key: Callable[[Kind], K]) -> dict[K, Count]:
    found: dict[K, Count] = defaultdict(Count)
    for kind, count in counts.items():
        found[key(kind)] += count
    return found


def _living(tx: Tx, places: list[int], day: date) -> tuple[tuple[int, ...], dict[Kind, Count]]:
    """The latest year that is told of each place and has begun by that day, and the children of it."""
    p = population
    told = (
        select(p.c.municipality, func.max(p.c.year))
        .where(p.c.municipality.in_(places), p.c.year <= day.year)
        .group_by(p.c.municipality)
    )
    counts: dict[Kind, Count] = defaultdict(Count)
    rows = tx.rows(select(p).where(tuple_(p.c.municipality, p.c.year).in_(told)))
    for row in rows:
        counts[Kind(row.municipality, row.district, row.age, row.sex)] += Count(row.children)
    return tuple(sorted({row.year for row in rows})), counts


def _certified(tx: Tx, places: list[int], span: Span, day: date) -> dict[Kind, Count]:
    here = and_(district.c.id == child.c.district, district.c.municipality == certificate.c.municipality)
    mine = enrollment.c.certificate == certificate.c.id
    uses = select(enrollment.c.id).where(mine, _learned(span, day)).exists()
    active = certificate.c.state == CertificateState.ACTIVE.value
    each = (
        select(
            certificate.c.municipality,
            func.coalesce(district.c.id, 0).label("district"),
            _age(day).label("age"),
            func.coalesce(child.c.sex, "").label("sex"),
            case((active, child.c.id)).label("holder"),
            case((uses, child.c.id)).label("user"),
        )
        .join(child, child.c.id == certificate.c.child)
        .outerjoin(district, here)
        .where(certificate.c.municipality.in_(places))
        .subquery()
    )
    kind = (each.c.municipality, each.c.district, each.c.age, each.c.sex)
    counted = func.count(each.c.holder.distinct()).label("holders"), func.count(each.c.user.distinct()).label("using")
    rows = tx.rows(select(*kind, *counted).group_by(*kind))
    return {
        Kind(row.municipality, row.district, row.age, row.sex): Count(holders=row.holders, using=row.using)
        for row in rows
    }


def _directions(tx: Tx, places: Mapping[int, str], span: Span, day: date, ages: Mapping[int, range]) -> dict[str, int]:
    """In how many children's learning each direction is."""
    each = (
        select(certificate.c.municipality, program.c.direction, _age(day).label("age"), child.c.id.label("child"))
        .select_from(enrollment)
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .join(child, child.c.id == certificate.c.child)
        .join(module, module.c.id == enrollment.c.module)
        .join(program, program.c.id == module.c.program)
        .where(certificate.c.municipality.in_(places), _learned(span, day))
        .distinct()
        .subquery()
    )
    kind = (each.c.municipality, each.c.direction, each.c.age)
    found: dict[str, int] = defaultdict(int)
    for row in tx.rows(select(*kind, func.count().label("using")).group_by(*kind)):
        if row.age in ages[row.municipality]:
            found[row.direction] += row.using
    return found


def _learned(span: Span, day: date) -> ColumnElement[bool]:
    """On a day of the span that is not after `day`; what a dispute has undone (R5.7) never happened."""
    return and_(
        enrollment.c.state.in_(LEARNED),
        enrollment.c.start <= day,
        func.coalesce(enrollment.c.ends_on, enrollment.c.stop) >= span.start,
        or_(enrollment.c.reason.is_(None), enrollment.c.reason != Reason.DISPUTE.value),
    )


def _age(day: date) -> Any:
    """Full years on that day (R8.4), none from the 18th birthday on."""
    born = child.c.birth_date
    grown = (born <= born_by(day, GROWN_UP), None)
    return case(grown, *((born <= born_by(day, age), age) for age in reversed(range(GROWN_UP))))
