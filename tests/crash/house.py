"""One run: both messengers' servers, a database, families, and the bot as a process that is started again and again."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.config import Settings
from bot.service import desk_of
from bot.storage import outbox, schema
from bot.storage.desk import Desk
from bot.storage.tx import Tx
from tests.crash.parents import CIRCLE, Parent, Seen, at_turn
from tests.crash.process import Nursery, Process
from tests.crash.shown import Gallery
from tests.crash.town import families, found
from tests.patience import PATIENCE
from tests.servers import TelegramServer, VKServer
from tests.servers.local import LocalServer, Message
from tests.servers.telegram_person import TelegramPerson

SECRET = "a-secret-of-this-run"


@dataclass
class House:
    """Everything of a run; `opened` builds it."""

    nursery: Nursery
    servers: dict[str, LocalServer]
    environment: Mapping[str, str]
    desk: Desk
    chance: random.Random
    parents: list[Parent] = field(default_factory=list)
    galleries: dict[str, Gallery] = field(default_factory=dict)
    answers: list[Seen] = field(default_factory=list)
    """What each step of the circle is answered with, on either channel."""
    told: list[str] = field(default_factory=list)
    """What the other guardian is told in a round, in order: texts."""
    told_too: list[str] = field(default_factory=list)
    """What the guardian who did it is told beside the answers."""
    kills: list[float] = field(default_factory=list)
    lives: int = 0
    hears: Callable[[str, Any], None] = lambda name, result: None
    """Called with each call that a server has done, before its answer goes out."""

    @property
    def telegram(self) -> TelegramServer:
        server = self.servers["telegram"]
        assert isinstance(server, TelegramServer)
        return server

    @property
    def vk(self) -> VKServer:
        server = self.servers["vk"]
        assert isinstance(server, VKServer)
        return server

    @property
    def by_hook(self) -> bool:
        return "TELEGRAM_WEBHOOK_URL" in self.environment

    @property
    def on_postgres(self) -> bool:
        return self.environment["DATABASE_URL"].startswith("postgres")

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def start(self, cold: bool = False) -> Process:
        """The next life."""
        self.lives += 1
        await self.forgets_the_dead()
        begin = self.nursery.cold if cold else self.nursery.fork
        return await begin(self.environment, "run")

    async def forgets_the_dead(self) -> None:
        """Where the database's time decides that the last holder of a lease is dead, that time has passed."""
        if self.on_postgres:
            await self.desk.run(lambda tx: tx.sql(schema.lease.update().values(holder="")))

    async def kills_now(self, process: Process) -> None:
        """SIGKILL, which is counted."""
        await process.killed()
        self.kills.append(self.now())

    async def command(self, *words: str) -> int:
        """`python -m bot …words` to its end; the exit code."""
        process = await self.nursery.fork(self.environment, *words)
        return await asyncio.wait_for(asyncio.shield(process.gone), PATIENCE)

    def backlog(self, channel: str) -> int:
        """About how many updates wait for their answer."""
        mine = [parent for parent in self.parents if parent.family.actor[0] == channel]
        return sum(max(0, len(one.keys) - len(self.galleries[channel].of(one.person.id))) for one in mine)

    async def settled(self, patience: float = PATIENCE) -> bool:
        """Every update was taken and nothing waits to be sent; False if nothing has moved for so long: a busy machine is no defect."""
        before, deadline = None, 0.0
        while True:
            taken, waiting = await self.desk.look(_at_rest)
            if not waiting and all(key in taken for parent in self.parents for key in parent.keys):
                return True
            if (now := (len(taken), waiting)) != before:
                before, deadline = now, self.now() + patience
            elif self.now() > deadline:
                return False
            await asyncio.sleep(0.2)

    async def listens(self) -> None:
        """Until VK's place in the long poll is kept: what was said before the very first start is not asked for."""
        place = select(schema.setting.c.value).where(schema.setting.c.name == "vk:ts")
        async with asyncio.timeout(PATIENCE):
            while await self.desk.look(lambda tx: tx.value(place)) is None:
                await asyncio.sleep(0.05)

    async def serves(self) -> None:
        """Until the addresses answer."""
        port = int(self.environment["WEB_PORT"])
        deadline = self.now() + PATIENCE
        while True:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                assert self.now() < deadline, "the bot does not serve; see its log"
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return

    async def waits_for_redelivery(self) -> set[str]:
        """Keys of updates that were taken, and yet would come again: the messenger has not been told."""
        taken, _depth = await self.desk.look(_at_rest)  # meanwhile the messenger hears the last answers
        waiting = {f"telegram:{update['update_id']}" for update in self.telegram.updates.pending}
        for event in self.vk.events.unconfirmed:
            message = event["object"].get("message")
            waiting.add(
                f"vk:m:{message['peer_id']}:{message['conversation_message_id']}"
                if message
                else f"vk:{event['event_id']}"
            )
        return waiting & taken

    async def learn(self) -> None:
        """Watch one family walk once through the circle, undisturbed; in VK, where that takes no more than two seconds."""
        walker = next(parent for parent in self.parents if parent.family.actor[0] == "vk")
        shown = self.galleries["vk"].of
        for number in range(len(CIRCLE)):
            walker.acts()
            await self.until(lambda: len(shown(walker.person.id)) > number)  # noqa: B023
        assert await self.settled()
        mine = shown(walker.person.id)
        self.answers = [at_turn(one.seen, turn) for turn, one in enumerate(mine[: len(CIRCLE)], 1)]
        self.told_too = [one.seen[0] for one in mine[len(CIRCLE) :]]
        channel, number = walker.family.listener
        self.told = [one.seen[0] for one in self.galleries[channel].of(number)]

    async def until(self, condition: Callable[[], bool], patience: float = PATIENCE) -> None:
        """AssertionError if it does not come true."""
        deadline = self.now() + patience
        while not condition():
            assert self.now() < deadline, "the bot is silent; see its log"
            await asyncio.sleep(0.02)


