"""What a day brings to enrollments: clocks, last days, first days, reminders; and whole providers and certificates that end."""

from datetime import date, timedelta

import pytest

from bot.domain import enrollment_facts as facts
from bot.domain import enrollment_refusals as refusals
from bot.domain.enrollment import (
    AcceptRequest,
    EndEnrollment,
    EnrollmentState,
    Reason,
    RequestEnrollment,
    WithdrawRequest,
)
from bot.domain.enrollment_seen import ListRequests, Offered, OneEnrollment
from bot.domain.gate_refusals import (
    NoAgreement,
)
from bot.domain.messages import Fact
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.enrollment_ends import close_provider, end_running_at_month_end, refuse_open
from tests.storage.families import Family, held, lives_day, paid, provider, state, taken
from tests.storage.town import Town

S = EnrollmentState
START = date(2026, 9, 1)


@pytest.fixture
def family(town: Town) -> Family:
    return Family(town)


def lives(town: Town, until: date) -> None:
    """Each day is lived in order, the last one twice: the second time changes nothing."""
    day = town.now.date()
    while day < until:
        day += timedelta(days=1)
        town.comes(day)
        lives_day(town, day)
    lives_day(town, until)


def test_a_request_without_an_answer_is_flagged_and_told_once(town: Town, family: Family) -> None:
    made = family.asks_for(town.group())
    lives(town, date(2026, 9, 6))
    assert not town.asks(ListRequests(overdue=True), provider(town))
    lives(town, date(2026, 9, 8))
    assert [late.id for late in town.asks(ListRequests(overdue=True), provider(town))] == [made]
    assert len(town.notices("RequestOverdue")) == 1
    assert isinstance(town.does(AcceptRequest(made), provider(town)), facts.OfferMade)
    assert not town.asks(ListRequests(overdue=True), town.operator), "answered late is answered"


def test_an_offer_without_an_answer_reminds_the_family(town: Town, family: Family) -> None:
    made = family.asks_for(town.group())
    town.does(AcceptRequest(made), provider(town))
    lives(town, date(2026, 9, 12))
    assert len(town.notices("OfferOverdue")) == 1 and state(town, made) == S.ACCEPTED


def test_a_childs_wish_without_a_yes_lapses_and_everything_returns(town: Town) -> None:
    family = Family(town, born=date(2011, 3, 14))
    teenager = town.person()
    town.adds(schema.guardianship, person=teenager, child=family.child, rights="self", since=town.now)
    group = town.group(ages=(7, 17))
    wish = family.requests(group, me=teenager)
    assert isinstance(wish, facts.Requested)
    lives(town, date(2026, 9, 7))
    assert state(town, wish.enrollment) == S.WITHDRAWN
    assert family.left == Money(1_200_000) and taken(town, group) == 0


def test_a_request_whose_start_lies_two_months_back_is_refused(town: Town, family: Family) -> None:
    made = family.asks_for(town.group(), START)
    lives(town, date(2026, 10, 31))
    assert state(town, made) == S.REQUESTED
    lives(town, date(2026, 11, 1))
    assert state(town, made) == S.REFUSED and held(town, made) == ZERO
    (told,) = town.notices("RequestRefused")
    assert told[2]["reason"] == Reason.STALE


def test_the_day_after_its_end_a_program_is_over_all_charged_and_its_seat_free(town: Town, family: Family) -> None:
    group = town.group(price=900_000, stop=date(2026, 11, 20))
    made = family.learns(group, START)
    lives(town, date(2026, 11, 20))
    assert state(town, made) == S.ACTIVE
    lives(town, date(2026, 11, 21))
    assert state(town, made) == S.COMPLETED and taken(town, group) == 0
    assert held(town, made) == ZERO and paid(town) == Money(900_000)
    assert len(town.notices("ProgramEnded")) == 1
    seen = town.asks(OneEnrollment(made), family.guardian)
    assert seen is not None and seen.may_rate


