"""Requests, offers, contracts and notices on a real database: seats and money move together (R5, R6)."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.domain import enrollment_facts as facts
from bot.domain import enrollment_refusals as refusals
from bot.domain import gate_refusals as gate
from bot.domain.enrollment import (
    AcceptRequest,
    ApproveRequest,
    ConcludeOffer,
    ConcludeOnPaper,
    EndEnrollment,
    EnrollmentState,
    RefuseRequest,
    RequestEnrollment,
    RevokeOffer,
    SwitchGroup,
    TerminateEnrollment,
    WithdrawRequest,
)
from bot.domain.enrollment_seen import (
    GroupsToSwitch,
    MyEnrollments,
    Offered,
    OneEnrollment,
    WeighRequest,
)
from bot.domain.messages import NotYours, operator
from bot.domain.messages import provider as provider_of
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Quote
from bot.storage import schema
from tests.storage.families import Family, held, paid, state, taken
from tests.storage.town import Town

S = EnrollmentState


@pytest.fixture
def family(town: Town) -> Family:
    return Family(town)


# --- the request ------------------------------------------------------------------------------------------------------


def test_a_request_takes_the_seat_and_holds_the_whole_certificate_part(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    fact = family.requests(group, date(2026, 9, 1))
    assert isinstance(fact, facts.Requested)
    assert fact.amount == Money(900_000)
    assert fact.left == family.left == Money(300_000)
    assert fact.answer_by == date(2026, 9, 6)
    assert held(town, fact.enrollment) == Money(900_000)
    assert taken(town, group) == 1


def test_the_start_that_is_offered_is_the_first_lesson_from_tomorrow_on(town: Town, family: Family) -> None:
    seen = family.sees(town.group(lessons=(2, 4)))  # today is a Tuesday
    assert isinstance(seen, Offered)
    assert seen.start == date(2026, 9, 3)
    assert seen.stop == date(2027, 5, 31)


def test_a_group_that_crosses_the_periods_end_is_requested_up_to_it(town: Town, family: Family) -> None:
    seen = family.sees(town.group(stop=date(2027, 8, 31)))
    assert isinstance(seen, Offered)
    assert seen.stop == date(2027, 5, 31)


def test_a_double_tap_makes_one_request(town: Town, family: Family) -> None:
    group = town.group(price=100_000)
    first = family.asks_for(group)
    again = town.does(_same_wish(town, family, first), family.guardian)
    assert again == gate.AlreadyEnrolled(first, _module(town, group), S.REQUESTED)
    assert taken(town, group) == 1
    assert family.left == Money(1_200_000) - held(town, first)


def _same_wish(town: Town, family: Family, enrollment: int) -> RequestEnrollment:
    seen = town.asks(OneEnrollment(enrollment), family.guardian)
    assert seen is not None and seen.group is not None and seen.start is not None
    return RequestEnrollment(family.child, seen.group.id, seen.start, Quote(seen.certificate, seen.parent))


def _module(town: Town, group: int) -> int:
    return int(town.run(lambda tx: tx.value(select(schema.group.c.module).where(schema.group.c.id == group))))


def test_a_price_that_changed_since_it_was_seen_moves_nothing(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    seen = family.sees(group)
    assert isinstance(seen, Offered)
    town.run(lambda tx: tx.sql(schema.module.update().values(price=1_000_000)))
    fact = town.does(RequestEnrollment(family.child, group, seen.start, seen.quote), family.guardian)
    assert isinstance(fact, gate.DifferentNow)
    assert fact.quote.price > seen.quote.price
    assert family.left == Money(1_200_000) and taken(town, group) == 0


def test_the_family_must_agree_to_its_own_part(town: Town) -> None:
    family = Family(town, 234_133)
    group = town.group(price=261_429, stop=date(2026, 12, 31))
    fact = family.requests(group, date(2026, 9, 1))
    assert fact == gate.NotEnoughMoney(Money(27_296))
    assert family.left == Money(234_133)
    assert isinstance(family.requests(group, date(2026, 9, 1), pays=True), facts.Requested)
    assert family.left == ZERO


def test_free_programs_need_neither_money_nor_a_funded_certificate(town: Town) -> None:
    family = Family(town, 0)
    for group in (town.group(price=0), town.group(price=500_000, registry="significant", name="Chess")):
        fact = family.requests(group)
        assert isinstance(fact, facts.Requested) and fact.amount == ZERO


def test_an_accounting_certificate_is_converted_with_the_first_request_where_the_policy_says_so(town: Town) -> None:
    town.policy(conversion="automatic")
    family = Family(town, 0)
    group = town.group(price=900_000)
    other = town.person()
    town.adds(schema.guardianship, person=other, child=family.child, rights="full", since=town.now)
    seen = family.sees(group)
    assert isinstance(seen, Offered) and seen.granted == Money(1_200_000)
    assert family.left == ZERO, "a look converts nothing"
    assert isinstance(family.requests(group, date(2026, 9, 1)), facts.Requested)
    assert family.left == Money(300_000)
    told = [(who, kind) for who, kind, _values in town.notices()]
    assert told == [(other, kind) for kind in ("Granted", "BecameFunded", "Requested")], "whoever sent it has seen it"
    town.run(lambda tx: tx.sql(schema.nominal.update().values(certificates=1)))
    late = Family(town, 0)
    assert late.sees(group) == gate.NeedsFunded(late.child, queued=True), "the only certificate with money is given"
    again = family.sees(town.group(price=1_000, name="Chess"))
    assert isinstance(again, Offered) and again.granted == ZERO


def test_a_request_of_a_child_waits_for_a_guardians_yes(town: Town) -> None:
    family = Family(town, born=date(2011, 3, 14))
    teenager = town.person()
    town.adds(schema.guardianship, person=teenager, child=family.child, rights="self", since=town.now)
    fact = family.requests(town.group(ages=(7, 17)), me=teenager)
    assert isinstance(fact, facts.Requested) and fact.needs_yes
    me = provider_of(town.provider)
    assert town.does(AcceptRequest(fact.enrollment), me) == refusals.WaitsForYes(fact.enrollment)
    assert town.does(ApproveRequest(fact.enrollment), teenager) == NotYours()
    assert isinstance(town.does(ApproveRequest(fact.enrollment), family.guardian), facts.RequestApproved)
    assert isinstance(town.does(AcceptRequest(fact.enrollment), me), facts.OfferMade)


def test_a_child_may_take_its_own_wish_back_but_not_what_a_guardian_asked_for(town: Town) -> None:
    family = Family(town, born=date(2011, 3, 14))
    teenager = town.person()
    town.adds(schema.guardianship, person=teenager, child=family.child, rights="self", since=town.now)
    wish = family.requests(town.group(ages=(7, 17)), me=teenager)
    assert isinstance(wish, facts.Requested)
    assert isinstance(town.does(WithdrawRequest(wish.enrollment), teenager), facts.RequestWithdrawn)
    other = family.asks_for(town.group(ages=(7, 17)))
    assert town.does(WithdrawRequest(other), teenager) == NotYours()


def test_strangers_grandparents_and_other_providers_decide_nothing(town: Town, family: Family) -> None:
    group = town.group()
    made = family.asks_for(group)
    stranger, grandmother = town.person(), town.person()
    town.adds(schema.guardianship, person=grandmother, child=family.child, rights="read", since=town.now)
    other = town.adds(schema.provider, municipality=town.municipality, name="Other", kind="private")
    for me in (stranger, grandmother):
        assert town.does(WithdrawRequest(made), me) == NotYours()
        assert town.asks(WeighRequest(family.child, group), me) == NotYours()
    assert town.does(AcceptRequest(made), provider_of(other)) == NotYours()
    assert town.does(AcceptRequest(made), operator(town.municipality + 1)) == NotYours()
    assert town.asks(OneEnrollment(made), stranger) is None
    assert town.asks(MyEnrollments(), stranger) == ()
    seen = town.asks(OneEnrollment(made), grandmother)
    assert seen is not None and seen.rights == "read"


# --- the answer -------------------------------------------------------------------------------------------------------


def test_refused_withdrawn_and_revoked_return_everything_once(town: Town, family: Family) -> None:
    group, me = town.group(), provider_of(town.provider)
    refused, withdrawn, revoked = [family.asks_for(town.group(price=100_000)) for _each in range(3)]
    town.does(AcceptRequest(revoked), me)
    assert town.does(RefuseRequest(refused, "full"), me) == facts.RequestRefused(family.child, refused, "full")
    fact = town.does(WithdrawRequest(withdrawn), family.guardian)
    assert isinstance(fact, facts.RequestWithdrawn) and fact.amount
    assert isinstance(town.does(RevokeOffer(revoked, "no teacher"), me), facts.OfferRevoked)
    assert family.left == Money(1_200_000)
    assert isinstance(town.does(RefuseRequest(refused, "again"), me), refusals.NotNow)
    assert isinstance(town.does(WithdrawRequest(withdrawn), family.guardian), refusals.NotNow)
    assert isinstance(family.requests(group), facts.Requested), "may be requested again"


def test_an_accepted_request_keeps_its_price(town: Town, family: Family) -> None:
    made = family.asks_for(town.group(price=900_000), date(2026, 9, 1))
    town.run(lambda tx: tx.sql(schema.module.update().values(price=2_000_000)))
    town.does(AcceptRequest(made), provider_of(town.provider))
    town.does(ConcludeOffer(made), family.guardian)
    assert held(town, made) + paid(town) == Money(900_000)


def test_the_first_month_is_paid_on_the_later_of_conclusion_and_start(town: Town, family: Family) -> None:
    made = family.learns(town.group(price=900_000), date(2026, 9, 15))
    assert paid(town) == ZERO
    town.comes(date(2026, 9, 15))
    town.does(TerminateEnrollment(made, "x"), town.operator)
    assert paid(town) > ZERO


def test_concluded_a_month_late_charges_the_first_month_and_one_more(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    made = family.asks_for(group, date(2026, 9, 1))
    town.does(AcceptRequest(made), provider_of(town.provider))
    seen = town.asks(OneEnrollment(made), family.guardian)
    assert seen is not None
    town.comes(date(2026, 10, 2))
    fact = town.does(ConcludeOnPaper(made), provider_of(town.provider))
    assert fact == facts.Concluded(family.child, made, date(2026, 9, 1), on_paper=True)
    assert paid(town) == seen.certificate.first + seen.certificate.other


# --- the end ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 10, 31)])
def test_notice_on_the_1st_and_on_the_31st_has_the_same_last_day(town: Town, family: Family, day: date) -> None:
    group = town.group(price=900_000)
    made = family.learns(group, date(2026, 9, 1))
    town.comes(day)
    fact = town.does(EndEnrollment(made, date(2026, 10, 31)), family.guardian)
    assert isinstance(fact, facts.NoticeGiven)
    assert fact.last == date(2026, 10, 31)
    assert paid(town) == Money(900_000) - fact.amount and held(town, made) == ZERO
    assert family.left == fact.left == Money(300_000) + fact.amount
    assert taken(town, group) == 1, "the seat is the child's to the last day"
    assert town.does(EndEnrollment(made, date(2026, 10, 31)), family.guardian) == refusals.NoticeGivenAlready(
        made, fact.last
    )


def test_notice_at_three_minutes_past_midnight_of_the_1st_charges_the_month_first(town: Town, family: Family) -> None:
    made = family.learns(town.group(price=900_000), date(2026, 9, 1))
    seen = town.asks(OneEnrollment(made), family.guardian)
    assert seen is not None
    town.comes(date(2026, 9, 30), hour=21)  # midnight in Moscow
    town.passes(minutes=3)
    assert town.does(EndEnrollment(made, date(2026, 9, 30)), family.guardian) == refusals.LastDayMoved(
        date(2026, 10, 31)
    )
    town.does(EndEnrollment(made, date(2026, 10, 31)), family.guardian)
    assert paid(town) == seen.certificate.first + seen.certificate.other


def test_before_the_start_a_notice_is_a_withdrawal(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    made = family.learns(group, date(2026, 9, 15))
    town.comes(date(2026, 9, 14))
    fact = town.does(TerminateEnrollment(made, "no teacher"), provider_of(town.provider))
    assert isinstance(fact, facts.RequestWithdrawn) and fact.by == "provider"
    assert family.left == Money(1_200_000) and taken(town, group) == 0 and state(town, made) == S.WITHDRAWN


# --- another group ----------------------------------------------------------------------------------------------------


def test_a_switch_needs_a_seat_in_the_same_module_and_keeps_the_money(town: Town, family: Family) -> None:
    group, foreign = town.group(), town.group(name="Chess")
    made = family.learns(group, date(2026, 9, 1))
    row = town.run(lambda tx: tx.sql(select(schema.group).where(schema.group.c.id == group)).one())
    values = {**row._mapping, "external_id": "g2", "name": "Group 2", "seats": 1, "taken": 0}
    values.pop("id")
    other = town.adds(schema.group, **values)
    left, kept = family.left, held(town, made)
    assert [each.id for each in town.asks(GroupsToSwitch(made), family.guardian)] == [other]
    assert town.does(SwitchGroup(made, foreign), family.guardian) == refusals.OtherModule(foreign)
    fact = town.does(SwitchGroup(made, other), family.guardian)
    assert fact == facts.GroupSwitched(family.child, made, other)
    assert (taken(town, group), taken(town, other)) == (0, 1)
    assert (family.left, held(town, made)) == (left, kept)
    late = Family(town)
    second = late.learns(group, date(2026, 9, 1))
    assert town.does(SwitchGroup(second, other), late.guardian) == gate.NoFreeSeat(other)


def test_a_list_begins_with_what_waits_for_the_family(town: Town, family: Family) -> None:
    waits, asked, ended = [family.asks_for(town.group(price=10_000)) for _each in range(3)]
    town.does(AcceptRequest(waits), provider_of(town.provider))
    town.does(WithdrawRequest(ended), family.guardian)
    assert [line.id for line in town.asks(MyEnrollments(), family.guardian)] == [waits, asked, ended]


def test_a_card_tells_the_plan_and_what_was_charged(town: Town, family: Family) -> None:
    made = family.learns(town.group(price=900_000), date(2026, 9, 1))
    seen = town.asks(OneEnrollment(made), family.guardian)
    assert seen is not None
    first, *others = seen.months
    assert first.charged == first.certificate == seen.certificate.first
    assert all(month.charged is None for month in others) and len(others) == 8
    assert seen.last_day == date(2026, 9, 30) and seen.held == held(town, made)
