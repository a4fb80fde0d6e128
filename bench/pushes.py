"""Pushes at the limit: a monthly run's notices from the real outbox through the real sender and channels, against messengers that count.

Each messenger runs in another process, 40 to 80 ms away, and refuses what is above its limit in any second. Meanwhile parents get replies.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from shutil import copyfile
from statistics import quantiles
from typing import Any

import orjson
from cryptography.fernet import Fernet

from bench.process import BUILD
from bench.report import Report
from bench.sending import cost, counting
from bot import logs
from bot.config import Settings
from bot.dialogs.codec import encode
from bot.dialogs.conversation import Reader, Talk
from bot.dialogs.home import Home
from bot.dialogs.message import Key, Message
from bot.domain.calendar import Month
from bot.domain.money import Money
from bot.domain.movements import Charged
from bot.handlers.telegram_channel import TelegramChannel
from bot.handlers.telegram_client import TelegramClient
from bot.handlers.vk_channel import VkChannel
from bot.handlers.vk_client import VkClient
from bot.notifications.delivery import Channel
from bot.service import desk_of, keeper_of
from bot.storage import schema
from bot.storage.conversations import Seat
from bot.storage.desk import Desk
from bot.storage.outbox import queue_replies
from bot.storage.tx import Tx

ASKING = 2_000
"""Chats that get replies, beside those that get notices."""
EVERY = 0.3
"""Seconds between two replies."""
WARM = 3.0
KEY = Fernet.generate_key().decode()
PLACE = {name: BUILD / f"pushes-{name}.db" for name in ("telegram", "vk")}


@dataclass(frozen=True)
class Case:
    """What is measured: a server's options, and for how long."""

    messenger: str
    name: str
    server: tuple[str, ...] = ()
    seconds: float = 35.0


@dataclass(frozen=True)
class Found:
    """What a server has seen; times are the machine's monotonic clock."""

    began: float
    taken: list[tuple[float, int]]
    violations: list[float]
    impatient: int
    waits: list[float]
    """Of replies, from the turn's beginning to the messenger's counting."""

    def rate(self, start: float, stop: float) -> float:
        """Messages a second between two moments after the beginning."""
        return sum(start <= at - self.began < stop for at, _chat in self.taken) / (stop - start)


SINKS_AT = 12.0
LIMIT = {"telegram": (30, 1), "vk": (20, 25)}
"""Calls a second, messages in a call."""
SUNK = {"telegram": 20, "vk": 14}
CASES = [
    case
    for name in ("telegram", "vk")
    for case in (
        Case(name, "steady"),
        Case(name, "1 % poisoned", ("--poisoned", "200")),
        Case(name, "the limit sinks", ("--sinks", f"{SINKS_AT}:{SUNK[name]}"), 45.0),
    )
]


def main(report: Report, words: Sequence[str] = ()) -> None:
    """`pushes [rows=300000] [telegram|vk] [steady|poisoned|sinks]`"""
    logs.set_up("ERROR")
    asked = dict(word.split("=", 1) for word in words if "=" in word)
    only = [word for word in words if "=" not in word]
    rows = int(asked.get("rows", 300_000))
    table, targets = [], []
    if not only:
        cost(report)
    for name in ("telegram", "vk"):
        cases = [one for one in CASES if one.messenger == name and all(w in f"{name} {one.name}" for w in only)]
        if cases:
            asyncio.run(_fill(name, rows))
        for case in cases:
            found = asyncio.run(_run(case))
            line, judged = _judge(case, found)
            table.append((name, case.name, *line))
            targets += judged
    headings = ("messenger", "case", "messages a second", "of the limit", "violations", "reply p95, s")
    report.table(f"Pushes at the limit, {rows} waiting", headings, table)
    for words_, value, wanted, at_most in targets:
        report.target(words_, value, wanted, at_most)


def _judge(case: Case, found: Found) -> tuple[tuple[float, float, int, float], list[tuple[str, float, float, bool]]]:
    """A line of the table, and targets: words, found, wanted, whether it is an upper bound."""
    calls, each = LIMIT[case.messenger]
    p95 = quantiles(found.waits, n=20)[-1]
    name = f"{case.messenger}, {case.name}"
    targets = [(f"{name}: a reply's p95, s", p95, 1.0, True)]
    start, limit = WARM, float(calls * each)
    if "sinks" in case.name:
        limit = float(SUNK[case.messenger] * each)
        start = SINKS_AT + 10
        late = sum(at - found.began >= SINKS_AT for at in found.violations)
        targets += [
            (f"{name}: violations after it sank", late, 3, True),
            (f"{name}: share of the new limit 10 s later", found.rate(start, case.seconds) / limit, 0.95, False),
        ]
    else:
        targets.append((f"{name}: violations", len(found.violations), 0, True))
        wanted = 0.95 * 0.97 if "poisoned" in case.name else 0.96
        targets.append((f"{name}: share of the limit", found.rate(start, case.seconds) / limit, wanted, False))
        targets.append((f"{name}: messages before retry_after was over", found.impatient, 0, True))
    rate = found.rate(start, case.seconds)
    return (rate, rate / limit, len(found.violations), p95), targets


