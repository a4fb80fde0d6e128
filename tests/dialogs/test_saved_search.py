"""A parent asks to be told of news: from a list, from a program's card; and looks through what was saved."""

from dataclasses import replace

from bot.dialogs.catalogue import BrowsePrograms
from bot.dialogs.program_card import ReadProgram
from bot.dialogs.saved_search import ShowSavedSearches
from bot.domain.catalogue import Filters, FindPrograms, OneProgram
from bot.domain.messages import NotYours
from bot.domain.saved_search import (
    MOST,
    MySavedSearches,
    NewsKind,
    Offer,
    PauseSearch,
    RemoveSearch,
    SavedAlready,
    SavedSearch,
    SaveSearch,
    SearchPaused,
    SearchRemoved,
    SearchSaved,
    TooManySearches,
    news_of,
)
from tests.dialogs.test_catalogue import ROBOTS, card, found
from tests.story import Story

YOUNG = Filters(age=8, words="robots")
SEARCH = SavedSearch(1, YOUNG, "", 0, "", paused=False)
PROGRAM = SavedSearch(2, Filters(), "", 12, "Robots", paused=True)


def test_a_tap_in_the_list_saves_the_search_as_it_stands() -> None:
    world = {FindPrograms(YOUNG): found(ROBOTS), SaveSearch(YOUNG): SearchSaved(1)}
    parent = Story(BrowsePrograms(YOUNG), world)
    parent.taps("Tell me of news")
    parent.sees("Saved. In the morning I will write what is new", "1 program found", "under «Settings»")
    parent.does_not_see("The balance is left out", "Tell me of news")


def test_a_list_that_was_saved_says_so_and_leads_to_what_was_saved_until_something_else_is_looked_for() -> None:
    older = replace(YOUNG, age=9)
    world = {FindPrograms(YOUNG): found(ROBOTS), FindPrograms(older): found(ROBOTS), SaveSearch(YOUNG): SearchSaved(1)}
    parent = Story(BrowsePrograms(YOUNG), {**world, MySavedSearches(): (SEARCH,)})
    parent.taps("Tell me of news")
    parent.taps("Saved ✓")
    parent.sees("«robots»", "Pause", "Remove")
    parent.taps("Show programs")
    parent.sees("1 program found", "Saved ✓")
    parent.types("9")
    parent.sees("Tell me of news")
    parent.does_not_see("Saved ✓")


def test_where_nothing_is_found_one_can_be_told_when_there_is_something() -> None:
    parent = Story(BrowsePrograms(YOUNG), {FindPrograms(YOUNG): found(), SaveSearch(YOUNG): SearchSaved(1, True)})
    parent.taps("Tell me of news")
    parent.sees("Saved.", "The balance is left out", "Nothing was found")


def test_a_program_is_watched_from_its_card_and_twice_shows_what_was_saved() -> None:
    wish = SaveSearch(program=12)
    parent = Story(ReadProgram(12), {OneProgram(12): card(), wish: SearchSaved(2), MySavedSearches(): (PROGRAM,)})
    parent.taps("Tell me of news")
    parent.sees("Saved.", "Robots", "Enrol")
    parent.world[wish] = SavedAlready()
    parent.taps("Tell me of news")
    parent.sees("You have saved this already.", "Your saved searches.", "«Robots»")
    parent.taps("Back")
    parent.world[wish] = TooManySearches()
    parent.taps("Tell me of news")
    parent.sees(f"I keep {MOST} searches at most. Please remove one.")


def test_a_card_shows_that_its_news_is_told_and_a_tap_ends_it() -> None:
    watched = replace(card(), watched=2)
    parent = Story(ReadProgram(12), {OneProgram(12): watched, RemoveSearch(2): SearchRemoved(2)})
    parent.does_not_see("Tell me of news")
    parent.taps("Tell no more")
    parent.sees("I will not write about it any more.", "Robots", "Enrol")
    parent.world[RemoveSearch(2)] = NotYours()
    parent.world[MySavedSearches()] = ()
    parent.taps("Tell no more")
    parent.sees("You have no saved searches.")


def test_what_was_saved_is_opened_paused_and_removed_on_one_screen() -> None:
    parent = Story(ShowSavedSearches(), {MySavedSearches(): (SEARCH, PROGRAM), FindPrograms(YOUNG): found(ROBOTS)})
    parent.sees("age 8 · «robots»", "«Robots»", "Paused: I do not write about it.")
    parent.taps("1. age 8")
    parent.sees("Show programs", "Pause", "Remove")
    parent.taps("Show programs")
    parent.sees("1 program found")
    parent.taps("Back")
    parent.world[PauseSearch(1, True)] = SearchPaused(1, True)
    parent.taps("Pause")
    parent.sees("I will not write about it until you say so.")
    parent.taps("All saved searches")
    parent.taps("2. Robots")
    parent.world[PauseSearch(2, False)] = SearchPaused(2, False)
    parent.taps("Write again")
    parent.sees("I will write about it again.", "Open the program")
    parent.world |= {RemoveSearch(2): SearchRemoved(2), MySavedSearches(): (SEARCH,)}
    parent.taps("Remove")
    parent.sees("It is removed.", "Your saved searches.")
    parent.does_not_see("Robots»")


def test_what_is_gone_meanwhile_is_said_to_be() -> None:
    parent = Story(ShowSavedSearches(), {MySavedSearches(): (SEARCH,), RemoveSearch(1): NotYours()})
    parent.taps("1. age 8")
    parent.world[MySavedSearches()] = ()
    parent.taps("Remove")
    parent.sees("It was removed before.", "You have no saved searches.", "Find a club")


def test_only_what_gets_better_is_news() -> None:
    full, free, closed = Offer(900, True, False), Offer(900, True, True), Offer(900, False, False)
    assert news_of(None, closed) == (NewsKind.APPEARED,)
    assert news_of(full, free) == (NewsKind.FREED,)
    assert news_of(closed, free) == (NewsKind.OPENED,)
    assert news_of(full, Offer(800, True, True)) == (NewsKind.FREED, NewsKind.CHEAPER)
    assert news_of(free, full) == news_of(free, free) == news_of(closed, full) == ()
    assert news_of(Offer(None, True, True), free) == news_of(free, Offer(None, True, True)) == ()
