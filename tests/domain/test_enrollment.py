"""The states of an enrollment, the last day after a notice, a timetable as days (R5.4, R5.5, R6)."""

from datetime import date, time

import pytest

from bot.domain.enrollment import LEADS_TO, LIVING, OPEN, SEATED, EnrollmentState, last_day
from bot.domain.lessons import Lesson, count, first_lesson

S = EnrollmentState
TUESDAY = Lesson(2, time(15), time(16))


def test_every_state_knows_where_it_leads_and_every_living_one_can_end() -> None:
    assert set(LEADS_TO) == set(S)
    for state in LIVING:
        reached, waiting = set[EnrollmentState](), [state]
        while waiting:
            for after in LEADS_TO[waiting.pop()] - reached:
                reached.add(after)
                waiting.append(after)
        assert reached - LIVING, state


def test_only_what_has_ended_leads_nowhere_and_has_no_seat() -> None:
    final = {state for state in S if not LEADS_TO[state]}
    assert final == {S.COMPLETED, S.TERMINATED, S.REFUSED, S.WITHDRAWN, S.LEFT, S.LAPSED}
    assert not final & SEATED and OPEN < SEATED < LIVING


@pytest.mark.parametrize("day", [1, 15, 31])
def test_a_notice_ends_with_its_month(day: int) -> None:
    assert last_day(date(2026, 10, day), date(2027, 5, 31)) == date(2026, 10, 31)


def test_a_notice_never_outlives_the_enrollment_itself() -> None:
    assert last_day(date(2026, 10, 1), date(2026, 10, 20)) == date(2026, 10, 20)


def test_lessons_are_counted_by_weekday_from_the_first_day_to_the_last() -> None:
    assert count((TUESDAY, Lesson(4, time(15), time(16))), date(2026, 9, 1), date(2026, 9, 30)) == 9
    assert count((TUESDAY,), date(2026, 9, 1), date(2026, 9, 1)) == 1
    assert count((TUESDAY, TUESDAY), date(2026, 9, 1), date(2026, 9, 1)) == 2, "two lessons on one day"
    assert count((TUESDAY,), date(2026, 9, 2), date(2026, 9, 1)) == 0


def test_odd_and_even_weeks_take_turns() -> None:
    odd, even = (Lesson(2, time(15), time(16), weeks) for weeks in ("odd", "even"))
    assert not odd.falls_on(date(2026, 9, 1)) and even.falls_on(date(2026, 9, 1))  # week 36
    assert odd.falls_on(date(2026, 9, 8)) and not even.falls_on(date(2026, 9, 8))


def test_the_first_lesson_is_the_next_one_or_the_day_itself_where_no_timetable_is_known() -> None:
    assert first_lesson((TUESDAY,), date(2026, 9, 2), date(2027, 5, 31)) == date(2026, 9, 8)
    assert first_lesson((), date(2026, 9, 2), date(2027, 5, 31)) == date(2026, 9, 2)
    assert first_lesson((TUESDAY,), date(2026, 9, 2), date(2026, 9, 7)) == date(2026, 9, 2)
