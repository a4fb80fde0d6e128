"""How a command line acts: through the same desk as the chats, and says the fact in plain words."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from bot.config import Settings, unreadable
from bot.domain.messages import Actor, Command, Fact, Query, Refusal
from bot.i18n import Words, render
from bot.storage import version
from bot.storage.database import open_database, work_on
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.world import WORLD

T = TypeVar("T")
console = Console()
MINUTE = 60.0
"""Seconds that a command waits for SQLite's lock, which goes to whoever asks first: a service that writes all the while asks first most times."""


def language() -> str:
    """The terminal's language: Russian where LANG says so."""
    return "ru" if os.environ.get("LANG", "").lower().startswith("ru") else "en"


def say(words: Words) -> None:
    """Print in the terminal's language."""
    console.print(render(words, language()), highlight=False, markup=False, soft_wrap=True)


def write(file: Path, content: bytes) -> None:
    """What a command makes; BadParameter where it cannot be written."""
    try:
        file.write_bytes(content)
    except OSError as trouble:
        raise typer.BadParameter(f"{file} cannot be written: {trouble.strerror}") from None


def refuse_if(complaints: Sequence[str]) -> None:
    """Say them and exit with 2, if there are any."""
    for complaint in complaints:
        typer.echo(complaint, err=True)
    if complaints:
        raise typer.Exit(2)


def settings_here() -> Settings:
    """Those of the environment; exits with 2 where one cannot be read."""
    try:
        return Settings()
    except ValidationError as error:
        refuse_if(unreadable(error))
        raise


def at_desk(work: Callable[[Desk], Awaitable[T]], url: str = "") -> T:
    """Open the configured database, or another one as it is, do the work, close; without its keys nothing personal could be read."""
    settings = settings_here()
    refuse_if(settings.key_complaints())
    if not url:
        refuse_if(asyncio.run(version.complaints(settings.database_url)))

    async def opened() -> T:
        engine = open_database(url or settings.database_url)
        try:
            keys, patient = Keys(settings.secret_key, settings.data_keys), work_on(engine, MINUTE)
            return await work(Desk(engine, WORLD, keys, work=patient))
        finally:
            await engine.dispose()

    return asyncio.run(opened())


def act(command: Command, me: Actor, told: Callable[[Fact], Words]) -> None:
    """Do one command and say what came of it; a refusal exits with 1."""
    fact = at_desk(lambda desk: desk.do(command, me))
    say(told(fact))
    if isinstance(fact, Refusal):
        raise typer.Exit(1)


def look(query: Query[T], me: Actor) -> T:
    """Answer one query."""
    return at_desk(lambda desk: desk.read(query, me))
