"""What one child cannot come to, and one adult cannot bring several children to."""

from datetime import date, time

import pytest

from bot.domain.calendar import Span
from bot.domain.clashes import Course, clashes, escort_clashes, in_order
from bot.domain.lessons import Lesson, Weeks
from bot.domain.policy import Policy

YEAR = Span(date(2026, 9, 1), date(2027, 5, 31))
POLICY = Policy(travel_minutes=30, walk_minutes=10)


def tuesday(start: str, stop: str, weeks: Weeks = "every") -> tuple[Lesson, ...]:
    return (Lesson(2, time.fromisoformat(start), time.fromisoformat(stop), weeks),)


def course(
    lessons: tuple[Lesson, ...], district: int = 1, address: str = "Lenin street, 1", days: Span = YEAR
) -> Course:
    return Course(1, days, lessons, district, address)


ROBOTS = course(tuesday("15:00", "16:00"))


@pytest.mark.parametrize(
    ("other", "meet"),
    [
        (course(tuesday("15:30", "16:30")), True),
        (course(tuesday("16:00", "17:00")), False),
        (course(tuesday("16:00", "17:00"), address="lenin  street, 1"), False),
        (course(tuesday("16:05", "17:00"), address="Mira street, 2"), True),
        (course(tuesday("16:10", "17:00"), address="Mira street, 2"), False),
        (course(tuesday("16:25", "17:00"), district=2), True),
        (course(tuesday("13:00", "14:30"), district=2), False),
        (course(tuesday("16:00", "17:00"), district=0, address=""), False),
        (course((Lesson(3, time(15), time(16)),)), False),
        (course(tuesday("15:00", "16:00"), days=Span(date(2025, 9, 1), date(2026, 8, 31))), False),
    ],
    ids=["overlaps", "next, same place", "same address written otherwise", "too short a walk", "a walk",
         "too short a ride", "a ride before", "nobody has said where", "another day", "over before"],
)  # fmt: skip
def test_lessons_of_one_child_clash_when_they_overlap_or_the_way_is_too_long(other: Course, meet: bool) -> None:
    assert bool(list(clashes(POLICY, ROBOTS, [other]))) is meet


def test_odd_and_even_weeks_do_not_meet_and_two_even_ones_meet_in_their_first_common_week() -> None:
    even = course(tuesday("15:00", "16:00", "even"))
    assert not list(clashes(POLICY, even, [course(tuesday("15:00", "16:00", "odd"))]))
    [clash] = clashes(POLICY, even, [course(tuesday("15:00", "16:00", "even"))])
    assert clash.first == date(2026, 9, 1), "the 36th week"
    # 2026 has 53 weeks: after the 52nd the next even one is three weeks away
    late = course(tuesday("15:00", "16:00", "even"), days=Span(date(2026, 12, 23), date(2027, 1, 12)))
    [clash] = clashes(POLICY, late, [even])
    assert clash.first == date(2027, 1, 12)
    too_late = course(tuesday("15:00", "16:00", "even"), days=Span(date(2026, 12, 23), date(2027, 1, 11)))
    assert not list(clashes(POLICY, too_late, [even]))


@pytest.mark.parametrize(
    ("other", "torn"),
    [
        (course(tuesday("15:00", "16:30"), district=2), True),
        (course(tuesday("15:00", "16:00")), False),
        (course(tuesday("15:30", "16:30"), district=2), False),
        (course(tuesday("16:15", "17:00"), district=2), True),
        (course(tuesday("15:05", "17:00"), address="Mira street, 2"), True),
    ],
    ids=[
        "both begin",
        "together to one place",
        "brought one after the other",
        "fetching and bringing",
        "near, at once",
    ],
)
def test_an_adult_is_torn_where_two_lessons_begin_or_end_too_close_in_two_places(other: Course, torn: bool) -> None:
    assert bool(list(escort_clashes(POLICY, ROBOTS, [other]))) is torn


def test_clashes_stand_in_the_order_in_which_they_come() -> None:
    autumn, winter = (
        course(tuesday("15:30", "17:00"), days=Span(date(2026, month, 1), YEAR.stop)) for month in (10, 12)
    )
    found = in_order(clashes(POLICY, ROBOTS, [winter, autumn]))
    assert [clash.first for clash in found] == [date(2026, 10, 6), date(2026, 12, 1)]
