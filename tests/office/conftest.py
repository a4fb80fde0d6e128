"""The office of a small town, on SQLite: what the pages ask of the database is tested on both in tests/storage."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.database import open_database
from tests.office.clerk import OfficeHouse
from tests.storage.town import Town


@pytest.fixture
def house(sqlite: Path, tmp_path: Path) -> Iterator[OfficeHouse]:
    """A town with its office."""
    shutil.copy(sqlite, tmp_path / "town.db")
    with asyncio.Runner() as runner:
        engine = open_database(f"sqlite:///{tmp_path / 'town.db'}")
        yield OfficeHouse(Town(engine, runner))
        runner.run(engine.dispose())
