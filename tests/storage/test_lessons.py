"""Lessons that were not held return their part of the month (R5.4), the family's own part shrinks with them (R4.9)."""

from datetime import date

import pytest

from bot.domain.calendar import Month
from bot.domain.enrollment import CancelLessons, LessonsCancelled, NoSuchLessons
from bot.domain.enrollment_seen import OneEnrollment
from bot.domain.messages import NotYours
from bot.domain.messages import provider as provider_of
from bot.domain.money import ZERO, Money
from bot.storage import schema
from tests.storage.families import Family, paid, provider
from tests.storage.town import Town

START = date(2026, 9, 1)


@pytest.fixture
def family(town: Town) -> Family:
    return Family(town)


def test_two_of_nine_lessons_return_two_ninths_down_to_the_kopeck(town: Town, family: Family) -> None:
    group = town.group(price=900_000)  # Tuesdays and Thursdays: nine in September
    family.learns(group, START)
    charge, before = paid(town), family.left
    back = charge.floor_share(2, 9)
    fact = town.does(CancelLessons(group, (date(2026, 9, 8), date(2026, 9, 10))), provider(town))
    assert fact == LessonsCancelled(group, 1, back)
    assert family.left == before + back and paid(town) == charge - back
    (returned,) = town.notices("Returned")
    assert returned[2]["amount"] == back.kopecks and returned[2]["month"] == "2026-09"


def test_the_same_day_counts_once_and_a_day_without_a_lesson_not_at_all(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    family.learns(group, START)
    town.does(CancelLessons(group, (date(2026, 9, 8),)), provider(town))
    rest = paid(town)
    again = CancelLessons(group, (date(2026, 9, 8), date(2026, 9, 9)))
    assert town.does(again, provider(town)) == NoSuchLessons(group)
    assert paid(town) == rest


def test_a_child_that_joined_later_gets_a_part_of_its_own_month(town: Town, family: Family) -> None:
    group = town.group(price=900_000)
    made = family.learns(group, date(2026, 9, 17))  # 17, 22, 24, 29
    town.comes(date(2026, 9, 20))
    fact = town.does(CancelLessons(group, (date(2026, 9, 15), date(2026, 9, 22))), provider(town))
    seen = town.asks(OneEnrollment(made), family.guardian)
    assert seen is not None
    assert fact == LessonsCancelled(group, 1, seen.certificate.first.floor_share(1, 4))


def test_all_lessons_of_a_month_return_its_whole_charge_and_never_more(town: Town, family: Family) -> None:
    group = town.group(price=900_000, lessons=(2,))
    family.learns(group, START)
    charge = paid(town)
    for day in (1, 8, 15, 22, 29):
        town.does(CancelLessons(group, (date(2026, 9, day),)), provider(town))
    assert paid(town) == ZERO and family.left == Money(300_000) + charge


def test_without_a_timetable_the_provider_gives_both_numbers_and_a_cause_counts_once(
    town: Town, family: Family
) -> None:
    group = town.group(price=900_000, lessons=())
    family.learns(group, START)
    charge = paid(town)
    wish = CancelLessons(group, month=Month(2026, 9), cancelled=3, planned=8, cause="quarantine")
    assert town.does(wish, provider(town)) == LessonsCancelled(group, 1, charge.floor_share(3, 8))
    assert town.does(wish, provider(town)) == NoSuchLessons(group)


@pytest.mark.parametrize(("cancelled", "planned"), [(0, 8), (9, 8), (1, 0)])
def test_numbers_that_make_no_sense_are_refused(town: Town, family: Family, cancelled: int, planned: int) -> None:
    group = town.group(price=900_000, lessons=())
    family.learns(group, START)
    wish = CancelLessons(group, month=Month(2026, 9), cancelled=cancelled, planned=planned, cause="x")
    assert town.does(wish, provider(town)) == NoSuchLessons(group)


def test_the_familys_own_part_shrinks_by_the_same_share(town: Town) -> None:
    family = Family(town, 450_000)
    group = town.group(price=900_000)
    made = family.learns(group, START, pays=True)
    town.does(CancelLessons(group, (date(2026, 9, 8),)), provider(town))
    seen = town.asks(OneEnrollment(made), family.guardian)
    assert seen is not None
    own = seen.parent.first
    assert seen.months[0].parent == own - own.floor_share(1, 9)
    assert seen.months[1].parent == seen.parent.other


def test_only_the_groups_own_provider_cancels(town: Town, family: Family) -> None:
    group = town.group()
    family.learns(group, START)
    other = town.adds(schema.provider, municipality=town.municipality, name="Other", kind="private")
    assert town.does(CancelLessons(group, (date(2026, 9, 8),)), provider_of(other)) == NotYours()
