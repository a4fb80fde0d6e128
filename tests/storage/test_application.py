"""Applications in the database (R2.8–R2.10, R2.14): what is kept, what is held, what is shown again."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from bot.domain.application import (
    AlreadyApplied,
    ApplicationBasis,
    ApplicationHeld,
    ApplicationSubmitted,
    Entered,
    FullName,
    HealthConsentMissing,
    Question,
    ReadApplication,
    SubmitApplication,
    TooOldForCertificate,
    TooYoungForCertificate,
    WrongAnswer,
)
from bot.domain.certificate import CertificateState, Rejection
from bot.domain.certificate_staff import (
    AcceptApplication,
    JoinApplication,
    ListApplications,
    LooksLikeAnotherChild,
    NotTheSameChild,
    RejectApplication,
)
from bot.domain.family import MyChildren
from bot.domain.messages import Fact, NotYours, operator
from bot.storage import schema
from bot.storage.desk import Desk
from bot.storage.world import WORLD
from tests.storage.town import Town

ANNA = FullName("Петрова", "Анна", "Сергеевна")
MARIA = FullName("Петрова", "Мария")
SNILS = "11223344595"


def entered(town: Town, **change: object) -> Entered:
    """An application for Anna."""
    first = Entered(
        ANNA, date(2017, 3, 14), town.district, "Lenin street, 1", MARIA, "+79161234567", "", town.everyone, SNILS
    )
    return replace(first, **change)  # type: ignore[arg-type]


def applies(town: Town, who: int, **change: object) -> Fact:
    """Sends it."""
    return town.does(SubmitApplication(entered(town, **change)), who)


def applied(town: Town, who: int, **change: object) -> ApplicationSubmitted | ApplicationHeld:
    """Sends one that is taken."""
    fact = applies(town, who, **change)
    assert isinstance(fact, ApplicationSubmitted | ApplicationHeld), fact
    return fact


def test_an_application_makes_a_child_a_guardian_and_a_certificate(town: Town):
    maria = town.person()
    fact = applied(town, maria)
    assert isinstance(fact, ApplicationSubmitted)
    assert fact.decide_by == date(2026, 9, 4)  # three working days after Tuesday
    (child,) = town.asks(MyChildren(), maria)
    assert (child.id, child.first_name, child.certificate_state) == (fact.child, "Анна", CertificateState.SUBMITTED)
    row = town.run(lambda tx: tx.row(select(schema.person).where(schema.person.c.id == maria)))
    assert row is not None
    assert (row.surname, row.phone) == ("Петрова", "+79161234567")
    assert town.run(lambda tx: tx.value(select(schema.child.c.sex))) == "f"


def test_a_snils_is_never_at_rest_in_clear(town: Town):
    fact = applied(town, town.person())
    row = town.run(lambda tx: tx.row(select(schema.child).where(schema.child.c.id == fact.child)))
    assert row is not None
    assert SNILS not in str(tuple(row))
    assert town.run(lambda tx: tx.keys.decrypt(row.snils)) == SNILS


def test_what_is_known_of_the_parent_is_not_asked_the_second_time(town: Town):
    maria = town.person()
    before = town.asks(ApplicationBasis(), maria)
    assert {Question.GUARDIAN, Question.PHONE, Question.SNILS, Question.DISTRICT} <= set(before.plan.questions)
    applied(town, maria)
    after = town.asks(ApplicationBasis(), maria)
    assert {Question.GUARDIAN, Question.PHONE, Question.EMAIL}.isdisjoint(after.plan.questions)
    assert (after.guardian, after.phone) == (MARIA, "+79161234567")


def test_the_policy_decides_whether_snils_is_asked(town: Town):
    maria = town.person()
    town.policy(snils="absent")
    assert Question.SNILS not in town.asks(ApplicationBasis(), maria).plan.questions
    town.policy(snils="required")
    assert town.asks(ApplicationBasis(), maria).snils_required
    assert applies(town, maria, snils="") == WrongAnswer(Question.SNILS)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"birth_date": date(2022, 1, 1)}, TooYoungForCertificate(date(2027, 1, 1))),
        ({"birth_date": date(2008, 9, 1)}, TooOldForCertificate(18)),
        ({"snils": "11223344596"}, WrongAnswer(Question.SNILS)),
        ({"district": 999}, WrongAnswer(Question.DISTRICT)),
        ({"group": 999}, WrongAnswer(Question.GROUP)),
        ({"phone": "12"}, WrongAnswer(Question.PHONE)),
        ({"child": FullName("Petrova2", "Anna")}, WrongAnswer(Question.CHILD)),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(town: Town, change: dict[str, object], refusal: Fact):
    maria = town.person()
    assert applies(town, maria, **change) == refusal
    assert town.asks(MyChildren(), maria) == ()


def test_the_same_parent_sees_the_first_application(town: Town):
    maria = town.person()
    first = applied(town, maria)
    assert applies(town, maria) == AlreadyApplied(first.child)
    assert applies(town, maria, child=FullName("ПЕТРОВА", "анна", "сергеевна"), snils="") == AlreadyApplied(first.child)


def test_two_guardians_who_apply_for_the_same_child_are_held(town: Town):
    first, second = applied(town, town.person()), applied(town, town.person())
    assert isinstance(second, ApplicationHeld)
    assert second.child != first.child
    held = {seen.certificate: seen.held_for for seen in town.asks(ListApplications(town.municipality), town.operator)}
    assert held == {first.certificate: "", second.certificate: "snils"}


def test_twins_of_one_family_are_two_applications(town: Town):
    maria = town.person()
    assert isinstance(applied(town, maria), ApplicationSubmitted)
    twin = applied(town, maria, child=FullName("Петрова", "Инна", "Сергеевна"), snils="")
    assert isinstance(twin, ApplicationSubmitted)
    assert len(town.asks(MyChildren(), maria)) == 2


@pytest.mark.parametrize(
    "name",
    [
        FullName("Петрова", "Анна", "Сергеевна"),
        FullName("ПЕТРОВА", "АННА", "СЕРГЕЕВНА"),
    ],
)
def test_a_namesake_of_the_same_day_is_held(town: Town, name: FullName):
    applied(town, town.person())
    other = applied(town, town.person(), child=name, snils="08765430300")
    assert isinstance(other, ApplicationHeld)


def test_yo_and_look_alike_letters_hide_no_duplicate(town: Town):
    applied(town, town.person(), child=FullName("Сёмова", "Анна"), snils="")
    assert isinstance(applied(town, town.person(), child=FullName("Семова", "Анна"), snils=""), ApplicationHeld)
    applied(town, town.person(), child=FullName("Сова", "Анна"), snils="")
    assert isinstance(applied(town, town.person(), child=FullName("COBA", "Анна"), snils=""), ApplicationHeld)


def test_the_operator_looks_at_a_likeness_before_accepting(town: Town):
    first, second = applied(town, town.person()), applied(town, town.person())
    assert town.does(AcceptApplication(second.certificate), town.operator) == LooksLikeAnotherChild(
        "snils", (first.certificate,)
    )
    accepted = town.does(AcceptApplication(second.certificate, another_child=True), town.operator)
    assert type(accepted).__name__ == "ApplicationAccepted"


def test_the_operator_joins_two_applications_for_one_child(town: Town):
    maria, ivan = town.person(), town.person()
    first, second = applied(town, maria), applied(town, ivan)
    stranger = applied(town, town.person(), child=FullName("Иванов", "Иван"), snils="")
    assert town.does(JoinApplication(second.certificate, stranger.certificate), town.operator) == NotTheSameChild()
    town.does(JoinApplication(second.certificate, first.certificate), town.operator)
    (child,) = town.asks(MyChildren(), ivan)
    assert (child.id, child.rights) == (first.child, "full")
    assert {who for who, _kind, _values in town.notices("GuardianAdded")} == {maria, ivan}


def test_a_rejected_application_is_sent_again_from_what_was_entered(town: Town):
    maria = town.person()
    fact = applied(town, maria)
    town.does(RejectApplication(fact.certificate, Rejection.WRONG_DATA, "See the house number."), town.operator)
    kept = town.asks(ReadApplication(fact.certificate), maria)
    assert kept == entered(town)
    again = town.does(SubmitApplication(replace(kept, address="Lenin street, 2"), fact.certificate), maria)
    assert isinstance(again, ApplicationSubmitted)
    assert (again.child, again.certificate) == (fact.child, fact.certificate)
    assert town.asks(ReadApplication(fact.certificate), maria) is None  # not rejected any more


def test_applying_anew_after_a_rejection_takes_up_the_same_child(town: Town):
    maria = town.person()
    fact = applied(town, maria)
    town.does(RejectApplication(fact.certificate, Rejection.WRONG_DATA), town.operator)
    again = applied(town, maria)
    assert (again.child, again.certificate) == (fact.child, fact.certificate)


def test_nobody_reads_or_resends_another_s_application(town: Town):
    maria, ivan = town.person(), town.person()
    fact = applied(town, maria)
    town.does(RejectApplication(fact.certificate, Rejection.OTHER), town.operator)
    assert town.asks(ReadApplication(fact.certificate), ivan) is None
    assert town.does(SubmitApplication(entered(town), fact.certificate), ivan) == NotYours()


def test_a_category_of_health_needs_its_own_consent_and_waits_for_its_proof(town: Town):
    maria = town.person()
    disability = town.adds(
        schema.certificate_group, municipality=town.municipality, code="disability", name="Disability"
    )
    assert applies(town, maria, group=disability) == HealthConsentMissing()
    town.adds(schema.consent, person=maria, purpose="health", version="1", hash="x", given_at=town.now)
    fact = applied(town, maria, group=disability)
    row = town.run(lambda tx: tx.row(select(schema.certificate).where(schema.certificate.c.id == fact.certificate)))
    assert row is not None
    assert (row.certificate_group, row.wanted_group) == (town.everyone, disability)


def test_the_list_shows_what_is_overdue_and_only_to_its_own_operator(town: Town):
    fact = applied(town, town.person())
    town.comes(date(2026, 9, 4))
    assert not town.asks(ListApplications(town.municipality), town.operator)[0].overdue
    town.comes(date(2026, 9, 5))
    (seen,) = town.asks(ListApplications(town.municipality), town.operator)
    assert (seen.certificate, seen.overdue) == (fact.certificate, True)
    assert town.asks(ListApplications(town.municipality), operator(town.municipality + 1)) == ()
    assert town.asks(ListApplications(town.municipality), town.person()) == ()


def test_of_two_guardians_at_once_exactly_one_is_held(town: Town):
    other = Desk(town.engine, WORLD, town.desk.keys, lambda: town.now)
    wishes = [(town.desk, town.person()), (other, town.person())]

    async def at_once() -> list[Fact]:
        return await asyncio.gather(
            *(desk.do(SubmitApplication(entered(town)), town.actor(who)) for desk, who in wishes)
        )

    assert {type(fact) for fact in town.runner.run(at_once())} == {ApplicationSubmitted, ApplicationHeld}
