"""Renewals across the border of a period (R6.12, R5.9), lived through by the calendar."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import gate_refusals as gate
from bot.domain import ledger as book
from bot.domain.enrollment import (
    DecideDispute,
    EndEnrollment,
    EnrollmentState,
    OpenDispute,
    SwitchGroup,
    WithdrawRequest,
)
from bot.domain.enrollment_refusals import NotNow
from bot.domain.enrollment_seen import GroupsToSwitch
from bot.domain.messages import NotYours
from bot.domain.money import ZERO, Money
from bot.domain.renewal import (
    AcceptRenewal,
    DeclineRenewal,
    ListRenewals,
    NoNextPeriod,
    OneRenewal,
    RenewalConcluded,
    RenewalDeclined,
    RenewalSeen,
)
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.ledger import balance
from tests.storage.families import Family, held, paid, provider, state, taken
from tests.storage.money import charged, has, lives
from tests.storage.town import Town

S = EnrollmentState
START = date(2027, 5, 19)
NEXT = date(2027, 6, 1)


@pytest.fixture(autouse=True)
def the_books_agree(town: Town) -> Iterator[None]:
    """After every test the audit has nothing to say."""
    yield
    assert town.run(audit) == []


@pytest.fixture(autouse=True)
def it_is_may(town: Town) -> None:
    """The last month of the period begins to be lived."""
    town.comes(START)


@pytest.fixture
def coming(town: Town) -> int:
    """The next period, planned, with its nominal."""
    period = town.adds(
        schema.funding_period,
        municipality=town.municipality,
        name="2027/28",
        start=NEXT,
        stop=date(2028, 5, 31),
        state="planned",
    )
    nominal = {"kopecks": 1_500_000, "certificates": None, "sum": None}
    town.adds(schema.nominal, certificate_group=town.everyone, period=period, **nominal)
    return period


@pytest.fixture
def long(town: Town) -> int:
    """A group that goes on for 639 days, one seat, for 20 000 roubles."""
    return town.group(price=2_000_000, seats=1, stop=date(2028, 5, 31), lessons=())


def comes(town: Town, day: date) -> None:
    """Noon of that day; every day passed over is lived."""
    town.comes(day)
    lives(town)


def renewal_of(town: Town, enrollment: int) -> int:
    table = schema.enrollment
    found = town.run(
        lambda tx: tx.value(select(table.c.id).where(table.c.renews == enrollment).order_by(table.c.id.desc()))
    )
    return int(found or 0)


def seen(town: Town, family: Family, renewal: int) -> RenewalSeen:
    found = town.asks(OneRenewal(renewal), family.guardian)
    assert found is not None
    return found


def stays(town: Town, family: Family, renewal: int, pays: bool = False) -> Any:
    return town.does(AcceptRenewal(renewal, seen(town, family, renewal).quote, pays), family.guardian)


def test_the_whole_story_of_a_child_that_stays(town: Town, coming: int, long: int) -> None:
    family = Family(town)
    first = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 23))
    assert renewal_of(town, first) == 0
    comes(town, date(2027, 5, 24))  # five working days before the 31st
    renewal = renewal_of(town, first)
    assert state(town, renewal) == S.RENEWAL_OFFERED
    ((who, _kind, told),) = town.notices("RenewalOffered")
    assert (who, told["enrollment"], told["until"]) == (family.guardian, renewal, "2027-05-31")
    assert taken(town, long) == 1, "one child, one seat"

    page = seen(town, family, renewal)
    assert (page.start, page.stop, page.refusal) == (NEXT, date(2028, 5, 31), None)
    assert page.quote is not None and page.quote.certificate.total == Money(1_145_540)  # 366 of 639 days
    fact = stays(town, family, renewal)
    assert fact == RenewalConcluded(family.child, renewal, NEXT, Money(1_145_540), Money(354_460))
    assert held(town, renewal) == Money(1_145_540)
    assert charged(town, renewal) == []
    before = paid(town)

    comes(town, date(2027, 5, 31))
    assert not town.notices("RenewalReminded") and charged(town, renewal) == []
    comes(town, NEXT)
    assert (state(town, first), state(town, renewal)) == (S.COMPLETED, S.ACTIVE)
    assert taken(town, long) == 1, "the seat has passed on"
    assert [month for month, _sum in charged(town, renewal)] == ["2027-06"]
    assert paid(town) == before + Money(charged(town, renewal)[0][1])
    assert has(town, book.certificate(family.certificate, town.period)) == 0, "what was left has expired"
    assert has(town, book.certificate(family.certificate, coming)) == 354_460
    assert not town.notices("RatingAsked"), "the chain goes on (R7.2)"
    comes(town, date(2027, 7, 1))
    assert [month for month, _sum in charged(town, renewal)] == ["2027-06", "2027-07"]


def test_no_answer_is_no_renewal_told_twice_the_seat_kept_then_freed(town: Town, coming: int, long: int) -> None:
    family, newcomer = Family(town), Family(town)
    first = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 31))
    renewal = renewal_of(town, first)
    assert [told["until"] for _who, _kind, told in town.notices("RenewalReminded")] == ["2027-05-31"]
    assert state(town, renewal) == S.RENEWAL_OFFERED
    assert newcomer.sees(long, NEXT) == gate.NoFreeSeat(long), "continuing children before newcomers"
    comes(town, NEXT)
    assert (state(town, first), state(town, renewal)) == (S.COMPLETED, S.LAPSED)
    assert len(town.notices("RenewalLapsed")) == 1 and taken(town, long) == 0
    assert isinstance(town.does(AcceptRenewal(renewal), family.guardian), NotNow)
    newcomer.asks_for(long, date(2027, 6, 2))
    assert len(town.notices("RatingAsked")) == 1


def test_a_no_frees_the_seat_with_the_last_day(town: Town, coming: int, long: int) -> None:
    family = Family(town)
    first = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 24))
    renewal = renewal_of(town, first)
    stranger = town.person()
    assert town.does(DeclineRenewal(renewal), stranger) == NotYours()
    assert town.asks(OneRenewal(renewal), stranger) is None
    assert town.does(DeclineRenewal(renewal), family.guardian) == RenewalDeclined(family.child, renewal, "guardian", "")
    assert state(town, renewal) == S.LEFT and taken(town, long) == 1
    comes(town, NEXT)
    assert taken(town, long) == 0 and not town.notices("RenewalLapsed")
    assert len(town.notices("RenewalOffered")) == 1, "who has said no is not asked again"


def test_an_earlier_deadline_frees_the_seat_for_the_next_period_only_after_the_last_day(
    town: Town, coming: int, long: int
) -> None:
    town.policy(renewal_deadline_days=4)
    family = Family(town)
    first = family.learns(long, START)
    lives(town)
    assert not renewal_of(town, first)
    comes(town, date(2027, 5, 20))
    renewal = renewal_of(town, first)
    assert renewal and not town.notices("RenewalReminded")
    comes(town, date(2027, 5, 28))
    assert len(town.notices("RenewalReminded")) == 1
    assert state(town, renewal) == S.LAPSED and taken(town, long) == 1
    comes(town, NEXT)
    assert taken(town, long) == 0


def test_a_child_that_has_grown_out_of_the_age_stays_all_the_same(town: Town, coming: int) -> None:
    group = town.group(price=0, ages=(7, 9), stop=date(2028, 5, 31))
    family = Family(town, born=date(2017, 5, 25))
    first = family.learns(group, START)
    lives(town)
    comes(town, date(2027, 5, 25))
    renewal = renewal_of(town, first)
    assert isinstance(stays(town, family, renewal), RenewalConcluded), "ten years old by then"


def test_who_has_given_notice_or_has_no_certificate_in_use_is_not_asked(town: Town, coming: int) -> None:
    group = town.group(price=0, stop=date(2028, 5, 31))
    leaving, frozen, archived = Family(town), Family(town), Family(town)
    made = [leaving.learns(group, START), frozen.learns(group, START)]
    made.append(archived.learns(town.group(price=0, stop=date(2028, 5, 31), name="Chess"), START))
    made.append(Family(town).learns(town.group(price=0, name="Ends with the period"), START))
    lives(town)
    comes(town, date(2027, 5, 20))
    assert not isinstance(town.does(EndEnrollment(made[0], date(2027, 5, 31)), leaving.guardian), NotNow)
    c, p = schema.certificate, schema.program
    town.run(lambda tx: tx.sql(c.update().where(c.c.id == frozen.certificate).values(state="frozen")))
    town.run(lambda tx: tx.sql(p.update().where(p.c.name == "Chess").values(state="archived")))
    comes(town, date(2027, 5, 31))
    assert [renewal_of(town, each) for each in made] == [0, 0, 0, 0]


def test_an_ended_agreement_and_a_group_closed_for_newcomers(town: Town, coming: int) -> None:
    group = town.group(price=0, stop=date(2028, 5, 31))
    made = Family(town).learns(group, START)
    lives(town)
    town.run(lambda tx: tx.sql(schema.agreement.update().values(stop=date(2027, 5, 31))))
    comes(town, date(2027, 5, 24))
    assert not renewal_of(town, made), "no agreement in the next period"
    town.run(lambda tx: tx.sql(schema.agreement.update().values(stop=None)))
    town.run(lambda tx: tx.sql(schema.group.update().values(is_open=False)))
    comes(town, date(2027, 5, 25))
    assert renewal_of(town, made), "it takes nobody new, but goes on with its own"


def test_without_a_next_period_nothing_is_offered_and_the_staff_sees_why(town: Town, long: int) -> None:
    family = Family(town)
    made = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 26))
    assert not town.notices("RenewalOffered")
    for staff in (town.operator, provider(town)):
        (line,) = town.asks(ListRenewals(), staff)
        assert (line.id, line.renewal, line.why) == (made, 0, NoNextPeriod(date(2027, 5, 31)))
    assert town.asks(ListRenewals(), family.guardian) == ()


def test_the_staff_sees_what_was_offered_and_enters_a_yes_on_paper(town: Town, coming: int, long: int) -> None:
    family = Family(town)
    made = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 26))
    (line,) = town.asks(ListRenewals(), town.operator)
    assert (line.id, line.renewal, line.state, line.why) == (made, renewal_of(town, made), "renewal_offered", None)
    assert isinstance(town.does(AcceptRenewal(line.renewal), town.operator), RenewalConcluded)
    assert len(town.notices("RenewalConcluded")) == 1


def test_a_period_that_is_not_open_yet_offers_nothing_that_costs_money(town: Town, coming: int, long: int) -> None:
    town.policy(next_period_opens_days=3)
    made = Family(town).learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 27))
    assert not renewal_of(town, made)
    (line,) = town.asks(ListRenewals(), town.operator)
    assert line.why == gate.PeriodNotOpen(NEXT)
    comes(town, date(2027, 5, 29))
    assert renewal_of(town, made), "late is better than never"


def test_the_price_is_confirmed_and_the_own_part_apart(town: Town, coming: int, long: int) -> None:
    family = Family(town)
    first = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 25))
    renewal = renewal_of(town, first)
    was = seen(town, family, renewal).quote
    town.run(lambda tx: tx.sql(schema.module.update().values(price=3_000_000)))
    assert isinstance(town.does(AcceptRenewal(renewal, was), family.guardian), gate.DifferentNow)
    assert isinstance(stays(town, family, renewal), gate.NotEnoughMoney)
    purse = book.certificate(family.certificate, coming)
    assert town.run(lambda tx: balance(tx, purse)) == Money(1_500_000)
    assert isinstance(stays(town, family, renewal, pays=True), RenewalConcluded)
    assert town.run(lambda tx: balance(tx, purse)) == ZERO


def test_a_concluded_renewal_can_be_taken_back_before_its_first_day(town: Town, coming: int, long: int) -> None:
    family = Family(town)
    first = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 25))
    renewal = renewal_of(town, first)
    stays(town, family, renewal)
    town.does(WithdrawRequest(renewal), family.guardian)
    assert held(town, renewal) == ZERO and taken(town, long) == 1
    assert has(town, book.certificate(family.certificate, coming)) == 1_500_000
    comes(town, NEXT)
    assert taken(town, long) == 0 and len(town.notices("RatingAsked")) == 1


def test_a_dispute_about_what_a_renewal_has_followed_is_decided_and_nothing_is_said_to_have_ended(
    town: Town, coming: int, long: int
) -> None:
    family = Family(town)
    first = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 24))
    stays(town, family, renewal_of(town, first))
    town.does(OpenDispute(first), family.guardian)
    comes(town, NEXT)
    assert state(town, first) == S.ACTIVE, "it waits for the decision (R5.8)"
    town.does(DecideDispute(first, False, "signed on paper"), town.operator)
    assert (state(town, first), held(town, first)) == (S.COMPLETED, ZERO)
    assert not town.notices("ProgramEnded")


def test_after_a_switch_the_renewal_is_offered_in_the_new_group(town: Town, coming: int, long: int) -> None:
    module = town.run(lambda tx: tx.value(select(schema.group.c.module).where(schema.group.c.id == long)))
    dates = {"start": date(2026, 9, 1), "stop": date(2028, 5, 31)}
    other = town.adds(schema.group, module=module, district=town.district, external_id="g2", name="2", seats=5, **dates)
    family = Family(town)
    first = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 25))
    before = renewal_of(town, first)
    town.does(SwitchGroup(first, other), family.guardian)
    comes(town, date(2027, 5, 26))
    after = renewal_of(town, first)
    assert (state(town, before), state(town, after)) == (S.LAPSED, S.RENEWAL_OFFERED)
    assert (taken(town, long), taken(town, other)) == (0, 1)
    assert not town.notices("RenewalLapsed"), "the family has a new offer instead"


def test_a_concluded_renewal_and_what_it_continues_may_change_groups_and_no_seat_is_lost(
    town: Town, coming: int, long: int
) -> None:
    module = town.run(lambda tx: tx.value(select(schema.group.c.module).where(schema.group.c.id == long)))
    dates = {"start": date(2026, 9, 1), "stop": date(2028, 5, 31), "seats": 1, "district": town.district}
    other = town.adds(schema.group, module=module, external_id="g2", name="2", **dates)
    third = town.adds(schema.group, module=module, external_id="g3", name="3", **dates)
    family = Family(town)
    first = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 25))
    renewal = renewal_of(town, first)
    stays(town, family, renewal)
    town.does(SwitchGroup(first, other), family.guardian)
    assert (taken(town, long), taken(town, other)) == (1, 1), "the renewal keeps the seat of the old group"
    town.does(SwitchGroup(renewal, third), family.guardian)
    assert (taken(town, long), taken(town, other), taken(town, third)) == (0, 1, 1)
    comes(town, NEXT)
    assert (taken(town, long), taken(town, other), taken(town, third)) == (0, 0, 1)


@pytest.mark.parametrize("first_goes_first", [True, False])
def test_who_changes_groups_twice_still_has_one_seat_though_the_group_is_full(
    town: Town, coming: int, long: int, first_goes_first: bool
) -> None:
    module = town.run(lambda tx: tx.value(select(schema.group.c.module).where(schema.group.c.id == long)))
    dates = {"start": date(2026, 9, 1), "stop": date(2028, 5, 31), "seats": 1, "district": town.district}
    other = town.adds(schema.group, module=module, external_id="g2", name="2", **dates)
    family = Family(town)
    first = family.learns(long, START)
    lives(town)
    comes(town, date(2027, 5, 25))
    renewal = renewal_of(town, first)
    stays(town, family, renewal)
    pair = (first, renewal) if first_goes_first else (renewal, first)
    town.does(SwitchGroup(pair[0], other), family.guardian)
    assert other in [each.id for each in town.asks(GroupsToSwitch(pair[1]), family.guardian)]
    town.does(SwitchGroup(pair[1], other), family.guardian)
    assert (taken(town, long), taken(town, other)) == (0, 1), "one child, one seat (R6.12)"
    comes(town, NEXT)
    assert (state(town, renewal), taken(town, other)) == (S.ACTIVE, 1)


def test_what_a_renewal_continues_does_not_count_against_the_limit(town: Town, coming: int) -> None:
    town.policy(accounting_limit=1)
    family = Family(town, 0)
    made = family.learns(town.group(price=0, stop=date(2028, 5, 31)), START)
    lives(town)
    comes(town, date(2027, 5, 25))
    assert isinstance(stays(town, family, renewal_of(town, made)), RenewalConcluded), (
        "what it continues is no second club"
    )
