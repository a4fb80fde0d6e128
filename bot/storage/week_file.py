"""Lessons as iCalendar (RFC 5545): a weekly rule each, every other week day by day, days that were called off left out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.clashes import Course
from bot.domain.lessons import Lesson, days

YEAR = timedelta(days=366)
REFRESH = timedelta(hours=6)
"""How often a calendar that subscribed may look again."""


def written(courses: Sequence[tuple[Course, str]], off: Mapping[int, frozenset[str]], now: datetime) -> str:
    """Courses with their zones. First names and nothing else of a child.

    Calendars know «every second week», but the calendar's odd weeks are another thing: two of them follow each other when a year
    has 53, so those days are listed one by one.
    """
    from icalendar import Calendar  # a fifteenth of the start, for what few ask for

    calendar = Calendar()
    calendar.add("prodid", "-//Kruzhok//Week//RU")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for course, zone in courses:
        for number, lesson in enumerate(course.lessons):
            skipped = off.get(course.enrollment, frozenset())
            for entry in _entry(course, lesson, number, ZoneInfo(zone), skipped, now):
                calendar.add_component(entry)
    calendar.add_missing_timezones(first_date=now.date() - YEAR, last_date=now.date() + 2 * YEAR)
    text: bytes = calendar.to_ical()
    return text.decode()


def _entry(
    course: Course, lesson: Lesson, number: int, zone: ZoneInfo, off: frozenset[str], now: datetime
) -> Iterator[Any]:
    from icalendar import Event

    fall = [day for day in days(course.days.start, course.days.stop) if lesson.falls_on(day)]
    if not fall:
        return
    entry = Event()
    entry.add("uid", f"lesson-{course.enrollment}-{number}@kruzhok")
    entry.add("dtstamp", now)
    entry.add("summary", f"{course.child_name}: {course.program}" if course.child_name else course.program)
    entry.add("dtstart", _at(fall[0], lesson.start, zone))
    entry.add("dtend", _at(fall[0], lesson.stop, zone))
    place = ", ".join(part for part in (course.address, lesson.place) if part)
    if place:
        entry.add("location", place)
    if lesson.weeks == "every":
        entry.add("rrule", {"freq": "weekly", "until": _at(fall[-1], lesson.start, zone).astimezone(UTC)})
    elif fall[1:]:
        entry.add("rdate", [_at(day, lesson.start, zone) for day in fall[1:]])
    called_off = [_at(day, lesson.start, zone) for day in fall if day.isoformat() in off]
    if called_off:
        entry.add("exdate", called_off)
    yield entry


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)
