"""What the sender hands to a channel, and the five ways in which it may end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Union

from bot.dialogs.message import Message
from bot.notifications.pace import Pace


@dataclass(frozen=True)
class Delivery:
    """One message on its way to one address."""

    row: int
    """The outbox row."""
    key: str
    """The row's key: names this message for ever."""
    channel: str
    address: str
    message: Message
    edits: str = ""
    """The messenger's id of the message to take the place of; a new message is sent where that is impossible."""
    push: bool = False
    """Unasked: goes behind replies."""
    seed: int = 0
    """31 bits, never 0: a repeat with the same seed is dropped by a messenger that can (VK's random_id)."""


@dataclass(frozen=True)
class Sent:
    """It is there; `ref` is the messenger's id of the message."""

    ref: str


@dataclass(frozen=True)
class Gone:
    """Nobody can be reached at this address any more: blocked, deleted. The address is dead, the next channel takes over."""

    why: str


@dataclass(frozen=True)
class Later:
    """The messenger asks to wait; `after` seconds. `everywhere`: the whole channel, or only this chat; None: it does not say which."""

    after: float
    everywhere: bool | None = False


@dataclass(frozen=True)
class Refused:
    """The messenger will never take this message: a defect of ours, counted and shown to whoever runs the service."""

    why: str


@dataclass(frozen=True)
class Unreachable:
    """The messenger did not answer or is broken: tried again with back-off."""

    why: str


Outcome = Union[Sent, Gone, Later, Refused, Unreachable]


class Channel(Protocol):
    """A messenger as the sender sees it."""

    name: str
    pace: Pace
    """Of the calls of `send`, and of whatever else the messenger counts with them."""
    per_chat: float
    """Messages a second that it allows in one chat."""
    at_once: int
    """How many deliveries one call of `send` takes; calls of `send` do not overlap more than `in_flight`."""
    in_flight: int

    def parts(self, delivery: Delivery) -> Sequence[Delivery]:
        """What has to go out one after another: a message over the messenger's limits is several; never empty."""
        ...

    async def send(self, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
        """Send parts, each to another address, and say for each what came of it; raises nothing that a messenger can cause."""
        ...

    async def close(self) -> None:
        """The sender has come to its end: nothing is sent any more."""
        ...


class Outbox(Protocol):
    """The rows as the sender sees them; the storage has them."""

    async def claim(self, channel: str, limit: int) -> Sequence[Delivery]:
        """Take due messages of a channel: replies first, in order, marked as being sent."""
        ...

    async def record(self, ends: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Keep what came of them."""
        ...

    async def wait(self, seconds: float) -> None:
        """Until there is news, at most so long."""
        ...

    def hand_to(self, channel: str, take: Callable[[Sequence[Delivery]], None]) -> None:
        """From now on replies go to `take` as soon as they are committed, marked as being sent; nobody claims them."""
        ...

    async def hand_no_more(self, channel: str) -> None:
        """Until nothing more can come by hand: what is written now waits for a claim."""
        ...
