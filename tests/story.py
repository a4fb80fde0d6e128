"""Tell a test as a story: a parent taps, types and sees; the world is a dictionary of answers."""

from collections.abc import Mapping
from typing import Any

from bot.dialogs.conversation import Heard, Pressed, Reader, Reply, Talk, WhoReads, converse
from bot.dialogs.core import AnyState, Contact, Started, Typed, Unreadable
from bot.domain.messages import Command, Query

CONSENTED = Reader(language="en", municipality=1, consented=True)


class Story:
    """A conversation with a world of given answers: queries and commands that are not in it fail the test."""

    def __init__(
        self,
        state: AnyState,
        world: Mapping[Query[Any] | Command, Any] | None = None,
        reader: Reader = CONSENTED,
        arrives: bool = True,
    ) -> None:
        """Opens `state` (shown at once) for a reader who has consented; answers may be changed later through `world`."""
        self.world: dict[Any, Any] = dict(world or {})
        self.reader = reader
        self.asked: list[Any] = []
        self.talk = Talk(state)
        self.reply: Reply | None = None
        if arrives:
            self._hears(Pressed("stale"))

    @property
    def text(self) -> str:
        """The present screen's text."""
        assert self.reply is not None
        return self.reply.message.text

    @property
    def labels(self) -> list[str]:
        """The present screen's buttons."""
        assert self.reply is not None
        return [key.label for row in self.reply.message.rows for key in row]

    @property
    def state(self) -> AnyState:
        """Where the conversation is."""
        return self.talk.state

    def taps(self, label: str) -> None:
        """Presses the button whose label begins so."""
        assert self.reply is not None
        keys = [key for row in self.reply.message.rows for key in row if key.label.startswith(label)]
        assert keys, f"no button {label!r} among {self.labels}"
        self._hears(Pressed(keys[0].data))

    def types(self, text: str) -> None:
        """Writes a message."""
        self._hears(Typed(text))

    def shares(self, phone: str, own: bool = True) -> None:
        """Shares a contact."""
        self._hears(Contact(phone, own))

    def sends(self, kind: str) -> None:
        """Sends what is not text."""
        self._hears(Unreadable(kind))

    def starts(self, link: str = "") -> None:
        """Follows a link to the bot."""
        self._hears(Started(link))

    def presses(self, data: str) -> None:
        """Presses a button by its raw data: a door, or a forgery."""
        self._hears(Pressed(data))

    def sees(self, *parts: str) -> None:
        """Each part is in the text or is a button."""
        shown = "\n".join([self.text, *self.labels])
        for part in parts:
            assert part in shown, f"{part!r} is not in:\n{shown}"

    def does_not_see(self, *parts: str) -> None:
        """None of the parts is shown."""
        shown = "\n".join([self.text, *self.labels])
        for part in parts:
            assert part not in shown, f"{part!r} is in:\n{shown}"

    def _hears(self, heard: Heard) -> None:
        steps = converse(self.talk, heard)
        answer: Any = None
        while True:
            try:
                wanted = steps.send(answer)
            except StopIteration as stop:
                self.reply = stop.value
                self.talk = stop.value.talk
                return
            if isinstance(wanted, WhoReads):
                answer = self.reader
                continue
            self.asked.append(wanted)
            assert wanted in self.world, f"the world has no answer to {wanted!r}"
            answer = self.world[wanted]
