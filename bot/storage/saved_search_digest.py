"""The morning's digest of saved searches: what differs from the last morning's offer, and whom it concerns.

Nobody who changes the catalogue says so: a municipality's offer of today is compared with the one that `catalogue_seen` keeps, so that an
import, a freed seat, an edit or a new agreement is noticed in one way. What differs is the small side: the searches that it may concern
are found from there, equal questions once, and only those are asked in full, by the search's own statement (decision 0047).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, delete, exists, func, or_, select, union

from bot.domain.saved_search import LONGEST_DIGEST, News, NewsKind, Offer, SavedSearchNews, news_of
from bot.domain.topics import Topic
from bot.storage.jobs import PLACE, TODAY, Found, Given, Job, those
from bot.storage.memory import REMEMBERED
from bot.storage.places import guests_of
from bot.storage.saved_search import filters_of
from bot.storage.schema import catalogue_news as news
from bot.storage.schema import catalogue_seen as seen
from bot.storage.schema import group, module, muted_topic, person, saved_search, shelf
from bot.storage.schema import provider as providers
from bot.storage.search import find_news
from bot.storage.search_statement import NEWS
from bot.storage.tx import Tx
from bot.storage.work import Ids

SHELVED = tuple(each.name for each in shelf.columns if each.name in news.columns)
CLEARED = 1000
"""Old news that go with each chunk of new ones."""
MANY = 2000
"""Groups: a new school year rather than news. Then nobody's search is asked; everyone whom it may concern hears that there is much."""

# --- what is new ------------------------------------------------------------------------------------------------------


def _offered(guests: bool, few: bool = False) -> list[ColumnElement[bool]]:
    """What a search of this municipality could find today (R1.2, R6.13), given `_guests`; `few`: of rows that another index finds."""
    here = (shelf.c.municipality + 0 if few else shelf.c.municipality) == PLACE
    return [
        or_(here, shelf.c.provider.in_(bindparam("guests", expanding=True))) if guests else here,
        shelf.c.provider.not_in(select(providers.c.id).where(providers.c.state != "active")),
        shelf.c.stop >= bindparam("number", type_=Integer),
    ]


def _guests(tx: Tx, municipality: int, today: date) -> Given:
    guests = guests_of(tx, municipality, today)
    return {"place": municipality, "number": today.toordinal(), **({"guests": guests} if guests else {})}


def _news(tx: Tx, municipality: int, today: date) -> Found:
    given = _guests(tx, municipality, today)
    return _changed("guests" in given), given


@cache
def _changed(guests: bool) -> Select[Any]:
    """Groups that offer something else than on the last morning, or nothing any more."""
    offered = _offered(guests)
    last = and_(seen.c.municipality == PLACE, seen.c.group == shelf.c.group)
    other = or_(
        seen.c.group.is_(None),
        seen.c.price.is_distinct_from(shelf.c.price),
        seen.c.is_open != group.c.is_open,
        seen.c.room != shelf.c.room,
    )
    differ = select(shelf.c.group).join(group, group.c.id == shelf.c.group).outerjoin(seen, last).where(*offered, other)
    its_own = shelf.c.program == seen.c.program, shelf.c.group == seen.c.group
    there = exists().where(*its_own, *_offered(guests, few=True))
    gone = select(seen.c.group).where(seen.c.municipality == PLACE, seen.c.is_open, ~there)
    return select(union(differ, gone).subquery().c[0])


def _notice(tx: Tx, ids: Ids, municipality: int, today: date) -> None:
    """What is better is news; the offer is kept as it is now. A group that is gone is kept as closed: it may come back."""
    _clear(tx, municipality, today)
    here = seen.c.municipality == municipality, seen.c.group.in_(ids)
    last = {row.group: row for row in tx.rows(select(seen).where(*here))}
    given = _guests(tx, municipality, today)
    offered = (
        select(*(shelf.c[name] for name in SHELVED), group.c.is_open)
        .join(module, module.c.program == shelf.c.program)
        .join(group, and_(group.c.module == module.c.id, group.c.id == shelf.c.group))
        .where(group.c.id.in_(ids), *_offered("guests" in given, few=True))
    )
    now = {row.group: row for row in tx.rows(offered, given)}
    told = [
        {"reader": municipality, "day": today, "kind": kind.value, **{name: getattr(row, name) for name in SHELVED}}
        for number, row in now.items()
        for kind in news_of(_offer(last.get(number)), Offer(row.price, row.is_open, row.room))
    ]
    over = set(tx.sql(select(group.c.id).where(group.c.id.in_(ids), group.c.stop < today)).scalars())
    tx.sql(delete(seen).where(*here))
    keep = [
        {
            "municipality": municipality,
            "group": row.group,
            "program": row.program,
            "price": row.price,
            "is_open": row.is_open if row.group in now else False,
            "room": row.room if row.group in now else False,
        }
        for row in (last | now).values()
        if row.group not in over
    ]
    wanted = told and tx.value(select(exists().where(saved_search.c.id > 0)))
    for table, rows in ((seen, keep), (news, told if wanted else ())):
        if rows:
            tx.sql(table.insert(), rows)


