"""The calendar lives every local day of every municipality once, in order, those passed over included (R5.9, R8.1).

The service calls `live` each minute, the demo after it has moved the clock, the command line by hand. A lease lets one process work at
a time; what is done stands in `run`, so that whoever comes next takes up where the last one stopped.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial

from prometheus_client import Gauge
from sqlalchemy import select

from bot.notifications.scheduler import Due, KnownPeriod, Step, days_passed, due
from bot.storage import announcement
from bot.storage.calendar_jobs import DAILY, MINUTELY, Minutely
from bot.storage.desk import Desk
from bot.storage.jobs import Job
from bot.storage.leases import RENEW_EVERY, give, held, new_holder, take
from bot.storage.municipality import production_calendar
from bot.storage.retention import forget
from bot.storage.runs import ONE_BY_ONE, RUNS, all_concerned
from bot.storage.schema import funding_period, municipality, run
from bot.storage.tx import Tx
from bot.storage.work import Clock, Did, Ids, Work, do_chunk, found, next_size

LEASE = "calendar"
lived = Gauge("kruzhok_calendar_lived_timestamp_seconds", "When this process last did all that had fallen due")
ran = Gauge("kruzhok_calendar_run_timestamp_seconds", "When a run last ended", ["step"])
run_seconds = Gauge(
    "kruzhok_calendar_run_seconds", "How long the last run took, with the pauses for the chats", ["step"]
)
run_rows = Gauge("kruzhok_calendar_run_rows", "How many the last run concerned", ["step"])
Progress = Callable[[str, date, int, int], None]


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
            await self._try(self._live_place(place), troubles)
        for number in await self.desk.look(announcement.going):
            await self._try(self._tell(number), troubles)
        for job in MINUTELY:
            await self.desk.run(partial(self._minute, job=job))
        await forget(self.desk, self._take_lease)
        return troubles

    async def _try(self, work: Awaitable[None], troubles: list[Exception]) -> None:
        """One municipality's trouble is its own: the others go on, and whoever called hears of it at the end."""
        try:
            await work
        except NotOurTurn:
            raise
        except Exception as trouble:  # raised by `live` when the others have been lived
            troubles.append(trouble)

    async def _tell(self, number: int) -> None:
        """What an announcement has not told yet."""
        await self._work(await self.desk.look(partial(announcement.telling, number=number)))

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
        work = _of_step(Due(Step.CHARGE_MONTH), place, day, again="again:")
        await self._work(work)
        await self.desk.run(lambda tx: tx.sql(run.delete().where(run.c.key == work.key)))

    async def _live_place(self, place: int) -> None:
        for day in await self.desk.look(lambda tx: days_passed(_lived(tx, place), tx.today(place))):
            await self._live_day(place, day)
        today = await self.desk.look(lambda tx: tx.today(place))
        for period in await self.desk.look(lambda tx: _periods(tx, place)):
            if period.state == "open" and period.stop >= today:
                await self.step(place, today, Due(Step.GRANT, period.id))

    async def _live_day(self, place: int, day: date) -> None:
        for step in await self.desk.look(partial(_due, place=place, day=day)):
            await self.step(place, day, step)
        at = 0
        while (job := await self.desk.look(partial(_next_job, place=place, day=day, first=at))) is not None:
            await self._work(_of_job(DAILY[job], place, day))
            at = job + 1
        await self.desk.run(partial(self._end, place=place, day=day))

    async def step(self, place: int, day: date, step: Due) -> None:
        """A run of money to its end."""
        await self._work(_of_step(step, place, day))

    async def _work(self, work: Work) -> None:
        """Chunk after chunk to the end: the desk's queue lets every chat in between that came meanwhile."""
        clock = asyncio.get_running_loop().time
        size, done, started = work.chunk, 0, clock()
        while it := await self.desk.look(partial(found, work=work)):
            after, ids = it
            first, total = 0, done + len(ids)
            while True:
                chunk = ids[first : first + size]
                began = clock()
                did = await self.desk.run(partial(self._chunk, work, after, chunk, clock))
                if did is None:
                    break
                first, done, after = first + did.count, done + did.count, chunk[did.count - 1]
                self.progress(work.name, work.day, done, total)
                size = next_size(size, did.seconds, work.least)
                await asyncio.sleep(self.rest * (clock() - began))
        if done:
            ran.labels(work.name).set_to_current_time()
            run_seconds.labels(work.name).set(clock() - started)
            run_rows.labels(work.name).set(done)

    def _chunk(self, work: Work, after: int, ids: Ids, clock: Clock, tx: Tx) -> Did | None:
        self._keep_lease(tx, clock())
        return do_chunk(tx, work, after, ids, clock)

    def _minute(self, tx: Tx, job: Minutely) -> None:
        self._take_lease(tx)
        job(tx)

    def _end(self, tx: Tx, place: int, day: date) -> None:
        """The day is lived: its steps need not be remembered one by one."""
        self._take_lease(tx)
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


def _of_step(step: Due, place: int, day: date, again: str = "") -> Work:
    """A period is granted once; everything else is of its day."""
    kind, granted = RUNS[step.step], step.step is Step.GRANT
    return Work(
        step.step.value,
        day,
        again + (f"grant:{step.period}" if granted else f"{step.name}:{place}:{day}"),
        lambda tx, after: all_concerned(tx, kind, place, day, step, after),
        lambda tx, ids: kind.does(tx, ids, day, step),
        kind.chunk,
        kind.least,
        once=granted,
    )


def _of_job(job: Job, place: int, day: date) -> Work:
    def does(tx: Tx, ids: Ids) -> None:
        job.does(tx, ids, place, day)

    return Work(
        job.name, day, f"{job.name}:{place}:{day}", lambda tx, after: job.ids(tx, place, day, after), does, ONE_BY_ONE
    )


def _next_job(tx: Tx, place: int, day: date, first: int) -> int | None:
    """The first of the day's jobs, from that one on, that has anything to do."""
    numbers = range(first, len(DAILY))
    return next((each for each in numbers if found(tx, _of_job(DAILY[each], place, day))), None)


def _lived(tx: Tx, place: int) -> date | None:
    day = tx.value(select(run.c.progress).where(run.c.key == f"lived:{place}"))
    return date.fromisoformat(day) if day else None


def _due(tx: Tx, place: int, day: date) -> list[Due]:
    first = _lived(tx, place) is None
    return due(day, _periods(tx, place), tx.policy(place), first, production_calendar(tx, place))


def _periods(tx: Tx, place: int) -> list[KnownPeriod]:
    table = funding_period
    rows = tx.rows(select(table).where(table.c.municipality == place).order_by(table.c.start))
    return [KnownPeriod(row.id, row.start, row.stop, row.state) for row in rows]
