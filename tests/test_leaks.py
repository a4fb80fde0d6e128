"""R9.3: on an impersonal channel nothing about a child leaves, whatever is asked, pressed or happens.

A family has a certificate, a club with a month of charges, an event. Every state that a chat can rest in, every button of its screen, and
every notice there is, are written for Telegram. The same walk where all may be said finds each of the family's words, so the test cannot
pass by looking at nothing.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select

from bot.demo.time import move_to
from bot.demo.town import everyone, must
from bot.dialogs.codec import decode
from bot.dialogs.conversation import Pressed, Talk
from bot.dialogs.core import AnyState
from bot.dialogs.message import Message
from bot.domain.application import ApplicationSubmitted, Entered, SubmitApplication
from bot.domain.certificate import CertificateKind, ConvertCertificate
from bot.domain.certificate_staff import AcceptApplication, ConfirmVisit
from bot.domain.enrollment import AcceptRequest, ConcludeOffer, RequestEnrollment
from bot.domain.enrollment_facts import Requested
from bot.domain.enrollment_seen import Offered, WeighRequest
from bot.domain.event import AddEvent, EventAdded, SignUp
from bot.domain.messages import AboutChild, Fact, operator, person, provider
from bot.domain.money import Money
from bot.domain.privacy import ConsentWords, GiveConsent
from bot.handlers.turn import Update, take
from bot.i18n import render
from bot.notifications.notices import NOTICES
from bot.service import desk_of
from bot.storage import schema
from bot.storage.conversations import save, take_seats
from bot.storage.desk import Desk
from bot.storage.due import claim
from bot.storage.migrating import migrate
from bot.storage.tx import Tx
from tests.servers import TelegramServer
from tests.stored_states.samples import BORN, CHILD, GUARDIAN, PHONE, sample, states
from tests.year.parents import InMessenger
from tests.year.town import AUTUMN, CHESS, Staff, found, settings, town

T = TypeVar("T")
CHAT = ("telegram", "7")
WEB = "https://kruzhok.example/chat"
NEWS = "Есть новость для вашей семьи"


class Undone(Exception):
    """Carries the answer out of a transaction that must leave no trace."""


class Home:
    """A family's database, its words that must not leave, and two desks: one may say all in Telegram, one may not."""

    def __init__(self, database: str) -> None:
        self.runner = asyncio.Runner()
        self.open = desk_of(settings(database, telegram_discretion="full"))
        self.shy = desk_of(settings(database, telegram_discretion="impersonal"))
        self.runner.run(migrate(self.open.engine))
        self.runner.run(found(self.open))
        self.runner.run(settle(self.open))
        self.words = self.runner.run(self.open.look(secrets_of_the_family))

    def tries(self, desk: Desk, work: Callable[[Tx], T]) -> T:
        """What `work` would answer; nothing of it stays."""

        def undo(tx: Tx) -> None:
            raise Undone(work(tx))

        try:
            self.runner.run(desk.run(undo))
        except Undone as answer:
            found: T = answer.args[0]
            return found
        raise AssertionError("it was not undone")

    def close(self) -> None:
        for desk in (self.open, self.shy):
            self.runner.run(desk.engine.dispose())
        self.runner.close()


