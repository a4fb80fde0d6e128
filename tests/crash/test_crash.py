"""The real service under SIGKILL, in short; `make crash` is the long version."""

import shutil
from pathlib import Path

import pytest

from tests.crash.process import nursery
from tests.crash.scenarios import SCENARIOS, Scale

SHORT = Scale(seed=7, kills=10, cold=2, families=12)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_nothing_is_lost_and_nothing_is_doubled_when(name: str, sqlite: Path, tmp_path: Path) -> None:
    database = shutil.copy(sqlite, tmp_path / "crash.db")
    async with nursery(tmp_path / "log") as where:
        report = await SCENARIOS[name](where, f"sqlite:///{database}", tmp_path, SHORT)
    assert report.clean, "\n".join(["", *report.lines()])
