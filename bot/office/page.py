"""A page of the office, and how one is made.

A feature is a file: handlers, and at its end what opens them for whom. A handler gets a `Visit` and answers with a page or a form's outcome:

    async def applications(visit: Visit) -> Response:
        return visit.page("applications.html", _("Applications"), waiting=await visit.read(ListApplications(visit.me.municipality)))

    async def reject(visit: Visit) -> Response:
        command = RejectApplication(visit.id("certificate"), visit.entry.choice("reason", Rejection), visit.entry.text("words", most=500))
        return await visit.does(command, told, to="/applications", again=one)

    PAGES = (
        page("/applications", applications, OPERATOR),
        form("/applications/{certificate:int}/reject", reject, OPERATOR),
    )

`office.py` finds the files; `test_office_doors.py` walks every page of theirs as everybody. What holds for all of them, so that no handler thinks of it:

- **Whose it is.** A page opens for the roles that it names, and is «not found» for others, as is an object that a reader or doer does not give
  (`visit.found(…)`, `NotYours`). Readers and doers ask `visit.me`; a page never decides that by itself.
- **Forms** carry the session's CSRF token (`{{ csrf() }}` inside each `<form method="post">`), are no larger than `largest` bytes, and end in a redirect (303) with
  a word of what came of it. A refusal of the domain or a field that makes no sense shows the page `again` (status 422) with the reason on top and everything that was
  entered (`visit.entry`), and nothing has changed; it is the page where the form stood, of a long list the same part of it.
- **Words** in templates are `{{ _("Sentence with {name}", name=…) }}`; texts, sums and days are written in the reader's language just by `{{ value }}`.
- A table of things is `<table class="rows">` with `<td data-label="…">`: on a telephone each row becomes a card.
- No inline scripts or styles (the content security policy forbids them): `static/office.css`, `static/office.js`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from starlette.datastructures import URL, FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.messages import Actor, Command, Fact, NotYours, Query, Refusal
from bot.domain.staff import StaffRole
from bot.i18n import Words, render
from bot.office.entry import Entry, day_of
from bot.office.rendering import TEMPLATES
from bot.storage import sessions
from bot.storage.desk import Desk
from bot.storage.sessions import Session
from bot.storage.tx import Tx

T = TypeVar("T")
AT = "/office"
ADMINISTRATOR, OPERATOR, PROVIDER = StaffRole.ADMINISTRATOR, StaffRole.OPERATOR, StaffRole.PROVIDER
EVERYBODY = (ADMINISTRATOR, OPERATOR, PROVIDER)
LARGEST_FORM = 256 * 1024
Handler = Callable[["Visit"], Awaitable[Response]]


class NotFound(Exception):
    """There is no such thing for whoever asks: theirs or nobody's, the answer is the same."""


@dataclass(frozen=True)
class Page:
    """What stands at a path, and for whom; `who` empty: for anybody, signed in or not."""

    path: str
    handler: Handler
    who: frozenset[StaffRole]
    method: str
    largest: int = LARGEST_FORM


def page(path: str, handler: Handler, *who: StaffRole) -> Page:
    """Something to look at; where it stands in the menu, if it does, says sections.py."""
    return Page(path, handler, frozenset(who), "GET")


def form(path: str, handler: Handler, *who: StaffRole, largest: int = LARGEST_FORM) -> Page:
    """Something that is sent."""
    return Page(path, handler, frozenset(who), "POST", largest=largest)


@dataclass(frozen=True)
class Section:
    """An entry of the menu and the pages behind it; the first is where it leads."""

    words: Words
    tabs: tuple[tuple[str, Words], ...]
    also: tuple[str, ...] = ()
    """Other pages that belong to it."""

    @property
    def path(self) -> str:
        return self.tabs[0][0]

    def holds(self, path: str) -> int:
        """How much of a path one of its pages is the beginning of; 0: it is of another section."""
        begins = (*(tab for tab, _words in self.tabs), *self.also)
        return max(len(each) if path == each or path.startswith(f"{each}/") else 0 for each in begins)


