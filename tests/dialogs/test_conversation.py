"""What means the same in every dialog: back, home, stale taps, doors, typed words, drafts, gates, hops."""

from dataclasses import dataclass, replace

import pytest

from bot.dialogs.catalogue import BrowsePrograms
from bot.dialogs.conversation import Pressed, Reader, Talk, TooManyHops, converse, hear
from bot.dialogs.core import (
    AnyState,
    Button,
    Event,
    Happened,
    Screen,
    State,
    Tapped,
    Turn,
    Typed,
    Unreadable,
    again,
    ask,
    done,
    go,
    instead,
)
from bot.dialogs.home import Home
from bot.dialogs.search_filters import ChooseFilters, ChooseHours
from bot.domain.catalogue import Filters
from bot.domain.home import HomeNews, News
from bot.domain.messages import Command, Fact, Query
from bot.domain.privacy import ConsentText, ConsentWords
from bot.i18n import _
from tests.samples import kinds
from tests.story import CONSENTED, Story

NOTHING_NEW = {HomeNews(): News(children=1)}


@dataclass(frozen=True)
class Paint(Command):
    colour: str


@dataclass(frozen=True)
class Painted(Fact):
    colour: str


@dataclass(frozen=True)
class ChooseColour(State[None]):
    page: int = 0

    draft = _("Continue painting")

    def show(self, known: None) -> Screen:
        return Screen(
            f"Which colour? page {self.page}", (Button("Red", "red"), Button("Ёлка", "green"), Button("More", "more"))
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("more"):
                return instead(ChooseColour(self.page + 1))
            case Tapped(colour):
                return go(ConfirmColour(colour))
            case Typed(words):
                return again(self, f"«{words}» is no colour.")
        return again(self, "Choose.")


@dataclass(frozen=True)
class ConfirmColour(State[None]):
    colour: str

    def show(self, known: None) -> Screen:
        return Screen(f"Paint it {self.colour}?", (Button("Paint", "yes"),))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("yes"):
                return ask(Paint(self.colour), meanwhile=self)
            case Happened(Painted(colour)):
                return done(note=f"It is {colour}.")
        return again(self, "Press the button.")


@dataclass(frozen=True)
class AskName(State[None]):
    about_child = True

    def show(self, known: None) -> Screen:
        return Screen("What is the child's name?")

    def on(self, event: Event) -> Turn:
        return done(note="Thank you.")


@dataclass(frozen=True)
class AskForEver(State[None]):
    def show(self, known: None) -> "Screen | Turn":
        return instead(self)

    def on(self, event: Event) -> Turn:
        return ask(Paint("red"), meanwhile=self)


def painter(state: AnyState | None = None) -> Story:
    return Story(state or ChooseColour(), {**NOTHING_NEW, Paint("red"): Painted("red")})


def test_back_returns_to_the_question_and_a_turned_page_is_no_step() -> None:
    parent = painter()
    parent.taps("More")
    parent.taps("Red")
    parent.sees("Paint it red?", "Back", "Menu")
    parent.taps("Back")
    parent.sees("page 1")
    parent.does_not_see("Back")


def test_behind_what_is_done_there_is_no_way_back() -> None:
    parent = painter()
    parent.taps("Red")
    parent.taps("Paint")
    parent.sees("It is red.")
    parent.does_not_see("Back", "Continue painting")


@pytest.mark.parametrize("word", ["назад", "Back", " НАЗАД ", "/back"])
def test_typed_words_do_what_the_buttons_do(word: str) -> None:
    parent = painter()
    parent.taps("Red")
    parent.types(word)
    parent.sees("Which colour?")


@pytest.mark.parametrize("word", ["меню", "Menu", "/start", "домой", "vty."])
def test_going_home_keeps_the_draft(word: str) -> None:
    parent = painter()
    parent.taps("More")
    parent.types(word)
    assert parent.state == Home()
    parent.taps("Continue painting")
    parent.sees("page 1")


def test_a_courtesy_is_returned_where_nothing_is_asked() -> None:
    parent = Story(Home(), {HomeNews(): News()})
    parent.types("Спасибо!")
    parent.sees("Always glad to help.", "Find a club")
    parent.types("добрый день")
    parent.does_not_see("glad to help", "did not understand")
    parent.world[HomeNews()] = News(to_answer=1)
    parent.types("нет")  # to a push
    parent.sees("1 answer of yours is awaited: see «My clubs».")
    parent = painter()
    parent.types("спасибо")
    parent.does_not_see("Always glad to help.")


def test_a_question_is_not_searched_for_but_shown_the_answers() -> None:
    parent = Story(Home(), {HomeNews(): News()})
    parent.types("Когда будет готово?")
    parent.sees("That looks like a question.", "How do I get it?", "Municipality", "Back")


def test_cancel_keeps_the_draft_and_a_second_one_throws_it_away() -> None:
    parent = painter()
    parent.types("отмена")
    assert parent.state == Home()
    parent.sees("Your answers are kept", "Continue painting")
    parent.types("отмена")
    parent.sees("thrown away")
    parent.does_not_see("Continue painting")
    parent.types("отмена")
    parent.does_not_see("thrown away", "kept")


def test_a_label_may_be_typed_whatever_its_case_and_letter_yo() -> None:
    parent = painter()
    parent.types("елка")
    parent.sees("Paint it green?")


def test_a_label_may_be_typed_in_the_other_keyboard_layout() -> None:
    parent = painter()
    parent.types("`krf")
    parent.sees("Paint it green?")


def test_the_beginning_of_one_label_is_enough_and_of_two_is_not() -> None:
    parent = Story(ChooseFilters(Filters()))
    parent.types("direc")
    parent.sees("Which direction?", "Any direction")
    parent = Story(ChooseHours(Filters()))
    parent.types("in the")
    parent.sees("Please choose a time")
    parent = Story(ChooseFilters(Filters()))
    parent.types("days")
    parent.types("mo")
    parent.types("fri")
    parent.sees("Chosen: Fri")


def test_a_tap_on_an_older_screen_shows_the_present_one_and_says_so() -> None:
    parent = painter()
    assert parent.reply is not None
    old = parent.reply.message.rows[0][0].data
    parent.taps("Red")
    parent.presses(old)
    parent.sees("Paint it red?")
    assert "earlier screen" in parent.reply.popup


@pytest.mark.parametrize(
    "data", ["", "1:", "1:blue", "x:red", "1:red:red", "999:red", ">nowhere:1", ">", ":", "1:__class__"]
)
def test_a_forged_tap_changes_nothing(data: str) -> None:
    parent = painter()
    parent.presses(data)
    parent.sees("Which colour?")
    assert parent.reply is not None
    assert parent.reply.popup


def test_a_door_opens_on_top_and_back_returns_to_what_was_interrupted() -> None:
    parent = painter()
    parent.taps("More")
    parent.presses(">help")
    parent.sees("What is the certificate?")
    parent.taps("Back")
    parent.sees("page 1")


def test_what_is_not_text_gets_an_answer_and_loses_nothing() -> None:
    parent = painter()
    for kind in ("sticker", "voice", "photo", "location"):
        parent.sends(kind)
        parent.sees("only text and buttons", "Which colour?")
    parent.shares("+79110000000")
    parent.sees("only text and buttons")


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("", Unreadable("empty")),
        (" \u200b\u2060 ", Unreadable("empty")),
        ("x" * 10_000, Unreadable("long")),
        ("blue\u202e", Typed("blue")),
        ("bl\x00ue", Typed("blue")),
        ("и\u0306", Typed("й")),
        ("{0.__class__}", Typed("{0.__class__}")),
        ("<b>'; DROP TABLE child;--", Typed("<b>'; DROP TABLE child;--")),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_seen(typed: str, heard: Event) -> None:
    assert hear(Talk(ChooseColour()), Typed(typed)) == heard


def test_typed_braces_and_markup_are_shown_as_they_are() -> None:
    parent = painter()
    parent.types("{min} %s <i>blue</i> *x*")
    parent.sees("«{min} %s <i>blue</i> *x*» is no colour.")


def test_nothing_about_a_child_is_asked_before_the_consent() -> None:
    words = {ConsentWords("certificate"): ConsentText("certificate", "1", "en", "The whole text.")}
    parent = Story(AskName(), {**NOTHING_NEW, **words}, Reader("en", 1, consented=False))
    parent.sees("Do you agree?")
    parent.does_not_see("name?")


def test_nothing_about_a_child_is_asked_on_an_impersonal_channel() -> None:
    from bot.domain.home import OtherChannels

    parent = Story(AskName(), {OtherChannels(): ()}, Reader("en", 1, consented=True, impersonal=True))
    parent.sees("In this messenger I may not show or ask anything about a child.")
    parent.does_not_see("name?")


def test_a_dialog_that_asks_in_a_circle_is_a_bug_and_not_a_hang() -> None:
    with pytest.raises(TooManyHops):
        painter(AskForEver())


def test_history_is_bounded() -> None:
    parent = painter()
    for _step in range(30):
        parent.presses(">help")
        parent.taps("What is the certificate?")
    assert len(parent.talk.history) <= 20


def test_every_choice_fits_the_smallest_messenger() -> None:
    @dataclass(frozen=True)
    class TooLong(State[None]):
        def show(self, known: None) -> Screen:
            return Screen("?", (Button("x", "я" * 40),))

    with pytest.raises(AssertionError, match="choice too long"):
        Story(TooLong(), reader=CONSENTED)


def test_the_generator_asks_who_reads_once_a_screen() -> None:
    steps = converse(Talk(ChooseColour()), Pressed(""))
    next(steps)
    with pytest.raises(StopIteration):
        steps.send(CONSENTED)


def test_where_a_form_begins_the_draft_is_offered_too() -> None:
    @dataclass(frozen=True)
    class BeginPainting(State[None]):
        continues = True

        def show(self, known: None) -> Screen:
            return Screen("Paint anew?", (Button("Begin", "begin"),))

        def on(self, event: Event) -> Turn:
            return go(ChooseColour())

    parent = painter()
    parent.taps("More")
    parent.types("menu")
    begun = Story(BeginPainting(), parent.world)
    begun.talk = Talk(BeginPainting(), draft=parent.talk.draft)
    begun.presses("")
    begun.taps("Continue painting")
    begun.sees("page 1")


def test_what_many_see_is_drawn_once_for_an_answer_and_a_language() -> None:
    @dataclass(frozen=True)
    class Look(Query[str]):
        """What stands on the shelf?"""

    drawn: list[str] = []

    @dataclass(frozen=True)
    class LookAtShelf(State[str]):
        shared = True

        def needs(self) -> Query[str]:
            return Look()

        def show(self, known: str) -> Screen:
            drawn.append(known)
            return Screen(_("Nothing was found."), (Button(_("Filters"), "filters"),))

    def seen(answer: str, language: str) -> tuple[str, str]:
        parent = Story(LookAtShelf(), {Look(): answer}, replace(CONSENTED, language=language))
        return parent.text.splitlines()[-1], parent.labels[0]

    assert seen("red", "en") == seen("red", "en") == ("Nothing was found.", "Filters")
    assert seen("red", "ru") == ("Ничего не нашлось.", "Фильтры")
    assert drawn == ["red", "red"]
    seen("green", "en")
    assert drawn == ["red", "red", "green"]


def test_what_many_see_is_about_nobody() -> None:
    shared = [kind for kind in kinds(State) if kind.shared]
    assert BrowsePrograms in shared
    assert not any(kind.about_child or kind.personal or kind.draft for kind in shared)
