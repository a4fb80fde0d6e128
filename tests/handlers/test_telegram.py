"""Telegram over real HTTP: a parent's messages come in once and whole, answers go out in spite of what goes wrong on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.dialogs.core import Document
from bot.dialogs.message import Key, Message
from bot.domain.money import Money
from bot.domain.pictures import CertificateCard, Statement
from bot.handlers.telegram import Telegram
from bot.handlers.telegram_channel import TelegramChannel
from bot.handlers.telegram_client import TelegramClient
from bot.handlers.telegram_intake import POLL
from bot.notifications.delivery import Delivery, Gone, Later, Outcome, Refused, Sent, Unreachable
from bot.storage import schema
from tests.handlers.house import House, served
from tests.servers import (
    TelegramServer,
    bad_gateway,
    cut_after,
    cut_before,
    refusal,
    server_error,
    slow_answer,
    too_many,
)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(token="1:T") as server:
        yield server


def house(telegram: TelegramServer, folder: Path, **settings: Any) -> House:
    asked = Settings(
        telegram_token="1:T",
        telegram_api_url=telegram.url,
        telegram_discretion="full",
        telegram_per_chat=30,
        **settings,
    )
    return House(folder, lambda intake: Telegram(asked, intake))


@asynccontextmanager
async def channel(telegram: TelegramServer) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(TelegramClient("1:T", telegram.url))
    yield channel
    await channel.close()


def to(chat: int, text: str = "Hello", edits: str = "", **about: Any) -> Delivery:
    return Delivery(1, "k", "telegram", str(chat), Message(text, **about), edits)


async def sent(channel: TelegramChannel, delivery: Delivery) -> Outcome:
    """All parts, as the sender sends them; the last outcome."""
    outcome: Outcome = Refused("nothing")
    for part in channel.parts(delivery):
        (outcome,) = await channel.send([part])
    return outcome


@asynccontextmanager
async def tunnel() -> AsyncIterator[tuple[str, list[str]]]:
    """An HTTP proxy that tunnels (CONNECT); its address, and the hosts it was asked for."""
    hosts: list[str] = []

    async def pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            target.write(data)
        target.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        hosts.append(request.split()[1].decode())
        host, _colon, port = hosts[-1].partition(":")
        there, back = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(pour(reader, back), pour(there, writer), return_exceptions=True)

    async with await asyncio.start_server(connect, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", hosts


# Updates come in


async def test_a_parent_starts_and_is_greeted(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path):
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        commands = telegram.settings["commands:ru"]["commands"]
        assert {"command": "menu", "description": "Главное меню"} in commands
    assert telegram.updates.confirmed or telegram.updates.pending


async def test_a_tap_changes_the_screen_and_the_spinner_goes(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path):
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        parent.taps("Help")
        await parent.sees("Back")
        await telegram.until(lambda: not telegram.queries)
        assert not telegram.queries, "the spinner would turn for ever"


async def test_a_forged_tap_is_told_so_in_a_popup(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path):
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        parent.taps_data(parent.last, "999:everything")
        await parent.sees_popup("That button is from an earlier screen")


async def test_what_is_not_text_gets_a_clear_answer(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path):
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        for odd in (
            parent.sends_sticker,
            parent.sends_voice,
            parent.sends_photo,
            parent.sends_location,
            parent.sends_document,
        ):
            odd()
            await parent.sees("I understand only text and buttons here.")
        message = parent.writes("menu")
        await parent.sees("The certificate pays")
        parent.edits(message, "certificate")
        await parent.sees("I have already read that message")
        parent.shares_contact("+79990000001", own=False)
        await parent.sees("I understand only text and buttons here.")


async def test_an_update_that_cannot_be_read_is_set_aside_and_blocks_nobody(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with house(telegram, tmp_path) as home:
        telegram.push({"message": {"chat": "nonsense"}})
        telegram.push({"message": None, "callback_query": {"id": "1", "message": 5}})
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        assert await home.count(schema.set_aside) == 2


async def test_an_update_that_comes_twice_is_answered_once(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path) as home:
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        first = {"update_id": 100_000_001, "message": telegram.mail.view(parent.messages[0])}
        telegram.push(first)
        parent.writes("help")
        await telegram.until(lambda: telegram.updates.confirmed >= 100_000_003)
        assert await home.count(schema.seen_update) == 2
        assert await home.count(schema.outbox) == 2


async def test_nothing_is_confirmed_before_the_commit(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path) as home:
        home.intake.fails = 1
        parent = telegram.user(7, language="en")
        parent.starts()
        await home.intake.failed.wait()
        assert telegram.updates.confirmed == 0
        await parent.sees("Hello")
        await telegram.until(lambda: telegram.updates.confirmed == 100_000_002)
        assert telegram.updates.confirmed == 100_000_002
        assert await home.count(schema.outbox) == 1


async def test_polling_survives_everything_that_the_way_does(telegram: TelegramServer, tmp_path: Path) -> None:
    telegram.faults.add("getMe", bad_gateway())
    telegram.faults.add("getUpdates", bad_gateway(), cut_before(), refusal(409, "Conflict"))
    telegram.faults.add("getUpdates", cut_after(), too_many(1), when=lambda params: telegram.accepted > 8)
    async with house(telegram, tmp_path):
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")


async def test_what_came_while_we_were_away_is_answered_after_a_restart(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    parent = telegram.user(7, language="en")
    async with house(telegram, tmp_path):
        parent.starts()
        await parent.sees("Hello")
    parent.writes("help")
    async with house(telegram, tmp_path) as home:
        await telegram.until(lambda: len(parent.messages) >= 4)
        assert await home.count(schema.outbox) == 2, "the first message, brought again, is not answered again"


async def test_a_blocked_bot_does_not_write_and_takes_the_parent_back(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path) as home:
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        parent.blocks()
        await telegram.until(lambda: telegram.updates.confirmed == 100_000_003)
        assert await home.count(schema.chat, schema.chat.c.dead_at.is_not(None)) == 1
        parent.unblocks()
        parent.starts()
        await parent.sees("The certificate pays")
        assert await home.count(schema.chat, schema.chat.c.dead_at.is_not(None)) == 0


async def test_in_a_group_the_bot_says_only_that_it_works_in_private(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path) as home:
        group = telegram.group()
        parent = telegram.user(7, language="ru")
        parent.writes("Просто разговор", chat=group)
        parent.writes("/start@kruzhok_bot", chat=group)
        await parent.sees("Я отвечаю только в личной переписке. Напишите мне: t.me/kruzhok_bot", chat=group)
        parent.writes("@kruzhok_bot, привет", chat=group)
        await parent.sees("Я отвечаю только в личной переписке", chat=group)
        assert len([message for message in group.messages.values() if message.by_bot]) == 2
        assert await home.count(schema.chat) == 0


async def test_a_stop_does_not_wait_for_the_long_poll(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path):
        parent = telegram.user(7)
        parent.starts()
        await parent.sees("!")
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < POLL


async def test_what_was_taken_before_a_stop_does_not_come_again(telegram: TelegramServer, tmp_path: Path) -> None:
    async with house(telegram, tmp_path) as home:
        telegram.user(7).starts()
        while not await home.count(schema.seen_update):
            await asyncio.sleep(0.01)
    assert not telegram.updates.pending


async def test_the_webhook_takes_updates_with_the_secret_only_and_confirms_after_the_commit(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with served() as web:
        address = f"{web.url}/telegram/webhook"
        async with house(telegram, tmp_path, telegram_webhook_url=address, telegram_webhook_secret="S3cret") as home:
            web.routes(home.messenger)
            await telegram.until(lambda: telegram.updates.webhook)
            assert telegram.updates.allowed == {"message", "edited_message", "callback_query", "my_chat_member"}
            home.intake.fails = 2
            parent = telegram.user(7, language="en")
            parent.starts()
            await parent.sees("Hello")
            assert home.intake.fails == 0
            assert await home.count(schema.outbox) == 1
            update = {"update_id": 5, "message": telegram.mail.view(parent.messages[0])}
            secret = {"X-Telegram-Bot-Api-Secret-Token": "S3cret"}
            assert await web.post("/telegram/webhook", update) == (403, "")
            assert await web.post("/telegram/webhook", update, {"X-Telegram-Bot-Api-Secret-Token": "Другой"}) == (
                403,
                "",
            )
            assert await web.post("/telegram/webhook", b"{not json", secret) == (200, "")
            assert await web.post("/telegram/webhook", b"[]", secret) == (200, "")
            assert await home.count(schema.set_aside) == 2, (
                "it would come again for ever otherwise, and hold up everybody"
            )
            assert await web.post("/telegram/webhook", update, secret) == (200, "")
            assert await home.count(schema.outbox) == 2


async def test_a_webhook_without_a_secret_is_refused(telegram: TelegramServer, tmp_path: Path) -> None:
    home = house(telegram, tmp_path, telegram_webhook_url=f"{telegram.url}/x")
    with pytest.raises(ValueError, match="needs a secret"):
        home.messenger.routes()
    await home.messenger.channel.close()


# Messages go out


async def test_every_error_of_telegram_becomes_its_outcome(telegram: TelegramServer) -> None:
    telegram.user(7, started=True)
    async with channel(telegram) as out:
        for fault, outcome in {
            too_many(17): Later(17.0, everywhere=None),
            refusal(403, "Forbidden: bot was blocked by the user"): Gone("Forbidden: bot was blocked by the user"),
            refusal(400, "Bad Request: chat not found"): Gone("Bad Request: chat not found"),
            refusal(400, "Bad Request: BUTTON_DATA_INVALID"): Refused("Bad Request: BUTTON_DATA_INVALID"),
            refusal(401, "Unauthorized"): Unreachable("the token is refused"),
            server_error(): Unreachable("TelegramServerError"),
            bad_gateway(): Unreachable("ClientDecodeError"),
            cut_before(): Unreachable("TelegramNetworkError"),
            cut_after(): Unreachable("TelegramNetworkError"),
        }.items():
            telegram.faults.add("sendMessage", fault)
            assert await sent(out, to(7)) == outcome
        assert isinstance(await sent(out, to(8)), Gone), "nobody with this number has ever written to us"


async def test_a_silent_telegram_is_given_up_in_time(telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> None:
    telegram.user(7, started=True)
    telegram.faults.add("getMe", slow_answer(5))
    client = TelegramClient("1:T", telegram.url)
    with pytest.raises(Exception, match="TimeoutError") as failure:
        await client.call("getMe", {}, seconds=0.2)
    await client.close()
    assert "1:T" not in str(failure.value)
    assert failure.value.__cause__ is None


async def test_calls_and_uploads_go_through_the_proxy(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    async with tunnel() as (address, hosts):
        out = TelegramChannel(TelegramClient("1:T", telegram.url, address))
        assert isinstance(await sent(out, to(7, "Your data", document=Document("my-data.json", "{}"))), Sent)
        await out.close()
        assert len(parent.files) == 1
        assert hosts
        assert all(f"http://{host}" == telegram.url for host in hosts)


async def test_an_edit_that_changes_nothing_is_a_success_and_an_impossible_one_a_new_message(
    telegram: TelegramServer,
) -> None:
    parent = telegram.user(7, started=True)
    async with channel(telegram) as out:
        first = await sent(out, to(7, "One", rows=((Key("Go", "1:go"),),)))
        assert isinstance(first, Sent)
        assert await sent(out, to(7, "Two", first.ref)) == first
        assert await sent(out, to(7, "Two", first.ref)) == first
        assert parent.screen == "Two"
        assert await sent(out, to(7, "Three", "4242")) != first
        assert [message.text for message in parent.messages] == ["Two", "Three"]


async def test_a_text_over_the_limit_goes_in_parts_with_the_buttons_last(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    text = "\n\n".join(f"Paragraph {n}. " + "Кружок 🎨 робототехники. " * 30 for n in range(12))
    async with channel(telegram) as out:
        await sent(out, to(7, text, rows=((Key("Back", "1:<"),),)))
    said = [message.text for message in parent.messages]
    assert len(said) > 1
    assert "".join("".join(said).split()) == "".join(text.split())
    assert [message.labels for message in parent.messages] == [[]] * (len(said) - 1) + [["Back"]]
    assert not telegram.refused


async def test_a_file_comes_after_its_words(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    async with channel(telegram) as out:
        await sent(
            out, to(7, "Your data", rows=((Key("Back", "1:<"),),), document=Document("my-data.json", '{"имя": 1}'))
        )
    assert parent.files == [("my-data.json", '{"имя": 1}'.encode())]
    assert parent.messages[0].text == "Your data"
    assert parent.messages[0].labels == ["Back"]


CARD = CertificateCard("Ким Анна", "5101711711", "Все дети", None, "https://kruzhok.example/office/card/abc")
YEAR = Statement("Ким Анна", "5101711711", "Мурманск", *[date(2026, 9, 1)] * 3, (), *[Money(100)] * 3)


async def test_a_picture_comes_after_its_words_and_is_uploaded_once(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    async with channel(telegram) as out:
        assert isinstance(await sent(out, to(7, "Your card", picture=CARD)), Sent)
        assert isinstance(await sent(out, to(7, "Once more", picture=CARD)), Sent)
        assert len(telegram.files) == 1
        telegram.files.clear()  # Telegram has forgotten it
        assert isinstance(await sent(out, to(7, "And again", picture=CARD)), Sent)
    words, photo, *others = parent.messages
    assert (words.text, photo.text) == ("Your card", "Сертификат дополнительного образования")
    assert "photo" in photo.attached and len(others) == 4 and "photo" in others[3].attached
    assert next(iter(telegram.files.values()))[1].startswith(b"\x89PNG")


async def test_a_statement_is_a_file_to_keep(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    async with channel(telegram) as out:
        await sent(out, to(7, "Your statement", picture=YEAR, language="en"))
    ((name, content),) = parent.files
    assert name == "statement.pdf" and content.startswith(b"%PDF")
    assert parent.messages[1].text == "A statement of the certificate"


async def test_a_question_for_a_phone_has_a_contact_button_that_goes_away_again(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    async with channel(telegram) as out:
        await sent(
            out, to(7, "Your phone?", rows=((Key("Back", "1:<"), Key("Menu", ">menu")),), wants="phone", language="en")
        )
        assert parent.keyboard == ["Send my phone number", "Back", "Menu"]
        await sent(out, to(7, "Thank you", rows=((Key("Back", "2:<"),),)))
    assert parent.keyboard == []
    assert [message.text for message in parent.messages] == ["Your phone?", "Thank you"]
