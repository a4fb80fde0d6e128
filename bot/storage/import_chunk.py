"""Some programs of a registry, whole, in one transaction: what is new enters, what differs is changed, what is the same rests.

A constant number of statements, whatever the number of programs.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row as Stored
from sqlalchemy import select

from bot.domain.catalogue import Direction
from bot.domain.enrollment import SEATED
from bot.domain.provider import ImportReport, TimetableChanged
from bot.registry import reasons
from bot.registry.line import Change, RowError
from bot.registry.parts import place_of
from bot.registry.rows import Row, folded
from bot.storage.catalogue_edits import LESSONS, edits, kept, remaining
from bot.storage.import_changes import changes_of
from bot.storage.import_home import Home, update
from bot.storage.past_timetable import keep
from bot.storage.schema import enrollment, group, lesson, module, program
from bot.storage.shelf import shelve
from bot.storage.stems import index, weighed
from bot.storage.tx import Tx

Lessons = tuple[tuple[Any, ...], ...]
SEEN_BY_FAMILIES = ("start", "stop", "address", "district")


@dataclass
class Outcome:
    """What came of some rows; of those that differ the first `changes`, as many as were wanted."""

    report: ImportReport = ImportReport()
    errors: list[RowError] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def put(tx: Tx, home: Home, rows: Sequence[Row], *, dry: bool, shown: int = 0) -> Outcome:
    """Compare these rows with what is stored, and, unless `dry`, make it so. All rows of a program come together."""
    stored = _Stored(tx, home, rows)
    wanted = _Wanted(home, stored, shown)
    for row in rows:
        if row.program.provider_key not in home.refused:
            wanted.take(row)
    if not dry:
        _write(tx, home, wanted, stored)
    return Outcome(ImportReport(**wanted.counted, errors=len(wanted.errors)), wanted.errors, wanted.changes[:shown])


class _Stored:
    """What the database has of these rows, under the keys of the file; groups are locked."""

    def __init__(self, tx: Tx, home: Home, rows: Sequence[Row]) -> None:
        keys = {row.program.key for row in rows}
        found = tx.rows(select(program).where(program.c.municipality == home.id, program.c.external_id.in_(keys)))
        self.programs = {row.external_id: row for row in found}
        self.modules: dict[tuple[int, str], Stored[Any]] = {}
        self.groups: dict[tuple[int, str], Stored[Any]] = {}
        self.lessons: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
        if found:
            self._contents(tx, [row.id for row in found])

    def _contents(self, tx: Tx, ids: list[int]) -> None:
        modules = tx.rows(select(module).where(module.c.program.in_(ids)))
        self.modules = {(row.program, row.external_id): row for row in modules}
        held = group.c.module.in_([row.id for row in modules])
        self.groups = {
            (row.module, row.external_id): row
            for row in tx.rows(select(group).where(held).order_by(group.c.id).with_for_update())
        }
        for row in tx.rows(select(lesson).where(lesson.c.group.in_([row.id for row in self.groups.values()]))):
            self.lessons[row.group].append((row.weekday, row.start, row.stop, row.weeks, row.place))


class _Wanted:
    """What the rows want: new and changed programs, modules and groups, by the file's keys."""

    def __init__(self, home: Home, stored: _Stored, shown: int) -> None:
        self.home, self.stored, self.shown = home, stored, shown
        self.programs: dict[str, dict[str, Any]] = {}
        self.modules: dict[tuple[str, str], dict[str, Any]] = {}
        self.groups: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.lessons: dict[tuple[str, str, str], Lessons] = {}
        self.changed: set[str] = set()
        self.moved: set[int] = set()
        self.counted: Counter[str] = Counter()
        self.errors: list[RowError] = []
        self.changes: list[Change] = []
        self.rows: dict[str, Row] = {}

    def take(self, row: Row) -> None:
        p, m, g = row.program.key, row.module_key, row.group_key
        known = self.stored.programs.get(p)
        known_module = self.stored.modules.get((known.id, m)) if known is not None else None
        known_group = self.stored.groups.get((known_module.id, g)) if known_module is not None else None
        self.rows.setdefault(p, row)
        self.programs.setdefault(p, _beside_edits(known, _program(self.home, row)))
        self.modules.setdefault((p, m), _beside_edits(known_module, _module(row)))
        fields = self._group(row, known_group)
        lessons: Lessons = fields.pop(LESSONS)
        self.groups[p, m, g], self.lessons[p, m, g] = fields, lessons
        if known_group is None:
            self.counted["added"] += 1
            self.changed.add(p)
            return
        other_lessons = set(lessons) != set(self.stored.lessons[known_group.id])
        if other_lessons or any(getattr(known_group, name) != fields[name] for name in SEEN_BY_FAMILIES):
            self.moved.add(known_group.id)
        differs = (
            other_lessons
            or _differ(known_group, fields)
            or _differ(known_module, self.modules[p, m])
            or _differ(known, self.programs[p])
        )
        restored = known_group.state != fields["state"] or (
            known is not None and known.state != self.programs[p]["state"]
        )
        self.counted["restored" if restored else "changed" if differs else "same"] += 1
        if differs and len(self.changes) < self.shown:
            pairs = (known, self.programs[p]), (known_module, self.modules[p, m]), (known_group, fields)
            self.changes += changes_of(row, self.home, pairs, self.stored.lessons[known_group.id], lessons)
        if differs or (known is not None and known.provider in self.home.renamed):
            self.changed.add(p)

    def _group(self, row: Row, known: Stored[Any] | None) -> dict[str, Any]:
        """Seats as this service offers them: the free ones that the registry tells, and those taken here; a number told
        again changes nothing."""
        its = row.group
        taken = known.taken if known is not None else 0
        seats = its.seats if its.free is None else min(its.seats, its.free + taken)
        if known is not None and its.free is not None and its.free == known.free_told:
            seats = min(its.seats, edits(known).get("seats", known.seats))
        told = {
            "external_id": row.group_key,
            "name": its.name,
            "district": self.home.districts.get(folded(place_of(row))),
            "address": its.address,
            "teacher": its.teacher,
            "start": its.start,
            "stop": its.stop,
            "seats": seats,
            "free_told": its.free,
            "is_open": its.open,
            "state": "active",
            LESSONS: _lessons(row),
        }
        fields = _beside_edits(known, told, lessons=tuple(self.stored.lessons[known.id]) if known is not None else ())
        if known is not None and fields["seats"] < taken:
            self.errors.append(RowError(row.number, "Мест в группе", reasons.SEATS_TAKEN, str(taken)))
            fields["seats"] = known.seats
        return fields


