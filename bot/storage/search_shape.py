"""Which questions a search asks: of a program, and of one and the same group of it. Values come in later, by the names of `search.Search`."""

import operator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Time, and_, bindparam, case, exists, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.domain.catalogue import Filters
from bot.storage.schema import program_stem, shelf
from bot.storage.shelf import day_bit
from bot.storage.stems import ACTIVITY

A_WEEK, A_MONTH = 7, 30
"""Days; a price of so many days is what a month costs."""
Columns = Any
"""Those of the shelf, or of a table that has the same."""


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

    @property
    def broad(self) -> bool:
        """May find most of a municipality, in an order that does not depend on what is asked (but for an age, and places near)."""
        return not self.words and not self.cheap

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


class found_otherwise(FunctionElement[int]):
    """A column whose index SQLite's planner is to leave alone. PostgreSQL's knows by itself how much each finds, if it may look."""

    inherit_cache = True


@compiles(found_otherwise)
def _as_it_is(element: Any, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.clauses, **how))


@compiles(found_otherwise, "sqlite")
def _by_no_index(element: Any, compiler: Any, **how: Any) -> str:
    return f"+{compiler.process(element.clauses, **how)}"


def wanted(shape: Shape, s: Columns = shelf.c) -> list[ColumnElement[bool]]:
    """R1.2: my municipality's programs, and those of others whose provider has an agreement with it today."""
    home = found_otherwise(s.municipality) if shape.words else s.municipality  # words find fewer than a place does
    here = mine(home)
    reach = or_(here, guests(s)) if shape.guests else here
    return [reach, *of_programs(shape, s), *of_groups(shape, s)]


def mine(municipality: ColumnElement[int]) -> ColumnElement[bool]:
    return municipality == bindparam("mine", type_=BigInteger)


def guests(s: Columns) -> ColumnElement[bool]:
    found: ColumnElement[bool] = s.provider.in_(bindparam("guests", expanding=True))
    return found


def of_programs(shape: Shape, s: Columns) -> list[ColumnElement[bool]]:
    """What is the same for all groups of a program."""
    p = program_stem.c
    asked = {
        "closed": s.provider.not_in(bindparam("closed", expanding=True)),
        "age": and_(s.age_min <= bindparam("age", type_=Integer), s.age_max >= bindparam("oldest", type_=Integer)),
        "direction": s.direction == bindparam("direction"),
        "avoid": s.direction != bindparam("avoid"),
        "unwanted": ~exists().where(
            p.program == s.program, p.stem.in_(bindparam("unwanted", expanding=True)), p.weight >= ACTIVITY
        ),
    }
    return [question for name, question in asked.items() if getattr(shape, name)]


def of_groups(shape: Shape, s: Columns, district: ColumnElement[int] | None = None) -> list[ColumnElement[bool]]:
    """What must hold for one and the same group. `district`: the column, in other words."""
    its = s.district if district is None else district
    most = bindparam("most", type_=BigInteger)
    asked = {
        "district": its == bindparam("district", type_=BigInteger),
        "near": its.in_(bindparam("near", expanding=True)),
        "free": s.price == 0,
        "most": s.price <= most,
        "lesson": s.price * A_WEEK <= most * (s.stop - s.start + 1) * _times_a_week(s),
        "monthly": s.price * A_MONTH <= most * (s.stop - s.start + 1),
        "days": and_(s.weekdays != 0, s.weekdays.bitwise_and(bindparam("other_days", type_=Integer)) == 0),
        "after": s.starts >= bindparam("after", type_=Time),
        "before": s.ends <= bindparam("before", type_=Time),
        "free_seats": s.room,
    }
    lasts = s.stop >= bindparam("today", type_=Integer)
    return [lasts, *(question for name, question in asked.items() if getattr(shape, name))]


def _times_a_week(s: Columns) -> ColumnElement[int]:
    """Days of the week on which a group meets; none without a timetable, so that no price of a lesson is low enough."""
    days = (case((s.weekdays.bitwise_and(day_bit(day)) != 0, 1), else_=0) for day in range(1, 8))
    return reduce(operator.add, days)