async def _run(case: Case) -> Found:
    """One case on a fresh copy of the filled database."""
    place = BUILD / "pushes.db"
    for leftover in BUILD.glob("pushes.db*"):
        leftover.unlink()
    copyfile(PLACE[case.messenger], place)
    calls, _each = LIMIT[case.messenger]
    per_chat = "1" if case.messenger == "telegram" else "5"
    options = (case.messenger, "--limit", str(calls), "--per-chat", per_chat, *case.server)
    server, url, began = counting(*options)
    try:
        async with _sending(case.messenger, place.as_posix(), url) as desk:
            asked = await _reply(desk, case.messenger, case.seconds)
        seen = orjson.loads(server.communicate()[0])
    finally:
        server.kill()
    arrived = {chat: at for at, chat in seen["taken"] if chat in asked}
    waits = [arrived.get(chat, float("inf")) - at for chat, at in asked.items()]
    taken = [(at, chat) for at, chat in seen["taken"]]
    return Found(began, taken, seen["violations"], seen["impatient"], waits)


@asynccontextmanager
async def _sending(messenger: str, place: str, url: str) -> AsyncIterator[Desk]:
    """A service's sender, and nothing else of it."""
    desk = desk_of(_settings(place))
    channel: Channel
    if messenger == "telegram":
        channel = TelegramChannel(TelegramClient("1:T", url))
    else:
        channel = VkChannel(VkClient("vk1.T", 1, url))
    keeper = keeper_of(desk, channel)
    sending = asyncio.create_task(keeper.run())
    try:
        yield desk
    finally:
        await keeper.stop()
        await sending
        await channel.close()
        await desk.engine.dispose()


async def _reply(desk: Desk, messenger: str, seconds: float) -> dict[int, float]:
    """Replies to a parent now and then, each to another; when each was asked for, by chat."""
    clock = asyncio.get_running_loop().time
    first: int = await desk.look(lambda tx: _first_that_asks(tx))
    keys = tuple((Key(f"A button {number}", f"1:{number}"),) for number in range(6))
    asked: dict[int, float] = {}
    stop = clock() + seconds
    await asyncio.sleep(WARM)
    while clock() < stop - 2:
        chat = first + len(asked)
        seat = Seat(chat, chat, messenger, str(chat), Reader("ru", 1), Talk(Home()))
        asked[chat] = time.monotonic()
        reply = (f"{messenger}:{chat}", seat, Message("The next question", keys), "")
        await desk.run(lambda tx, reply=reply: queue_replies(tx, [reply]))  # type: ignore[misc]
        await asyncio.sleep(EVERY)
    await asyncio.sleep(max(stop - clock(), 0))
    return asked


def _first_that_asks(tx: Tx) -> int:
    last: int = tx.value(schema.chat.select().with_only_columns(schema.chat.c.id).order_by(schema.chat.c.id.desc()))
    return last - ASKING + 1


async def _fill(messenger: str, rows: int) -> None:
    """A town whose families, one chat each, are told of a month's charge; every tenth is told twice."""
    place = PLACE[messenger]
    for leftover in BUILD.glob(f"{place.name}*"):
        leftover.unlink()
    BUILD.mkdir(parents=True, exist_ok=True)
    desk = desk_of(_settings(place.as_posix()))
    async with desk.engine.begin() as connection:
        await connection.run_sync(schema.metadata.create_all)
    now = datetime.now(UTC)

    def chunk(tx: Tx, first: int, last: int, told: bool) -> None:
        ids = range(first, last)
        tx.sql(schema.person.insert(), [{"id": id, "language": "ru", "created_at": now} for id in ids])
        seats = [{"id": id, "channel": messenger, "address": str(id), "person": id, "linked_at": now} for id in ids]
        tx.sql(schema.chat.insert(), seats)
        if told:
            notices = [(id, n) for id in ids for n in range(2 if id % 10 == 0 else 1)]
            tx.sql(schema.outbox.insert(), [_notice(tx, id, n, now) for id, n in notices])

    town: dict[str, Any] = {
        "id": 1,
        "code": "mur",
        "name": "Murmansk",
        "zone": "Europe/Moscow",
        "number_prefix": "5101",
    }
    await desk.run(lambda tx: tx.sql(schema.municipality.insert().values(policy="{}", **town)))
    families = rows * 10 // 11
    for first in range(1, families + 1, 10_000):
        last = min(first + 10_000, families + 1)
        await desk.run(lambda tx, first=first, last=last: chunk(tx, first, last, True))  # type: ignore[misc]
    await desk.run(lambda tx: chunk(tx, families + 1, families + 1 + ASKING, False))
    await desk.engine.dispose()


def _notice(tx: Tx, who: int, number: int, now: datetime) -> dict[str, Any]:
    paid = Money(100_000), Money(0), Money(900_000)
    fact = Charged(who, who, Month(2026, 9), *paid, day=date(2026, 9, 1), key=f"charge:{who}:2026-{number}")
    return {
        "key": f"{fact.cause}:g{who}",
        "kind": "Charged",
        "person": who,
        "content": encode(fact, tx.keys),
        "priority": 1,
        "state": "queued",
        "not_before": now,
        "created_at": now,
    }


def _settings(place: str) -> Settings:
    return Settings(database_url=f"sqlite:///{place}", secret_key="bench", data_keys=[KEY])
