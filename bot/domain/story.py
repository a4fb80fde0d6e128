"""A child's history, for the municipality: what the staff decided, how its money moved, what it learned, in one order of time."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.enrollment import EnrollmentState
from bot.domain.messages import Query
from bot.domain.money import Money
from bot.domain.movements import Line
from bot.domain.trail import TrailLine


@dataclass(frozen=True)
class Learned:
    """One of the child's enrollments, for the staff. `by`: guardian | provider made it; `ended_by` as in NoticeGiven."""

    enrollment: int
    program: str
    provider: str
    group: str
    state: EnrollmentState
    by: str
    start: date | None
    stop: date | None
    ends_on: date | None
    certificate: Money
    """What the certificate pays in all, and the family."""
    family: Money
    ended_by: str
    reason: str
    disputed: bool
    made_at: datetime
    concluded_on: date | None
    changed_at: datetime


@dataclass(frozen=True)
class EnrollmentsOf(Query[tuple[Learned, ...]]):
    """All enrollments of a child of the operator's, the latest first."""

    child: int


class Turning(StrEnum):
    """What of an enrollment stands in the history: that it was asked for, concluded, and how it ended."""

    MADE = "made"
    CONCLUDED = "concluded"
    ENDED = "ended"


@dataclass(frozen=True)
class Step:
    """A point of an enrollment."""

    learned: Learned
    turning: Turning


@dataclass(frozen=True)
class Happening:
    """Something that happened, at that local time."""

    at: datetime
    what: TrailLine | Line | Step


@dataclass(frozen=True)
class Story:
    """A page of a child's history, the latest first. `certificate`: its latest one."""

    child: int
    name: str
    certificate: int
    happenings: tuple[Happening, ...]


@dataclass(frozen=True)
class StoryOf(Query["Story | None"]):
    """A child's history; None if the child is not the operator's."""

    child: int
    skip: int = 0
    most: int | None = None
