"""VK, as far as a loaded community's bot needs it (VK API 5.199: Bots Long Poll, messages.send, messages.edit, execute)."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from itertools import count
from json import JSONDecoder
from typing import Any

import orjson

from bench.servers.crowd import Crowd, Key, Keys, Person, Say
from bench.servers.http import Connection, Params, params

GROUP = 1
VERSION = "5.199"
EVENTS = ("message_new", "message_event", "message_allow", "message_deny", "message_edit", "message_reply")
CLIENT = {
    "button_actions": ["text", "vkpay", "open_app", "location", "open_link", "callback"],
    "keyboard": True,
    "inline_keyboard": True,
    "carousel": True,
    "lang_id": 0,
}
written = JSONDecoder().raw_decode


class VK:
    """`ts` counts events; everything after it is handed out. Every message is accepted."""

    def __init__(self) -> None:
        self.crowd = Crowd(self._post)
        self.polled = asyncio.Event()
        self.url = ""
        self._history: deque[bytes] = deque()
        self._first = 0
        self._ids, self._numbers = count(1), count(1)
        self._poll: tuple[Connection, int, asyncio.TimerHandle] | None = None
        self._flushing = False
        self._methods: dict[str, Callable[[Params], Any]] = {
            "messages.send": self._send,
            "messages.edit": self._edit,
            "messages.sendMessageEventAnswer": lambda _said: 1,
            "messages.getConversations": lambda _said: {"count": 0, "items": []},
            "messages.getHistory": lambda _said: {"count": 0, "items": []},
            "groups.getById": lambda _said: {"groups": [_group()], "profiles": []},
            "groups.getLongPollServer": self._long_poll,
            "groups.getLongPollSettings": lambda _said: {
                "api_version": VERSION,
                "is_enabled": True,
                "events": dict.fromkeys(EVENTS, 1),
            },
            "users.get": lambda _said: [],
        }

    def connect(self) -> Connection:
        return Connection(self._serve)

    def _serve(self, path: bytes, query: bytes, body: bytes, client: Connection) -> None:
        said = params(query, body)
        if path == b"/longpoll":
            self._check(said, client)
            return
        method = path.rpartition(b"/")[2].decode()
        if method == "execute":
            response: Any = [self._methods[name](given) for name, given in _calls(said["code"])]
        else:
            response = self._methods[method](said)
        client.answer(orjson.dumps({"response": response}))

    # Events

    @property
    def _ts(self) -> int:
        return self._first + len(self._history)

    def _long_poll(self, _said: Params) -> Any:
        return {"key": "key", "server": f"{self.url}/longpoll", "ts": str(self._ts)}

    def _check(self, said: Params, client: Connection) -> None:
        ts = int(said["ts"])
        while self._history and self._first < ts:
            self._history.popleft()
            self._first += 1
        if self._poll is not None:
            self._poll[2].cancel()
        wait = asyncio.get_running_loop().call_later(float(said.get("wait") or 25), self._give_up, client)
        self._poll = client, ts, wait
        self.polled.set()
        if self._history:
            self._flush()

    def _give_up(self, client: Connection) -> None:
        self._poll = None
        client.answer(b'{"ts":"%d","updates":[]}' % self._ts)

    def _flush(self) -> None:
        self._flushing = False
        if self._poll is None or not self._history:
            return
        client, _ts, wait = self._poll
        wait.cancel()
        self._poll = None
        client.answer(b'{"ts":"%d","updates":[%b]}' % (self._ts, b",".join(self._history)))

    def _post(self, person: Person, said: Say) -> None:
        """What a person says becomes an event; those of one moment are handed out together."""
        if said.data:
            kind, about = (
                "message_event",
                {
                    "user_id": person.id,
                    "peer_id": person.id,
                    "event_id": f"tap{next(self._ids)}",
                    "payload": orjson.loads(said.data),
                    "conversation_message_id": person.last,
                },
            )
        else:
            kind, about = "message_new", {"message": self._message(person.id, said.text), "client_info": CLIENT}
        event = {
            "type": kind,
            "object": about,
            "group_id": GROUP,
            "event_id": f"{next(self._numbers):040x}",
            "v": VERSION,
        }
        self._history.append(orjson.dumps(event))
        if self._poll is not None and not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _message(self, peer: int, text: str) -> Params:
        number = next(self._ids)
        return {
            "id": number,
            "conversation_message_id": number,
            "peer_id": peer,
            "from_id": peer,
            "date": int(time.time()),
            "out": 0,
            "text": text,
            "version": number,
            "attachments": [],
            "fwd_messages": [],
            "important": False,
            "is_hidden": False,
            "random_id": 0,
        }

    # Messages

    def _send(self, said: Params) -> Any:
        """With `peer_ids` a result for each, with `peer_id` or `user_id` the message's number."""
        several = said.get("peer_ids")
        peers = (
            several if isinstance(several, list) else str(several or said.get("peer_id") or said["user_id"]).split(",")
        )
        sent = []
        for peer in peers:
            number = next(self._ids)
            sent.append({"peer_id": int(peer), "message_id": number, "conversation_message_id": number})
            self.crowd.reply(int(peer), number, _keys(said.get("keyboard")))
        return sent if several else sent[0]["message_id"]

    def _edit(self, said: Params) -> int:
        self.crowd.reply(int(said["peer_id"]), int(said["cmid"]), _keys(said.get("keyboard")))
        return 1


def _group() -> Params:
    return {"id": GROUP, "name": "Kruzhok", "screen_name": f"club{GROUP}", "is_closed": 0, "type": "group"}


def _calls(code: str) -> list[tuple[str, Params]]:
    """`return [API.messages.send({…}),API.…];`"""
    calls: list[tuple[str, Params]] = []
    at = code.find("API.")
    while at >= 0:
        start = code.index("(", at)
        given, end = written(code, start + 1)
        calls.append((code[at + 4 : start], given))
        at = code.find("API.", end)
    return calls


def _keys(board: str | None) -> Keys:
    if not board:
        return []
    return [
        Key(key["action"].get("label", ""), _payload(key["action"].get("payload", "")))
        for row in orjson.loads(board)["buttons"]
        for key in row
    ]


def _payload(payload: Any) -> str:
    return payload if isinstance(payload, str) else orjson.dumps(payload).decode()
