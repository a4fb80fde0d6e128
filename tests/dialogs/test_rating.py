"""A parent rates a club: one tap is enough, the rest is for those who like (R7)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.dialogs.conversation import Reader
from bot.dialogs.doors import open_door
from bot.dialogs.home import Home
from bot.dialogs.rating import AskAspect, GiveStars, ReadRating, WriteComment, refusal_words, stars_in
from bot.domain.home import HomeNews, News, OtherChannels
from bot.domain.messages import NotYours, Refusal
from bot.domain.rating import (
    Aspect,
    AspectRated,
    CommentLeft,
    CommentState,
    CommentTooLong,
    DeclineRating,
    GuardiansRate,
    LeaveComment,
    NothingToRate,
    NotOverYet,
    OneRating,
    RateAspect,
    Rated,
    RatedByAnother,
    RateProgram,
    RatingDeclined,
    RatingSeen,
    StarsFirst,
    TooLateToChange,
)
from bot.i18n import render
from tests.story import Story

UNTIL = date(2027, 6, 15)
EMPTY = RatingSeen(5, 3, "Robots")
FOUR = replace(EMPTY, stars=4, until=UNTIL)
AT_HOME: dict[Any, Any] = {HomeNews(): News(children=1)}


def story(seen: RatingSeen | None, world: dict[Any, Any] | None = None) -> Story:
    return Story(GiveStars(5), {OneRating(5): seen, **AT_HOME, **(world or {})})


def test_one_tap_saves_the_stars() -> None:
    parent = story(EMPTY, {RateProgram(5, 4): Rated(5, 3, 4)})
    parent.sees("How was «Robots»?", "5 is excellent", "Do not ask about this club")
    parent.world[OneRating(5)] = EMPTY
    parent.world |= {OneRating(5): FOUR}
    parent.taps("4")
    parent.sees("Saved. Thank you!", "«Robots»: 4 of 5", "June 15, 2027", "Add details", "Write a comment")
    parent.taps("Done")
    assert isinstance(parent.state, Home)
    parent.sees("It helps other families to choose")


@pytest.mark.parametrize("typed", ["4", " 4 ", "4 звезды", "4 stars", "4.", "★★★★", "⭐⭐⭐⭐"])
def test_stars_may_be_written(typed: str) -> None:
    parent = story(EMPTY, {RateProgram(5, 4): Rated(5, 3, 4)})
    parent.types(typed)
    assert parent.asked[1] == RateProgram(5, 4)


@pytest.mark.parametrize("typed", ["0", "6", "-1", "45", "5/5", "отлично", "★★★★★★", "٣", "4" * 4000])
def test_what_is_no_number_from_1_to_5_is_explained(typed: str) -> None:
    assert stars_in(typed) == 0
    parent = story(EMPTY)
    parent.types(typed)
    parent.sees("Please choose a number from 1 to 5.", "How was «Robots»?")


def test_details_are_four_short_questions_each_of_which_may_be_skipped_and_then_the_comment() -> None:
    rated = {RateAspect(5, aspect, 5): AspectRated(5, aspect) for aspect in (Aspect.RESULTS, Aspect.OVERALL)}
    parent = story(FOUR, {**rated, LeaveComment(5, "Good teachers"): CommentLeft(5)})
    parent.taps("Add details")
    parent.sees("1 of 4", "learn what was promised")
    parent.taps("5")
    parent.sees("2 of 4", "teachers")
    parent.taps("Skip")
    parent.types("skip")
    parent.sees("4 of 4", "as a whole")
    parent.taps("5")
    parent.sees("What should other families know about «Robots»?", "initials", "do not name children")
    parent.world[OneRating(5)] = replace(
        FOUR,
        aspects=((Aspect.RESULTS, 5), (Aspect.OVERALL, 5)),
        comment="Good teachers",
        comment_state=CommentState.WAITING,
    )
    parent.types("Good teachers")
    assert isinstance(parent.state, ReadRating)
    parent.sees("Results as promised: 5 of 5", "«Good teachers»", "The municipality checks", "Change the comment")


def test_a_comment_that_is_written_unasked_is_offered_to_be_saved() -> None:
    parent = story(FOUR)
    parent.types("Спасибо, всё понравилось")
    parent.sees("seen with your initials", "Save: «Спасибо, всё понравилось»")
    parent.world[LeaveComment(5, "Спасибо, всё понравилось")] = CommentLeft(5)
    parent.taps("Save")
    parent.sees("Saved. Thank you!")


def test_a_comment_of_more_than_a_thousand_characters_is_not_taken() -> None:
    parent = Story(WriteComment(5), {OneRating(5): FOUR})
    parent.types("x" * 1001)
    parent.sees("The comment has 1,001 characters, and 1,000 fit.")
    assert parent.asked == [OneRating(5), OneRating(5)]


def test_a_comment_may_be_skipped_or_removed() -> None:
    waiting = replace(FOUR, comment="Bad", comment_state=CommentState.HIDDEN, comment_reason="It is rude")
    parent = story(waiting, {LeaveComment(5, ""): CommentLeft(5, removed=True)})
    parent.sees("The comment is not shown. Reason: It is rude")
    parent.taps("Change the comment")
    parent.taps("Skip")
    parent.taps("Change the comment")
    parent.world[OneRating(5)] = FOUR
    parent.taps("Remove the comment")
    parent.sees("The comment is removed.", "Write a comment")
    parent.does_not_see("«Bad»")


def test_the_reply_of_the_provider_is_shown_with_the_comment() -> None:
    parent = story(replace(FOUR, comment="Good", comment_state=CommentState.SHOWN, reply="Thank you"))
    parent.sees("«Good»", "Everybody sees the comment", "The provider answers: Thank you")


def test_other_stars_return_to_the_rating() -> None:
    parent = story(FOUR, {RateProgram(5, 2): Rated(5, 3, 2)})
    parent.taps("Other stars")
    parent.sees("How was «Robots»?")
    parent.does_not_see("Do not ask")
    parent.world[OneRating(5)] = replace(FOUR, stars=2)
    parent.taps("2")
    parent.sees("«Robots»: 2 of 5")
    assert parent.talk.history == ()


def test_whoever_declines_is_told_where_to_rate_later_and_is_not_asked_for_it_again() -> None:
    parent = story(EMPTY, {DeclineRating(5): RatingDeclined(5)})
    parent.taps("Do not ask")
    parent.sees("I will not ask about this club again", "«My clubs»")
    later = story(replace(EMPTY, declined=True))
    later.sees("How was «Robots»?")
    later.does_not_see("Do not ask")


REFUSALS: list[tuple[Refusal, str]] = [
    (NotOverYet(5), "When it ends, I will ask you"),
    (NothingToRate(5), "no month was paid"),
    (GuardiansRate(5), "Only the child's parents"),
    (RatedByAnother(5), "each family rates once"),
    (TooLateToChange(UNTIL), "June 15, 2027"),
    (StarsFirst(5), "First choose the stars"),
    (CommentTooLong(1001, 1000), "make it shorter"),
    (NotYours(), "This is not available."),
]


@pytest.mark.parametrize(("refusal", "words"), REFUSALS)
def test_every_refusal_has_its_own_sentence(refusal: Refusal, words: str) -> None:
    assert words in render(refusal_words(refusal), "en")


@pytest.mark.parametrize(("refusal", "words"), REFUSALS[:4])
def test_what_cannot_be_rated_says_why_instead_of_asking(refusal: Refusal, words: str) -> None:
    parent = story(replace(EMPTY, why_not=refusal))
    parent.sees("Robots", words)
    assert parent.labels == ["Menu"]


def test_a_rating_that_is_too_old_is_shown_and_stays() -> None:
    parent = story(replace(FOUR, why_not=TooLateToChange(UNTIL)))
    parent.sees("«Robots»: 4 of 5", "Now it stays as it is")
    assert parent.labels == ["Menu"]


def test_a_refusal_that_comes_with_the_tap_is_told() -> None:
    parent = story(EMPTY, {RateProgram(5, 1): RatedByAnother(5)})
    parent.world[OneRating(5)] = EMPTY
    parent.taps("1")
    parent.sees("Your family has rated this club already")
    late = Story(AskAspect(5), {RateAspect(5, Aspect.RESULTS, 1): TooLateToChange(UNTIL), **AT_HOME})
    late.taps("1")
    late.sees("could be changed until June 15, 2027")


def test_somebody_elses_door_leads_to_nothing() -> None:
    state = open_door("rate:5")
    assert state == GiveStars(5) == open_door("rate_5")
    assert open_door("rate:") is None and open_door("rate:five") is None
    story(None).sees("This is not available.")


def test_nothing_of_a_rating_is_shown_on_an_impersonal_channel() -> None:
    parent = Story(GiveStars(5), {OtherChannels(): ()}, Reader("en", 1, consented=True, impersonal=True))
    parent.sees("In this messenger I may not show or ask anything about a child.")
    parent.does_not_see("Robots")
