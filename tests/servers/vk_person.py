"""A person in VK."""

from typing import TYPE_CHECKING

import orjson

from .local import Chat, Json, Message
from .person import Person, on_message

if TYPE_CHECKING:
    from .vk import VKServer

LANGUAGES = {"ru": 0, "uk": 1, "be": 2, "en": 3}


class VKPerson(Person):
    """Whatever she does becomes the event that VK would send."""

    server: "VKServer"

    @property
    def profile(self) -> Json:
        return {
            "id": self.id,
            "first_name": self.first_name,
            "last_name": "",
            "can_access_closed": True,
            "is_closed": False,
        }

    @property
    def snackbars(self) -> list[str]:
        return self.popups

    @property
    def files(self) -> list[tuple[str, bytes]]:
        """Title and content of the documents in her chat."""
        documents = [
            item["doc"]
            for message in self.messages
            if message.by_bot
            for item in message.attached["attachments"]
            if item["type"] == "doc"
        ]
        return [(str(doc["title"]), self.server.files[str(doc["url"]).rpartition("/")[2]][1]) for doc in documents]

    def writes(self, text: str, chat: Chat | None = None) -> Message:
        return self.sends({}, chat, text)

    def starts(self, ref: str = "") -> Message:
        """The Start button of a new chat; a link vk.me/…?ref= brings its ref along."""
        link = {"ref": ref, "ref_source": ref} if ref else {}
        return self.sends({"payload": '{"command":"start"}', **link}, None, "Начать")

    def sends(self, attached: Json, chat: Chat | None = None, text: str = "") -> Message:
        """A message with anything in it, in VK's JSON. Writing to a community permits it to write."""
        place = chat or self.chat
        place.reachable = True
        if self.server.unreachable.get(place.id) == 901:
            del self.server.unreachable[place.id]
        message = self.server.mail.keep(place, False, self.id, text, attached, [])
        self.acts()
        self.server.push(
            "message_new",
            {
                "message": self.server.mail.view(message),
                "client_info": {
                    "button_actions": ["text", "vkpay", "open_app", "location", "open_link", "callback"],
                    "keyboard": True,
                    "inline_keyboard": True,
                    "carousel": True,
                    "lang_id": LANGUAGES.get(self.language, 0),
                },
            },
        )
        return message

    def edits(self, message: Message, text: str) -> None:
        message.text, message.attached["update_time"] = text, int(self.server.clock())
        self.acts()
        self.server.push("message_edit", self.server.mail.view(message))

    def forwards(self, text: str, author: int = 99) -> Message:
        return self.sends(
            {
                "fwd_messages": [
                    {
                        "from_id": author,
                        "date": int(self.server.clock()),
                        "text": text,
                        "conversation_message_id": 1,
                        "attachments": [],
                        "peer_id": self.id,
                        "id": 0,
                    }
                ]
            }
        )

    def taps(self, label: str, chat: Chat | None = None) -> None:
        """A button of the last message with inline buttons, else of the standing keyboard."""
        place = chat or self.chat
        message, button = self.find(label, place)
        if not message and place.keyboard_goes:
            place.keyboard = []
        self._taps(button, place, message)

    def taps_on(self, message: Message, label: str) -> None:
        """An inline button of any message, however old."""
        self._taps(on_message(label, message), message.chat, message)

    def taps_payload(self, payload: object, number: int, chat: Chat | None = None) -> str:
        """A callback button with any payload, offered or forged, on message `number`. Returns the event's id."""
        place = chat or self.chat
        event = f"tap{next(self.server.ids)}"
        self.server.taps[event] = self, place.id, self.server.clock()
        self.acts()
        self.server.push(
            "message_event",
            {
                "user_id": self.id,
                "peer_id": place.id,
                "event_id": event,
                "payload": payload,
                "conversation_message_id": number,
            },
        )
        return event

    def _taps(self, button: Json, chat: Chat, message: Message | None) -> None:
        action = button["action"]
        payload = action.get("payload")
        match action["type"]:
            case "callback":
                parsed = orjson.loads(payload) if isinstance(payload, str) else payload
                self.taps_payload(parsed, message.id if message else 0, chat)
            case "text":
                written = payload if payload is None or isinstance(payload, str) else orjson.dumps(payload).decode()
                self.sends({"payload": written} if written else {}, chat, str(action["label"]))
            case "open_link":
                self.opened.append(str(action["link"]))
            case "location":
                self.sends_location()
            case other:
                raise AssertionError(f"A person here cannot press {other}")

    def sends_sticker(self) -> Message:
        return self._attaches("sticker", {"sticker_id": 1, "product_id": 1, "images": []})

    def sends_voice(self) -> Message:
        return self._attaches("audio_message", {"id": 1, "owner_id": self.id, "duration": 3, "link_ogg": ""})

    def sends_photo(self, text: str = "") -> Message:
        return self._attaches("photo", {"id": 1, "owner_id": self.id, "album_id": -3, "date": 0, "sizes": []}, text)

    def sends_document(self, name: str = "passport.pdf") -> Message:
        return self._attaches("doc", {"id": 1, "owner_id": self.id, "title": name, "size": 1, "ext": "pdf", "type": 1})

    def sends_location(self) -> Message:
        return self.sends({"geo": {"type": "point", "coordinates": {"latitude": 58.6, "longitude": 49.6}}})

    def _attaches(self, kind: str, about: Json, text: str = "") -> Message:
        return self.sends({"attachments": [{"type": kind, kind: about}]}, None, text)

    def denies(self) -> None:
        """Forbids the community to write: the bot is told and refused with 901."""
        self.server.unreachable[self.id] = 901
        self.acts()
        self.server.push("message_deny", {"user_id": self.id})

    def allows(self) -> None:
        """Permits the community to write, without writing herself."""
        self.server.unreachable.pop(self.id, None)
        self.chat.reachable = True
        self.acts()
        self.server.push("message_allow", {"user_id": self.id, "key": ""})

    def becomes_unreachable(self, code: int) -> None:
        """The bot is not told: 900 in the community's blacklist, 902 closed messages, 18 the page is deleted."""
        self.server.unreachable[self.id] = code
