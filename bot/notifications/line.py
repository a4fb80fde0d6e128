"""Who is sent next, and when: evenly over time, one at a time in a chat, replies before pushes. Pure: time comes in.

Even spacing, not a bucket of tokens: a full bucket sends twice the allowed number in its first second and is punished for it.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from bot.notifications.delivery import Delivery

CATCH_UP = 0.01
"""Seconds that a late timer may be made good for: without it the rate sinks with every late wake-up."""
MARGIN = 0.97
"""The share of a messenger's limit that we use: the way there takes now longer, now shorter, and what left evenly arrives less so."""
SLOWEST = 0.1
"""The share of the allowed rate below which being punished does not bring us."""


FEWEST, MOST = 8, 256


def in_flight(per_second: float) -> int:
    """How many calls may wait for their answer at once: a quarter of a second's. A crash repeats no more of them than these."""
    return min(max(FEWEST, round(per_second / 4)), MOST)


@dataclass
class Journey:
    """A message on its way: the delivery that it came as, and the parts still to be sent."""

    delivery: Delivery
    left: Sequence[Delivery]
    begun: bool = False


class Line:
    """Journeys that wait. A chat is ready, resting (its last message was just now) or being written to."""

    def __init__(self, per_second: float, per_chat: float) -> None:
        """The messenger's limits: calls a second, and messages in one chat."""
        self.allowed = MARGIN * per_second
        self.rate = self.allowed
        self._rest = 1 / per_chat
        self._gate = 0.0
        self._order = count()
        self._waiting: dict[str, list[tuple[int, int, Journey]]] = {}
        self._free_at: dict[str, float] = {}
        self._ready: list[tuple[int, int, str]] = []
        self._resting: list[tuple[float, str]] = []
        self._writing: set[str] = set()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def join(self, journey: Journey, now: float) -> None:
        """Wait: behind what has begun in this chat, before its pushes if it is a reply."""
        address = journey.delivery.address
        rank = 0 if journey.begun else 2 if journey.delivery.push else 1
        queue = self._waiting.setdefault(address, [])
        heapq.heappush(queue, (rank, next(self._order), journey))
        if address not in self._writing:
            self._place(address, now)

    def take(self, now: float, at_most: int) -> list[Journey]:
        """Up to `at_most` journeys for one call, each of another chat, which now counts as being written to."""
        if now < self._gate:
            return []
        while self._resting and self._resting[0][0] <= now:
            self._place(heapq.heappop(self._resting)[1], now)
        taken: list[Journey] = []
        while self._ready and len(taken) < at_most:
            rank, order, address = heapq.heappop(self._ready)
            queue = self._waiting.get(address)
            if not queue or queue[0][:2] != (rank, order):
                continue  # an older note: something else of this chat goes first, or went
            if address in self._writing or self._free_at.get(address, now) > now:
                continue  # it is noted again when it is free
            taken.append(heapq.heappop(queue)[2])
            if not queue:
                del self._waiting[address]
            self._writing.add(address)
        if taken:
            self._gate = max(self._gate, now - CATCH_UP) + 1 / self.rate
        return taken

    def done(self, journey: Journey, answered: float, now: float) -> None:
        """The chat may be written to again, a rest after the messenger has answered: when it took the message we cannot know better."""
        address = journey.delivery.address
        self._writing.discard(address)
        self._free_at[address] = answered + self._rest
        if address in self._waiting:
            self._place(address, now)
        if len(self._free_at) > 10_000:
            self._free_at = {chat: free for chat, free in self._free_at.items() if free > now}

    def wait(self, now: float) -> float:
        """Seconds until `take` may have something; infinite when only news can help."""
        if self._ready:
            return max(self._gate - now, 0.0)
        if self._resting:
            return max(self._gate - now, self._resting[0][0] - now, 0.0)
        return float("inf")

    def hold(self, until: float) -> None:
        """Nobody is sent anything before."""
        self._gate = max(self._gate, until)

    def slower(self) -> None:
        """The messenger has told us to wait: the rate sinks by a fifth."""
        self.rate = max(self.rate * 0.8, self.allowed * SLOWEST)

    def faster(self) -> None:
        """A message went through: the rate creeps back, a fifth in about a hundred messages."""
        self.rate = min(self.rate + self.allowed / 500, self.allowed)

    def clear(self) -> list[Journey]:
        """Everybody who waits goes home."""
        left = [journey for queue in self._waiting.values() for _rank, _order, journey in queue]
        self._waiting, self._ready, self._resting = {}, [], []
        return left

    def _place(self, address: str, now: float) -> None:
        """Put a chat where it belongs; notes that stand there from before are skipped when their turn comes."""
        queue = self._waiting.get(address)
        if not queue or address in self._writing:
            return
        free = self._free_at.get(address, 0.0)
        if free > now:
            heapq.heappush(self._resting, (free, address))
        else:
            heapq.heappush(self._ready, (*queue[0][:2], address))
