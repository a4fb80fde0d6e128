"""Telegram's updates come in, by long polling or by webhook; confirmed only after the commit."""

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import orjson
import structlog
from aiogram.types import BotCommand
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.handlers.channel import TELEGRAM, shortened
from bot.handlers.intake import Intake
from bot.handlers.patience import Patience
from bot.handlers.pulse import Pulse
from bot.handlers.telegram_client import TelegramClient, Trouble
from bot.handlers.telegram_updates import ALLOWED, Brought, Unparsed, read
from bot.i18n import LANGUAGES, _, render

POLL = 50
"""Seconds that Telegram holds a call of getUpdates."""
COURTESIES = 32
"""Popups and words to groups under way at once; more would stand in the way of messages."""
COMMANDS = {"menu": _("Main menu"), "back": _("One step back"), "help": _("Help")}
SECRET = "x-telegram-bot-api-secret-token"
log = structlog.get_logger()


class TelegramIntake:
    """Reads updates, hands them to the intake, and then answers what Telegram wants answered at once."""

    def __init__(self, client: TelegramClient, intake: Intake) -> None:
        self._client, self._intake = client, intake
        self.pulse = Pulse("telegram")
        self._username = ""
        self._courtesies: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(COURTESIES)
        self._patience = Patience()

    async def poll(self) -> None:
        """Set up and take updates until `stop`."""
        if not await self._patience.unless_stopped(self._patience.persist("telegram.setup", self._set_up_polling)):
            return
        self.pulse.heard()
        offset = 0
        while not self._patience.stopping:
            raws = await self._patience.unless_stopped(
                self._patience.persist("telegram.poll", partial(self._updates, offset))
            )
            if raws is not None:
                self.pulse.heard()
            if not raws:
                continue
            if await self._patience.persist("telegram.take", partial(self._take, raws)):
                offset = max((raw["update_id"] + 1 for raw in raws if _numbered(raw)), default=offset)
        await self._confirm(offset)
        await self._finish_courtesies()

    async def serve(self, url: str, secret: str) -> None:
        """Set the webhook and stay until `stop`; updates come by `route`."""
        if await self._patience.unless_stopped(
            self._patience.persist("telegram.setup", lambda: self._set_up_webhook(url, secret))
        ):
            self.pulse.called_back()
        await self._patience.until_stopped()
        await self._finish_courtesies()

    def stop(self) -> None:
        """Ask `poll` or `serve` to come to an end; what has been brought is taken first."""
        self._patience.stop()

    def route(self, secret: str) -> Route:
        """`POST /telegram/webhook`. Raises ValueError without a secret: anybody could post updates."""
        if not secret:
            raise ValueError("a webhook needs a secret")

        async def receive(request: Request) -> Response:
            given = request.headers.get(SECRET, "")
            if not hmac.compare_digest(given.encode(), secret.encode()):
                return Response(status_code=403)
            body = await request.body()
            try:
                await self._take([_parsed(body)])
            except Exception as trouble:  # the database's: Telegram brings the update again
                log.warning("telegram.webhook", kind=type(trouble).__name__)
                return Response(status_code=503)
            return Response()

        return Route("/telegram/webhook", receive, methods=["POST"])

    async def _set_up(self) -> None:
        me = await self._client.bot.get_me()
        self._username = me.username or ""
        for language in (None, *LANGUAGES):
            commands = [
                BotCommand(command=name, description=render(words, language or "ru"))
                for name, words in COMMANDS.items()
            ]
            await self._client.bot.set_my_commands(commands, language_code=language)
        await self._intake.take((), position=("link:telegram", f"https://t.me/{self._username}"))
        log.info("telegram.ready", username=self._username)

    async def _set_up_polling(self) -> bool:
        await self._set_up()
        return await self._client.bot.delete_webhook()

    async def _set_up_webhook(self, url: str, secret: str) -> bool:
        await self._set_up()
        return await self._client.bot.set_webhook(
            url, secret_token=secret, allowed_updates=list(ALLOWED), max_connections=100
        )

    async def _updates(self, offset: int) -> list[Any]:
        asked = {"offset": offset, "timeout": POLL, "allowed_updates": ALLOWED}
        found: list[Any] = await self._client.call("getUpdates", asked, seconds=POLL + 10)
        return found

    async def _take(self, raws: Sequence[Any]) -> bool:
        """Everything in one transaction; what cannot be read is set aside, so that it blocks nobody. Raises the database's trouble."""
        brought: list[Brought] = []
        for raw in raws:
            try:
                brought.append(read(raw, self._username))
            except Unparsed as defect:
                await self._set_aside(raw, str(defect))
        answers = await self._intake.take([one.update for one in brought if one.update])
        popups = {answer.key: answer.popup for answer in answers}
        for one in brought:
            if one.query:
                self._answer(one.query, popups.get(one.update.key, "") if one.update else "")
            if one.group:
                self._only_in_private(one.group, one.language)
        return True

    async def _set_aside(self, raw: Any, why: str) -> None:
        text = raw if isinstance(raw, str) else orjson.dumps(raw).decode()
        key = f"telegram:{raw['update_id'] if _numbered(raw) else hashlib.sha256(text.encode()).hexdigest()[:32]}"
        log.warning("telegram.unread", turn=key, why=why)
        await self._intake.set_aside("telegram", key, text, why)

    async def _confirm(self, offset: int) -> None:
        """What was taken last need not come again: only a call of getUpdates tells Telegram so."""
        if offset:
            with suppress(Trouble):
                await self._client.call("getUpdates", {"offset": offset, "limit": 1}, seconds=2)

    # Best effort: once, after the commit. Telegram counts neither in the rates of messages.

    def _courteously(self, method: str, params: dict[str, Any]) -> None:
        async def call() -> None:
            async with self._room:
                with suppress(Trouble):
                    await self._client.call(method, params)

        task = asyncio.create_task(call())
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)

    def _answer(self, query: str, popup: str) -> None:
        """The spinner on the button goes, with a word if there is one."""
        text = {"text": shortened(popup, TELEGRAM.popup)} if popup else {}
        self._courteously("answerCallbackQuery", {"callback_query_id": query, **text})

    def _only_in_private(self, group: int, language: str) -> None:
        """R9.5: the only thing that is ever said in a group."""
        words = _("I work only in a private chat. Write to me: {link}", link=f"t.me/{self._username}")
        self._courteously("sendMessage", {"chat_id": group, "text": render(words, language)})

    async def _finish_courtesies(self) -> None:
        if self._courtesies:
            await asyncio.wait(set(self._courtesies), timeout=2)


def _numbered(raw: Any) -> bool:
    return isinstance(raw, dict) and isinstance(raw.get("update_id"), int)


def _parsed(body: bytes) -> Any:
    """The update, or the text itself if it is no JSON: that cannot be read and is set aside."""
    try:
        return orjson.loads(body)
    except ValueError:
        return body.decode(errors="replace")
