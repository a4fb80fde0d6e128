"""R3.1: whole kopecks and nothing else."""

import pytest

from bot.domain.money import ZERO, Money


@pytest.mark.parametrize("wrong", [1.0, True, "1", None])
def test_money_is_made_of_whole_kopecks_only(wrong):
    with pytest.raises(TypeError):
        Money(wrong)


def test_money_adds_subtracts_multiplies_and_negates():
    assert Money(150) + Money(50) == Money(200)
    assert Money(50) - Money(150) == -Money(100) == Money(-100)
    assert Money(50) * 3 == Money(150)


@pytest.mark.parametrize(
    "mix", [lambda: Money(1) + 1, lambda: 1 + Money(1), lambda: Money(1) * 1.5, lambda: Money(1) - 1]
)
def test_money_does_not_mix_with_numbers(mix):
    with pytest.raises(TypeError):
        mix()


def test_a_list_of_money_sums_up():
    assert sum([Money(1), Money(2), Money(3)], ZERO) == sum([Money(1), Money(2), Money(3)]) == Money(6)


def test_money_compares_sorts_and_serves_as_a_key():
    assert Money(1) < Money(2) <= Money(2)
    assert sorted({Money(3), Money(1), Money(1)}) == [Money(1), Money(3)]
    assert not ZERO and Money(-1)
    with pytest.raises(TypeError):
        assert Money(1) < 2


@pytest.mark.parametrize(
    ("kopecks", "numerator", "denominator", "half_up", "floor"),
    [(5, 1, 2, 3, 2), (4, 1, 3, 1, 1), (5, 1, 3, 2, 1), (7, 0, 9, 0, 0), (9, 9, 9, 9, 9), (-5, 1, 2, -2, -3)],
)
def test_a_share_rounds_half_up_or_down_to_the_kopeck(kopecks, numerator, denominator, half_up, floor):
    assert Money(kopecks).share(numerator, denominator) == Money(half_up)
    assert Money(kopecks).floor_share(numerator, denominator) == Money(floor)


@pytest.mark.parametrize("share", [Money(1).share, Money(1).floor_share])
def test_a_share_of_no_parts_is_refused(share):
    with pytest.raises(ValueError, match="0"):
        share(1, 0)
