"""The calendar lives every local day of every municipality once, in order, those passed over included (R5.9, R8.1).

The service calls `live` each minute, the demo after it has moved the clock, the command line by hand. A lease lets one process work at
a time; what is done stands in `run`, so that whoever comes next takes up where the last one stopped.
"""

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Row, select

from bot.notifications.scheduler import Due, KnownPeriod, Step, days_passed, due
from bot.storage.calendar_jobs import DAILY, MINUTELY, Minutely
from bot.storage.desk import Desk, Tx
from bot.storage.leases import give, new_holder, take
from bot.storage.municipality import production_calendar
from bot.storage.retention import forget
from bot.storage.runs import RUNS, next_ids
from bot.storage.schema import funding_period, municipality, run

LEASE = "calendar"
Progress = Callable[[str, date, int], None]


async def live(desk: Desk) -> bool:
    """Everything that has fallen due; False if another process is at it. Called each minute."""
    return await Calendar(desk).live()


class NotOurTurn(Exception):
    """Another process lives the days now."""


class Calendar:
    """The days of an installation, lived through its desk."""

    def __init__(self, desk: Desk, progress: Progress = lambda step, day, count: None) -> None:
        """`progress(step, day, how many)` is called after each chunk."""
        self.desk, self.progress = desk, progress
        self._holder = new_holder()

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
        await self._run(place, day, Due(Step.CHARGE_MONTH), key)
        await self.desk.run(lambda tx: tx.sql(run.delete().where(run.c.key == key)))

    async def _live_place(self, place: int) -> None:
        for day in await self.desk.look(lambda tx: days_passed(_lived(tx, place), tx.today(place))):
            await self._live_day(place, day)
        today = await self.desk.look(lambda tx: tx.today(place))
        for period in await self.desk.look(lambda tx: _periods(tx, place)):
            if period.state == "open" and period.stop >= today:
                step = Due(Step.GRANT, period.id)
                await self._run(place, today, step, _key(place, today, step))

    async def _live_day(self, place: int, day: date) -> None:
        for step in await self.desk.look(partial(_due, place=place, day=day)):
            await self._run(place, day, step, _key(place, day, step))
        await self.desk.run(partial(self._end, place=place, day=day))

    async def _run(self, place: int, day: date, step: Due, key: str) -> None:
        """One run to its end, chunk after chunk; between them the chats have as much time as the chunk took."""
        if not await self.desk.look(lambda tx: self._has_work(tx, place, day, step, key)):
            return
        clock = asyncio.get_running_loop().time
        count = 0
        while True:
            began = clock()
            done = await self.desk.run(lambda tx: self._chunk(tx, place, day, step, key))
            if not done:
                return
            count += done
            self.progress(step.step.value, day, count)
            await asyncio.sleep(clock() - began)

    def _chunk(self, tx: Tx, place: int, day: date, step: Due, key: str) -> int:
        """The next ids of a run in one transaction; how many, 0 when it is done."""
        self._take_lease(tx)
        tx.living = day
        row = _started(tx, key)
        if row.state == "done":
            return 0
        kind = RUNS[step.step]
        ids = next_ids(tx, kind, place, day, step, int(row.progress or 0))
        if not ids:
            _done(tx, key)
            return 0
        kind.does(tx, ids, day, step)
        tx.sql(run.update().where(run.c.key == key).values(progress=str(ids[-1])))
        return len(ids)

    def _has_work(self, tx: Tx, place: int, day: date, step: Due, key: str) -> bool:
        """Whether a run has begun, or has anybody to concern: most days of most municipalities have nothing to write."""
        tx.living = day
        begun = tx.value(select(run.c.state).where(run.c.key == key))
        return begun == "going" or (begun is None and bool(next_ids(tx, RUNS[step.step], place, day, step, 0)))

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

    def _give_lease(self, tx: Tx) -> None:
        give(tx, LEASE, self._holder)


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
    tx.insert_new(run, [{"key": key, "state": "going", "progress": "", "started_at": tx.now}], "key")
    return tx.sql(select(run).where(run.c.key == key)).one()


def _done(tx: Tx, key: str) -> None:
    tx.sql(run.update().where(run.c.key == key).values(state="done", done_at=tx.now))
