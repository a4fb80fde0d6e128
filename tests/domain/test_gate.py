"""The gate (R6.2): each rule has its own named refusal, and whoever meets them all comes through."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain import gate_refusals as why
from bot.domain.calendar import Span
from bot.domain.catalogue import Registry
from bot.domain.enrollment import EnrollmentState
from bot.domain.gate import (
    Case,
    Living,
    gate,
)
from bot.domain.messages import Refusal
from bot.domain.money import ZERO, Money
from bot.domain.policy import Policy
from bot.domain.pricing import quote

YEAR = Span(date(2026, 9, 1), date(2027, 5, 31))
CASE = Case(
    policy=Policy(),
    today=date(2026, 9, 1),
    start=date(2026, 9, 3),
    child=1,
    birth=date(2017, 3, 14),
    certificate_state="active",
    funded=True,
    moved_away=False,
    others=(),
    period=YEAR,
    period_open=True,
    balance=Money(1_200_000),
    program=2,
    module=3,
    group=4,
    registry=Registry.CERTIFIED,
    ages=(7, 12),
    price=Money(900_000),
    normative=None,
    days=YEAR,
    is_open=True,
    free=1,
    provider_active=True,
    agreed=True,
)
SAME_DAYS = Living(9, 3, 5, EnrollmentState.ACTIVE, Span(date(2026, 9, 1), date(2026, 9, 3)))


def test_whoever_meets_every_rule_comes_through() -> None:
    assert gate(CASE) is None


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        (replace(CASE, certificate_state=""), why.NoCertificate(1)),
        (replace(CASE, certificate_state="frozen"), why.CertificateNotActive(1, "frozen")),
        (replace(CASE, birth=date(2008, 9, 1)), why.TurnsEighteen(date(2026, 9, 1))),
        (replace(CASE, birth=date(2008, 9, 3)), why.TurnsEighteen(date(2026, 9, 3))),
        (replace(CASE, moved_away=True), why.MovedAway(1)),
        (replace(CASE, provider_active=False), why.ProviderInactive(2)),
        (replace(CASE, agreed=False), why.NoAgreement(2)),
        (replace(CASE, is_open=False), why.GroupClosed(4)),
        (replace(CASE, today=date(2026, 9, 4)), why.StartsTooEarly(date(2026, 9, 4))),
        (replace(CASE, start=date(2027, 6, 1)), why.OutsideGroupDates(YEAR.start, YEAR.stop)),
        (replace(CASE, ages=(10, 12)), why.TooYoungForProgram(10, 12, date(2027, 3, 14))),
        (replace(CASE, ages=(5, 8)), why.TooOldForProgram(5, 8)),
        (replace(CASE, others=(SAME_DAYS,)), why.AlreadyEnrolled(9, 3, EnrollmentState.ACTIVE)),
        (replace(CASE, free=0), why.NoFreeSeat(4)),
        (replace(CASE, price=None), why.PriceUnknown(2)),
        (replace(CASE, registry=Registry.COMMERCIAL), why.NotOnCertificate(2)),
        (replace(CASE, funded=False), why.NeedsFunded(1)),
        (replace(CASE, period_open=False), why.PeriodNotOpen(date(2026, 9, 3))),
        (replace(CASE, period=None), why.PeriodNotOpen(date(2026, 9, 3))),
    ],
)
def test_each_rule_refuses_by_its_own_name(case: Case, refusal: Refusal) -> None:
    assert gate(case) == refusal


def test_an_empty_balance_is_refused_unless_the_policy_lets_the_family_pay_all() -> None:
    empty = replace(CASE, balance=ZERO)
    assert gate(empty) == why.NoMoney(1, empty.quote.price)
    allowed = replace(empty, policy=Policy(allow_full_parent_pay=True))
    assert gate(allowed) == why.NotEnoughMoney(allowed.quote.price)
    assert gate(replace(allowed, pays=True)) is None


def test_a_short_balance_needs_the_familys_yes_to_the_difference_only() -> None:
    short = replace(CASE, balance=Money(800_000), start=YEAR.start)
    assert gate(short) == why.NotEnoughMoney(Money(100_000))
    assert gate(replace(short, pays=True)) is None


def test_a_price_that_is_not_the_one_seen_is_shown_anew() -> None:
    seen = quote(Money(850_000), None, Money(1_200_000), YEAR.start, YEAR.stop, CASE.start, YEAR.stop)
    assert gate(replace(CASE, seen=seen)) == why.DifferentNow(CASE.quote)
    assert gate(replace(CASE, seen=CASE.quote)) is None


@pytest.mark.parametrize("registry", [Registry.SIGNIFICANT, Registry.PREPROFESSIONAL, Registry.GENERAL])
def test_budget_programs_need_no_money_whatever_their_price(registry: Registry) -> None:
    case = replace(CASE, registry=registry, funded=False, balance=ZERO, period=None)
    assert gate(case) is None
    assert case.quote.price == ZERO


def test_accounting_certificates_open_free_programs_up_to_the_limit() -> None:
    free = replace(CASE, price=ZERO, funded=False, balance=ZERO, policy=Policy(accounting_limit=1))
    elsewhere = replace(SAME_DAYS, module=30)
    waiting = replace(elsewhere, state=EnrollmentState.WAITLISTED, days=None)
    assert gate(replace(free, others=(waiting,))) is None
    assert gate(replace(free, others=(elsewhere,))) == why.OverLimit(1)
    assert gate(replace(free, others=(elsewhere,), funded=True)) is None


def test_another_module_or_other_days_of_the_same_module_are_allowed() -> None:
    assert gate(replace(CASE, others=(replace(SAME_DAYS, module=30),))) is None
    earlier = replace(SAME_DAYS, days=Span(date(2026, 8, 1), date(2026, 9, 2)))
    assert gate(replace(CASE, others=(earlier,))) is None


def test_a_place_in_the_queue_of_the_same_group_is_one_place() -> None:
    queued = Living(9, 3, 4, EnrollmentState.WAITLISTED, None)
    assert gate(replace(CASE, others=(queued,))) == why.AlreadyEnrolled(9, 3, EnrollmentState.WAITLISTED)
    assert gate(replace(CASE, others=(replace(queued, group=5),))) is None


def test_the_policy_may_let_an_enrollment_start_some_days_back() -> None:
    late = replace(CASE, today=date(2026, 9, 8), policy=Policy(backdating_days=5))
    assert gate(late) is None
    assert gate(replace(late, today=date(2026, 9, 9))) == why.StartsTooEarly(date(2026, 9, 4))


@pytest.mark.parametrize(("age_on", "comes_through"), [("start", True), ("request", False), ("september", False)])
def test_the_policy_says_on_which_day_the_age_must_fit(age_on: str, comes_through: bool) -> None:
    policy = Policy(age_on=age_on)  # type: ignore[arg-type]
    case = replace(CASE, birth=date(2017, 3, 14), ages=(10, 12), start=date(2027, 3, 14), policy=policy)
    assert (gate(case) is None) is comes_through


def test_a_renewal_is_not_asked_for_the_age_again() -> None:
    assert gate(replace(CASE, ages=(5, 8), renewing=True)) is None


def test_an_enrollment_never_crosses_the_periods_end() -> None:
    case = replace(CASE, days=Span(date(2026, 9, 1), date(2027, 8, 31)))
    assert case.stop == date(2027, 5, 31)
    assert replace(case, period=None, price=ZERO).stop == date(2027, 8, 31)


def test_one_day_is_enough() -> None:
    last = replace(CASE, start=YEAR.stop)
    assert gate(last) is None
    assert last.quote.certificate.months == 1
