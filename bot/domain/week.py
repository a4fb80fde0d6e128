"""The family's week: whose lessons fall on which day, where, and what clashes; as a screen and as a file for a calendar."""

from dataclasses import dataclass
from datetime import date

from bot.domain.clashes import Clash
from bot.domain.lessons import Lesson
from bot.domain.messages import Query


@dataclass(frozen=True)
class LessonSeen:
    """One child's lesson on a day. `settled`: the contract stands; `held`: the provider has not called it off (R5.4)."""

    day: date
    child_name: str
    program: str
    lesson: Lesson
    address: str
    enrollment: int
    settled: bool = True
    held: bool = True


@dataclass(frozen=True)
class Meeting:
    """Two lessons of the family that clash: of one child, or of two whom one adult brings."""

    child_name: str
    program: str
    clash: Clash
    one_child: bool


@dataclass(frozen=True)
class WeekSeen:
    """Seven days from `monday`. `unknown`: programs whose timetable nobody has told; `later`: lessons come after this week."""

    monday: date
    odd: bool
    lessons: tuple[LessonSeen, ...]
    meetings: tuple[Meeting, ...] = ()
    unknown: tuple[str, ...] = ()
    earlier: bool = False
    later: bool = False
    children: int = 1


@dataclass(frozen=True)
class MyWeek(Query[WeekSeen]):
    """The week of all my children that has this day; none: this week, or the first one with lessons."""

    day: date | None = None


@dataclass(frozen=True)
class WeekFile(Query[str]):
    """The coming lessons of all my children as iCalendar (RFC 5545), first names only; empty: there are none."""
