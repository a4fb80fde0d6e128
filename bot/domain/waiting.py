"""A waiting list (R6.11): who stands in it, what is offered when a seat frees, what a family answers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_seen import GroupOpen
from bot.domain.gate_refusals import (
    DifferentNow,
    LessonsClash,
    NotEnoughMoney,
    OutsideGroupDates,
    PeriodNotOpen,
    StartsTooEarly,
)
from bot.domain.messages import AboutChild, Command, Fact, Query, Refusal
from bot.domain.pricing import Quote

MENDABLE = (DifferentNow, LessonsClash, NotEnoughMoney, OutsideGroupDates, PeriodNotOpen, StartsTooEarly)
"""Refusals that another day or another look mends at once: the offer stands."""
TIMES_KEPT = 1
"""How often a place is kept by whoever did not take it."""


def answer_by(told_at: datetime, hours: int) -> datetime:
    """R6.11: an offer's end: so many hours after its notice may be delivered."""
    return told_at + timedelta(hours=hours)


def not_taken(skipped: int) -> EnrollmentState:
    """Where an offer leads that was skipped or could not be taken: back into the list once, then out of it (R6.11)."""
    return EnrollmentState.WAITLISTED if skipped < TIMES_KEPT else EnrollmentState.LEFT


# --- what is wished ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WaitForPlace(Command):
    """Stand in the waiting list of a group that has no free seat."""

    child: int
    group: int


@dataclass(frozen=True)
class LeaveWaitingList(Command):
    """The family does not wait any longer, or gives back what was offered."""

    enrollment: int


@dataclass(frozen=True)
class SkipPlace(Command):
    """Not this time: the seat goes to the next family, the place in the list is kept once."""

    enrollment: int


@dataclass(frozen=True)
class TakePlace(Command):
    """Take the offered seat through the whole gate (R6.2), at the price that was `seen`; the rest as in a request."""

    enrollment: int
    start: date
    seen: Quote
    pays: bool = False
    all_the_same: bool = False


@dataclass(frozen=True)
class StrikeFromList(Command):
    """The provider or the municipality takes a family off the list, for a reason that the family reads."""

    enrollment: int
    reason: str


# --- what has happened ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waitlisted(AboutChild):
    """The child stands in the list, as the `place`-th."""

    enrollment: int
    place: int


@dataclass(frozen=True)
class PlaceOffered(AboutChild):
    """A seat is kept for the child until that local time."""

    enrollment: int
    until: datetime


@dataclass(frozen=True)
class PlaceSkipped(AboutChild):
    """The seat goes on, the child stays in the list as the `place`-th."""

    enrollment: int
    place: int


@dataclass(frozen=True)
class PlaceNotTaken(AboutChild):
    """The gate refused at taking. `kept`: the child stands in the list again; else that was the second time."""

    enrollment: int
    why: Fact
    kept: bool


@dataclass(frozen=True)
class PlaceLapsed(AboutChild):
    """Nobody answered in time; the seat goes to the next family."""

    enrollment: int


@dataclass(frozen=True)
class LeftWaitingList(AboutChild):
    """The child is not in the list any more. `by` and `reason` as in NoticeGiven."""

    enrollment: int
    by: str
    reason: str


# --- why not ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SeatIsFree(Refusal):
    """Nothing to wait for: a seat can be requested right now."""

    program: int
    child: int
    group: int


@dataclass(frozen=True)
class OfferIsOver(Refusal):
    """The time for this answer is up; the seat goes to the next family."""

    enrollment: int


# --- what is asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToWaitFor:
    """What joining would mean."""

    child_name: str
    program_name: str
    provider: str
    group: GroupOpen
    ahead: int
    """Families in the list already."""
    hours: int
    """How long an offer stands."""


@dataclass(frozen=True)
class WeighWaiting(Query[ToWaitFor | Refusal]):
    """The list of a group as a family looks at it before joining, or why the child cannot."""

    child: int
    group: int


@dataclass(frozen=True)
class InLine:
    """One of a list, for the staff. `until`: a seat is offered until then, local time."""

    id: int
    group: int
    program: str
    group_name: str
    number: str
    child_name: str
    place: int
    until: datetime | None
    skipped: bool


@dataclass(frozen=True)
class ListWaiting(Query[tuple[InLine, ...]]):
    """Who waits for the groups of my provider or municipality, in order; `group` 0: for any of them."""

    group: int = 0
