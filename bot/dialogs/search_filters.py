"""The filters above the list: each is a question of its own that returns to the summary."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from bot.dialogs import catalogue, saved_search
from bot.dialogs.catalogue_words import DIRECTIONS, ages
from bot.dialogs.core import Button, Event, Happened, Screen, State, Tapped, Turn, Typed, again, instead
from bot.dialogs.timetable import WEEKDAYS, weekdays
from bot.domain.catalogue import ChildAge, ChildrenToSearchFor, Direction, Filters
from bot.i18n import Words, _, lines

EMPTY: Mapping[str, Mapping[str, Any]] = {
    "words": {"words": ""},
    "days": {"days": ()},
    "seats": {"free_seats": False},
    "price": {"price": "", "child": 0},
    "direction": {"direction": None},
    "age": {"age": 0},
}
"""Each filter's name and the fields that ask for nothing; in the order in which they are given up."""


def each_chosen(filters: Filters) -> dict[str, Words]:
    """The filters that ask for something, in words."""
    told: dict[str, Words | None] = {
        "words": f"«{filters.words}»" if filters.words else None,
        "days": weekdays(filters.days) if filters.days else None,
        "seats": _("with free places") if filters.free_seats else None,
        "price": {"free": _("free of charge"), "fits": _("within the balance"), "": None}[filters.price],
        "direction": DIRECTIONS[filters.direction] if filters.direction else None,
        "age": ages(filters.age, filters.age) if filters.age else None,
    }
    return {name: words for name, words in told.items() if words is not None}


def chosen(filters: Filters, place: str) -> tuple[Words, ...]:
    """What is asked for, the place first."""
    return (*((place,) if place else ()), *reversed(each_chosen(filters).values()))


def without(filters: Filters, name: str) -> Filters:
    """The filters with one of them given up."""
    return replace(filters, **EMPTY[name])


@dataclass(frozen=True)
class ChooseFilters(State[None]):
    """What is asked for, and what may be changed."""

    filters: Filters

    def show(self, known: None) -> Screen:
        wanted = each_chosen(self.filters)
        seats = _("All, not only with free places") if self.filters.free_seats else _("Only with free places")
        return Screen(
            lines(_("Filters"), *(wanted.values() or (_("Nothing is chosen yet."),))),
            (
                (Button(_("Place"), "place"), Button(_("Age"), "age")),
                (Button(_("Direction"), "direction"), Button(_("Price"), "price")),
                (Button(_("Days"), "days"), Button(_("Words"), "words")),
                Button(seats, "seats"),
                *((Button(_("Clear the filters"), "clear"),) if wanted.keys() - {"age"} else ()),
                *((catalogue.TELL_ME,) if wanted else ()),
                Button(_("Show programs"), "show"),
            ),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("show"):
                return instead(catalogue.browse(self.filters))
            case Tapped("tell"):
                return saved_search.tell_me(self, self.filters)
            case Happened(fact):
                return saved_search.saved(self, fact)
            case Tapped("clear"):
                return instead(ChooseFilters(Filters(self.filters.district, self.filters.age)))
            case Tapped("seats"):
                return instead(ChooseFilters(replace(self.filters, free_seats=not self.filters.free_seats)))
            case Tapped("place"):
                return instead(catalogue.ChooseDistrict(self.filters, refining=True))
            case Tapped("age"):
                return instead(catalogue.ChooseAge(self.filters, refining=True))
            case Tapped("direction"):
                return instead(ChooseDirection(self.filters))
            case Tapped("price"):
                return instead(ChoosePrice(self.filters))
            case Tapped("days"):
                return instead(ChooseDays(self.filters))
            case Tapped("words"):
                return instead(TypeWords(self.filters))
            case Typed(words):
                return _with(self.filters, words=words[: catalogue.LONGEST_WORDS])
        return again(self, _("Please choose a filter, or press «Show programs»."))


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
            ),
            (
                Button(_("Free of charge"), "free"),
                Button(_("Within the balance"), "fits"),
                Button(_("Any price"), "any"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("fits"):
                return instead(ChooseChildsBalance(self.filters))
            case Tapped("free"):
                return _priced(self.filters, "free")
            case Tapped("any"):
                return _priced(self.filters, "")
        return again(self, _("Please choose a price."))


@dataclass(frozen=True)
class ChooseChildsBalance(State[tuple[ChildAge, ...]]):
    """Whose balance must it fit? Skipped with one child."""

    filters: Filters

    about_child: ClassVar[bool] = True

    def needs(self) -> ChildrenToSearchFor:
        return ChildrenToSearchFor()

    def show(self, known: tuple[ChildAge, ...]) -> Screen | Turn:
        if len(known) == 1:
            return _priced(self.filters, "fits", known[0].id)
        if not known:
            return Screen(
                _("There is no balance to look at: I do not know your children yet."),
                (Button(_("Any price"), "0"), Button(_("Apply for a certificate"), ">apply")),
            )
        return Screen(_("Whose balance?"), tuple(Button(child.name, str(child.id)) for child in known))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("0"):
                return _priced(self.filters, "")
            case Tapped(child):
                return _priced(self.filters, "fits", int(child))
        return again(self, _("Please choose a child."))


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


def _priced(filters: Filters, price: Literal["", "free", "fits"], child: int = 0) -> Turn:
    return _with(filters, price=price, child=child)


def _toggled(days: tuple[int, ...], day: int) -> tuple[int, ...]:
    return tuple(sorted({*days} ^ {day}))
