"""R4 to the kopeck: worked examples of real contracts, and the borders that have bitten real systems."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Month
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Installments, prorated, quote, reprice, split

PLENTY = Money(10_000_000)
START, STOP = date(2026, 9, 1), date(2027, 5, 31)


def test_a_contract_of_four_months_with_a_short_first_one():
    """R4.6."""
    plan = split(Money(879_206), date(2017, 9, 4), date(2017, 12, 31))
    assert plan == Installments(first=Money(199_484), other=Money(226_574), months=4)
    assert plan.total == Money(879_206)


def test_a_balance_that_is_short_is_added_to_by_the_family():
    """R4.7."""
    days = date(2017, 9, 1), date(2017, 12, 31)
    quoted = quote(Money(261_429), None, Money(234_133), *days, *days)
    assert quoted.certificate == Installments(Money(57_574), Money(58_853), 4)
    assert quoted.parent == Installments(Money(6_713), Money(6_861), 4)
    assert quoted.parent.total == Money(27_296)
    assert quoted.price == Money(261_429)


@pytest.mark.parametrize(("normative", "balance"), [(None, PLENTY), (Money(100_000), PLENTY), (PLENTY, Money(100_000))])
def test_the_family_pays_only_what_the_balance_or_the_norm_lacks(normative, balance):
    """R4.3."""
    quoted = quote(Money(100_000), normative, balance, START, STOP, START, STOP)
    assert (quoted.certificate.total, quoted.parent.total) == (Money(100_000), ZERO)


def test_the_norm_is_prorated_like_the_price():
    """R4.2: half of a group's days cost half of the price, and the norm is halved too."""
    group = date(2026, 9, 1), date(2026, 9, 30)
    quoted = quote(Money(100_001), Money(80_001), PLENTY, *group, date(2026, 9, 16), date(2026, 9, 30))
    assert quoted.price == Money(50_001), "half up"
    assert quoted.certificate == Installments(Money(40_001), ZERO, 1)
    assert quoted.parent == Installments(Money(10_000), ZERO, 1)


def test_an_empty_balance_leaves_the_whole_price_to_the_family():
    """R4.8: whether that is allowed is the gate's to say."""
    quoted = quote(Money(100_000), None, ZERO, START, STOP, START, STOP)
    assert (quoted.certificate.total, quoted.parent.total) == (ZERO, Money(100_000))


def test_a_price_by_days_is_rounded_half_up():
    assert prorated(Money(1), group_days=2, days=1) == Money(1)
    assert prorated(Money(1), group_days=3, days=1) == ZERO


def test_a_start_on_the_last_day_of_a_month_makes_a_first_month_of_one_day():
    plan = split(Money(3_100), date(2026, 8, 31), date(2026, 9, 30))
    assert plan == Installments(Money(100), Money(3_000), 2)


def test_one_month_is_a_single_payment():
    assert split(Money(100_001), date(2026, 9, 4), date(2026, 9, 30)) == Installments(Money(100_001), ZERO, 1)


def test_one_day_is_a_single_payment():
    assert split(Money(777), START, START) == Installments(Money(777), ZERO, 1)


def test_a_stop_before_the_start_is_refused():
    with pytest.raises(ValueError):
        split(Money(1), date(2026, 9, 2), date(2026, 9, 1))
    with pytest.raises(ValueError):
        quote(Money(1), None, PLENTY, START, STOP, date(2026, 9, 2), date(2026, 9, 1))


@pytest.mark.parametrize("outside", [(START - timedelta(1), STOP), (START, STOP + timedelta(1))])
def test_a_day_outside_the_group_is_refused(outside):
    with pytest.raises(ValueError, match="inside the group"):
        quote(Money(1), None, PLENTY, START, STOP, *outside)


@pytest.mark.parametrize(
    ("price", "normative", "balance"),
    [(Money(-1), None, ZERO), (Money(1), Money(-1), ZERO), (Money(1), None, Money(-1))],
)
def test_amounts_below_zero_are_refused(price, normative, balance):
    with pytest.raises(ValueError, match="below zero"):
        quote(price, normative, balance, START, STOP, START, STOP)


def test_a_plan_names_its_months():
    plan = split(Money(879_206), date(2017, 11, 4), date(2018, 1, 31))
    assert [str(month) for month, _ in plan.plan(date(2017, 11, 4))] == ["2017-11", "2017-12", "2018-01"]
    assert [part for _, part in plan.plan(date(2017, 11, 4))] == [plan.first, plan.other, plan.other]
    assert (plan.of(0), plan.of(2)) == (plan.first, plan.other)
    for outside in (-1, 3):
        with pytest.raises(IndexError):
            plan.of(outside)


def test_a_termination_leaves_the_months_up_to_its_last_day():
    """R4.9, R5.5."""
    plan = Installments(Money(6_713), Money(6_861), 4)
    assert plan.shortened(2).total == Money(6_713 + 6_861)
    assert plan.shortened(1) == Installments(Money(6_713), ZERO, 1)
    assert plan.shortened(4) == plan
    for outside in (0, 5):
        with pytest.raises(ValueError):
            plan.shortened(outside)


def test_cancelled_lessons_are_given_back_rounded_down():
    """R5.4; R4.9 for the family's part."""
    charge = Money(214_618)
    assert charge - reprice(charge, cancelled=1, planned=8) == Money(26_827)
    assert reprice(charge, cancelled=0, planned=8) == charge
    assert reprice(charge, cancelled=8, planned=8) == ZERO


@pytest.mark.parametrize(("cancelled", "planned"), [(9, 8), (-1, 8), (0, 0)])
def test_lessons_that_cannot_be_are_refused(cancelled, planned):
    with pytest.raises(ValueError):
        reprice(Money(100), cancelled, planned)


@given(st.integers(0, 10**9), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_a_split_loses_no_kopeck_and_no_month_is_below_zero(kopecks, start, length):
    stop = start + timedelta(length)
    plan = split(Money(kopecks), start, stop)
    assert plan.total == Money(kopecks) == sum(part for _, part in plan.plan(start))
    assert plan.first >= ZERO and plan.other >= ZERO
    assert [month for month, _ in plan.plan(start)][-1] == Month.of(stop)


@given(st.integers(0, 10**8), st.none() | st.integers(0, 10**8), st.integers(0, 10**8), st.data())
def test_both_parts_make_the_price_and_the_certificate_pays_within_its_limits(price, normative, balance, data):
    start = data.draw(st.dates(START, STOP))
    stop = data.draw(st.dates(start, STOP))
    norm = None if normative is None else Money(normative)
    quoted = quote(Money(price), norm, Money(balance), START, STOP, start, stop)
    assert quoted.price == prorated(Money(price), (STOP - START).days + 1, (stop - start).days + 1)
    assert ZERO <= quoted.certificate.total <= min(Money(balance), quoted.price)
    assert quoted.parent.total >= ZERO
    if balance >= price and normative is None:
        assert not quoted.parent.total
