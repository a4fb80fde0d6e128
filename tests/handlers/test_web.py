"""The web chat over real HTTP: a page's cookie, what it posts, what it reads after N, and what anybody else might send."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.config import Settings
from bot.dialogs.application_questions import SaySnils
from bot.dialogs.conversation import Talk
from bot.dialogs.message import Message
from bot.domain.linking import ChatLinked
from bot.domain.money import Money
from bot.domain.pictures import CertificateCard, Statement
from bot.handlers.intake import Intake
from bot.handlers.web import COOKIE, LARGEST_BODY, WebChannel, WebChat
from bot.notifications.delivery import Delivery, Unreachable
from bot.storage import schema
from bot.storage.conversations import save, take_seats
from bot.storage.desk import Desk
from bot.storage.tx import Tx
from tests.handlers.house import House, Messenger, Web, served
from tests.mischief import TEXTS
from tests.patience import PATIENCE, until

PHONE = {"Accept-Language": "en"}


class Page:
    """A browser's page: its cookie, what it says, what it is shown."""

    def __init__(self, url: str, cookie: str = "") -> None:
        cookies = {COOKIE: cookie} if cookie else None
        self.http = httpx.AsyncClient(base_url=url, trust_env=False, headers=PHONE, cookies=cookies, timeout=PATIENCE)
        self.said = self.streams = 0

    async def opens(self) -> httpx.Response:
        """The page itself, with its cookie, and its first words."""
        answer = await self.http.get("/chat")
        await self.posts({"start": "", "first": True})
        return answer

    async def posts(self, said: Any, path: str = "/chat/messages", **how: Any) -> httpx.Response:
        """A message as chat.js posts it; what is not a dictionary goes as it is."""
        if not isinstance(said, dict):
            return await self.http.post(path, content=said, **how)
        self.said += 1
        return await self.http.post(path, json={"key": f"page-key-{self.said}", **said}, **how)

    async def reads(self, after: int | str = 0, until: str = "", count: int = 0, **how: Any) -> list[dict[str, Any]]:
        """The lines of the event stream behind `after`: up to one with these words, so many, or all until the stream ends."""
        lines: list[dict[str, Any]] = []
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self.http.stream("GET", f"/chat/events?after={after}", **how) as stream,
            ):
                assert stream.headers["Content-Type"].startswith("text/event-stream")
                self.streams += 1
                async for line in stream.aiter_lines():
                    if line.startswith("data: "):
                        lines.append(json.loads(line[6:]))
                        if len(lines) == count or (until and until in lines[-1]["text"]):
                            break
        except TimeoutError:
            raise AssertionError(
                f"{until or count!r} did not come, but {[one['text'][:60] for one in lines]}"
            ) from None
        return lines


async def lines_until(stream: httpx.Response, words: str) -> AsyncIterator[str]:
    """The stream as it comes, up to a line with these words."""
    async for line in stream.aiter_lines():
        yield line
        if words in line:
            return


class WebHouse:
    """The house with the web chat, and its pages."""

    def __init__(self, home: House, web: Web) -> None:
        self.home, self.web = home, web
        self.pages: list[Page] = []

    def page(self, cookie: str = "") -> Page:
        self.pages.append(Page(self.web.url, cookie))
        return self.pages[-1]

    async def rows(self, query: Any) -> list[Any]:
        found: list[Any] = await self.home.desk.run(lambda tx: list(tx.rows(query)))
        return found


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[WebHouse]:
    def web_chat(intake: Intake) -> Messenger:
        return WebChat(Settings(), intake.desk, intake)

    async with served() as web, House(folder, web_chat) as home:
        web.routes(home.messenger)
        here = WebHouse(home, web)
        yield here
        await home.messenger.stop()
        for page in here.pages:
            await page.http.aclose()


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with house(tmp_path) as here:
        yield here


# Whose chat it is


async def test_a_first_visit_gets_a_cookie_that_no_script_reads_and_a_page_that_runs_only_its_own_scripts(
    here: WebHouse,
) -> None:
    answer = await here.page().http.get("/chat")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy


async def test_the_page_speaks_the_language_of_the_conversation_and_not_the_browsers(here: WebHouse) -> None:
    page = here.page()
    assert '<html lang="en">' in (await page.opens()).text
    await here.home.desk.run(lambda tx: tx.sql(schema.person.update().values(language="ru")))
    assert (await page.posts({"text": "help"})).json()["language"] == "ru"
    again = (await page.http.get("/chat")).text
    assert '<html lang="ru">' in again
    assert "Сообщение" in again


