"""The real service under SIGKILL and in trouble, in short; `make crash` is the long version."""

from pathlib import Path

import pytest

from tests.crash.process import LATE
from tests.crash.scenarios import SCENARIOS
from tests.crash.stage import Scale

SHORT = Scale(seed=7, kills=8, cold=1, families=16, seconds=6, per_chat=5)
IN_SHORT = ("polling", "webhook", "faults", "restart")


@pytest.mark.parametrize("name", IN_SHORT)
async def test_nothing_is_lost_and_nothing_is_doubled(name: str, tmp_path: Path) -> None:
    play, ground = SCENARIOS[name]
    async with ground(tmp_path, SHORT) as stage:
        report = await play(stage)
    del report.faults[LATE]
    assert report.clean, "\n".join(["", *report.lines()])
