"""A parent says whether the child stays in the next period (R6.12)."""

from dataclasses import replace
from datetime import date

import pytest

from bot.dialogs.renewal import AnswerRenewal
from bot.domain import gate_refusals as gate
from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_refusals import NotNow
from bot.domain.enrollment_seen import OneEnrollment
from bot.domain.money import ZERO, Money
from bot.domain.renewal import (
    AcceptRenewal,
    DeclineRenewal,
    NothingToContinue,
    OneRenewal,
    RenewalConcluded,
    RenewalDeclined,
    RenewalSeen,
)
from tests.dialogs.test_enrollment import CARD, GROUP, R46, R47
from tests.story import Story

S = EnrollmentState
SEEN = RenewalSeen(
    id=60,
    child_name="Anna",
    program=3,
    program_name="Robots",
    provider="House of Arts",
    group=GROUP,
    start=date(2017, 9, 4),
    stop=date(2017, 12, 31),
    until=date(2017, 8, 31),
    decides=True,
    quote=R46,
    left=Money(120_794),
    refusal=None,
)
NEXT = replace(CARD, id=60, state=S.ACTIVE, until=None)
STAYS = RenewalConcluded(1, 60, date(2017, 9, 4), Money(879_206), Money(120_794))


def asked(seen: RenewalSeen = SEEN) -> Story:
    return Story(AnswerRenewal(60), {OneRenewal(60): seen, OneEnrollment(60): NEXT})


def test_the_price_and_the_deadline_stand_before_the_yes() -> None:
    parent = asked()
    parent.sees("Anna: Robots", "from September 4, 2017 to December 31, 2017", "The certificate pays: ₽8,792.06")
    parent.sees("Your place is kept until August 31, 2017", "Without an answer the child does not stay")
    parent.world[AcceptRenewal(60, R46)] = STAYS
    parent.taps("Yes, we stay")
    parent.sees("You stay!", "₽8,792.06 is set aside; ₽1,207.94 is left", "The first day is September 4, 2017")
    parent.does_not_see("Back")


def test_the_own_part_is_agreed_apart() -> None:
    parent = asked(replace(SEEN, quote=R47, left=ZERO))
    parent.world[AcceptRenewal(60, R47, pays=True)] = STAYS
    parent.taps("Yes, we stay")
    parent.sees("The certificate does not cover all of it", "₽272.96")
    parent.taps("I agree, we stay")
    parent.sees("You stay!")


def test_a_price_that_has_changed_is_shown_again() -> None:
    parent = asked()
    parent.world[AcceptRenewal(60, R46)] = gate.DifferentNow(R47)
    parent.world[OneRenewal(60)] = replace(SEEN, quote=R47, left=ZERO)
    parent.taps("Yes, we stay")
    parent.sees("The price or the balance has changed", "₽272.96")


def test_what_stands_in_the_way_is_named_and_leaving_stays_possible() -> None:
    parent = asked(replace(SEEN, quote=None, left=ZERO, refusal=gate.NoMoney(1, Money(879_206))))
    parent.sees("It cannot be confirmed just now", "Nothing is left on the certificate", "Money", "No, we leave")
    parent.does_not_see("Yes, we stay")


def test_a_no_is_asked_once_more() -> None:
    parent = asked()
    parent.world[DeclineRenewal(60)] = RenewalDeclined(1, 60, "guardian", "")
    parent.taps("No, we leave")
    parent.sees("Leave «Robots» after this period?", "Until its last day nothing changes")
    parent.world[OneEnrollment(60)] = replace(NEXT, state=S.LEFT)
    parent.taps("Yes, we leave")
    parent.sees("the child leaves after this period", "The club goes on without you")


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (NotNow(60, S.LAPSED), "Meanwhile this has changed"),
        (NothingToContinue(60), "nothing to continue"),
        (gate.NoAgreement(3), "has no agreement with this provider"),
    ],
)
def test_whatever_came_between_is_said(fact: object, words: str) -> None:
    parent = asked()
    parent.world[AcceptRenewal(60, R46)] = fact
    parent.taps("Yes, we stay")
    parent.sees(words)


def test_who_only_looks_decides_nothing() -> None:
    child = asked(replace(SEEN, decides=False))
    child.sees("The child's parents decide by August 31, 2017")
    child.does_not_see("Yes, we stay", "No, we leave")


def test_an_answer_that_was_given_leads_to_the_card() -> None:
    Story(AnswerRenewal(60), {OneRenewal(60): None, OneEnrollment(60): NEXT}).sees("Everything is settled")
