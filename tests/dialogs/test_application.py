"""Applying for a certificate, as a parent lives it (R2.8, R2.9)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.dialogs.application import CorrectApplication, StartApplication
from bot.dialogs.certificate_card import ShowCertificate
from bot.dialogs.codec import decode, encode
from bot.dialogs.core import AnyState, Secret, State
from bot.dialogs.dates import NotADate, typed_date
from bot.dialogs.home import Home
from bot.dialogs.phone import normal_phone
from bot.domain.application import (
    AlreadyApplied,
    ApplicationBasis,
    ApplicationHeld,
    ApplicationSubmitted,
    Basis,
    Choice,
    Entered,
    FullName,
    HealthConsentMissing,
    Plan,
    Question,
    ReadApplication,
    SubmitApplication,
    TooYoungForCertificate,
    WrongAnswer,
)
from bot.domain.certificate import Card, ReadCertificate
from bot.domain.home import HomeNews
from bot.domain.messages import Command, Query
from bot.domain.privacy import ConsentGiven, ConsentText, ConsentWords, GiveConsent
from tests.story import Story

TODAY = date(2026, 11, 22)
DECISION = date(2026, 11, 25)
ALL = Choice(1, "All children")
DISABILITY = Choice(2, "Disability", about_health=True)
KIROVSKY, LENINSKY = Choice(7, "Kirovsky"), Choice(8, "Leninsky")
BASIS = Basis(Plan(tuple(Question), TODAY, 5, 18), "Murmansk", (KIROVSKY, LENINSKY), (ALL, DISABILITY))
KNOWN_PARENT = replace(
    BASIS,
    plan=replace(BASIS.plan, questions=(Question.CHILD, Question.BORN, Question.DISTRICT, Question.ADDRESS)),
    groups=(ALL,),
    guardian=FullName("Petrova", "Maria"),
    phone="+79161234567",
)
ENTERED = Entered(
    FullName("Petrova", "Anna", "Sergeevna"),
    date(2017, 3, 14),
    8,
    "Lenin street, 1",
    FullName("Petrova", "Maria"),
    "+79161234567",
    "maria@example.ru",
    1,
    "11223344595",
)
CARD = Card(3, "Anna", "Petrova", "full", id=4, decide_by=DECISION)


def parent(basis: Basis = BASIS) -> Story:
    """A parent who has pressed «Begin»."""
    known: dict[Query[Any] | Command, Any] = {
        ApplicationBasis(): basis,
        ReadCertificate(3): CARD,
        HomeNews(): None,
    }
    story = Story(StartApplication(), known)
    story.taps("Begin")
    return story


def answers_all(story: Story) -> None:
    """Every question once, in order."""
    story.types("petrova anna sergeevna")
    story.types("14 March 2017")
    story.taps("Leninsky")
    story.types("Lenin street, 1")
    story.types("112-233-445 95")
    story.types("Petrova Maria")
    story.types("8 (916) 123-45-67")
    story.types("maria@example.ru")
    story.taps("All children")


def test_a_parent_applies_step_by_step():
    story = parent()
    story.sees("1 of 9", "full name")
    story.types("petrova anna sergeevna")
    story.sees("Surname Petrova, first name Anna, patronymic Sergeevna.", "2 of 9", "born")
    story.types("14 March 2017")
    story.sees("3 of 9", "Kirovsky", "Leninsky")
    story.taps("Leninsky")
    story.sees("4 of 9", "address")
    story.types("Lenin street, 1")
    story.sees("5 of 9", "SNILS", "Skip")
    story.types("112-233-445 95")
    story.sees("6 of 9", "your own full name")
    story.types("Petrova Maria")
    story.sees("7 of 9", "phone")
    story.types("8 (916) 123-45-67")
    story.sees("8 of 9", "e-mail")
    story.types("maria@example.ru")
    story.sees("9 of 9", "category")
    story.taps("All children")
    story.sees(
        "Child: Petrova Anna Sergeevna",
        "Born: March 14, 2017",
        "District: Leninsky",
        "Address: Lenin street, 1",
        "SNILS: •••-•••-••5 95",
        "You: Petrova Maria",
        "Phone: +7 916 123-45-67",
        "E-mail: maria@example.ru",
        "Category: All children",
    )
    story.does_not_see("112", "of 9")
    story.world[SubmitApplication(ENTERED)] = ApplicationSubmitted(3, 4, DECISION)
    story.taps("Send")
    assert story.state == ShowCertificate(3, alone=True)
    story.sees("The application is sent.", "under review", "November 25, 2026")
    story.does_not_see("Back")


def test_what_is_known_of_the_parent_is_not_asked_again():
    story = parent(KNOWN_PARENT)
    story.sees("1 of 4")
    story.types("Petrova Anna")
    story.types("14.03.2017")
    story.taps("Kirovsky")
    story.types("Lenin street, 1")
    story.sees("Please check", "You: Petrova Maria", "Phone: +7 916 123-45-67")
    story.does_not_see("SNILS", "Category")


def test_snils_and_email_may_be_left_out():
    story = parent()
    for answer in ("Petrova Anna", "14.03.2017"):
        story.types(answer)
    story.taps("Leninsky")
    story.types("Lenin street, 1")
    story.taps("Skip")
    story.types("Petrova Maria")
    story.shares("79161234567")
    story.types("skip")
    story.taps("All children")
    story.sees("SNILS: not given", "Phone: +7 916 123-45-67")
    story.does_not_see("E-mail")


def test_a_municipality_that_requires_snils_offers_no_skip():
    story = parent(replace(BASIS, plan=replace(BASIS.plan, questions=(Question.SNILS,)), snils_required=True))
    story.types("Petrova Anna")
    story.sees("SNILS")
    story.does_not_see("Skip")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("Anna", "at least the surname and the first name"),
        ("Petrova Anna2", "only letters"),
        ("Petrova Anna Maria Sergeevna", "commas"),
        ("Петроwа Анна", "all in Russian letters, or all in Latin"),
        ("<b>Petrova</b> Anna", "only letters"),
    ],
)
def test_a_name_that_cannot_be_is_explained(typed: str, reason: str):
    story = parent()
    story.types(typed)
    story.sees(reason, "1 of 9")


def test_a_name_in_the_wrong_keyboard_layout_is_noticed():
    story = parent()
    story.types("Gtnhjdf Fyyf")
    story.sees("Surname Gtnhjdf", "These are Latin letters.", "2 of 9")
    story.taps("Back")
    story.types("Петрова Анна")
    story.does_not_see("Latin letters")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("14.03.17", "all four digits"),
        ("30.02.2017", "no such day"),
        ("03/04/2017", "not sure which day"),
        ("some day in March", "not sure which day"),
        ("14.03.2027", "still to come"),
        ("23.11.2021", "apply from November 23, 2026 on"),
        ("22.11.2008", "up to the age of 18"),
    ],
)
def test_a_birth_date_that_does_not_fit_is_explained(typed: str, reason: str):
    story = parent()
    story.types("Petrova Anna")
    story.types(typed)
    story.sees(reason, "2 of 9")


def test_other_wrong_answers_are_explained_too():
    story = parent()
    story.types("Petrova Anna")
    story.types("14.03.2017")
    story.types("the left bank")
    story.sees("choose the district with a button")
    story.taps("Leninsky")
    story.types("17")
    story.sees("street, house and flat")
    story.types("Lenin street, 1")
    story.types("112-233-445 96")
    story.sees("not a SNILS")
    story.taps("Skip")
    story.types("Petrova Maria")
    story.types("12345")
    story.sees("do not know such a number")
    story.shares("79161234567", own=False)
    story.sees("another person's contact")
    story.sends("sticker")
    story.sees("only text and buttons")


def test_back_keeps_what_was_answered():
    story = parent()
    story.types("Petrova Anna")
    story.types("14.03.2017")
    story.taps("Leninsky")
    story.sees("4 of 9")
    for _step in range(3):
        story.taps("Back")
    story.sees("1 of 9", "Keep: Petrova Anna")
    story.types("Petrova Inna")
    story.sees("4 of 9", "address")


def test_an_answer_can_be_kept_or_changed_at_the_end():
    story = parent()
    answers_all(story)
    story.taps("Change")
    story.taps("Child's name")
    story.sees("Keep: Petrova Anna Sergeevna")
    story.does_not_see("of 9")
    story.types("Petrova Inna")
    story.sees("Please check", "Child: Petrova Inna", "SNILS: •••-•••-••5 95")
    story.taps("Change")
    story.taps("District")
    story.taps("Keep: Leninsky")
    story.sees("Please check", "District: Leninsky")
    story.taps("Change")
    story.taps("SNILS")
    story.taps("Skip")
    story.sees("SNILS: not given")


def test_a_draft_survives_home_and_a_restart():
    story = parent()
    for answer in ("Petrova Anna", "14.03.2017"):
        story.types(answer)
    story.taps("Leninsky")
    story.types("Lenin street, 1")
    story.types("112-233-445 95")
    story.taps("Menu")
    assert isinstance(story.state, Home)
    kept = encode(story.talk.draft, Masking())
    assert "11223344595" not in kept
    story.talk = replace(story.talk, draft=decode(State, kept, Masking()))
    story.taps("Continue the application")
    story.sees("6 of 9", "your own full name")
    assert story.state.form.snils == Secret("11223344595")


class Masking:
    """A cipher that hides by turning round."""

    def encrypt(self, plain: str) -> str:
        return plain[::-1]

    def decrypt(self, token: str) -> str:
        return token[::-1]


def test_a_draft_that_was_left_for_long_knows_the_new_day():
    story = parent()
    story.types("Petrova Anna")
    story.types("23.11.2021")
    story.sees("apply from November 23, 2026 on")
    story.world[ApplicationBasis()] = replace(BASIS, plan=replace(BASIS.plan, today=date(2026, 11, 23)))
    story.taps("Menu")
    story.taps("Continue the application")
    story.types("23.11.2021")
    story.sees("3 of 9")


def test_a_category_that_tells_of_health_needs_a_consent_of_its_own():
    story = parent()
    answers_all(story)
    story.taps("Change")
    story.taps("Category")
    story.world[ConsentWords("health")] = ConsentText("health", "1", "en", "words")
    story.taps("Disability")
    story.sees("health", "I agree")
    story.world[GiveConsent("health", "1", "en")] = ConsentGiven(9, "health")
    story.taps("I agree")
    story.sees("Please check", "Category: Disability")


def test_without_that_consent_another_category_can_be_chosen():
    story = parent()
    answers_all(story)
    story.taps("Change")
    story.taps("Category")
    story.world[ConsentWords("health")] = ConsentText("health", "1", "en", "words")
    story.taps("Disability")
    story.taps("Not now")
    story.taps("All children")
    story.sees("Please check", "Category: All children")


def test_an_application_that_looks_like_another_is_under_review_and_nothing_more():
    story = parent()
    answers_all(story)
    story.world[SubmitApplication(ENTERED)] = ApplicationHeld(3, 4, DECISION)
    story.taps("Send")
    story.sees("The application is sent.", "under review")
    story.does_not_see("like another", "already", "exists")


def test_whoever_applies_twice_sees_the_first_application():
    story = parent()
    answers_all(story)
    story.world[SubmitApplication(ENTERED)] = AlreadyApplied(3)
    story.taps("Send")
    assert story.state == ShowCertificate(3)
    story.sees("applied for this child before", "under review")


@pytest.mark.parametrize(
    ("fact", "seen"),
    [
        (WrongAnswer(Question.ADDRESS), "address"),
        (TooYoungForCertificate(date(2026, 12, 1)), "apply from December 1, 2026"),
    ],
)
def test_what_the_municipality_refuses_is_asked_once_more(fact: Any, seen: str):
    story = parent()
    answers_all(story)
    story.world[SubmitApplication(ENTERED)] = fact
    story.taps("Send")
    story.sees(seen, "Keep:")
    story.taps("Back")
    story.sees("Please check")


def test_a_consent_withdrawn_meanwhile_is_asked_again():
    story = parent()
    answers_all(story)
    story.world[SubmitApplication(ENTERED)] = HealthConsentMissing()
    story.world[ConsentWords("health")] = ConsentText("health", "1", "en", "words")
    story.taps("Send")
    story.sees("I agree")


def test_a_rejected_application_is_corrected_without_typing_it_again():
    story = Story(
        CorrectApplication(4), {ApplicationBasis(): KNOWN_PARENT, ReadApplication(4): ENTERED, ReadCertificate(3): CARD}
    )
    story.sees("Please check", "Child: Petrova Anna Sergeevna", "District: Leninsky")
    story.taps("Change")
    story.taps("Address")
    story.types("Lenin street, 2")
    story.world[SubmitApplication(replace(ENTERED, address="Lenin street, 2"), certificate=4)] = ApplicationSubmitted(
        3, 4, DECISION
    )
    story.taps("Send")
    story.sees("The application is sent.")


def test_an_application_of_somebody_else_cannot_be_corrected():
    story = Story(Home(), {HomeNews(): None, ReadApplication(4): None})
    story.presses(">correct:4")
    story.sees("nothing to correct")


def test_many_districts_are_shown_in_pages():
    many = tuple(Choice(number, f"District {number}") for number in range(1, 15))
    story = parent(replace(BASIS, districts=many))
    story.types("Petrova Anna")
    story.types("14.03.2017")
    story.sees("District 6", "›")
    story.does_not_see("District 7")
    story.taps("›")
    story.taps("District 12")
    story.sees("4 of 9")
    story.taps("Back")
    story.types("district 14")
    story.does_not_see("District 11")
    story.taps("District 14")
    story.sees("4 of 9")


@pytest.mark.parametrize(
    "typed",
    [
        "14.03.2017",
        "14.3.2017",
        "14 03 2017",
        "14-03-2017",
        "14,03,2017",
        "14/03/2017",
        "14032017",
        "2017-03-14",
        "14 марта 2017",
        "14 Марта 2017 г.",
        "14 мар 2017",
        "14-го марта 2017 года",
        "14 March 2017",
        "March 14, 2017",
        "14th March 2017",
    ],
)
def test_a_date_is_understood_in_many_forms(typed: str):
    assert typed_date(typed) == date(2017, 3, 14)


@pytest.mark.parametrize(
    "typed", ["", "14.03", "14.03.17", "29.02.2015", "0.0.2017", "2017", "14 мартобря 2017", "١٤.٠٣.٢٠١٧", "1" * 50]
)
def test_what_is_no_date_is_refused(typed: str):
    with pytest.raises(NotADate):
        typed_date(typed)


def test_29_february_is_a_day_in_a_leap_year():
    assert typed_date("29 февраля 2016") == date(2016, 2, 29)


def test_a_phone_is_normalised():
    assert {normal_phone(typed) for typed in ("8 (916) 123-45-67", "+7 916 1234567", "9161234567")} == {"+79161234567"}
    assert [normal_phone(typed) for typed in ("12345", "phone", "8 916 123-45-6789", "")] == [None] * 4


def test_states_of_the_form_are_about_a_child() -> None:
    states: tuple[AnyState, ...] = (StartApplication(), CorrectApplication(1))
    assert all(state.about_child for state in states)
