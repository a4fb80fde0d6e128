"""`make simulate`: lives of several seeds side by side, a line of progress, and what was found.

ARGS="--seed 123 --steps 5000" lives one seed again, in this process.
"""

import argparse
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import Manager
from typing import Any

import structlog

from bot.storage.world import WORLD
from tests.simulation.agreement import fingerprint
from tests.simulation.life import Found, Life

STEPS = 100_000
"""Enough for every command to be done."""
TOWNS = ((60, 0.0), (60, 0.06), (240, 0.0), (60, 0.02))
"""How many families, and how often weeks go by in which nobody writes: a small town at close range, years of one, a larger one."""
Lived = tuple[int, int, Counter[str], str]
"""A seed, how far it came, which commands were done how often, what was wrong."""


def lived(seed: int, steps: int, families: int, quiet_weeks: float = 0.0, told: Any = None) -> Lived:
    """One seed to its end, or to what is wrong."""
    done: Counter[str] = Counter()
    try:
        with quiet():
            life = Life(seed, families, quiet_weeks)
            done = life.done
            life.lives(steps, lambda now: told.__setitem__(seed, now) if told is not None else None)
    except Found as found:
        return seed, found.steps, done, str(found)
    return seed, life.steps, done, ""


@contextmanager
def quiet() -> Iterator[None]:
    """A simulated outage is no news."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def never(done: Counter[str]) -> list[str]:
    """Commands that nobody has ever done with success."""
    return sorted(command.__name__ for command in WORLD.doers if not done[command.__name__])


def main() -> None:
    """Exit 1 if anything is wrong, or if so many steps have not done every command."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="this seed alone")
    parser.add_argument("--steps", type=int, default=STEPS, help="of all seeds together")
    parser.add_argument("--seeds", type=int, default=4, help="how many lives")
    parser.add_argument("--families", type=int, default=60, help="with --seed")
    parser.add_argument("--quiet", type=float, default=0.0, help="with --seed: how often weeks go by without a word")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--fingerprint", action="store_true", help="with --seed: a hash of all tables at the end")
    wish = parser.parse_args()
    if wish.fingerprint:
        with quiet():
            _say(fingerprint(Life(wish.seed, wish.families, wish.quiet).lives(wish.steps).house))
        return
    if wish.seed is not None:
        seed, steps, done, wrong = lived(wish.seed, wish.steps, wish.families, wish.quiet)
        _say(wrong or f"seed {seed}: {steps} steps, nothing wrong; never: {', '.join(never(done))}")
        sys.exit(1 if wrong else 0)
    sys.exit(_all(range(1, wish.seeds + 1), wish.steps // wish.seeds, wish.jobs))


def _all(seeds: Sequence[int], steps: int, jobs: int) -> int:
    began, done, wrongs = time.monotonic(), Counter[str](), 0
    with Manager() as manager, ProcessPoolExecutor(jobs) as pool:
        told = manager.dict()
        waiting = {pool.submit(lived, seed, steps, *TOWNS[seed % len(TOWNS) - 1], told) for seed in seeds}
        while waiting:
            for each in [each for each in waiting if each.done()]:
                waiting.discard(each)
                seed, now, what, wrong = each.result()
                told[seed] = now
                done += what
                wrongs += bool(wrong)
                _say(wrong or f"\rseed {seed}: {now} steps, nothing wrong" + " " * 40)
            _progress(sum(told.values()), steps * len(seeds), time.monotonic() - began)
            time.sleep(1)
    _say(f"\n{sum(done.values())} commands done; never: {', '.join(never(done)) or 'none'}")
    return 1 if wrongs or (steps * len(seeds) >= STEPS and never(done)) else 0


def _progress(now: int, of: int, seconds: float) -> None:
    left = f", {seconds / now * (of - now) / 60:.0f} min left" if now else ""
    sys.stderr.write(f"\r{now:>8} of {of} steps{left}   ")
    sys.stderr.flush()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
