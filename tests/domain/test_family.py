"""Who may see a child, and the codes by which people are linked (R1.3)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.family import Rights, may_cut, may_have_chat
from bot.domain.home import ChannelLink
from bot.domain.linking import ALPHABET, code_from, code_of, deep_link


@given(st.integers(0, 2**128))
def test_every_code_is_read_back_as_it_was_made(chance: int):
    code = code_from(chance)
    assert len(code) == 8
    assert code_of(code) == code


def test_every_sign_of_the_alphabet_is_used():
    assert {code_from(place)[0] for place in range(18)} == set(ALPHABET)


@pytest.mark.parametrize("typed", ["abce-2345", "ABCE 2345", "авсе2345", "аВсЕ–2345", " a b c e 2 3 4 5 "])
def test_a_code_is_understood_from_either_keyboard(typed: str):
    assert code_of(typed) == "ABCE2345"


def test_signs_that_look_alike_are_one():
    assert code_of("8З8З8З8З") == "B3B3B3B3"


@pytest.mark.parametrize(
    "typed", ["", "ABCE234", "ABCE23456", "ABCE234W", "0BCE2345", "ABCE234²", "'; drop--", "🙂" * 8]
)
def test_what_cannot_be_a_code_is_not_one(typed: str):
    assert code_of(typed) is None


def test_a_deep_link_carries_the_code_in_each_messengers_way():
    assert (
        deep_link(ChannelLink("telegram", "https://t.me/kruzhok"), "ABCE2345")
        == "https://t.me/kruzhok?start=link_ABCE2345"
    )
    assert (
        deep_link(ChannelLink("vk", "https://vk.me/kruzhok"), "ABCE2345") == "https://vk.me/kruzhok?ref=link_ABCE2345"
    )


def test_a_child_has_its_own_chat_from_its_14th_birthday():
    assert not may_have_chat(date(2012, 9, 2), date(2026, 9, 1))
    assert may_have_chat(date(2012, 9, 1), date(2026, 9, 1))


def test_a_child_of_29_february_has_it_from_1_march():
    assert not may_have_chat(date(2012, 2, 29), date(2026, 2, 28))
    assert may_have_chat(date(2012, 2, 29), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("mine", "theirs", "own", "guardians", "allowed"),
    [
        (Rights.FULL, Rights.READ, False, 1, True),
        (Rights.FULL, Rights.SELF, False, 1, True),
        (Rights.FULL, Rights.FULL, False, 2, True),
        (Rights.FULL, Rights.FULL, True, 1, False),
        (Rights.FULL, Rights.FULL, True, 2, True),
        (Rights.READ, Rights.READ, True, 1, True),
        (Rights.READ, Rights.FULL, False, 2, False),
        (Rights.SELF, Rights.READ, False, 1, False),
        (None, Rights.READ, False, 1, False),
    ],
)
def test_a_guardian_cuts_any_link_but_the_last_that_decides(
    mine: Rights | None, theirs: Rights, own: bool, guardians: int, allowed: bool
):
    assert may_cut(mine, theirs, own, guardians) is allowed
