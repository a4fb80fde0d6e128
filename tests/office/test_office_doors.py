"""Every page and form of the office, as everybody: what is not theirs is refused everywhere, and nothing has changed.

A family has a certificate, a club with a charge and an event (the home of test_leaks); its municipality and its provider have the numbers 1. Another
municipality's operator, another provider and nobody knock at each door with the family's numbers. Its own staff find every page, so that the walk
cannot pass by looking at nothing.
"""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import select

from bot.domain.announcement import Announce, Audience
from bot.domain.enrollment import OpenDispute
from bot.domain.messages import SYSTEM, operator, person
from bot.domain.published import AddText, TextKind
from bot.domain.staff import AddStaff, StaffRole
from bot.i18n import render
from bot.office import passwords
from bot.office.office import PAGES
from bot.office.page import ADMINISTRATOR, OPERATOR, PROVIDER, Page
from bot.office.sections import SECTIONS
from bot.registry import reasons
from bot.storage import schema
from bot.storage.tx import Tx
from tests.office.clerk import PASSWORD, Clerk, OfficeHouse
from tests.storage.test_other_families import rows, secrets, strangers_come
from tests.test_leaks import Home

NUMBER = re.compile(r"\{(\w+)(:\w+)?\}")
STAFF = {
    "operator": (OPERATOR, {"municipality": 1}),
    "provider": (PROVIDER, {"provider": 1}),
    "administrator": (ADMINISTRATOR, {}),
    "other-operator": (OPERATOR, {"municipality": 2}),
    "other-provider": (PROVIDER, {"provider": 2}),
}
OURS, THEIRS = ("operator", "provider", "administrator"), ("other-operator", "other-provider", "nobody")
OPEN = [each for each in PAGES if each.method == "GET"]
FORMS = [each for each in PAGES if each.method == "POST"]
FIELDS = {
    "reason": "other",
    "words": "x",
    "enrollment": "1",
    "certificate": "1",
    "child": "1",
    "person": "1",
    "group": "1",
    "event": "1",
    "rating": "1",
}
"""What a stranger fills in, whatever the form."""


class Doors(OfficeHouse):
    """The family's office and everybody in front of it."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)  # type: ignore[arg-type]  # it has a desk and a runner, as a town does
        self.home = home
        self.clerks: dict[str, Clerk] = {"nobody": self.browser()}
        for login, (role, where) in STAFF.items():
            command = AddStaff(login, login, role, passwords.HASHER.hash(PASSWORD), **where)
            home.runner.run(home.desk.do(command, SYSTEM))
            self.clerks[login] = self.browser()
            self.clerks[login].signs_in(login)
        note = AddText(1, TextKind.CONTACTS, "ru", "Hours", "From nine to five")
        for command in (note, Announce(1, "Hello", "", Audience())):
            home.runner.run(home.desk.do(command, operator(1)))
        home.runner.run(home.desk.do(OpenDispute(1), person(1, 1)))
        self.secrets = home.runner.run(home.desk.look(secrets))

    def family(self) -> dict[str, set[str]]:
        """Every row that is somebody's business; who is signed in is not."""
        found = self.home.runner.run(self.home.desk.look(rows))
        return {name: lines for name, lines in found.items() if name not in ("staff_session", "sign_in_try", "trail")}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    home = Home(f"sqlite:///{tmp_path_factory.mktemp('doors') / 'home.db'}")
    home.desk = home.open  # type: ignore[attr-defined]
    home.runner.run(home.open.run(strangers_come))
    home.runner.run(home.open.run(an_import))
    yield Doors(home)
    home.close()


def an_import(tx: Tx) -> None:
    """Of the family's municipality: it has found something about the child, and waits for a decision."""
    row = {"kind": "certificates", "phase": "preview", "state": "ready", "file": "a.csv", "hash": "0", "by": "operator"}
    job = tx.insert(schema.job, municipality=1, created_at=tx.now, changed_at=tx.now, **row)
    child = tx.value(select(schema.child.c.first_name))
    error = {"kind": "error", "row": 2, "column": "Ребёнок", "reason": reasons.NOT_A_NAME, "value": child}
    tx.insert(schema.job_finding, job=job, **error)


def path(page: Page) -> str:
    """Its address, with the family's numbers."""
    return NUMBER.sub("1", page.path)


def named(page: Page) -> str:
    return f"{page.method} {page.path}"


def may(role: StaffRole, page: Page) -> bool:
    return not page.who or role in page.who


@pytest.mark.parametrize("page", OPEN, ids=named)
def test_a_page_opens_for_its_own_and_tells_strangers_nothing(doors: Doors, page: Page) -> None:
    for login, clerk in doors.clerks.items():
        clerk.opens(path(page))
        if login == "nobody":
            assert not page.who or "Password" in clerk.words
        elif not may(STAFF[login][0], page):
            assert clerk.status == 404
        else:
            assert clerk.status in (200, 404), f"{login} got {clerk.status}: {clerk.words}"
        if login in THEIRS:
            assert not [word for word in doors.secrets if word in clerk.html], login


