"""Where a reader may search (R1.2): districts with programs, and providers of other municipalities; and for which child."""

from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz
from rapidfuzz.process import extract
from sqlalchemy import ColumnElement, and_, exists, or_, select

from bot.domain.calendar import age_on
from bot.domain.catalogue import ChildAge, ChildrenToSearchFor, SearchPlace, SearchPlaces
from bot.domain.family import MyChildren
from bot.domain.messages import Actor
from bot.storage.schema import agreement, district, municipality, shelf
from bot.storage.schema import provider as providers
from bot.storage.tx import Tx

s = shelf.c
MADE_OF = (shelf, district, municipality, agreement, providers)
"""Tables that say where one may search: a seat taken or a word more changes nothing of it."""
CLOSE_NAME = 80
"""How alike, in percent, a typed place and a district's name must be."""


@dataclass(frozen=True)
class Guest:
    """A provider of another municipality."""

    provider: int
    home: int


def guests_of(tx: Tx, mine: int, today: date) -> list[int]:
    """Providers of other municipalities that have an agreement with mine today."""
    return [guest.provider for guest in guests(tx, mine, today)]


def guests(tx: Tx, mine: int, today: date) -> list[Guest]:
    """The same with the municipalities that they are of."""
    return tx.memory.recall(("guests", mine, today), (agreement, providers), lambda: _guests(tx, mine, today))


def _guests(tx: Tx, mine: int, today: date) -> list[Guest]:
    a = agreement.c
    return [
        Guest(row.provider, row.municipality)
        for row in tx.rows(
            select(a.provider, providers.c.municipality)
            .join(providers, providers.c.id == a.provider)
            .where(a.municipality == mine, providers.c.municipality != mine, a.start <= today)
            .where(or_(a.stop.is_(None), a.stop >= today))
        )
    ]


CLOSED = select(providers.c.id).where(providers.c.state != "active")


def closed(tx: Tx) -> list[int]:
    """Providers that take nobody (R6.13): few, anywhere."""
    return tx.memory.recall("closed", (providers,), lambda: [row.id for row in tx.rows(CLOSED)])


def search_places(tx: Tx, query: SearchPlaces, me: Actor) -> tuple[SearchPlace, ...]:
    """R1.2: districts with programs, mine first; a typed name may be a part, or have a typo."""
    mine, today = me.municipality, tx.today(me.municipality)
    places = tx.memory.recall(("places", mine, today), MADE_OF, lambda: _places(tx, mine, today))
    return tuple(places) if not query.typed else _meant(places, query.typed)


def _places(tx: Tx, mine: int, today: date) -> list[SearchPlace]:
    theirs = guests_of(tx, mine, today)
    here = s.municipality == mine, s.district == district.c.id
    reach: ColumnElement[bool] = and_(district.c.municipality == mine, exists().where(*here))
    if theirs:
        reach = or_(reach, district.c.id.in_(select(s.district).where(s.provider.in_(theirs))))
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
    if len(wanted) > max((len(place.name) for place in places), default=0) + 2:
        return ()  # a whole line, of which a place is perhaps a part
    near = extract(wanted, [_plain(place.name) for place in places], scorer=fuzz.ratio, score_cutoff=CLOSE_NAME)
    return tuple(places[index] for _name, _alike, index in near)


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").replace("-", " ").split())


def children_to_search_for(tx: Tx, query: ChildrenToSearchFor, me: Actor) -> tuple[ChildAge, ...]:
    """Mine, with their ages today."""
    today = tx.today(me.municipality)
    return tuple(
        ChildAge(child.id, child.first_name, age_on(child.birth_date, today)) for child in tx.read(MyChildren(), me)
    )
