"""The filters above the list: each is a question of its own that returns to the list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any, ClassVar, Literal

from bot.dialogs import catalogue, search_parts, search_questions
from bot.dialogs.catalogue_words import DIRECTIONS
from bot.dialogs.core import AnyState, Button, Event, Screen, State, Tapped, Turn, Typed, again, instead
from bot.dialogs.reading import cut
from bot.dialogs.timetable import WEEKDAYS, weekdays
from bot.domain.catalogue import Direction, Filters
from bot.domain.family import ChildSeen, MyChildren, that_may_pay
from bot.domain.parts import without
from bot.domain.understanding import over, understand
from bot.i18n import Words, _, lines


@dataclass(frozen=True)
class ChooseFilters(State[None]):
    """A button for each part that is asked for or may be: its answer leads back to the list."""

    filters: Filters

    def show(self, known: None) -> Screen:
        unwanted = search_parts.unwanted(self.filters)
        return Screen(
            lines(_("What is to be changed?"), _("You may also write it, for example «for 8 years, free, after 17».")),
            (
                (self._part(_("Place"), "place", "near"), self._part(_("Age"), "age")),
                (self._part(_("Direction"), "direction"), self._part(_("Price"), "price", "cheap")),
                (self._part(_("Days"), "days"), self._part(_("Hours"), "hours")),
                (self._part(_("Words"), "words"), self._part(_("With free places"), "seats")),
                *((Button(search_parts.changed(unwanted), "unwanted"),) if unwanted else ()),
                Button(_("Clear the filters"), "clear", spare=True),
            ),
            wants="text",
        )

    def _part(self, name: Words, *parts: str) -> Button:
        wanted = search_parts.each_chosen(self.filters)
        words = next((wanted[part] for part in parts if part in wanted), None)
        return Button(name if words is None else search_parts.changed(words), parts[0])

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("clear"):
                return _found(Filters(self.filters.district, self.filters.age))
            case Tapped("seats") if not self.filters.free_seats:
                return _with(self.filters, free_seats=True)
            case Tapped(part):
                return instead(question(part, self.filters))
            case Typed(text):
                return instead(catalogue.ReadLine(text[: catalogue.LONGEST_LINE], self.filters))
        return again(self, _("Please choose what is to be changed, or write it."))


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
    return catalogue.browse(without(filters, part))


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
    """Free, within a child's balance, or any price? A sum is easily meant for another span of time."""

    filters: Filters

    def show(self, known: None) -> Screen:
        most = self.filters.most
        return Screen(
            lines(
                _("What may the club cost?"),
                _("«Within the balance» finds clubs that a child's certificate pays in full."),
                _("Or write a sum, for example «up to 2000 a month»."),
            ),
            (
                *((Button(search_parts.up_to(most, not self._shorter), "span"),) if most else ()),
                Button(_("Free of charge"), "free"),
                Button(_("Within the balance"), "fits"),
                Button(_("The cheaper ones first"), "cheap"),
                Button(_("Any price"), "any"),
            ),
            wants="text",
        )

    @property
    def _shorter(self) -> bool:
        """The sum is for less than the whole course."""
        return self.filters.monthly or self.filters.lesson

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("span"):
                return _with(self.filters, monthly=not self._shorter, lesson=False)
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
                return _found(over(self.filters, line))
        return again(self, _("Please choose a price, or write a sum."))


@dataclass(frozen=True)
class ChooseChildsBalance(State[tuple[ChildSeen, ...]]):
    """Whose balance must it fit? Not asked where one certificate is in use."""

    filters: Filters

    about_child: ClassVar[bool] = True

    def needs(self) -> MyChildren:
        return MyChildren()

    def show(self, known: tuple[ChildSeen, ...]) -> Screen | Turn:
        paying = that_may_pay(known)
        if len(paying) == 1:
            return self._chosen(paying[0].id)
        if not known:
            return Screen(
                _("There is no balance to look at: I do not know your children yet."),
                (Button(_("Any price"), "0"), Button(_("Apply for a certificate"), ">apply")),
            )
        return Screen(_("Whose balance?"), tuple(Button(cut(child.first_name), str(child.id)) for child in paying))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(child):
                return self._chosen(int(child))
        return again(self, _("Please choose a child."))

    def _chosen(self, child: int) -> Turn:
        return _found(replace(without(self.filters, "price"), price="fits" if child else "", child=child))


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
                *((Button(_("Any day"), "any", spare=True),) if days else ()),
                Button(_("Done"), "done"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("done"):
                return _found(self.filters)
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
                return _found(over(self.filters, line))
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


def _found(filters: Filters) -> Turn:
    return instead(catalogue.browse(filters))


def _with(filters: Filters, **fields: Any) -> Turn:
    return _found(replace(filters, **fields))


def _priced(filters: Filters, price: Literal["", "free"]) -> Turn:
    return _with(without(filters, "price"), price=price)


def _toggled(days: tuple[int, ...], day: int) -> tuple[int, ...]:
    return tuple(sorted({*days} ^ {day}))
