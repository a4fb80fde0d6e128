"""A provider changes its own catalogue, the municipality decides about its registry (0039); the search follows at once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, func, select

from bot.domain.catalogue import Registry
from bot.domain.catalogue_staff import (
    AddGroup,
    AddModule,
    ArchiveGroup,
    ArchiveModule,
    ArchiveProgram,
    ChangeGroup,
    ChangeModule,
    ChangeProgram,
    DecideProgram,
    GroupSaved,
    GroupWritten,
    LearnersOutside,
    ModuleSaved,
    ModuleWritten,
    NormativeNeeded,
    NotProposed,
    Part,
    ProgramDecided,
    ProgramSaved,
    ProgramWritten,
    ProposeProgram,
    RegistryDecides,
    RestoreGroup,
    SeatsTaken,
    SetNormative,
    WrongField,
)
from bot.domain.enrollment import OPEN, EnrollmentState
from bot.domain.messages import Actor, Command, Fact, NotYours, Query, Refusal
from bot.domain.money import Money
from bot.domain.provider import GroupDropped, TimetableChanged
from bot.storage import catalogue_work
from bot.storage.catalogue_edits import LESSONS, edited
from bot.storage.catalogue_work import part
from bot.storage.desk import Doer, Reader, Tx
from bot.storage.import_chunk import SEEN_BY_FAMILIES, enrolled
from bot.storage.people import runs
from bot.storage.schema import district, enrollment, group, lesson, module, program, provider
from bot.storage.seats import lock_groups, words
from bot.storage.shelf import shelve
from bot.storage.stems import index, weighed

LESSON = ("weekday", "start", "stop", "weeks", "place")
IN_REGISTRY = ("name", "registry", "direction", "age_min", "age_max", "disability")
LEARNING = words(OPEN | {EnrollmentState.ACTIVE})


# --- programs ---------------------------------------------------------------------------------------------------------


def propose(tx: Tx, command: ProposeProgram, me: Actor) -> Fact:
    home = tx.value(select(provider.c.municipality).where(provider.c.id == me.provider))
    if me.role != "provider" or home is None:
        return NotYours()
    if refusal := _wrong(command.written):
        return refusal
    its = {"provider": me.provider, "municipality": home, "external_id": _own_id(tx), "own": True, "state": "proposed"}
    return ProgramSaved(tx.insert(program, **its, **_program(command.written)))


def change_program(tx: Tx, command: ChangeProgram, me: Actor) -> Fact:
    row = _mine(tx, "program", command.program, me)
    if row is None:
        return NotYours()
    if refusal := _wrong(command.written):
        return refusal
    values = _program(command.written)
    if (
        me.role == "provider"
        and row.state == "active"
        and any(values[name] != getattr(row, name) for name in IN_REGISTRY)
    ):
        return RegistryDecides(row.id)
    anew = {"state": "proposed"} if row.state in ("returned", "archived") else {}
    _save(tx, program, row, {**values, **anew})
    _found(tx, row.id)
    return ProgramSaved(row.id)


def decide_program(tx: Tx, command: DecideProgram, me: Actor) -> Fact:
    row = part(tx, "program", command.program)
    if row is None or not runs(me, row.municipality):
        return NotYours()
    if row.state != "proposed":
        return NotProposed(row.id)
    if command.registry is None and not command.words.strip():
        return WrongField("words")
    taken = {"state": "active", "registry": command.registry.value} if command.registry else {"state": "returned"}
    _save(tx, program, row, taken)
    tx.sql(program.update().where(program.c.id == row.id).values(returned_words=command.words.strip() or None))
    _found(tx, row.id)
    return ProgramDecided(row.id, command.registry is not None)


# --- modules ----------------------------------------------------------------------------------------------------------


def add_module(tx: Tx, command: AddModule, me: Actor) -> Fact:
    row = _mine(tx, "program", command.program, me)
    if row is None:
        return NotYours()
    if refusal := _wrong(command.written):
        return refusal
    if command.written.price and row.registry == Registry.CERTIFIED and row.state == "active" and me.role == "provider":
        return NormativeNeeded(0)
    made = tx.insert(module, program=row.id, external_id=_own_id(tx), **_module(command.written))
    return ModuleSaved(made)


def change_module(tx: Tx, command: ChangeModule, me: Actor) -> Fact:
    """R6.10: an enrollment has its price in its own row."""
    row = _mine(tx, "module", command.module, me)
    if row is None:
        return NotYours()
    if refusal := _wrong(command.written):
        return refusal
    values = _module(command.written)
    rises = (values["price"] or 0) > (row.price or 0)
    uncapped = row.registry == Registry.CERTIFIED and row.program_state == "active" and row.normative is None
    if rises and uncapped and me.role == "provider":
        return NormativeNeeded(row.id)
    _save(tx, module, row, values)
    shelve(tx, [row.program])
    return ModuleSaved(row.id)


def set_normative(tx: Tx, command: SetNormative, me: Actor) -> Fact:
    row = part(tx, "module", command.module)
    if row is None or not runs(me, row.municipality):
        return NotYours()
    amount = command.normative
    if amount is not None and amount < Money(0):
        return WrongField("price")
    _save(tx, module, row, {"normative": amount.kopecks if amount is not None else None})
    shelve(tx, [row.program])
    return ModuleSaved(row.id)


# --- groups -----------------------------------------------------------------------------------------------------------


def add_group(tx: Tx, command: AddGroup, me: Actor) -> Fact:
    row = _mine(tx, "module", command.module, me)
    if row is None:
        return NotYours()
    if refusal := _wrong(command.written) or _elsewhere(tx, command.written, row.municipality):
        return refusal
    made = tx.insert(group, module=row.id, external_id=_own_id(tx), own=True, **_group(command.written))
    _teach(tx, made, command.written)
    shelve(tx, [row.program])
    return GroupSaved(made)


def change_group(tx: Tx, command: ChangeGroup, me: Actor) -> Fact:
    """Under the group's lock: seats never below those taken (R6.1), days never without those of whoever learns."""
    lock_groups(tx, command.group)
    row = _mine(tx, "group", command.group, me)
    if row is None:
        return NotYours()
    written = command.written
    if refusal := _wrong(written) or _elsewhere(tx, written, row.municipality):
        return refusal
    if written.seats < row.taken:
        return SeatsTaken(row.taken)
    if refusal := _outside(tx, row.id, written):
        return refusal
    values = _group(written)
    before, now = _lessons(tx, row.id), _timetable(written)
    moved = sorted(before) != sorted(now) or any(values[name] != getattr(row, name) for name in SEEN_BY_FAMILIES)
    _save(tx, group, row, values, lessons=(before, now))
    if sorted(before) != sorted(now):
        tx.sql(lesson.delete().where(lesson.c.group == row.id))
        _teach(tx, row.id, written)
    learners = enrolled(tx, [row.id]) if moved else ()
    tx.tell(*(TimetableChanged(each.child, each.id) for each in learners))
    shelve(tx, [row.program])
    return GroupSaved(row.id, len(learners))


