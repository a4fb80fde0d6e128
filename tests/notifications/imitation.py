"""A messenger and a sender on a virtual clock: calls go there, are counted or refused, and come back; no second of it is waited for."""

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.dialogs.message import Message
from bot.notifications.delivery import Delivery
from bot.notifications.line import Journey, Line
from bot.notifications.outbox import put_off
from bot.notifications.pace import Call, Pace, in_flight


def journey(row: int, chat: int | str, push: bool = False) -> Journey:
    delivery = Delivery(row, f"k{row}", "telegram", str(chat), Message(f"message {row}"), push=push)
    return Journey(delivery, (delivery,))


@dataclass
class Window:
    """At most `limit` in any second; what is refused is not counted."""

    limit: int
    times: deque[float] = field(default_factory=deque)

    def takes(self, now: float) -> bool:
        while self.times and self.times[0] <= now - 1:
            self.times.popleft()
        if len(self.times) >= self.limit:
            return False
        self.times.append(now)
        return True


@dataclass
class Messenger:
    """Its limit, that of a chat, the chats that it refuses for reasons of its own; the way there and back takes 40 to 80 ms."""

    limit: int = 30
    per_chat: int = 1
    poisoned: set[str] = field(default_factory=set)
    says_which: bool = False
    way: tuple[float, float] = (0.02, 0.04)
    retry_after: float = 1.0
    accepted: list[tuple[float, str]] = field(default_factory=list)
    violations: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.all = Window(self.limit)
        self.chats: dict[str, Window] = {}

    def set_limit(self, limit: int) -> None:
        self.all.limit = limit

    def counts(self, address: str, now: float) -> bool:
        if address in self.poisoned:
            return False
        if not self.chats.setdefault(address, Window(self.per_chat)).takes(now) or not self.all.takes(now):
            self.violations.append(now)
            return False
        self.accepted.append((now, address))
        return True

    def rate(self, start: float, stop: float) -> float:
        """Messages a second that it took in this time."""
        return sum(start <= at < stop for at, _address in self.accepted) / (stop - start)


class Sending:
    """What the sender does with its line and its pace, without a task, a database or a socket."""

    def __init__(self, messenger: Messenger, allowed: float = 30, seed: int = 1) -> None:
        self.messenger, self.chance = messenger, random.Random(seed)
        self.pace, self.line = Pace(allowed), Line(messenger.per_chat)
        self.places = in_flight(allowed)
        self.now = 0.0
        self.sent: dict[int, float] = {}
        self._timer = 0
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = count()
        self._rows = count()

    def put(self, chats: list[int] | range, push: bool = True) -> None:
        for chat in chats:
            self.line.join(journey(next(self._rows), chat, push), self.now)

    def at(self, when: float, do: Callable[..., None], *about: Any) -> None:
        heapq.heappush(self._events, (when, next(self._order), do, about))

    def run(self, until: float) -> None:
        self.at(self.now, self._depart)
        while self._events and self._events[0][0] <= until:
            self.now, _order, do, about = heapq.heappop(self._events)
            do(*about)
        self.now = until

    def _wake(self, timer: int) -> None:
        if timer == self._timer:
            self._depart()

    def _depart(self) -> None:
        self._timer += 1
        while self.places:
            pause = self.pace.wait(self.now)
            journeys = self.line.take(self.now, 1) if pause <= 0 else []
            if not journeys:
                pause = max(pause, self.line.wait(self.now))
                if pause < float("inf"):
                    self.at(self.now + pause + self.chance.uniform(0.0, 0.001), self._wake, self._timer)
                return
            self.places -= 1
            there = self.now + self.chance.uniform(*self.messenger.way)
            self.at(there, self._arrive, journeys[0], self.pace.leave(self.now))

    def _arrive(self, one: Journey, call: Call) -> None:
        taken = self.messenger.counts(one.delivery.address, self.now)
        self.at(self.now + self.chance.uniform(*self.messenger.way), self._answer, one, call, taken)

    def _answer(self, one: Journey, call: Call, taken: bool) -> None:
        if taken:
            self.pace.taken(call, self.now)
            self.sent[one.delivery.row] = self.now
            self.at(self.now + 0.005, self._kept, one, self.now)
        else:
            after = self.messenger.retry_after
            if one.put_off:
                self.pace.lost(call, self.now)
            else:
                self.pace.refused(call, one.delivery.address, self.now, after, sure=self.messenger.says_which)
            one.put_off += 1
            self.line.done(one, self.now, self.now, put_off(after, one.put_off))
            self.line.join(one, self.now)
            self.places += 1
        self._depart()

    def _kept(self, one: Journey, answered: float) -> None:
        self.line.done(one, answered, self.now)
        self.places += 1
        self._depart()
