"""What an import changes in a group, column by column, in the words of the registry's spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row as Stored

from bot.domain.catalogue import Direction
from bot.domain.catalogue import Registry as CatalogueRegistry
from bot.registry.columns import REGISTRY, SHORT_WEEKDAYS
from bot.registry.line import Change
from bot.registry.rows import Row
from bot.storage.import_home import Home

Pair = tuple[Stored[Any] | None, Mapping[str, Any]]
COLUMNS = (
    {
        "name": "program",
        "description": "description",
        "registry": "registry",
        "direction": "direction",
        "activity": "activity",
        "age_min": "age_min",
        "age_max": "age_max",
        "disability": "ovz",
        "provider": "provider",
    },
    {"name": "module", "price": "price", "normative": "normative"},
    {
        "name": "group",
        "district": "district",
        "address": "address",
        "teacher": "teacher",
        "start": "start",
        "stop": "stop",
        "seats": "seats",
        "is_open": "open",
    },
)
"""For the program, the module and the group: which column of the spreadsheet a column of the table is."""
TIMETABLE = "timetable"
WEEKS = {"every": "", "odd": " (нечётные недели)", "even": " (чётные недели)"}
Lessons = Iterable[tuple[Any, ...]]


def changes_of(row: Row, home: Home, pairs: Iterable[Pair], before: Lessons, after: Lessons) -> Iterator[Change]:
    """`pairs`: the stored program, module and group, each with what the file wants of it; and the lessons of both."""
    about = f"{row.program.name}, {row.group.name}"
    places = {number: name for name, number in home.districts.items()}
    for columns, (stored, wanted) in zip(COLUMNS, pairs, strict=True):
        for column, key in columns.items():
            old, new = getattr(stored, column, None), wanted[column]
            if stored is not None and old != new:
                words = ("", row.program.provider.name) if key == "provider" else _words(column, old, new, places)
                yield Change(row.number, REGISTRY.name(key), about, *words)
    if set(before) != set(after):
        yield Change(row.number, REGISTRY.name(TIMETABLE), about, _timetable(before), _timetable(after))


def _words(column: str, old: Any, new: Any, places: Mapping[int, str]) -> tuple[str, str]:
    return _word(column, old, places), _word(column, new, places)


def _word(column: str, value: Any, places: Mapping[int, str]) -> str:
    match column, value:
        case _, None:
            return ""
        case "district", int():
            return places.get(value, "")
        case (("price" | "normative"), int()):
            return f"{value // 100},{value % 100:02}"
        case "registry", str():
            return CatalogueRegistry(value).russian
        case "direction", str():
            return Direction(value).russian
        case _, bool():
            return "да" if value else "нет"
        case _, date():
            return f"{value:%d.%m.%Y}"
    return str(value)


def _timetable(lessons: Lessons) -> str:
    """As a clerk writes it."""
    told = (
        f"{SHORT_WEEKDAYS[weekday - 1].title()} {start:%H:%M}–{stop:%H:%M}{WEEKS[weeks]}{place and f', {place}'}"
        for weekday, start, stop, weeks, place in sorted(lessons)
    )
    return "; ".join(told)
