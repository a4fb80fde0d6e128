"""Registry files in one line each, imported into a town."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Engine, event, select

from bot.domain.catalogue import Filters, FindPrograms, Found
from bot.registry.template import Line, workbook
from bot.storage import schema
from bot.storage.imports import Imported, import_registry
from bot.storage.shelf import shelve
from tests.storage.town import Town

TODAY = date(2026, 9, 1)


def line(number: int = 1, **fields: Any) -> Line:
    """A group of a program, both called by the number unless said otherwise."""
    usual = {
        "program_id": f"P{number}",
        "module_id": f"M{number}",
        "group_id": f"G{number}",
        "municipality": "Murmansk",
        "provider": "House of Science",
        "kind": "муниципальная",
        "program": f"Club {number}",
        "registry": "сертифицированная",
        "direction": "Техническая",
        "age": "7–10",
        "module": "Year",
        "price": "9 000",
        "group": "Group 1",
        "start": TODAY,
        "stop": date(2027, 5, 31),
        "seats": 10,
        "settlement": "Kola",
        "address": "School street, 1",
        "timetable": "Пн, Ср 15:00–16:30",
    }
    return {**usual, **fields}


def brings(town: Town, *lines: Line, **how: Any) -> Imported:
    """Imports a file of these lines."""
    return town.runner.run(import_registry(town.desk, "registry.xlsx", workbook(lines), **how))


def finds(town: Town, me: int, page: int = 0, **filters: Any) -> Found:
    """A search by a person."""
    return town.asks(FindPrograms(Filters(**filters), page), me)


def on_the_shelf(town: Town) -> None:
    """The search sees what was written past whoever tells it."""
    programs = town.run(lambda tx: [row.id for row in tx.rows(schema.program.select())])
    town.run(lambda tx: shelve(tx, programs))


def names(found: Found) -> list[str]:
    return [program.name for program in found.lines]


def rows(town: Town, table: Any) -> list[Any]:
    """A table as it is, by id."""
    return list(town.run(lambda tx: tx.rows(select(table).order_by(table.c.id))))


def one(town: Town, table: Any, **where: Any) -> Any:
    """The one row with these values."""
    found = [row for row in rows(town, table) if all(getattr(row, name) == value for name, value in where.items())]
    assert len(found) == 1, f"{len(found)} rows of {table.name} with {where}"
    return found[0]


def statements(town: Town, work: Callable[[], object]) -> int:
    """How many statements some work takes; on SQLite the desk has engines of its own."""
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        work()
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(seen)


def another_town(town: Town, name: str = "Seaside") -> int:
    """A second municipality."""
    return town.adds(
        schema.municipality, code=name.lower(), name=name, zone="Europe/Moscow", number_prefix="5102", policy="{}"
    )