def _beside_edits(known: Stored[Any] | None, told: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the file tells, but for what the provider has changed and the file tells as before (0039)."""
    if known is None or not known.edited:
        return {**told, "edited": None}
    names, stored = kept(known, told), {**known._mapping, **more}
    return {**told, **{name: stored[name] for name in names}, "edited": remaining(known, names)}


def _program(home: Home, row: Row) -> dict[str, Any]:
    its = row.program
    return {
        "provider": home.providers.get(its.provider_key, 0),
        "municipality": home.id,
        "external_id": its.key,
        "name": its.name,
        "description": its.description,
        "registry": its.registry,
        "direction": Direction.named(its.direction).value,
        "activity": its.activity,
        "age_min": its.age_min,
        "age_max": its.age_max,
        "disability": its.ovz,
        "state": "active",
    }


def _module(row: Row) -> dict[str, Any]:
    its = row.module
    price, norm = its.price, its.normative
    return {
        "external_id": row.module_key,
        "name": its.name,
        "price": price.kopecks if price is not None else None,
        "normative": norm.kopecks if norm is not None else None,
    }


def _lessons(row: Row) -> Lessons:
    """The registry counts weekdays from 0, the catalogue from 1."""
    return tuple((each.weekday + 1, each.start, each.stop, each.weeks, each.place) for each in row.group.lessons)


def _differ(stored: Stored[Any] | None, wanted: dict[str, Any]) -> bool:
    return stored is None or any(getattr(stored, name) != value for name, value in wanted.items())


# --- writing ----------------------------------------------------------------------------------------------------------


def _write(tx: Tx, home: Home, wanted: _Wanted, stored: _Stored) -> None:
    programs = {key: row.id for key, row in stored.programs.items()}
    fields = {key: values for key, values in wanted.programs.items() if key in wanted.changed}
    _change(tx, program, ((stored.programs[key], values) for key, values in fields.items() if key in programs))
    programs |= _enter(tx, program, ("external_id",), [fields[key] for key in fields if key not in programs])

    modules = {key: row.id for key, row in stored.modules.items()}
    wanted_modules = {(programs[p], m): values for (p, m), values in wanted.modules.items() if p in wanted.changed}
    _change(tx, module, ((stored.modules[key], values) for key, values in wanted_modules.items() if key in modules))
    new = [{"program": key[0], **values} for key, values in wanted_modules.items() if key not in modules]
    modules |= _enter(tx, module, ("program", "external_id"), new)

    groups = {key: row.id for key, row in stored.groups.items()}
    keys = {(modules[programs[p], m], g): (p, m, g) for p, m, g in wanted.groups if p in wanted.changed}
    _change(tx, group, ((stored.groups[key], wanted.groups[its]) for key, its in keys.items() if key in groups))
    new = [{"module": key[0], **wanted.groups[its]} for key, its in keys.items() if key not in groups]
    groups |= _enter(tx, group, ("module", "external_id"), new)

    _teach(tx, home, stored, {groups[key]: wanted.lessons[its] for key, its in keys.items()})
    _tell_families(tx, wanted.moved)
    touched = {programs[key]: _stems(values, wanted.rows[key]) for key, values in fields.items()}
    known = [row.id for row in stored.programs.values() if row.id in touched]
    index(tx, home.id, touched, known)
    shelve(tx, touched)


def _change(tx: Tx, table: Any, pairs: Iterable[tuple[Stored[Any], dict[str, Any]]]) -> None:
    update(tx, table, [{"its": row.id, **values} for row, values in pairs if _differ(row, values)])


def _enter(tx: Tx, table: Any, key: tuple[str, ...], rows: list[dict[str, Any]]) -> dict[Any, int]:
    """Insert; the new ids by their keys."""
    if not rows:
        return {}
    made = tx.sql(table.insert().returning(table.c.id, *(table.c[name] for name in key)), rows)
    found: dict[Any, int] = {}
    for row in made.mappings():
        values = tuple(row[name] for name in key)
        found[values if len(values) > 1 else values[0]] = row["id"]
    return found


def _teach(tx: Tx, home: Home, stored: _Stored, wanted: dict[int, Lessons]) -> None:
    """The timetables of these groups, where they are other ones now; what known groups had before is kept."""
    changed = {number: lessons for number, lessons in wanted.items() if set(lessons) != set(stored.lessons[number])}
    known = {row.id for row in stored.groups.values()}
    old = {number: stored.lessons[number] for number in changed if number in known}
    if old:
        keep(tx, home.id, old)
        tx.sql(lesson.delete().where(lesson.c.group.in_(old)))
    names = ("weekday", "start", "stop", "weeks", "place")
    rows = [
        {"group": number, **dict(zip(names, each, strict=True))}
        for number, lessons in changed.items()
        for each in lessons
    ]
    if rows:
        tx.sql(lesson.insert(), rows)


def _stems(fields: dict[str, Any], row: Row) -> dict[str, tuple[int, str]]:
    return weighed(fields["name"], fields["activity"], row.program.provider.name, fields["description"])


def _tell_families(tx: Tx, groups: Collection[int]) -> None:
    if groups:
        tx.tell(*(TimetableChanged(row.child, row.id) for row in enrolled(tx, groups)))


def enrolled(tx: Tx, groups: Collection[int]) -> Sequence[Stored[Any]]:
    """Who has a seat in these groups: enrollments with their children."""
    seated = enrollment.c.group.in_(groups), enrollment.c.state.in_([state.value for state in SEATED])
    return tx.rows(select(enrollment.c.id, enrollment.c.child).where(*seated).order_by(enrollment.c.id))
