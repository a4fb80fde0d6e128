"""Telegram's messages, callback queries and files: what the Bot API does with them and what it refuses."""

from typing import TYPE_CHECKING

from aiohttp import web

from .local import Chat, Json, Message, Refused, Window
from .telegram_rules import CAPTION, POPUP, TEXT, bad, chat_view, check_inline, check_markup, formatted, utf16, whole

if TYPE_CHECKING:
    from .telegram import TelegramServer

OLD = "query is too old and response timeout expired or query ID is invalid"
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class Mail:
    """The bot's messages in all chats."""

    def __init__(self, server: "TelegramServer") -> None:
        self.server = server
        self._overall = Window(30, 1)
        self._chats: dict[int, Window] = {}

    def _chat(self, params: Json) -> Chat:
        """The chat of a call that may be written to now."""
        id = whole(params, "chat_id")
        chat = self.server.chats.get(id)
        if chat is None or not chat.reachable and id not in self.server.unreachable:
            raise bad("chat not found")
        if id in self.server.unreachable:
            raise self.server.unreachable[id]
        return chat

    def _rate(self, chat: Chat) -> None:
        if not self.server.strict_rates:
            return
        window = self._chats.setdefault(chat.id, Window(1, 1))
        if wait := max(self._overall.wait(), window.wait()):
            seconds = int(wait) + 1
            raise Refused(429, f"Too Many Requests: retry after {seconds}", seconds)
        self._overall.take()
        window.take()

    def send_message(self, params: Json) -> Json:
        return self._send(params, "text", TEXT, {})

    def send_document(self, params: Json) -> Json:
        id, name, content = self._file(params, "document", 50)
        return self._send(
            params,
            "caption",
            CAPTION,
            {"document": {"file_id": id, "file_unique_id": f"u{id}", "file_name": name, "file_size": len(content)}},
        )

    def send_photo(self, params: Json) -> Json:
        id, _, content = self._file(params, "photo", 10)
        return self._send(
            params,
            "caption",
            CAPTION,
            {
                "photo": [
                    {"file_id": id, "file_unique_id": f"u{id}", "width": 100, "height": 100, "file_size": len(content)}
                ]
            },
        )

    def _send(self, params: Json, field: str, limit: int, attached: Json) -> Json:
        chat = self._chat(params)
        text, entities = formatted(params, field, limit) if self.server.check else (str(params.get(field, "")), [])
        markup = params.get("reply_markup") or {}
        if self.server.check and markup:
            check_markup(markup, chat.kind == "private")
        self._rate(chat)
        if entities:
            attached["entities" if field == "text" else "caption_entities"] = entities
        if "keyboard" in markup:
            chat.keyboard = [
                [{"text": key} if isinstance(key, str) else key for key in row] for row in markup["keyboard"]
            ]
            chat.keyboard_goes = bool(markup.get("one_time_keyboard"))
        elif "remove_keyboard" in markup:
            chat.keyboard = []
        if markup and "inline_keyboard" not in markup:
            attached["fixed"] = True
        message = Message(
            next(self.server.ids),
            chat,
            True,
            self.server.me["id"],
            text,
            markup.get("inline_keyboard", []),
            self.server.clock(),
            0,
            attached,
        )
        chat.messages[message.id] = message
        self.server.shown(message)
        return self.view(message)

    def edit_text(self, params: Json) -> Json:
        message = self._editable(params)
        if "document" in message.attached or "photo" in message.attached:
            raise bad("there is no text in the message to edit")
        text, entities = formatted(params, "text", TEXT) if self.server.check else (str(params.get("text", "")), [])
        return self._edit(message, params, text, entities)

    def edit_markup(self, params: Json) -> Json:
        message = self._editable(params)
        return self._edit(message, params, message.text, message.attached.get("entities", []))

    def _edit(self, message: Message, params: Json, text: str, entities: list[Json]) -> Json:
        """An edit without reply_markup drops the keyboard."""
        markup = params.get("reply_markup") or {}
        if markup and self.server.check:
            check_inline(markup)
        self._rate(message.chat)
        rows = [row for row in markup.get("inline_keyboard", []) if row]
        same = (text.strip(), rows, entities) == (
            message.text.strip(),
            message.rows,
            message.attached.get("entities", []),
        )
        if not same:
            message.text, message.rows = text, rows
            message.attached.pop("entities", None)
            if entities:
                message.attached["entities"] = entities
            message.attached["edit_date"] = int(self.server.clock())
        self.server.shown(message)
        if same:
            raise bad(SAME)
        return self.view(message)

    def _editable(self, params: Json) -> Message:
        message = self._chat(params).messages.get(whole(params, "message_id"))
        if message is None or message.deleted:
            raise bad("message to edit not found")
        if not message.by_bot or "fixed" in message.attached:
            raise bad("message can't be edited")
        return message

    def delete(self, params: Json) -> bool:
        message = self._chat(params).messages.get(whole(params, "message_id"))
        if message is None or message.deleted:
            raise bad("message to delete not found")
        if self.server.clock() - message.date > 48 * 3600:
            raise bad("message can't be deleted for everyone")
        message.deleted = True
        self.server.shown(message)
        return True

    def chat_action(self, params: Json) -> bool:
        self._chat(params)
        if not params.get("action"):
            raise bad("wrong parameter action in request")
        return True

    def answer_query(self, params: Json) -> bool:
        person, asked = self.server.queries.pop(str(params.get("callback_query_id")), (None, 0))
        if person is None or self.server.clock() - asked > self.server.query_lifetime:
            raise bad(OLD)
        text = str(params.get("text") or "")
        if utf16(text) > POPUP:
            raise bad("MESSAGE_TOO_LONG")
        if text:
            person.popups.append(text)
        self.server.happened()
        return True

    def _file(self, params: Json, field: str, megabytes: int) -> tuple[str, str, bytes]:
        """An upload (in the field itself or as `attach://name`), or the id of a file that was sent before."""
        value = params.get(field)
        if isinstance(value, str) and value.startswith("attach://"):
            value = params.get(value.removeprefix("attach://"))
        if isinstance(value, str) and value in self.server.files:
            return value, *self.server.files[value]
        if not isinstance(value, web.FileField):
            raise bad(
                f"there is no {field} in the request" if not value else "wrong file identifier/HTTP URL specified"
            )
        content = value.file.read()
        if not content:
            raise bad("file must be non-empty")
        if len(content) > megabytes * 1024**2:
            raise Refused(413, "Request Entity Too Large")
        id = f"file{next(self.server.ids)}"
        self.server.files[id] = value.filename, content
        return id, value.filename, content

    def view(self, message: Message) -> Json:
        """A message as the API shows it."""
        seen: Json = {
            "message_id": message.id,
            "date": int(message.date),
            "chat": chat_view(message.chat),
            "from": self.server.me if message.by_bot else self.server.users[message.sender].profile,
        }
        if message.text:
            seen["caption" if "document" in message.attached or "photo" in message.attached else "text"] = message.text
        seen.update((name, value) for name, value in message.attached.items() if name != "fixed")
        if message.rows:
            seen["reply_markup"] = {"inline_keyboard": message.rows}
        return seen
