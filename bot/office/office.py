"""The office as routes: every page behind the same door. See page.py for how one is made."""

import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules
from urllib.parse import quote

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive

import bot.office
from bot import logs
from bot.config import Settings
from bot.domain.staff import StaffRole
from bot.i18n import Words, _, guess_language
from bot.office.page import AT, NotFound, Page, Section, Visit
from bot.office.rendering import ASSETS, TEMPLATES
from bot.office.sections import SECTIONS
from bot.storage import sessions
from bot.storage.desk import Desk
from bot.storage.sessions import SEEN_EVERY, Session

log = structlog.get_logger()
COOKIE = "kruzhok_office"
LANGUAGE = "kruzhok_language"
MOST_FIELDS = 2_000
"""A form that ticks rows has some hundred."""
PAGES: tuple[Page, ...] = tuple(
    each
    for found in iter_modules(bot.office.__path__)
    for each in getattr(import_module(f"{bot.office.__name__}.{found.name}"), "PAGES", ())
)
"""Every file of the office that has pages."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class TooLarge(Exception):
    """More bytes have come than the form may have."""


class Office:
    """The pages at `/office`."""

    def __init__(self, settings: Settings, desk: Desk) -> None:
        """Cookies are sent over https only where the public address is one."""
        self._desk = desk
        self.secure = settings.public_url.startswith("https://")

    def routes(self) -> Sequence[BaseRoute]:
        """Everything at `/office`."""
        opened = [Route(each.path, self._behind(each), methods=[each.method]) for each in PAGES]
        static = Mount("/static", StaticFiles(directory=ASSETS))
        return (
            Route(AT, lambda request: RedirectResponse(f"{AT}/")),
            Mount(AT, routes=[static, *opened, Route("/{rest:path}", self._behind(NOTHING))]),
        )

    def _behind(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            language = _language(request)
            try:
                return self._finish(
                    await self._answer(page, Request(request.scope, _limited(request, page.largest)), language)
                )
            except NotFound:
                return self._finish(_failure(404, language, request))
            except TooLarge:
                return self._finish(_failure(413, language, request))
            except HTTPException:  # so the framework says that a form makes no sense
                return self._finish(_failure(400, language, request))
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as trouble:  # whatever it was, it is noted, and answered with a page
                log.error("office.trouble", page=page.path, kind=type(trouble).__name__, where=logs.where(trouble))
                return self._finish(
                    _failure(503 if isinstance(trouble, OperationalError | InterfaceError) else 500, language, request)
                )

        return answer

    async def _answer(self, page: Page, request: Request, language: str) -> Response:
        token = request.cookies.get(COOKIE, "")
        csrf = self._desk.keys.print(f"csrf:{token}") if token else ""
        session, now = await self._desk.look(lambda tx: (sessions.session_of(tx, token) if token else None, tx.now))
        request.state.menu = _menu(session)
        if page.who and (session is None or not session.proved):
            return RedirectResponse(f"{AT}/sign-in?to={quote(_wanted(request))}", 303)
        if page.who and session is not None and not page.who & _roles(session):
            raise NotFound
        said = await self._said(request, csrf) if page.method == "POST" else FormData()
        if said is None:
            return _failure(403, language, request)
        visit = Visit(request, self._desk, session, language, csrf, request.state.menu, said)
        response = await page.handler(visit)
        if session is not None and page.method == "GET" and (session.note or now - session.seen_at > SEEN_EVERY):
            shown = bool(session.note) and response.status_code == 200
            await self._desk.run(lambda tx: sessions.keep_alive(tx, session, note_was_read=shown))
        if visit.cookie is not None:
            response.set_cookie(COOKIE, visit.cookie, path=AT, httponly=True, samesite="lax", secure=self.secure)
        return response

    async def _said(self, request: Request, csrf: str) -> FormData | None:
        """What was sent; None if it does not come from a page of ours."""
        origin = request.headers.get("Origin")
        if origin not in (None, "null") and origin.split("://", 1)[-1] != request.headers.get("Host"):
            return None
        said = await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=64 * 1024)
        given = said.get("csrf")
        return said if csrf and isinstance(given, str) and hmac.compare_digest(given.encode(), csrf.encode()) else None

    def _finish(self, response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _menu(session: Session | None) -> tuple[Section, ...]:
    """Of the role that it is at work in."""
    if session is None or not session.proved:
        return ()
    return SECTIONS[StaffRole(session.staff.at_work(session.municipality).role)]


def _roles(session: Session) -> set[StaffRole]:
    """Its own; an administrator at work in a municipality is an operator too."""
    return {session.staff.role, StaffRole(session.staff.at_work(session.municipality).role)}


def _wanted(request: Request) -> str:
    """Where to go after signing in: the page that was asked for; a form was sent in vain, and leads to the beginning."""
    inside = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return inside if request.method == "GET" else f"{AT}/"


def _language(request: Request) -> str:
    chosen = request.cookies.get(LANGUAGE, "")
    return chosen if chosen in ("ru", "en") else guess_language(request.headers.get("Accept-Language"))


def _limited(request: Request, most: int) -> Receive:
    """The body, counted while it comes; what is declared too large is not even read."""
    declared = request.headers.get("Content-Length", "0")
    left = most

    async def receive() -> Message:
        nonlocal left
        if not declared.isdecimal() or int(declared) > most:
            raise TooLarge
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLarge
        return message

    return receive


FAILURES: Mapping[int, tuple[Words, Words]] = {
    400: (_("This could not be read"), _("The form came broken. Please go back and send it once more.")),
    403: (_("This page has grown old"), _("Nothing was changed. Please go back, load the page again and repeat.")),
    404: (_("There is no such page"), _("It is not here, or not yours to see. The menu shows what is.")),
    413: (_("This is too large"), _("Nothing was taken. Please send something smaller.")),
    500: (_("Something went wrong here"), _("We have noted it; nothing was changed. Please try again in a minute.")),
    503: (_("The database does not answer"), _("Nothing was changed. Please try again in a minute.")),
}


def _failure(status: int, language: str, request: Request) -> HTMLResponse:
    """With the menu of whoever asked, as far as it was known by then."""
    title, words = FAILURES[status]
    menu = getattr(request.state, "menu", ())
    page = TEMPLATES.get_template("failure.html").render(title=title, words=words, language=language, menu=menu)
    return HTMLResponse(page, status)


async def _nothing(visit: Visit) -> Response:
    raise NotFound


NOTHING = Page("/{rest:path}", _nothing, frozenset(), "GET")
"""Whatever is no page of ours."""
