"""What sending one message costs the processor: the sender with Telegram's channel, beside the same post through a bare aiohttp session."""

import asyncio
import subprocess
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from statistics import median

import orjson
from aiohttp import ClientSession

from bench.process import ROOT, python
from bench.report import Report
from bot import logs
from bot.dialogs.message import Key, Message
from bot.handlers.telegram_channel import TelegramChannel
from bot.handlers.telegram_client import TelegramClient
from bot.notifications.delivery import Delivery, Outcome
from bot.notifications.sender import Sender

MESSAGES, ROUNDS, AT_ONCE = 4_000, 5, 32
SIX = tuple((Key(f"A button {number}", f"1:{number}"),) for number in range(6))


def counting(*options: str) -> tuple["subprocess.Popen[bytes]", str, float]:
    """A messenger that counts, in a process of its own; its address, and when it began."""
    command = python("-m", "bench.servers.strict", *options)
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout is not None
    url, began = server.stdout.readline().decode().split()
    return server, url, float(began)


@dataclass
class Forgetful:
    """An outbox that has nothing and keeps nothing: what the database costs is measured elsewhere."""

    left: int
    done: asyncio.Event = field(default_factory=asyncio.Event)
    take: Callable[[Sequence[Delivery]], None] | None = None

    async def claim(self, channel: str, limit: int) -> Sequence[Delivery]:
        return ()

    async def record(self, ends: Sequence[tuple[Delivery, Outcome]]) -> None:
        self.left -= len(ends)
        if not self.left:
            self.done.set()

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def hand_to(self, channel: str, take: Callable[[Sequence[Delivery]], None]) -> None:
        self.take = take

    async def hand_no_more(self, channel: str) -> None:
        self.take = None


def cost(report: Report) -> None:
    """CPU of a message in microseconds, rounds of both in turn."""
    logs.set_up("INFO")
    server, url, _began = counting("telegram", "--limit", "1000000", "--per-chat", "1000000", "--way", "0", "0")
    try:
        bare, ours = zip(*((_spent(_bare, url), _spent(_ours, url)) for _round in range(ROUNDS)), strict=True)
    finally:
        server.kill()
    table = (("bare aiohttp", median(bare)), ("the sender and Telegram's channel", median(ours)))
    report.table("Processor time of a message sent, µs", ("by", "µs"), table)
    beyond = median(mine - theirs for mine, theirs in zip(ours, bare, strict=True))
    report.target("a message beyond aiohttp's own post, µs", beyond, 120, at_most=True)


def _spent(way: Callable[[str], Coroutine[None, None, float]], url: str) -> float:
    return 1e6 * asyncio.run(way(url)) / MESSAGES


async def _bare(url: str) -> float:
    keyboard = [[{"text": key.label, "callback_data": key.data} for key in row] for row in SIX]
    numbers = iter(range(MESSAGES))

    async def post(session: ClientSession) -> None:
        for number in numbers:
            said = {"chat_id": number, "text": "The next question", "reply_markup": {"inline_keyboard": keyboard}}
            headers = {"Content-Type": "application/json"}
            async with session.post(f"{url}/bot1:T/sendMessage", data=orjson.dumps(said), headers=headers) as answer:
                orjson.loads(await answer.read())

    async with ClientSession() as session:
        await post_one(session, url)
        began = time.process_time()
        await asyncio.gather(*(post(session) for _worker in range(AT_ONCE)))
        return time.process_time() - began


async def post_one(session: ClientSession, url: str) -> None:
    """The first post imports and connects."""
    async with session.post(f"{url}/bot1:T/sendMessage", json={"chat_id": 0, "text": "x"}) as answer:
        await answer.read()


async def _ours(url: str) -> float:
    channel = TelegramChannel(TelegramClient("1:T", url), per_second=1_000_000, per_chat=1_000_000)
    channel.in_flight = AT_ONCE
    rows = Forgetful(MESSAGES)
    sender = Sender(channel, rows)
    sending = asyncio.create_task(sender.run())
    while rows.take is None:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    message = Message("The next question", SIX)
    replies = [Delivery(n, f"reply:{n}", "telegram", str(n), message) for n in range(MESSAGES)]
    began = time.process_time()
    rows.take(replies)
    await rows.done.wait()
    spent = time.process_time() - began
    await sender.stop()
    await sending
    await channel.close()
    return spent
