"""Who has lessons where: the living enrollments of children with their timetables, and what a new one would clash with."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from bot.domain.calendar import Span, age_on
from bot.domain.clashes import Clash, Course, clashes, escort_clashes, in_order
from bot.domain.enrollment import OPEN, EnrollmentState
from bot.domain.family import MyChildren, Rights
from bot.domain.lessons import Lesson
from bot.domain.messages import Actor
from bot.domain.policy import Policy
from bot.storage.schema import child, enrollment, group, lesson, module, program
from bot.storage.seats import words
from bot.storage.tx import Tx

ATTENDED = words({*OPEN, EnrollmentState.ACTIVE})
"""A child goes there, or will as soon as it is settled; a place in a queue has no days yet."""


@dataclass(frozen=True)
class Attended:
    """A course with what is beside it in the tables."""

    course: Course
    group: int
    state: str
    municipality: int
    """The program's: timetables go by its zone (R1.2)."""


def timetables(tx: Tx, groups: Collection[int]) -> Mapping[int, tuple[Lesson, ...]]:
    """Group → its lessons in the order of the week; an empty timetable for the others."""
    found: defaultdict[int, tuple[Lesson, ...]] = defaultdict(tuple)
    rows = tx.rows(select(lesson).where(lesson.c.group.in_(groups)).order_by(lesson.c.weekday, lesson.c.start))
    for row in rows:
        found[row.group] += (Lesson(row.weekday, row.start, row.stop, row.weeks, row.place),)
    return found


def attended(tx: Tx, children: Collection[int], since: date) -> list[Attended]:
    """The courses of these children that are not over on that day. Two statements."""
    rows = tx.rows(
        select(
            enrollment,
            child.c.first_name,
            program.c.name.label("program_name"),
            program.c.municipality,
            group.c.address,
            group.c.district,
        )
        .join(child, child.c.id == enrollment.c.child)
        .join(module, module.c.id == enrollment.c.module)
        .join(program, program.c.id == module.c.program)
        .join(group, group.c.id == enrollment.c.group)
        .where(
            enrollment.c.child.in_(children),
            enrollment.c.state.in_(ATTENDED),
            enrollment.c.start.is_not(None),
            func.coalesce(enrollment.c.ends_on, enrollment.c.stop) >= since,
        )
        .order_by(enrollment.c.id)
    )
    told = timetables(tx, {row.group for row in rows})
    return [
        Attended(
            Course(
                row.child,
                Span(row.start, max(row.start, row.ends_on or row.stop)),
                told[row.group],
                row.district or 0,
                row.address,
                row.first_name or "",
                row.program_name,
                row.id,
            ),
            row.group,
            row.state,
            row.municipality,
        )
        for row in rows
    ]


def clashes_of_child(tx: Tx, policy: Policy, wanted: Course, but: Collection[int] = ()) -> tuple[Clash, ...]:
    """What else the child has at that time; `but`: enrollments whose place this one takes."""
    others = [each.course for each in attended(tx, [wanted.child], wanted.days.start)]
    return in_order(clashes(policy, wanted, (course for course in others if course.enrollment not in but)))


def clashes_for_escort(tx: Tx, policy: Policy, wanted: Course, me: Actor) -> tuple[Clash, ...]:
    """What the guardian who asks brings the others to at that time."""
    return in_order(escort_clashes(policy, wanted, beside(tx, policy, wanted.child, wanted.days.start, me)))


def beside(tx: Tx, policy: Policy, child_id: int, day: date, me: Actor) -> Sequence[Course]:
    """Courses of the brothers and sisters whom `me` brings; none for a child that goes alone."""
    brought = escorted(tx, policy, day, me)
    if child_id not in brought:
        return ()
    return [each.course for each in attended(tx, brought - {child_id}, day)]


def escorted(tx: Tx, policy: Policy, day: date, me: Actor) -> set[int]:
    """My children who do not go to lessons alone yet."""
    mine = (each for each in tx.read(MyChildren(), me) if each.rights is Rights.FULL)
    return {each.id for each in mine if age_on(each.birth_date, day) < policy.alone_from_age}
