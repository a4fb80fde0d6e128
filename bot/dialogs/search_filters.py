"""The filters above the list: each is a question of its own that returns to the summary."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any, ClassVar, Literal

from bot.dialogs import catalogue, saved_search, search_questions
from bot.dialogs.catalogue_words import DIRECTIONS, ages
from bot.dialogs.core import AnyState, Button, Event, Happened, Screen, State, Tapped, Turn, Typed, again, go, instead
from bot.dialogs.timetable import WEEKDAYS, weekdays
from bot.domain.catalogue import (
    ChildAge,
    ChildrenToSearchFor,
    Direction,
    Filters,
)
from bot.domain.parts import without
from bot.domain.saved_search import SearchSaved
from bot.domain.understanding import over, understand
from bot.i18n import Words, _, lines


def each_chosen(filters: Filters) -> dict[str, Words]:
    """The filters that ask for something, in words, by the names of `parts.PARTS`; a district's name is not known here."""
    told: dict[str, Words | None] = {
        "words": f"«{filters.words}»" if filters.words else None,
        "hours": hours(filters.after, filters.before),
        "days": weekdays(filters.days) if filters.days else None,
        "seats": _("with free places") if filters.free_seats else None,
        "cheap": _("the cheaper ones first") if filters.cheap else None,
        "price": price(filters),
        "direction": DIRECTIONS[filters.direction] if filters.direction else None,
        "age": ages(filters.age, filters.age) if filters.age else None,
        "near": (_("and near it") if filters.district else _("near: which place?")) if filters.near else None,
    }
    return {name: words for name, words in told.items() if words is not None}


def chosen(filters: Filters, place: str) -> tuple[Words, ...]:
    """What is asked for, the place first."""
    return (*((place,) if place else ()), *reversed(each_chosen(filters).values()))


def hours(after: time | None, before: time | None) -> Words | None:
    """«after 17:00», «before 12:00», «from 15:00 to 19:00»."""
    if after is None or before is None:
        return _("after {time}", time=after) if after else _("before {time}", time=before) if before else None
    return _("from {start} to {stop}", start=after, stop=before)


def price(filters: Filters) -> Words | None:
    """How dear it may be."""
    if filters.most:
        return _("up to {sum} a month", sum=filters.most) if filters.monthly else _("up to {sum}", sum=filters.most)
    return {"free": _("free of charge"), "fits": _("within the balance"), "": None}[filters.price]


