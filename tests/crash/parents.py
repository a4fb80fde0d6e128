"""The parents: each goes round in a circle of real steps, which asks for a place and gives it back: money moves twice a round.

What a step is answered with is known: the first family walks once through the circle undisturbed, and all others must read the same.
So a parent may go on without having seen the answer, as people do, and her next button is still the right one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson

from tests.crash.town import Family
from tests.servers.local import Message
from tests.servers.telegram_person import TelegramPerson
from tests.servers.vk_person import VKPerson
from tests.year.parents import ru

Person = TelegramPerson | VKPerson
Seen = tuple[str, tuple[str, ...]]
"""A message as it can be compared: its text, and what its buttons send."""
FAMILY = re.compile(r">(enrollment|fits|money):\d+")
FREE = re.compile(r"\d+ свободн\w+ мест\w*")


@dataclass
class Parent:
    """One chat, and everything that was said in it."""

    person: Person
    family: Family
    types: bool = False
    """Writes what stands on the buttons instead of tapping them."""
    keys: list[str] = field(default_factory=list)
    """The key of each update, in order; the first brought turn 1."""
    tapped: list[int] = field(default_factory=list)
    """Which of them were taps."""

    def acts(self) -> None:
        """The next step of the circle."""
        STEPS[step_of(len(self.keys))](self)

    def writes(self, text: str) -> None:
        self._noted(self.person.writes(text))

    def sends_sticker(self) -> None:
        self._noted(self.person.sends_sticker())

    def taps(self, choice: str, label: str) -> None:
        """A button of the present screen; the screen's number is that of the updates before."""
        self.presses(f"{len(self.keys)}:{choice}", label)

    def opens(self, door: str) -> None:
        """A program's card, from wherever she is."""
        if self.types:
            self._noted(self.person.starts(door.replace(":", "_")))
        else:
            self.taps_data(f">{door}")

    def presses(self, data: str, label: str) -> None:
        """A button that sends these data."""
        if self.types:
            self.writes(ru(label))
        else:
            self.taps_data(data)

    def taps_data(self, data: str) -> None:
        """Whatever stands on a button of the last message from the bot."""
        self.tapped.append(len(self.keys))
        if isinstance(self.person, TelegramPerson):
            self.person.taps_data(self.person.last, data)
            self._noted()
        else:
            self.person.taps_payload({"d": data}, self.person.last.id)
            self.keys.append(f"vk:{self.person.server.events.history[-1]['event_id']}")

    def _noted(self, said: Message | None = None) -> None:
        if isinstance(self.person, TelegramPerson):
            self.keys.append(f"telegram:{self.person.server.updates.pending[-1]['update_id']}")
        elif said is not None:
            self.keys.append(f"vk:m:{self.person.id}:{said.id}")

    def count(self, step: str) -> int:
        """How often this step was taken."""
        return sum(NAMES[step_of(number)] == step for number in range(len(self.keys)))


Step = Callable[[Parent], None]
CIRCLE: Sequence[tuple[str, Step]] = (
    ("menu", lambda parent: parent.writes("меню")),
    ("search", lambda parent: parent.presses(">search", "Find a club")),
    ("card", lambda parent: parent.opens("program:1")),
    ("enrol", lambda parent: parent.taps("enrol", "Enrol")),
    ("send", lambda parent: parent.taps("send", "Send the request")),
    ("sticker", lambda parent: parent.sends_sticker()),
    ("give back", lambda parent: parent.taps("withdraw", "Take the request back")),
    ("yes", lambda parent: parent.taps("yes", "Yes, give it back")),
)
NAMES = [name for name, _step in CIRCLE]
STEPS = [step for _name, step in CIRCLE]


def step_of(number: int) -> int:
    """The step of the circle that the update of this number is."""
    return number % len(CIRCLE)


def seen(text: str, rows: Sequence[Sequence[dict[str, object]]]) -> Seen:
    """A message of Telegram or VK as it can be compared."""
    return FREE.sub("N свободных мест", text), tuple(_data(button) for row in rows for button in row)


def _data(button: dict[str, object]) -> str:
    if "callback_data" in button:
        return str(button["callback_data"])
    action = button.get("action")
    if isinstance(action, dict) and "payload" in action:
        return str(orjson.loads(action["payload"])["d"])
    return str(button.get("url") or button.get("text"))


def at_turn(message: Seen, turn: int) -> Seen:
    """The message without its turn's number, if it is of this turn, and without the family's own numbers."""
    text, buttons = message
    return text, tuple(FAMILY.sub(r">\1:N", re.sub(f"^{turn}:", "#:", button)) for button in buttons)
