"""Telegram, as far as a loaded bot needs it (Bot API: getUpdates, sendMessage, editMessageText, and set-up calls)."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any

import orjson

from bench.servers.crowd import Crowd, Key, Keys, Person, Say
from bench.servers.http import Connection, Params, params

BOT = {"id": 1, "is_bot": True, "first_name": "Kruzhok", "username": "kruzhok_bot"}
ME = orjson.dumps(
    {
        "ok": True,
        "result": {
            **BOT,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        },
    }
)
YES = b'{"ok":true,"result":true}'


class Telegram:
    """Long polling with confirmation by offset; every message is accepted."""

    def __init__(self) -> None:
        self.crowd = Crowd(self._post)
        self.polled = asyncio.Event()
        self._queue: deque[tuple[int, bytes]] = deque()
        self._numbers, self._messages = count(1), count(1)
        self._poll: tuple[Connection, int, int, asyncio.TimerHandle] | None = None
        self._flushing = False
        self._methods: dict[bytes, Callable[[Params, Connection], None]] = {
            b"getupdates": self._updates,
            b"sendmessage": self._send,
            b"editmessagetext": self._edit,
            b"getme": lambda _said, client: _tell(client, ME),
        }

    def connect(self) -> Connection:
        return Connection(self._serve)

    def _serve(self, path: bytes, query: bytes, body: bytes, client: Connection) -> None:
        method = self._methods.get(path.rpartition(b"/")[2].lower())
        if method is None:
            _tell(client, YES)
        else:
            method(params(query, body), client)

    def _updates(self, said: Params, client: Connection) -> None:
        self.polled.set()
        offset, limit = int(said.get("offset") or 0), int(said.get("limit") or 100)
        while self._queue and self._queue[0][0] < offset:
            self._queue.popleft()
        if self._poll is not None:
            self._poll[3].cancel()
        wait = asyncio.get_running_loop().call_later(float(said.get("timeout") or 0), self._give_up, client)
        self._poll = client, offset, limit, wait
        if self._queue:
            self._flush()

    def _give_up(self, client: Connection) -> None:
        self._poll = None
        client.answer(b'{"ok":true,"result":[]}')

    def _flush(self) -> None:
        self._flushing = False
        if self._poll is None or not self._queue:
            return
        client, _offset, limit, wait = self._poll
        wait.cancel()
        self._poll = None
        some = [raw for _number, raw in (self._queue if len(self._queue) <= limit else [*self._queue][:limit])]
        client.answer(b'{"ok":true,"result":[%b]}' % b",".join(some))

    def _send(self, said: Params, client: Connection) -> None:
        self._say(int(said["chat_id"]), next(self._messages), said, client)

    def _edit(self, said: Params, client: Connection) -> None:
        self._say(int(said["chat_id"]), int(said["message_id"]), said, client)

    def _say(self, chat: int, number: int, said: Params, client: Connection) -> None:
        markup = said.get("reply_markup")
        if isinstance(markup, str):
            markup = orjson.loads(markup)
        message = {
            "message_id": number,
            "from": BOT,
            "chat": {"id": chat, "first_name": "Parent", "type": "private"},
            "date": int(time.time()),
            "text": said["text"],
        }
        if markup and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        client.answer(orjson.dumps({"ok": True, "result": message}))
        self.crowd.reply(chat, number, _keys(markup))

    def _post(self, person: Person, said: Say) -> None:
        """What a person says becomes an update; those of one moment are handed out together."""
        number = next(self._numbers)
        who = {"id": person.id, "is_bot": False, "first_name": "Parent", "language_code": "ru"}
        chat = {"id": person.id, "first_name": "Parent", "type": "private"}
        now = int(time.time())
        update: dict[str, Any] = {"update_id": number}
        if said.data:
            message = {"message_id": person.last, "from": BOT, "chat": chat, "date": now, "text": "…"}
            update["callback_query"] = {
                "id": f"q{number}",
                "from": who,
                "message": message,
                "chat_instance": "1",
                "data": said.data,
            }
        else:
            update["message"] = {
                "message_id": next(self._messages),
                "from": who,
                "chat": chat,
                "date": now,
                "text": said.text,
            }
        self._queue.append((number, orjson.dumps(update)))
        if self._poll is not None and not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)


def _keys(markup: Any) -> Keys:
    if not markup:
        return []
    return [Key(key["text"], key.get("callback_data", "")) for row in markup.get("inline_keyboard", ()) for key in row]


def _tell(client: Connection, body: bytes) -> None:
    client.answer(body)
