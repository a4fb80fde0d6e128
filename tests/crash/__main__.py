"""`python -m tests.crash --kills 200 --seed 7`: kill the real service, count what came of it, exit with 1 on any difference."""

import argparse
import asyncio
import math
import shutil
import sys
import tempfile
import time
from pathlib import Path

import typer

from tests.crash.scenarios import KILLS_AT_RANDOM, SCENARIOS
from tests.crash.stage import Scale


def main() -> None:
    words = argparse.ArgumentParser(prog="make crash ARGS=…", description=__doc__)
    words.add_argument("--kills", type=int, default=200, help="shared by the runs that kill at random")
    words.add_argument(
        "--cold", type=int, default=8, help="so many of them of a `python -m bot run`, the others of a fork"
    )
    words.add_argument("--seed", type=int, default=int(time.time()))
    words.add_argument("--families", type=int, default=50)
    words.add_argument("--only", choices=SCENARIOS, action="append", help="these runs only; all, if not given")
    words.add_argument("--keep", type=Path, help="a folder for databases and logs, kept")
    given = words.parse_args()
    names = given.only or list(SCENARIOS)
    each = math.ceil(given.kills / max(1, len(KILLS_AT_RANDOM & set(names))))
    scale = Scale(given.seed, each, given.cold, given.families)
    with tempfile.TemporaryDirectory(prefix="kruzhok-crash-") as temporary:
        sys.exit(asyncio.run(play(names, scale, given.keep or Path(temporary))))


async def play(names: list[str], scale: Scale, folder: Path) -> int:
    """Run after run; the exit code."""
    clean = True
    typer.echo(f"seed {scale.seed}")
    for name in names:
        play, ground = SCENARIOS[name]
        home = folder / name
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        began = time.monotonic()
        try:
            async with ground(home, scale) as stage:
                report = await play(stage)
        except PermissionError as lacking:
            typer.echo(f"\n{name}: left out: {lacking}")
            continue
        typer.echo(f"\n{name}: {(play.__doc__ or '').splitlines()[0]} ({time.monotonic() - began:.0f} s)")
        typer.echo("\n".join(f"  {line}" for line in report.lines()))
        clean = clean and report.clean
    typer.echo("\nNothing lost, nothing doubled." if clean else "\nThere are differences.")
    return 0 if clean else 1


if __name__ == "__main__":
    main()
