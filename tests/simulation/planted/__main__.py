"""`python -m tests.simulation.planted`: plants each bug into a copy of the tree, lets it be found, writes docs/planted-bugs.md.

`--only WORD` tries the bugs that have it in their name and writes nothing. Exit 1 if one is not found, or cannot be planted any more.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.simulation.planted.bugs import BUGS, Bug

ROOT = Path(__file__).resolve().parents[3]
TABLE = ROOT / "docs" / "planted-bugs.md"
SEEDS, STEPS = range(1, 6), 4_000
KILLS = 40
PATIENCE = 900
"""Seconds for one seed; a bug that only makes it slow is not found."""
HEAD = """# Planted bugs

Each was put into a copy of the tree, alone, and had to be found: by the simulation (`tests/simulation`), by kills of the real process
(`tests/crash`), or, where several connections at a time are needed or random lives come too seldom, by tests on real databases. Steps are
transactions, or updates that share one, over the seeds 1, 2, … in order.
`python -m tests.simulation.planted` plants them again and rewrites this page.

| bug | file | found by | after | by which check |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Result:
    """What came of a bug."""

    bug: Bug
    after: str
    check: str

    @property
    def line(self) -> str:
        cells = (self.bug.name, f"`{self.bug.file}`", self.bug.by, self.after, self.check)
        return f"| {' | '.join(cell.replace('|', '¦') for cell in cells)} |"


def planted(bug: Bug, root: Path) -> str:
    """The file with the bug. ValueError if it does not apply."""
    text = (root / bug.file).read_text(encoding="utf-8")
    if text.count(bug.old) != 1:
        raise ValueError(f"«{bug.name}» does not apply: {text.count(bug.old)} places in {bug.file}")
    return text.replace(bug.old, bug.new)


def sought(bug: Bug) -> Result:
    """Plant a bug into a copy, and seek it there."""
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(folder)
        for name in ("bot", "tests", "locales", "tools"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, copy / name)
        (copy / bug.file).write_text(planted(bug, ROOT), encoding="utf-8")
        seek = {"simulation": lived, "kills": killed, "tests": tested}[bug.by]
        return Result(bug, *seek(bug, partial(run, copy)))


def run(copy: Path, *words: str) -> tuple[int, str]:
    """A module of the copy."""
    command = [sys.executable, "-m", *words]
    own = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=own, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return 0, ""
    return done.returncode, done.stdout + done.stderr


def lived(_bug: Bug, run: partial[tuple[int, str]]) -> tuple[str, str]:
    """By the simulation: how many steps of all seeds together, and the words of what it found."""
    before = 0
    for seed in SEEDS:
        code, said = run("tests.simulation", "--seed", str(seed), "--steps", str(STEPS))
        found = re.search(rf"^seed {seed}, step (\d+): (.*)$", said, re.MULTILINE)
        if code and found:
            return f"{before + int(found[1])} steps", found[2][:150]
        if code:
            return "the start", said.strip().splitlines()[-1][:150]
        before += STEPS
    return "", ""


def killed(_bug: Bug, run: partial[tuple[int, str]]) -> tuple[str, str]:
    """By kills of the real process."""
    code, said = run("tests.crash", "--kills", str(KILLS), "--seed", "7", "--only", "polling")
    return (f"≤ {KILLS} kills", wrong_line(said)) if code else ("", "")


def wrong_line(said: str) -> str:
    """The first count of a report that is not as it must be."""
    lines = [line.strip() for line in said.splitlines() if "✗" in line or "!" in line or "differ" in line]
    return lines[0][:150] if lines else said.strip().splitlines()[-1][:150]


def tested(bug: Bug, run: partial[tuple[int, str]]) -> tuple[str, str]:
    """By tests on real databases."""
    code, said = run("pytest", "-q", "-x", bug.tests)
    failed = re.search(r"^FAILED (\S+)", said, re.MULTILINE)
    return ("1 run", f"`{failed[1]}`") if code and failed else ("", "")


def results(bugs: list[Bug], jobs: int) -> Iterator[Result]:
    """As they come, in order."""
    with ThreadPoolExecutor(jobs) as pool:
        for result in pool.map(sought, bugs):
            sys.stdout.write(f"{'found' if result.after else 'NOT FOUND'} {result.line}\n")
            sys.stdout.flush()
            yield result


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.simulation.planted", description=__doc__)
    words.add_argument("--only", default="")
    words.add_argument("--jobs", type=int, default=2)
    wish = words.parse_args()
    bugs = [bug for bug in BUGS if wish.only in bug.name]
    for bug in bugs:
        planted(bug, ROOT)
    found = list(results(bugs, wish.jobs))
    if not wish.only:
        TABLE.write_text(HEAD + "".join(f"{result.line}\n" for result in found), encoding="utf-8")
    sys.exit(0 if all(result.after for result in found) else 1)


if __name__ == "__main__":
    main()
