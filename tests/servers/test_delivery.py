"""How posts to a bot's address come: several at once, in order inside a chat; disordered and repeated when a test wants so."""

import asyncio
from typing import Any

import aiohttp

from tests.servers.delivery import Delivery
from tests.servers.telegram import TelegramServer

FOUR = [
    {"chat": 1, "text": "one"},
    {"chat": 1, "text": "two"},
    {"chat": 2, "text": "three"},
    {"chat": 2, "text": "four"},
]


class Address:
    """Where posts arrive: what came, and how many were under way at most."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.under_way = self.most = 0

    async def post(self, session: aiohttp.ClientSession, item: dict[str, Any]) -> bool:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.01)
        self.under_way -= 1
        self.came.append(item["text"])
        return True


async def delivered(**how: Any) -> Address:
    """All four posted to an address."""
    address, waiting = Address(), list(FOUR)
    async with TelegramServer() as server:
        delivery = Delivery(server, waiting, address.post, lambda item: item["chat"])
        for name, value in how.items():
            setattr(delivery, name, value)
        delivery.start()
        await server.until(lambda: not waiting)
        delivery.stop()
    return address


async def test_posts_come_one_after_another() -> None:
    address = await delivered()
    assert (address.came, address.most) == (["one", "two", "three", "four"], 1)


async def test_several_are_under_way_and_in_a_chat_one_follows_the_other() -> None:
    address = await delivered(at_once=4)
    assert address.most == 2
    assert address.came.index("one") < address.came.index("two")
    assert address.came.index("three") < address.came.index("four")


async def test_in_disorder_a_chat_has_several_under_way() -> None:
    assert (await delivered(at_once=4, disordered=True)).most == 4


async def test_what_was_taken_may_come_again() -> None:
    assert (await delivered(repeated=1.0)).came == [text for item in FOUR for text in (item["text"],) * 2]
