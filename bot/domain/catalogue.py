"""The catalogue (R1): directions and registries, the search and what it finds, a program's card and its price."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Literal

from bot.domain.calendar import Span
from bot.domain.lessons import Lesson
from bot.domain.messages import Query
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Quote


class Direction(StrEnum):
    """R1.1; `russian` is the exact name in documents and imports."""

    TECHNICAL = "technical"
    SCIENCE = "science"
    SPORT = "sport"
    ART = "art"
    TOURISM = "tourism"
    SOCIAL = "social"

    @property
    def russian(self) -> str:
        return DIRECTION_NAMES[self]

    @classmethod
    def named(cls, russian: str) -> "Direction":
        """ValueError for a name that R1.1 does not have."""
        found = [direction for direction, name in DIRECTION_NAMES.items() if name == russian]
        if not found:
            raise ValueError(f"no direction is called {russian!r}")
        return found[0]


DIRECTION_NAMES = {
    Direction.TECHNICAL: "Техническая",
    Direction.SCIENCE: "Естественнонаучная",
    Direction.SPORT: "Физкультурно-спортивная",
    Direction.ART: "Художественная",
    Direction.TOURISM: "Туристско-краеведческая",
    Direction.SOCIAL: "Социально-гуманитарная",
}


class Registry(StrEnum):
    """R1.1: registries of programs; a nominal pays for the certified ones only."""

    CERTIFIED = "certified"
    SIGNIFICANT = "significant"
    PREPROFESSIONAL = "preprofessional"
    GENERAL = "general"
    COMMERCIAL = "commercial"

    @property
    def russian(self) -> str:
        return REGISTRY_NAMES[self]

    @property
    def on_budget(self) -> bool:
        """Paid by the budget itself: neither the certificate nor the family pays (R2.3, R4.8)."""
        return self in (Registry.SIGNIFICANT, Registry.PREPROFESSIONAL, Registry.GENERAL)


REGISTRY_NAMES = {
    Registry.CERTIFIED: "Сертифицированные программы",
    Registry.SIGNIFICANT: "Значимые программы",
    Registry.PREPROFESSIONAL: "Предпрофессиональные программы",
    Registry.GENERAL: "Общеразвивающие программы",
    Registry.COMMERCIAL: "Платные программы",
}

YOUNGEST, OLDEST = 5, 17
"""Ages that a search asks for: those of a certificate (R2.2)."""


def family_price(registry: Registry, price: Money | None) -> Money | None:
    """What a program costs as a family sees it: nothing on the budget, None when the provider has not said."""
    return ZERO if registry.on_budget else price


A_PAGE = 5
"""Programs on a page of the list."""
COUNTED_TO = 1_000
"""Programs beyond a page that are counted; of more it is said that there are more."""

# --- search -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What is looked for; an empty field asks for nothing. `district` 0 is anywhere, `age` 0 is any age."""

    district: int = 0
    age: int = 0
    direction: Direction | None = None
    price: Literal["", "free", "fits"] = ""
    child: int = 0
    """Whose balance the price must fit."""
    days: tuple[int, ...] = ()
    """1 = Monday … 7: groups that meet on no other day."""
    free_seats: bool = False
    words: str = ""
    near: bool = False
    """Places near the district too, the nearest first."""
    most: Money = ZERO
    """What a group may cost at most; ZERO: anything. `monthly`: its price divided by its months; `lesson`: by its lessons."""
    monthly: bool = False
    cheap: bool = False
    """The cheaper ones first."""
    after: time | None = None
    before: time | None = None
    """No lesson begins earlier than `after` or ends later than `before`."""
    lesson: bool = False
    other_age: int = 0
    """Of a second child who is to go there too; the older of the two."""
    unwanted: str = ""
    """Words for what it is not to be about. `avoid`: the same, of a whole direction."""
    avoid: Direction | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A mean of stars ×10 (R7.3): 47 is 4.7; `count` ratings. Exists only when there are enough of them."""

    tenths: int
    count: int


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """A program in a list. `price` is the least of its groups' that were found, per child, of those with a free seat if there are any;
    None: not stated."""

    id: int
    name: str
    provider: str
    registry: Registry
    age_min: int
    age_max: int
    price: Money | None
    several_prices: bool
    free: int
    """Free seats of the groups that were found."""
    score: Score | None = None


@dataclass(frozen=True)
class Looser:
    """How many programs there are without one part of what was asked (parts.py); `near`: when places near are taken too."""

    part: str
    total: int
    more: bool = False
    """There are more than `total`."""


@dataclass(frozen=True)
class Found:
    """A page of a search. `place` is the district's name, `read_as` the words as they were understood after a typo."""

    total: int
    page: int
    pages: int
    lines: tuple[ProgramLine, ...]
    place: str = ""
    read_as: str = ""
    partly: bool = False
    """Nothing has all the words: these have some of them."""
    unknown: str = ""
    """Words that no program has, nor anything like them: they were not looked for."""
    looser: tuple[Looser, ...] = ()
    """When nothing was found: what to ask less for, the most promising first."""
    more: bool = False
    """There are more than `total`, and more pages than `pages`: nobody has counted them."""


