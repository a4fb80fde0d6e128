"""The family's week, as a screen and as a file for a phone's calendar."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from sqlalchemy import select

from bot.domain.calendar import Span
from bot.domain.clashes import Course, clashes, escort_clashes, in_order
from bot.domain.enrollment import EnrollmentState
from bot.domain.family import MyChildren
from bot.domain.lessons import days, first_lesson
from bot.domain.messages import Actor, Command, Query
from bot.domain.week import LessonSeen, Meeting, MyWeek, WeekFile, WeekSeen
from bot.storage.courses import Attended, attended, escorted
from bot.storage.schema import cancelled_lessons
from bot.storage.tx import Doer, Reader, Tx
from bot.storage.week_file import written

WEEK = timedelta(days=6)


def my_week(tx: Tx, query: MyWeek, me: Actor) -> WeekSeen:
    """Four statements, however many children there are."""
    today = tx.today(me.municipality)
    children, this = tx.read(MyChildren(), me), _monday(today)
    courses = attended(tx, [each.id for each in children], this)
    monday = _monday(query.day) if query.day else _first_week(courses, this)
    week = Span(monday, monday + WEEK)
    here = [each for each in courses if each.course.days.overlaps(week)]
    off = _called_off(tx, here)
    return WeekSeen(
        monday,
        bool(monday.isocalendar()[1] % 2),
        tuple(sorted(_lessons(here, week, off), key=lambda one: (one.day, one.lesson.start, one.enrollment))),
        _meetings(tx, here, week, me),
        tuple(dict.fromkeys(each.course.program for each in here if not each.course.lessons)),
        monday > this,
        any(_has_lesson(each.course, week.stop + timedelta(days=1)) for each in courses),
        len(children),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _has_lesson(course: Course, since: date) -> bool:
    start = max(course.days.start, since)
    return any(lesson.falls_on(day) for lesson in course.lessons for day in days(start, _month_on(course, start)))


def _month_on(course: Course, start: date) -> date:
    """Four weeks from `start` on hold a lesson of every timetable, if the course has any then."""
    return min(course.days.stop, start + 4 * timedelta(days=7))


def _first_week(courses: Sequence[Attended], this: date) -> date:
    """This week, or the first one in which anybody has a lesson."""
    starts = [
        first_lesson(each.course.lessons, max(each.course.days.start, this), each.course.days.stop)
        for each in courses
        if _has_lesson(each.course, this)
    ]
    return _monday(min(starts, default=this))


def _called_off(tx: Tx, courses: Sequence[Attended]) -> Mapping[int, frozenset[str]]:
    """Enrollment → days, as 2026-10-06, on which the provider did not hold its lessons (R5.4)."""
    table = cancelled_lessons
    theirs = table.c.enrollment.in_([each.course.enrollment for each in courses])
    found: dict[int, frozenset[str]] = {}
    for row in tx.rows(select(table.c.enrollment, table.c.cause).where(theirs)):
        found[row.enrollment] = found.get(row.enrollment, frozenset()) | {row.cause}
    return found


def _lessons(here: Sequence[Attended], week: Span, off: Mapping[int, frozenset[str]]) -> Iterator[LessonSeen]:
    for each in here:
        course = each.course
        for day in days(max(week.start, course.days.start), min(week.stop, course.days.stop)):
            for lesson in course.lessons:
                if lesson.falls_on(day):
                    yield LessonSeen(
                        day,
                        course.child_name,
                        course.program,
                        lesson,
                        course.address,
                        course.enrollment,
                        each.state == EnrollmentState.ACTIVE,
                        day.isoformat() not in off.get(course.enrollment, frozenset()),
                    )


def _meetings(tx: Tx, here: Sequence[Attended], week: Span, me: Actor) -> tuple[Meeting, ...]:
    """What clashes in this week."""
    policy = tx.policy(me.municipality)
    brought = escorted(tx, policy, week.start, me)
    courses = [replace(each.course, days=_within(each.course.days, week)) for each in here]
    found = []
    for one, other in combinations(courses, 2):
        alike = one.child == other.child
        if alike or {one.child, other.child} <= brought:
            meet = clashes if alike else escort_clashes
            found += [
                (Meeting(one.child_name, one.program, each, alike)) for each in in_order(meet(policy, one, [other]))
            ]
    return tuple(sorted(found, key=lambda each: (each.clash.first, each.clash.lesson.start)))


def _within(course: Span, week: Span) -> Span:
    return Span(max(course.start, week.start), min(course.stop, week.stop))


def read_file(tx: Tx, query: WeekFile, me: Actor) -> str:
    return week_file(tx, me)


def week_file(tx: Tx, me: Actor, always: bool = False) -> str:
    """Every lesson from this week on; without any an empty text, or (`always`) a calendar without entries."""
    children = [each.id for each in tx.read(MyChildren(), me)]
    courses = attended(tx, children, _monday(tx.today(me.municipality)))
    told = [each for each in courses if each.course.lessons]
    if not told and not always:
        return ""
    return written([(each.course, tx.zone(each.municipality)) for each in told], _called_off(tx, told), tx.now)


READERS: dict[type[Query[Any]], Reader] = {MyWeek: my_week, WeekFile: read_file}
DOERS: dict[type[Command], Doer] = {}
