"""The office of a small town, on SQLite: what the pages ask of the database is tested on both in tests/storage."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.office.clerk import OfficeHouse
from tests.stands import SQLiteStand, alone
from tests.storage.town import Town


@pytest.fixture
def house(sqlite_stand: SQLiteStand, runner: asyncio.Runner) -> Iterator[OfficeHouse]:
    """A town with its office."""
    sqlite_stand.emptied()
    yield OfficeHouse(Town(sqlite_stand.engine, runner, work=sqlite_stand.work))
    runner.run(alone())
