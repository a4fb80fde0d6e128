"""How a VK community gets its events: Bots Long Poll and the Callback API, both at once if both are on."""

from itertools import count
from typing import TYPE_CHECKING, Any

import aiohttp

from .delivery import Delivery
from .local import Json
from .vk_rules import no, whole

if TYPE_CHECKING:
    from .vk import VKServer

VERSION = "5.199"
KINDS = (
    "message_new",
    "message_reply",
    "message_allow",
    "message_deny",
    "message_edit",
    "message_event",
    "message_read",
    "message_typing_state",
    "group_join",
    "group_leave",
    "user_block",
    "user_unblock",
)


class Events:
    """`enabled` are the kinds that the community's settings let out. `history` begins with event number `first`;
    `checks` counts the long polls."""

    def __init__(self, server: "VKServer", enabled: set[str]) -> None:
        self.server, self.enabled = server, enabled
        self.history: list[Json] = []
        self.first = 0
        self.key = "key1"
        self.long_poll_on = True
        self.lost = False
        self.checks = 0
        self.callback: Json = {}
        self.unconfirmed: list[Json] = []
        self.delivery = Delivery(server, self.unconfirmed, self._post, _chat)
        self._numbers = count(1)

    @property
    def ts(self) -> int:
        return self.first + len(self.history)

    def push(self, kind: str, about: Json, event_id: str = "") -> str:
        """An event; a repeat brings its `event_id` along. Returns the id, "" if the settings hold it back."""
        if kind in KINDS and kind not in self.enabled:
            return ""
        id = event_id or f"{next(self._numbers):040x}"
        event: Json = {"type": kind, "object": about, "group_id": self.server.group_id, "event_id": id, "v": VERSION}
        self.history.append(event)
        if self.callback:
            self.unconfirmed.append(event)
        self.server.happened()
        return id

    # Bots Long Poll

    def server_address(self, params: Json) -> Json:
        """groups.getLongPollServer"""
        self.server.own_group(params)
        if not self.long_poll_on:
            raise no(100, "longpoll for this group is not enabled")
        return {"key": self.key, "server": f"{self.server.url}/longpoll", "ts": str(self.ts)}

    def settings(self, params: Json) -> Json:
        """groups.getLongPollSettings"""
        self.server.own_group(params)
        return {
            "api_version": VERSION,
            "is_enabled": self.long_poll_on,
            "events": {kind: int(kind in self.enabled) for kind in KINDS},
        }

    def set_settings(self, params: Json) -> int:
        """groups.setLongPollSettings"""
        self.server.own_group(params)
        for kind in KINDS:
            if kind in params:
                (self.enabled.add if whole(params, kind) else self.enabled.discard)(kind)
        self.long_poll_on = bool(whole(params, "enabled", int(self.long_poll_on)))
        return 1

    async def a_check(self, params: Json) -> Json:
        """Events after `ts`, or failed: 1 the history is too old, 2 the key has expired, 3 everything is lost."""
        if self.lost:
            self.lost = False
            return {"failed": 3}
        if params.get("key") != self.key:
            return {"failed": 2}
        ts = whole(params, "ts", -1)
        if not self.first <= ts <= self.ts:
            return {"failed": 1, "ts": str(self.ts)}
        key = self.key
        self.checks += 1
        self.server.happened()
        await self.server.until(
            lambda: self.ts > ts or self.key != key or self.lost, min(whole(params, "wait", 25), 90)
        )
        if self.key != key or not self.first <= ts <= self.ts:
            return {"failed": 2}
        return {"ts": str(self.ts), "updates": self.history[ts - self.first :]}

    def forget(self) -> None:
        """What was not fetched is gone from the long poll: the next check fails with 1."""
        self.first, self.history = self.ts + 1, []

    def expire_key(self) -> None:
        """The next check fails with 2."""
        self.key = f"key{int(self.key[3:]) + 1}"
        self.server.happened()

    def lose(self) -> None:
        """The next check fails with 3: key and history are gone."""
        self.forget()
        self.expire_key()
        self.lost = True

    # Callback API

    async def call_back(self, url: str, secret: str, confirmation: str) -> None:
        """Confirm the address as the community's settings page does, then deliver every event to it."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, json={"type": "confirmation", "group_id": self.server.group_id}) as answer,
        ):
            body = (await answer.text()).strip()
        if answer.status != 200 or body != confirmation:
            raise AssertionError(f"The address answered {answer.status} {body!r} instead of {confirmation!r}")
        self.callback = {"url": url, "secret": secret}
        self.delivery.start()

    def stop(self) -> None:
        """End delivery to the address."""
        self.delivery.stop()

    async def _post(self, session: aiohttp.ClientSession, event: Json) -> bool:
        """What is not answered with exactly `ok` comes again with the same event_id."""
        try:
            async with session.post(self.callback["url"], json={**event, "secret": self.callback["secret"]}) as answer:
                return answer.status == 200 and await answer.text() == "ok"
        except (aiohttp.ClientError, TimeoutError):
            return False


def _chat(event: Json) -> Any:
    """Where an event happens."""
    about = event.get("object") or {}
    message = about.get("message") or about
    return message.get("peer_id") or message.get("user_id") or id(event)