# --- the archive ------------------------------------------------------------------------------------------------------


def archive_program(tx: Tx, command: ArchiveProgram, me: Actor) -> Fact:
    """R6.13; those who wait for a group that is no more are told by the calendar."""
    row = _mine(tx, "program", command.program, me)
    if row is None:
        return NotYours()
    _drop(tx, module.c.program == row.id, write=False)
    _save(tx, program, row, {"state": "archived"})
    shelve(tx, [row.id])
    return ProgramSaved(row.id)


def archive_module(tx: Tx, command: ArchiveModule, me: Actor) -> Fact:
    row = _mine(tx, "module", command.module, me)
    if row is None:
        return NotYours()
    _drop(tx, module.c.id == row.id)
    shelve(tx, [row.program])
    return ModuleSaved(row.id)


def archive_group(tx: Tx, command: ArchiveGroup, me: Actor) -> Fact:
    row = _mine(tx, "group", command.group, me)
    if row is None:
        return NotYours()
    told = _drop(tx, group.c.id == row.id)
    shelve(tx, [row.program])
    return GroupSaved(row.id, told)


def restore(tx: Tx, command: RestoreGroup, me: Actor) -> Fact:
    row = _mine(tx, "group", command.group, me)
    if row is None:
        return NotYours()
    _save(tx, group, row, {"state": "active"})
    shelve(tx, [row.program])
    return GroupSaved(row.id)


