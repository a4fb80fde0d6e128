"""The search's one statement: it finds, counts and ranks a page. Statements of one shape are built once, values come in later."""

import operator
from dataclasses import dataclass, replace
from functools import cache, reduce
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Time,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TextualSelect

from bot.domain.catalogue import A_PAGE, Filters
from bot.domain.saved_search import LONGEST_DIGEST, NewsKind
from bot.storage import ranking
from bot.storage.ready import ready
from bot.storage.schema import catalogue_news, group, program, program_stem, shelf
from bot.storage.schema import provider as providers
from bot.storage.shelf import day_bit
from bot.storage.stems import ACTIVITY

s = shelf.c
NEWS = 2 * LONGEST_DIGEST
"""More than a digest names, as a program may have news of several kinds."""
A_MONTH = 30
"""Days; a price of so many days is what a month costs."""
A_WEEK = 7


@dataclass(frozen=True)
class Shape:
    """Which questions a statement asks, without their values: statements of one shape are built once."""

    guests: bool
    closed: bool
    """Some providers take nobody."""
    district: bool = False
    near: bool = False
    age: bool = False
    direction: bool = False
    free: bool = False
    most: bool = False
    monthly: bool = False
    cheap: bool = False
    lesson: bool = False
    avoid: bool = False
    unwanted: bool = False
    days: bool = False
    after: bool = False
    before: bool = False
    free_seats: bool = False
    words: int = 0
    partly: bool = False
    """One of the words is enough."""
    alike: bool = False
    """Some of the words mean more than themselves."""

    def asking(self, filters: Filters, words: int) -> "Shape":
        """The shape of these filters, with so many known words."""
        near = filters.near and bool(filters.district)
        return replace(
            self,
            district=bool(filters.district) and not near,
            near=near,
            age=bool(filters.age),
            direction=filters.direction is not None,
            free=filters.price == "free",
            most=bool(filters.most) and not filters.monthly and not filters.lesson,
            monthly=bool(filters.most) and filters.monthly,
            lesson=bool(filters.most) and filters.lesson,
            avoid=filters.avoid is not None,
            unwanted=bool(filters.unwanted),
            cheap=filters.cheap,
            days=bool(filters.days),
            after=filters.after is not None,
            before=filters.before is not None,
            free_seats=filters.free_seats,
            words=words if filters.words else 0,
        )


@cache
def statement_of(shape: Shape, dialect: str) -> TextualSelect:
    """The statement of a shape, for values named as in `search.Search`."""
    return ready(built(shape), dialect)


def built(shape: Shape, *fits: ColumnElement[bool]) -> Select[Any]:
    """A page of programs with what their matching groups have (free seats, prices), the best first."""
    matched = _matched(shape, *fits)
    points = (
        ranking.words(matched.c.worth, shape.words)
        + ranking.seats(matched.c.free)
        + matched.c.points
        + ranking.rating()
        + (ranking.left(matched.c.price) if fits else ranking.price(matched.c.price, shape.cheap))
    )
    if shape.age:
        points = points + ranking.age()
    page = (
        select(
            matched,
            program.c.name,
            program.c.registry,
            program.c.provider.label("of"),
            program.c.age_min,
            program.c.age_max,
            program.c.rating_sum,
            program.c.rating_count,
            points.label("ranks"),
        )
        .join(program, program.c.id == matched.c.program)
        .order_by(points.desc(), program.c.name, program.c.id)
        .limit(A_PAGE)
        .offset(bindparam("skipped", type_=Integer))
        .subquery()
    )
    total = select(func.count()).select_from(matched).scalar_subquery().label("total")
    return (
        select(page, providers.c.name.label("provider"), total)
        .join(providers, providers.c.id == page.c.of)
        .order_by(page.c.ranks.desc(), page.c.name, page.c.program)
    )


class found_otherwise(FunctionElement[int]):
    """A column whose index SQLite's planner is to leave alone. PostgreSQL's knows by itself how much each finds, if it may look."""

    inherit_cache = True


@compiles(found_otherwise)
def _as_it_is(element: Any, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.clauses, **how))


@compiles(found_otherwise, "sqlite")
def _by_no_index(element: Any, compiler: Any, **how: Any) -> str:
    return f"+{compiler.process(element.clauses, **how)}"


Loosened = tuple[tuple[str, "Shape"], ...]
"""Parts that are given up, and the shapes that are left."""


@cache
def counts_of(loosened: Loosened, dialect: str) -> TextualSelect:
    """How many programs each of these shapes finds, in columns of the parts' names; the values are those of the whole question."""
    return ready(counted(loosened), dialect)


def counted(loosened: Loosened, *fits: ColumnElement[bool]) -> Select[Any]:
    """`fits` for all but the one that gives up the price."""
    worded = next((shape for _part, shape in loosened if shape.words), None)
    hits = _hits(worded).cte("found") if worded else None
    return select(
        *(
            _count(shape, hits, *(fits if part != "price" else ())).scalar_subquery().label(part)
            for part, shape in loosened
        )
    )


def _count(shape: Shape, hits: CTE | None, *fits: ColumnElement[bool]) -> Select[Any]:
    """Seats are looked at only where they are asked for."""
    source: FromClause = shelf.join(group, group.c.id == s.group) if shape.free_seats else shelf
    if shape.words and hits is not None:
        source = source.join(hits, hits.c.program == s.program)
    return select(func.count(s.program.distinct())).select_from(source).where(*_wanted(shape), *fits)


