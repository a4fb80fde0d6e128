"""A group's timetable through its changes: each day has the lessons of its own time (R5.4)."""

from datetime import date, time

from bot.domain.lessons import Lesson, Timetables


def weekly(*weekdays: int) -> tuple[Lesson, ...]:
    return tuple(Lesson(each, time(15), time(16)) for each in weekdays)


NOVEMBER, DECEMBER = (date(2026, 11, 1), date(2026, 11, 30)), (date(2026, 12, 1), date(2026, 12, 31))


def test_a_day_has_the_lessons_that_held_on_it_after_several_changes() -> None:
    ours = Timetables(weekly(5), ((date(2026, 11, 10), weekly(2)), (date(2026, 12, 1), weekly(2, 4))))
    tuesdays, thursdays, fridays = (
        [ours.on(date(2026, *day)) for day in days]
        for days in (((11, 3), (11, 10), (12, 1)), ((11, 5), (11, 12), (12, 3)), ((11, 27), (12, 4)))
    )
    assert (tuesdays, thursdays, fridays) == ([1, 1, 0], [0, 1, 0], [0, 1])


def test_a_month_is_planned_by_what_held_at_its_start() -> None:
    ours = Timetables(weekly(5), ((date(2026, 11, 10), weekly(2)), (date(2026, 12, 1), weekly(2, 4))))
    assert (ours.planned(*NOVEMBER), ours.planned(*DECEMBER)) == (4, 4)
    assert ours.planned(date(2026, 11, 10), NOVEMBER[1]) == 6, "whoever comes on the 10th is promised both days"


def test_a_group_without_lessons_at_the_months_start_is_planned_by_the_first_it_got() -> None:
    ours = Timetables(weekly(5), ((date(2026, 11, 10), ()), (date(2026, 11, 20), weekly(2, 4))))
    assert ours.planned(*NOVEMBER) == 8
    assert ours.on(date(2026, 11, 3)) == 0
    assert Timetables(()).planned(*NOVEMBER) == 0
