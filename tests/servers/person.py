"""A person with a phone: what both messengers' people see and tap."""

from tests.patience import PATIENCE

from .local import Chat, Json, LocalServer, Message, label


class Person:
    """`sees` looks at what the bot has sent or edited since this person last did something, so that an older message
    with the same words does not answer for the bot."""

    def __init__(self, server: LocalServer, id: int, first_name: str, language: str, chat: Chat) -> None:
        self.server, self.id, self.first_name, self.language, self.chat = server, id, first_name, language, chat
        self.popups: list[str] = []
        self.opened: list[str] = []
        self.since = 0

    @property
    def messages(self) -> list[Message]:
        """The private chat from top to bottom, as it stands now, with this person's own messages."""
        return [message for message in self.chat.messages.values() if not message.deleted]

    @property
    def last(self) -> Message:
        """The bot's last message."""
        for message in reversed(self.messages):
            if message.by_bot:
                return message
        raise AssertionError(f"{self.first_name} has no message from the bot")

    @property
    def screen(self) -> str:
        """The bot's last message and the labels of its buttons, each in brackets, a row a line."""
        return str(self.last)

    @property
    def keyboard(self) -> list[str]:
        """Labels of the standing keyboard."""
        return [label(button) for row in self.chat.keyboard for button in row]

    async def sees(self, *texts: str, timeout: float = PATIENCE, chat: Chat | None = None) -> None:
        """Wait until all `texts` stand in what the bot sent or edited since this person's last act (labels count)."""
        place = chat or self.chat

        def news() -> str:
            return "\n".join(
                str(message)
                for message in place.messages.values()
                if message.by_bot and not message.deleted and message.changed > self.since
            )

        if not await self.server.until(lambda: all(text in (seen := news()) for text in texts), timeout):
            missing = [text for text in texts if text not in news()]
            raise AssertionError(
                f"{self.first_name} does not see {missing} after {timeout} s, but:\n{news()}\n"
                f"Popups: {self.popups}. Refused calls: {self.server.refused[-3:]}"
            )

    async def sees_popup(self, text: str, timeout: float = PATIENCE) -> None:
        """Wait for a popup with these words."""
        if not await self.server.until(lambda: any(text in popup for popup in self.popups), timeout):
            raise AssertionError(f"{self.first_name} was not told {text!r}, but {self.popups}")

    def acts(self) -> None:
        self.since = self.server.revision

    def find(self, text: str, chat: Chat) -> tuple[Message | None, Json]:
        """The button so labelled on the last message with inline buttons, else (no message) on the keyboard."""
        for message in reversed(chat.messages.values()):
            if message.by_bot and message.rows and not message.deleted:
                if button := _labelled(text, message.rows):
                    return message, button
                break
        if button := _labelled(text, chat.keyboard):
            return None, button
        raise AssertionError(f"{self.first_name} has no button {text!r} on:\n{self.screen}\nKeyboard: {self.keyboard}")


def on_message(text: str, message: Message) -> Json:
    """The inline button with this label on one message."""
    if button := _labelled(text, message.rows):
        return button
    raise AssertionError(f"No button {text!r} on:\n{message}")


def _labelled(text: str, rows: list[list[Json]]) -> Json | None:
    return next((button for row in rows for button in row if label(button) == text), None)
