"""Who is sent next: one message at a time in a chat, replies before pushes, and in the order of their rows. Pure: time comes in."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.notifications.delivery import Delivery

FORGET_AT = 10_000
"""So many chats are remembered before those that have rested are forgotten."""


@dataclass(slots=True, eq=False)
class Journey:
    """A message on its way: the delivery that it came as, and the parts still to be sent."""

    delivery: Delivery
    left: Sequence[Delivery]
    begun: bool = False
    """Something of it was sent, or may have been: nothing else of its chat goes before it."""
    tries: int = 0
    """How often the messenger gave no answer."""
    put_off: int = 0
    """How often in a row it asked this chat to wait."""


@dataclass(slots=True, eq=False)
class _Chat:
    """What waits for one chat, as a heap; from when it may be written to; whether that happens just now."""

    waiting: list[tuple[int, int, Journey]] = field(default_factory=list)
    free_at: float = 0.0
    writing: bool = False


class Line:
    """Journeys that wait. A chat is ready, resting (until it may be written to again) or being written to."""

    def __init__(self, per_chat: float) -> None:
        """Messages a second that the messenger allows in one chat."""
        self._rest = 1 / per_chat
        self._chats: dict[str, _Chat] = {}
        self._ready: list[tuple[int, int, str]] = []
        """Notes of who may go; one whose journey is not its chat's first any more is out of date."""
        self._resting: list[tuple[float, str]] = []
        self._writing = 0
        self._forget_at = FORGET_AT

    @property
    def ahead(self) -> int:
        """Chats that are written to or could be at once, or a few more: how far ahead the line has work."""
        return len(self._ready) + self._writing

    def join(self, journey: Journey, now: float) -> None:
        """Wait: behind what has begun in this chat, before its pushes if it is a reply."""
        address = journey.delivery.address
        chat = self._chats.get(address)
        if chat is None:
            chat = self._chats[address] = _Chat()
        rank = 0 if journey.begun else 2 if journey.delivery.push else 1
        entry = (rank, journey.delivery.row, journey)
        heapq.heappush(chat.waiting, entry)
        if not chat.writing and chat.waiting[0] is entry:
            self._place(address, chat, now)

    def take(self, now: float, at_most: int) -> list[Journey]:
        """Up to `at_most` journeys for one call, each of another chat, which now counts as being written to."""
        while self._resting and self._resting[0][0] <= now:
            address = heapq.heappop(self._resting)[1]
            chat = self._chats.get(address)
            if chat is not None and chat.waiting and not chat.writing:
                self._place(address, chat, now)
        taken: list[Journey] = []
        while self._ready and len(taken) < at_most:
            rank, row, address = heapq.heappop(self._ready)
            chat = self._chats.get(address)
            if (
                chat is None
                or chat.writing
                or chat.free_at > now
                or not chat.waiting
                or chat.waiting[0][:2] != (rank, row)
            ):
                continue
            taken.append(heapq.heappop(chat.waiting)[2])
            chat.writing = True
        self._writing += len(taken)
        return taken

    def done(self, journey: Journey, answered: float, now: float, rest: float = 0.0) -> None:
        """The chat may be written to again, a rest after the messenger has answered: when it took the message we cannot know better.

        `rest`: seconds after the answer, if it has to be longer than usual.
        """
        address = journey.delivery.address
        chat = self._chats[address]
        chat.writing = False
        self._writing -= 1
        chat.free_at = answered + max(rest, self._rest)
        if chat.waiting:
            self._place(address, chat, now)
        elif len(self._chats) > self._forget_at:
            kept = ((key, one) for key, one in self._chats.items() if one.waiting or one.writing or one.free_at > now)
            self._chats = dict(kept)
            self._forget_at = max(FORGET_AT, 2 * len(self._chats))

    def wait(self, now: float) -> float:
        """Seconds until `take` may have something; infinite when only news can help."""
        if self._ready:
            return 0.0
        return max(self._resting[0][0] - now, 0.0) if self._resting else float("inf")

    def rests(self, address: str, now: float) -> float:
        """Seconds until a chat may be written to."""
        chat = self._chats.get(address)
        return max(chat.free_at - now, 0.0) if chat is not None else 0.0

    def leave(self, address: str) -> list[Journey]:
        """The pushes that wait for this chat go home."""
        chat = self._chats[address]
        left = [entry for entry in chat.waiting if entry[2].delivery.push]
        chat.waiting = sorted(entry for entry in chat.waiting if not entry[2].delivery.push)
        return [journey for _rank, _row, journey in left]

    def clear(self) -> list[Journey]:
        """Everybody who waits goes home."""
        left = [journey for chat in self._chats.values() for _rank, _row, journey in chat.waiting]
        for chat in self._chats.values():
            chat.waiting = []
        self._ready, self._resting = [], []
        return left

    def _place(self, address: str, chat: _Chat, now: float) -> None:
        """Note a chat where it belongs."""
        if chat.free_at > now:
            heapq.heappush(self._resting, (chat.free_at, address))
        else:
            heapq.heappush(self._ready, (*chat.waiting[0][:2], address))
