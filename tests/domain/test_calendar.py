"""Months, ages, working days and local time (R4.4, R8)."""

import json
from datetime import UTC, date, datetime, time
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import (
    Month,
    ProductionCalendar,
    Span,
    YearDays,
    age_on,
    birthday,
    local_date,
    local_midnight,
    months,
    parse_year,
    quiet_until,
)

MOSCOW, KAMCHATKA, KALININGRAD = "Europe/Moscow", "Asia/Kamchatka", "Europe/Kaliningrad"
PUBLISHED = {
    year: parse_year(json.loads((files("bot") / f"data/calendar/{year}.json").read_text("utf-8")))
    for year in (2025, 2026)
}
CALENDAR = ProductionCalendar(PUBLISHED)


def test_a_month_knows_its_days_and_its_neighbours():
    december = Month.of(date(2026, 12, 31))
    assert (december.first, december.last) == (date(2026, 12, 1), date(2026, 12, 31))
    assert (december.next, december.previous) == (Month(2027, 1), Month(2026, 11))
    assert Month(2027, 1).previous == december < Month(2027, 1)
    assert Month(2028, 2).last == date(2028, 2, 29)


@given(st.dates())
def test_a_month_reads_what_it_writes(day):
    assert Month.parse(str(Month.of(day))) == Month.of(day)


@pytest.mark.parametrize("text", ["2026-13", "2026-9", "202609", "2026-09-01", "", "сентябрь"])
def test_a_month_written_in_another_way_is_refused(text):
    with pytest.raises(ValueError):
        Month.parse(text)


def test_months_are_those_that_the_days_touch():
    assert months(date(2026, 11, 30), date(2027, 1, 1)) == (Month(2026, 11), Month(2026, 12), Month(2027, 1))
    assert months(date(2026, 9, 30), date(2026, 9, 30)) == (Month(2026, 9),)
    with pytest.raises(ValueError):
        months(date(2026, 9, 2), date(2026, 9, 1))


def test_a_span_includes_both_its_ends():
    autumn = Span(date(2026, 9, 1), date(2026, 11, 30))
    assert autumn.days == 91
    assert date(2026, 9, 1) in autumn and date(2026, 11, 30) in autumn
    assert date(2026, 8, 31) not in autumn and date(2026, 12, 1) not in autumn
    assert autumn.overlaps(Span(date(2026, 11, 30), date(2026, 12, 31)))
    assert not autumn.overlaps(Span(date(2026, 12, 1), date(2026, 12, 31)))


def test_a_span_of_one_day_is_a_day_and_a_span_backwards_is_refused():
    assert Span(date(2026, 9, 1), date(2026, 9, 1)).days == 1
    with pytest.raises(ValueError):
        Span(date(2026, 9, 2), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2018, 9, 2), date(2026, 9, 1), 7),
        (date(2018, 9, 1), date(2026, 9, 1), 8),
        (date(2020, 2, 29), date(2025, 2, 28), 4),
        (date(2020, 2, 29), date(2025, 3, 1), 5),
        (date(2020, 2, 29), date(2028, 2, 28), 7),
        (date(2020, 2, 29), date(2028, 2, 29), 8),
        (date(2026, 9, 2), date(2026, 9, 1), -1),
    ],
)
def test_an_age_counts_full_years_and_29_february_turns_on_1_march(birth, day, age):
    """R8.4."""
    assert age_on(birth, day) == age


def test_the_18th_birthday_of_29_february():
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), 20) == date(2028, 2, 29)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_published_years_have_247_working_days(year):
    """Both official calendars count 247; a forgotten transfer would show here."""
    days = (date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()))
    assert sum(map(CALENDAR.is_working, days)) == 247


def test_a_published_year_follows_its_transfers():
    assert CALENDAR.is_working(date(2025, 11, 1)), "a Saturday that works for 3 November"
    assert not CALENDAR.is_working(date(2026, 1, 9))
    assert not CALENDAR.is_working(date(2026, 12, 31))
    assert CALENDAR.is_working(date(2026, 1, 12))


