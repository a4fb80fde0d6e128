"""What a municipality writes to a chosen audience: counted before it is sent, told to each person once, stopped at any time."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendar import born_by
from bot.domain.catalogue import Direction
from bot.domain.certificate import CertificateKind
from bot.domain.messages import AboutPerson, Command, Fact, Query, Refusal

LONGEST = 3_000
"""Characters: with its heading it is one message in every messenger."""
AGES = range(0, 19)


@dataclass(frozen=True)
class Audience:
    """Whom it is for: everybody of the municipality, or families with a child that fits all that is named. People without a chat that
    works, or who have switched these messages off, are not in it."""

    district: int = 0
    direction: Direction | None = None
    """The child learns in a program of it."""
    kind: CertificateKind | None = None
    """The child has a certificate of it in use."""
    age_min: int | None = None
    age_max: int | None = None

    @property
    def all(self) -> bool:
        """Nothing is asked of a child."""
        return self == Audience()


class AnnouncementState(StrEnum):
    """It goes out; or somebody has stopped it; or everybody has been told."""

    GOING = "going"
    STOPPED = "stopped"
    DONE = "done"


# --- questions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountAudience(Query[int]):
    """How many people of the operator's municipality that would be."""

    audience: Audience


@dataclass(frozen=True)
class AnnouncementSeen:
    """An announcement as its operator sees it. `people` were counted before it was sent; `unsent`: failed, or stopped."""

    id: int
    words: str
    words_en: str
    audience: Audience
    district: str
    state: AnnouncementState
    made_at: datetime
    """The municipality's time."""
    people: int
    sent: int
    unsent: int

    @property
    def left(self) -> int:
        """Those who wait for it still."""
        return max(self.people - self.sent - self.unsent, 0)


@dataclass(frozen=True)
class ListAnnouncements(Query[tuple[AnnouncementSeen, ...]]):
    """The operator's, the latest first; those that go out are counted."""

    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class OneAnnouncement(Query["AnnouncementSeen | None"]):
    """One of the operator's; None if there is none."""

    announcement: int


# --- wishes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Announce(Command):
    """Write to an audience. `words_en` may be empty: then everybody reads the Russian words."""

    municipality: int
    words: str
    words_en: str
    audience: Audience


@dataclass(frozen=True)
class StopAnnouncement(Command):
    """Whoever has not been told yet is not told any more."""

    announcement: int


# --- what happens -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnnouncementMade(Fact):
    """It goes out from the next minute on."""

    announcement: int
    people: int


@dataclass(frozen=True)
class AnnouncementStopped(Fact):
    """It goes no further."""

    announcement: int


@dataclass(frozen=True)
class Announced(AboutPerson):
    """The municipality's words to all, told to one person in their language. Nothing about a child is in it, so that every channel carries it (R9.3)."""

    announcement: int
    language: str

    @property
    def cause(self) -> str:
        return f"announcement:{self.announcement}"


# --- what stands in the way -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WrongAnnouncement(Refusal):
    """What is wrong: words | words_en | district | ages."""

    what: str


@dataclass(frozen=True)
class NobodyToTell(Refusal):
    """The audience is empty."""


@dataclass(frozen=True)
class NotGoing(Refusal):
    """It is over, or stopped already."""

    state: AnnouncementState


# --- rules ------------------------------------------------------------------------------------------------------------


def born_between(today: date, age_min: int | None, age_max: int | None) -> tuple[date | None, date | None]:
    """(after, until): a child of these ages was born after the one day and on the other at the latest; None: no bound."""
    return (
        None if age_max is None else born_by(today, age_max + 1),
        None if age_min is None else born_by(today, age_min),
    )
