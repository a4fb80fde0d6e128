"""`python -m bot demo`: a database in a file, built on first start; the chat in a browser with the strip beside it."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet
from rich.console import Console
from starlette.routing import BaseRoute

from bot.config import Settings
from bot.demo.family import live_half_a_year
from bot.demo.neighbours import tell_population
from bot.demo.staff import PASSWORD, hire
from bot.demo.strip import strip_routes
from bot.demo.town import TODAY, found_murmansk, found_neighbours
from bot.handlers.web import WebChat
from bot.service import desk_of, is_busy, serve
from bot.storage.desk import Desk
from bot.storage.migrating import migrate
from bot.storage.schema import setting

FILE = "kruzhok-demo.db"
BUILT = "demo_built"
console = Console(highlight=False, soft_wrap=True)


def play(*, fresh: bool, port: int, folder: Path) -> None:
    """Build the demo if there is none whole, and serve it until Ctrl+C."""
    if is_busy("127.0.0.1", port):
        console.print(f"Something else answers on port {port} already: stop it, or take another one with --port.")
        raise SystemExit(1)
    database = folder / FILE
    settings = demo_settings(database, port)
    began = time.monotonic()
    if fresh or not database.exists() or not asyncio.run(is_whole(settings)):
        forget(database)
        with console.status("Building the demo: a region, its clubs, a family in the middle of its year…"):
            asyncio.run(build(settings))
    console.print(f"The demo stands in {database} ({time.monotonic() - began:.1f} s); --fresh starts over.")
    console.print(f"For the staff's commands in another terminal: set -a; . {database.with_suffix('.env').resolve()}")
    console.print(
        f"The staff's office: http://localhost:{port}/office as operator, provider or administrator, password {PASSWORD}"
    )
    console.print(f"Open http://localhost:{port}/chat   (Ctrl+C stops)")
    asyncio.run(serve(settings, pages))


def forget(database: Path) -> None:
    """Delete the database with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def pages(desk: Desk, web: WebChat) -> Sequence[BaseRoute]:
    """What the demo adds to the service."""
    return strip_routes(desk, web)


def demo_settings(database: Path, port: int) -> Settings:
    """Settings of a demo; they stand beside its database, so that a shell can take them over (`set -a; . kruzhok-demo.env`)."""
    file = database.with_suffix(".env")
    if not file.exists():
        made = {
            "DATABASE_URL": f"sqlite:///{database.resolve()}",
            "SECRET_KEY": secrets.token_urlsafe(32),
            "DATA_KEYS": Fernet.generate_key().decode(),
        }
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={value}\n" for name, value in made.items()), encoding="utf-8")
    stored = dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())
    return Settings(
        database_url=stored["DATABASE_URL"],
        secret_key=stored["SECRET_KEY"],
        data_keys=[stored["DATA_KEYS"]],
        web_port=port,
        public_url=f"http://localhost:{port}",
        telegram_token="",
        vk_token="",
    )


async def is_whole(settings: Settings) -> bool:
    """Whether a demo was built there to its end; its schema is brought up to date."""
    desk = desk_of(settings)
    try:
        await migrate(desk.engine)
        return await desk.look(lambda tx: tx.row(setting.select().where(setting.c.name == BUILT))) is not None
    finally:
        await desk.engine.dispose()


async def build(settings: Settings) -> None:
    """The region with its registry, and the family, in an empty database."""
    desk = desk_of(settings)
    try:
        await migrate(desk.engine)
        place = await found_murmansk(desk)
        await live_half_a_year(desk, place, TODAY)
        await found_neighbours(desk)
        await desk.run(tell_population)
        await hire(desk)
        await desk.run(lambda tx: tx.upsert(setting, [{"name": BUILT, "value": "yes"}], "name"))
    finally:
        await desk.engine.dispose()
