"""Migrations, on both databases: an empty one becomes exactly the schema of the code, a filled one of any past revision loses nothing."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, inspect, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import schema
from bot.storage.database import open_database
from bot.storage.migrating import BrokenKeys, config, migrate
from tests.conftest import create

T = TypeVar("T")
OUR_BOOKS = "alembic_version"
REVISIONS = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]
ROWS = (1, 2)
BY_NAME: dict[tuple[str, str], Callable[[int], Any]] = {
    ("account", "kind"): lambda row: "certificate",
    ("guardianship", "rights"): lambda row: "full",
    ("population", "sex"): lambda row: "fm"[row - 1],
    ("transfer", "target"): lambda row: 3 - row,
    ("announcement", "state"): lambda row: "going",
    ("bill", "kind"): lambda row: "bill",
    ("bill", "state"): lambda row: "sent",
    ("enrollment", "price"): lambda row: 2 * (row + row * (row - 1)),
}
"""What the constraints want of some columns; any other value is the row's number in the column's type."""
BY_TYPE: dict[type, Callable[[int], Any]] = {
    bool: lambda row: row == 1,
    int: lambda row: row,
    str: lambda row: str(row),
    bytes: lambda row: bytes([row]),
    date: lambda row: date(2026, 9, row),
    datetime: lambda row: datetime(2026, 9, row, tzinfo=UTC),
    time: lambda row: time(15, row),
}


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], AsyncEngine]:
    """Makes an empty database with this name."""

    def make(name: str) -> AsyncEngine:
        if request.param == "sqlite":
            return open_database(f"sqlite:///{tmp_path / name}.db", pool=False)
        url: str = request.getfixturevalue("postgres")
        database = f"{name}_{abs(hash(request.node.name))}"
        asyncio.run(create(url, database))
        return open_database(make_url(url).set(database=database).render_as_string(hide_password=False), pool=False)

    return make


def on(engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
    async def run() -> T:
        async with engine.begin() as connection:
            return await connection.run_sync(work)

    return asyncio.run(run())


def bring(engine: AsyncEngine, to: str = "head") -> None:
    asyncio.run(migrate(engine, to))


def form(connection: Connection) -> dict[str, Any]:
    """Tables with columns, constraints and indexes by name, and triggers; all that a migration may forget."""
    seen = inspect(connection)
    found: dict[str, Any] = {}
    for table in sorted(set(seen.get_table_names()) - {OUR_BOOKS}):
        columns = {
            one["name"]: (str(one["type"]), one["nullable"], str(one["default"]).strip("()"))
            for one in seen.get_columns(table)
        }
        key = seen.get_pk_constraint(table)
        found[table] = {
            "columns": columns,
            "key": (key["name"], key["constrained_columns"]),
            "references": by_name(seen.get_foreign_keys(table)),
            "unique": by_name(seen.get_unique_constraints(table)),
            "checks": by_name(seen.get_check_constraints(table)),
            "indexes": by_name(seen.get_indexes(table)),
        }
    found["triggers"] = sorted(triggers(connection))
    return found


def by_name(found: Any) -> dict[str, str]:
    assert all(one["name"] for one in found), f"without a name it cannot be found again: {found}"
    return {one["name"]: plain(one) for one in found}


def plain(thing: Any) -> str:
    """In words that can be compared; a partial index's condition is an object of its own each time."""
    return str(sorted((key, plain(inside)) for key, inside in thing.items())) if isinstance(thing, dict) else str(thing)


def triggers(connection: Connection) -> list[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        asked = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    return [(str(name), str(words)) for name, words in connection.execute(text(asked))]


def test_migrating_an_empty_database_gives_exactly_the_schema_of_the_code(
    databases: Callable[[str], AsyncEngine],
) -> None:
    written, migrated = databases("written"), databases("migrated")
    on(written, schema.metadata.create_all)
    bring(migrated)
    wanted, found = on(written, form), on(migrated, form)
    assert found.keys() == wanted.keys()
    for name in wanted:
        assert found[name] == wanted[name], name
    assert wanted["triggers"], "transfers are kept for ever (R3.2)"


def test_migrating_twice_changes_nothing(databases: Callable[[str], AsyncEngine]) -> None:
    engine = databases("twice")
    bring(engine)
    before = on(engine, form)
    bring(engine)
    assert on(engine, form) == before


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_filled_database_of_any_past_revision_keeps_every_row_and_every_trigger(
    databases: Callable[[str], AsyncEngine], revision: str
) -> None:
    engine = databases("filled")
    bring(engine, revision)
    on(engine, fill)
    before = on(engine, counts)
    assert all(before.values())
    bring(engine)
    after = on(engine, counts)
    assert {name: after[name] for name in before if name in after} == {n: c for n, c in before.items() if n in after}
    for spoils in ("UPDATE transfer SET kopecks = 5", "DELETE FROM transfer"):
        with pytest.raises(DBAPIError, match="a transfer is never"):
            on(engine, lambda connection, spoils=spoils: connection.execute(text(spoils)))  # type: ignore[misc]


def fill(connection: Connection) -> None:
    """Two rows in every table as it was at that revision, each pointing at what has its number."""
    past = MetaData()
    past.reflect(connection)
    for table in past.sorted_tables:
        if table.name != OUR_BOOKS:
            rows = [{column.name: value(column, row) for column in table.columns} for row in ROWS]
            connection.execute(table.insert(), rows)


def value(column: Column[Any], row: int) -> Any:
    if column.nullable and column.foreign_keys:
        return None
    if given := BY_NAME.get((column.table.name, column.name)):
        return given(row)
    made = BY_TYPE[column.type.python_type](row)
    zoned = getattr(column.type, "timezone", False)
    return made if zoned or not isinstance(made, datetime) else made.replace(tzinfo=None)


def counts(connection: Connection) -> dict[str, int]:
    tables = set(inspect(connection).get_table_names()) - {OUR_BOOKS}
    return {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in sorted(tables)}


def test_a_migration_that_leaves_a_row_pointing_at_nothing_is_refused_and_keys_hold_again(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'broken.db'}", pool=False)
    bring(engine)

    async def spoil() -> None:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("COMMIT")
            await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            await connection.exec_driver_sql("INSERT INTO district (municipality, name) VALUES (99, 'Nowhere')")

    asyncio.run(spoil())
    with pytest.raises(BrokenKeys, match="district"):
        bring(engine)
    with pytest.raises(DBAPIError, match="FOREIGN KEY"):
        on(
            engine,
            lambda connection: connection.execute(text("INSERT INTO district (municipality, name) VALUES (98, 'x')")),
        )
