"""Feeding and killing: a burst, then a steady stream; each life ends at a moment that the seed chooses."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.crash.house import PATIENCE, House
from tests.crash.parents import CIRCLE
from tests.crash.process import Process

RATES = {"telegram": 16.0, "vk": 50.0}
"""Updates a second of the stream. Telegram takes 30 messages a second, answers and pushes together."""
MOST_WAITING = {"telegram": 3, "vk": 8}
"""In each chat, on the average: then nobody writes. Telegram takes one message a second in a chat, and the run has to come to an end."""
MOMENTS = {"starting": 2, "working": 4, "taken": 4, "sending": 6, "sent": 4}
"""How often each kind of moment is chosen."""
LONGEST = 4.0
"""Seconds of a life in which the chosen moment does not come."""
MESSAGES = {"sendmessage", "editmessagetext", "execute"}
BATCHES = {"getupdates", "a_check", "post"}


async def burst(house: House, rounds: int = 1) -> None:
    """Every parent does a round of the circle at once: eight updates of each chat, all chats mixed."""
    crowd = [parent for parent in house.parents for _ in range(rounds * len(CIRCLE))]
    house.chance.shuffle(crowd)
    for number, parent in enumerate(crowd):
        parent.acts()
        if number % 20 == 19:
            await asyncio.sleep(0)


@asynccontextmanager
async def stream(house: House) -> AsyncIterator[None]:
    """Parents write while this is open."""
    feeding = [asyncio.create_task(_stream(house, channel)) for channel in house.servers]
    try:
        yield
    finally:
        for task in feeding:
            task.cancel()
        await asyncio.wait(feeding)


async def _stream(house: House, channel: str) -> None:
    mine = [parent for parent in house.parents if parent.family.actor[0] == channel]
    most = MOST_WAITING[channel] * len(mine)
    while True:
        for _time in range(10):
            await asyncio.sleep(house.chance.expovariate(RATES[channel]))
            house.chance.choice(mine).acts()
        await house.until(lambda: house.backlog(channel) < most, 10 * PATIENCE)


async def kill_at_moments(house: House, kills: int, cold: int = 0) -> None:
    """So many lives, `cold` of them started as `python -m bot run`."""
    from_cold = set(house.chance.sample(range(kills), cold))
    for number in range(kills):
        process = await house.start(cold=number in from_cold)
        await _live(house, process, cold=number in from_cold)
        assert process.gone.result() == -signal.SIGKILL, f"it ended by itself with {process.gone.result()}; see its log"


async def _live(house: House, process: Process, cold: bool) -> None:
    """Until its moment has come."""
    moment = house.chance.choices(list(MOMENTS), list(MOMENTS.values()))[0]
    pause, number = house.chance.random(), house.chance.randint(1, 25)
    loop = asyncio.get_running_loop()

    def kill() -> None:
        if process.alive and house.hears is not idle:
            house.hears = idle
            os.kill(process.pid, signal.SIGKILL)

    heard = {"batches": 0, "messages": 0}

    def hears(name: str, result: Any) -> None:
        batch = name.lower() in BATCHES and bool(
            result["updates"] if name == "a_check" and "updates" in result else result
        )
        heard["batches"] += batch
        heard["messages"] += name.lower() in MESSAGES
        match moment:
            case "working" if batch and heard["batches"] == 1:
                loop.call_later(pause * 1.2, kill)
            case "sending" if heard["messages"] == 1:
                loop.call_later(pause * 1.2, kill)
            case "taken" if batch and heard["batches"] == 1 + number % 3:
                loop.call_later(pause * 0.03, kill)
            case "sent" if heard["messages"] == number:
                kill()

    house.hears = hears
    if moment == "starting":
        loop.call_later(pause * (4.0 if cold else 0.5), kill)
    loop.call_later(LONGEST * (4 if cold else 1), kill)
    await process.gone
    house.kills.append(house.now())
    house.hears = idle


def idle(name: str, result: Any) -> None:
    """Nobody listens."""
