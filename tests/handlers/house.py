"""A house with one messenger: a real database, the real intake, the real sender; only the messenger's server is local."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import httpx
import orjson
import uvicorn
from cryptography.fernet import Fernet
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.handlers.intake import Intake
from bot.handlers.turn import Answered, Update
from bot.notifications.delivery import Channel
from bot.service import keeper_of
from bot.storage import schema
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.tx import Tx
from bot.storage.world import WORLD
from tests.conftest import empty_tables

KEY = Fernet.generate_key().decode()


class Messenger(Protocol):
    channel: Channel

    def routes(self) -> Sequence[BaseRoute]: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...


class ShakyIntake(Intake):
    """An intake whose database fails so many times before it works again."""

    fails = 0

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.failed = asyncio.Event()

    async def take(
        self,
        updates: Sequence[Update],
        position: tuple[str, str] | None = None,
        also: Callable[[Tx], None] | None = None,
    ) -> Sequence[Answered]:
        if updates and self.fails:
            self.fails -= 1
            self.failed.set()
            raise OperationalError("INSERT", {}, Exception("disk I/O error"))
        return await super().take(updates, position, also)


class House:
    """Opens and closes like the service; opened again on the same file it is the next process."""

    def __init__(self, folder: Path, messenger: Callable[[Intake], Messenger]) -> None:
        file = folder / "house.db"
        if not file.exists():
            shutil.copy(empty_tables(), file)
        self.engine = open_database(f"sqlite:///{file}")
        self.desk = Desk(self.engine, WORLD, Keys("test", [KEY]), lambda: datetime.now(UTC))
        self.intake = ShakyIntake(self.desk)
        self.messenger = messenger(self.intake)
        self.sender = keeper_of(self.desk, self.messenger.channel)

    async def __aenter__(self) -> Self:
        if not await self.count(schema.municipality):
            town: dict[str, Any] = {"code": "mur", "name": "Murmansk", "zone": "Europe/Moscow", "number_prefix": "5101"}
            awake = '{"quiet_from": "00:00", "quiet_until": "00:00"}'  # its clock is the machine's, at any hour
            await self.desk.run(lambda tx: tx.insert(schema.municipality, policy=awake, **town))
        self.sending = asyncio.create_task(self.sender.run())
        await self.messenger.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.messenger.stop()
        await self.intake.close()
        await self.sender.stop()
        await self.sending
        await self.messenger.channel.close()
        await self.engine.dispose()

    async def count(self, table: Any, *conditions: Any) -> int:
        """How many rows."""
        query = select(func.count()).select_from(table).where(*conditions)
        return int(await self.desk.run(lambda tx: tx.value(query)))


class Web:
    """An HTTP server of ours on a free port; routes may come later, as addresses must be known before."""

    def __init__(self) -> None:
        self.app = Starlette()
        self.url = ""

    def routes(self, messenger: Messenger) -> None:
        """Serve a messenger's routes."""
        self.app.routes.extend(messenger.routes())

    async def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of the answer; a body that is not bytes goes as JSON."""
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        sent = {name.encode(): value.encode() for name, value in (headers or {}).items()}
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(self.url + path, content=content, headers=list(sent.items()))
        return answer.status_code, answer.text


@asynccontextmanager
async def served() -> AsyncIterator[Web]:
    """A web server for the time of a test."""
    web = Web()
    server = uvicorn.Server(uvicorn.Config(web.app, "127.0.0.1", 0, log_config=None, lifespan="off"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    web.url = f"http://127.0.0.1:{port}"
    yield web
    server.should_exit = True
    await running
