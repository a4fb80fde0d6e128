"""What goes wrong around the bot while it works: the messengers, the disk, the database, the command line beside it."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import make_url

from bot.registry.template import workbook
from tests.crash.house import House
from tests.crash.town import CLUBS, YEAR
from tests.servers import bad_gateway, cut_after, cut_before, delay, refusal, server_error, slow_answer, too_many
from tests.servers.faults import Fault
from tests.year.town import club

SLOW = {"telegram": 9.0, "vk": 6.0}
"""Seconds after which the bot no longer waits for an answer."""
SENDS = {"telegram": ("sendMessage", "editMessageText"), "vk": ("execute",)}


async def faults(house: House, seconds: float) -> None:
    """About eight faults a second, on sending and on everything else; once in ten seconds an answer comes after its time-out."""
    until, slow = house.now() + seconds, 1 + int(seconds / 10)
    slow_at = {channel: set(house.chance.sample(range(int(seconds * 4)), slow)) for channel in house.servers}
    number = 0
    while house.now() < until:
        for channel, server in house.servers.items():
            fault = house.chance.choice(_quick(channel))
            if number in slow_at[channel]:
                fault = slow_answer(SLOW[channel])
            server.faults.add(house.chance.choice((*SENDS[channel], "*")), fault)
        number += 1
        await asyncio.sleep(0.25)
    for server in house.servers.values():
        server.faults.waiting.clear()


def _quick(channel: str) -> Sequence[Fault]:
    usual = (too_many(), server_error(), bad_gateway(), cut_before(), cut_after(), delay(0.3))
    return usual if channel == "telegram" else (*usual, refusal(9, "Flood control"))


def uncertain(house: House) -> int:
    """Faults that have left the bot without knowing whether Telegram took its message."""
    return sum(
        method == "sendMessage" and (fault.cuts_after or fault.linger >= SLOW["telegram"])
        for method, fault in house.telegram.faults.met
    )


async def locked(house: House, seconds: float) -> None:
    """Another process is writing all the while (SQLite)."""
    path = _file(house)

    def hold() -> sqlite3.Connection:
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=60)
        other.execute("BEGIN IMMEDIATE")
        return other

    other = await asyncio.to_thread(hold)
    await asyncio.sleep(seconds)
    other.execute("ROLLBACK")
    other.close()


async def imports(house: House, folder: Path, programs: int, kills: int) -> int:
    """`python -m bot import` beside the service, killed so many times before it may come to its end; its exit code."""
    lines = [club(number, f"Кружок {number}", price="5 000", stop=YEAR[1]) for number in range(100, 100 + programs)]
    path = folder / "registry.xlsx"
    await asyncio.to_thread(path.write_bytes, workbook((*CLUBS, *lines)))
    for _time in range(kills):
        process = await house.nursery.fork(house.environment, "import", str(path))
        await asyncio.sleep(1 + house.chance.random())
        await process.killed()
    return await house.command("import", str(path))


async def disk_is_full(house: House, seconds: float) -> None:
    """Not a page fits any more, for so long; then there is room again. The database has a small disk of its own."""
    path = _file(house)

    def fill() -> None:
        with sqlite3.connect(path) as own:
            own.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        own.close()
        with (path.parent / "ballast").open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                pass

    await asyncio.to_thread(fill)
    await asyncio.sleep(seconds)
    (path.parent / "ballast").unlink()


async def forgotten(house: House) -> None:
    """VK's long poll: the key expires, what was not fetched is forgotten, everything is lost; people write all the while."""
    events = house.vk.events
    for happens in (events.expire_key, events.forget, events.lose):
        await asyncio.sleep(2 + house.chance.random())
        happens()


def _file(house: House) -> Path:
    found = make_url(house.environment["DATABASE_URL"]).database
    assert found
    return Path(found)