async def settle(desk: Desk) -> None:
    """A guardian on the web and in Telegram; a child with a certificate, a club and an event; one charge."""
    who = await desk.run(lambda tx: tx.insert(schema.person, municipality=1, language="ru", created_at=tx.now))
    for channel, place in (("web", "w"), CHAT):
        linked = {"channel": channel, "address": place, "person": who, "preferred": channel == "telegram"}
        await desk.run(lambda tx, row=linked: tx.insert(schema.chat, linked_at=tx.now, **row))  # type: ignore[misc]
    await desk.run(lambda tx: tx.upsert(schema.setting, [{"name": "link:web", "value": WEB}], "name"))
    me, staff = person(who, 1), operator(1)
    words = await desk.read(ConsentWords("certificate"), me)
    must(await desk.do(GiveConsent("certificate", words.version, words.language), me))
    group = await desk.look(lambda tx: everyone(tx, 1))
    entered = Entered(CHILD, BORN, 1, "ул. Полярная, д. 5", GUARDIAN, PHONE, "", group)
    applied = must(await desk.do(SubmitApplication(entered), me))
    assert isinstance(applied, ApplicationSubmitted)
    must(await desk.do(AcceptApplication(applied.certificate), staff))
    must(await desk.do(ConfirmVisit(applied.certificate, category_proved=True), staff))
    must(await desk.do(ConvertCertificate(applied.certificate, CertificateKind.FUNDED), staff))
    weighed = await desk.read(WeighRequest(applied.child, 1, AUTUMN[0]), me)
    assert isinstance(weighed, Offered), weighed
    requested = must(await desk.do(RequestEnrollment(applied.child, 1, AUTUMN[0], weighed.quote), me))
    assert isinstance(requested, Requested)
    must(await desk.do(AcceptRequest(requested.enrollment), provider(1)))
    must(await desk.do(ConcludeOffer(requested.enrollment), me))
    event = must(await desk.do(AddEvent(1, "День открытых дверей", datetime(2026, 9, 12, 12), 7, 12), staff))
    assert isinstance(event, EventAdded)
    must(await desk.do(SignUp(event.event, applied.child), me))
    await move_to(desk, AUTUMN[0])


