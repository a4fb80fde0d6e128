"""The programs that a search finds, each with its points: those of the best of its groups that match.

What words find is gathered whole, and so is what depends on a price. Anything else may be most of a municipality: it is walked, in the order of an
index that has the points (`shelf.standing`), from the best on, as far as the page and a count need it (decision 0049).
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)

from bot.storage import ranking
from bot.storage.schema import program_stem, shelf
from bot.storage.search_shape import Columns, Shape, found_otherwise, guests, mine, of_groups, of_programs, wanted
from bot.storage.stems import ACTIVITY

s = shelf.c


def best(
    shape: Shape, *fits: ColumnElement[bool], words: FromClause | None = None, ordered: bool = True
) -> Select[Any]:
    """(program, points) of all; where the shape is broad, of as many of the best as the value `walked`, or some more. `words`: what `hits` finds.
    To be counted only, not `ordered`, a district is gathered: the shelf's key begins with it."""
    if shape.words and words is None:
        words = hits(shape).subquery("words")
    if fits or not shape.broad or (shape.district and not ordered):
        return _gathered(shape, *wanted(shape), *fits, words=words if shape.words else None, left=bool(fits))
    ways = [_walked(shape, ring, points) for ring, points in (ranking.NEAREST if shape.near else ((0, 0),))]
    if shape.guests:  # few, and no index has theirs in order
        ways.append(_gathered(shape, guests(s), ~mine(s.municipality), *of_programs(shape, s), *of_groups(shape, s)))
    return select(union_all(*(select(way.subquery()) for way in ways)).subquery()) if ways[1:] else ways[0]


def _walked(shape: Shape, ring: int, nearness: int) -> Select[Any]:
    """The municipality's own, in one ring around the place where the nearest come first. A group is passed by when its program has a better one.

    PostgreSQL would look for better ones of all groups before it sorts, if the order stood outside only; and of all groups of the region, if their absence
    stood there plainly: hence the CASE.
    """
    order = _standing(shape, s).desc(), s.program
    district = s.district + 0  # by no index: a district may be all that there is, and would have to be sorted
    here = [district.in_(bindparam(f"ring{ring}", expanding=True))] if shape.near else []
    asked = replace(shape, near=False)  # a ring is part of what is near
    passed = (
        select(s.program, s.group, _standing(shape, s).label("standing"))
        .where(mine(s.municipality), *here, *of_programs(shape, s), *of_groups(asked, s, district))
        .order_by(*order)
        .subquery("passed")
    )
    points = passed.c.standing + nearness
    other = shelf.alias("other").c
    theirs = _points(shape, other)
    better = or_(theirs > points, and_(theirs == points, other.group < passed.c.group))
    has_better = exists().where(other.program == passed.c.program, *of_groups(shape, other), better)
    return (
        select(passed.c.program, points.label("points"))
        .where(case((has_better, false()), else_=true()))
        .order_by(passed.c.standing.desc(), passed.c.program)
        .limit(bindparam("walked", type_=Integer))
    )


def _gathered(
    shape: Shape, *where: ColumnElement[bool], words: FromClause | None = None, left: bool = False
) -> Select[Any]:
    """`left`: what a balance keeps counts."""
    points: ColumnElement[int] = func.max(_points(shape, s) + ranking.left(s.price) if left else _points(shape, s))
    source: FromClause = shelf
    program: ColumnElement[int] = s.program
    if words is not None:
        program = found_otherwise(s.program)
        source = shelf.join(words, words.c.program == s.program)
        points = points + ranking.words(func.max(words.c.worth), shape.words)
    return select(s.program, points.label("points")).select_from(source).where(*where).group_by(program)


def _points(shape: Shape, s: Columns) -> ColumnElement[int]:
    """Of a group, but for the words."""
    points = _standing(shape, s)
    if shape.near:
        points = points + ranking.nearness(s.district)
    return points + ranking.cheapness(s.price) if shape.cheap else points


def _standing(shape: Shape, s: Columns) -> ColumnElement[int]:
    found: ColumnElement[int] = s.standing_for_age if shape.age else s.standing
    return found


# --- words ------------------------------------------------------------------------------------------------------------


def hits(shape: Shape) -> Select[Any]:
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
    here = [mine(p.municipality)]
    hit = select(p.program, ranking.steps(p.weight, own, alike).label("worth"))
    if shape.guests:
        theirs = select(s.program).where(guests(s))
        away = p.municipality.in_(bindparam("homes", expanding=True)), p.program.in_(theirs)
        found = union_all(hit.where(*here, *stands(number)), hit.where(*away, *stands(number))).subquery()
    else:
        found = hit.where(*here, *stands(number)).subquery()
    return select(found.c.program, func.max(found.c.worth).label("worth")).group_by(found.c.program)


def stands(number: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """A word itself counts wherever it stands; what only means the same or begins so, in a name or an activity."""
    p = program_stem.c
    own = p.stem.in_(bindparam(f"own{number}", expanding=True))
    return p.stem.in_(bindparam(f"stems{number}", expanding=True)), or_(p.weight >= ACTIVITY, own)
