"""A database without any table: the year begins with the migrations."""

import asyncio

import pytest
from sqlalchemy import make_url, text

from bot.storage.database import open_database


@pytest.fixture
def empty_database(postgres: str) -> str:
    """Its URL, on PostgreSQL; the years in VK and on the web are lived on SQLite."""
    return asyncio.run(made_anew(postgres))


async def made_anew(server: str) -> str:
    """An empty database on the server; the last one goes."""
    engine = open_database(server).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("DROP DATABASE IF EXISTS year WITH (FORCE)"))
        await connection.execute(text("CREATE DATABASE year"))
    await engine.dispose()
    return make_url(server).set(database="year").render_as_string(hide_password=False)
