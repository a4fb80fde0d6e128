"""The search: one statement finds, counts and sorts a page; a few small ones before it say where and for whom to look."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.process import extract
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    and_,
    bindparam,
    case,
    exists,
    false,
    literal,
    or_,
    select,
)

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
from bot.storage.memory import REMEMBERED
from bot.storage.schema import (
    agreement,
    certificate,
    district,
    funding_period,
    municipality,
    shelf,
)
from bot.storage.schema import provider as providers
from bot.storage.search_statement import Shape, built, news_of, statement_of
from bot.storage.shelf import day_bit
from bot.storage.stems import Term, terms

s = shelf.c
CLOSE_NAME = 80
"""How alike, in percent, a typed place and a district's name must be."""


def find_programs(tx: Tx, query: FindPrograms, me: Actor) -> Found:
    """R1.2, R7.3. A constant number of statements; none while the catalogue stands as it was when somebody last asked the same."""
    if query.filters.price == "fits":
        return _find_programs(tx, query, me)
    key = query, me.municipality, tx.today(me.municipality)
    return tx.memory.recall(key, REMEMBERED, lambda: _find_programs(tx, query, me))


def _find_programs(tx: Tx, query: FindPrograms, me: Actor) -> Found:
    filters, today = query.filters, tx.today(me.municipality)
    asked, read_as = terms(tx, filters.words) if filters.words else ((), "")
    if any(not term.stems for term in asked):
        return Found(0, 0, 0, (), _place(tx, filters.district), read_as)
    shown_from = tx.policy(me.municipality).rating_shown_from
    guests = guests_of(tx, me.municipality, today)
    shape = Shape.of(filters, len(asked), bool(guests))
    if filters.price == "fits":
        statement = built(shape, or_(s.price == 0, _fits(tx, filters.child, me, today)))
    else:
        statement = statement_of(shape)
    given = {**_given(filters, asked, me.municipality, guests, today), "shown_from": max(shown_from, 1)}

    def rows_of(page: int) -> Sequence[Row[Any]]:
        return tx.sql(statement, {**given, "skipped": page * A_PAGE}).all()

    page, rows = query.page, rows_of(query.page)
    if not rows and page > 0:  # the list has become shorter: its last page
        first = rows_of(0)
        page = (first[0].total - 1) // A_PAGE if first else 0
        rows = rows_of(page)
    total = rows[0].total if rows else 0
    lines = tuple(_line(row, shown_from) for row in rows)
    return Found(total, page, -(-total // A_PAGE), lines, _place(tx, filters.district), read_as)


def _given(filters: Filters, asked: Sequence[Term], mine: int, guests: list[int], today: date) -> dict[str, Any]:
    """The values that a statement of the filters' shape asks for."""
    return {
        "mine": mine,
        "guests": guests,
        "today": today.toordinal(),
        "district": filters.district,
        "age": filters.age,
        "direction": filters.direction.value if filters.direction else "",
        "other_days": sum(day_bit(day) for day in range(1, 8) if day not in filters.days),
        **{f"stems{number}": term.stems for number, term in enumerate(asked)},
    }


def find_news(tx: Tx, filters: Filters, mine: int, today: date) -> list[tuple[str, int]]:
    """What these filters find for a municipality among the morning's news: (kind, program), the best kind first, NEWS at most."""
    asked, _read_as = terms(tx, filters.words) if filters.words else ((), "")
    if any(not term.stems for term in asked):
        return []
    guests = guests_of(tx, mine, today)
    statement = news_of(Shape.of(filters, len(asked), bool(guests)))
    given = {**_given(filters, asked, mine, guests, today), "day": today}
    return [(row.kind, row.program) for row in tx.sql(statement, given)]


def _line(row: Row[Any], shown_from: int) -> ProgramLine:
    return ProgramLine(
        row.program,
        row.name,
        row.provider,
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


def guests_of(tx: Tx, mine: int, today: date) -> list[int]:
    """Providers of other municipalities that have an agreement with mine today."""
    return tx.memory.recall(("guests", mine, today), (agreement, providers), lambda: _guests_of(tx, mine, today))


def _guests_of(tx: Tx, mine: int, today: date) -> list[int]:
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


DISTRICT = select(district.c.name).where(district.c.id == bindparam("district"))


def _place(tx: Tx, number: int) -> str:
    if not number:
        return ""
    return tx.memory.recall(
        ("district", number), (district,), lambda: tx.sql(DISTRICT, {"district": number}).scalar() or ""
    )


# --- before the search ------------------------------------------------------------------------------------------------


def search_places(tx: Tx, query: SearchPlaces, me: Actor) -> tuple[SearchPlace, ...]:
    """R1.2: districts with programs, mine first; a typed name may be a part, or have a typo."""
    mine, today = me.municipality, tx.today(me.municipality)
    places = tx.memory.recall(("places", mine, today), REMEMBERED, lambda: _places(tx, mine, today))
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
