"""Several replicas on one PostgreSQL under SIGKILL, in short; `python -m tests.replicas` is the long version."""

from pathlib import Path

from tests.crash.process import LATE, nursery
from tests.replicas.fleet import fleet, killed_in_turn
from tests.stands import copied


async def test_nothing_is_lost_and_nothing_doubled_when_replicas_die_in_turn(postgres: str, tmp_path: Path) -> None:
    database = await copied(postgres, "replicas")
    async with (
        nursery(tmp_path / "log") as where,
        fleet(where, database, tmp_path, seed=7, families=16) as here,
    ):
        report = await killed_in_turn(here, 7, (0.3, 1.7))
    del report.faults[LATE]
    assert report.clean, "\n".join(["", *report.lines()])
