"""Whether a database has the tables of this version; asked without Alembic, whose import takes longer than the service's start."""

from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bot.storage.database import open_database

NEWEST = max(file.name.partition("_")[0] for file in (Path(__file__).parent / "migrations" / "versions").glob("0*.py"))
"""The number of this version's last revision."""


class Unopened(Exception):
    """A database that cannot be opened; says so, and why."""


async def complaints(url: str) -> list[str]:
    """Why nothing can be done with this database, for whoever runs the service; empty when all is well."""
    try:
        found = await revision(url)
    except Unopened as why:
        return [str(why)]
    if not found:
        return ["The database has no tables yet. First: python -m bot migrate"]
    if found < NEWEST:
        return ["The database's tables are those of an older version. First: python -m bot migrate"]
    return []  # a newer version's will do: migrations only add


async def revision(url: str) -> str:
    """The number of the last revision that it has had; empty before the first. Raises Unopened."""
    try:
        return await _found(make_url(url))
    except (DBAPIError, OSError) as error:
        raise Unopened(f"The database cannot be opened: {getattr(error, 'orig', error)}.") from error


async def _found(url: URL) -> str:
    if url.get_backend_name() == "sqlite":  # the thread of aiosqlite outlives a file that cannot be opened
        with create_engine(url.set(drivername="sqlite"), poolclass=NullPool).connect() as plain:
            return _revision(plain)
    engine = open_database(url.render_as_string(hide_password=False), pool=False)
    async with engine.connect() as connection:
        return await connection.run_sync(_revision)


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
