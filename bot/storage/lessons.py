"""Lessons that a provider did not hold: the part of each child's month that they were worth returns (R5.4)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from bot.domain.calendar import Month
from bot.domain.enrollment import CancelLessons, EnrollmentState
from bot.domain.enrollment_facts import LessonsCancelled
from bot.domain.enrollment_refusals import NoSuchLessons
from bot.domain.lessons import Timetables
from bot.domain.messages import Actor, Command, Fact, NotYours
from bot.domain.money import ZERO
from bot.storage.enrollment_ends import holding
from bot.storage.ledger import refund_lessons
from bot.storage.past_timetable import timetables
from bot.storage.schema import cancelled_lessons, enrollment, group, module, program
from bot.storage.seats import staff, words
from bot.storage.tx import Doer, Tx

LEARNED = words({EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.TERMINATED})


def cancel(tx: Tx, command: CancelLessons, me: Actor) -> Fact:
    """By days from the timetable as it was on each, or by both numbers where there is none; the same days or cause count once."""
    found = tx.row(
        select(program.c.provider, program.c.municipality)
        .join(module, module.c.program == program.c.id)
        .join(group, group.c.module == module.c.id)
        .where(group.c.id == command.group)
    )
    if found is None or not staff(me, found):
        return NotYours()
    lessons = timetables(tx, command.group)
    children, amount = 0, ZERO
    learned = [enrollment.c.group == command.group, enrollment.c.state.in_(LEARNED)]
    if command.enrollment:
        learned.append(enrollment.c.id == command.enrollment)
    for row in holding(tx, *learned):
        months = _by_days(tx, row, lessons, command.days) if command.days else _by_numbers(tx, row, command)
        children += bool(months)
        amount += sum((refund_lessons(tx, row.id, month) for month in months), ZERO)
    return LessonsCancelled(command.group, children, amount) if children else NoSuchLessons(command.group)


def _by_days(tx: Tx, row: Row[Any], lessons: Timetables, days: tuple[date, ...]) -> set[Month]:
    """Enter the cancelled days among those of the child; the months that got something new."""
    last = row.ends_on or row.stop
    months = set()
    for day in days:
        held_not = lessons.on(day) if row.start <= day <= last else 0
        month = Month.of(day)
        if not held_not:
            continue
        planned = _planned(tx, row, lessons, month)
        if _enter(tx, row.id, month, min(held_not, planned), planned, day.isoformat()):
            months.add(month)
    return months


def _by_numbers(tx: Tx, row: Row[Any], command: CancelLessons) -> set[Month]:
    """Enter the provider's own numbers for a month of the child."""
    month, last = command.month, row.ends_on or row.stop
    if (
        month is None
        or not 0 < command.cancelled <= command.planned
        or not (row.start <= month.last and month.first <= last)
    ):
        return set()
    return {month} if _enter(tx, row.id, month, command.cancelled, command.planned, command.cause) else set()


def _planned(tx: Tx, row: Row[Any], lessons: Timetables, month: Month) -> int:
    """The child's lessons of the month: as they were when the first of them was cancelled, else from the timetable at its start."""
    table = cancelled_lessons
    before = tx.value(select(table.c.planned).where(table.c.enrollment == row.id, table.c.month == str(month)))
    return before or lessons.planned(max(row.start, month.first), min(row.ends_on or row.stop, month.last))


def _enter(tx: Tx, enrollment_id: int, month: Month, cancelled: int, planned: int, cause: str) -> bool:
    table = cancelled_lessons
    mine = table.c.enrollment == enrollment_id, table.c.month == str(month)
    if tx.row(select(table.c.id).where(*mine, table.c.cause == cause)):
        return False
    tx.insert(
        table, enrollment=enrollment_id, month=str(month), planned=planned, cancelled=cancelled, cause=cause, at=tx.now
    )
    return True


def cancelled_by_month(tx: Tx, enrollment_id: int) -> Mapping[Month, tuple[int, int]]:
    """Month → (cancelled, planned) lessons of an enrollment; the family's part shrinks by them (R4.9)."""
    return cancelled_of(tx, [enrollment_id]).get(enrollment_id, {})


def cancelled_of(tx: Tx, enrollment_ids: Collection[int]) -> Mapping[int, Mapping[Month, tuple[int, int]]]:
    """The same of many, those with none left out."""
    table = cancelled_lessons
    rows = tx.rows(select(table).where(table.c.enrollment.in_(enrollment_ids)).order_by(table.c.id))
    found: dict[int, dict[Month, tuple[int, int]]] = {}
    for row in rows:
        sums, month = found.setdefault(row.enrollment, {}), Month.parse(row.month)
        sums[month] = (min(sums.get(month, (0, 0))[0] + row.cancelled, row.planned), row.planned)
    return found


DOERS: dict[type[Command], Doer] = {CancelLessons: cancel}
