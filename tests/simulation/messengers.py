"""The messengers and the phones behind them: what arrives, what does not, and what a messenger may be blamed for.

They are the world: no crash of ours makes them forget.
"""

import random
import re
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dialogs.message import Message
from bot.handlers.web import WebChannel
from bot.notifications.delivery import Delivery, Gone, Later, Outcome, Sent, Unreachable
from bot.notifications.pace import Pace
from bot.storage.desk import Desk
from tests.simulation.house import Crash, House

CODE = re.compile(r"\b[ABCEHKMPTXY2345679]{4}-?[ABCEHKMPTXY2345679]{4}\b")
LONG = 600
"""Characters: longer messages go in two parts here."""


@dataclass
class Phone:
    """A chat as its owner sees it."""

    channel: str
    address: str
    keys: list[str] = field(default_factory=list)
    """The data of the newest reply's buttons."""
    doors: list[str] = field(default_factory=list)
    """Of pushes not looked at yet."""
    stale: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    codes: list[str] = field(default_factory=list)
    wants: str = "choice"
    blocked: bool = False
    shown: int = 0
    """The newest reply's outbox row."""
    ref: str = ""

    def sees(self, message: Message, push: bool, ref: str) -> None:
        found = [key.data for row in message.rows for key in row if key.data]
        self.codes += CODE.findall(message.text)
        if push:
            self.doors += [data for data in found if data.startswith(">")]
            del self.doors[:-12]
        elif found or message.wants != "choice":
            self.stale.extend(self.keys)
            self.keys, self.wants, self.ref = found, message.wants, ref


class Post:
    """All messengers together: the phones, and every message that has arrived."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.house, self.chance = house, chance
        self.phones: dict[tuple[str, str], Phone] = {}
        self.arrived: Counter[tuple[str, int]] = Counter()
        self.seeds: dict[tuple[str, int, int], str] = {}
        self.known: set[tuple[str, int, int]] = set()
        """What VK has: an address, a seed, a part."""
        self.in_flight: dict[str, Delivery] = {}
        self.may_repeat: set[str] = set()
        """Keys of messages of which nobody can know whether they arrived."""
        self.calm = False
        """Nothing goes wrong any more: the end of the simulation."""
        self.outcomes: Counter[str] = Counter()

    def phone(self, channel: str, address: str) -> Phone:
        return self.phones.setdefault((channel, address), Phone(channel, address))

    def crashed(self) -> None:
        """What was on its way may arrive once more."""
        self.may_repeat.update(self.in_flight)
        self.in_flight.clear()

    def slept(self) -> None:
        """A process that sleeps for longer than its lease has lost it: what it had sent and not yet kept is sent once more."""
        self.may_repeat.update(self.in_flight)

    def takes(self, delivery: Delivery) -> Outcome:
        """One message, as a messenger treats it."""
        phone, part = self.phone(delivery.channel, delivery.address), len(delivery.message.text)
        outcome = self._outcome(phone, delivery)
        self.outcomes[type(outcome).__name__] += 1
        if isinstance(outcome, Sent) or (isinstance(outcome, Unreachable) and outcome.why == "answer lost"):
            self._arrives(phone, delivery, part)
        if isinstance(outcome, Unreachable):
            self.may_repeat.add(delivery.key)
        if not isinstance(outcome, Sent) and not any(key == delivery.key for key, _part in self.arrived):
            self.in_flight.pop(delivery.key, None)  # nothing of it is there: a crash repeats nothing
        return outcome

    def _outcome(self, phone: Phone, delivery: Delivery) -> Outcome:
        if phone.blocked:
            return Gone("blocked")
        luck = 1.0 if self.calm else self.chance.random()
        if luck < 0.012:
            return Later(self.chance.choice((1.0, 5.0, 40.0)), everywhere=self.chance.random() < 0.2)
        if luck < 0.024:
            return Unreachable(self.chance.choice(("no connection", "answer lost")))
        return Sent(f"{delivery.channel}-{delivery.row}")

    def _arrives(self, phone: Phone, delivery: Delivery, part: int) -> None:
        name = phone.address, delivery.seed, part
        known = self.seeds.setdefault(name, delivery.key)
        if known != delivery.key:
            self.house.is_wrong(f"{delivery.key} has the seed of {known}: the messenger drops it")
        times = self.arrived[delivery.key, part]
        if delivery.channel == "vk":
            if times and name not in self.known:
                self.house.is_wrong(f"{delivery.key} comes again with another seed: the messenger cannot drop it")
            self.known.add(name)
            if times:
                return
        self.arrived[delivery.key, part] += 1
        if times and delivery.key not in self.may_repeat:
            self.house.is_wrong(f"{delivery.key} arrived again, though nothing had gone wrong")
        if times == 0 and not delivery.push:
            if delivery.row < phone.shown:
                self.house.is_wrong(f"{delivery.key}: an earlier reply arrived behind a later one")
            phone.shown = delivery.row
        phone.sees(delivery.message, delivery.push, f"{delivery.channel}-{delivery.row}")

    def has(self, key: str) -> bool:
        """Whether something of that message has arrived."""
        return any(each == key for each, _part in self.arrived)


class Messenger:
    """Telegram and VK: `notifications.delivery.Channel`."""

    per_chat, at_once, in_flight = 100.0, 25, 2

    def __init__(self, name: str, post: Post) -> None:
        self.name, self.post, self.pace = name, post, Pace(1_000.0)

    def parts(self, delivery: Delivery) -> Sequence[Delivery]:
        text = delivery.message.text
        if len(text) <= LONG or delivery.message.document:
            return (delivery,)
        first, rest = text[:LONG], text[LONG:]
        head = replace(delivery, message=replace(delivery.message, text=first, rows=()))
        return head, replace(delivery, message=replace(delivery.message, text=rest), seed=delivery.seed ^ 1 or 2)

    async def send(self, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
        if self.post.house.dead:
            raise Crash
        self.post.in_flight.update({delivery.key: delivery for delivery in deliveries})
        return [self.post.takes(delivery) for delivery in deliveries]

    async def close(self) -> None:
        """Nothing is open."""


class Page(WebChannel):
    """The web chat: the transcript is what the page shows."""

    def __init__(self, desk: Desk, post: Post) -> None:
        super().__init__(desk)
        self.post = post

    async def send(self, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
        self.post.in_flight.update({delivery.key: delivery for delivery in deliveries})
        outcomes: Any = await super().send(deliveries)
        for delivery, outcome in zip(deliveries, outcomes, strict=True):
            phone = self.post.phone("web", delivery.address)
            if (
                isinstance(outcome, Sent) and not self.post.arrived[delivery.key, 0]
            ):  # the transcript has each message once
                self.post.arrived[delivery.key, 0] += 1
                phone.sees(delivery.message, delivery.push, outcome.ref)
        return outcomes
