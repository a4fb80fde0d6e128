"""A file → rows that can be imported, and what is wrong with the others: a bad row never loses a good one."""

from dataclasses import fields
from functools import partial

from bot.registry import contacts, exchange, gate, reasons, sheet, values
from bot.registry.columns import REGISTRY, WEEKDAYS
from bot.registry.gate import Format
from bot.registry.line import Line
from bot.registry.reading import Sheet, read
from bot.registry.reasons import Unclear
from bot.registry.rows import GroupRow, Kind, Lesson, ModuleRow, ProgramRow, ProviderRow, Row
from bot.registry.timetable import timetable

COLUMN_OF_PROGRAM = {"external_id": "program_id", "name": "program"}
NO_LESSONS: tuple[Lesson, ...] = ()
IN_A_LINE = str.maketrans("\n;", ",,")
COLUMN_OF_MODULE = {"external_id": "module_id", "name": "module"}


Reading = sheet.Reading[Row]


def parse(name: str, content: bytes, home: str = "") -> Reading:
    """Reads a registry from a file's name and bytes: a spreadsheet, or JSON (there `home` is the municipality of what tells none).

    Raises nothing: an unreadable file is an error of row 0.
    """
    told = _Told()

    def opened() -> Sheet:
        is_json = gate.format_of(name, content) is Format.JSON
        return exchange.read(content, home) if is_json else read(name, content, REGISTRY)

    def agreeing(line: Line) -> Row | None:
        row = _row(line)
        if row and not line.errors:
            told.agrees(row, line)
        return row

    return sheet.rows(opened, agreeing)


def _row(line: Line) -> Row | None:
    program, group = _program(line), _group(line)
    module = ModuleRow(
        external_id=line.may("module_id", values.name, ""),
        name=line.may("module", values.name, program.name),
        price=line.price("price"),
        normative=line.price("normative"),
    )
    return Row(line.number, program, module, group) if group else None


def _program(line: Line) -> ProgramRow:
    youngest, oldest = _ages(line)
    return ProgramRow(
        external_id=line.may("program_id", values.name, ""),
        municipality=line.must("municipality", values.name, ""),
        provider=_provider(line),
        name=line.must("program", values.name, ""),
        registry=line.must("registry", values.registry, "general"),
        direction=line.must("direction", values.direction, ""),
        age_min=youngest,
        age_max=oldest,
        activity=line.may("activity", values.name, ""),
        description=line.may("description", values.description, ""),
        form=line.may("form", values.name, ""),
        ovz=line.may("ovz", values.yes_or_no, False),
    )


def _provider(line: Line) -> ProviderRow:
    name = line.must("provider", values.name, "")
    told_by_name: Kind = "municipal"
    if name and not line.text("kind"):
        told_by_name = line.understand("kind", lambda: values.kind_by_name(name), told_by_name)
    return ProviderRow(
        name=name,
        kind=line.may("kind", values.kind, told_by_name),
        inn=line.contact("inn", contacts.inn),
        phone=line.contact("phone", contacts.phone),
        site=line.contact("site", contacts.site),
        email=line.contact("email", contacts.email),
    )


def _group(line: Line) -> GroupRow | None:
    start, stop = line.must("start", values.day, None), line.must("stop", values.day, None)
    if start and stop and stop < start:
        line.blame("stop", Unclear(reasons.STOP_BEFORE_START, line.text("stop")))
    seats, free = line.must("seats", values.seats, 0), line.may("free", values.whole, None)
    if seats and free is not None and free > seats:
        line.blame("free", Unclear(reasons.MORE_FREE_THAN_SEATS, free))
    name, settlement = line.must("group", values.name, ""), line.must("settlement", values.name, "")
    if not start or not stop:
        return None
    return GroupRow(
        external_id=line.may("group_id", values.name, ""),
        name=name,
        start=start,
        stop=stop,
        seats=seats,
        settlement=settlement,
        free=free,
        address=line.may("address", values.name, ""),
        district=line.may("district", values.name, ""),
        lessons=_lessons(line),
        teacher=line.may("teacher", values.name, ""),
        open=line.may("open", values.yes_or_no, True),
    )


def _ages(line: Line) -> tuple[int, int]:
    """«Возраст», or «Возраст от» and «Возраст до», or one of the two."""
    first, last = line.text("age_min"), line.text("age_max")
    if line.text("age") or not (first or last):
        return line.must("age", values.age_span, (0, 0))
    return line.understand("age_min" if first else "age_max", lambda: values.ages_between(first, last), (0, 0))


def _lessons(line: Line) -> tuple[Lesson, ...]:
    """«Расписание», else «Дни» with «Время», else a column for each day of the week."""
    if line.text("timetable"):
        return line.may("timetable", timetable, NO_LESSONS)
    days, hours = line.text("days"), line.text("hours")
    if days or hours:
        return line.understand("days" if days else "hours", lambda: timetable(f"{days} {hours}"), NO_LESSONS)
    lessons: list[Lesson] = []
    for index, weekday in enumerate(WEEKDAYS):
        if hours := line.text(f"day{index}"):
            said = f"{weekday} {hours.translate(IN_A_LINE)}"
            lessons += line.understand(f"day{index}", partial(timetable, said), NO_LESSONS)
    return tuple(lessons)


class _Told:
    """What earlier rows said of the same program, module and group; the first one is believed."""

    def __init__(self) -> None:
        self.programs: dict[str, Row] = {}
        self.modules: dict[str, Row] = {}
        self.groups: dict[str, Row] = {}

    def agrees(self, row: Row, line: Line) -> None:
        """Blames the line for the column in which it contradicts an earlier one."""
        first = self.programs.setdefault(row.program.key, row)
        if column := _differing(first.program, row.program):
            return line.blame(column, Unclear(reasons.OTHER_PROGRAM, first.number))
        first = self.modules.setdefault(row.module_key, row)
        if first.program.key != row.program.key:
            return line.blame("module_id", Unclear(reasons.OTHER_MODULE, first.number))
        if column := _differing(first.module, row.module):
            return line.blame(column, Unclear(reasons.OTHER_MODULE, first.number))
        first = self.groups.setdefault(row.group_key, row)
        if first is not row:
            line.blame("group_id" if row.group.external_id else "group", Unclear(reasons.SAME_GROUP, first.number))


def _differing(first: ProgramRow | ModuleRow, second: ProgramRow | ModuleRow) -> str:
    """The key of the first column in which the two differ, or nothing."""
    columns = COLUMN_OF_PROGRAM if isinstance(first, ProgramRow) else COLUMN_OF_MODULE
    for each in fields(first):
        if getattr(first, each.name) != getattr(second, each.name):
            return columns.get(each.name, each.name)
    return ""
