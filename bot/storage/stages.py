"""Long work, stage by stage, some units a transaction: what stalls no chat, and goes on from any place where it stopped.

A stage does some units in one transaction and says where it goes on. Where the work is, what it has come to, and what it must remember
stand together in `Place`, which whoever keeps it writes in the same transaction.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.registry.line import Change, RowError
from bot.storage.desk import Desk
from bot.storage.tx import Tx

Found = RowError | Change
LONGEST_REST = 0.25
MOST = 100
"""Units of one transaction at most."""


@dataclass(frozen=True)
class Pace:
    """`chunk`: seconds that a transaction's work may take. `rest`: how long to rest after it, in the time from asking for it to its commit:
    where many wait for the writer, we rest longer. `least`: units below which a transaction's own statements are most of its work: a machine that
    is busy otherwise would make chunks ever smaller, and so ever dearer."""

    chunk: float
    rest: float
    least: int = 1


@dataclass(frozen=True)
class Place:
    """Stage `stage` goes on at unit `at`; `done` lines of the total have been looked at; `report` counts what came of them."""

    stage: int = 0
    at: int = 0
    done: int = 0
    report: Mapping[str, int] = field(default_factory=dict)
    memo: Mapping[str, Any] = field(default_factory=dict)
    """Whatever later stages must know; JSON."""


@dataclass(frozen=True)
class Did:
    """What came of some units. `at`: where the stage goes on, None when it has ended. `memo` is added to what is remembered."""

    at: int | None
    done: int = 0
    report: Mapping[str, int] = field(default_factory=dict)
    found: Sequence[Found] = ()
    memo: Mapping[str, Any] = field(default_factory=dict)


Stage = Callable[[Tx, Place, int], Did]
"""Does so many units from `place.at` on."""
Keep = Callable[[Tx, Place, Did], None]
"""Writes a place that was reached, in the transaction that reached it; raises where it may not."""


def reached(place: Place, did: Did) -> Place:
    """Where the work is after that."""
    report = dict(Counter(place.report) + Counter(did.report))
    stage, at = (place.stage + 1, 0) if did.at is None else (place.stage, did.at)
    return Place(stage, at, place.done + did.done, report, {**place.memo, **did.memo})


async def go(desk: Desk, stages: Sequence[Stage], place: Place, keep: Keep, pace: Callable[[], Pace]) -> Place:
    """To the end, from a place on; `pace` is asked after every chunk."""
    clock = asyncio.get_running_loop().time
    size = 1

    def step(tx: Tx) -> tuple[Place, float]:
        began = clock()
        did = stages[place.stage](tx, place, size)
        there = reached(place, did)
        keep(tx, there, did)
        return there, clock() - began

    while place.stage < len(stages):
        stage, asked = place.stage, clock()
        place, took = await desk.run(step)
        now = pace()
        size = int(size * now.chunk / max(took, now.chunk / 4)) if place.stage == stage else 1
        size = min(max(size, now.least), MOST)
        await asyncio.sleep(min(now.rest * (clock() - asked), LONGEST_REST))
    return place