# --- rows -------------------------------------------------------------------------------------------------------------


def _mine(tx: Tx, kind: Part, number: int, me: Actor) -> Row[Any] | None:
    """A part of the provider's own catalogue, or of the operator's municipality's."""
    row = part(tx, kind, number)
    own = row is not None and me.role == "provider" and row.provider == me.provider
    return row if row is not None and (own or runs(me, row.municipality)) else None


def _wrong(written: ProgramWritten | ModuleWritten | GroupWritten) -> Refusal | None:
    what = next(written.wrong(), "")
    return WrongField(what) if what else None


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


def _save(tx: Tx, table: Any, row: Row[Any], values: Mapping[str, Any], lessons: tuple[Any, Any] = ((), ())) -> None:
    """The row's new values; a registry's row remembers what its file told before. `lessons`: a group's before and now."""
    before = {name: getattr(row, name) for name in values} | {LESSONS: lessons[0]}
    now = {**values, LESSONS: lessons[1]}
    tx.sql(table.update().where(table.c.id == row.id).values(**values, edited=edited(row, now, before)))


def _drop(tx: Tx, *where: Any, write: bool = True) -> int:
    """These groups take nobody any more; how many families of enrolled children are told. Not `write`: their program says it."""
    inside = select(group).join(module, module.c.id == group.c.module).where(*where, group.c.state == "active")
    groups = tx.rows(inside.order_by(group.c.id).with_for_update(of=group))
    learners = enrolled(tx, [each.id for each in groups])
    tx.tell(*(GroupDropped(each.child, each.id) for each in learners))
    for each in groups if write else ():
        _save(tx, group, each, {"state": "archived"})
    return len(learners)


def _program(written: ProgramWritten) -> dict[str, Any]:
    return {
        "name": written.name,
        "description": written.description,
        "registry": written.registry.value,
        "direction": written.direction.value,
        "activity": written.activity,
        "age_min": written.age_min,
        "age_max": written.age_max,
        "disability": written.for_disability,
    }


def _module(written: ModuleWritten) -> dict[str, Any]:
    return {"name": written.name, "price": written.price.kopecks if written.price is not None else None}


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


def _found(tx: Tx, number: int) -> None:
    """The search finds the program as it is now."""
    row = tx.sql(
        select(program, provider.c.name.label("by"))
        .join(provider, provider.c.id == program.c.provider)
        .where(program.c.id == number)
    ).one()
    index(tx, {number: weighed(row.name, row.activity, row.by, row.description)}, [number])
    shelve(tx, [number])


def _own_id(tx: Tx) -> str:
    return f"own:{tx.token(8)}"


READERS: dict[type[Query[Any]], Reader] = catalogue_work.READERS
DOERS: dict[type[Command], Doer] = {
    ProposeProgram: propose,
    ChangeProgram: change_program,
    DecideProgram: decide_program,
    AddModule: add_module,
    ChangeModule: change_module,
    SetNormative: set_normative,
    AddGroup: add_group,
    ChangeGroup: change_group,
    ArchiveProgram: archive_program,
    ArchiveModule: archive_module,
    ArchiveGroup: archive_group,
    RestoreGroup: restore,
}
