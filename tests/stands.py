"""The tests' databases: one of each kind stands for all tests of a worker, and is emptied for each.

Its engine stays with it: the statements are compiled and prepared, the connections know the tables. All that anew for each test was more than
half of what the tests on a database cost.
"""

import asyncio
import sqlite3
from pathlib import Path
from typing import Protocol

import asyncpg
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.database import Greenlets, Threads, Work, open_database
from bot.storage.vocabulary import vocabularies

FORM = "SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_constraint)"
BUSY = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
EMPTYING = """SELECT 'SET session_replication_role = replica;'
    || (SELECT string_agg(format('DELETE FROM %I;', tablename), '') FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version')
    || (SELECT string_agg(format('SELECT setval(%L, 1, false);', oid::regclass), '') FROM pg_class WHERE relkind = 'S')"""


class Stand(Protocol):
    """A database, and how the desk works on it."""

    url: str
    engine: AsyncEngine
    work: Work

    def emptied(self) -> str:
        """With empty tables, as the schema makes them; its URL."""
        ...


class SQLiteStand:
    """A file; the pages of another with empty tables come into it."""

    def __init__(self, empty: Path, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'town.db'}"
        self.engine = open_database(self.url)
        self.work = Threads(self.engine)
        self._empty, self._file = sqlite3.connect(empty), sqlite3.connect(folder / "town.db")
        self._file.execute("PRAGMA synchronous = OFF")

    def emptied(self) -> str:
        """See the protocol. OperationalError if somebody still writes, for whom the backup would wait for ever."""
        self._file.execute("BEGIN IMMEDIATE")
        self._file.commit()
        self._empty.backup(self._file)
        vocabularies.clear()  # stems are only ever added, except here
        return self.url


class PostgresStand:
    """A database of the server `server`, copied from one with empty tables at first, and after a test that has changed the tables themselves."""

    def __init__(self, server: str, runner: asyncio.Runner) -> None:
        self.url = make_url(server).set(database="town").render_as_string(hide_password=False)
        self.engine = open_database(self.url)
        self.work = Greenlets(self.engine)
        self._server, self._runner = server, runner
        self._here: asyncpg.Connection | None = None
        self._form: object = None
        self._emptying = ""

    def emptied(self) -> str:
        """See the protocol."""
        self._runner.run(self._empty())
        vocabularies.clear()
        return self.url

    def closed(self) -> None:
        """Nobody keeps the server from its end."""
        self._runner.run(self.engine.dispose())
        if self._here is not None:
            self._runner.run(self._here.close())

    async def _empty(self) -> None:
        if self._here is None or self._here.is_closed():
            await self._copy()
        elif await self._here.fetchrow(FORM) != self._form:
            await self._here.close()
            await self._copy()
        else:
            await self._here.execute(BUSY)
            await self._here.execute(self._emptying)

    async def _copy(self) -> None:
        await self.engine.dispose()
        await copied(self._server, "town")
        self._here = await asyncpg.connect(self.url)
        self._form, self._emptying = await self._here.fetchrow(FORM), await self._here.fetchval(EMPTYING)


async def copied(server: str, name: str) -> str:
    """A copy of the server's database with empty tables, in the place of one of that name; its URL."""
    engine = open_database(server).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE empty_town"))
    await engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def alone() -> None:
    """Nothing that a test has begun goes on behind it."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
