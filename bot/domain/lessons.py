"""A group's timetable as days: the first lesson to come to, the lessons planned for a child in a month (R5.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from bot.domain.calendar import DAY

Weeks = Literal["every", "odd", "even"]


@dataclass(frozen=True)
class Lesson:
    """One lesson a week, or every other week; `weekday` 1 is Monday, weeks are numbered as the calendar does (ISO 8601)."""

    weekday: int
    start: time
    stop: time
    weeks: Weeks = "every"
    place: str = ""

    def falls_on(self, day: date) -> bool:
        week, weekday = day.isocalendar()[1:]
        return weekday == self.weekday and (self.weeks == "every" or (self.weeks == "odd") == bool(week % 2))


def days(start: date, stop: date) -> Iterator[date]:
    """Each day from start to stop, both included; none if start > stop."""
    while start <= stop:
        yield start
        start += DAY


def count(timetable: tuple[Lesson, ...], start: date, stop: date) -> int:
    """How many lessons fall on the days from start to stop, both included."""
    return sum(lesson.falls_on(day) for day in days(start, stop) for lesson in timetable)


def first_lesson(timetable: tuple[Lesson, ...], start: date, stop: date) -> date:
    """The first day with a lesson; `start` itself where the timetable is not known or has none on these days."""
    return next((day for day in days(start, stop) if count(timetable, day, day)), start)


@dataclass(frozen=True)
class Timetables:
    """A group's timetable through its changes. `past`: each with the day from which the next one holds, the first first."""

    present: tuple[Lesson, ...]
    past: tuple[tuple[date, tuple[Lesson, ...]], ...] = ()

    def on(self, day: date) -> int:
        """How many lessons that day has."""
        return count(self._holding(day), day, day)

    def planned(self, start: date, stop: date) -> int:
        """The lessons from start to stop as they stood at the start (R5.4); where none did, as they first were after."""
        counts = (count(self._holding(day), start, stop) for day in days(start, stop))
        return next(filter(None, counts), 0)

    def _holding(self, day: date) -> tuple[Lesson, ...]:
        return next((lessons for until, lessons in self.past if day < until), self.present)
