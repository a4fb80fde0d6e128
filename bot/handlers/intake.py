"""Where channels bring their updates: whatever waits is taken together, in one transaction; the messenger is acknowledged after its commit.

Trouble with the database drops the whole batch unacknowledged; it is taken again, one by one.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

import structlog
from prometheus_client import Histogram

from bot.handlers.turn import REFUSED, Answered, Update, put_aside, take
from bot.storage.desk import Desk
from bot.storage.schema import seen_update, setting
from bot.storage.tx import Tx

MAX_BATCH = 64
TRIES = 3
log = structlog.get_logger()
turn_seconds = Histogram(
    "kruzhok_turn_seconds",
    "From an update's arrival to its commit",
    ["channel", "outcome"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
batch_updates = Histogram("kruzhok_batch_updates", "Updates in one transaction", buckets=(1, 2, 4, 8, 16, 32, 64, 128))
time_of = cache(turn_seconds.labels)


@dataclass
class _Waiting:
    updates: Sequence[Update]
    position: tuple[str, str] | None
    also: Callable[[Tx], None] | None
    since: float = field(default_factory=time.monotonic)
    done: "asyncio.Future[Sequence[Answered]]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


def _saw(update: Update, outcome: str, waiting: _Waiting) -> None:
    """Count a turn and its time."""
    seconds = time.monotonic() - waiting.since
    time_of(update.channel, outcome).observe(seconds)
    log.debug("turn", turn=update.key, channel=update.channel, outcome=outcome, ms=round(seconds * 1000, 1))


class Intake:
    """Those that wait together are committed together."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._waiting: list[_Waiting] = []
        self._worker: asyncio.Task[None] | None = None

    async def take(
        self,
        updates: Sequence[Update],
        position: tuple[str, str] | None = None,
        also: Callable[[Tx], None] | None = None,
    ) -> Sequence[Answered]:
        """Returns after the commit. Raises the database's trouble if it lasts: then nothing of these updates has happened.

        `position` (a name and a value, such as VK's `ts`) is stored in the same transaction; `also` is done in it, before the turns.
        """
        waiting = _Waiting(updates, position, also)
        self._waiting.append(waiting)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await asyncio.shield(waiting.done)

    def waiting(self) -> tuple[int, float]:
        """How many updates have been brought and not begun, and for how many seconds the first of them has waited."""
        since = time.monotonic() - self._waiting[0].since if self._waiting else 0.0
        return sum(len(each.updates) for each in self._waiting), since

    async def set_aside(self, channel: str, key: str, raw: str, why: str) -> None:
        """Keep what could not even be understood as an update."""

        def keep(tx: Tx) -> None:
            if tx.insert_new(seen_update, [{"key": key, "at": tx.now}], "key"):
                put_aside(tx, channel, key, raw, why)

        await self.desk.run(keep)

    async def position(self, name: str) -> str | None:
        """What was stored with the last taken updates."""
        query = setting.select().with_only_columns(setting.c.value).where(setting.c.name == name)
        value: str | None = await self.desk.run(lambda tx: tx.value(query))
        return value

    async def close(self) -> None:
        """Until everything that was brought has been taken."""
        if self._worker is not None:
            await asyncio.wait([self._worker])

    async def _work(self) -> None:
        while self._waiting:
            batch: list[_Waiting] = []
            while self._waiting and sum(len(waiting.updates) for waiting in batch) < MAX_BATCH:
                batch.append(self._waiting.pop(0))
            try:
                await self._take_together(batch)
            except Exception as trouble:
                log.warning("turn.batch", kind=type(trouble).__name__, updates=sum(len(w.updates) for w in batch))
                for waiting in batch:
                    await self._take_alone(waiting)

    async def _take_together(self, batch: Sequence[_Waiting]) -> None:
        updates = [update for waiting in batch for update in waiting.updates]
        positions = [waiting.position for waiting in batch if waiting.position is not None]

        def work(tx: Tx) -> list[Answered]:
            for waiting in batch:
                if waiting.also is not None:
                    waiting.also(tx)
            answers = take(tx, updates)
            for name, value in positions:
                tx.upsert(setting, [{"name": name, "value": value}], "name")
            return answers

        if updates:
            self.desk.last_turn = asyncio.get_running_loop().time()
        answers = await self.desk.run(work)
        for waiting in batch:
            mine, answers = answers[: len(waiting.updates)], answers[len(waiting.updates) :]
            for update, answer in zip(waiting.updates, mine, strict=True):
                _saw(update, answer.outcome, waiting)
            if not waiting.done.done():
                waiting.done.set_result(mine)
        batch_updates.observe(len(updates))

    async def _take_alone(self, waiting: _Waiting) -> None:
        for attempt in range(TRIES):
            try:
                return await self._take_together([waiting])
            except Exception as trouble:
                log.warning("turn.trouble", kind=type(trouble).__name__, attempt=attempt)
                if attempt == TRIES - 1:
                    for update in waiting.updates:
                        _saw(update, REFUSED, waiting)
                    if not waiting.done.done():
                        waiting.done.set_exception(trouble)
                    return
                await asyncio.sleep(0.05 * 2**attempt)
