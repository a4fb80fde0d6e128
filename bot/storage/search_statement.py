"""The search's one statement: it finds, counts and ranks a page. Statements of one shape are built once, values come in later."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, case, exists, func, select
from sqlalchemy.sql.selectable import TextualSelect

from bot.domain.catalogue import A_PAGE
from bot.domain.saved_search import LONGEST_DIGEST, NewsKind
from bot.storage.ready import ready
from bot.storage.schema import catalogue_news, group, program, program_stem, shelf
from bot.storage.schema import provider as providers
from bot.storage.search_best import best, hits, stands
from bot.storage.search_shape import Shape, mine, of_groups, wanted

s = shelf.c
NEWS = 2 * LONGEST_DIGEST
"""More than a digest names, as a program may have news of several kinds."""


@cache
def statement_of(shape: Shape, dialect: str) -> TextualSelect:
    """The statement of a shape, for values named as in `search.Search`."""
    return ready(built(shape), dialect)


def built(shape: Shape, *fits: ColumnElement[bool]) -> Select[Any]:
    """A page of programs, the best first, with what their matching groups have: free seats, and the prices of those that can be entered, else of all."""
    found = best(shape, *fits).cte("best")
    page = (
        select(found)
        .order_by(found.c.points.desc(), found.c.program)
        .limit(A_PAGE)
        .offset(bindparam("skipped", type_=Integer))
        .subquery("page")
    )
    free, price = case((s.room, group.c.seats - group.c.taken), else_=0), case((s.room, s.price))
    offers = (
        select(
            page.c.program,
            page.c.points,
            func.sum(free).label("free"),
            func.coalesce(func.min(price), func.min(s.price)).label("price"),
            func.coalesce(func.max(price), func.max(s.price)).label("highest"),
        )
        .select_from(page.join(shelf, s.program == page.c.program).join(group, group.c.id == s.group))
        .where(*of_groups(shape, s), *fits)
        .group_by(page.c.program, page.c.points)
        .subquery("offers")
    )
    return (
        select(
            offers,
            program.c.name,
            program.c.registry,
            program.c.age_min,
            program.c.age_max,
            program.c.rating_sum,
            program.c.rating_count,
            providers.c.name.label("provider"),
            select(func.count()).select_from(found).scalar_subquery().label("total"),
        )
        .join(program, program.c.id == offers.c.program)
        .join(providers, providers.c.id == program.c.provider)
        .order_by(offers.c.points.desc(), offers.c.program)
    )


Loosened = tuple[tuple[str, Shape], ...]
"""Parts that are given up, and the shapes that are left."""


@cache
def counts_of(loosened: Loosened, dialect: str) -> TextualSelect:
    """How many programs each of these shapes finds, in columns of the parts' names; the values are those of the whole question."""
    return ready(counted(loosened), dialect)


def counted(loosened: Loosened, *fits: ColumnElement[bool]) -> Select[Any]:
    """`fits` for all but the one that gives up the price. What the words find is found once for all."""
    worded = next((shape for _part, shape in loosened if shape.words), None)
    words = hits(worded).cte("words") if worded else None
    found = {
        part: best(shape, *(fits if part != "price" else ()), words=words, ordered=False) for part, shape in loosened
    }
    return select(
        *(
            select(func.count()).select_from(each.subquery()).scalar_subquery().label(part)
            for part, each in found.items()
        )
    )


@cache
def news_of(shape: Shape, dialect: str) -> TextualSelect:
    """Programs of the filters with news of a morning, and the kind: the news are looked through as the shelf is."""
    n = catalogue_news.c
    few = mine(n.reader), n.day == bindparam("day", type_=Date)
    found = (exists().where(program_stem.c.program == n.program, *stands(number)) for number in range(shape.words))
    best = case({kind.value: place for place, kind in enumerate(NewsKind)}, value=n.kind).label("best")
    statement = (
        select(n.kind, n.program, best)
        .where(*few, *wanted(shape, n), *found)
        .distinct()
        .order_by(best, n.program)
        .limit(NEWS)
    )
    return ready(statement, dialect)
