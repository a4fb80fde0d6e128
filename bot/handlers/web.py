"""The web chat: a channel like the others. A page takes the transcript «after N» and then live (server-sent events), and posts what is said.

The address of a chat is a keyed hash of a random token in an http-only cookie: who reads the database cannot open a chat with it.
"""

import asyncio
import json
import re
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.config import Settings
from bot.dialogs.conversation import Heard, Pressed
from bot.dialogs.core import Started, Typed
from bot.handlers import files
from bot.handlers.intake import Intake
from bot.handlers.turn import Update, operational
from bot.i18n import _, guess_language, render
from bot.notifications.delivery import Delivery, Outcome, Sent, Unreachable
from bot.notifications.pace import Pace
from bot.storage import transcript
from bot.storage.desk import Desk
from bot.storage.transcript import Line
from bot.storage.tx import Tx

PAGES = Path(__file__).parent / "pages"
COOKIE = "kruzhok_chat"
TEMPLATES = Environment(loader=FileSystemLoader(PAGES), autoescape=True)
PAGE_WORDS = {
    "name": _("Kruzhok"),
    "conversation": _("Conversation"),
    "thinking": _("One moment…"),
    "message": _("Message"),
    "date": _("Choose a date"),
    "send": _("Send"),
    "you": _("You:"),
    "file": _("Save the file"),
    "copy": _("Copy the link"),
    "copied": _("Copied ✓"),
    "failed": _("It could not be sent. Please check the connection and try again."),
    "lost": _("No connection"),
    "no_script": _("This page needs JavaScript. You can also write to us in Telegram or VK."),
    "strip": _("Demo"),
}
POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
YEAR = 365 * 24 * 3600
LARGEST_BODY = 64 * 1024
KEY = re.compile(r"[\w.-]{8,64}", re.ASCII)
NUMBER = re.compile(r"\d{1,18}", re.ASCII)
"""What every database takes as a number of a message."""
LOOK_EVERY = 2.0
"""Seconds: another process may have appended to the transcript."""
PING_EVERY = 8
"""So many looks without news, and the line is kept alive with a comment."""


