"""Opening the database: SQLite so that it never loses a write, PostgreSQL as it is; and how the desk works on each."""

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

T = TypeVar("T")
SQLITE = {"journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "ON"}
"""What each connection is told: a commit is on the disk when it returns."""
PATIENCE = 10.0
"""Seconds that whoever writes to SQLite waits for another process's lock."""
WRITING = {"cache_size": "-8000"}
"""And what the one that writes is told besides: to keep 8 MB of pages. A run comes back to the same pages of the same indexes with each chunk."""
READING = 4
"""SQLite connections that read beside the one that writes."""
POSTGRESQL = {"jit": "off", "max_parallel_workers_per_gather": "0"}
"""Each statement is milliseconds of many that come at once: to start workers for it, or a compiler, takes longer than it does."""
RESTED = 1
"""Seconds in which nobody used a connection."""


def async_url(url: str) -> str:
    """`sqlite:///x.db` and `postgresql://…` as they are written everywhere, with the drivers that we use."""
    parsed = make_url(url)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
    return parsed.set(drivername=drivers.get(parsed.drivername, parsed.drivername)).render_as_string(
        hide_password=False
    )


def open_database(url: str, *, pool: bool = True) -> AsyncEngine:
    """An engine whose transactions begin with a write lock on SQLite (no «database is locked» in the middle of one)."""
    url = async_url(url)
    if url.startswith("sqlite"):
        engine = create_async_engine(url, **({} if pool else {"poolclass": NullPool}))
        never_losing(engine.sync_engine)
        return engine
    settings = {"connect_args": {"server_settings": POSTGRESQL}}
    # the one used last is taken first: it knows the statements, and those that a burst has opened may rest
    engine = create_async_engine(url, **settings, **({"pool_use_lifo": True} if pool else {"poolclass": NullPool}))
    _never_dead(engine.sync_engine)
    return engine


def _never_dead(engine: Engine) -> None:
    """A connection that has rested is asked whether it still stands. To ask before each transaction costs three round trips of twenty, and one that was
    used a moment ago breaks no likelier than in the middle of the next."""

    def note(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["used"] = time.monotonic()

    def ask(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if time.monotonic() - entry.info.get("used", math.inf) > RESTED:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as gone:
                raise InvalidatePoolError from gone  # the pool opens another, and no other that is as old is taken

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)


def never_losing(engine: Engine, patience: float = PATIENCE) -> None:
    """SQLite's settings, the write lock at each beginning, and no COMMIT of a transaction that SQLite has ended by itself."""
    event.listen(engine, "connect", _told({**SQLITE, "busy_timeout": f"{1000 * patience:.0f}"}))
    event.listen(engine, "begin", _begin_immediate)
    event.listen(engine, "commit", _still_open)


def _told(settings: Mapping[str, str]) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    def tell(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: BEGIN IMMEDIATE is ours
        cursor = connection.cursor()
        for name, value in settings.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()

    return tell


def _begin_immediate(connection: Connection) -> None:
    reads = connection.get_execution_options().get("only_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _still_open(connection: Connection) -> None:
    """A full disk makes SQLite roll back in the middle: what came after would be committed without what came before."""
    driver = connection.connection.driver_connection
    if not getattr(driver, "in_transaction", True):
        raise OperationalError("COMMIT", None, Exception("the transaction was ended by the database"))


class Work(Protocol):
    """How the desk's synchronous work meets a database."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """In a transaction: committed when `work` returns, undone when it raises."""
        ...

    async def look(self, work: Callable[[Connection], T]) -> T:
        """In a transaction that only reads, beside whatever is being written."""
        ...


class Threads:
    """SQLite: what may have to wait (for another process's lock, for the disk) waits in a thread, what only reckons is done in the loop's own.

    The statements of a transaction neither wait nor sync; in a thread of their own they would fight the loop for the interpreter's
    lock, row by row. Closed with the engine that it was made for.
    """

    def __init__(self, engine: AsyncEngine, patience: float = PATIENCE) -> None:
        plain = engine.url.set(drivername="sqlite")
        self._writing = create_engine(plain, pool_size=1, max_overflow=0)
        self._reading = create_engine(plain, pool_size=READING, max_overflow=0)
        for each in (self._writing, self._reading):
            never_losing(each, patience)
        event.listen(self._writing, "connect", _told(WRITING))
        self._writer = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(READING, "reader")
        event.listen(engine.sync_engine, "engine_disposed", self._close)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See the protocol. One at a time: the desk sees to that."""
        connection = await self._waits(self._begin, undo=Connection.close)
        try:
            answer = work(connection)
        except BaseException:
            await self._waits(connection.close)
            raise
        await self._waits(partial(_commit, connection))
        return answer

    def _begin(self) -> Connection:
        connection = self._writing.connect()
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection

    async def _waits(self, step: Callable[[], T], undo: Callable[[T], object] = lambda done: None) -> T:
        """A step in the writer's thread. It cannot be stopped: whoever is cancelled meanwhile has what came of it undone."""
        done = asyncio.get_running_loop().run_in_executor(self._writer, step)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            done.add_done_callback(lambda late: late.cancelled() or late.exception() or undo(late.result()))
            raise

    async def look(self, work: Callable[[Connection], T]) -> T:
        """See the protocol."""

        def transaction() -> T:
            with self._reading.connect().execution_options(only_reads=True) as connection, connection.begin():
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._readers, transaction)

    def _close(self, _engine: Engine) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    finally:
        connection.close()


class Greenlets:
    """PostgreSQL: the same synchronous work over the asynchronous driver, a wait for each statement."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See the protocol."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def look(self, work: Callable[[Connection], T]) -> T:
        """See the protocol."""
        async with self._engine.connect() as connection:
            await connection.execution_options(only_reads=True)
            async with connection.begin():
                return await connection.run_sync(work)


def work_on(engine: AsyncEngine, patience: float = PATIENCE) -> Work:
    """The way of this database; see `PATIENCE`."""
    return Threads(engine, patience) if engine.dialect.name == "sqlite" else Greenlets(engine)
