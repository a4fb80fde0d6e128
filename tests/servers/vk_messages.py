"""What VK's messages.* methods do and refuse."""

from typing import TYPE_CHECKING, Any

from .local import Chat, Json, Message, Refused
from .vk_rules import CHATS, TEXT, WORDS, check_event_data, keyboard, no, numbers, whole

if TYPE_CHECKING:
    from .vk import VKServer

DAY = 24 * 3600
OF_THE_CALL = (100, 911, 914)  # what is wrong with the call itself, not with one of its peers


class Mail:
    """The community's messages, found by their number in a conversation and by their id."""

    def __init__(self, server: "VKServer") -> None:
        self.server = server
        self._sent: dict[tuple[int, int], Message] = {}
        self._by_id: dict[int, Message] = {}

    def send(self, params: Json) -> Any:
        """With `peer_id` the message's id; with `peer_ids` a result for each, errors inside."""
        random_id = whole(params, "random_id")
        if not -(2**31) <= random_id < 2**31:
            raise no(100, "random_id should be a 32-bit integer")
        if not params.get("peer_ids"):
            return self._send_to(_peer(params), random_id, params).attached["id"]
        results: list[Json] = []
        for peer in numbers(params, "peer_ids", 100):
            try:
                message = self._send_to(peer, random_id, params)
                sent = {"message_id": message.attached["id"], "conversation_message_id": message.id}
            except Refused as refused:
                if refused.code in OF_THE_CALL:
                    raise
                error = {"code": refused.code, "description": refused.text}
                sent = {"message_id": 0, "conversation_message_id": 0, "error": error}
            results.append({"peer_id": peer, **sent})
        return results

    def _send_to(self, peer: int, random_id: int, params: Json) -> Message:
        if random_id and (first := self._sent.get((peer, random_id))):
            return first
        text, board, attachments = self._content(params)
        chat = self.chat(peer)
        inline = bool(board and board.get("inline"))
        carried = {"attachments": attachments, "random_id": random_id}
        rows = board["buttons"] if board and inline else []
        message = self.keep(chat, True, -self.server.group_id, text, carried, rows)
        if board and not inline:
            chat.keyboard, chat.keyboard_goes = board["buttons"], bool(board.get("one_time"))
        if random_id:
            self._sent[peer, random_id] = message
        return message

    def chat(self, peer: int) -> Chat:
        chat = self.server.chats.get(peer)
        if code := self.server.unreachable.get(peer):
            raise no(code)
        if chat is None or not chat.reachable:
            raise no(917 if peer > CHATS else 901)
        return chat

    def _content(self, params: Json) -> tuple[str, Json | None, list[Json]]:
        text = str(params.get("message") or "")
        board = keyboard(str(params["keyboard"]), self.server.check) if params.get("keyboard") else None
        attachments = [self._attachment(name) for name in str(params.get("attachment") or "").split(",") if name]
        if self.server.check:
            if not text.strip() and not attachments:
                raise no(100, "message is empty or invalid")
            if len(text) > TEXT:
                raise no(914)
        return text, board, attachments

    def _attachment(self, name: str) -> Json:
        known = "_".join(name.split("_")[:2])
        if known not in self.server.documents:
            raise no(100, f"attachment {name} is unknown")
        kind = "photo" if name.startswith("photo") else "doc"
        its = self.server.documents[known]
        if kind == "photo" and not name.endswith(f"_{its['access_key']}"):
            raise no(100, f"attachment {name} lacks its access key")
        return {"type": kind, kind: its}

    def keep(self, chat: Chat, by_bot: bool, sender: int, text: str, attached: Json, rows: list[list[Json]]) -> Message:
        """Put a message into its chat: there it is found by its number in the conversation, and everywhere by `id`."""
        message = Message(
            len(chat.messages) + 1,
            chat,
            by_bot,
            sender,
            text,
            rows,
            self.server.clock(),
            0,
            {"id": next(self.server.ids), **attached},
        )
        chat.messages[message.id] = self._by_id[message.attached["id"]] = message
        self.server.shown(message)
        return message

    def edit(self, params: Json) -> int:
        """An edit without `keyboard` drops the inline one; the same content is no error."""
        chat = self.chat(whole(params, "peer_id"))
        number = whole(params, "cmid", whole(params, "conversation_message_id", 0))
        message = chat.messages.get(number) if number else self._by_id.get(whole(params, "message_id"))
        if message is None or message.deleted or message.chat is not chat:
            raise no(100, "message is not found")
        if not message.by_bot:
            raise no(920)
        if self.server.clock() - message.date > DAY:
            raise no(909)
        text, board, attachments = self._content(params)
        if board and not board.get("inline") and board["buttons"]:
            raise no(911, "only an inline keyboard can be edited")
        message.text, message.rows = text, board["buttons"] if board else []
        message.attached.update(attachments=attachments, update_time=int(self.server.clock()))
        self.server.shown(message)
        return 1

    def delete(self, params: Json) -> list[Json]:
        peer, for_all = whole(params, "peer_id", 0), bool(whole(params, "delete_for_all", 0))
        messages: list[Message | None] = [self._by_id.get(id) for id in numbers(params, "message_ids", 1000)]
        if "cmids" in params:
            chat = self.server.chats.get(whole(params, "peer_id"))
            messages += [chat.messages.get(number) if chat else None for number in numbers(params, "cmids", 100)]
        if not messages:
            raise no(100, "message_ids or cmids are undefined")
        results: list[Json] = []
        for message in messages:
            if message is None:
                results.append({"peer_id": peer, "response": 0, "error": {"code": 100, "description": WORDS[100]}})
                continue
            if for_all and self.server.clock() - message.date > DAY:
                raise no(924)
            message.deleted = message.deleted or for_all
            self.server.shown(message)
            results.append(
                {
                    "peer_id": message.chat.id,
                    "message_id": message.attached["id"],
                    "conversation_message_id": message.id,
                    "response": 1,
                }
            )
        return results

    def answer_event(self, params: Json) -> int:
        person, peer, tapped = self.server.taps.get(str(params.get("event_id")), (None, 0, 0))
        if person is None or self.server.clock() - tapped > self.server.event_lifetime:
            raise no(100, "event_id is invalid")
        if (whole(params, "user_id"), whole(params, "peer_id")) != (person.id, peer):
            raise no(100, "user_id or peer_id is not of this event")
        raw = params.get("event_data")
        data = check_event_data(str(raw)) if raw else {}
        del self.server.taps[str(params["event_id"])]
        if data.get("type") == "show_snackbar":
            person.popups.append(str(data["text"]))
        elif data.get("type") == "open_link":
            person.opened.append(str(data["link"]))
        self.server.happened()
        return 1

    def conversations(self, params: Json) -> Json:
        """Latest first; `unanswered` and `unread` are those where a person had the last word."""
        wanted = params.get("filter", "all")
        if wanted not in ("all", "archive", "important", "sorted_chats", "unanswered", "unread"):
            raise no(100, "filter is invalid")
        offset, size = whole(params, "offset", 0), whole(params, "count", 20)
        if not 0 <= size <= 200:
            raise no(100, "count should be from 0 to 200")
        last = [list(chat.messages.values())[-1] for chat in self.server.chats.values() if chat.messages]
        if wanted != "all":
            last = [message for message in last if wanted in ("unanswered", "unread") and not message.by_bot]
        last.sort(key=lambda message: -int(message.attached["id"]))
        return {
            "count": len(last),
            "items": [
                {"conversation": _conversation(message), "last_message": self.view(message)}
                for message in last[offset : offset + size]
            ],
        }

    def history(self, params: Json) -> Json:
        peer = whole(params, "peer_id", whole(params, "user_id", 0))
        messages = (
            [message for message in self.server.chats[peer].messages.values() if not message.deleted]
            if peer in self.server.chats
            else []
        )
        if not whole(params, "rev", 0):
            messages.reverse()
        offset, size = whole(params, "offset", 0), min(whole(params, "count", 20), 200)
        return {"count": len(messages), "items": [self.view(message) for message in messages[offset : offset + size]]}

    def by_number(self, params: Json) -> Json:
        chat = self.server.chats.get(whole(params, "peer_id"))
        wanted = numbers(params, "conversation_message_ids", 100)
        found = [chat.messages[number] for number in wanted if number in chat.messages] if chat else []
        return {"count": len(found), "items": [self.view(message) for message in found if not message.deleted]}

    def view(self, message: Message) -> Json:
        """A message as the API shows it."""
        attached = {name: value for name, value in message.attached.items() if name != "id"}
        return {
            "id": message.attached["id"],
            "conversation_message_id": message.id,
            "peer_id": message.chat.id,
            "from_id": message.sender,
            "date": int(message.date),
            "out": int(message.by_bot),
            "text": message.text,
            "version": message.changed,
            "attachments": [],
            "fwd_messages": [],
            "important": False,
            "is_hidden": False,
            "random_id": 0,
            **attached,
        }


def _peer(params: Json) -> int:
    """peer_id, or the older user_id and chat_id."""
    for name, base in (("peer_id", 0), ("user_id", 0), ("chat_id", CHATS)):
        if params.get(name):
            return whole(params, name) + base
    raise no(100, "peer_id is undefined")


def _conversation(last: Message) -> Json:
    chat = last.chat
    theirs = [
        message for message in chat.messages.values() if message.attached["id"] > _answered(chat) and not message.by_bot
    ]
    return {
        "peer": {"id": chat.id, "type": chat.kind, "local_id": chat.id % CHATS},
        "last_message_id": last.attached["id"],
        "last_conversation_message_id": last.id,
        "in_read": _answered(chat),
        "out_read": last.attached["id"],
        "unanswered": not last.by_bot,
        "unread_count": len(theirs),
        "can_write": {"allowed": chat.reachable},
    }


def _answered(chat: Chat) -> int:
    return max((int(message.attached["id"]) for message in chat.messages.values() if message.by_bot), default=0)