def test_after_a_notice_the_seat_is_free_from_the_next_month_on(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    made = family.learns(group, START)
    town.does(EndEnrollment(made, date(2026, 9, 30)), family.guardian)
    lives(town, date(2026, 9, 30))
    assert taken(town, group) == 1
    lives(town, date(2026, 10, 1))
    assert taken(town, group) == 0 and state(town, made) == S.TERMINATED
    assert len(town.notices("EnrollmentEnded")) == 1


def test_what_was_never_concluded_is_refused_when_its_days_are_over(town: Town, family: Family) -> None:
    group = town.group(stop=date(2026, 9, 20))
    asked, offered = family.asks_for(group), Family(town).asks_for(group)
    town.does(AcceptRequest(offered), provider(town))
    lives(town, date(2026, 9, 21))
    assert (state(town, asked), state(town, offered)) == (S.REFUSED, S.REFUSED)
    assert taken(town, group) == 0 and family.left == Money(1_200_000)


def test_the_eve_of_the_first_day_is_told_once(town: Town, family: Family) -> None:
    family.learns(town.group(), date(2026, 9, 10))
    lives(town, date(2026, 9, 12))
    (told,) = town.notices("ProgramStarts")
    assert told[2]["start"] == "2026-09-10"


def test_the_familys_own_part_is_reminded_of_before_the_tenth_of_the_next_month(town: Town) -> None:
    family = Family(town, 234_133)
    family.learns(town.group(price=261_429, stop=date(2026, 12, 31)), START, pays=True)
    lives(town, date(2026, 10, 6))
    assert not town.notices("ParentPaymentDue")
    lives(town, date(2026, 11, 12))
    first, second = town.notices("ParentPaymentDue")
    assert (first[2]["month"], first[2]["amount"], first[2]["by"]) == ("2026-09", 6_713, "2026-10-10")
    assert (second[2]["month"], second[2]["amount"]) == ("2026-10", 6_861)


def test_a_closed_provider_takes_nobody_and_its_running_children_stay_to_the_months_end(
    town: Town, family: Family
) -> None:
    group = town.group(price=900_000)
    running = family.learns(group, START)
    asked = Family(town).asks_for(group)
    count = town.run(lambda tx: close_provider(tx, town.provider, Reason.AGREEMENT_ENDED, town.municipality))
    assert count == 2
    assert state(town, asked) == S.REFUSED and held(town, running) == ZERO
    (told,) = town.notices("NoticeGiven")
    assert told[2]["last"] == "2026-09-30" and told[2]["reason"] == Reason.AGREEMENT_ENDED
    assert family.left + paid(town) == Money(1_200_000)


def test_an_ended_agreement_is_named_at_the_gate(town: Town, family: Family) -> None:
    group = town.group()
    seen = family.sees(group, date(2026, 9, 20))
    assert isinstance(seen, Offered)
    town.run(lambda tx: tx.sql(schema.agreement.update().values(stop=date(2026, 9, 10))))
    fact: Fact = town.does(RequestEnrollment(family.child, group, seen.start, seen.quote), family.guardian)
    assert isinstance(fact, NoAgreement)


def test_a_frozen_certificate_loses_its_open_requests_and_a_revoked_one_ends_with_the_month(
    town: Town, family: Family
) -> None:
    asked = family.asks_for(town.group(price=100_000))
    running = family.learns(town.group(price=100_000), START)
    assert town.run(lambda tx: refuse_open(tx, family.certificate, Reason.FREEZE)) == 1
    assert state(town, asked) == S.REFUSED and state(town, running) == S.ACTIVE
    assert town.run(lambda tx: end_running_at_month_end(tx, family.certificate, Reason.REVOCATION)) == 1
    assert town.does(WithdrawRequest(running), family.guardian) == refusals.NotNow(running, S.ACTIVE)
    seen = town.asks(OneEnrollment(running), family.guardian)
    assert seen is not None and seen.ends_on == date(2026, 9, 30) and seen.last_day is None