@dataclass
class Visit:
    """One request of one member of the staff."""

    request: Request
    desk: Desk
    session: Session | None
    language: str
    csrf: str
    menu: tuple[Section, ...] = ()
    said: FormData = field(default_factory=FormData)
    cookie: str | None = None
    """The token of a session that has just begun, for the browser to keep."""
    trouble: Words | None = None
    """Why the form was not taken; it is shown on top of the page that is shown again."""

    def __post_init__(self) -> None:
        self.entry = Entry(self.said)

    @property
    def me(self) -> Actor:
        """On whose behalf everything here happens."""
        return self.at.staff.at_work(self.at.municipality)

    @property
    def section(self) -> Section | None:
        """Where in the menu this page stands."""
        best = max(self.menu, key=lambda section: section.holds(self.path), default=None)
        return best if best is not None and best.holds(self.path) else None

    @property
    def path(self) -> str:
        """The page's own, in the office."""
        return self.request.url.path.removeprefix(AT)

    @property
    def at(self) -> Session:
        """The session; pages that name roles always have one."""
        if self.session is None:
            raise NotFound
        return self.session

    def remember(self, token: str) -> None:
        """The browser keeps this token from now on; the page's own forms carry what belongs to it."""
        self.cookie, self.csrf = token, self.desk.keys.print(f"csrf:{token}")

    @property
    def address(self) -> URL:
        """Of the page that is looked at; of one that a form has brought up again, the page where the form stood."""
        return self.request.url if self.request.method == "GET" else URL(self.request.headers.get("Referer", ""))

    @property
    def place(self) -> str:
        """The address, if it is the office's."""
        asked = self.address
        return AT + own_path(asked.path + (f"?{asked.query}" if asked.query else ""))

    def id(self, name: str) -> int:
        """A number of the path. NotFound for one that no database has."""
        number = int(self.request.path_params[name])
        if number >= 2**63:
            raise NotFound
        return number

    def asked(self, name: str, default: str = "") -> str:
        """A parameter of the address, as it was written."""
        return QueryParams(self.address.query).get(name, default)[:200]

    def asked_number(self, name: str, default: int = 0) -> int:
        """A whole number among the parameters of the address; anything else is the default."""
        written = self.asked(name)
        return int(written) if written.isascii() and written.isdecimal() and len(written) < 16 else default

    def asked_day(self, name: str) -> date | None:
        """A day among the parameters of the address; None where there is none, or it is no day."""
        try:
            return day_of(self.asked(name))
        except ValueError:
            return None

    def found(self, answer: T | None) -> T:
        """The answer of a reader. NotFound if it gave none."""
        if answer is None:
            raise NotFound
        return answer

    async def read(self, query: Query[T]) -> T:
        """Answer one query."""
        return await self.desk.read(query, self.me)

    def page(self, template: str, title: Words, **known: Any) -> Response:
        """A page; shown again after trouble, it is no success (422)."""
        known |= {"visit": self, "title": title, "language": self.language}
        content = TEMPLATES.get_template(template).render(known)
        return HTMLResponse(content, 422 if self.trouble is not None or self.entry.wrong else 200)

    def write(self, words: Words) -> str:
        """Words in the reader's language."""
        return render(words, self.language)

    async def does(self, command: Command, told: Callable[[Fact], Words], to: str, again: Handler) -> Response:
        """Do a command and go `to` a page that says what came of it; a refusal, or a field that makes no sense, shows the page `again`."""
        return await self.do_all([command], lambda facts: told(facts[0]), to, again)

    async def do_all(
        self, commands: list[Command], told: Callable[[list[Fact]], Words], to: str, again: Handler
    ) -> Response:
        """Several commands in one transaction: all of them happen, or none."""
        if self.entry.wrong:
            return await again(self)

        def work(tx: Tx) -> list[Fact]:
            facts: list[Fact] = []
            with tx.savepoint():
                for command in commands:
                    facts.append(tx.do(command, self.me))
                    if isinstance(facts[-1], Refusal):
                        raise Refused(facts[-1])
            sessions.leave_note(tx, self.at, self.write(told(facts)))
            return facts

        try:
            await self.desk.run(work)
        except Refused as refused:
            if isinstance(refused.fact, NotYours):
                raise NotFound from None
            self.trouble = told([refused.fact])
            return await again(self)
        return self.go(to)

    async def says(self, words: Words, to: str) -> Response:
        """Go to a page that begins with these words."""
        await self.desk.run(lambda tx: sessions.leave_note(tx, self.at, self.write(words)))
        return self.go(to)

    def go(self, to: str) -> Response:
        """To a page of the office, by its path here."""
        return RedirectResponse(f"{AT}{to}", 303)


WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content: bytes, name: str) -> Response:
    """A file to be kept as `name`.xlsx; the name is ours, of plain letters: nothing that was typed."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=WORKBOOK, headers=headers)


class Refused(Exception):
    """A command was refused: the transaction is undone, the reason shown."""

    def __init__(self, fact: Fact) -> None:
        """`fact` is the refusal."""
        super().__init__(type(fact).__name__)
        self.fact = fact


def own_path(wanted: str) -> str:
    """A path of the office to return to, never another site; the beginning otherwise."""
    inside = (
        wanted.startswith(f"{AT}/")
        and wanted.isprintable()
        and not any(each in unquote(wanted) for each in ("//", "\\", ".."))
    )
    return quote(wanted.removeprefix(AT), safe="/?=&%+-._~:,") if inside else "/"
