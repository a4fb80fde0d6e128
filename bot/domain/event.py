"""Events: master classes and open days. Found by everybody, signed up for by families, called off by the staff."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import age_on
from bot.domain.messages import AboutChild, Command, Fact, Query, Refusal

A_PAGE = 5
"""Events on a page of the list."""
AGES = range(3, 18)
"""Ages that the list may be asked for."""
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 2_000


# --- questions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EventLine:
    """An event in a list. `starts` is in the municipality's zone; `free` None: as many as come."""

    id: int
    title: str
    starts: datetime
    place: str
    age_min: int
    age_max: int
    free: int | None


@dataclass(frozen=True)
class EventsFound:
    """A page of the coming events; `place` is the name of the district that was asked for."""

    total: int
    page: int
    pages: int
    lines: tuple[EventLine, ...]
    place: str = ""


@dataclass(frozen=True)
class FindEvents(Query[EventsFound]):
    """Coming events of the reader's municipality, the soonest first; `district` 0 is anywhere, `age` 0 any age.

    A page that is not there any more is the last one.
    """

    district: int = 0
    age: int = 0
    page: int = 0


@dataclass(frozen=True)
class EventPlace:
    """A district with coming events."""

    id: int
    name: str


@dataclass(frozen=True)
class EventPlaces(Query[tuple[EventPlace, ...]]):
    """Where are there coming events? By name."""


@dataclass(frozen=True)
class EventCard:
    """All that is said of an event; `why_not`: why nobody can sign up any more."""

    line: EventLine
    description: str
    address: str
    provider: str
    why_not: Refusal | None = None


@dataclass(frozen=True)
class OneEvent(Query["EventCard | None"]):
    """An event's card; None if there is none."""

    event: int


@dataclass(frozen=True)
class ChildForEvent:
    """A child of mine that I may sign up; `why_not`: why not for this event."""

    id: int
    name: str
    why_not: Refusal | None = None


@dataclass(frozen=True)
class ChildrenForEvent(Query[tuple[ChildForEvent, ...]]):
    """Which of my children can come? Only those for whom I may decide, or the child itself in its own chat."""

    event: int


@dataclass(frozen=True)
class SignupSeen:
    """A child's sign-up. `may_cancel`: whoever looks may take it back, and it is not too late."""

    child: int
    child_name: str
    card: EventCard
    may_cancel: bool


@dataclass(frozen=True)
class OneSignup(Query["SignupSeen | None"]):
    """A sign-up of a child that I may see; None if there is none."""

    event: int
    child: int


@dataclass(frozen=True)
class SignupLine:
    """A coming event of one of my children."""

    event: int
    child: int
    child_name: str
    title: str
    starts: datetime
    called_off: bool


@dataclass(frozen=True)
class MySignups(Query[tuple[SignupLine, ...]]):
    """What my children are signed up for, the soonest first; nothing that is over."""


@dataclass(frozen=True)
class CalendarFile(Query[str]):
    """The event for a phone's calendar, as iCalendar (RFC 5545); empty if there is no such event."""

    event: int


@dataclass(frozen=True)
class EventWork:
    """An event as the staff sees it."""

    line: EventLine
    district: str
    provider: str
    called_off: bool
    signed_up: int


@dataclass(frozen=True)
class ListEventWork(Query[tuple[EventWork, ...]]):
    """The operator's or the provider's events that are not over; `past`: those that are, the latest first; `only`: this one, over or not.

    `skip` and `most` are for pages of a long list.
    """

    past: bool = False
    only: int = 0
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Guest:
    """Somebody who comes, with a phone of the family."""

    name: str
    age: int
    phone: str


@dataclass(frozen=True)
class GuestsOf(Query["tuple[Guest, ...] | None"]):
    """Who is signed up, in order; None if the event is not theirs."""

    event: int


# --- wishes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignUp(Command):
    """A child comes to an event."""

    event: int
    child: int


@dataclass(frozen=True)
class CancelSignup(Command):
    """The child does not come after all."""

    event: int
    child: int


@dataclass(frozen=True)
class AddEvent(Command):
    """Publish an event; `starts` is the municipality's local time, `seats` None: as many as come. A provider's is its own, at home."""

    municipality: int
    title: str
    starts: datetime
    age_min: int
    age_max: int
    seats: int | None = None
    description: str = ""
    address: str = ""
    district: str = ""
    """By its name; empty: the whole municipality."""
    provider: int = 0


@dataclass(frozen=True)
class CallOffEvent(Command):
    """It will not take place; the families are told why."""

    event: int
    reason: str


# --- what happens -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignedUp(AboutChild):
    """The child has a place; `starts` in the event's zone."""

    event: int
    starts: datetime


@dataclass(frozen=True)
class SignupCancelled(AboutChild):
    """The place is free again."""

    event: int


@dataclass(frozen=True)
class EventTomorrow(AboutChild):
    """It is tomorrow; `starts` in the event's zone."""

    event: int
    starts: datetime

    @property
    def cause(self) -> str:
        return f"event:{self.event}:{self.child}"


@dataclass(frozen=True)
class EventLost(AboutChild):
    """An event that the child was signed up for was called off."""

    event: int
    starts: datetime
    reason: str

    @property
    def cause(self) -> str:
        return f"lost:{self.event}:{self.child}"


@dataclass(frozen=True)
class EventAdded(Fact):
    """It can be found."""

    event: int


@dataclass(frozen=True)
class EventCalledOff(Fact):
    """So many signed-up children's families are told."""

    event: int
    children: int


# --- what stands in the way -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EventIsOver(Refusal):
    """It has begun, or is over."""

    event: int


@dataclass(frozen=True)
class EventIsCalledOff(Refusal):
    """It does not take place."""

    event: int


@dataclass(frozen=True)
class EventIsFull(Refusal):
    """No seat is left."""

    event: int


@dataclass(frozen=True)
class AgeDoesNotFitEvent(Refusal):
    """On its day the child is younger or older than the event is for."""

    event: int
    age: int
    age_min: int
    age_max: int


@dataclass(frozen=True)
class SignedUpAlready(Refusal):
    """Once for a child."""

    event: int
    child: int


@dataclass(frozen=True)
class NotSignedUp(Refusal):
    """There is nothing to cancel: somebody has done it already."""

    event: int


@dataclass(frozen=True)
class WrongEvent(Refusal):
    """An event that makes no sense; `what` is the field: title, description, starts, ages, seats, district, provider."""

    what: str


@dataclass(frozen=True)
class ReasonForFamilies(Refusal):
    """An event is called off with a reason: the families will read it."""

    event: int


# --- rules ------------------------------------------------------------------------------------------------------------


def over(event: int, starts: datetime, now: datetime, called_off: bool) -> Refusal | None:
    """Why nobody can sign up or cancel any more."""
    if called_off:
        return EventIsCalledOff(event)
    return EventIsOver(event) if starts <= now else None


def fits(event: int, born: date, day: date, age_min: int, age_max: int) -> Refusal | None:
    """The age counts on the day of the event."""
    age = age_on(born, day)
    return None if age_min <= age <= age_max else AgeDoesNotFitEvent(event, age, age_min, age_max)
