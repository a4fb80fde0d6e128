"""Events: what is coming, where and for what age -> an event's card -> sign a child up (event_signup.py)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.dialogs.catalogue_words import ages
from bot.dialogs.core import CHOOSE, AnyState, Button, Event, Screen, State, Tapped, Turn, Typed, again, go, instead
from bot.dialogs.event_signup import ChooseChildForEvent, ListSignups, signup
from bot.dialogs.event_words import card_words, label, refusal_words, seats_words, when_words
from bot.dialogs.reading import count, on_page, turned, turning
from bot.dialogs.search_questions import age_in
from bot.domain.event import (
    A_PAGE,
    AGES,
    EventCard,
    EventIsFull,
    EventLine,
    EventPlace,
    EventPlaces,
    EventsFound,
    FindEvents,
    OneEvent,
)
from bot.i18n import Words, _, joined, lines, n_

PLACES_A_PAGE = 8
A_ROW = 5
MY_SIGNUPS = Button(_("My sign-ups"), "mine")


@dataclass(frozen=True)
class ListEvents(State[EventsFound]):
    """The coming events at once, the soonest first; place and age leave fewer of them. Knows no child (R9.3)."""

    district: int = 0
    age: int = 0
    page: int = 0

    def needs(self) -> FindEvents:
        return FindEvents(self.district, self.age, self.page)

    def show(self, known: EventsFound) -> Screen:
        narrowed = bool(self.district or self.age)
        asked = tuple(
            words
            for words in (known.place or None, ages(self.age, self.age) if self.age else None)
            if words is not None
        )
        filters = (Button(_("Place"), "place"), Button(_("Age"), "age"))
        if not known.total and not narrowed:
            return Screen(
                lines(_("No events are planned yet."), _("Look in again in a few days, or look for a club.")),
                ((Button(_("Find a club"), ">search"), MY_SIGNUPS),),
            )
        if not known.total:
            return Screen(
                lines(_("No events were found."), joined(" · ", asked), _("Choose another place or age.")),
                (Button(_("All events"), "all"), filters),
            )
        numbered = tuple(enumerate(known.lines, start=known.page * A_PAGE + 1))
        return Screen(
            lines(
                n_("{count} event is coming", "{count} events are coming", known.total),
                joined(" · ", asked) if asked else None,
                _("Page {page} of {pages}", page=known.page + 1, pages=known.pages) if known.pages > 1 else None,
                *(part for number, line in numbered for part in ("", event_words(number, line))),
            ),
            (
                *(Button(label(f"{number}. {line.title}"), str(line.id)) for number, line in numbered),
                *turning(known.page, known.pages),
                (*filters, *((Button(_("All events"), "all"),) if narrowed else ())),
                MY_SIGNUPS,
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("place"):
                return go(ChooseEventPlace(self.age))
            case Tapped("age"):
                return go(ChooseEventAge(self.district))
            case Tapped("all"):
                return instead(ListEvents())
            case Tapped("mine"):
                return go(ListSignups())
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(number):
                return go(ReadEvent(int(number)))
        return again(self, _("Please choose an event."))


def event_words(number: int, line: EventLine) -> Words:
    """An event in a few short lines."""
    facts = (line.place or None, ages(line.age_min, line.age_max), seats_words(line.free))
    return lines(
        f"{number}. {line.title}",
        when_words(line.starts),
        joined(" · ", (fact for fact in facts if fact is not None)),
    )


@dataclass(frozen=True)
class ChooseEventPlace(State[tuple[EventPlace, ...]]):
    """Where? Only places that have events."""

    age: int = 0
    page: int = 0

    def needs(self) -> EventPlaces:
        return EventPlaces()

    def show(self, known: tuple[EventPlace, ...]) -> Screen:
        return Screen(
            _("Where should the event be?"),
            (
                *(Button(label(place.name), str(place.id)) for place in on_page(known, self.page, PLACES_A_PAGE)),
                *turning(self.page, count(known, PLACES_A_PAGE)),
                Button(_("Anywhere"), "0"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(district):
                return instead(ListEvents(int(district), self.age))
        return again(self, _("Please choose a place."))


@dataclass(frozen=True)
class ChooseEventAge(State[None]):
    """How old is the child? Asked without knowing any child."""

    district: int = 0

    def show(self, known: None) -> Screen:
        numbers = [Button(str(age), str(age)) for age in AGES]
        return Screen(
            lines(_("How old is the child?"), _("Choose or write the age in full years.")),
            (
                *(tuple(numbers[at : at + A_ROW]) for at in range(0, len(numbers), A_ROW)),
                Button(_("Any age"), "0"),
            ),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(age):
                return instead(ListEvents(self.district, int(age)))
            case Typed(text) if (years := age_in(text)) in AGES:
                return instead(ListEvents(self.district, years))
        return again(self, _("Age is a number from {min} to {max}.", min=AGES[0], max=AGES[-1]))


@dataclass(frozen=True)
class ReadEvent(State["EventCard | None"]):
    """The card, on every channel: it names no child."""

    event: int

    def needs(self) -> OneEvent:
        return OneEvent(self.event)

    def show(self, known: EventCard | None) -> Screen:
        if known is None:
            return Screen(_("There is no such event any more."), (Button(_("All events"), ">events"),))
        told = lines(*card_words(known))
        if known.why_not is not None:
            return Screen(lines(told, "", refusal_words(known.why_not)), (Button(_("All events"), ">events"),))
        if known.line.free == 0:
            return Screen(
                lines(told, "", refusal_words(EventIsFull(self.event))),
                (Button(_("All events"), ">events"), MY_SIGNUPS),
            )
        return Screen(told, (Button(_("Sign up a child"), "sign"), MY_SIGNUPS))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("sign"):
                return go(ChooseChildForEvent(self.event))
            case Tapped("mine"):
                return go(ListSignups())
        return again(self, CHOOSE)


DOORS: dict[str, Callable[[str], AnyState]] = {
    "events": lambda _argument: ListEvents(),
    "event": lambda argument: ReadEvent(int(argument)),
    "signup": signup,
}
