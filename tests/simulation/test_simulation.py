"""Years of a random town, in short; `make simulate` lives longer. What each seed must come through is in watch.py and agreement.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.planted.__main__ import ROOT, planted, sought
from tests.simulation.planted.bugs import BUGS, Bug
from tests.simulation.run import lived

STEPS = 5_000
"""Of each seed; of the planted bugs (docs/planted-bugs.md) that it finds all but four were found in fewer of the first."""
QUICK = ("no de-duplication of updates", "an update is acknowledged before its commit")
BUSY = """
import itertools, runpy, time
time.monotonic = itertools.count(0, 60).__next__
runpy.run_module("tests.simulation", run_name="__main__")
"""


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_whatever_happens_and_breaks_the_books_the_seats_and_the_messages_agree(seed: int) -> None:
    _seed, steps, done, wrong = lived(seed, STEPS, families=60)
    assert not wrong, wrong
    assert steps >= STEPS
    assert min(done[each] for each in ("RequestEnrollment", "AcceptRequest", "ConcludeOffer", "OpenDispute")) >= 2, done


def test_a_seed_lives_the_same_life_again_to_the_last_byte() -> None:
    """In other processes, whose sets and dictionaries are ordered by other chance, and on a machine so busy that each look at its clock is a minute later."""
    told = {
        subprocess.run(
            [sys.executable, *program, "--seed", "7", "--steps", "600", "--fingerprint"],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": chance},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for chance, program in (("1", ("-m", "tests.simulation")), ("2", ("-c", BUSY)))
    }
    assert len(told) == 1, told


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_every_bug_of_the_table_can_still_be_planted(bug: Bug) -> None:
    assert bug.new in planted(bug, ROOT)


@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.name in QUICK], ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Bug) -> None:
    assert sought(bug).after
