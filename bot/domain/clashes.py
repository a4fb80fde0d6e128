"""Lessons side by side: what one child cannot come to, and what one adult cannot bring several children to."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.domain.calendar import Span
from bot.domain.lessons import Lesson, days
from bot.domain.policy import Policy

FOUR_WEEKS = timedelta(weeks=4)
"""Long enough for two lessons to meet: two odd weeks may follow each other, two even ones stand three weeks apart at most."""


@dataclass(frozen=True)
class Course:
    """A child's lessons in one group, from the first day to the last. District 0, an empty address: nobody has said."""

    child: int
    days: Span
    lessons: tuple[Lesson, ...]
    district: int = 0
    address: str = ""
    child_name: str = ""
    program: str = ""
    enrollment: int = 0
    """0: it is only thought of."""


@dataclass(frozen=True)
class Clash:
    """A lesson beside another one that stands in its way; `minutes` are needed from the one to the other."""

    lesson: Lesson
    other: Lesson
    course: Course
    """The other's."""
    first: date
    """The first day on which they meet."""
    minutes: int = 0


def on_the_way(policy: Policy, one: Course, other: Course) -> int:
    """Minutes from one place to the other; 0 where it is the same, or nobody has said."""
    if one.district and other.district and one.district != other.district:
        return policy.travel_minutes
    apart = one.address and other.address and _plain(one.address) != _plain(other.address)
    return policy.walk_minutes if apart else 0


def clashes(policy: Policy, wanted: Course, others: Iterable[Course]) -> Iterator[Clash]:
    """Lessons of the same child that overlap, or leave no time for the way between them."""
    for other in others:
        minutes = on_the_way(policy, wanted, other)
        yield from _meeting(wanted, other, minutes, _too_close)


def escort_clashes(policy: Policy, wanted: Course, others: Iterable[Course]) -> Iterator[Clash]:
    """Lessons of brothers and sisters to which one adult cannot bring both, or from which not fetch both.

    The adult is needed where a lesson begins and where it ends; to one place all go together.
    """
    for other in others:
        if minutes := on_the_way(policy, wanted, other):
            yield from _meeting(wanted, other, minutes, _torn)


def in_order(found: Iterable[Clash]) -> tuple[Clash, ...]:
    """The soonest first."""
    return tuple(sorted(found, key=lambda clash: (clash.first, clash.lesson.start, clash.course.enrollment)))


def _meeting(one: Course, other: Course, minutes: int, close: Callable[[Lesson, Lesson, int], bool]) -> Iterator[Clash]:
    if not one.days.overlaps(other.days):
        return
    start, stop = max(one.days.start, other.days.start), min(one.days.stop, other.days.stop)
    for lesson in one.lessons:
        for beside in other.lessons:
            if lesson.weekday == beside.weekday and close(lesson, beside, minutes):
                both = (day for day in days(start, min(stop, start + FOUR_WEEKS)) if _on(lesson, beside, day))
                if (first := next(both, None)) is not None:
                    yield Clash(lesson, beside, other, first, minutes)


def _on(one: Lesson, other: Lesson, day: date) -> bool:
    return one.falls_on(day) and other.falls_on(day)


def _too_close(one: Lesson, other: Lesson, minutes: int) -> bool:
    return _minute(one.start) < _minute(other.stop) + minutes and _minute(other.start) < _minute(one.stop) + minutes


def _torn(one: Lesson, other: Lesson, minutes: int) -> bool:
    mine, theirs = (one.start, one.stop), (other.start, other.stop)
    return any(abs(_minute(here) - _minute(there)) < minutes for here in mine for there in theirs)


def _minute(at: time) -> int:
    return 60 * at.hour + at.minute


def _plain(address: str) -> str:
    return " ".join(address.casefold().replace("ё", "е").split())
