"""A messenger that counts: it refuses above its limit in any second, and above one message a second in a chat; the way there and back takes
40 to 80 ms. Prints its address, serves until its input ends, and then prints what it has taken and refused, with the times.

`python -m bench.servers.strict telegram --limit 30 --sinks 12:20 --people 300000 --poisoned 100`
"""

import argparse
import asyncio
import sys
import time
from collections import defaultdict, deque
from itertools import count
from random import Random
from typing import Any

import orjson

from bench.servers.http import Connection, params
from bench.servers.vk import _calls as calls

POISON_FOR = 5
"""Seconds that a chat which is asked to wait names."""


class Window:
    """At most `limit` in any second; what is refused does not count."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._times: deque[float] = deque()

    def takes(self, now: float) -> bool:
        while self._times and self._times[0] <= now - 1:
            self._times.popleft()
        if len(self._times) >= self.limit:
            return False
        self._times.append(now)
        return True


class Strict:
    """`poisoned`: of so many chats one has blocked the bot and one is told to wait, for ever."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self._messenger, self._poisoned, self._way = asked.messenger, asked.poisoned, asked.way
        self._all, self._chance = Window(asked.limit), Random(1)
        self._chats: defaultdict[int, Window] = defaultdict(lambda: Window(asked.per_chat))
        self._free: dict[int, float] = {}
        self._numbers = count(1)
        self.taken: list[tuple[float, int]] = []
        self.violations: list[float] = []
        self.impatient = 0
        """Messages to a chat before the time that it was told to wait is over."""
        if asked.sinks:
            after, limit = asked.sinks.split(":")
            asyncio.get_running_loop().call_later(float(after), setattr, self._all, "limit", int(limit))

    def serve(self, path: bytes, query: bytes, body: bytes, client: Connection) -> None:
        """On its way."""
        later = asyncio.get_running_loop().call_later
        later(self._chance.uniform(*self._way), self._arrive, params(query, body), client)

    def _arrive(self, said: dict[str, Any], client: Connection) -> None:
        answer = self._telegram(said) if self._messenger == "telegram" else self._vk(said)
        asyncio.get_running_loop().call_later(
            self._chance.uniform(*self._way), client.answer, orjson.dumps(answer), answer.get("error_code", 200)
        )

    def _telegram(self, said: dict[str, Any]) -> dict[str, Any]:
        chat, now = said["chat_id"], time.monotonic()
        wish = self._wish(chat, now)
        if wish == "blocked":
            return {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
        if wish or not self._all.takes(now) or not self._in_chat(chat, now):
            if not wish:
                self.violations.append(now)
            after = POISON_FOR if wish else 1
            told = {"retry_after": after}
            return {
                "ok": False,
                "error_code": 429,
                "description": f"Too Many Requests: retry after {after}",
                "parameters": told,
            }
        self.taken.append((now, chat))
        return {"ok": True, "result": {"message_id": next(self._numbers)}}

    def _vk(self, said: dict[str, Any]) -> dict[str, Any]:
        now = time.monotonic()
        if not self._all.takes(now):
            self.violations.append(now)
            return {"error": {"error_code": 6, "error_msg": "Too many requests per second"}}
        return {"response": [[self._sent(int(given["peer_ids"]), now)] for _name, given in calls(said["code"])]}

    def _sent(self, chat: int, now: float) -> dict[str, Any]:
        wish = self._wish(chat, now)
        if wish == "blocked":
            return {
                "peer_id": chat,
                "error": {"code": 901, "description": "Can't send messages for users without permission"},
            }
        if wish or not self._in_chat(chat, now):
            return {"peer_id": chat, "error": {"code": 9, "description": "Flood control"}}
        self.taken.append((now, chat))
        return {"peer_id": chat, "message_id": next(self._numbers), "conversation_message_id": 1}

    def _wish(self, chat: int, now: float) -> str:
        """What is special about this chat."""
        if self._poisoned and chat % self._poisoned == 1:
            return "blocked"
        if self._poisoned and chat % self._poisoned == 0:
            self.impatient += now < self._free.get(chat, 0.0)
            self._free[chat] = now + POISON_FOR
            return "wait"
        return ""

    def _in_chat(self, chat: int, now: float) -> bool:
        if self._chats[chat].takes(now):
            return True
        self.violations.append(now)
        return False


async def run(asked: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    messenger = Strict(asked)
    listening = await loop.create_server(lambda: Connection(messenger.serve), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", time.monotonic(), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    found = {"taken": messenger.taken, "violations": messenger.violations, "impatient": messenger.impatient}
    print(orjson.dumps(found).decode(), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("messenger", choices=("telegram", "vk"))
    parser.add_argument("--limit", type=int, default=30)
    parser.add_argument("--per-chat", type=int, default=1)
    parser.add_argument("--sinks", default="", help="seconds:limit")
    parser.add_argument("--poisoned", type=int, default=0)
    parser.add_argument("--way", type=float, nargs=2, default=(0.02, 0.04), help="seconds, each way: from, to")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
