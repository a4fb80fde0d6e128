"""VK's events come in, by the Bots Long Poll or by the Callback API; confirmed only after the commit.

The place in the long poll (`ts`) is stored in the transaction of the events before it. What VK has forgotten meanwhile is found in the
conversations: a message has the same key there. A tap it has forgotten is found nowhere.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.handlers.channel import VK, shortened
from bot.handlers.intake import Intake
from bot.handlers.patience import Patience
from bot.handlers.pulse import Pulse
from bot.handlers.vk_client import AT_ONCE, Call, LongPoll, Trouble, VkClient, in_daemon
from bot.handlers.vk_updates import EVENTS, Brought, Tap, Unparsed, read
from bot.i18n import _, render

POSITION = "vk:ts"
WEEK = 7 * 24 * 3600
"""Seconds: an older question is not answered out of the blue."""
SLACK = 600
"""Seconds that VK's clock and ours may differ."""
PAGE = 200
log = structlog.get_logger()


class VkIntake:
    """Reads events, hands them to the intake, and then answers what VK wants answered at once."""

    def __init__(self, client: VkClient, intake: Intake) -> None:
        self._client, self._intake = client, intake
        self._patience = Patience()
        self.pulse = Pulse("vk")
        self._courtesies: list[Call] = []
        self._courteous: asyncio.Task[None] | None = None

    async def poll(self) -> None:
        """Set up and take events until `stop`."""
        server = await self._patience.unless_stopped(self._patience.persist("vk.setup", self._connect))
        if server is None:
            return
        self.pulse.heard()
        while not self._patience.stopping:
            before = server.ts
            events = await self._patience.unless_stopped(
                self._patience.persist("vk.poll", lambda: in_daemon(server.check))
            )
            if events is None:
                break
            self.pulse.heard()
            if events:
                await self._patience.persist("vk.take", partial(self._take, events, str(server.ts)))
            elif server.ts != before:  # VK has forgotten events that we have not seen
                log.warning("vk.lost", since=str(before))
                await self._patience.persist("vk.reconcile", partial(self._reconcile, str(server.ts)))
        await self._finish_courtesies()

    async def serve(self) -> None:
        """Stay until `stop`; events come by `route`."""
        if await self._patience.unless_stopped(self._patience.persist("vk.setup", self._introduce)):
            self.pulse.called_back()
        await self._patience.until_stopped()
        await self._finish_courtesies()

    def stop(self) -> None:
        """Ask `poll` or `serve` to come to an end; what has been brought is taken first."""
        self._patience.stop()

    def route(self, secret: str, confirmation: str) -> Route:
        """`POST /vk/callback`. Raises ValueError without a secret: anybody could post events."""
        if not secret:
            raise ValueError("the Callback API needs a secret")

        async def receive(request: Request) -> Response:
            body = await request.body()
            try:
                event = orjson.loads(body)
            except ValueError:
                return Response(status_code=400)  # nobody can tell whether VK sent it
            if not isinstance(event, dict) or event.get("group_id") != self._client.group_id:
                return Response(status_code=403)
            if event.get("type") == "confirmation":
                return PlainTextResponse(confirmation)
            if not hmac.compare_digest(str(event.pop("secret", "")).encode(), secret.encode()):
                return Response(status_code=403)
            try:
                await self._take([event])
            except Exception as trouble:  # the database's: VK brings the event again
                log.warning("vk.callback", kind=type(trouble).__name__)
                return Response(status_code=503)
            return PlainTextResponse("ok")

        return Route("/vk/callback", receive, methods=["POST"])

    # The long poll

    async def _connect(self) -> LongPoll:
        """Where we left off; at the very first start, now. What VK has kept comes first, and in order; what it has not, it says."""
        await self._introduce()
        await self._check_settings()
        server = await self._client.long_poll()
        stored = await self._intake.position(POSITION)
        if stored is None:
            await self._intake.take((), position=_place(str(server.ts)))
        else:
            server.ts = stored.partition(" ")[0]
        return server

    async def _introduce(self) -> bool:
        """Keep the community's address, for links from other messengers."""
        found = await self._client.call("groups.getById", {"group_id": self._client.group_id})
        group = (found["groups"] if isinstance(found, dict) else found)[0]
        await self._intake.take((), position=("link:vk", f"https://vk.me/{group['screen_name']}"))
        log.info("vk.ready", group=group["screen_name"])
        return True

    async def _check_settings(self) -> None:
        """Say what is missing in the community's settings, which nobody sees otherwise: without message_event buttons do nothing."""
        try:
            settings = await self._client.call("groups.getLongPollSettings", {"group_id": self._client.group_id})
        except Trouble as trouble:
            log.warning("vk.settings_unknown", kind=type(trouble).__name__, code=getattr(trouble, "code", None))
            return
        missing = [name for name in EVENTS if not settings["events"].get(name)]
        if not settings["is_enabled"]:
            log.error("vk.settings", hint="Turn on Long Poll API: community → Manage → API usage → Long Poll API")
        if missing:
            log.error(
                "vk.settings",
                missing=missing,
                hint="Tick these event types: community → Manage → API usage → Long Poll API",
            )

    async def _reconcile(self, ts: str) -> None:
        """Take what was said since our last place was kept; what was taken before is known by its key.

        A conversation that ends with our word is asked too: it may answer an earlier question. Only after all of it the new place is kept.
        """
        _ts, _space, kept_at = (await self._intake.position(POSITION) or "").partition(" ")
        since = max(float(kept_at or 0) - SLACK, time.time() - WEEK)
        for peer in await self._spoken_to(since):
            await self._take(await self._said(peer, since))
        await self._intake.take((), position=_place(ts))

    async def _spoken_to(self, since: float) -> Sequence[int]:
        """People with whom anything was said."""
        found: list[Any] = []
        page = [None] * PAGE
        while len(page) == PAGE and (not found or found[-1]["last_message"]["date"] >= since):
            asked = {"count": PAGE, "offset": len(found), "group_id": self._client.group_id}
            page = (await self._client.call("messages.getConversations", asked))["items"]
            found += page
        people = [item for item in found if item["conversation"]["peer"]["type"] == "user"]
        return [item["last_message"]["peer_id"] for item in people if item["last_message"]["date"] >= since]

    async def _said(self, peer: int, since: float) -> Sequence[Any]:
        """All of a conversation, oldest first, as events."""
        found: list[Any] = []
        page = [None] * PAGE
        while len(page) == PAGE and (not found or found[-1]["date"] >= since):
            asked = {"peer_id": peer, "count": PAGE, "offset": len(found), "group_id": self._client.group_id}
            page = (await self._client.call("messages.getHistory", asked))["items"]
            found += page
        said = [message for message in reversed(found) if message["date"] >= since]
        return [{"type": "message_new", "object": {"message": message}} for message in said]

    # Taking

    async def _take(self, events: Sequence[Any], ts: str = "") -> bool:
        """Everything in one transaction; what cannot be read is set aside, so that it blocks nobody. Raises the database's trouble."""
        brought: list[Brought] = []
        for raw in events:
            try:
                brought.append(read(raw, self._client.group_id))
            except Unparsed as defect:
                await self._set_aside(raw, str(defect))
        answers = await self._intake.take([one.update for one in brought if one.update], _place(ts) if ts else None)
        popups = {answer.key: answer.popup for answer in answers}
        for one in brought:
            if one.tap:
                self._courteously(_answer(one.tap, popups.get(one.key, "")))
            if one.group:
                self._courteously(_only_in_private(one, self._client.group_id))
        return True

    async def _set_aside(self, raw: Any, why: str) -> None:
        text = orjson.dumps(raw).decode()
        known = raw.get("event_id") if isinstance(raw, dict) else None
        key = f"vk:{known or hashlib.sha256(text.encode()).hexdigest()[:32]}"
        log.warning("vk.unread", turn=key, why=why)
        await self._intake.set_aside("vk", key, text, why)

    # Best effort: once, after the commit, 25 in one call

    def _courteously(self, call: Call) -> None:
        self._courtesies.append(call)
        if self._courteous is None or self._courteous.done():
            self._courteous = asyncio.create_task(self._be_courteous())

    async def _be_courteous(self) -> None:
        while self._courtesies:
            calls, self._courtesies = self._courtesies[:AT_ONCE], self._courtesies[AT_ONCE:]
            with suppress(*Trouble):
                await self._client.execute(calls)

    async def _finish_courtesies(self) -> None:
        if self._courteous is not None:
            await asyncio.wait([self._courteous], timeout=2)


def _place(ts: str) -> tuple[str, str]:
    """What is kept with the events before it: the place in the long poll, and the Unix time."""
    return POSITION, f"{ts} {int(time.time())}"


def _answer(tap: Tap, popup: str) -> Call:
    """The spinner on the button goes, with a word if there is one."""
    said = {"type": "show_snackbar", "text": shortened(popup, VK.popup)}
    data = {"event_data": orjson.dumps(said).decode()} if popup else {}
    return "messages.sendMessageEventAnswer", {
        "event_id": tap.event,
        "user_id": tap.person,
        "peer_id": tap.peer,
        **data,
    }


def _only_in_private(brought: Brought, group_id: int) -> Call:
    """R9.5: the only thing that is ever said in a conversation of many; repeated, VK drops it."""
    words = _("I work only in a private chat. Write to me: {link}", link=f"vk.me/club{group_id}")
    once = int.from_bytes(hashlib.sha256(brought.key.encode()).digest()[:4]) & 0x7FFFFFFF or 1
    return "messages.send", {
        "peer_ids": str(brought.group),
        "random_id": once,
        "message": render(words, brought.language),
    }
