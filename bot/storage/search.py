"""The search: one statement finds, counts and ranks a page; a second one when no program has all the words, and one for each part to give up when
there is nothing at all."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    and_,
    bindparam,
    case,
    false,
    literal,
    or_,
    select,
)

from bot.domain import ledger as book
from bot.domain.calendar import DAY
from bot.domain.catalogue import (
    A_PAGE,
    COUNTED_TO,
    Filters,
    FindPrograms,
    Found,
    Looser,
    ProgramLine,
    Registry,
    Score,
    SearchPlace,
    SearchPlaces,
)
from bot.domain.messages import Actor, person
from bot.domain.money import Money
from bot.domain.parts import named, without
from bot.storage.distances import RINGS, rings
from bot.storage.family import may_see
from bot.storage.ledger import balance
from bot.storage.memory import REMEMBERED
from bot.storage.places import MADE_OF, closed, guests, search_places
from bot.storage.ready import listed
from bot.storage.schema import (
    certificate,
    district,
    funding_period,
    program_stem,
    shelf,
)
from bot.storage.search_shape import Shape
from bot.storage.search_statement import Loosened, built, counted, counts_of, news_of, statement_of
from bot.storage.shelf import day_bit
from bot.storage.tx import Tx
from bot.storage.vocabulary import Asked, asked, stems_of

s = shelf.c
COUNTED = (*MADE_OF, program_stem)
"""Tables that a total is made of."""


def find_programs(tx: Tx, query: FindPrograms, me: Actor) -> Found:
    """R1.2, R7.3. A constant number of statements; none while the catalogue stands as it was when somebody last asked the same."""
    if query.filters.price == "fits":
        return _find_programs(tx, query, me)
    key = query, me.municipality, tx.today(me.municipality)
    return tx.memory.recall(key, REMEMBERED, lambda: _find_programs(tx, query, me))


def _find_programs(tx: Tx, query: FindPrograms, me: Actor) -> Found:
    search = Search.of(tx, query.filters, me)
    place = _place(tx, query.filters.district)
    less = _less(tx, search, query.filters, me)
    page, rows = (0, ()) if less.finds_nothing(tx) else _page(tx, search, query.page)
    if not rows and len(search.asked.terms) > 1:
        search = replace(search, shape=replace(search.shape, partly=True))
        page, rows = _page(tx, search, query.page)
    read_as, unknown = search.asked.read_as, search.asked.unknown
    if not rows:
        return Found(0, 0, 0, (), place, read_as, False, unknown, less.looser(tx))
    shown_from = tx.policy(me.municipality).rating_shown_from
    lines = tuple(_line(row, shown_from) for row in rows)
    total, more = _told(rows[0].total, page)
    return Found(total, page, -(-total // A_PAGE), lines, place, read_as, search.shape.partly, unknown, more=more)


@dataclass(frozen=True)
class Search:
    """What is looked for, ready for a statement. `fits`: what a balance allows, and how much it is."""

    shape: Shape
    given: Mapping[str, Any]
    asked: Asked
    fits: tuple[ColumnElement[bool], ...] = ()

    @classmethod
    def of(cls, tx: Tx, filters: Filters, me: Actor) -> "Search":
        today = tx.today(me.municipality)
        words = asked(tx, filters.words) if filters.words else Asked(())
        others, shut = guests(tx, me.municipality, today), closed(tx)
        given: dict[str, Any] = {
            "mine": me.municipality,
            "guests": [guest.provider for guest in others],
            "homes": sorted({guest.home for guest in others}),
            "closed": shut,
            "today": today.toordinal(),
            "district": filters.district,
            "age": filters.age,
            "oldest": filters.other_age or filters.age,
            "avoid": filters.avoid.value if filters.avoid else "",
            "unwanted": stems_of(tx, filters.unwanted, alike=not filters.words) if filters.unwanted else (),
            "direction": filters.direction.value if filters.direction else "",
            "most": filters.most.kopecks,
            "other_days": sum(day_bit(day) for day in range(1, 8) if day not in filters.days),
            "after": filters.after,
            "before": filters.before,
            "walked": COUNTED_TO + 1,
        }
        for number, term in enumerate(words.terms):
            given |= {f"stems{number}": term.stems, f"own{number}": term.own, f"alike{number}": term.alike}
        if filters.near:
            given |= _nearness(tx, filters.district, me)
        fits: tuple[ColumnElement[bool], ...] = ()
        if filters.price == "fits":
            pays, given["balance"] = _fits(tx, filters.child, me, today)
            fits = (or_(s.price == 0, pays),)
        shape = Shape(bool(others), bool(shut), alike=any(term.alike for term in words.terms))
        return cls(shape.asking(filters, len(words.terms)), given, words, fits)

    def shaped(self, filters: Filters) -> Shape:
        """The shape of other filters with the same values."""
        return self.shape.asking(filters, len(self.asked.terms))

    def counts(self, tx: Tx, shapes: Loosened, **given: Any) -> Sequence[int]:
        """How many programs each of these shapes finds with the same values."""
        values, dialect = {**self.given, **given}, tx.connection.dialect.name
        if self.fits:
            return tuple(tx.sql(counted(shapes, *self.fits), values).one())
        return tuple(tx.sql(counts_of(shapes, dialect), listed(values, dialect)).one())

    @property
    def hopeless(self) -> bool:
        """None of the words is in any program."""
        return bool(self.asked.unknown) and not self.asked.terms


def _page(tx: Tx, search: Search, page: int) -> tuple[int, Sequence[Row[Any]]]:
    """The page that is asked for, or the last one when the list has become shorter."""
    if search.hopeless:
        return 0, ()
    dialect = tx.connection.dialect.name

    def rows_of(number: int) -> Sequence[Row[Any]]:
        skipped = number * A_PAGE
        given = {**search.given, "skipped": skipped, "walked": skipped + COUNTED_TO + 1}
        if search.fits:
            return tx.sql(built(search.shape, *search.fits), given).all()
        return tx.sql(statement_of(search.shape, dialect), listed(given, dialect)).all()

    rows = rows_of(page)
    if not rows and page > 0:
        (total,) = search.counts(tx, (("total", search.shape),), walked=page * A_PAGE)
        page = max(total - 1, 0) // A_PAGE
        rows = rows_of(page)
    return page, rows


def _told(total: int, page: int) -> tuple[int, bool]:
    """How many there are, and whether that is not all: nobody needs the exact number of many."""
    most = page * A_PAGE + COUNTED_TO
    return min(total, most), total > most


def find_news(tx: Tx, filters: Filters, mine: int, today: date) -> list[tuple[str, int]]:
    """What these filters find for a municipality among the morning's news: (kind, program), the best kind first, NEWS at most."""
    search = Search.of(tx, filters, person(0, mine))
    if search.hopeless:
        return []
    dialect = tx.connection.dialect.name
    given = listed({**search.given, "day": today}, dialect)
    return [(row.kind, row.program) for row in tx.sql(news_of(search.shape, dialect), given)]