def test_its_own_staff_find_the_pages(doors: Doors) -> None:
    unseen = set()
    for page in OPEN:
        found = [login for login in OURS if may(STAFF[login][0], page) and _status(doors.clerks[login], page) == 200]
        if not found and page.who:
            unseen.add(page.path)
    assert unseen <= NOT_THERE


FOR_ALL = {"/providers/{provider:int}/agreement", "/providers/{provider:int}/agreement/end"}
"""Any municipality may agree with any provider."""
WHICH = "{provider:int}/{municipality:int}/{month}"
NOT_THERE = {f"/bills/{WHICH}", f"/bills/{WHICH}/xlsx", f"/advances/{WHICH}", "/card/{code}"}
"""Pages of things that the family does not have: there is no month 1, and no code is so short."""


def _status(clerk: Clerk, page: Page) -> int:
    clerk.opens(path(page))
    return clerk.status


@pytest.mark.parametrize("page", [each for each in FORMS if each.who], ids=named)
def test_a_form_changes_nothing_for_strangers_and_without_its_token(doors: Doors, page: Page) -> None:
    before = doors.family()
    for login in (*THEIRS, "forger"):
        clerk = doors.clerks.get(login) or doors.clerks["operator"]
        clerk.opens("/account" if login != "nobody" else "/sign-in")
        if login in STAFF and "My account" not in clerk.words:
            clerk.signs_in(login)  # the form before has signed it out
            clerk.opens("/account")
        if login == "forger":
            clerk.html = ""
            for forged in ({}, {"csrf": "0" * 64}, {"csrf": "й"}):
                clerk.sends(path(page), {**FIELDS, **forged})
                assert clerk.status in (403, 404)
        else:
            clerk.sends(path(page), FIELDS)
            assert clerk.status < 500, clerk.words
            if (
                NUMBER.search(page.path)
                and page.path not in FOR_ALL
                and page.who.isdisjoint({ADMINISTRATOR})
                and login != "nobody"
            ):
                assert clerk.status == 404, f"{login}: {clerk.words}"
        assert not [word for word in doors.secrets if word in clerk.html], login
    after = doors.family()
    changed = {name: before[name] - after[name] for name in before if before[name] - after[name]}
    assert not changed
    assert after["outbox"] == before["outbox"]


def test_a_wrong_method_another_site_and_a_number_beyond_all_numbers_are_refused(doors: Doors) -> None:
    clerk = doors.clerks["operator"]
    clerk.opens("/account")
    for method in ("PUT", "DELETE", "PATCH"):
        clerk.asks(method, "/office/account")
        assert clerk.status == 405
    clerk.opens("/account")
    token = re.search(r'name="csrf" value="(\w+)"', clerk.html)
    assert token
    clerk.asks(
        "POST", "/office/account/sign-out", data={"csrf": token[1]}, headers={"Origin": "https://elsewhere.test"}
    )
    assert clerk.status == 403
    clerk.opens("/account")
    assert clerk.status == 200
    clerk.opens("/trail?child=99999999999999999999999&before=-1&subject=x'--")
    assert clerk.status == 200


def test_a_form_that_is_too_large_is_not_even_read(doors: Doors) -> None:
    clerk = doors.clerks["operator"]
    clerk.opens("/account")
    clerk.sends("/account/password", old="x" * 300_000, new="y")
    assert clerk.status == 413
    clerk.opens("/account")
    clerk.sends("/account/password", old="x" * 70_000, new="y")
    assert clerk.status == 400

    clerk.asks(
        "POST",
        "/office/account/password",
        content=_endless(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert clerk.status == 413


async def _endless() -> AsyncIterator[bytes]:
    for _piece in range(300):
        yield b"a=" + b"b" * 1021 + b"&"


@pytest.mark.parametrize("login", OURS)
def test_a_tab_stays_in_its_section_whose_first_page_is_called_as_the_menu_calls_it(doors: Doors, login: str) -> None:
    clerk, menu = doors.clerks[login], SECTIONS[STAFF[login][0]]
    assert len({tab for section in menu for tab, _words in section.tabs}) == sum(len(section.tabs) for section in menu)
    for section in menu:
        its = render(section.words, "en")
        for tab, words in section.tabs:
            clerk.opens(tab)
            current = re.findall(r'<a href="/office([^"]*)" aria-current="\w+">([^<]*)</a>', clerk.html)
            assert current[0] == (section.path, its)
            assert len(section.tabs) == 1 or current[1:] == [(tab, render(words, "en"))]
            title = re.search("<h1>(.*?)</h1>", clerk.html)
            assert title and (tab != section.path or title[1].startswith((its, render(words, "en")))), tab
