"""What is said to the staff about programs, modules and groups."""

from collections.abc import Mapping

from bot.dialogs.catalogue_words import DIRECTIONS
from bot.domain.catalogue import Registry
from bot.domain.catalogue_staff import (
    GroupSaved,
    LearnersOutside,
    ModuleSaved,
    NormativeNeeded,
    NotProposed,
    ProgramDecided,
    ProgramSaved,
    RegistryDecides,
    SeatsTaken,
    WrongField,
)
from bot.domain.messages import Fact
from bot.i18n import Words, _, n_

__all__ = ["DIRECTIONS", "REGISTRIES", "STATES", "told"]

REGISTRIES: Mapping[Registry, Words] = {
    Registry.CERTIFIED: _("certified: the certificate pays"),
    Registry.SIGNIFICANT: _("significant: on the budget"),
    Registry.PREPROFESSIONAL: _("pre-professional: on the budget"),
    Registry.GENERAL: _("general: on the budget"),
    Registry.COMMERCIAL: _("commercial: the family pays"),
}
STATES: Mapping[str, Words] = {
    "active": _("in the catalogue"),
    "archived": _("in the archive"),
    "proposed": _("proposed, waits for the municipality"),
    "returned": _("returned to the provider"),
}
WRONG: Mapping[str, Words] = {
    "name": _("A name has 1 to 200 characters."),
    "activity": _("The kind of activity has at most 200 characters."),
    "description": _("The description has at most 4000 characters."),
    "ages": _("The ages make no sense: the lower one comes first."),
    "price": _("A price is not below zero."),
    "days": _("The first day comes before the last one."),
    "seats": _("A group has 1 to 1000 seats."),
    "address": _("Address and teacher have at most 200 characters each."),
    "district": _("There is no such district in the municipality."),
    "timetable": _("A lesson ends after it begins, and a group has at most 30 in a week."),
    "words": _("Say what is to be mended: the provider reads it."),
}


def told(fact: Fact) -> Words:
    """What came of a command."""
    match fact:
        case ProgramSaved() | ModuleSaved():
            return _("Saved.")
        case GroupSaved(told=count):
            if count:
                return n_("Saved; {count} family is told.", "Saved; {count} families are told.", count)
            return _("Saved.")
        case ProgramDecided(accepted=True):
            return _("The program is in the registry: families find it.")
        case ProgramDecided():
            return _("The program is back at its provider, with your words.")
        case WrongField(what):
            return WRONG[what]
        case SeatsTaken(taken):
            return n_(
                "{count} seat is taken: there cannot be fewer.",
                "{count} seats are taken: there cannot be fewer.",
                taken,
            )
        case LearnersOutside(children, start, stop):
            return n_(
                "{count} child learns on days that would fall away. The group goes at least from {start} to {stop}; or open a new one.",
                "{count} children learn on days that would fall away. The group goes at least from {start} to {stop}; or open a new one.",
                children,
                start=start,
                stop=stop,
            )
        case RegistryDecides():
            return _(
                "Name, direction, registry and ages of a program in the registry are the municipality's. Ask it to change them."
            )
        case NormativeNeeded():
            return _(
                "The municipality has set no normative for this part, so its price cannot rise. Add it without a price, or ask the municipality for a normative."
            )
        case NotProposed():
            return _("The program does not wait for a decision any more.")
    return _("This is not available.")
