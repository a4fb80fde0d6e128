"""The calendar lives every local day of every municipality once, in order, those passed over included (R5.9, R8.1).

The service calls `live` each minute, the demo after it has moved the clock, the command line by hand. A lease lets one process work at
a time; what is done stands in `run`, so that whoever comes next takes up where the last one stopped.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from prometheus_client import Gauge
from sqlalchemy import Row, select

from bot.notifications.scheduler import Due, KnownPeriod, Step, days_passed, due
from bot.storage.calendar_jobs import DAILY, MINUTELY, Minutely
from bot.storage.desk import Desk, Tx
from bot.storage.leases import RENEW_EVERY, give, held, new_holder, take
from bot.storage.municipality import production_calendar
from bot.storage.retention import forget
from bot.storage.runs import RUNS, Ids, all_concerned
from bot.storage.schema import funding_period, municipality, run

LEASE = "calendar"
CHUNK = 0.02
"""Seconds that the work of a chunk may take: what a chat that comes in the middle of it waits for."""
MOST = 4000
lived = Gauge("kruzhok_calendar_lived_timestamp_seconds", "When this process last did all that had fallen due")
ran = Gauge("kruzhok_calendar_run_timestamp_seconds", "When a run last ended", ["step"])
run_seconds = Gauge(
    "kruzhok_calendar_run_seconds", "How long the last run took, with the pauses for the chats", ["step"]
)
run_rows = Gauge("kruzhok_calendar_run_rows", "How many the last run concerned", ["step"])
Progress = Callable[[str, date, int, int], None]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Did:
    """A chunk: how many ids, and the seconds that its work took."""

    count: int
    seconds: float


def next_size(size: int, seconds: float, least: int) -> int:
    """How many the next chunk takes, after one of `size` took so long: no more than twice as many, however fast that was."""
    return min(max(int(size * CHUNK / max(seconds, CHUNK / 2)), least), MOST)


async def live(desk: Desk) -> bool:
    """Everything that has fallen due; False if another process is at it. Called each minute."""
    return await Calendar(desk).live()


class NotOurTurn(Exception):
    """Another process lives the days now."""


class Calendar:
    """The days of an installation, lived through its desk."""

    def __init__(
        self, desk: Desk, progress: Progress = lambda step, day, count, total: None, rest: float = 0.0
    ) -> None:
        """`progress(step, day, how many are done, of how many)` is called after each chunk.

        `rest`: how long to rest after a chunk, in chunks. A desk's own queue is fair, so only a process beside the service needs it.
        """
        self.desk, self.progress, self.rest = desk, progress, rest
        self._holder = new_holder()
        self._renewed = float("-inf")

    async def live(self) -> bool:
        """Everything that has fallen due; False if another process is at it. Errors of one municipality do not stop the others."""
        try:
            troubles = await self._live()
        except NotOurTurn:
            return False
        finally:
            await self.desk.run(self._give_lease)
        if len(troubles) > 1:
            raise ExceptionGroup("the days of several municipalities could not be lived", troubles)
        if troubles:
            raise troubles[0]
        lived.set_to_current_time()
        return True

    async def _live(self) -> list[Exception]:
        troubles: list[Exception] = []
        for place in await self.desk.run(self._places):
            try:
                await self._live_place(place)
            except NotOurTurn:
                raise
            except Exception as trouble:
                troubles.append(trouble)
        for job in MINUTELY:
            await self.desk.run(partial(self._minute, job=job))
        await forget(self.desk, self._take_lease)
        return troubles

    async def charge_month(self, day: date) -> None:
        """The monthly charge of every municipality as of a day, once more: what was charged before stays so (R5.3).

        ValueError for a day that has not come. NotOurTurn while another process is at it.
        """
        try:
            for place in await self.desk.run(self._places):
                await self._charge_again(place, day)
        finally:
            await self.desk.run(self._give_lease)

    async def _charge_again(self, place: int, day: date) -> None:
        if day > await self.desk.look(lambda tx: tx.today(place)):
            raise ValueError(f"{day} has not come yet")
        key = f"again:charge_month:{place}:{day}"
        await self.step(place, day, Due(Step.CHARGE_MONTH), key)
        await self.desk.run(lambda tx: tx.sql(run.delete().where(run.c.key == key)))

    async def _live_place(self, place: int) -> None:
        for day in await self.desk.look(lambda tx: days_passed(_lived(tx, place), tx.today(place))):
            await self._live_day(place, day)
        today = await self.desk.look(lambda tx: tx.today(place))
        for period in await self.desk.look(lambda tx: _periods(tx, place)):
            if period.state == "open" and period.stop >= today:
                step = Due(Step.GRANT, period.id)
                await self.step(place, today, step, _key(place, today, step))

    async def _live_day(self, place: int, day: date) -> None:
        for step in await self.desk.look(partial(_due, place=place, day=day)):
            await self.step(place, day, step, _key(place, day, step))
        await self.desk.run(partial(self._end, place=place, day=day))

    async def step(self, place: int, day: date, step: Due, key: str) -> None:
        """One run to its end, chunk after chunk: the desk's queue lets every chat in between that came meanwhile."""
        kind, clock = RUNS[step.step], asyncio.get_running_loop().time
        size, done, started = kind.chunk, 0, clock()
        while found := await self.desk.look(partial(_found, place=place, day=day, step=step, key=key)):
            after, ids = found
            first, total = 0, done + len(ids)
            while True:
                chunk = ids[first : first + size]
                began = clock()
                did = await self.desk.run(partial(self._chunk, place, day, step, key, after, chunk, clock))
                if did is None:
                    break
                first, done, after = first + did.count, done + did.count, chunk[did.count - 1]
                self.progress(step.step.value, day, done, total)
                size = next_size(size, did.seconds, kind.least)
                await asyncio.sleep(self.rest * (clock() - began))
        if done:
            ran.labels(step.step.value).set_to_current_time()
            run_seconds.labels(step.step.value).set(clock() - started)
            run_rows.labels(step.step.value).set(done)

    def _chunk(
        self, place: int, day: date, step: Due, key: str, after: int, ids: Ids, clock: Clock, tx: Tx
    ) -> Did | None:
        """The next ids of a run in one transaction; None when it is done, or its place in the list is another now."""
        began = clock()
        self._keep_lease(tx, began)
        tx.living = day
        row = _started(tx, key)
        if row.state == "done" or int(row.progress or 0) != after:
            return None
        if not ids:
            _done(tx, key)
            return None
        count = RUNS[step.step].does(tx, ids, day, step) or len(ids)
        tx.sql(run.update().where(run.c.key == key).values(progress=str(ids[count - 1])))
        return Did(count, clock() - began)

    def _minute(self, tx: Tx, job: Minutely) -> None:
        self._take_lease(tx)
        job(tx)

    def _end(self, tx: Tx, place: int, day: date) -> None:
        """The features' own jobs, and the day is lived: its steps need not be remembered one by one."""
        self._take_lease(tx)
        tx.living = day
        for job in DAILY:
            job(tx, place, day)
        values = {
            "key": f"lived:{place}",
            "state": "done",
            "progress": str(day),
            "started_at": tx.now,
            "done_at": tx.now,
        }
        tx.upsert(run, [values], "key")
        tx.sql(run.delete().where(run.c.key.like(f"%:{place}:{day}")))

    def _places(self, tx: Tx) -> list[int]:
        self._take_lease(tx)
        return list(tx.sql(select(municipality.c.id).order_by(municipality.c.id)).scalars())

    def _take_lease(self, tx: Tx) -> None:
        """Ours for the next seconds. NotOurTurn if another process has it."""
        if not take(tx, LEASE, self._holder):
            raise NotOurTurn

    def _keep_lease(self, tx: Tx, now: float) -> None:
        """Renewed now and then; in between it is enough that nobody else has it."""
        if now >= self._renewed + RENEW_EVERY:
            self._take_lease(tx)
            self._renewed = now
        elif not held(tx, LEASE, self._holder):
            raise NotOurTurn

    def _give_lease(self, tx: Tx) -> None:
        give(tx, LEASE, self._holder)


