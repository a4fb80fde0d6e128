"""The search: one statement finds, counts and sorts a page; a few small ones before it say where and for whom to look."""

from datetime import date
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.process import extract
from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, case, exists, false, func, literal, or_, select

from bot.domain import ledger as book
from bot.domain.calendar import DAY, age_on
from bot.domain.catalogue import (
    A_PAGE,
    ChildAge,
    ChildrenToSearchFor,
    Filters,
    FindPrograms,
    Found,
    ProgramLine,
    Registry,
    Score,
    SearchPlace,
    SearchPlaces,
)
from bot.domain.family import MyChildren
from bot.domain.messages import Actor
from bot.domain.money import Money
from bot.storage.desk import Tx
from bot.storage.family import may_see
from bot.storage.ledger import balance
from bot.storage.schema import (
    agreement,
    certificate,
    district,
    funding_period,
    group,
    municipality,
    program,
    program_stem,
    shelf,
    stem,
)
from bot.storage.schema import provider as providers
from bot.storage.shelf import day_bit
from bot.storage.stems import Term, terms

s = shelf.c
CATALOGUE = (shelf, group, program, program_stem, stem, providers, agreement, district, municipality)
"""All that the search looks at, a child's balance aside."""
CLOSE_NAME = 80
"""How alike, in percent, a typed place and a district's name must be."""


def find_programs(tx: Tx, query: FindPrograms, me: Actor) -> Found:
    """R1.2, R7.3. A constant number of statements; none while the catalogue stands as it was when somebody last asked the same."""
    if query.filters.price == "fits":
        return _find_programs(tx, query, me)
    key = query, me.municipality, tx.today(me.municipality)
    return tx.memory.recall(key, CATALOGUE, lambda: _find_programs(tx, query, me))