@dataclass(frozen=True)
class Less:
    """A search with each part by itself given up. Others may have given up the rest: each total is remembered under all that it depends on."""

    search: Search
    parts: Sequence[tuple[str, Filters]]
    keys: Sequence[Hashable]

    def finds_nothing(self, tx: Tx) -> bool:
        """Whether it is known that even less was asked in vain."""
        return 0 in tx.memory.known(self.keys, COUNTED)

    def looser(self, tx: Tx) -> tuple[Looser, ...]:
        """What finds something, the most promising first; one statement counts what is not known yet."""
        count = partial(self._count, tx)
        everything = range(len(self.parts))
        totals = count(everything) if self.search.fits else tx.memory.recall_all(self.keys, COUNTED, count)
        found = [(part, total) for (part, _other), total in zip(self.parts, totals, strict=True) if total]
        return tuple(Looser(part, *_told(total, 0)) for part, total in sorted(found, key=lambda each: -each[1]))

    def _count(self, tx: Tx, places: Sequence[int]) -> Sequence[int]:
        loosened = tuple((part, self.search.shaped(other)) for part, other in map(self.parts.__getitem__, places))
        return self.search.counts(tx, loosened) if loosened else ()


def _less(tx: Tx, search: Search, filters: Filters, me: Actor) -> Less:
    others = {part: without(filters, part) for part in named(filters) if part != "near"}
    if filters.district and not filters.near:
        others["near"] = replace(filters, near=True)
    parts = [(part, other) for part, other in others.items() if not (search.hopeless and other.words)]
    given = {**search.given, **_nearness(tx, filters.district, me)}
    near, here = tuple(sorted(given["near"])), (me.municipality, tx.today(me.municipality))
    keys = [
        ("total", *here, *((near, replace(other, district=0)) if other.near else ((), other))) for _part, other in parts
    ]  # a place is as good as another that the same ones are near to
    return Less(replace(search, given=given), parts, keys)


