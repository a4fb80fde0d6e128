"""Saved searches: «tell me when» a program appears, a place frees, enrollment opens or a price falls; one digest a day at most."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.domain.catalogue import Filters
from bot.domain.messages import AboutPerson, Command, Fact, Query, Refusal

MOST = 12
"""Searches that a person keeps: so many are still read, and a digest of them still has an end."""
LONGEST_DIGEST = 8
"""Programs that a digest names; the rest stands behind its searches."""


class NewsKind(StrEnum):
    """What may be new about a group since yesterday, in the order in which it is told."""

    FREED = "freed"
    OPENED = "opened"
    APPEARED = "appeared"
    CHEAPER = "cheaper"


@dataclass(frozen=True)
class Offer:
    """What a group offers on a morning. `room`: it takes children and has a free seat."""

    price: int | None
    """Kopecks, as the family sees it; None: not stated."""
    is_open: bool
    room: bool


def news_of(was: Offer | None, now: Offer) -> tuple[NewsKind, ...]:
    """What has changed for the better; `was` None for a group that was not there."""
    if was is None:
        return (NewsKind.APPEARED,)
    found = []
    if now.room and not was.room:
        found.append(NewsKind.FREED if was.is_open else NewsKind.OPENED)
    if now.price is not None and was.price is not None and now.price < was.price:
        found.append(NewsKind.CHEAPER)
    return tuple(found)


def kept(filters: Filters) -> Filters:
    """The filters as they are saved: without a child's balance, so that a digest tells nothing about a child (R9.3)."""
    return replace(filters, price="", child=0) if filters.price == "fits" else filters


# --- questions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SavedSearch:
    """One of the reader's. Either `program` with its name, or `filters` with the district's name as `place`."""

    id: int
    filters: Filters
    place: str
    program: int
    program_name: str
    paused: bool


@dataclass(frozen=True)
class MySavedSearches(Query[tuple[SavedSearch, ...]]):
    """The reader's, the oldest first."""


# --- wishes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SaveSearch(Command):
    """Tell me of news: of one program, or of whatever these filters find."""

    filters: Filters = Filters()
    program: int = 0


@dataclass(frozen=True)
class PauseSearch(Command):
    """Say nothing about it for a while, or speak again."""

    search: int
    paused: bool


@dataclass(frozen=True)
class RemoveSearch(Command):
    """Forget it."""

    search: int


# --- what happens -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SearchSaved(Fact):
    """`without_balance`: what hung on a child's balance was left out."""

    search: int
    without_balance: bool = False


@dataclass(frozen=True)
class SearchPaused(Fact):
    """Silent now, or speaking again."""

    search: int
    paused: bool


@dataclass(frozen=True)
class SearchRemoved(Fact):
    """Forgotten."""

    search: int


@dataclass(frozen=True)
class News:
    """Programs with one kind of news."""

    kind: NewsKind
    programs: tuple[int, ...]


@dataclass(frozen=True)
class SavedSearchNews(AboutPerson):
    """The digest of a morning. Nothing in it is about a child, so every channel may carry it."""

    day: date
    news: tuple[News, ...]
    more: bool
    """There is more than it names."""

    @property
    def cause(self) -> str:
        """One a day (R8.2 says at what hour)."""
        return f"saved-search:{self.person}:{self.day}"

    @property
    def programs(self) -> tuple[int, ...]:
        """All that it names."""
        return tuple(dict.fromkeys(program for each in self.news for program in each.programs))


# --- what stands in the way -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SavedAlready(Refusal):
    """The same search, or the same program, is among the reader's."""


@dataclass(frozen=True)
class TooManySearches(Refusal):
    """MOST are kept already."""
