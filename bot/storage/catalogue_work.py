"""The catalogue as its provider works on it: programs, modules, groups with their seats, and what they lack (R10.2)."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Row, func, select

from bot.domain.catalogue import Direction, Registry
from bot.domain.catalogue_staff import (
    GroupWork,
    GroupWritten,
    ModuleWork,
    ModuleWritten,
    MyPrograms,
    OneTree,
    Part,
    PlacesOf,
    ProgramTree,
    ProgramWritten,
)
from bot.domain.lessons import Lesson
from bot.domain.messages import Actor, Query
from bot.domain.money import Money
from bot.storage.people import runs
from bot.storage.schema import district, enrollment, group, lesson, module, program, provider
from bot.storage.search import score
from bot.storage.tx import Reader, Tx

ORDER = {"returned": 0, "proposed": 1, "active": 2, "archived": 3}


def part(tx: Tx, kind: Part, number: int, lock: bool = False) -> Row[Any] | None:
    """A program, module or group with the program's owner, registry and state; `lock`: held to be changed."""
    table = {"program": program, "module": module, "group": group}[kind]
    whose = program.c.provider, program.c.municipality, program.c.registry
    columns = [each for each in table.c if each.name not in ("provider", "municipality", "registry", "program")]
    found = select(*columns, *whose, program.c.id.label("program"), program.c.state.label("program_state"))
    if kind != "program":
        found = found.select_from(module).join(program, program.c.id == module.c.program)
    if kind == "group":
        found = found.join(group, group.c.module == module.c.id)
    found = found.where(table.c.id == number)
    return tx.row(found.with_for_update(of=table) if lock else found)


def my_programs(tx: Tx, query: MyPrograms, me: Actor) -> tuple[ProgramTree, ...]:
    """What needs something first, the archive last."""
    theirs = {
        "provider": (program.c.provider == me.provider,),
        "operator": (program.c.municipality == me.municipality, program.c.state == "proposed"),
    }.get(me.role)
    if theirs is None:
        return ()
    found = _trees(tx, *theirs)
    found.sort(key=lambda each: (ORDER[each.state], not (each.lacks_price or each.lacks_timetable), each.written.name))
    return tuple(found)


def one_tree(tx: Tx, query: OneTree, me: Actor) -> ProgramTree | None:
    row = part(tx, query.part, query.id)
    own = row is not None and me.role == "provider" and row.provider == me.provider
    if row is None or not (own or runs(me, row.municipality)):
        return None
    [found] = _trees(tx, program.c.id == row.program)
    return found


def places_of(tx: Tx, query: PlacesOf, me: Actor) -> tuple[tuple[int, str], ...]:
    home = tx.value(select(provider.c.municipality).where(provider.c.id == me.provider)) or me.municipality
    names = select(district.c.id, district.c.name).where(district.c.municipality == home)
    return tuple((row.id, row.name) for row in tx.rows(names.order_by(district.c.name)))


def _trees(tx: Tx, *where: Any) -> list[ProgramTree]:
    """Whole programs, in five statements."""
    programs = tx.rows(select(program).where(*where).order_by(program.c.id))
    mine = select(program.c.id).where(*where)
    modules = tx.rows(select(module).where(module.c.program.in_(mine)).order_by(module.c.id))
    inside = select(module.c.id).where(module.c.program.in_(mine))
    groups = tx.rows(
        select(group, district.c.name.label("district_name"))
        .outerjoin(district, district.c.id == group.c.district)
        .where(group.c.module.in_(inside))
        .order_by(group.c.state, group.c.start, group.c.id)
    )
    here = select(group.c.id).where(group.c.module.in_(inside))
    lessons = defaultdict(list)
    for row in tx.rows(select(lesson).where(lesson.c.group.in_(here)).order_by(lesson.c.weekday, lesson.c.start)):
        lessons[row.group].append(Lesson(row.weekday, row.start, row.stop, row.weeks, row.place))
    queued = enrollment.c.group.in_(here), enrollment.c.state == "waitlisted"
    waiting = {
        row.group: row.families
        for row in tx.rows(
            select(enrollment.c.group, func.count().label("families")).where(*queued).group_by(enrollment.c.group)
        )
    }
    by_module: dict[int, list[GroupWork]] = defaultdict(list)
    today = {row.municipality: tx.today(row.municipality) for row in programs}
    home = {row.id: row.municipality for row in programs}
    of_module = {row.id: row.program for row in modules}
    for row in groups:
        over = row.stop < today[home[of_module[row.module]]]
        by_module[row.module].append(_group(row, tuple(lessons[row.id]), waiting.get(row.id, 0), over))
    by_program: dict[int, list[ModuleWork]] = defaultdict(list)
    for row in modules:
        price, norm = (None if each is None else Money(each) for each in (row.price, row.normative))
        its = ModuleWork(row.id, ModuleWritten(row.name, price), norm, tuple(by_module[row.id]))
        by_program[row.program].append(its)
    return [_program(tx, row, tuple(by_program[row.id])) for row in programs]


def _program(tx: Tx, row: Row[Any], modules: tuple[ModuleWork, ...]) -> ProgramTree:
    shown_from = tx.policy(row.municipality).rating_shown_from
    written = ProgramWritten(
        row.name,
        Direction(row.direction),
        Registry(row.registry),
        row.age_min,
        row.age_max,
        row.disability,
        row.activity,
        row.description,
    )
    stars = score(row.rating_sum, row.rating_count, shown_from)
    return ProgramTree(row.id, row.provider, written, row.state, row.returned_words or "", stars, modules)


def _group(row: Row[Any], lessons: tuple[Lesson, ...], waiting: int, over: bool) -> GroupWork:
    written = GroupWritten(
        row.name,
        row.start,
        row.stop,
        row.seats,
        row.district or 0,
        row.address,
        row.teacher,
        row.is_open,
        lessons,
    )
    return GroupWork(row.id, written, row.district_name or "", row.taken, waiting, row.state == "active", over)


READERS: dict[type[Query[Any]], Reader] = {MyPrograms: my_programs, OneTree: one_tree, PlacesOf: places_of}