def _matched(shape: Shape, *fits: ColumnElement[bool]) -> CTE:
    """Programs with what their groups that match have in sum, and the prices of those that can be entered, else of all."""
    room = and_(group.c.is_open, group.c.taken < group.c.seats)
    free, price = case((room, group.c.seats - group.c.taken), else_=0), case((room, s.price))
    source = shelf.join(group, group.c.id == s.group)
    worth: ColumnElement[int] = literal(0)
    if shape.words:
        hits = _hits(shape).subquery("found")
        source = source.join(hits, hits.c.program == s.program)
        worth = func.max(hits.c.worth)
    return (
        select(
            s.program,
            func.sum(free).label("free"),
            func.coalesce(func.min(price), func.min(s.price)).label("price"),
            func.coalesce(func.max(price), func.max(s.price)).label("highest"),
            worth.label("worth"),
            (ranking.timetable() + ranking.nearness() if shape.near else ranking.timetable()).label("points"),
        )
        .select_from(source)
        .where(*_wanted(shape), *fits)
        .group_by(s.program)
        .cte("matched")
    )


def _hits(shape: Shape) -> Select[Any]:
    """Programs that all the words find, or one of them, with the worth of the best place where each stands."""
    if shape.words == 1:
        return _hit(0, shape)
    every = union_all(*(_hit(number, shape) for number in range(shape.words))).subquery("hits")
    least = 1 if shape.partly else shape.words
    return (
        select(every.c.program, func.sum(every.c.worth).label("worth"))
        .group_by(every.c.program)
        .having(func.count() >= least)
    )


def _hit(number: int, shape: Shape) -> Select[Any]:
    p = program_stem.c
    own = p.stem.in_(bindparam(f"own{number}", expanding=True))
    alike = p.stem.in_(bindparam(f"alike{number}", expanding=True)) if shape.alike else None
    here = [p.municipality == bindparam("mine", type_=BigInteger)]
    hit = select(p.program, ranking.steps(p.weight, own, alike).label("worth"))
    if shape.guests:
        theirs = select(s.program).where(s.provider.in_(bindparam("guests", expanding=True)))
        away = p.municipality.in_(bindparam("homes", expanding=True)), p.program.in_(theirs)
        hits = union_all(hit.where(*here, *_stands(number)), hit.where(*away, *_stands(number))).subquery()
    else:
        hits = hit.where(*here, *_stands(number)).subquery()
    return select(hits.c.program, func.max(hits.c.worth).label("worth")).group_by(hits.c.program)


@cache
def news_of(shape: Shape, dialect: str) -> TextualSelect:
    """Programs of the filters with news of a morning, and the kind: the news are looked through as the shelf is."""
    n = catalogue_news.c
    few = n.reader == bindparam("mine", type_=BigInteger), n.day == bindparam("day", type_=Date)
    found = (exists().where(program_stem.c.program == n.program, *_stands(number)) for number in range(shape.words))
    best = case({kind.value: place for place, kind in enumerate(NewsKind)}, value=n.kind).label("best")
    statement = (
        select(n.kind, n.program, best)
        .join(group, group.c.id == n.group)
        .where(*few, *_wanted(shape, n), *found)
        .distinct()
        .order_by(best, n.program)
        .limit(NEWS)
    )
    return ready(statement, dialect)


def _stands(number: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """A word itself counts wherever it stands; what only means the same or begins so, in a name or an activity."""
    p = program_stem.c
    own = p.stem.in_(bindparam(f"own{number}", expanding=True))
    return p.stem.in_(bindparam(f"stems{number}", expanding=True)), or_(p.weight >= ACTIVITY, own)


def _wanted(shape: Shape, s: Any = shelf.c) -> list[ColumnElement[bool]]:
    """R1.2: my municipality's programs, and those of others whose provider has an agreement with it today."""
    home = found_otherwise(s.municipality) if shape.words else s.municipality  # words find fewer than a place does
    reach = home == bindparam("mine", type_=BigInteger)
    if shape.guests:
        reach = or_(reach, s.provider.in_(bindparam("guests", expanding=True)))
    most, p = bindparam("most", type_=BigInteger), program_stem.c
    asked = {
        "closed": s.provider.not_in(bindparam("closed", expanding=True)),
        "district": s.district == bindparam("district", type_=BigInteger),
        "near": s.district.in_(bindparam("near", expanding=True)),
        "age": and_(s.age_min <= bindparam("age", type_=Integer), s.age_max >= bindparam("oldest", type_=Integer)),
        "direction": s.direction == bindparam("direction"),
        "free": s.price == 0,
        "most": s.price <= most,
        "avoid": s.direction != bindparam("avoid"),
        "unwanted": ~exists().where(
            p.program == s.program, p.stem.in_(bindparam("unwanted", expanding=True)), p.weight >= ACTIVITY
        ),
        "lesson": s.price * A_WEEK <= most * (s.stop - s.start + 1) * _times_a_week(s),
        "monthly": s.price * A_MONTH <= most * (s.stop - s.start + 1),
        "days": and_(s.weekdays != 0, s.weekdays.bitwise_and(bindparam("other_days", type_=Integer)) == 0),
        "after": s.starts >= bindparam("after", type_=Time),
        "before": s.ends <= bindparam("before", type_=Time),
        "free_seats": and_(group.c.is_open, group.c.taken < group.c.seats),
    }
    return [
        reach,
        s.stop >= bindparam("today", type_=Integer),
        *(question for name, question in asked.items() if getattr(shape, name)),
    ]


def _times_a_week(s: Any) -> ColumnElement[int]:
    """Days of the week on which a group meets; none without a timetable, so that no price of a lesson is low enough."""
    days = (case((s.weekdays.bitwise_and(day_bit(day)) != 0, 1), else_=0) for day in range(1, 8))
    return reduce(operator.add, days)
