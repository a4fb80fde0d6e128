"""How a messenger posts what waits to a bot's own address: again and again until it is taken."""

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableSequence
from typing import Any

import aiohttp

from .local import Json, LocalServer

LOOKS_AT = 50
"""How many of those that wait may be taken out of turn."""


class Delivery:
    """`at_once` connections; inside a chat one after another, unless `disordered`. A share of `repeated` comes once more though it was
    taken, as when the answer is lost on its way."""

    def __init__(
        self,
        server: LocalServer,
        waiting: MutableSequence[Json],
        post: Callable[[aiohttp.ClientSession, Json], Awaitable[bool]],
        chat: Callable[[Json], Any],
    ) -> None:
        self.server, self.waiting, self.post, self.chat = server, waiting, post, chat
        self.at_once = 1
        self.repeated = 0.0
        self.disordered = False
        self.chance = random.Random(0)
        self.pause = 0.05
        self._busy: list[tuple[int, Any]] = []
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; what was under way is given up."""
        self.stop()
        self._work = asyncio.create_task(self._deliver())

    def stop(self) -> None:
        """End delivery."""
        if self._work:
            self._work.cancel()
            self._work = None
        self._busy.clear()

    async def _deliver(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            await asyncio.gather(*(self._lane(session) for _ in range(self.at_once)))

    async def _lane(self, session: aiohttp.ClientSession) -> None:
        while not self.server.closed:
            item = await self.server.until(self._next, 60)
            if item is None:
                continue
            note = id(item), self.chat(item)
            self._busy.append(note)
            try:
                taken = await self._posted(session, item)
                if taken and item in self.waiting:
                    self.waiting.remove(item)
                if taken and self.chance.random() < self.repeated:
                    await self._posted(session, item)
            finally:
                if note in self._busy:
                    self._busy.remove(note)
            if not taken:
                await asyncio.sleep(self.pause)
            self.server.happened()

    async def _posted(self, session: aiohttp.ClientSession, item: Json) -> bool:
        if self.server.witness:
            self.server.witness("post", [item])
        return await self.post(session, item)

    def _next(self) -> Json | None:
        """The first that may go now."""
        under_way = {number for number, _chat in self._busy}
        chats = set() if self.disordered else {chat for _number, chat in self._busy}
        free = []
        for item in list(self.waiting)[:LOOKS_AT]:
            chat = self.chat(item)
            if id(item) in under_way or chat in chats:
                continue
            if not self.disordered:
                return item
            free.append(item)
        return self.chance.choice(free) if free else None