def _found(tx: Tx, place: int, day: date, step: Due, key: str) -> tuple[int, Ids] | None:
    """How far a run has come, and all that it still concerns; None where it is done, or never had anything to do."""
    tx.living = day
    row = tx.row(select(run.c.state, run.c.progress).where(run.c.key == key))
    if row is not None and row.state == "done":
        return None
    after = int(row.progress or 0) if row is not None else 0
    ids = all_concerned(tx, RUNS[step.step], place, day, step, after)
    nothing = row is None and not ids and step.step is not Step.GRANT  # which each minute would look for again
    return None if nothing else (after, ids)


def _lived(tx: Tx, place: int) -> date | None:
    day = tx.value(select(run.c.progress).where(run.c.key == f"lived:{place}"))
    return date.fromisoformat(day) if day else None


def _due(tx: Tx, place: int, day: date) -> list[Due]:
    first = _lived(tx, place) is None
    return due(day, _periods(tx, place), tx.policy(place), first, production_calendar(tx))


def _periods(tx: Tx, place: int) -> list[KnownPeriod]:
    table = funding_period
    rows = tx.rows(select(table).where(table.c.municipality == place).order_by(table.c.start))
    return [KnownPeriod(row.id, row.start, row.stop, row.state) for row in rows]


def _key(place: int, day: date, step: Due) -> str:
    """A period is granted once; everything else is of its day."""
    return f"grant:{step.period}" if step.step is Step.GRANT else f"{step.name}:{place}:{day}"


def _started(tx: Tx, key: str) -> Row[Any]:
    known = select(run).where(run.c.key == key)
    if row := tx.row(known):
        return row
    tx.sql(run.insert().values(key=key, state="going", progress="", started_at=tx.now))
    return tx.sql(known).one()


def _done(tx: Tx, key: str) -> None:
    tx.sql(run.update().where(run.c.key == key).values(state="done", done_at=tx.now))
