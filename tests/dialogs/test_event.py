"""A parent finds an event, signs a child up, takes it into the calendar, cancels."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.dialogs.conversation import Reader
from bot.dialogs.doors import open_door
from bot.dialogs.event import ListEvents, ReadEvent
from bot.dialogs.event_signup import ListSignups, ReadSignup
from bot.dialogs.event_words import refusal_words
from bot.domain.event import (
    AgeDoesNotFitEvent,
    CalendarFile,
    CancelSignup,
    ChildForEvent,
    ChildrenForEvent,
    EventCard,
    EventIsCalledOff,
    EventIsFull,
    EventIsOver,
    EventLine,
    EventPlace,
    EventPlaces,
    EventsFound,
    FindEvents,
    MySignups,
    NotSignedUp,
    OneEvent,
    OneSignup,
    SignedUp,
    SignedUpAlready,
    SignUp,
    SignupCancelled,
    SignupLine,
    SignupSeen,
)
from bot.domain.home import OtherChannels
from bot.domain.messages import NotYours, Refusal
from bot.i18n import render
from tests.story import CONSENTED, Story

STARTS = datetime(2026, 10, 3, 12, tzinfo=ZoneInfo("Europe/Moscow"))
ROBOTS = EventLine(4, "Robots: an open day", STARTS, "Leninsky", 7, 12, 3)
CARD = EventCard(ROBOTS, "Bring shoes.", "Lenin street, 1", "House of Arts")
SIGNED = SignupSeen(7, "Polina", CARD, may_cancel=True)
ONE = EventsFound(1, 0, 1, (ROBOTS,))
NONE = EventsFound(0, 0, 0, ())
IMPERSONAL = Reader("en", 1, consented=True, impersonal=True)


def coming(world: dict[Any, Any] | None = None, reader: Reader = CONSENTED) -> Story:
    return Story(ListEvents(), {FindEvents(): ONE, OneEvent(4): CARD, **(world or {})}, reader)


def test_what_is_coming_is_shown_at_once_and_a_card_says_all() -> None:
    parent = coming()
    parent.sees(
        "1 event is coming", "1. Robots: an open day", "Sat, 3 October 12:00", "Leninsky", "ages 7–12", "3 free places"
    )
    parent.taps("1. Robots")
    parent.sees(
        "When: Sat, 3 October 12:00",
        "Where: Leninsky, Lenin street, 1",
        "House of Arts",
        "Bring shoes.",
        "Sign up a child",
    )


def test_place_and_age_leave_fewer_and_back_undoes_them() -> None:
    narrowed = {
        EventPlaces(): (EventPlace(2, "Leninsky"),),
        FindEvents(2): replace(ONE, place="Leninsky"),
        FindEvents(2, 9): replace(NONE, place="Leninsky"),
    }
    parent = coming(narrowed)
    parent.taps("Place")
    parent.taps("Leninsky")
    parent.sees("Leninsky", "All events")
    parent.taps("Age")
    parent.types("9 лет")
    parent.sees("No events were found.", "Leninsky · age 9", "Choose another place or age.")
    parent.taps("Back")
    parent.sees("1 event is coming")
    parent.taps("All events")
    assert parent.state == ListEvents()


@pytest.mark.parametrize("typed", ["2", "18", "nine", "9999999999"])
def test_an_age_that_no_event_is_for_is_explained(typed: str) -> None:
    parent = coming()
    parent.taps("Age")
    parent.types(typed)
    parent.sees("Age is a number from 3 to 17.")


def test_pages_turn_and_their_numbers_go_on() -> None:
    lines = tuple(replace(ROBOTS, id=number, title=f"Event {number}") for number in range(1, 7))
    pages = {FindEvents(): EventsFound(6, 0, 2, lines[:5]), FindEvents(page=1): EventsFound(6, 1, 2, lines[5:])}
    parent = Story(ListEvents(), pages)
    parent.sees("6 events are coming", "Page 1 of 2", "5. Event 5")
    parent.taps("›")
    parent.sees("6. Event 6")
    parent.taps("‹")
    parent.sees("1. Event 1")


def test_where_nothing_is_planned_a_club_is_offered() -> None:
    Story(ListEvents(), {FindEvents(): NONE}).sees("No events are planned yet.", "Find a club")


def test_a_child_is_signed_up_and_the_event_goes_into_the_calendar() -> None:
    children = (ChildForEvent(7, "Polina"), ChildForEvent(8, "Oleg", AgeDoesNotFitEvent(4, 15, 7, 12)))
    parent = coming(
        {
            ChildrenForEvent(4): children,
            SignUp(4, 7): SignedUp(7, 4, STARTS),
            OneSignup(4, 7): SIGNED,
            CalendarFile(4): "BEGIN:VCALENDAR",
        }
    )
    parent.taps("1. Robots")
    parent.taps("Sign up a child")
    parent.sees("Who would like to come?", "Oleg: It is for ages 7–12, and on that day the child is 15 years old.")
    assert "Oleg" not in parent.labels
    parent.taps("Polina")
    parent.sees("Done: there is a place.", "Polina is signed up.", "on the day before")
    parent.does_not_see("free places")
    parent.taps("Add to calendar")
    assert parent.reply is not None and parent.reply.message.document is not None
    assert (parent.reply.message.document.name, parent.reply.message.document.content) == (
        "event-4.ics",
        "BEGIN:VCALENDAR",
    )
    parent.taps("Back")
    assert parent.state == ReadSignup(4, 7)


def test_a_place_that_somebody_else_took_meanwhile_is_told() -> None:
    parent = coming({ChildrenForEvent(4): (ChildForEvent(7, "Polina"),), SignUp(4, 7): EventIsFull(4)})
    parent.taps("1. Robots")
    parent.taps("Sign up a child")
    parent.taps("Polina")
    parent.sees("All places are taken.", "choose another event")


def test_a_family_that_is_not_known_is_told_how_to_begin() -> None:
    parent = coming({ChildrenForEvent(4): ()})
    parent.taps("1. Robots")
    parent.taps("Sign up a child")
    parent.sees("link a child", "To the certificate")


def test_whoever_is_signed_up_already_finds_the_sign_up() -> None:
    parent = coming({ChildrenForEvent(4): (ChildForEvent(7, "Polina", SignedUpAlready(4, 7)),), MySignups(): ()})
    parent.taps("1. Robots")
    parent.taps("Sign up a child")
    parent.sees("None of your children can be signed up.", "Polina: The child is signed up already", "All events")
    parent.taps("My sign-ups")
    assert parent.state == ListSignups()


def test_a_sign_up_is_cancelled_after_a_question() -> None:
    mine = (SignupLine(4, 7, "Polina", "Robots: an open day", STARTS, False),)
    world = {MySignups(): mine, OneSignup(4, 7): SIGNED, CancelSignup(4, 7): SignupCancelled(7, 4)}
    parent = coming(world)
    parent.taps("My sign-ups")
    parent.sees("1. Robots: an open day", "Polina, Sat, 3 October 12:00")
    parent.taps("1. Robots")
    parent.taps("Cancel the sign-up")
    parent.sees("Polina will not come to «Robots: an open day»")
    parent.taps("No")
    parent.sees("Polina is signed up.")
    parent.taps("Cancel the sign-up")
    parent.world[MySignups()] = ()
    parent.taps("Yes")
    parent.sees("The sign-up is cancelled.", "not signed up for any event")


def test_a_grandparent_sees_the_sign_up_and_cannot_cancel_it() -> None:
    parent = Story(ReadSignup(4, 7), {OneSignup(4, 7): replace(SIGNED, may_cancel=False)})
    parent.sees("Polina is signed up.", "Add to calendar")
    parent.does_not_see("Cancel the sign-up")


@pytest.mark.parametrize("why_not", [EventIsOver(4), EventIsCalledOff(4)])
def test_what_is_over_or_called_off_says_so_and_offers_the_others(why_not: Refusal) -> None:
    card = replace(CARD, why_not=why_not)
    words = render(refusal_words(why_not), "en")
    for parent in (
        Story(ReadEvent(4), {OneEvent(4): card}),
        Story(ReadSignup(4, 7), {OneSignup(4, 7): replace(SIGNED, card=card)}),
    ):
        parent.sees(words, "All events")
        parent.does_not_see("Sign up a child", "Cancel the sign-up", "Add to calendar")


def test_a_full_event_says_what_next() -> None:
    parent = Story(ReadEvent(4), {OneEvent(4): replace(CARD, line=replace(ROBOTS, free=0))})
    parent.sees("no free places", "somebody may cancel, or choose another event", "All events")
    parent.does_not_see("Sign up a child")


def test_an_event_without_a_limit_counts_no_places() -> None:
    Story(ReadEvent(4), {OneEvent(4): replace(CARD, line=replace(ROBOTS, free=None))}).does_not_see("place", "None")


def test_every_refusal_has_a_sentence() -> None:
    refusals = (NotSignedUp(4), NotYours(), EventIsFull(4), SignedUpAlready(4, 7))
    assert len({render(refusal_words(refusal), "en") for refusal in refusals}) == len(refusals)


def test_the_doors_open_the_list_a_card_and_a_sign_up() -> None:
    assert open_door("events") == ListEvents()
    assert open_door("event:4") == open_door("event_4") == ReadEvent(4)
    assert open_door("signup:4:7") == ReadSignup(4, 7)
    assert open_door("event:" + "9" * 40) is None
    assert open_door("event:x") is None and open_door("signup:4") is None
    Story(ReadEvent(4), {OneEvent(4): None}).sees("There is no such event any more.")
    Story(ReadSignup(4, 7), {OneSignup(4, 7): None}).sees("This is not available.")


def test_on_an_impersonal_channel_events_are_found_and_children_are_not_named() -> None:
    parent = coming({OtherChannels(): ()}, IMPERSONAL)
    parent.taps("1. Robots")
    parent.taps("Sign up a child")
    parent.sees("In this messenger I may not show or ask anything about a child.")
