"""The search's one statement: it finds, counts and sorts a page. Statements of one shape are built once, values come in later."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from bot.domain.catalogue import A_PAGE, Filters
from bot.domain.saved_search import LONGEST_DIGEST, NewsKind
from bot.storage.schema import catalogue_news, group, program, program_stem, shelf
from bot.storage.schema import provider as providers

s = shelf.c
NEWS = 2 * LONGEST_DIGEST
"""More than a digest names, as a program may have news of several kinds."""


@dataclass(frozen=True)
class Shape:
    """Which questions a statement asks, without their values: statements of one shape are built once."""

    guests: bool
    district: bool
    age: bool
    direction: bool
    free: bool
    days: bool
    free_seats: bool
    words: int

    @classmethod
    def of(cls, filters: Filters, words: int, guests: bool) -> "Shape":
        """The shape of these filters."""
        return cls(
            guests,
            bool(filters.district),
            bool(filters.age),
            filters.direction is not None,
            filters.price == "free",
            bool(filters.days),
            filters.free_seats,
            words,
        )


@cache
def statement_of(shape: Shape) -> Select[Any]:
    """The statement of a shape, for values named as in `search.find_programs`."""
    return built(shape)


def built(shape: Shape, *fits: ColumnElement[bool]) -> Select[Any]:
    """A page of programs with what their matching groups have (free seats, prices), and what the words are worth."""
    free = case((and_(group.c.is_open, group.c.taken < group.c.seats), group.c.seats - group.c.taken), else_=0)
    source = shelf.join(group, group.c.id == s.group)
    worth: ColumnElement[int] = literal(0)
    for number in range(shape.words):
        hits = (
            select(program_stem.c.program, func.max(program_stem.c.weight).label("weight"))
            .where(program_stem.c.stem.in_(bindparam(f"stems{number}", expanding=True)))
            .group_by(program_stem.c.program)
            .subquery(f"hits{number}")
        )
        source = source.join(hits, hits.c.program == s.program)
        worth = worth + func.max(hits.c.weight)
    matched = (
        select(
            s.program,
            func.sum(free).label("free"),
            func.min(s.price).label("price"),
            func.max(s.price).label("highest"),
            worth.label("worth"),
        )
        .select_from(source)
        .where(*_wanted(shape), *fits)
        .group_by(s.program)
        .cte("matched")
    )
    rated = case(
        (
            program.c.rating_count >= bindparam("shown_from", type_=Integer),
            program.c.rating_sum * 1000 / program.c.rating_count,
        ),
        else_=0,
    )
    return (
        select(
            matched,
            program.c.name,
            program.c.registry,
            program.c.age_min,
            program.c.age_max,
            program.c.rating_sum,
            program.c.rating_count,
            providers.c.name.label("provider"),
            select(func.count()).select_from(matched).scalar_subquery().label("total"),
        )
        .join(program, program.c.id == matched.c.program)
        .join(providers, providers.c.id == program.c.provider)
        .order_by((matched.c.free > 0).desc(), matched.c.worth.desc(), rated.desc(), program.c.name, program.c.id)
        .limit(A_PAGE)
        .offset(bindparam("skipped", type_=Integer))
    )


@cache
def news_of(shape: Shape) -> Select[Any]:
    """Programs of the filters with news of a morning, and the kind: the news are looked through as the shelf is."""
    n = catalogue_news.c
    few = n.reader == bindparam("mine", type_=BigInteger), n.day == bindparam("day", type_=Date)
    stems = (
        exists().where(program_stem.c.program == n.program, program_stem.c.stem.in_(bindparam(name, expanding=True)))
        for name in (f"stems{number}" for number in range(shape.words))
    )
    best = case({kind.value: place for place, kind in enumerate(NewsKind)}, value=n.kind).label("best")
    return (
        select(n.kind, n.program, best)
        .join(group, group.c.id == n.group)
        .where(*few, *_wanted(shape, n), *stems)
        .distinct()
        .order_by(best, n.program)
        .limit(NEWS)
    )


def _wanted(shape: Shape, s: Any = shelf.c) -> list[ColumnElement[bool]]:
    """R1.2: my municipality's programs, and those of others whose provider has an agreement with it today."""
    home = s.municipality + 0 if shape.words else s.municipality  # + 0: no index; words find fewer than a place does
    reach = home == bindparam("mine", type_=BigInteger)
    if shape.guests:
        reach = or_(reach, s.provider.in_(bindparam("guests", expanding=True)))
    asked = {
        "district": s.district == bindparam("district", type_=BigInteger),
        "age": and_(s.age_min <= bindparam("age", type_=Integer), s.age_max >= bindparam("age", type_=Integer)),
        "direction": s.direction == bindparam("direction"),
        "free": s.price == 0,
        "days": and_(s.weekdays != 0, s.weekdays.bitwise_and(bindparam("other_days", type_=Integer)) == 0),
        "free_seats": and_(group.c.is_open, group.c.taken < group.c.seats),
    }
    return [
        reach,
        s.provider.not_in(select(providers.c.id).where(providers.c.state != "active")),
        s.stop >= bindparam("today", type_=Integer),
        *(question for name, question in asked.items() if getattr(shape, name)),
    ]