def secrets_of_the_family(tx: Tx) -> frozenset[str]:
    """Names, phone, number, birth date in both forms, and every sum that has moved or is left."""
    number = tx.value(select(schema.certificate.c.number))
    sums = {row.kopecks for row in tx.rows(select(schema.transfer.c.kopecks))}
    sums |= {row.balance for row in tx.rows(select(schema.account.c.balance)) if row.balance > 0}
    return frozenset(
        {
            CHILD.surname,
            CHILD.first_name,
            GUARDIAN.first_name,
            "916 123",
            str(number),
            "14.03.2017",
            render(BORN, "ru"),
            *(render(Money(kopecks), "ru") for kopecks in sums),
        }
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(f"sqlite:///{tmp_path_factory.mktemp('leaks') / 'home.db'}")
    yield home
    home.close()


def told(home: Home, desk: Desk, state: AnyState) -> list[str]:
    """All that is said in a chat that rests in this state: its screen, and what each of its buttons leads to."""

    def walk(tx: Tx) -> list[str]:
        (seat,) = take_seats(tx, [(*CHAT, "ru")], state).values()
        seat.talk = Talk(state, (state,), turn=1)
        save(tx, [seat])
        said = [said_to(tx, Pressed("1:stale"))]
        (rests,) = take_seats(tx, [(*CHAT, "ru")], state).values()
        for choice, _label in rests.talk.offered:
            point = tx.connection.begin_nested()
            said.append(said_to(tx, Pressed(choice if choice.startswith(">") else f"{rests.talk.turn}:{choice}")))
            point.rollback()
        return said

    return home.tries(desk, walk)


def said_to(tx: Tx, heard: Pressed) -> str:
    """One turn's reply and popup, in the words that would be sent; a bug of a dialog fails the test."""
    key = f"telegram:{tx.token(8)}"
    (answered,) = take(tx, [Update(key, *CHAT, heard, "ru")])
    aside = tx.rows(select(schema.set_aside.c.why))
    assert not aside, f"{heard} was set aside: {aside}"
    row = tx.sql(select(schema.outbox.c.content).where(schema.outbox.c.key == f"reply:{key}")).one()
    return f"{answered.popup}\n{spoken(decode(Message, tx.keys.decrypt(row.content), tx.keys))}"


def spoken(message: Message) -> str:
    """Everything of a message that reaches the messenger's servers."""
    file = f"{message.document.name}\n{message.document.content}" if message.document else ""
    return "\n".join(
        [message.text, *(f"{key.label} {key.data} {key.url}" for row in message.rows for key in row), file]
    )


def leaks(home: Home, texts: list[str]) -> set[str]:
    return {word for word in home.words for text in texts if word in text}


@pytest.mark.parametrize("name", states())
def test_no_state_says_anything_about_a_child_on_an_impersonal_channel(home: Home, name: str) -> None:
    assert not leaks(home, told(home, home.shy, sample(states()[name])))


def test_the_same_walk_finds_every_word_of_the_family_where_all_may_be_said(home: Home) -> None:
    said = [text for kind in states().values() for text in told(home, home.open, sample(kind))]
    assert leaks(home, said) == home.words


def notice(home: Home, desk: Desk, fact: Fact) -> str:
    """What is sent about a fact."""

    def send(tx: Tx) -> str:
        tx.sql(schema.outbox.delete())
        tx.tell(fact)
        tx.write()
        tx.sql(schema.outbox.update().values(not_before=tx.now))
        (delivery,) = claim(tx, "telegram", 10)
        return spoken(delivery.message)

    return home.tries(desk, send)


@pytest.mark.parametrize("kind", NOTICES, ids=lambda kind: kind.__name__)
def test_a_notice_about_a_child_says_only_that_there_is_news_and_where(home: Home, kind: type[Fact]) -> None:
    said = notice(home, home.shy, sample(kind))
    assert not leaks(home, [said])
    if issubclass(kind, AboutChild):
        assert NEWS in said
        assert WEB in said
        assert ">" not in said, "no door of ours: what it opens may not be shown there"


def test_the_same_notices_name_the_child_where_all_may_be_said(home: Home) -> None:
    about_children = [kind for kind in NOTICES if issubclass(kind, AboutChild)]
    assert about_children
    for kind in about_children:
        assert leaks(home, [notice(home, home.open, sample(kind))]), f"{kind.__name__} does not say which child"


async def test_a_part_of_the_year_through_telegram_tells_it_nothing(tmp_path: Path) -> None:
    async with TelegramServer("1:T") as server:
        about = settings(
            f"sqlite:///{tmp_path / 'year.db'}",
            telegram_token="1:T",
            telegram_api_url=server.url,
            telegram_per_chat=30,
            telegram_discretion="impersonal",
            public_url=WEB.removesuffix("/chat"),
        )
        async with town(about) as service:
            staff, parent = Staff(service.desk), InMessenger(server.user(7, started=True))
            await settle(service.desk)
            await parent.sees(NEWS, "Открыть на сайте")
            await parent.starts()
            await parent.sees("Найти кружок")
            for place in ("Сертификат", "Деньги", "Мои кружки", "Дети"):
                await parent.types("меню")
                await parent.sees("Найти кружок")
                await parent.taps(place)
                await parent.sees("их защищает закон", "Открыть на сайте")
                await parent.types(f"{CHILD.surname} {CHILD.first_name}")
                await parent.sees("не пишите здесь о ребёнке")
            await parent.types("меню")
            await parent.sees("Найти кружок")
            await parent.taps("Найти кружок")
            await parent.sees("Ленинский")
            await parent.taps("Ленинский")
            await parent.types("9")
            await parent.sees(CHESS, "Нашл")
            await parent.taps(f"1. {CHESS}")
            await parent.sees("Записаться")
            await parent.taps("Записаться")
            await parent.sees("их защищает закон")
            await parent.looks_away()
            await staff.lets_time_pass_until(date(2026, 10, 1))
            await parent.sees(NEWS)
            await staff.finds_everything_in_order()
            words = await service.desk.look(secrets_of_the_family)
        sent = [json.dumps(call.params, ensure_ascii=False, default=str) for call in server.calls]
        assert [call.method for call in server.calls].count("sendMessage") > 10
        assert not {word for word in words for text in sent if word in text}
        assert [refused for refused in server.refused if "not modified" not in refused.text] == []