def test_an_unpublished_year_has_weekends_and_the_holidays_of_the_labour_code():
    """R8.3: nothing is moved until the year is published."""
    assert CALENDAR.published(2026) and not CALENDAR.published(2027)
    assert not CALENDAR.is_working(date(2027, 1, 8)), "a holiday"
    assert not CALENDAR.is_working(date(2027, 5, 8)), "a Saturday"
    assert not CALENDAR.is_working(date(2027, 11, 4)), "a holiday on a Thursday"
    assert CALENDAR.is_working(date(2027, 5, 10)), "a Monday after a holiday on a Sunday"


def test_three_working_days_after_a_friday_end_on_wednesday():
    assert CALENDAR.add_working_days(date(2026, 9, 4), 3) == date(2026, 9, 9)
    assert CALENDAR.subtract_working_days(date(2026, 9, 9), 3) == date(2026, 9, 4)


def test_working_days_step_over_the_new_year():
    assert CALENDAR.add_working_days(date(2025, 12, 30), 1) == date(2026, 1, 12)
    assert CALENDAR.subtract_working_days(date(2026, 1, 12), 1) == date(2025, 12, 30)


def test_no_working_days_stay_where_they_are_and_negative_ones_are_refused():
    assert CALENDAR.add_working_days(date(2026, 9, 5), 0) == date(2026, 9, 5)
    with pytest.raises(ValueError):
        CALENDAR.add_working_days(date(2026, 9, 5), -1)


def test_a_calendar_file_is_read():
    document = {"year": 2025, "source": "…", "off": ["2025-01-01"], "worked": ["2025-11-01"]}
    assert parse_year(document) == YearDays(2025, frozenset({date(2025, 1, 1)}), frozenset({date(2025, 11, 1)}))


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"off": [], "worked": []}, "year"),
        ({"year": 2026, "off": []}, "worked"),
        ({"year": 2026, "off": [20260101], "worked": []}, "off"),
        ({"year": 2026, "off": ["01.01.2026"], "worked": []}, "off"),
        ({"year": 2026, "off": ["2025-01-01"], "worked": []}, "not in 2026"),
        ({"year": 2026, "off": ["2026-01-03"], "worked": []}, "2026-01-03"),
        ({"year": 2026, "off": [], "worked": ["2026-01-12"]}, "2026-01-12"),
        ({"year": 2026, "off": [], "worked": [], "holidays": []}, "holidays"),
    ],
)
def test_a_wrong_calendar_file_is_refused_by_name(document, named):
    with pytest.raises(ValueError, match=named):
        parse_year(document)


def test_the_same_instant_is_another_day_in_the_east():
    """R8.1."""
    evening = datetime(2026, 8, 31, 21, 30, tzinfo=UTC)
    assert local_date(evening, KALININGRAD) == date(2026, 8, 31)
    assert local_date(evening, MOSCOW) == local_date(evening, KAMCHATKA) == date(2026, 9, 1)


def test_a_day_begins_at_local_midnight():
    assert local_midnight(date(2026, 9, 1), KAMCHATKA) == datetime(2026, 8, 31, 12, tzinfo=UTC)
    assert local_midnight(date(2026, 9, 1), MOSCOW) == datetime(2026, 8, 31, 21, tzinfo=UTC)


def test_a_time_without_a_zone_is_not_an_instant():
    with pytest.raises(ValueError):
        local_date(datetime(2026, 9, 1), MOSCOW)


def moscow(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour - 3, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (moscow(1, 20, 59), None),
        (moscow(1, 21), moscow(2, 9)),
        (moscow(1, 23, 59), moscow(2, 9)),
        (moscow(2, 3), moscow(2, 9)),
        (moscow(2, 8, 59), moscow(2, 9)),
        (moscow(2, 9), None),
    ],
)
def test_pushes_wait_from_nine_in_the_evening_to_nine_in_the_morning(now, until):
    """R8.2."""
    assert quiet_until(now, MOSCOW, time(21), time(9)) == until


@pytest.mark.parametrize(
    ("now", "until"), [(moscow(1, 12), None), (moscow(1, 13), moscow(1, 15)), (moscow(1, 15), None)]
)
def test_quiet_hours_may_lie_inside_a_day(now, until):
    assert quiet_until(now, MOSCOW, time(13), time(15)) == until


def test_equal_times_are_never_quiet():
    assert quiet_until(moscow(1, 12), MOSCOW, time(12), time(12)) is None
