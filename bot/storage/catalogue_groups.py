"""A provider's groups: added, changed, put into the archive and taken out of it; and programs and modules with theirs (0039)."""

from typing import Any

from sqlalchemy import func, select

from bot.domain.catalogue_staff import (
    AddGroup,
    ArchiveGroup,
    ArchiveModule,
    ArchiveProgram,
    ChangeGroup,
    GroupSaved,
    GroupWritten,
    LearnersOutside,
    ModuleSaved,
    ProgramSaved,
    RestoreGroup,
    SeatsTaken,
    WrongField,
)
from bot.domain.enrollment import OPEN, EnrollmentState
from bot.domain.messages import Actor, Command, Fact, NotYours, Refusal
from bot.domain.provider import GroupDropped, TimetableChanged
from bot.storage.catalogue_staff import mine, own_id, save, wrong
from bot.storage.import_chunk import SEEN_BY_FAMILIES, enrolled
from bot.storage.past_timetable import keep
from bot.storage.schema import district, enrollment, group, lesson, module, program
from bot.storage.seats import words
from bot.storage.shelf import shelve
from bot.storage.tx import Doer, Tx

LESSON = ("weekday", "start", "stop", "weeks", "place")
LEARNING = words(OPEN | {EnrollmentState.ACTIVE})


def add_group(tx: Tx, command: AddGroup, me: Actor) -> Fact:
    row = mine(tx, "module", command.module, me)
    if row is None:
        return NotYours()
    if refusal := wrong(command.written) or _elsewhere(tx, command.written, row.municipality):
        return refusal
    made = tx.insert(group, module=row.id, external_id=own_id(tx), own=True, **_group(command.written))
    _teach(tx, made, command.written)
    shelve(tx, [row.program])
    return GroupSaved(made)


def change_group(tx: Tx, command: ChangeGroup, me: Actor) -> Fact:
    """Under the group's lock: seats never below those taken (R6.1), days never without those of whoever learns."""
    row = mine(tx, "group", command.group, me)
    if row is None:
        return NotYours()
    written = command.written
    if refusal := wrong(written) or _elsewhere(tx, written, row.municipality):
        return refusal
    if written.seats < row.taken:
        return SeatsTaken(row.taken)
    if refusal := _outside(tx, row.id, written):
        return refusal
    values = _group(written)
    before, now = _lessons(tx, row.id), _timetable(written)
    moved = sorted(before) != sorted(now) or any(values[name] != getattr(row, name) for name in SEEN_BY_FAMILIES)
    save(tx, group, row, values, lessons=(before, now))
    if sorted(before) != sorted(now):
        keep(tx, row.municipality, {row.id: before})
        tx.sql(lesson.delete().where(lesson.c.group == row.id))
        _teach(tx, row.id, written)
    learners = enrolled(tx, [row.id]) if moved else ()
    tx.tell(*(TimetableChanged(each.child, each.id) for each in learners))
    shelve(tx, [row.program])
    return GroupSaved(row.id, len(learners))


# --- the archive ------------------------------------------------------------------------------------------------------


def archive_program(tx: Tx, command: ArchiveProgram, me: Actor) -> Fact:
    """R6.13; those who wait for a group that is no more are told by the calendar."""
    row = mine(tx, "program", command.program, me)
    if row is None:
        return NotYours()
    _drop(tx, module.c.program == row.id, write=False)
    save(tx, program, row, {"state": "archived"})
    shelve(tx, [row.id])
    return ProgramSaved(row.id)


def archive_module(tx: Tx, command: ArchiveModule, me: Actor) -> Fact:
    row = mine(tx, "module", command.module, me)
    if row is None:
        return NotYours()
    _drop(tx, module.c.id == row.id)
    shelve(tx, [row.program])
    return ModuleSaved(row.id)


def archive_group(tx: Tx, command: ArchiveGroup, me: Actor) -> Fact:
    row = mine(tx, "group", command.group, me)
    if row is None:
        return NotYours()
    told = _drop(tx, group.c.id == row.id)
    shelve(tx, [row.program])
    return GroupSaved(row.id, told)


def restore(tx: Tx, command: RestoreGroup, me: Actor) -> Fact:
    row = mine(tx, "group", command.group, me)
    if row is None:
        return NotYours()
    save(tx, group, row, {"state": "active"})
    shelve(tx, [row.program])
    return GroupSaved(row.id)


# --- rows -------------------------------------------------------------------------------------------------------------


def _elsewhere(tx: Tx, written: GroupWritten, municipality: int) -> Refusal | None:
    """A district is one of the program's municipality."""
    its = tx.value(select(district.c.municipality).where(district.c.id == written.district))
    return WrongField("district") if written.district and its != municipality else None


def _outside(tx: Tx, number: int, written: GroupWritten) -> Refusal | None:
    """Whoever learns, or has asked to, keeps the days that were promised."""
    last = func.coalesce(enrollment.c.ends_on, enrollment.c.stop)
    theirs = enrollment.c.group == number, enrollment.c.state.in_(LEARNING)
    days = func.min(enrollment.c.start).label("first"), func.max(last).label("last")
    found = tx.sql(select(*days).where(*theirs)).one()
    if found.first is None or (written.start <= found.first and found.last <= written.stop):
        return None
    out = select(func.count()).where(*theirs, (enrollment.c.start < written.start) | (last > written.stop))
    return LearnersOutside(int(tx.value(out)), found.first, found.last)


def _drop(tx: Tx, *where: Any, write: bool = True) -> int:
    """These groups take nobody any more; how many families of enrolled children are told. Not `write`: their program says it."""
    inside = select(group).join(module, module.c.id == group.c.module).where(*where, group.c.state == "active")
    groups = tx.rows(inside.order_by(group.c.id).with_for_update(of=group))
    learners = enrolled(tx, [each.id for each in groups])
    tx.tell(*(GroupDropped(each.child, each.id) for each in learners))
    for each in groups if write else ():
        save(tx, group, each, {"state": "archived"})
    return len(learners)


def _group(written: GroupWritten) -> dict[str, Any]:
    return {
        "name": written.name,
        "district": written.district or None,
        "address": written.address,
        "teacher": written.teacher,
        "start": written.start,
        "stop": written.stop,
        "seats": written.seats,
        "is_open": written.is_open,
    }


def _timetable(written: GroupWritten) -> list[tuple[Any, ...]]:
    return [tuple(getattr(each, name) for name in LESSON) for each in written.timetable]


def _lessons(tx: Tx, number: int) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in tx.rows(select(*(lesson.c[name] for name in LESSON)).where(lesson.c.group == number))]


def _teach(tx: Tx, number: int, written: GroupWritten) -> None:
    rows = [{"group": number, **dict(zip(LESSON, each, strict=True))} for each in _timetable(written)]
    if rows:
        tx.sql(lesson.insert(), rows)


DOERS: dict[type[Command], Doer] = {
    AddGroup: add_group,
    ChangeGroup: change_group,
    ArchiveProgram: archive_program,
    ArchiveModule: archive_module,
    ArchiveGroup: archive_group,
    RestoreGroup: restore,
}
