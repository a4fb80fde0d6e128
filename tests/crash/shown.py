"""What the chats were shown, as the messengers' servers saw it, and how it compares with what had to be shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from tests.crash.parents import Seen, seen
from tests.servers.local import LocalServer, Message


@dataclass(frozen=True)
class Shown:
    """A message, or a new content of one; `at` in the loop's seconds."""

    at: float
    seen: Seen
    anew: bool
    """A message of its own, not a change of one."""


class Gallery:
    """All that a server's chats were shown by the bot, in order. A change to the same content shows nothing."""

    def __init__(self, server: LocalServer, clock: Callable[[], float]) -> None:
        self.chats: dict[int, list[Shown]] = {}
        self._content: dict[tuple[int, int], Seen] = {}
        self._clock = clock
        server.watch = self._note

    def _note(self, message: Message) -> None:
        if not message.by_bot or message.deleted:
            return
        place, content = (message.chat.id, message.id), seen(message.text, message.rows)
        known = self._content.get(place)
        if content != known:
            self._content[place] = content
            self.chats.setdefault(message.chat.id, []).append(Shown(self._clock(), content, known is None))

    def of(self, chat: int) -> Sequence[Shown]:
        """What one chat was shown."""
        return self.chats.get(chat, ())


@dataclass
class Compared:
    """Numbers of what was lost; of what was said twice the moment of the time before; what was nowhere expected."""

    due: int
    lost: list[int] = field(default_factory=list)
    doubled: list[float] = field(default_factory=list)
    disordered: list[float] = field(default_factory=list)
    strange: list[Shown] = field(default_factory=list)


def compared(count: int, is_it: Callable[[Shown, int], bool], shown: Sequence[Shown]) -> Compared:
    """`count` things had to be shown in order; `is_it` says whether something shown is the expected one of that number.

    The next expected is the best explanation, the one before the second: a repeat. Anything else that was expected is out of order.
    """
    found, came = Compared(count), dict[int, float]()
    reached = 0
    for one in shown:
        near = (reached, reached - 1)
        others = chain(range(reached - 2, -1, -1), range(reached + 1, count))
        number = next((n for n in chain(near, others) if 0 <= n < count and is_it(one, n)), None)
        if number is None:
            found.strange.append(one)
            continue
        if number in came:
            found.doubled.append(came[number])
        if number not in near or (number == reached - 1 and number not in came):
            found.disordered.append(one.at)
        came[number] = one.at
        reached = max(reached, number + 1)
    found.lost = [number for number in range(count) if number not in came]
    return found
