"""Leases: what one process at a time may do (send for a channel, live the calendar), and who does it.

A lease is a row that its holder renews; another process takes it over when it was given back or has ended. The database's time decides, never
the replicas' clocks; a holder that could not renew stops in good time by its own. What a lost holder still wants to write is refused: `held` is
asked inside its transaction, and a take-over waits for that transaction.
"""

import asyncio
import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import ColumnElement, Interval, func, literal, select

from bot.storage.desk import Desk
from bot.storage.news import process
from bot.storage.schema import Instant, lease
from bot.storage.tx import Tx

TERM = 20.0
"""Seconds that a process which died keeps the others waiting."""
RENEW_EVERY = 3.0
LOOK_EVERY = 1.0
"""Seconds between two looks of a process that waits for a lease."""
PARTING = 10.0
"""Seconds before its lease ends in which a holder that could not renew it comes to an end."""
log = structlog.get_logger()


def new_holder() -> str:
    """A name for a holder in this process."""
    return f"{process()}:{secrets.token_hex(4)}"


def take(tx: Tx, name: str, holder: str) -> bool:
    """Take a lease, or renew it; False while another holder has it."""
    ours = {"holder": holder, "until": _now(tx, timedelta(seconds=TERM))}
    here = lease.update().where(lease.c.name == name)
    if tx.sql(here.where(lease.c.holder == holder).values(ours)).rowcount:
        return True
    known = select(lease.c.holder, (lease.c.until < _now(tx)).label("over")).where(lease.c.name == name)
    row = tx.row(known)
    if row is None:
        tx.insert_new(lease, [{"name": name, "holder": "", "until": tx.now}], "name")
    elif not _free(tx, row):
        return False  # seen without a lock: whoever waits does not stand in the holder's way
    if not _free(tx, tx.sql(known.with_for_update()).one()):
        return False
    tx.sql(here.values(ours))
    return True


def held(tx: Tx, name: str, holder: str) -> bool:
    """Whether nobody else has taken the lease; until the end of this transaction nobody will. On one machine there is nobody else."""
    if _one_machine(tx):
        return True
    known = select(lease.c.holder).where(lease.c.name == name).with_for_update(read=True)
    return bool(tx.value(known) == holder)


def give(tx: Tx, name: str, holder: str) -> None:
    """Give a lease back, if it is still ours."""
    tx.sql(lease.update().where(lease.c.name == name, lease.c.holder == holder).values(holder=""))


def somebody(tx: Tx) -> bool:
    """Whether any lease is held by a process that may be alive."""
    known = select(lease.c.holder, (lease.c.until < _now(tx)).label("over"))
    return not all(_free(tx, row) for row in tx.rows(known))


def _free(tx: Tx, row: Any) -> bool:
    return row.holder == "" or row.over or (_one_machine(tx) and _is_dead(row.holder))


def _now(tx: Tx, later: timedelta = timedelta()) -> ColumnElement[datetime]:
    """The database's time, as far in the future; SQLite's is that of the only machine there is."""
    if _one_machine(tx):
        return literal(tx.now + later, Instant)
    return func.timezone("utc", func.clock_timestamp(), type_=Instant()) + literal(later, Interval)


def _one_machine(tx: Tx) -> bool:
    return tx.connection.dialect.name == "sqlite"


def _is_dead(holder: str) -> bool:
    """Whether a holder's process, on this machine, has gone: then nobody need wait for the end of its lease."""
    name = holder.partition(":")[0]
    number = int(name.partition(".")[0])
    if number == os.getpid():
        return name != process()  # in a container a new process has the old one's number
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


class Work(Protocol):
    """What a holder does; it comes to an end when it is asked to."""

    async def run(self) -> None: ...
    async def stop(self) -> None: ...


class Keeper:
    """One lease of this process: waits for it, works while it is ours, gives it back."""

    def __init__(self, desk: Desk, name: str, begin: Callable[["Keeper"], Work], won: Callable[[Tx], None]) -> None:
        """`won` is done in the transaction that wins the lease, `begin` makes the work then."""
        self.name, self.holder = name, new_holder()
        self._desk, self._begin, self._won = desk, begin, won
        self._clock: Callable[[], float] = lambda: float("inf")  # nothing is ours before `run`
        self._until = float("-inf")
        self._working = False
        self._asking: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    def ours(self) -> bool:
        """Whether the lease is ours, by our own clock, and will be until what begins now has ended."""
        return self._clock() < self._until - PARTING

    async def run(self) -> None:
        """Until `stop`. Trouble of the database is waited out; a bug of the work is logged and the work begun again."""
        self._clock = asyncio.get_running_loop().time
        while not self._stopping.is_set():
            await self._ask(LOOK_EVERY)
            if self.ours() and not self._stopping.is_set():
                await self._work()
            else:
                await self._pause(LOOK_EVERY)
        try:
            await self._desk.run(lambda tx: give(tx, self.name, self.holder))
        except Exception as trouble:  # the database's; the lease ends by itself
            log.warning("lease.trouble", name=self.name, kind=type(trouble).__name__)

    async def stop(self) -> None:
        """Ask `run` to come to an end; does not wait for it."""
        self._stopping.set()

    async def _work(self) -> None:
        """Work, renewing the lease, until it cannot be renewed or the work ends."""
        log.info("lease.won", name=self.name)
        work = self._begin(self)
        self._working = True
        working = asyncio.create_task(work.run(), name=f"lease:{self.name}")
        while self.ours() and not (self._stopping.is_set() or working.done()):
            await self._pause(RENEW_EVERY)
            await self._ask(RENEW_EVERY)
        await work.stop()
        await asyncio.wait({working, *([self._asking] if self._asking else [])})
        self._working, self._asking, self._until = False, None, float("-inf")
        if bug := working.exception():
            log.error("lease.bug", name=self.name, kind=type(bug).__name__)
            await self._pause(LOOK_EVERY)
        log.info("lease.left", name=self.name)

    async def _ask(self, patience: float) -> None:
        """Take or renew; an answer that does not come in time may still come: nothing is asked twice at once."""
        if self._stopping.is_set():
            return
        if self._asking is None:
            self._asking = asyncio.create_task(self._take())
        done, _late = await asyncio.wait({self._asking}, timeout=patience)
        if done:
            self._asking = None

    async def _take(self) -> None:
        asked = self._clock()
        try:
            won = await self._desk.run(self._taken)
        except Exception as trouble:  # the database's; the lease ends by itself if it lasts
            log.warning("lease.trouble", name=self.name, kind=type(trouble).__name__)
            return
        self._until = asked + TERM if won else float("-inf")

    def _taken(self, tx: Tx) -> bool:
        if not take(tx, self.name, self.holder):
            return False
        if not self._working:
            self._won(tx)
        return True

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass
