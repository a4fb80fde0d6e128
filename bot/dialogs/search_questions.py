"""What a search begins with, and its filters ask again: where? how old?"""

from dataclasses import dataclass, replace
from typing import ClassVar

from bot.dialogs import catalogue
from bot.dialogs.catalogue_words import ages
from bot.dialogs.core import Button, Event, Screen, State, Tapped, Turn, Typed, again, go, instead
from bot.dialogs.reading import count, on_page, turned, turning
from bot.domain.catalogue import (
    OLDEST,
    YOUNGEST,
    ChildAge,
    ChildrenToSearchFor,
    Filters,
    SearchPlace,
    SearchPlaces,
)
from bot.i18n import _, joined, lines

PLACES_A_PAGE = 6
EVERY_AGE = range(YOUNGEST, OLDEST + 1)
A_ROW = 5


@dataclass(frozen=True)
class ChooseDistrict(State[tuple[SearchPlace, ...]]):
    """Where should the club be? `refining`: asked from the filters, so the list comes next. `lost`: what was typed means nothing."""

    filters: Filters = Filters()
    typed: str = ""
    page: int = 0
    refining: bool = False
    lost: bool = False

    shared: ClassVar[bool] = True

    def needs(self) -> SearchPlaces:
        return SearchPlaces(self.typed)

    def show(self, known: tuple[SearchPlace, ...]) -> Screen | Turn:
        if self.typed and len(known) == 1:
            return self._chosen(known[0].id)
        if self.typed and not known and not self.lost and not self.refining:
            return instead(catalogue.ReadLine(self.typed, self.filters, "place"))
        anywhere = Button(_("Anywhere"), "0")
        if self.typed and not known:
            return Screen(
                lines(
                    _("There are no clubs in a place called «{place}».", place=self.typed),
                    _("Write the name in another way, or choose from the list."),
                ),
                (Button(_("Show all places"), "all"), anywhere),
            )
        if not known:
            return Screen(
                lines(
                    _("There are no programs in the catalogue of your municipality yet."),
                    _("Please ask the municipality when they will appear."),
                ),
                (Button(_("Ask the municipality"), ">municipality"),),
            )
        places = (
            Button(joined(", ", (place.name, place.municipality)) if place.municipality else place.name, str(place.id))
            for place in on_page(known, self.page, PLACES_A_PAGE)
        )
        return Screen(
            lines(
                _("Where should the club be?"),
                _("Choose a place or write its name.")
                if self.refining
                else _("Choose a place, or write in one line what you look for: «drawing for a 7 year old, free»."),
            ),
            (*places, *turning(self.page, count(known, PLACES_A_PAGE)), anywhere),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("all"):
                return instead(replace(self, typed="", page=0, lost=False))
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(choice):
                turn = self._chosen(int(choice))
                return turn if self.refining else replace(turn, how="go")
            case Typed(name):
                return instead(replace(self, typed=name[: catalogue.LONGEST_LINE], page=0, lost=False))
        return again(self, _("Please choose a place or write its name."))

    def _chosen(self, district: int) -> Turn:
        filters = replace(self.filters, district=district, near=self.filters.near and bool(district))
        return instead(catalogue.browse(filters) if self.refining else ChooseAge(filters))


@dataclass(frozen=True)
class ChooseAge(State[None]):
    """How old is the child? Asked without knowing any child, so on every channel (R9.3)."""

    filters: Filters
    refining: bool = False

    def show(self, known: None) -> Screen:
        numbers = [Button(str(age), str(age)) for age in EVERY_AGE]
        return Screen(
            lines(_("How old is the child?"), _("Choose or write the age in full years.")),
            (
                (Button(_("My child"), "mine"), Button(_("Any age"), "0")),
                *(tuple(numbers[at : at + A_ROW]) for at in range(0, len(numbers), A_ROW)),
            ),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("mine"):
                return go(ChooseChildsAge(self.filters, self.refining))
            case Tapped(answer):
                return found_for(self.filters, int(answer), self.refining)
            case Typed(text) if (age := age_in(text)) in EVERY_AGE:
                return found_for(self.filters, age, self.refining)
        return again(self, _("Age is a number from {min} to {max}.", min=YOUNGEST, max=OLDEST))


@dataclass(frozen=True)
class ChooseChildsAge(State[tuple[ChildAge, ...]]):
    """Which of my children is the club for? Only the age is taken; one child is not asked for."""

    filters: Filters
    refining: bool = False

    about_child: ClassVar[bool] = True

    def needs(self) -> ChildrenToSearchFor:
        return ChildrenToSearchFor()

    def show(self, known: tuple[ChildAge, ...]) -> Screen | Turn:
        if len(known) == 1:
            return replace(found_for(self.filters, known[0].age, self.refining), how="instead")
        if not known:
            return Screen(
                lines(
                    _("I do not know your children yet."),
                    _("Go back and choose the age, or apply for a certificate first."),
                ),
                (Button(_("Apply for a certificate"), ">apply"),),
            )
        return Screen(
            _("Who is the club for?"),
            tuple(Button(joined(", ", (child.name, ages(child.age, child.age))), str(child.age)) for child in known),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(age):
                return found_for(self.filters, int(age), self.refining)
        return again(self, _("Please choose a child."))


def age_in(text: str) -> int:
    """«9», «9 лет», «9 years»; 0 for anything else."""
    number = text.split()[0].rstrip(".,") if text.split() else ""
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= 2 and len(text) <= 12 else 0


def found_for(filters: Filters, age: int, refining: bool) -> Turn:
    filters = replace(filters, age=age, other_age=0)
    return Turn("instead" if refining else "go", catalogue.browse(filters))
