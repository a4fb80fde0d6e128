"""News between processes: on PostgreSQL a commit tells the others at once (NOTIFY); on SQLite everybody looks each second."""

import asyncio
import os
import secrets
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

OUTBOX, PAGES = "kruzhok_outbox", "kruzhok_pages"
"""Something is in the outbox (told by which process); these web chats have something to read."""
AGAIN_AFTER = 1.0
"""Seconds until a lost line is taken up again; meanwhile everybody looks each second as on SQLite."""
LONGEST = 7_000
"""Bytes; PostgreSQL refuses 8 000."""
log = structlog.get_logger()


class Desk(Protocol):
    """What is needed of a desk."""

    engine: AsyncEngine

    def news(self) -> None: ...


@cache
def process() -> str:
    """This process among all that work on the database: its number and something that no process before it had."""
    return f"{os.getpid()}.{secrets.token_hex(4)}"


def tell(connection: Connection, channel: str, *words: str) -> None:
    """Tell everybody who listens, with the commit of this transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(channel, " ".join(words)[:LONGEST])))


async def listen(desk: Desk, wake_pages: Callable[[Iterable[str]], None]) -> None:
    """Until cancelled: what other processes tell is news here too."""
    if desk.engine.dialect.name != "postgresql":
        return

    def heard(_line: Any, _process: int, channel: str, words: str) -> None:
        if channel == PAGES:
            wake_pages(words.split())
        elif words != process():
            desk.news()

    while True:
        try:
            await _hold_line(desk.engine, heard)
        except Exception as trouble:  # the database's; it comes back
            log.warning("news.trouble", kind=type(trouble).__name__)
        await asyncio.sleep(AGAIN_AFTER)
        desk.news()


async def _hold_line(engine: AsyncEngine, heard: Callable[[Any, int, str, str], None]) -> None:
    """Listen on a connection of its own until it is cut."""
    async with engine.connect() as connection:
        line = (await connection.get_raw_connection()).driver_connection
        assert line is not None
        cut = asyncio.Event()
        line.add_termination_listener(lambda _line: cut.set())
        for channel in (OUTBOX, PAGES):
            await line.add_listener(channel, heard)
        await cut.wait()
