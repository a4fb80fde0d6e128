"""A person in Telegram."""

from typing import TYPE_CHECKING

from .local import Chat, Json, Message, Refused
from .person import Person, on_message
from .telegram_rules import chat_view

if TYPE_CHECKING:
    from .telegram import TelegramServer


class TelegramPerson(Person):
    """Whatever she does becomes the update that Telegram would send."""

    server: "TelegramServer"

    phone = "+79990000000"

    @property
    def profile(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language}

    @property
    def answers(self) -> list[str]:
        """Texts of answered callback queries."""
        return self.popups

    @property
    def files(self) -> list[tuple[str, bytes]]:
        """Name and content of the documents in her chat."""
        return [
            self.server.files[message.attached["document"]["file_id"]]
            for message in self.messages
            if message.by_bot and "document" in message.attached
        ]

    def writes(self, text: str, chat: Chat | None = None) -> Message:
        return self.sends({}, chat, text)

    def starts(self, payload: str = "") -> Message:
        """The Start button, or a deep link with its payload."""
        return self.sends(
            {"entities": [{"type": "bot_command", "offset": 0, "length": 6}]}, None, f"/start {payload}".strip()
        )

    def sends(self, attached: Json, chat: Chat | None = None, text: str = "") -> Message:
        """A message with anything in it, in Telegram's JSON."""
        place = chat or self.chat
        if self.id in self.server.unreachable and place is self.chat:
            raise AssertionError(f"{self.first_name} has blocked the bot and cannot write to it")
        place.reachable = True
        message = Message(next(self.server.ids), place, False, self.id, text, [], self.server.clock(), 0, attached)
        place.messages[message.id] = message
        self.acts()
        self.server.push({"message": self.server.mail.view(message)})
        return message

    def edits(self, message: Message, text: str) -> None:
        message.text, message.attached["edit_date"] = text, int(self.server.clock())
        self.acts()
        self.server.push({"edited_message": self.server.mail.view(message)})

    def forwards(self, text: str, author: str = "Somebody") -> Message:
        origin = {"type": "hidden_user", "sender_user_name": author, "date": int(self.server.clock())}
        return self.sends({"forward_origin": origin}, None, text)

    def taps(self, label: str, chat: Chat | None = None) -> None:
        """A button of the last message with inline buttons, else of the standing keyboard."""
        place = chat or self.chat
        message, button = self.find(label, place)
        if message:
            return self._taps_inline(message, button)
        if place.keyboard_goes:
            place.keyboard = []
        if button.get("request_contact"):
            self.shares_contact(self.phone)
        elif button.get("request_location"):
            self.sends_location()
        else:
            self.writes(label, chat)

    def taps_on(self, message: Message, label: str) -> None:
        """An inline button of any message, however old; of a deleted one the bot gets no more than its number."""
        self._taps_inline(message, on_message(label, message))

    def taps_data(self, message: Message, data: str) -> str:
        """A callback query with any data, offered or forged. Returns its id."""
        query = f"q{next(self.server.ids)}"
        self.server.queries[query] = self, self.server.clock()
        seen = self.server.mail.view(message)
        if message.deleted:
            seen = {"message_id": message.id, "chat": seen["chat"], "date": 0}
        self.acts()
        self.server.push(
            {
                "callback_query": {
                    "id": query,
                    "from": self.profile,
                    "message": seen,
                    "chat_instance": str(message.chat.id),
                    "data": data,
                }
            }
        )
        return query

    def _taps_inline(self, message: Message, button: Json) -> None:
        if "callback_data" in button:
            self.taps_data(message, str(button["callback_data"]))
        elif "url" in button:
            self.opened.append(str(button["url"]))
        else:
            raise AssertionError(f"A person here cannot press {button}")

    def shares_contact(self, phone: str, own: bool = True) -> Message:
        """Her own contact, or (`own=False`) one from her address book with another person's user_id."""
        return self.sends(
            {
                "contact": {
                    "phone_number": phone,
                    "first_name": self.first_name if own else "Another",
                    "user_id": self.id if own else self.id + 1,
                }
            }
        )

    def sends_sticker(self) -> Message:
        return self.sends(
            {"sticker": self._file(type="regular", width=512, height=512, is_animated=False, is_video=False)}
        )

    def sends_voice(self) -> Message:
        return self.sends({"voice": self._file(duration=3)})

    def sends_photo(self, caption: str = "") -> Message:
        return self.sends({"photo": [self._file(width=90, height=90)]}, None, caption)

    def sends_document(self, name: str = "passport.pdf") -> Message:
        return self.sends({"document": self._file(file_name=name)})

    def sends_location(self) -> Message:
        return self.sends({"location": {"latitude": 58.6, "longitude": 49.6}})

    def _file(self, **about: object) -> Json:
        number = next(self.server.ids)
        return {"file_id": f"theirs{number}", "file_unique_id": f"t{number}", **about}

    def blocks(self) -> None:
        """Stop and block: the bot is told once and refused from now on."""
        self.server.unreachable[self.id] = Refused(403, "Forbidden: bot was blocked by the user")
        self._membership("member", "kicked")

    def unblocks(self) -> None:
        self.server.unreachable.pop(self.id, None)
        self._membership("kicked", "member")

    def deletes_account(self) -> None:
        """The bot is not told; it finds out when it writes."""
        self.server.unreachable[self.id] = Refused(403, "Forbidden: user is deactivated")

    def removes_bot(self, chat: Chat) -> None:
        """Removes the bot from a group."""
        self.server.unreachable[chat.id] = Refused(403, "Forbidden: bot was kicked from the supergroup chat")
        self._membership("member", "kicked", chat)

    def _membership(self, old: str, new: str, chat: Chat | None = None) -> None:
        place = chat or self.chat
        until = {"until_date": 0}
        self.acts()
        self.server.push(
            {
                "my_chat_member": {
                    "chat": chat_view(place),
                    "from": self.profile,
                    "date": int(self.server.clock()),
                    "old_chat_member": {"user": self.server.me, "status": old, **(until if old == "kicked" else {})},
                    "new_chat_member": {"user": self.server.me, "status": new, **(until if new == "kicked" else {})},
                }
            }
        )
