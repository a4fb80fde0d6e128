"""The menu: what is worth a line there, and where else the bot can be opened."""

from dataclasses import dataclass

from bot.domain.messages import Query


@dataclass(frozen=True)
class News:
    """How much waits, in numbers without names: children, applications, visits to make, requests sent, answers awaited."""

    children: int = 0
    deciding: int = 0
    to_visit: int = 0
    requested: int = 0
    to_answer: int = 0


@dataclass(frozen=True)
class HomeNews(Query[News]):
    """What waits in the reader's family."""


@dataclass(frozen=True)
class ChannelLink:
    """A channel that may show everything: telegram | vk | web, and the address that opens the bot there."""

    channel: str
    url: str


@dataclass(frozen=True)
class OtherChannels(Query[tuple[ChannelLink, ...]]):
    """The channels whose discretion is `full` (R9.3)."""