def _at_rest(tx: Tx) -> tuple[set[str], int]:
    """Keys of the updates that were taken, and how many messages wait."""
    return set(tx.sql(select(schema.seen_update.c.key)).scalars()), outbox.depth(tx)


@asynccontextmanager
async def opened(
    nursery: Nursery,
    database: str,
    folder: Path,
    *,
    seed: int,
    count: int,
    by_hook: bool = False,
    per_chat: float = 1.0,
) -> AsyncIterator[House]:
    """A town of `count` families in an empty database with tables."""
    port = free_port()
    async with TelegramServer() as telegram, VKServer() as vk:
        environment = {
            "DATABASE_URL": database,
            "SECRET_KEY": SECRET,
            "DATA_KEYS": Fernet.generate_key().decode(),
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_DISCRETION": "full",
            "TELEGRAM_PER_CHAT": str(per_chat),
            "VK_TOKEN": vk.token,
            "VK_GROUP_ID": str(vk.group_id),
            "VK_API_URL": vk.url,
            "WEB_PORT": str(port),
            "HOME": str(folder),
        }
        if by_hook:
            environment |= {
                "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/webhook",
                "TELEGRAM_WEBHOOK_SECRET": SECRET,
                "VK_CALLBACK_URL": f"http://127.0.0.1:{port}/vk/callback",
                "VK_SECRET": SECRET,
                "VK_CONFIRMATION": "confirmed",
            }
        about = {name.lower(): value for name, value in environment.items() if name != "HOME"}
        desk = desk_of(Settings(**about))
        servers: dict[str, LocalServer] = {"telegram": telegram, "vk": vk}
        house = House(nursery, servers, environment, desk, random.Random(seed))
        for name, server in servers.items():
            house.galleries[name] = Gallery(server, house.now)
            server.witness = lambda method, result: house.hears(method, result)
        try:
            for family in await found(desk, families(count, list(servers))):
                house.parents.append(Parent(_moves_in(house, *family.actor), family))
                _moves_in(house, *family.listener)
            for gallery in house.galleries.values():
                gallery.chats.clear()
            yield house
        finally:
            await desk.engine.dispose()


def _moves_in(house: House, channel: str, number: int) -> Any:
    """A person whose chat ends with a screen of yesterday."""
    server = house.servers[channel]
    assert isinstance(server, TelegramServer | VKServer)
    person = server.user(number, started=True)
    if isinstance(person, TelegramPerson):
        id = next(house.telegram.ids)
        old = Message(id, person.chat, True, house.telegram.me["id"], "До завтра!", [], server.clock(), 0)
        person.chat.messages[id] = old
        house.telegram.shown(old)
    else:
        house.vk.mail.keep(person.chat, True, -house.vk.group_id, "До завтра!", {"attachments": []}, [])
    return person


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
