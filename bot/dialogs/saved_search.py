"""Saved searches: «tell me when» from the list or a program's card, and one screen that lists, opens, pauses and removes them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.dialogs import catalogue, program_card, search_parts
from bot.dialogs.core import (
    CHOOSE,
    AnyState,
    Button,
    Event,
    Happened,
    Row,
    Screen,
    State,
    Tapped,
    Turn,
    again,
    ask,
    go,
    instead,
)
from bot.dialogs.reading import count, cut, on_page, turned, turning
from bot.domain.catalogue import Filters
from bot.domain.messages import Fact
from bot.domain.saved_search import (
    MOST,
    MySavedSearches,
    PauseSearch,
    RemoveSearch,
    SavedAlready,
    SavedSearch,
    SaveSearch,
    SearchPaused,
    SearchRemoved,
    SearchSaved,
    TooManySearches,
)
from bot.i18n import Words, _, joined, lines

A_PAGE = 5


@dataclass(frozen=True)
class ShowSavedSearches(State[tuple[SavedSearch, ...]]):
    """All of them; a tap on one brings what can be done with it."""

    page: int = 0
    chosen: int = 0

    at_leisure = True

    def needs(self) -> MySavedSearches:
        return MySavedSearches()

    def show(self, known: tuple[SavedSearch, ...]) -> Screen:
        if not known:
            return Screen(
                lines(
                    _("You have no saved searches."),
                    _("Look for a club, then press «Tell me of news»: I will write when something appears, a place frees, "
                      "enrolment opens or a price falls."),
                ),
                (Button(_("Find a club"), ">search"),),
            )  # fmt: skip
        if one := next((each for each in known if each.id == self.chosen), None):
            return self._one(one)
        numbered = tuple(enumerate(known, 1))
        shown = on_page(numbered, self.page, A_PAGE)
        return Screen(
            lines(
                _("Your saved searches."),
                _("In the morning I write what is new, once a day at most. Press one to open, pause or remove it."),
                *(
                    part
                    for number, each in shown
                    for part in ("", _("{number}. {search}", number=number, search=told(each)))
                ),
            ),
            (
                *(
                    Button(_("{number}. {search}", number=number, search=named(each)), str(each.id))
                    for number, each in shown
                ),
                *turning(self.page, count(known, A_PAGE)),
            ),
        )

    def _one(self, one: SavedSearch) -> Screen:
        switch = Button(_("Write again"), f"on:{one.id}") if one.paused else Button(_("Pause"), f"off:{one.id}")
        rows: tuple[Row, ...] = (
            Button(_("Open the program") if one.program else _("Show programs"), _target(one)),
            (switch, Button(_("Remove"), f"remove:{one.id}")),
            Button(_("All saved searches"), "all"),
        )
        return Screen(lines(told(one), None if one.paused else _("In the morning I write what is new.")), rows)

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("all"):
                return instead(replace(self, chosen=0))
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(choice):
                return self._does(choice)
            case Happened(SearchPaused(paused=True)):
                return instead(self, _("I will not write about it until you say so."))
            case Happened(SearchPaused()):
                return instead(self, _("I will write about it again."))
            case Happened(SearchRemoved()):
                return instead(replace(self, chosen=0), _("It is removed."))
            case Happened():
                return instead(replace(self, chosen=0), _("It was removed before."))
        return again(self, CHOOSE)

    def _does(self, choice: str) -> Turn:
        wish, _colon, number = choice.rpartition(":")
        match wish:
            case "":
                return instead(replace(self, chosen=int(number)))
            case "program":
                return go(program_card.ReadProgram(int(number)))
            case "search":
                return go(OpenSaved(int(number)))
            case "remove":
                return ask(RemoveSearch(int(number)), meanwhile=self)
        return ask(PauseSearch(int(number), paused=wish == "off"), meanwhile=self)


@dataclass(frozen=True)
class OpenSaved(State[tuple[SavedSearch, ...]]):
    """What a saved search finds now."""

    search: int

    def needs(self) -> MySavedSearches:
        return MySavedSearches()

    def show(self, known: tuple[SavedSearch, ...]) -> Turn:
        one = next((each for each in known if each.id == self.search), None)
        return instead(catalogue.browse(one.filters, saved=one.id) if one else ShowSavedSearches())

    def on(self, event: Event) -> Turn:
        return instead(ShowSavedSearches())


def _target(one: SavedSearch) -> str:
    return f"program:{one.program}" if one.program else f"search:{one.id}"


def named(one: SavedSearch) -> Words:
    """What is looked for, in short."""
    if one.program:
        return cut(one.program_name)
    wanted = search_parts.told(one.filters, one.place)
    return joined(" · ", wanted.values()) if wanted else _("All programs")


def told(one: SavedSearch) -> Words:
    """One of them in the list."""
    name = _("«{program}»", program=one.program_name) if one.program else named(one)
    return lines(name, _("Paused: I do not write about it.") if one.paused else None)


# --- «tell me of news» ------------------------------------------------------------------------------------------------


def tell_me(meanwhile: AnyState, filters: Filters | None = None, program: int = 0) -> Turn:
    """The wish of the button; its answer comes to `meanwhile` as `saved` understands it."""
    return ask(SaveSearch(filters or Filters(), program), meanwhile)


def tell_no_more(meanwhile: AnyState, search: int) -> Turn:
    """The wish of whoever is told."""
    return ask(RemoveSearch(search), meanwhile)


def saved(state: AnyState, fact: Fact) -> Turn:
    """What came of it: the screen stays, or shows those that there are."""
    match fact:
        case SearchSaved(without_balance=without):
            return again(
                state,
                lines(
                    _("Saved. In the morning I will write what is new: programs, free places, an open enrolment, lower prices."),
                    _("The balance is left out: it is not to be told from a list of programs.") if without else None,
                    _("All of them are under «Settings», «Saved searches»."),
                ),
            )  # fmt: skip
        case SearchRemoved():
            return again(state, _("I will not write about it any more."))
        case SavedAlready():
            return go(ShowSavedSearches(), _("You have saved this already."))
        case TooManySearches():
            return go(ShowSavedSearches(), _("I keep {count} searches at most. Please remove one.", count=MOST))
    return go(ShowSavedSearches())


DOORS: dict[str, Callable[[str], AnyState]] = {"saved": lambda _argument: ShowSavedSearches()}
