"""How a bot gets its updates: long polling or a webhook (Bot API: Getting updates)."""

import re
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any

import aiohttp

from .delivery import Delivery
from .local import Json, Refused
from .telegram_rules import bad

if TYPE_CHECKING:
    from .telegram import TelegramServer

KINDS = {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
    "poll",
    "poll_answer",
}
ONLY_IF_NAMED = {"chat_member", "message_reaction", "message_reaction_count"}


class Updates:
    """The queue of updates. `confirmed` is the highest offset the bot has sent: all below it are forgotten;
    `polls` counts the calls of getUpdates."""

    def __init__(self, server: "TelegramServer") -> None:
        self.server = server
        self.pending: deque[Json] = deque()
        self.allowed = KINDS - ONLY_IF_NAMED
        self.confirmed = 0
        self.webhook: Json = {}
        self.delivery = Delivery(server, self.pending, self._post, _chat)
        self._last_error: Json = {}
        self._next_id = 100_000_001
        self.polls = 0

    def push(self, update: Json) -> int:
        """Queue an update; one of a kind that the bot has not asked for is dropped."""
        id = int(update.get("update_id", self._next_id))
        self._next_id = max(self._next_id, id + 1)
        if any(kind in KINDS and kind not in self.allowed for kind in update):
            return id
        self.pending.append({"update_id": id, **update})
        self.server.happened()
        return id

    async def get(self, params: Json) -> list[Json]:
        """getUpdates: an offset confirms all below it; a newer call ends the one that is waiting."""
        self._refuse_beside_webhook()
        self._allow(params)
        self.polls = mine = self.polls + 1
        self.server.happened()
        offset = int(params.get("offset") or 0)
        if offset < 0:
            offset = int(self.pending[max(len(self.pending) + offset, 0)]["update_id"]) if self.pending else 0
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
        self.confirmed = max(self.confirmed, offset)
        limit = min(max(int(params.get("limit") or 100), 1), 100)

        def batch() -> list[Json]:
            if self.polls != mine:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            self._refuse_beside_webhook()
            return list(islice((update for update in self.pending if update["update_id"] >= offset), limit))

        return await self.server.until(batch, min(float(params.get("timeout") or 0), 50))

    def _refuse_beside_webhook(self) -> None:
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )

    def _allow(self, params: Json) -> None:
        """What was asked for last stays in force; an empty list means the default."""
        kinds = params.get("allowed_updates")
        if kinds is None:
            return
        if not isinstance(kinds, list):
            raise bad("can't parse allowed_updates: array expected")
        self.allowed = set(kinds) & KINDS or KINDS - ONLY_IF_NAMED

    def set_webhook(self, params: Json) -> bool:
        """setWebhook. Real ones must be HTTPS; plain HTTP is let through to this machine only."""
        url, secret = str(params.get("url") or ""), params.get("secret_token")
        if not url:
            return self.delete_webhook(params)
        if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", str(secret)):
            raise bad("secret token contains unallowed characters")
        self._allow(params)
        self._drop_if_asked(params)
        self.webhook = {"url": url, "secret": secret}
        self.delivery.start()
        self.server.happened()
        return True

    def delete_webhook(self, params: Json) -> bool:
        self._drop_if_asked(params)
        self.delivery.stop()
        self.webhook = {}
        return True

    def webhook_info(self, params: Json) -> Json:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
            "allowed_updates": sorted(self.allowed),
            **self._last_error,
        }

    def stop(self) -> None:
        """End delivery to the webhook."""
        self.delivery.stop()

    def _drop_if_asked(self, params: Json) -> None:
        if str(params.get("drop_pending_updates", "")).lower() == "true":
            self.pending.clear()

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> bool:
        """What is not answered with 2xx comes again, the same, until it is."""
        secret = self.webhook.get("secret")
        headers = {"X-Telegram-Bot-Api-Secret-Token": str(secret)} if secret else {}
        try:
            async with session.post(self.webhook["url"], json=update, headers=headers) as answer:
                failure = "" if answer.status // 100 == 2 else f"Wrong response from the webhook: {answer.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            failure = f"Connection failed: {type(error).__name__}"
        if failure:
            self._last_error = {"last_error_message": failure, "last_error_date": int(self.server.clock())}
        return not failure


def _chat(update: Json) -> Any:
    """Where an update happens; one that happens nowhere is on its own."""
    for about in update.values():
        if isinstance(about, dict):
            place = about.get("chat") or (about.get("message") or {}).get("chat") or {}
            return place.get("id") or id(update)
    return id(update)