async def test_without_a_cookie_nothing_is_read_or_said(here: WebHouse) -> None:
    page = here.page()
    assert (await page.http.get("/chat/events")).status_code == 401
    assert (await page.posts({"text": "hello"})).status_code == 400
    assert (await page.posts({"upto": 1}, "/chat/read")).status_code == 400
    assert not await here.rows(select(schema.chat))


@pytest.mark.parametrize("cookie", ["x", "' OR 1=1 --", "A" * 5_000])
async def test_a_broken_cookie_is_replaced_by_a_good_one(here: WebHouse, cookie: str) -> None:
    page = here.page(cookie)
    assert (await page.http.get("/chat/events")).status_code == 401
    page.http.cookies.clear()
    answer = await page.http.get("/chat", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert COOKIE in answer.headers["Set-Cookie"]
    assert (await page.posts({"text": "hello"})).status_code == 200


async def test_a_forged_cookie_opens_a_chat_of_its_own_and_nobody_elses(here: WebHouse) -> None:
    parent, stranger = here.page(), here.page("A" * 43)
    await parent.opens()
    await parent.posts({"text": "my own words"})
    (chat,) = {row.address for row in await here.rows(select(schema.chat.c.address))}
    by_address = here.page(chat)
    for page in (stranger, by_address):
        await page.opens()
        await page.posts({"text": "the words of another"})
        read = await page.reads(until="the words of another")
        assert not [line for line in read if "my own words" in line["text"]]


async def test_a_picture_is_drawn_for_its_own_page_and_has_words_that_stand_for_it(here: WebHouse) -> None:
    parent, stranger = here.page(), here.page()
    await parent.opens()
    (chat,) = {row.address for row in await here.rows(select(schema.chat.c.address))}
    card = CertificateCard("Ким Анна", "5101711711", "Все дети", None, "https://kruzhok.example/office/card/abc")
    statement = Statement("Ким Анна", "5101711711", "Мурманск", *[date(2026, 9, 1)] * 3, (), *[Money(100)] * 3)
    for number, picture in enumerate((card, statement)):
        message = Message("Your picture", picture=picture, language="en")
        await here.home.messenger.channel.send([Delivery(number, f"reply:web:{number}", "web", chat, message)])
    read = await parent.reads(count=3)
    first, second = (line["picture"] for line in read if line["picture"])
    (words,) = (f"/chat/pictures/{line['id']}" for line in read if not line["picture"])
    assert (first["image"], first["words"]) == (True, "Certificate of additional education")
    assert (second["image"], second["words"]) == (False, "A statement of the certificate")
    image, file = [await parent.http.get(each["address"]) for each in (first, second)]
    assert (image.headers["Content-Type"], image.content[:4]) == ("image/png", b"\x89PNG")
    assert (file.headers["Content-Disposition"], file.content[:4]) == ('attachment; filename="statement.pdf"', b"%PDF")
    await stranger.opens()
    for address in (first["address"], words, f"/chat/pictures/{10**30}"):
        assert (await stranger.http.get(address)).status_code == 404
    assert (await parent.http.get(words)).status_code == 404


# What is posted


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"key": "12345678"}',
        b'{"key": "12345678", "text": 5}',
        b'{"key": "12345678", "text": null}',
        b'{"key": "short", "text": "hello"}',
        b'{"key": "1234\\u00005678", "text": "hello"}',
        b'{"key": {"a": 1}, "text": "hello"}',
        b'{"key": "12345678", "text": "\\ud800"}',
        b'{"text": "hello"}',
        b"[" * 40_000,
        b'{"a":' * 10_000,
    ],
    ids=lambda body: repr(body[:40]),
)
async def test_what_is_no_message_of_the_page_is_refused_and_changes_nothing(here: WebHouse, body: bytes) -> None:
    page = here.page()
    await page.opens()
    before = await here.home.count(schema.seen_update)
    answer = await page.posts(body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert await here.home.count(schema.seen_update) == before


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_form_of_another_site_can_say_nothing(here: WebHouse, kind: str) -> None:
    page = here.page()
    await page.opens()
    body = json.dumps({"key": "12345678", "text": "hello"}).encode()
    assert (await page.posts(body, headers={"Content-Type": kind})).status_code == 400


async def test_a_huge_body_is_refused(here: WebHouse) -> None:
    page = here.page()
    await page.opens()
    assert (await page.posts({"text": "x" * LARGEST_BODY})).status_code == 400


@pytest.mark.parametrize(
    "said",
    [
        {"data": "999:forged"},
        {"data": "\x00"},
        {"data": ">child:99"},
        {"start": "\x00"},
        {"data": "1:1", "tapped": "9" * 60},
    ],
)
async def test_a_forged_tap_is_answered_with_the_present_screen(here: WebHouse, said: dict[str, Any]) -> None:
    page = here.page()
    await page.opens()
    assert (await page.posts(said)).status_code == 200
    assert await page.reads(count=1)
    assert not await here.rows(select(schema.set_aside.c.why))


async def test_every_kind_of_text_is_answered_and_shown_as_it_was_written(here: WebHouse) -> None:
    page = here.page()
    await page.opens()
    for text in TEXTS:
        assert (await page.posts({"text": text})).status_code == 200
    await page.posts({"text": "the last words"})
    lines = await page.reads(until="the last words")
    mine = [line["text"] for line in lines if line["who"] == "parent"]
    assert "<script>alert(1)</script><b>жирно" in mine, "as text; the page puts it in as text, too"
    assert not await here.rows(select(schema.set_aside.c.why))


async def test_the_page_puts_words_in_as_text_only() -> None:
    script = (Path(__file__).parents[2] / "bot/handlers/pages/chat.js").read_text(encoding="utf-8")
    assert "innerHTML" not in script
    assert "insertAdjacentHTML" not in script
    assert "eval(" not in script


async def test_a_message_posted_twice_with_one_key_is_taken_once(here: WebHouse) -> None:
    page = here.page()
    await page.opens()
    answers = await asyncio.gather(*(page.posts({"key": "the-same-key", "text": "help"}) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert await here.home.count(schema.outbox, schema.outbox.c.key.endswith("the-same-key")) == 1
    await page.posts({"text": "and then"})
    lines = await page.reads(until="and then")
    assert [line["text"] for line in lines if line["who"] == "parent"] == ["help", "and then"]


async def test_two_pages_with_the_same_key_do_not_disturb_each_other(here: WebHouse) -> None:
    one, other = here.page(), here.page()
    await one.opens()
    await other.opens()
    for page in (one, other):
        await page.posts({"key": "the-same-key", "text": "help"})
    assert await here.home.count(schema.outbox, schema.outbox.c.key.endswith("the-same-key")) == 2


# What is read


async def test_coming_back_after_n_gives_exactly_what_was_missed(here: WebHouse) -> None:
    page = here.page()
    await page.opens()
    for number in range(6):
        await page.posts({"text": f"words {number}"})
    numbers = [line["id"] for line in await page.reads(count=1 + 6 + 6)]
    assert numbers == sorted(set(numbers))
    for seen in (0, 3):
        missed = await page.reads(numbers[seen], count=12 - seen)
        assert [line["id"] for line in missed] == numbers[seen + 1 :]
    by_header = await page.reads(0, count=9, headers={"Last-Event-ID": str(numbers[3])})
    assert [line["id"] for line in by_header] == numbers[4:]
    await page.posts({"text": "something new"})
    (new,) = await page.reads(numbers[-1], count=1)
    assert new["text"] == "something new"


async def test_a_chat_that_was_cut_shows_only_the_farewell_and_whoever_begins_there_again_reads_nothing_of_before(
    here: WebHouse,
) -> None:
    page = here.page()
    await page.opens()
    await page.posts({"text": "my own words"})
    seen = (await page.reads(count=3))[-1]["id"]  # the greeting, the words, their answer
    (chat,) = {row.address for row in await here.rows(select(schema.chat.c.address))}
    await here.home.desk.run(lambda tx: tx.sql(schema.chat.update().values(cut_at=tx.now)))
    for number, key in enumerate(("charge:1:g1", "reply:web:late", "reply:web:bye")):
        await here.home.messenger.channel.send([Delivery(number, key, "web", chat, Message(f"told as {key}"))])
    async with page.http.stream("GET", f"/chat/events?after={seen}") as stream, asyncio.timeout(PATIENCE):
        told = [line async for line in lines_until(stream, "told as")]
    assert "event: forgotten" in told
    assert [line["text"] for line in await page.reads(count=1)] == ["told as reply:web:bye"]
    await page.posts({"start": "", "first": True})
    (first,) = await page.reads(count=1)
    assert first["who"] == "bot" and first["text"] != "told as reply:web:bye"


async def test_whoever_comes_back_when_the_words_are_forgotten_finds_the_screen_again_and_not_an_empty_page(
    here: WebHouse,
) -> None:
    page = here.page()
    await page.opens()
    (greeting,) = await page.reads(count=1)
    (chat,) = {row.address for row in await here.rows(select(schema.chat.c.address))}
    await here.home.desk.run(lambda tx: tx.sql(schema.web_message.delete()))  # as `retention` does
    await here.home.messenger.channel.send([Delivery(1, "charge:1:g1", "web", chat, Message("a charge"))])
    for _time in range(2):
        await page.opens()
    push, screen = await page.reads(count=2)
    assert (push["text"], push["push"]) == ("a charge", True)
    assert not screen["push"] and [len(row) for row in screen["rows"]] == [len(row) for row in greeting["rows"]]
    await page.posts({"text": "the only thing after it"})
    assert len(await page.reads(until="the only thing after it")) == 3, "opening twice begins once"


async def test_more_than_one_look_can_carry_is_read_whole_and_in_order(here: WebHouse) -> None:
    page = here.page()
    await page.opens()
    first = (await page.reads(count=1))[-1]["id"]
    (place,) = await here.rows(select(schema.chat.c.id))
    content = (await here.rows(select(schema.web_message.c.content)))[-1].content
    about = {"chat": place.id, "who": "bot", "content": content}

    def append(tx: Tx) -> None:
        tx.sql(schema.web_message.insert(), [{**about, "outbox_key": f"k{n}", "at": tx.now} for n in range(450)])

    await here.home.desk.run(append)
    numbers = [line["id"] for line in await page.reads(first, count=450)]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("after", ["-1", "x", "²", "9" * 40, "1; DROP TABLE chat", ""])
async def test_a_strange_number_to_read_after_is_the_beginning(here: WebHouse, after: str) -> None:
    page = here.page()
    await page.opens()
    assert await page.reads(after, count=1)


@pytest.mark.parametrize("upto", [None, "x", -1, 10**40, [], True])
async def test_a_strange_number_that_was_read_is_refused(here: WebHouse, upto: Any) -> None:
    page = here.page()
    await page.opens()
    assert (await page.posts({"upto": upto}, "/chat/read")).status_code == 400


async def test_two_tabs_show_the_same(here: WebHouse) -> None:
    page = here.page()
    await page.opens()
    both = asyncio.gather(page.reads(until="from one tab"), page.reads(until="from one tab"))
    await until(lambda: page.streams == 2)
    await page.posts({"text": "from one tab"})
    one, other = await both
    assert one == other


# What is not to be seen


async def test_a_secret_answer_is_masked_even_when_a_push_came_meanwhile(here: WebHouse) -> None:
    page = here.page()
    await page.opens()
    (chat,) = await here.rows(select(schema.chat))
    await here.home.desk.run(lambda tx: at_the_question(tx, chat.address))
    await page.posts({"data": "1:stale"})
    await page.reads(until="SNILS")
    await here.home.desk.run(lambda tx: tx.tell(ChatLinked(chat.person)))
    pushed = await page.reads(until="chat")
    assert pushed
    await page.posts({"text": "112-233-445 95"})
    assert [line["text"] for line in await page.reads(until="•••") if line["who"] == "parent"] == ["•••"]


def at_the_question(tx: Tx, address: str) -> None:
    """The chat waits for the number that is secret (R9.4)."""
    (seat,) = take_seats(tx, [("web", address, "en")], SaySnils()).values()
    tx.insert(schema.consent, person=seat.person, purpose="certificate", version="1", hash="x", given_at=tx.now)
    seat.talk = Talk(SaySnils(), turn=1)
    save(tx, [seat])


# Life of a page


async def test_open_pages_end_when_the_service_stops(here: WebHouse) -> None:
    page = here.page()
    await page.opens()
    await page.reads(count=1)
    reading = asyncio.create_task(page.reads())
    await until(lambda: page.streams == 2)
    assert not reading.done()
    await here.home.messenger.stop()
    assert await reading


class FullDisk(Desk):
    """A desk whose database takes nothing just now."""

    def __init__(self) -> None:
        """It needs no database for that."""

    async def run(self, work: Callable[[Tx], Any]) -> Any:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


async def test_what_the_database_cannot_take_now_is_sent_later_and_not_given_up() -> None:
    delivery = Delivery(1, "reply:web:1", "web", "somebody", Message("Hello!"))
    assert await WebChannel(FullDisk()).send([delivery]) == [Unreachable("OperationalError")]