@dataclass(frozen=True)
class ChooseFilters(State[None]):
    """What is asked for, and what may be changed. `saved`: the number that it was saved under."""

    filters: Filters
    saved: int = 0

    def show(self, known: None) -> Screen:
        wanted = each_chosen(self.filters)
        seats = _("Full ones too") if self.filters.free_seats else _("Only with free places")
        return Screen(
            lines(_("Filters"), *(wanted.values() or (_("Nothing is chosen yet."),))),
            (
                (Button(_("Place"), "place"), Button(_("Age"), "age")),
                (Button(_("Direction"), "direction"), Button(_("Price"), "price")),
                (Button(_("Days"), "days"), Button(_("Hours"), "hours")),
                (Button(_("Words"), "words"), Button(seats, "seats")),
                *((Button(_("Clear the filters"), "clear"),) if wanted.keys() - {"age"} else ()),
                *((catalogue.telling(self.saved),) if wanted else ()),
                Button(_("Show programs"), "show"),
            ),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("show"):
                return instead(catalogue.browse(self.filters, saved=self.saved))
            case Tapped("tell"):
                return saved_search.tell_me(self, self.filters)
            case Tapped("saved"):
                return go(saved_search.ShowSavedSearches(chosen=self.saved))
            case Happened(SearchSaved(number) as fact):
                return saved_search.saved(replace(self, saved=number), fact)
            case Happened(fact):
                return saved_search.saved(self, fact)
            case Tapped("clear"):
                return instead(ChooseFilters(Filters(self.filters.district, self.filters.age)))
            case Tapped("seats"):
                return instead(ChooseFilters(replace(self.filters, free_seats=not self.filters.free_seats)))
            case Tapped(part):
                return instead(question(part, self.filters))
            case Typed(text):
                return instead(catalogue.ReadLine(text[: catalogue.LONGEST_LINE], self.filters))
        return again(self, _("Please choose a filter, or press «Show programs»."))


def question(part: str, filters: Filters) -> AnyState:
    """What changes or drops a part of what is asked."""
    match part:
        case "place" | "near":
            return search_questions.ChooseDistrict(filters, refining=True)
        case "age":
            return search_questions.ChooseAge(filters, refining=True)
        case "direction":
            return ChooseDirection(filters)
        case "price" | "cheap":
            return ChoosePrice(filters)
        case "days":
            return ChooseDays(filters)
        case "hours":
            return ChooseHours(filters)
        case "words":
            return TypeWords(filters)
    return ChooseFilters(without(filters, part))


@dataclass(frozen=True)
class ChooseDirection(State[None]):
    """Which of the six directions?"""

    filters: Filters

    def show(self, known: None) -> Screen:
        return Screen(
            _("Which direction?"),
            (
                *(Button(name, str(direction)) for direction, name in DIRECTIONS.items()),
                Button(_("Any direction"), "any"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("any"):
                return _with(self.filters, direction=None)
            case Tapped(direction):
                return _with(self.filters, direction=Direction(direction))
        return again(self, _("Please choose a direction."))


@dataclass(frozen=True)
class ChoosePrice(State[None]):
    """Free, within a child's balance, or any price?"""

    filters: Filters

    def show(self, known: None) -> Screen:
        return Screen(
            lines(
                _("What may the club cost?"),
                _("«Within the balance» finds clubs that a child's certificate pays in full."),
                _("Or write a sum, for example «up to 2000 a month»."),
            ),
            (
                Button(_("Free of charge"), "free"),
                Button(_("Within the balance"), "fits"),
                Button(_("The cheaper ones first"), "cheap"),
                Button(_("Any price"), "any"),
            ),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("fits"):
                return instead(ChooseChildsBalance(self.filters))
            case Tapped("free"):
                return _priced(self.filters, "free")
            case Tapped("cheap"):
                return _with(self.filters, cheap=True)
            case Tapped("any"):
                return _priced(without(self.filters, "cheap"), "")
            case Typed(text) if (line := understand(text if "до" in text else f"до {text}")).asked.keys() & {
                "most",
                "price",
            }:
                return instead(ChooseFilters(over(self.filters, line)))
        return again(self, _("Please choose a price, or write a sum."))


@dataclass(frozen=True)
class ChooseChildsBalance(State[tuple[ChildAge, ...]]):
    """Whose balance must it fit? Skipped with one child. `listing`: a line asked for it, so the list comes next."""

    filters: Filters
    listing: bool = False

    about_child: ClassVar[bool] = True

    def needs(self) -> ChildrenToSearchFor:
        return ChildrenToSearchFor()

    def show(self, known: tuple[ChildAge, ...]) -> Screen | Turn:
        if len(known) == 1:
            return self._chosen(known[0].id)
        if not known:
            return Screen(
                _("There is no balance to look at: I do not know your children yet."),
                (Button(_("Any price"), "0"), Button(_("Apply for a certificate"), ">apply")),
            )
        return Screen(_("Whose balance?"), tuple(Button(child.name, str(child.id)) for child in known))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(child):
                return self._chosen(int(child))
        return again(self, _("Please choose a child."))

    def _chosen(self, child: int) -> Turn:
        filters = replace(without(self.filters, "price"), price="fits" if child else "", child=child)
        return instead(catalogue.browse(filters, heard=True) if self.listing else ChooseFilters(filters))


@dataclass(frozen=True)
class ChooseDays(State[None]):
    """On which days can the child come? Several may be chosen."""

    filters: Filters

    def show(self, known: None) -> Screen:
        days = self.filters.days
        return Screen(
            lines(
                _("On which days can the child come? Groups that meet only on these days are found."),
                _("Chosen: {days}", days=weekdays(days)) if days else _("Chosen: any day"),
            ),
            (
                tuple(Button(WEEKDAYS[day], str(day)) for day in range(1, 5)),
                tuple(Button(WEEKDAYS[day], str(day)) for day in range(5, 8)),
                *((Button(_("Any day"), "any"),) if days else ()),
                Button(_("Done"), "done"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("done"):
                return instead(ChooseFilters(self.filters))
            case Tapped("any"):
                return instead(ChooseDays(replace(self.filters, days=())))
            case Tapped(day):
                return instead(ChooseDays(replace(self.filters, days=_toggled(self.filters.days, int(day)))))
        return again(self, _("Please choose the days, then press «Done»."))


@dataclass(frozen=True)
class ChooseHours(State[None]):
    """At what time of the day? Typed hours are understood as in a line."""

    filters: Filters

    def show(self, known: None) -> Screen:
        return Screen(
            lines(
                _("At what time can the child come?"),
                _("Choose or write it, for example «after 17» or «from 15 to 18»."),
            ),
            (
                *(Button(words, name) for name, (words, _after, _before) in TIMES.items()),
                Button(_("Any time"), "any"),
            ),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("any"):
                return _with(self.filters, after=None, before=None)
            case Tapped(name):
                return _with(self.filters, after=TIMES[name][1], before=TIMES[name][2])
            case Typed(text) if (line := understand(text)).asked.keys() & {"after", "before"}:
                return instead(ChooseFilters(over(self.filters, line)))
        return again(self, _("Please choose a time, or write it, for example «after 17»."))


TIMES: Mapping[str, tuple[Words, time | None, time | None]] = {
    "morning": (_("In the morning, before 12"), None, time(12)),
    "afternoon": (_("In the afternoon, after school"), time(13), None),
    "evening": (_("In the evening, after 17"), time(17), None),
}


@dataclass(frozen=True)
class TypeWords(State[None]):
    """Words to search by."""

    filters: Filters

    def show(self, known: None) -> Screen:
        return Screen(
            _("Write what you are looking for, for example «robots» or «swimming»."),
            (Button(_("Without words"), "any"),),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Typed(words):
                return _with(self.filters, words=words[: catalogue.LONGEST_WORDS])
            case Tapped("any"):
                return _with(self.filters, words="")
        return again(self, _("Please write words, for example «robots»."))


def _with(filters: Filters, **fields: Any) -> Turn:
    return instead(ChooseFilters(replace(filters, **fields)))


def _priced(filters: Filters, price: Literal["", "free"]) -> Turn:
    return _with(without(filters, "price"), price=price)


def _toggled(days: tuple[int, ...], day: int) -> tuple[int, ...]:
    return tuple(sorted({*days} ^ {day}))