@dataclass(frozen=True)
class FindPrograms(Query[Found]):
    """Programs of the reader's municipality, and of others whose provider has an agreement with it (R1.2).

    The best first: by words, free seats, nearness, age, rating, price (storage/ranking.py), then the one known longer; the order is stable. A page
    that is not there any more is the last one.
    """

    filters: Filters
    page: int = 0


@dataclass(frozen=True)
class SearchPlace:
    """A district to search in; `municipality` is named when it is not the reader's own."""

    id: int
    name: str
    municipality: str = ""


@dataclass(frozen=True)
class SearchPlaces(Query[tuple[SearchPlace, ...]]):
    """Districts that have programs, by name, the reader's own first; `typed` leaves those that it may mean."""

    typed: str = ""


@dataclass(frozen=True)
class ChildAge:
    """One of the reader's children to search for."""

    id: int
    name: str
    age: int


@dataclass(frozen=True)
class ChildrenToSearchFor(Query[tuple[ChildAge, ...]]):
    """Whom of my children may a club be for, with their ages today?"""


# --- the card ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupLine:
    """A group of a card. `price` is its module's, as the family sees it; None: not stated."""

    id: int
    name: str
    module: str
    days: Span
    timetable: tuple[Lesson, ...]
    place: str
    address: str
    teacher: str
    seats: int
    free: int
    is_open: bool
    price: Money | None


@dataclass(frozen=True)
class ProgramCard:
    """All that is said of a program before anything is promised. Groups that are over are left out."""

    id: int
    name: str
    description: str
    activity: str
    direction: Direction
    registry: Registry
    age_min: int
    age_max: int
    for_disability: bool
    is_active: bool
    provider: str
    provider_phone: str
    provider_site: str
    provider_open: bool
    """Not banned, its license not lost (R6.13)."""
    agreed: bool
    """The reader's municipality has an agreement with the provider today."""
    municipality: str
    """Named when it is not the reader's."""
    score: Score | None
    provider_score: Score | None
    comments: int
    groups: tuple[GroupLine, ...]
    links: tuple[tuple[str, str], ...] = ()
    """Channel → address that opens this card there."""
    near: Filters = Filters()
    """What finds clubs like it, where it is or was."""
    watched: int = 0
    """The reader's saved search that tells of its news."""


@dataclass(frozen=True)
class OneProgram(Query[ProgramCard | None]):
    """A program's card; None if there is no such program."""

    program: int


@dataclass(frozen=True)
class Comment:
    """A comment that the operator has checked (R7.3)."""

    initials: str
    stars: int
    text: str
    reply: str
    on: date


@dataclass(frozen=True)
class CommentsOn(Query[tuple[Comment, ...]]):
    """A program's checked comments, the latest first."""

    program: int


@dataclass(frozen=True)
class ModulePrice:
    """What a child would pay in the soonest group of a module (R4). `why` says why there is no quote:
    no_certificate | accounting | queued | closed | no_money | unknown | commercial. `price` is that of the days; `capped`: the
    normative is what the certificate's part stops at, not the balance (R4.3)."""

    module: str
    days: Span
    price: Money | None
    quote: Quote | None
    why: str = ""
    capped: bool = False


@dataclass(frozen=True)
class PriceSeen:
    """A program's price for a child; `left` is the balance that the quotes were made with.

    `first`: that money is not there yet, it comes with the first request (R2.3).
    """

    child_name: str
    program: str
    left: Money
    modules: tuple[ModulePrice, ...]
    first: bool = False


@dataclass(frozen=True)
class PriceFor(Query[PriceSeen | None]):
    """The price split for a child (R4); None if the child or the program is not the reader's to see."""

    program: int
    child: int
