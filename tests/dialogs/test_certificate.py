"""The certificate in the chat: status with its clock, the card, money on request, linking (R2.3–R2.13)."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.dialogs.certificate import ShowCertificates, TypeCertificateNumber
from bot.dialogs.certificate_card import ShowCertificate
from bot.dialogs.certificate_words import refusal
from bot.dialogs.conversation import Reader
from bot.dialogs.home import Home
from bot.domain.application import ApplicationBasis, Basis, Plan, Question
from bot.domain.certificate import (
    BecameFunded,
    Card,
    CertificateKind,
    CertificateLinked,
    CertificateState,
    ConvertCertificate,
    LinkBlocked,
    LinkCertificate,
    LinkRefused,
    QueuedForFunded,
    ReadCertificate,
)
from bot.domain.certificate_staff import (
    AlreadyQueued,
    ConversionByRequestOnly,
    DecisionsSuspended,
    LooksLikeAnotherChild,
    NoCertificateVacancy,
    NotInThatState,
    OpenRequestInTheWay,
    RunningEnrollmentInTheWay,
    TooEarlyToUnfreeze,
)
from bot.domain.family import ChildSeen, MyChildren, Rights
from bot.domain.home import HomeNews, OtherChannels
from bot.domain.messages import NotYours, Refusal
from tests.story import Story

ACTIVE = Card(
    3,
    "Anna",
    "Petrova",
    "full",
    id=4,
    state=CertificateState.ACTIVE,
    number="5101123456",
    group="All children",
    valid_until=date(2035, 3, 14),
    may_convert=True,
)
ANNA = ChildSeen(3, "Anna", "Petrova", date(2017, 3, 14), Rights.FULL, CertificateState.ACTIVE, 4)
IVAN = ChildSeen(5, "Ivan", "Petrov", date(2015, 1, 2), Rights.FULL)
BORN = date(2017, 3, 14)


def card(shown: Card | None) -> Story:
    """A parent who looks at a certificate."""
    return Story(ShowCertificate(3), {ReadCertificate(3): shown, HomeNews(): None})


def test_a_parent_without_children_applies_or_links():
    story = Story(ShowCertificates(), {MyChildren(): ()})
    story.sees("no certificate here yet", "Apply", "Link by number")
    story.taps("Link by number")
    story.sees("10 digits")


def test_an_only_child_s_card_opens_at_once():
    story = Story(Home(), {MyChildren(): (ANNA,), ReadCertificate(3): ACTIVE, HomeNews(): None})
    story.presses(">certificate")
    story.sees("Petrova Anna", "5101123456", "Apply for another child")
    story.taps("Back")
    assert isinstance(story.state, Home)


def test_several_children_are_a_list():
    story = Story(ShowCertificates(), {MyChildren(): (ANNA, IVAN), ReadCertificate(3): ACTIVE})
    story.sees("Anna: in use", "Ivan: no certificate yet")
    story.taps("Anna")
    story.sees("5101123456")


def test_many_children_are_paged():
    many = tuple(replace(ANNA, id=number, first_name=f"Child{number}") for number in range(1, 8))
    story = Story(ShowCertificates(), {MyChildren(): many})
    story.taps("›")
    story.sees("Child7")


def test_the_status_shows_its_clock():
    story = card(Card(3, "Anna", "Petrova", "full", id=4, decide_by=date(2026, 11, 25)))
    story.sees("under review", "the decision by November 25, 2026")


def test_a_late_decision_is_called_late():
    story = card(Card(3, "Anna", "Petrova", "full", id=4, decide_by=date(2026, 11, 25), overdue=True))
    story.sees("due by November 25, 2026 and is late", "Contacts")


def test_a_rejection_names_the_reason_and_the_way_back():
    shown = Card(
        3, "Anna", "Petrova", "full", id=4, state=CertificateState.REJECTED, reason="no_visit", words="Come on Mondays."
    )
    story = card(shown)
    story.sees("rejected", "not shown in time", "Come on Mondays.", "Correct and send again")
    story = card(replace(shown, rights="read"))
    story.sees("rejected")
    story.does_not_see("Correct and send again")


def test_who_has_a_certificate_already_is_led_to_linking():
    story = card(Card(3, "Anna", "Petrova", "full", id=4, state=CertificateState.REJECTED, reason="has_one"))
    story.sees("has a certificate already", "Link by number")


def test_the_visit_says_until_when_and_what_to_bring():
    story = card(
        Card(
            3,
            "Anna",
            "Petrova",
            "full",
            id=4,
            state=CertificateState.AWAITING_VISIT,
            visit_by=date(2026, 12, 25),
            wanted_group="Orphans",
        )
    )
    story.sees("by December 25, 2026", "passport", "Orphans", "Contacts")


def test_the_card_shows_number_kind_category_and_validity():
    story = card(ACTIVE)
    story.sees("5101123456", "without money", "All children", "March 14, 2035", "Ask for money")
    story = card(replace(ACTIVE, kind=CertificateKind.FUNDED, may_convert=False))
    story.sees("with money", "Money")
    story.does_not_see("Ask for money")


def test_the_place_in_the_queue_is_seen():
    card(replace(ACTIVE, place=12, may_convert=False)).sees("place 12")


def test_an_automatic_conversion_is_explained():
    story = card(replace(ACTIVE, may_convert=False, conversion="automatic"))
    story.sees("comes by itself, with your first request")
    waits = card(replace(ACTIVE, conversion="automatic"))
    waits.does_not_see("comes by itself")
    waits.taps("Ask for money")
    waits.sees("you get a place in the queue")


@pytest.mark.parametrize(
    ("shown", "seen"),
    [
        (replace(ACTIVE, state=CertificateState.FROZEN, unfreeze_from=date(2027, 9, 1)), "from September 1, 2027 on"),
        (replace(ACTIVE, state=CertificateState.FROZEN), "in the next period"),
        (replace(ACTIVE, state=CertificateState.REVOKED, reason="moved_away"), "moved away"),
        (replace(ACTIVE, state=CertificateState.CLOSED_AGE), "closed"),
        (Card(3, "Anna", "Petrova", "full"), "no certificate yet"),
    ],
)
def test_every_other_state_says_what_goes_on(shown: Card, seen: str):
    card(shown).sees(seen)


def test_a_parent_asks_for_money_and_gets_it():
    story = card(ACTIVE)
    story.taps("Ask for money")
    story.sees("limited")
    story.world[ConvertCertificate(4, CertificateKind.FUNDED)] = BecameFunded(3, 4)
    story.world[ReadCertificate(3)] = replace(ACTIVE, kind=CertificateKind.FUNDED, may_convert=False)
    story.taps("Yes, with money")
    story.sees("carries money now", "Kind: with money")


def test_without_a_vacancy_there_is_a_place_in_the_queue():
    story = card(ACTIVE)
    story.taps("Ask for money")
    story.world[ConvertCertificate(4, CertificateKind.FUNDED)] = QueuedForFunded(3, 4, 7)
    story.world[ReadCertificate(3)] = replace(ACTIVE, place=7, may_convert=False)
    story.taps("Yes, with money")
    story.sees("Your place in the queue: 7.")


def test_an_open_request_is_named_as_the_reason():
    story = card(ACTIVE)
    story.taps("Ask for money")
    story.world[ConvertCertificate(4, CertificateKind.FUNDED)] = OpenRequestInTheWay(1)
    story.taps("Yes, with money")
    story.sees("1 request for a club is still open", "Wait for its answer")


def test_a_question_about_money_that_is_too_late_leads_back():
    story = card(ACTIVE)
    story.world[ReadCertificate(3)] = replace(ACTIVE, may_convert=False)
    story.taps("Ask for money")
    story.sees("cannot be asked for now", "5101123456")


def test_a_stranger_s_child_does_not_exist():
    story = Story(Home(), {HomeNews(): None, ReadCertificate(99): None})
    story.presses(">certificate:99")
    story.sees("do not know this child")


def test_a_parent_links_an_existing_certificate():
    story = Story(TypeCertificateNumber(), {ReadCertificate(3): ACTIVE})
    story.types("12345")
    story.sees("has 10 digits")
    story.types("5101 123456")
    story.types("14.03.17")
    story.sees("all four digits")
    story.types("14.03.2017")
    story.types("what code?")
    story.sees("8 letters and digits")
    story.world[LinkCertificate("5101123456", BORN, "ABCEHKMP")] = CertificateLinked(3, 4)
    story.types("abce-hkmp")
    story.sees("Linked", "5101123456")


def test_a_wrong_try_never_tells_which_part_was_wrong():
    story = Story(TypeCertificateNumber())
    for answer in ("5101123456", "14.03.2017"):
        story.types(answer)
    story.world[LinkCertificate("5101123456", BORN, "ABCEHKMP")] = LinkRefused(4)
    story.types("ABCEHKMP")
    story.sees("check all three", "4 tries are left")


def test_after_five_wrong_tries_there_is_a_pause():
    story = Story(TypeCertificateNumber(), {HomeNews(): None})
    for answer in ("5101123456", "14.03.2017"):
        story.types(answer)
    story.world[LinkCertificate("5101123456", BORN, "ABCEHKMP")] = LinkBlocked(datetime(2026, 9, 1, 13, 5))
    story.types("ABCEHKMP")
    story.sees("try again at 13:05")
    assert isinstance(story.state, Home)


def test_nothing_about_a_child_is_shown_on_an_impersonal_channel():
    elsewhere = Reader("en", municipality=1, consented=True, impersonal=True)
    basis = Basis(Plan((Question.CHILD,), date(2026, 9, 1), 5, 18), "Murmansk", (), ())
    for state in (ShowCertificate(3), ShowCertificates(), TypeCertificateNumber()):
        story = Story(
            state,
            {ReadCertificate(3): ACTIVE, MyChildren(): (ANNA,), OtherChannels(): (), ApplicationBasis(): basis},
            reader=elsewhere,
        )
        story.does_not_see("Anna", "5101123456", "10 digits")


@pytest.mark.parametrize(
    "fact",
    [
        LinkRefused(1),
        LinkBlocked(datetime(2026, 9, 1, 13, 5)),
        NotInThatState(CertificateState.FROZEN),
        DecisionsSuspended(date(2026, 12, 1)),
        LooksLikeAnotherChild("snils", (1, 2)),
        LooksLikeAnotherChild("name", (1,)),
        AlreadyQueued(3),
        ConversionByRequestOnly(),
        OpenRequestInTheWay(2),
        RunningEnrollmentInTheWay(2),
        NoCertificateVacancy(),
        TooEarlyToUnfreeze(date(2027, 9, 1)),
        TooEarlyToUnfreeze(None),
    ],
)
def test_every_refusal_has_its_own_sentence(fact: Refusal):
    assert refusal(fact) != refusal(NotYours())
