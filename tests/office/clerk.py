"""A clerk at the office's pages, in process: signs in, opens pages, fills in forms, reads what came of it."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from argon2 import PasswordHasher
from httpx import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette

from bot.config import Settings
from bot.domain.messages import SYSTEM
from bot.domain.staff import AddStaff, StaffAdded, StaffRole
from bot.office import passwords
from bot.office.office import Office
from tests.storage.town import Town

PASSWORD = "correct horse battery"
passwords.HASHER = PasswordHasher(
    time_cost=1, memory_cost=8, parallelism=1
)  # what is slow by design is no test's business
TOKEN = re.compile(r'name="csrf" value="(\w+)"')


class Clerk:
    """A browser of a member of the staff."""

    def __init__(self, town: Town, client: AsyncClient) -> None:
        """Not signed in yet."""
        self.town, self.client = town, client
        self.status = 0
        self.html = ""

    @property
    def words(self) -> str:
        """What is to be read on the page, without its tags."""
        body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", self.html, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def opens(self, path: str) -> str:
        """Look at a page of the office."""
        return self.asks("GET", f"/office{path}")

    def sends(self, path: str, form: Mapping[str, Any] | None = None, files: Any = None, **fields: Any) -> str:
        """Fill in a form of the page that is open, which brings its token, and follow where it leads."""
        token = TOKEN.search(self.html)
        data = {**({"csrf": token[1]} if token else {}), **(form or {}), **fields}
        return self.asks("POST", f"/office{path}", data=data, files=files)

    def signs_in(self, login: str, password: str = PASSWORD) -> str:
        """By the form."""
        self.opens("/sign-in")
        return self.sends("/sign-in", login=login, password=password)

    def sees(self, *wanted: str) -> None:
        """All of these words are on the page."""
        for words in wanted:
            assert words in self.words, f"{words!r} is not on the page ({self.status}): {self.words}"

    def sees_no(self, *unwanted: str) -> None:
        """None of these words is on the page."""
        for words in unwanted:
            assert words not in self.words, f"{words!r} is on the page: {self.words}"

    def asks(self, method: str, path: str, **what: Any) -> str:
        """Any request; redirects are followed."""
        response: Response = self.town.runner.run(self.client.request(method, path, **what))
        self.status, self.html = response.status_code, response.text
        return self.words


class OfficeHouse:
    """The office of a town, and browsers in front of it."""

    def __init__(self, town: Town) -> None:
        """Nobody has an account yet."""
        self.town = town
        self.app = Starlette(routes=Office(Settings(), town.desk).routes())

    def browser(self) -> Clerk:
        """Somebody's, English, with no cookies."""
        way = {"base_url": "http://office.test", "headers": {"Accept-Language": "en"}, "follow_redirects": True}
        return Clerk(self.town, AsyncClient(transport=ASGITransport(self.app), **way))  # type: ignore[arg-type]

    def has(self, login: str, role: StaffRole, **where: int) -> int:
        """An account; its id."""
        password_hash = passwords.HASHER.hash(PASSWORD)
        fact = self.town.does(AddStaff(login, login.title(), role, password_hash, **where), SYSTEM)
        assert isinstance(fact, StaffAdded), fact
        return fact.staff

    def clerk(self, login: str, role: StaffRole, **where: int) -> Clerk:
        """Somebody with an account, signed in."""
        self.has(login, role, **where)
        clerk = self.browser()
        clerk.signs_in(login)
        return clerk

    def operator(self, login: str = "operator") -> Clerk:
        """The town's operator, signed in."""
        return self.clerk(login, StaffRole.OPERATOR, municipality=self.town.municipality)

    def provider(self, login: str = "provider") -> Clerk:
        """Of the town's provider, signed in."""
        return self.clerk(login, StaffRole.PROVIDER, provider=self.town.provider)

    def administrator(self, login: str = "administrator") -> Clerk:
        """The region's, signed in."""
        return self.clerk(login, StaffRole.ADMINISTRATOR)
