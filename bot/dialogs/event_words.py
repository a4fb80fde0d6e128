"""How events are named: a card, its seats, why somebody cannot come."""

from collections.abc import Iterator
from datetime import datetime

from bot.dialogs.catalogue_words import ages
from bot.dialogs.timetable import WEEKDAYS
from bot.domain.event import (
    AgeDoesNotFitEvent,
    EventCard,
    EventIsCalledOff,
    EventIsFull,
    EventIsOver,
    NotSignedUp,
    SignedUpAlready,
)
from bot.domain.messages import NotYours, Refusal
from bot.i18n import Words, _, joined, n_

LABEL = 40
GONE = _("This is not available.")


def label(name: str) -> str:
    """A name that fits a button."""
    return name if len(name) <= LABEL else name[: LABEL - 1].rstrip() + "…"


def when_words(starts: datetime) -> Words:
    """«Sat, 3 October 12:00»."""
    return joined(", ", (WEEKDAYS[starts.isoweekday()], _("{when}", when=starts)))


def seats_words(free: int | None) -> Words | None:
    """How many may still come; nothing where everybody may."""
    if free is None:
        return None
    return n_("{count} free place", "{count} free places", free) if free else _("no free places")


def card_words(card: EventCard) -> Iterator[Words]:
    """All that a family needs to come."""
    line = card.line
    yield line.title
    yield _("When: {when}", when=when_words(line.starts))
    where = ", ".join(dict.fromkeys(filter(None, (line.place, card.address))))
    if where:
        yield _("Where: {place}", place=where)
    yield _("For: {ages}", ages=ages(line.age_min, line.age_max))
    if (seats := seats_words(line.free)) is not None:
        yield seats
    if card.provider:
        yield card.provider
    if card.description:
        yield ""
        yield card.description


def refusal_words(refusal: Refusal) -> Words:
    """Why not, and what next."""
    match refusal:
        case EventIsOver():
            return _("It has begun already or is over. Please look at the other events.")
        case EventIsCalledOff():
            return _("This event is called off. Please look at the other events.")
        case EventIsFull():
            return _("All places are taken. Look in again later, somebody may cancel, or choose another event.")
        case AgeDoesNotFitEvent(_event, age, youngest, oldest):
            return n_(
                "It is for {ages}, and on that day the child is {count} year old. Please choose another event.",
                "It is for {ages}, and on that day the child is {count} years old. Please choose another event.",
                age,
                ages=ages(youngest, oldest),
            )
        case SignedUpAlready():
            return _("The child is signed up already: see «My sign-ups».")
        case NotSignedUp():
            return _("The sign-up is cancelled already.")
        case NotYours():
            return GONE
    raise TypeError(type(refusal).__name__)