def _clear(tx: Tx, municipality: int, today: date) -> None:
    """Some of the old news, each by its key: so much that no chat waits for it, and so that no plan reads the table for it."""
    key = news.c.reader, news.c.day, news.c.kind, news.c.group
    old = tx.rows(select(*key).where(news.c.reader == municipality, news.c.day < today).limit(CLEARED))
    if old:
        this = (column == bindparam(f"its_{column.name}") for column in key)
        tx.sql(
            delete(news).where(*this), [{f"its_{name}": value for name, value in row._mapping.items()} for row in old]
        )


def _offer(row: Row[Any] | None) -> Offer | None:
    return None if row is None else Offer(row.price, row.is_open, row.room)


# --- whom it concerns -------------------------------------------------------------------------------------------------


def _concerned() -> Select[Any]:
    """People with a search that today's news may concern: by its place, age and direction, or by its program."""
    here = news.c.reader == PLACE, news.c.day == TODAY
    silent = select(muted_topic.c.person).where(muted_topic.c.topic == Topic.SEARCH.value)
    speaks = person.c.municipality == PLACE, ~saved_search.c.paused, saved_search.c.person.not_in(silent)
    theirs = select(saved_search.c.person).join(person, person.c.id == saved_search.c.person).where(*speaks)
    of_program = theirs.where(saved_search.c.program.in_(select(news.c.program).where(*here)))

    s = saved_search.c
    equal = s.district, s.age, s.direction
    asked = select(*equal).where(s.program.is_(None)).distinct().subquery("asked")
    said = (
        select(news.c.district, news.c.age_min, news.c.age_max, news.c.direction)
        .where(*here)
        .distinct()
        .cte("said")
        .prefix_with("MATERIALIZED")
    )
    meant = exists().where(
        or_(asked.c.district == 0, asked.c.district == said.c.district),
        or_(asked.c.age == 0, asked.c.age.between(said.c.age_min, said.c.age_max)),
        or_(asked.c.direction == "", asked.c.direction == said.c.direction),
    )
    hit = select(asked).where(meant).cte("hit").prefix_with("MATERIALIZED")
    alike = and_(*(hit.c[column.name] == column for column in equal))
    return select(union(of_program, theirs.where(s.program.is_(None)).join(hit, alike)).subquery().c[0])


def _tell(tx: Tx, ids: Ids, municipality: int, today: date) -> None:
    """A digest for each of these people for whom there is any news: all their searches together."""
    here = news.c.reader == municipality, news.c.day == today
    if tx.value(select(func.count()).select_from(select(news.c.group).where(*here).limit(MANY + 1).subquery())) > MANY:
        tx.tell(*(SavedSearchNews(who, today, (), more=True) for who in ids))
        return
    speaks = saved_search.c.person.in_(ids), ~saved_search.c.paused
    searches = tx.rows(select(saved_search).where(*speaks).order_by(saved_search.c.person, saved_search.c.id))
    watched = {row.program for row in searches if row.program}
    of_program: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in tx.rows(select(news.c.program, news.c.kind).where(*here, news.c.program.in_(watched)).distinct()):
        of_program[row.program].append((row.kind, row.program))
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    full: set[int] = set()
    for search in searches:
        its = of_program[search.program] if search.program else _found(tx, search.filters, municipality, today)
        found[search.person] += its
        if len(its) == NEWS:
            full.add(search.person)
    tx.tell(*(digest(who, today, its, who in full) for who, its in found.items() if its))


def _found(tx: Tx, stored: str, municipality: int, today: date) -> list[tuple[str, int]]:
    """Equal searches are asked once."""
    key = "news", stored, municipality, today
    return tx.memory.recall(key, REMEMBERED, lambda: find_news(tx, filters_of(tx, stored), municipality, today))


def digest(who: int, today: date, found: Sequence[tuple[str, int]], more: bool) -> SavedSearchNews:
    """The best news first, a program once; no longer than is read."""
    told: list[News] = []
    named: set[int] = set()
    for kind in NewsKind:
        programs = [number for its, number in dict.fromkeys(found) if its == kind and number not in named]
        room = LONGEST_DIGEST - len(named)
        more = more or len(programs) > room
        if shown := tuple(programs[:room]):
            told.append(News(kind, shown))
            named |= set(shown)
    return SavedSearchNews(who, today, tuple(told), more)


JOBS = (Job("notice_news", _news, _notice), Job("tell_news", those(_concerned()), _tell))
