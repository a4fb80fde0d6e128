"""Lessons that were not held return their part of the month (R5.4), the family's own part shrinks with them (R4.9)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.calendar import Month
from bot.domain.enrollment import CancelLessons
from bot.domain.enrollment_facts import LessonsCancelled
from bot.domain.enrollment_refusals import NoSuchLessons
from bot.domain.enrollment_seen import OneEnrollment
from bot.domain.messages import NotYours
from bot.domain.messages import provider as provider_of
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.ledger import make_charges_due
from tests.storage.families import Family, meets, paid, provider
from tests.storage.town import Town

START = date(2026, 9, 1)
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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


def entered(town: Town) -> Sequence[tuple[Any, ...]]:
    table = schema.cancelled_lessons
    asked = select(table.c.cause, table.c.cancelled, table.c.planned).order_by(table.c.id)
    return [tuple(row) for row in town.run(lambda tx: tx.rows(asked))]


def test_a_timetable_of_december_leaves_novembers_lessons_where_they_were(town: Town, family: Family) -> None:
    """From Tuesdays to Wednesdays and Fridays on the night of 1 December in Murmansk."""
    group = town.group(price=900_000, lessons=(2,))
    made = family.learns(group, START)
    town.comes(date(2026, 11, 30), hour=22)
    meets(town, group, 3, 5)
    town.run(lambda tx: make_charges_due(tx, made))
    before, each_month = paid(town), town.asks(OneEnrollment(made), family.guardian)
    assert each_month is not None
    wednesday, tuesday = date(2026, 11, 25), date(2026, 11, 24)
    for moved in (wednesday, date(2026, 10, 28), date(2026, 12, 1)):
        assert town.does(CancelLessons(group, (moved,)), provider(town)) == NoSuchLessons(group)
    assert paid(town) == before
    november, december = (each_month.certificate.other.floor_share(1, planned) for planned in (4, 9))
    assert town.does(CancelLessons(group, (tuesday,)), provider(town)) == LessonsCancelled(group, 1, november)
    wish = CancelLessons(group, (date(2026, 12, 2),))
    assert town.does(wish, provider(town)) == LessonsCancelled(group, 1, december)
    assert entered(town) == [("2026-11-24", 1, 4), ("2026-12-02", 1, 9)]
    assert paid(town) == before - november - december


@sqlite
def test_of_two_changes_in_a_day_and_one_later_each_day_keeps_its_own(town: Town, family: Family) -> None:
    group = town.group(price=900_000, lessons=(2,))
    family.learns(group, START)
    town.comes(date(2026, 9, 10))
    meets(town, group, 3)
    meets(town, group, 4, 5)  # the Wednesday was a slip: nobody came on one
    town.comes(date(2026, 9, 20))
    meets(town, group)
    days = tuple(date(2026, 9, day) for day in (8, 9, 10, 11, 15, 16, 17, 22, 24))
    town.does(CancelLessons(group, days), provider(town))
    assert entered(town) == [(f"2026-09-{day:02}", 1, 5) for day in (8, 10, 11, 17)]


@sqlite
def test_a_day_never_returns_more_than_its_month_was_planned(town: Town, family: Family) -> None:
    group = town.group(price=900_000, lessons=(2,))
    made = family.learns(group, date(2026, 9, 29))  # one Tuesday is left
    town.comes(date(2026, 9, 30))
    meets(town, group, 3, 3)
    fact = town.does(CancelLessons(group, (date(2026, 9, 30), date(2026, 9, 29))), provider(town))
    seen = town.asks(OneEnrollment(made), family.guardian)
    assert seen is not None and fact == LessonsCancelled(group, 1, seen.certificate.first)
    assert entered(town) == [("2026-09-30", 1, 1), ("2026-09-29", 1, 1)] and paid(town) == ZERO