def _nearness(tx: Tx, center: int, me: Actor) -> dict[str, Any]:
    """Values for what is near a district."""
    found = _rings(tx, center, me) if center else tuple([] for _ring in RINGS)
    return {"near": [place for ring in found for place in ring], **{f"ring{n}": ring for n, ring in enumerate(found)}}


def _line(row: Row[*tuple[Any, ...]], shown_from: int) -> ProgramLine:
    """Of a row of `search_statement.built`, taken apart at once: to ask it for each value by name takes longer than all the rest."""
    number, _points, free, price, highest, name, registry, age_min, age_max, stars, ratings, provider, _total = row
    return ProgramLine(
        number,
        name,
        provider,
        Registry(registry),
        age_min,
        age_max,
        None if price is None else Money(price),
        price != highest,
        int(free),
        score(stars, ratings, shown_from),
    )


def score(stars: int, ratings: int, shown_from: int) -> Score | None:
    """R7.3: a mean to a tenth, half up, when there are enough ratings."""
    return Score((20 * stars + ratings) // (2 * ratings), ratings) if ratings >= max(shown_from, 1) else None


def _fits(tx: Tx, child: int, me: Actor, today: date) -> tuple[ColumnElement[bool], int]:
    """The certificate pays all (R4.3): the days from tomorrow on, in whole kopecks, half up, against each open period's balance.
    And the largest of these balances."""
    if not may_see(tx, me, child):
        return false(), 0
    active = certificate.c.child == child, certificate.c.state == "active", certificate.c.kind == "funded"
    mine = tx.row(select(certificate.c.id, certificate.c.municipality).where(*active))
    if mine is None:
        return false(), 0
    opened = funding_period.c.municipality == mine.municipality, funding_period.c.state == "open"
    tomorrow = (today + DAY).toordinal()
    start = case((s.start > tomorrow, s.start), else_=tomorrow)
    fitting, most = [], 0
    for period in tx.rows(select(funding_period).where(*opened)):
        kopecks = balance(tx, book.certificate(mine.id, period.id)).kopecks
        most = max(most, kopecks)
        first, last = period.start.toordinal(), period.stop.toordinal()
        days = case((s.stop < last, s.stop), else_=last) - start + 1
        pays = 2 * s.price * days < literal(2 * kopecks + 1, BigInteger) * (s.stop - s.start + 1)
        fitting.append(and_(start.between(first, last), start <= s.stop, pays))
    normal = or_(s.normative.is_(None), s.normative >= s.price)
    certified = s.registry == Registry.CERTIFIED.value
    return and_(certified, s.price.is_not(None), normal, or_(false(), *fitting)), most


DISTRICT = select(district.c.name).where(district.c.id == bindparam("district"))


def _place(tx: Tx, number: int) -> str:
    if not number:
        return ""
    return tx.memory.recall(
        ("district", number), (district,), lambda: tx.sql(DISTRICT, {"district": number}).scalar() or ""
    )


def _rings(tx: Tx, center: int, me: Actor) -> tuple[list[int], ...]:
    """The chosen place and those around it."""
    key = "rings", center, me.municipality, tx.today(me.municipality)
    return tx.memory.recall(key, MADE_OF, lambda: _read_rings(tx, center, me))


def _read_rings(tx: Tx, center: int, me: Actor) -> tuple[list[int], ...]:
    places = search_places(tx, SearchPlaces(), me)
    chosen = next((place for place in places if place.id == center), SearchPlace(center, _place(tx, center)))
    return rings(chosen, {chosen.id: chosen, **{place.id: place for place in places}}.values())