class WebChannel:
    """Sending on the web: append to the transcript and wake the pages that are open."""

    name = "web"
    per_chat = 1_000.0
    at_once = 50
    in_flight = 1

    def __init__(self, desk: Desk) -> None:
        self.pace = Pace(1_000.0)
        self._desk = desk
        self._news: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def parts(self, delivery: Delivery) -> Sequence[Delivery]:
        """A page has no limit of length."""
        return (delivery,)

    async def send(self, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
        """Append all in one transaction; a repeat is not appended again. While the database is in trouble nobody is reached."""
        try:
            refs = await self._desk.run(lambda tx: transcript.append(tx, deliveries))
        except DBAPIError as trouble:
            if not operational(trouble):
                raise
            return [Unreachable(type(trouble).__name__)] * len(deliveries)
        self.wake(delivery.address for delivery in deliveries)
        return [Sent(ref) for ref in refs]

    async def close(self) -> None:
        """Nothing is held open for sending."""

    def wake(self, addresses: Iterable[str]) -> None:
        """The open pages of these chats look at once."""
        for address in addresses:
            if news := self._news.pop(address, None):
                news.set()

    def wake_all(self) -> None:
        """Every open page looks at once."""
        self.wake(list(self._news))

    async def news(self, address: str, seconds: float) -> None:
        """Until something was appended for this page, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._news[address].wait()
        except TimeoutError:
            pass


class WebChat:
    """The chat's page and its three addresses: what is new, what is said, what was read."""

    def __init__(self, settings: Settings, desk: Desk, intake: Intake, strip: bool = False) -> None:
        """`strip`: the demo's strip stands beside the chat."""
        self._strip = strip
        self._desk, self._intake = desk, intake
        self._secure = settings.public_url.startswith("https://")
        self.channel = WebChannel(desk)
        self._stopping = asyncio.Event()

    def routes(self) -> Sequence[BaseRoute]:
        """What the page needs."""
        return (
            Route("/chat", self.page),
            Route("/chat/events", self.events),
            Route("/chat/messages", self.message, methods=["POST"]),
            Route("/chat/read", self.read, methods=["POST"]),
            Route("/chat/pictures/{number:int}", self.picture),
            Mount("/chat/static", StaticFiles(directory=PAGES)),
        )

    def trouble(self) -> str:
        """The pages come to us: nothing to be unwell with."""
        return ""

    async def start(self) -> None:
        """Nothing to set up: the pages come to us."""

    async def stop(self) -> None:
        """Nothing more is taken."""
        self.let_go()

    def let_go(self) -> None:
        """End the open pages' lines; the pages come back by themselves and read what they missed."""
        self._stopping.set()
        self.channel.wake_all()

    async def page(self, request: Request) -> Response:
        """The page itself, in the conversation's language; a first visit gets its cookie."""
        address = self._address(request)
        spoken = await self._spoken(address) if address else None
        language = spoken or guess_language(request.headers.get("Accept-Language"))
        page = TEMPLATES.get_template("chat.html").render(
            language=language, t=lambda words: render(words, language), strip_here=self._strip, **PAGE_WORDS
        )
        response = HTMLResponse(page, headers={"Cache-Control": "no-cache", "Content-Security-Policy": POLICY})
        if address is None:
            response.set_cookie(
                COOKIE, secrets.token_urlsafe(32), max_age=YEAR, httponly=True, samesite="lax", secure=self._secure
            )
        return response

    async def events(self, request: Request) -> Response:
        """The transcript after `?after=N` (or Last-Event-ID), and then whatever comes; `forgotten` where what the page shows is not kept any more."""
        address = self._address(request)
        if address is None:
            return JSONResponse({"error": "no chat"}, 401)
        asked = request.headers.get("Last-Event-ID") or request.query_params.get("after") or "0"
        last = int(asked) if NUMBER.fullmatch(asked) else 0
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._live(address, last), media_type="text/event-stream", headers=headers)

    async def _live(self, address: str, last: int) -> AsyncIterator[str]:
        silent = 0
        yield "retry: 1000\n\n"
        while not self._stopping.is_set():
            lines = await self._desk.look(partial(transcript.after, address=address, last=last))
            if lines is None:
                last = 0
                yield "event: forgotten\ndata:\n\n"
                continue
            for line in lines:
                last = line.id
                yield f"id: {line.id}\ndata: {json.dumps(_shown(line), ensure_ascii=False)}\n\n"
            silent = 0 if lines else silent + 1
            if silent and silent % PING_EVERY == 0:
                yield ": still here\n\n"
            if not lines:
                await self.channel.news(address, LOOK_EVERY)

    async def message(self, request: Request) -> Response:
        """`{key, text | data | start, label?, tapped?}`: what was typed, pressed or followed; `key` makes a repeat harmless."""
        address = self._address(request)
        said = await _body(request)
        if address is None or said is None:
            return JSONResponse({"error": "not understood"}, 400)
        heard = _heard(said)
        if heard is None or not KEY.fullmatch(key := str(said.get("key", ""))):
            return JSONResponse({"error": "not understood"}, 400)
        if said.get("first") and await self._desk.look(lambda tx: transcript.has_screen(tx, address)):
            return JSONResponse({"popup": ""})
        language = guess_language(request.headers.get("Accept-Language", "ru"))
        number = f"web:{address[:24]}:{key}"
        tapped = tapped if NUMBER.fullmatch(tapped := str(said.get("tapped", ""))) else ""
        update = Update(number, "web", address, heard, language, tapped)

        def keep(tx: Tx) -> None:
            if isinstance(heard, Typed):
                masked = transcript.wants_secret(tx, address)
                transcript.said(tx, address, number, "•••" if masked else heard.text)

        (answered,) = await self._intake.take([update], also=keep)
        return JSONResponse({"popup": answered.popup, "language": await self._spoken(address)})

    async def read(self, request: Request) -> Response:
        """`{upto}`: the page was in sight and has shown everything up to there."""
        address, said = self._address(request), await _body(request)
        if address is None or said is None or not NUMBER.fullmatch(str(said.get("upto"))):
            return JSONResponse({"error": "not understood"}, 400)
        upto = int(said["upto"])
        await self._desk.run(lambda tx: transcript.mark_read(tx, address, upto))
        return JSONResponse({})

    async def picture(self, request: Request) -> Response:
        """A picture of this page's own transcript; the browser keeps it, as what was said does not change."""
        address, number = self._address(request), int(request.path_params["number"])
        if address is None or number >= 2**63:
            return Response(status_code=404)
        message = await self._desk.look(lambda tx: transcript.message_of(tx, address, number))
        if message is None or message.picture is None:
            return Response(status_code=404)
        file = await files.ready(message)
        image = files.is_image(message)
        shown = f'{"inline" if image else "attachment"}; filename="{file.name}"'
        kind = "image/png" if image else "application/pdf"
        kept = {"Cache-Control": f"private, max-age={YEAR}, immutable", "X-Content-Type-Options": "nosniff"}
        return Response(file.content, media_type=kind, headers={"Content-Disposition": shown, **kept})

    async def _spoken(self, address: str) -> str | None:
        return await self._desk.look(lambda tx: transcript.language(tx, address))

    def _address(self, request: Request) -> str | None:
        return self.address(request.cookies.get(COOKIE, ""))

    def address(self, token: str) -> str | None:
        """The chat that a cookie opens; None if it is no token of ours."""
        return self._desk.keys.print(f"web:{token}")[:40] if 20 <= len(token) <= 100 else None


async def _body(request: Request) -> dict[str, Any] | None:
    """A small JSON object; a form of another site cannot send this content type, so it is our own page."""
    if request.headers.get("Content-Type", "").split(";")[0] != "application/json":
        return None
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            return None
    try:
        said = orjson.loads(body)  # refuses what is no Unicode, and depths without end
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _heard(said: dict[str, Any]) -> Heard | None:
    match said:
        case {"data": str(data)}:
            return Pressed(data)
        case {"text": str(text)}:
            return Typed(text)
        case {"start": str(link)}:
            return Started(link)
    return None


def _shown(line: Line) -> dict[str, Any]:
    """A line as the page reads it."""
    message = asdict(replace(line.message, picture=None))
    if line.message.picture is not None:
        message["picture"] = {
            "address": f"/chat/pictures/{line.id}",
            "words": files.words_for(line.message),
            "image": files.is_image(line.message),
        }
    return {
        "id": line.id,
        "who": line.who,
        "replaces": line.replaces,
        "push": line.push,
        "at": line.at.isoformat(),
        **message,
    }
