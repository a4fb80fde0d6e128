"""Find a program: where? -> how old? -> the list, with filters above it -> a program's card (program_card.py)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from bot.dialogs import search_filters
from bot.dialogs.catalogue_words import ages, price_words, score_words
from bot.dialogs.core import AnyState, Button, Event, Screen, State, Tapped, Turn, Typed, again, go, instead
from bot.dialogs.fitting import ChooseWhoseRest
from bot.dialogs.program_card import ReadProgram
from bot.dialogs.reading import count, on_page, turned, turning
from bot.domain.catalogue import (
    A_PAGE,
    OLDEST,
    YOUNGEST,
    ChildAge,
    ChildrenToSearchFor,
    Filters,
    FindPrograms,
    Found,
    ProgramLine,
    SearchPlace,
    SearchPlaces,
)
from bot.i18n import Words, _, joined, lines, n_

PLACES_A_PAGE = 6
LONGEST_WORDS = 100
LABEL = 40
EVERY_AGE = range(YOUNGEST, OLDEST + 1)
A_ROW = 5


@dataclass(frozen=True)
class ChooseDistrict(State[tuple[SearchPlace, ...]]):
    """Where should the club be? `refining`: asked from the filters, so the answer goes back there."""

    filters: Filters = Filters()
    typed: str = ""
    page: int = 0
    refining: bool = False

    def needs(self) -> SearchPlaces:
        return SearchPlaces(self.typed)

    def show(self, known: tuple[SearchPlace, ...]) -> Screen | Turn:
        if self.typed and len(known) == 1:
            return self._chosen(known[0].id)
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
            lines(_("Where should the club be?"), _("Choose a place or write its name.")),
            (*places, *turning(self.page, count(known, PLACES_A_PAGE)), anywhere),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("all"):
                return instead(replace(self, typed="", page=0))
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(choice):
                turn = self._chosen(int(choice))
                return turn if self.refining else replace(turn, how="go")
            case Typed(name):
                return instead(replace(self, typed=name[:LONGEST_WORDS], page=0))
        return again(self, _("Please choose a place or write its name."))

    def _chosen(self, district: int) -> Turn:
        filters = replace(self.filters, district=district)
        return instead(search_filters.ChooseFilters(filters) if self.refining else ChooseAge(filters))


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
    """Which of my children is the club for? Only the age is taken."""

    filters: Filters
    refining: bool = False

    about_child: ClassVar[bool] = True

    def needs(self) -> ChildrenToSearchFor:
        return ChildrenToSearchFor()

    def show(self, known: tuple[ChildAge, ...]) -> Screen:
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
            tuple(Button(_("{name}, {age}", name=child.name, age=child.age), str(child.age)) for child in known),
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
    filters = replace(filters, age=age)
    return instead(search_filters.ChooseFilters(filters)) if refining else go(browse(filters))


# --- the list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BrowsePrograms(State[Found]):
    """What was found, a page at a time. Typed words search by words, a typed age by age."""

    filters: Filters
    page: int = 0

    def needs(self) -> FindPrograms:
        return FindPrograms(self.filters, self.page)

    def show(self, known: Found) -> Screen:
        wanted = search_filters.chosen(self.filters, known.place)
        asked = joined(" · ", wanted) if wanted else None
        if not known.total:
            return Screen(
                lines(_("Nothing was found."), asked, "", _("Ask for less, or write other words.")),
                (*loosening(self.filters), Button(_("Filters"), "filters")),
            )
        numbered = tuple(enumerate(known.lines, start=known.page * A_PAGE + 1))
        return Screen(
            lines(
                n_("{count} program found", "{count} programs found", known.total),
                asked,
                _("I looked for «{words}».", words=known.read_as) if known.read_as else None,
                _("Page {page} of {pages}", page=known.page + 1, pages=known.pages) if known.pages > 1 else None,
                *(part for number, line in numbered for part in ("", program_line(number, line))),
                "",
                _("Write words to search by, for example «robots»."),
            ),
            (
                *(Button(label(f"{number}. {line.name}"), str(line.id)) for number, line in numbered),
                *turning(known.page, known.pages),
                (Button(_("Filters"), "filters"), Button(_("What fits the rest"), "fits")),
            ),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("filters"):
                return go(search_filters.ChooseFilters(self.filters))
            case Tapped("fits"):
                return go(ChooseWhoseRest(self.filters))
            case Tapped("everywhere"):
                return instead(browse(replace(self.filters, district=0)))
            case Tapped(choice) if choice.startswith("drop:"):
                return instead(browse(search_filters.without(self.filters, choice[5:])))
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(program):
                return go(ReadProgram(int(program), self.filters.child))
            case Typed(text) if (age := age_in(text)) in EVERY_AGE:
                return instead(browse(replace(self.filters, age=age)))
            case Typed(words):
                return instead(browse(replace(self.filters, words=words[:LONGEST_WORDS])))
        return again(self, _("Write words to search by, or choose a program."))


@dataclass(frozen=True)
class BrowseForChild(BrowsePrograms):
    """The same, when a child's balance is among the filters: what it finds tells about the balance."""

    about_child: ClassVar[bool] = True


def browse(filters: Filters) -> BrowsePrograms:
    """The first page of what the filters find."""
    return BrowseForChild(filters) if filters.child else BrowsePrograms(filters)


def program_line(number: int, line: ProgramLine) -> Words:
    """A program in a few short lines."""
    facts: tuple[Words | None, ...] = (
        ages(line.age_min, line.age_max),
        price_words(line.registry, line.price, line.several_prices),
        n_("{count} free place", "{count} free places", line.free) if line.free else _("no free places"),
        score_words(line.score) if line.score else None,
    )
    return lines(f"{number}. {line.name}", line.provider, joined(" · ", (fact for fact in facts if fact is not None)))


def loosening(filters: Filters) -> tuple[Button, ...]:
    """What to ask less for: each filter by itself, then the place."""
    drops = tuple(
        Button(_("Without: {filter}", filter=words), f"drop:{name}")
        for name, words in search_filters.each_chosen(filters).items()
    )
    return (*drops, *((Button(_("Look everywhere"), "everywhere"),) if filters.district else ()))


def label(name: str) -> str:
    """A name that fits a button."""
    return name if len(name) <= LABEL else name[: LABEL - 1].rstrip() + "…"


def _program(argument: str) -> AnyState:
    return ReadProgram(int(argument))


DOORS: dict[str, Callable[[str], AnyState]] = {
    "search": lambda _argument: ChooseDistrict(),
    "program": _program,
}
