"""What is said to the staff about events, in the office and in a terminal."""

from collections.abc import Mapping

from bot.domain.event import (
    EventAdded,
    EventCalledOff,
    EventIsCalledOff,
    EventIsOver,
    ReasonForFamilies,
    WrongEvent,
)
from bot.domain.messages import Fact, NotYours
from bot.i18n import Words, _, n_

WRONG: Mapping[str, Words] = {
    "title": _("An event needs a title of at most 200 characters."),
    "description": _("The description fits 2,000 characters, the address 200."),
    "starts": _("An event must be in the future; the time is the municipality's local time."),
    "ages": _("The ages make no sense: the lower one comes first."),
    "seats": _("There must be at least one seat; leave it out if everybody may come."),
    "district": _("There is no such district in this municipality."),
    "provider": _("There is no such provider in this municipality."),
}


def told(fact: Fact) -> Words:
    """What came of it."""
    match fact:
        case EventAdded(number):
            return _("The event is published, its number is {number}.", number=str(number))
        case WrongEvent(what):
            return WRONG[what]
        case EventCalledOff(_event, children):
            return n_(
                "The event is called off; the family of {count} child is told.",
                "The event is called off; the families of {count} children are told.",
                children,
            )
        case EventIsOver():
            return _("The event has begun or is over, so it cannot be called off.")
        case EventIsCalledOff():
            return _("The event is called off already.")
        case ReasonForFamilies():
            return _("Say why: the families will read it.")
        case NotYours():
            return _("This is not available.")
    raise TypeError(type(fact).__name__)
