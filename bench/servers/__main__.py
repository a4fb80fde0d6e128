"""One loaded run: prints its address, waits for a line with the bot's process id, then warms up, says so, measures,
prints the figures, and serves on until its input ends.

`python -m bench.servers telegram --script form --people 200 --warm 3 --seconds 8`
"""

import argparse
import asyncio
import os
import sys
import time
from random import Random

import orjson

from bench.servers.crowd import Cpu, figures
from bench.servers.scripts import SCRIPTS
from bench.servers.telegram import Telegram
from bench.servers.vk import VK

FIRST_PERSON = 1_000_001
ARRIVES = 90
"""Seconds in which a bot must have polled; and the longest that a crowd may take to get where it is measured."""
STEADY = 6
"""Replies for each person, after which all do what is measured."""


async def run(asked: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    messenger = Telegram() if asked.messenger == "telegram" else VK()
    listening = await loop.create_server(messenger.connect, "127.0.0.1", 0, backlog=1024)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    if isinstance(messenger, VK):
        messenger.url = url
    print(url, flush=True)
    pid = int(await loop.run_in_executor(None, sys.stdin.readline))
    crowd = messenger.crowd
    for number in range(asked.people):
        crowd.join(FIRST_PERSON + number, SCRIPTS[asked.script](Random(asked.seed * 10_000 + number), asked.messenger))
    await asyncio.wait_for(messenger.polled.wait(), ARRIVES)
    crowd.begin()
    await asyncio.sleep(asked.warm)
    for _tick in range(10 * ARRIVES):
        if crowd.replies >= STEADY * asked.people or crowd.trouble:
            break
        await asyncio.sleep(0.1)  # not everybody is where the measured step is
    print("warm", flush=True)
    crowd.recording = True
    bot, mine, began = Cpu.of(pid), Cpu.of(os.getpid()), time.perf_counter()
    await asyncio.sleep(asked.seconds)
    crowd.recording = False
    found = figures(crowd, time.perf_counter() - began, Cpu.of(pid) - bot, Cpu.of(os.getpid()) - mine)
    print(orjson.dumps(found).decode(), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # the bot ends first, and in peace


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("messenger", choices=("telegram", "vk"))
    parser.add_argument("--script", choices=tuple(SCRIPTS), default="form")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--warm", type=float, default=3)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
