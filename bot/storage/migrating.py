"""Bring a database to today's schema (Alembic), on SQLite without losing triggers or children of a rebuilt table."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

REVISIONS = Path(__file__).parent / "migrations"


class BrokenKeys(Exception):
    """After a migration rows point at nothing; the migration is undone."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings: no file, our folder."""
    found = Config()
    found.set_main_option("script_location", str(REVISIONS))
    found.attributes["connection"] = connection
    return found


async def migrate(engine: AsyncEngine, revision: str = "head") -> None:
    """Upgrade to a revision in one transaction; raises BrokenKeys if a foreign key would dangle.

    On SQLite foreign keys are switched off meanwhile: rebuilding a table drops it, which would delete its children.
    """
    sqlite = engine.dialect.name == "sqlite"
    async with engine.connect() as connection:
        if sqlite:
            await connection.run_sync(_foreign_keys, False)
        try:
            async with connection.begin():
                await connection.run_sync(lambda sync: command.upgrade(config(sync), revision))
                if sqlite:
                    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
                    if broken:
                        raise BrokenKeys(", ".join(sorted({str(row[0]) for row in broken})))
        finally:
            if sqlite:
                await connection.run_sync(_foreign_keys, True)


def _foreign_keys(connection: Connection, on: bool) -> None:
    """Outside any transaction: SQLite ignores the pragma inside one."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    cursor.close()
