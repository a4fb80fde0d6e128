"""«This was not us» (R6.7, R6.8), what a dispute stops and what its decision sets going (R5.7, R5.8)."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.domain import enrollment_facts as facts
from bot.domain import enrollment_refusals as refusals
from bot.domain.calendar import Month
from bot.domain.enrollment import (
    ClaimEnrollment,
    ConcludeOffer,
    ConfirmClaim,
    DecideDispute,
    DenyClaim,
    EndEnrollment,
    EnrollmentState,
    OpenDispute,
)
from bot.domain.enrollment_seen import ListRequests, OneEnrollment
from bot.domain.gate_refusals import (
    NotEnoughMoney,
)
from bot.domain.messages import NotYours
from bot.domain.messages import provider as provider_of
from bot.domain.money import ZERO, Money
from bot.storage import schema
from tests.storage.families import Family, held, lives_day, paid, provider, state, taken
from tests.storage.town import Town

S = EnrollmentState
START = date(2026, 9, 1)


@pytest.fixture
def family(town: Town) -> Family:
    return Family(town)


def number(town: Town, family: Family) -> str:
    table = schema.certificate
    return str(town.run(lambda tx: tx.value(select(table.c.number).where(table.c.id == family.certificate))))


def claims(town: Town, family: Family, group: int) -> int:
    fact = town.does(ClaimEnrollment(number(town, family), group, START), provider(town))
    assert isinstance(fact, facts.Claimed), fact
    return fact.enrollment


def test_a_claim_holds_seat_and_money_and_asks_the_family(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    fact = town.does(ClaimEnrollment(number(town, family), group, START), provider(town))
    assert isinstance(fact, facts.Claimed)
    assert (fact.amount, fact.left, fact.until) == (Money(900_000), Money(300_000), date(2026, 9, 11))
    assert taken(town, group) == 1 and held(town, fact.enrollment) == Money(900_000)
    assert [(who, kind) for who, kind, _values in town.notices("Claimed")] == [(family.guardian, "Claimed")]


def test_the_family_is_told_what_it_would_pay_itself(town: Town, family: Family) -> None:
    wish = ClaimEnrollment(number(town, family), town.group(price=1_500_000), START, pays=True)
    fact = town.does(wish, provider(town))
    assert isinstance(fact, facts.Claimed)
    assert (fact.amount, fact.own) == (Money(1_200_000), Money(300_000))


def test_yes_makes_it_an_offer_and_the_way_goes_on(town: Town, family: Family) -> None:
    made = claims(town, family, town.group(price=900_000))
    assert isinstance(town.does(ConfirmClaim(made), family.guardian), facts.ClaimConfirmed)
    assert isinstance(town.does(ConcludeOffer(made), family.guardian), facts.Concluded)
    assert paid(town) > ZERO


def test_no_returns_everything_and_frees_the_seat_once(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    made = claims(town, family, group)
    fact = town.does(DenyClaim(made), family.guardian)
    assert fact == facts.ClaimDenied(family.child, made, Money(900_000), Money(1_200_000))
    assert taken(town, group) == 0
    assert town.does(DenyClaim(made), family.guardian) == refusals.NotNow(made, S.REFUSED)


def test_a_wrong_number_a_foreign_group_and_an_unpaid_part_are_refused(town: Town, family: Family) -> None:
    group, poor = town.group(price=900_000), Family(town, 100_000)
    assert town.does(ClaimEnrollment("0000000000", group, START), provider(town)) == refusals.UnknownCertificate(
        "0000000000"
    )
    other = town.adds(schema.provider, municipality=town.municipality, name="Other", kind="private")
    assert town.does(ClaimEnrollment(number(town, family), group, START), provider_of(other)) == NotYours()
    fact = town.does(ClaimEnrollment(number(town, poor), group, START), provider(town))
    assert fact == NotEnoughMoney(Money(800_000))


def test_a_family_without_a_chat_is_the_operators_at_once(town: Town, family: Family) -> None:
    town.run(lambda tx: tx.sql(schema.chat.update().values(dead_at=tx.now)))
    made = claims(town, family, town.group())
    (late,) = town.asks(ListRequests(overdue=True), town.operator)
    assert (late.id, late.state) == (made, S.CLAIMED)
    assert isinstance(town.does(ConfirmClaim(made), town.operator), facts.ClaimConfirmed)


def test_silence_of_ten_days_goes_to_the_operator(town: Town, family: Family) -> None:
    made = claims(town, family, town.group())
    for day, waits in ((date(2026, 9, 11), 0), (date(2026, 9, 12), 1), (date(2026, 9, 13), 1)):
        town.comes(day)
        lives_day(town, day)
        assert len(town.asks(ListRequests(overdue=True), town.operator)) == waits
    assert len(town.notices("ClaimOverdue")) == 1
    assert state(town, made) == S.CLAIMED


def test_a_dispute_stops_the_charges_and_its_rejection_catches_them_up(town: Town, family: Family) -> None:
    made = family.learns(town.group(price=900_000), START)
    first = paid(town)
    assert town.does(OpenDispute(made, Month(2026, 9)), family.guardian) == facts.DisputeOpened(family.child, made)
    assert town.does(OpenDispute(made), family.guardian) == refusals.DisputeIsOpen(made)
    town.comes(date(2026, 11, 5))
    lives_day(town, date(2026, 11, 5))
    assert paid(town) == first
    fact = town.does(DecideDispute(made, False, "signed on paper"), town.operator)
    assert fact == facts.DisputeDecided(family.child, made, False, "signed on paper", ZERO)
    seen = town.asks(OneEnrollment(made), family.guardian)
    assert seen is not None and paid(town) == first + seen.certificate.other * 2


def test_an_upheld_dispute_returns_every_charge_and_the_hold(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    made = family.learns(group, START)
    town.comes(date(2026, 10, 5))
    town.does(OpenDispute(made), family.guardian)
    fact = town.does(DecideDispute(made, True, "a forged signature"), town.operator)
    assert fact == facts.DisputeDecided(family.child, made, True, "a forged signature", Money(900_000))
    assert family.left == Money(1_200_000) and paid(town) == ZERO
    assert state(town, made) == S.TERMINATED and taken(town, group) == 0


def test_a_notice_during_a_dispute_returns_the_hold_with_the_decision(town: Town, family: Family) -> None:
    made = family.learns(town.group(price=900_000), START)
    town.does(OpenDispute(made), family.guardian)
    fact = town.does(EndEnrollment(made, date(2026, 9, 30)), family.guardian)
    assert isinstance(fact, facts.NoticeGiven) and fact.amount == ZERO and held(town, made)
    rest = held(town, made)
    town.comes(date(2026, 10, 3))
    lives_day(town, date(2026, 10, 3))
    assert state(town, made) == S.ACTIVE and held(town, made) == rest
    town.does(DecideDispute(made, False, "no"), town.operator)
    assert held(town, made) == ZERO and family.left == Money(300_000) + rest
    assert state(town, made) == S.TERMINATED


def test_a_finished_enrollment_may_be_disputed_while_something_of_it_was_paid(town: Town, family: Family) -> None:
    made = family.learns(town.group(price=900_000, stop=date(2026, 9, 30)), START)
    town.comes(date(2026, 10, 1))
    lives_day(town, date(2026, 10, 1))
    assert state(town, made) == S.COMPLETED
    assert isinstance(town.does(OpenDispute(made), family.guardian), facts.DisputeOpened)
    town.does(DecideDispute(made, True, "right"), town.operator)
    assert family.left == Money(1_200_000) and state(town, made) == S.COMPLETED
    assert town.does(OpenDispute(made), family.guardian) == refusals.NothingToDispute(made)


def test_only_the_family_disputes_and_only_the_operator_decides(town: Town, family: Family) -> None:
    made = family.learns(town.group(), START)
    assert town.does(OpenDispute(made), town.person()) == NotYours()
    assert town.does(OpenDispute(made, Month(2026, 12)), family.guardian) == refusals.NothingToDispute(made)
    town.does(OpenDispute(made), family.guardian)
    assert town.does(DecideDispute(made, False, "x"), provider(town)) == NotYours()