def _find_programs(tx: Tx, query: FindPrograms, me: Actor) -> Found:
    filters, today = query.filters, tx.today(me.municipality)
    asked, read_as = terms(tx, filters.words) if filters.words else ((), "")
    if any(not term.stems for term in asked):
        return Found(0, 0, 0, (), _place(tx, filters.district), read_as)
    shown_from = tx.policy(me.municipality).rating_shown_from
    where = (
        _in_reach(tx, me.municipality, today, by_words=bool(asked)),
        s.provider.not_in(select(providers.c.id).where(providers.c.state != "active")),
        s.stop >= today.toordinal(),
        *_wanted(tx, filters, me, today),
    )
    matched = _matched(where, asked)
    page, rows = query.page, _page(tx, matched, query.page, shown_from)
    if not rows and page > 0:  # the list has become shorter: its last page
        first = _page(tx, matched, 0, shown_from)
        page = (first[0].total - 1) // A_PAGE if first else 0
        rows = _page(tx, matched, page, shown_from)
    total = rows[0].total if rows else 0
    named = select(providers.c.id, providers.c.name).where(providers.c.id.in_({row.provider for row in rows}))
    names = {row.id: row.name for row in tx.rows(named)}
    lines = tuple(_line(row, names[row.provider], shown_from) for row in rows)
    return Found(total, page, -(-total // A_PAGE), lines, _place(tx, filters.district), read_as)


def _matched(where: tuple[ColumnElement[bool], ...], asked: tuple[Term, ...]) -> Any:
    """Programs with what their matching groups have: free seats, prices; and what the words are worth."""
    free = case((and_(group.c.is_open, group.c.taken < group.c.seats), group.c.seats - group.c.taken), else_=0)
    source = shelf.join(group, group.c.id == s.group)
    worth: ColumnElement[int] = literal(0)
    for number, term in enumerate(asked):
        hits = (
            select(program_stem.c.program, func.max(program_stem.c.weight).label("weight"))
            .where(program_stem.c.stem.in_(term.stems))
            .group_by(program_stem.c.program)
            .subquery(f"hits{number}")
        )
        source = source.join(hits, hits.c.program == s.program)
        worth = worth + func.max(hits.c.weight)
    return (
        select(
            s.program,
            func.sum(free).label("free"),
            func.min(s.price).label("price"),
            func.max(s.price).label("highest"),
            worth.label("worth"),
        )
        .select_from(source)
        .where(*where)
        .group_by(s.program)
        .cte("matched")
    )


def _page(tx: Tx, matched: Any, page: int, shown_from: int) -> list[Row[Any]]:
    rated = case(
        (program.c.rating_count >= max(shown_from, 1), program.c.rating_sum * 1000 / program.c.rating_count), else_=0
    )
    statement: Select[Any] = (
        select(
            matched,
            program.c.name,
            program.c.registry,
            program.c.age_min,
            program.c.age_max,
            program.c.rating_sum,
            program.c.rating_count,
            program.c.provider,
            select(func.count()).select_from(matched).scalar_subquery().label("total"),
        )
        .join(program, program.c.id == matched.c.program)
        .order_by((matched.c.free > 0).desc(), matched.c.worth.desc(), rated.desc(), program.c.name, program.c.id)
        .limit(A_PAGE)
        .offset(page * A_PAGE)
    )
    return list(tx.rows(statement))


def _line(row: Row[Any], provider: str, shown_from: int) -> ProgramLine:
    return ProgramLine(
        row.program,
        row.name,
        provider,
        Registry(row.registry),
        row.age_min,
        row.age_max,
        None if row.price is None else Money(row.price),
        row.price != row.highest,
        int(row.free),
        score(row.rating_sum, row.rating_count, shown_from),
    )


def score(stars: int, ratings: int, shown_from: int) -> Score | None:
    """R7.3: a mean to a tenth, half up, when there are enough ratings."""
    return Score((20 * stars + ratings) // (2 * ratings), ratings) if ratings >= max(shown_from, 1) else None


# --- where and what ---------------------------------------------------------------------------------------------------


def _in_reach(tx: Tx, mine: int, today: date, by_words: bool) -> ColumnElement[bool]:
    """R1.2: my municipality's programs, and those of others whose provider has an agreement with it today."""
    guests = guests_of(tx, mine, today)
    home = s.municipality + 0 if by_words else s.municipality  # + 0: no index, words find fewer programs than a place
    return or_(home == mine, s.provider.in_(guests)) if guests else home == mine


def guests_of(tx: Tx, mine: int, today: date) -> list[int]:
    """Providers of other municipalities that have an agreement with mine today."""
    a = agreement.c
    return [
        row.provider
        for row in tx.rows(
            select(a.provider)
            .join(providers, providers.c.id == a.provider)
            .where(a.municipality == mine, providers.c.municipality != mine, a.start <= today)
            .where(or_(a.stop.is_(None), a.stop >= today))
        )
    ]


def _wanted(tx: Tx, filters: Filters, me: Actor, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.district:
        found.append(s.district == filters.district)
    if filters.age:
        found += [s.age_min <= filters.age, s.age_max >= filters.age]
    if filters.direction:
        found.append(s.direction == filters.direction.value)
    if filters.price == "free":
        found.append(s.price == 0)
    if filters.price == "fits":
        found.append(or_(s.price == 0, _fits(tx, filters.child, me, today)))
    if filters.days:
        others = sum(day_bit(day) for day in range(1, 8) if day not in filters.days)
        found += [s.weekdays != 0, s.weekdays.bitwise_and(others) == 0]
    if filters.free_seats:
        found += [group.c.is_open, group.c.taken < group.c.seats]
    return found


def _fits(tx: Tx, child: int, me: Actor, today: date) -> ColumnElement[bool]:
    """The certificate pays all (R4.3): the days from tomorrow on, in whole kopecks, half up, against each open period's balance."""
    if not may_see(tx, me, child):
        return false()
    active = certificate.c.child == child, certificate.c.state == "active", certificate.c.kind == "funded"
    mine = tx.row(select(certificate.c.id, certificate.c.municipality).where(*active))
    if mine is None:
        return false()
    opened = funding_period.c.municipality == mine.municipality, funding_period.c.state == "open"
    tomorrow = (today + DAY).toordinal()
    start = case((s.start > tomorrow, s.start), else_=tomorrow)
    fitting = []
    for period in tx.rows(select(funding_period).where(*opened)):
        kopecks = balance(tx, book.certificate(mine.id, period.id)).kopecks
        first, last = period.start.toordinal(), period.stop.toordinal()
        days = case((s.stop < last, s.stop), else_=last) - start + 1
        pays = 2 * s.price * days < literal(2 * kopecks + 1, BigInteger) * (s.stop - s.start + 1)
        fitting.append(and_(start.between(first, last), start <= s.stop, pays))
    normal = or_(s.normative.is_(None), s.normative >= s.price)
    return and_(s.registry == Registry.CERTIFIED.value, s.price.is_not(None), normal, or_(false(), *fitting))


def _place(tx: Tx, number: int) -> str:
    return tx.value(select(district.c.name).where(district.c.id == number)) or "" if number else ""


# --- before the search ------------------------------------------------------------------------------------------------


def search_places(tx: Tx, query: SearchPlaces, me: Actor) -> tuple[SearchPlace, ...]:
    """R1.2: districts with programs, mine first; a typed name may be a part, or have a typo."""
    mine, today = me.municipality, tx.today(me.municipality)
    places = tx.memory.recall(("places", mine, today), CATALOGUE, lambda: _places(tx, mine, today))
    return tuple(places) if not query.typed else _meant(places, query.typed)


def _places(tx: Tx, mine: int, today: date) -> list[SearchPlace]:
    guests = guests_of(tx, mine, today)
    here = s.municipality == district.c.municipality, s.district == district.c.id
    reach: ColumnElement[bool] = and_(district.c.municipality == mine, exists().where(*here))
    if guests:
        reach = or_(reach, exists().where(*here, s.provider.in_(guests)))
    rows = tx.rows(
        select(district.c.id, district.c.name, district.c.municipality, municipality.c.name.label("of"))
        .join(municipality, municipality.c.id == district.c.municipality)
        .where(reach)
    )
    return sorted(
        (SearchPlace(row.id, row.name, "" if row.municipality == mine else row.of) for row in rows),
        key=lambda place: (place.municipality, place.name),
    )


def _meant(places: list[SearchPlace], typed: str) -> tuple[SearchPlace, ...]:
    wanted = _plain(typed)
    exact = tuple(place for place in places if wanted == _plain(place.name))
    if exact:
        return exact
    parts = tuple(place for place in places if wanted in _plain(place.name))
    if parts:
        return parts
    near = extract(wanted, [_plain(place.name) for place in places], scorer=fuzz.WRatio, score_cutoff=CLOSE_NAME)
    return tuple(places[index] for _name, _alike, index in near)


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").replace("-", " ").split())


def children_to_search_for(tx: Tx, query: ChildrenToSearchFor, me: Actor) -> tuple[ChildAge, ...]:
    """Mine, with their ages today."""
    today = tx.today(me.municipality)
    return tuple(
        ChildAge(child.id, child.first_name, age_on(child.birth_date, today)) for child in tx.read(MyChildren(), me)
    )
