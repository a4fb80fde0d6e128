"""Bad input over the messengers' own protocols: each gets a clear answer or is set aside, and the next words are understood as ever."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.config import Settings
from bot.handlers.telegram import Telegram
from bot.handlers.vk import VK
from bot.storage import schema
from tests.handlers.house import House
from tests.handlers.test_vk import polling
from tests.mischief import TEXTS
from tests.patience import PATIENCE
from tests.servers import TelegramServer, VKServer

NOT_TEXT = "I understand only text and buttons here."
FORGED: tuple[str, ...] = (
    "",
    ":",
    "0:1",
    "1:",
    "-1:x",
    "999:x",
    ">",
    ">nowhere",
    ">child:999999",
    ">child:-1",
    ">program:٣",
    ">enrollment:" + "9" * 40,
)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(token="1:T") as server:
        yield server


@pytest.fixture
async def vk() -> AsyncIterator[VKServer]:
    async with VKServer(token="vk1.T", group_id=1) as server:
        yield server


def in_telegram(telegram: TelegramServer, folder: Path) -> House:
    asked = Settings(
        telegram_token="1:T", telegram_api_url=telegram.url, telegram_discretion="full", telegram_per_chat=30
    )
    return House(folder, lambda intake: Telegram(asked, intake))


def in_vk(vk: VKServer, folder: Path) -> House:
    asked = Settings(vk_token="vk1.T", vk_group_id=1, vk_api_url=vk.url, vk_per_chat=30)
    return House(folder, lambda intake: VK(asked, intake))


async def nothing_broke(home: House, *aside: str) -> None:
    """No bug was set aside; what is named here was, because it could not be read."""
    rows = await home.desk.run(lambda tx: list(tx.rows(select(schema.set_aside.c.key, schema.set_aside.c.why))))
    assert sorted(row.key for row in rows) == sorted(aside), rows
    assert not await home.count(schema.outbox, schema.outbox.c.state == "failed")


async def answered(home: House, replies: int) -> None:
    """So many replies have been sent in all."""

    async def sent() -> int:
        return await home.count(schema.outbox, schema.outbox.c.kind == "reply", schema.outbox.c.state == "sent")

    async with asyncio.timeout(PATIENCE):
        while await sent() < replies:
            await asyncio.sleep(0.05)
    assert await sent() == replies


# Telegram


async def test_every_kind_of_text_is_answered_in_telegram(telegram: TelegramServer, tmp_path: Path) -> None:
    async with in_telegram(telegram, tmp_path) as home:
        people = {at: telegram.user(100 + at, language="en") for at, text in enumerate(TEXTS) if text}
        for parent in people.values():
            parent.starts()
        await answered(home, len(people))
        for at, parent in people.items():
            parent.writes(TEXTS[at])
        await answered(home, 2 * len(people))
        for parent in people.values():
            assert "Something went wrong" not in parent.screen
        await nothing_broke(home)


async def test_what_is_not_text_is_answered_in_telegram_and_the_conversation_goes_on(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with in_telegram(telegram, tmp_path) as home:
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        sends: tuple[Callable[[], Any], ...] = (
            parent.sends_sticker,
            parent.sends_voice,
            parent.sends_photo,
            parent.sends_document,
            parent.sends_location,
            lambda: parent.shares_contact("+79161234567", own=False),
            lambda: parent.shares_contact("+79161234567"),
        )
        for send in sends:
            send()
            await parent.sees(NOT_TEXT, "Find a club")
        message = parent.forwards("help")
        await parent.sees("Back")
        parent.edits(message, "menu")
        await parent.sees("changing it changes nothing")
        parent.writes("back")
        await parent.sees("Find a club")
        await nothing_broke(home)


async def test_old_and_double_and_forged_taps_show_where_we_are_in_telegram(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with in_telegram(telegram, tmp_path) as home:
        parent = telegram.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        data = parent.last.rows[0][0]["callback_data"]
        parent.taps_data(parent.last, data)
        parent.taps_data(parent.last, data)
        await parent.sees_popup("That button is from an earlier screen") if not data.startswith(">") else None
        for forged in FORGED:
            parent.taps_data(parent.last, forged)
        await telegram.until(lambda: not telegram.queries)
        assert not telegram.queries, "no spinner turns for ever"
        parent.writes("help")
        await parent.sees("Back")
        await nothing_broke(home)


async def test_an_update_that_cannot_be_read_is_set_aside_and_stops_nobody_in_telegram(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with in_telegram(telegram, tmp_path) as home:
        parent, other = telegram.user(7, language="en"), telegram.user(8, language="en")
        parent.starts()
        await parent.sees("Hello")
        private = {"id": 7, "type": "private"}
        broken: tuple[dict[str, Any], ...] = (
            {"message": {"chat": "nowhere", "text": "x"}},
            {"message": {"message_id": 1, "chat": {"id": "many", "type": "private"}, "text": "x"}},
            {"message": {"chat": private, "contact": {"user_id": 7}}},
            {"callback_query": {"id": "q"}},
            {"callback_query": {"message": {"chat": private}, "data": "1:1"}},
            {"my_chat_member": {"chat": private}},
            {"message": []},
        )
        numbers = [telegram.push(update) for update in broken]
        other.starts()
        await other.sees("Hello")
        parent.writes("help")
        await parent.sees("Back")
        rows = await home.desk.run(lambda tx: list(tx.rows(select(schema.set_aside))))
        assert all(row.why.split(":")[0].isidentifier() for row in rows), "no words of hers in the reason (R9.4)"
        assert len(rows) >= 4
        assert numbers


async def test_a_group_chat_hears_only_that_the_bot_works_in_private_in_telegram(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with in_telegram(telegram, tmp_path) as home:
        parent = telegram.user(7, language="en")
        group = telegram.group()
        for text in ("hello all", "/start", "14.03.2017", ">child:1"):
            parent.writes(text, group)
        await parent.sees("only in a private chat", chat=group)
        assert not await home.count(schema.conversation), "a group has no conversation"
        await nothing_broke(home)


async def test_a_blocked_bot_disturbs_nobody_else_in_telegram(telegram: TelegramServer, tmp_path: Path) -> None:
    async with in_telegram(telegram, tmp_path) as home:
        gone, other = telegram.user(7, language="en"), telegram.user(8, language="en")
        gone.starts()
        await gone.sees("Hello")
        gone.blocks()
        other.starts()
        await other.sees("Hello")
        assert await home.count(schema.chat, schema.chat.c.dead_at.is_not(None)) == 1
        gone.unblocks()
        gone.writes("menu")
        await gone.sees("Find a club")
        await nothing_broke(home)


# VK


async def test_every_kind_of_text_is_answered_in_vk(vk: VKServer, tmp_path: Path) -> None:
    async with in_vk(vk, tmp_path) as home:
        await polling(vk)
        people = {at: vk.user(100 + at, language="en") for at, text in enumerate(TEXTS) if text}
        for parent in people.values():
            parent.starts()
        await answered(home, len(people))
        for at, parent in people.items():
            parent.writes(TEXTS[at])
        await answered(home, 2 * len(people))
        for parent in people.values():
            assert "Something went wrong" not in parent.screen
        await nothing_broke(home)


async def test_what_is_not_text_is_answered_in_vk_and_the_conversation_goes_on(vk: VKServer, tmp_path: Path) -> None:
    async with in_vk(vk, tmp_path) as home:
        await polling(vk)
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        for send in (
            parent.sends_sticker,
            parent.sends_voice,
            parent.sends_photo,
            parent.sends_document,
            parent.sends_location,
        ):
            send()
            await parent.sees(NOT_TEXT)
        message = parent.forwards("help")
        await parent.sees("Back")
        parent.edits(message, "menu")
        await parent.sees("changing it changes nothing")
        await nothing_broke(home)


@pytest.mark.parametrize(
    "payload",
    [
        *({"d": data} for data in FORGED),
        {},
        {"d": 5},
        {"d": None},
        {"d": {"d": "1:1"}},
        [],
        "text",
        "\x00",
        None,
        7,
        {"d": "x" * 10_000},
    ],
    ids=lambda payload: repr(payload)[:30],
)
async def test_a_forged_tap_stops_nobody_in_vk(vk: VKServer, tmp_path: Path, payload: object) -> None:
    async with in_vk(vk, tmp_path) as home:
        await polling(vk)
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        parent.taps_payload(payload, parent.last.id)
        parent.sends({"payload": payload if isinstance(payload, str) else "{"}, None, "what now?")
        parent.writes("help")
        await parent.sees("Back")
        assert await vk.until(lambda: not vk.taps), "no spinner turns for ever"
        await nothing_broke(home)


async def test_an_event_that_cannot_be_read_is_set_aside_and_stops_nobody_in_vk(vk: VKServer, tmp_path: Path) -> None:
    async with in_vk(vk, tmp_path) as home:
        await polling(vk)
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        for kind, about in (
            ("message_new", {}),
            ("message_new", {"message": {"peer_id": "x"}}),
            ("message_new", []),
            ("message_event", {"user_id": 7}),
            ("message_deny", {"user_id": "nobody"}),
            ("photo_comment_new", {"anything": 1}),
        ):
            vk.push(kind, about)  # type: ignore[arg-type]
        parent.writes("help")
        await parent.sees("Back")
        rows = await home.desk.run(lambda tx: list(tx.rows(select(schema.set_aside))))
        assert len(rows) == 5


async def test_a_blocked_community_disturbs_nobody_else_in_vk(vk: VKServer, tmp_path: Path) -> None:
    async with in_vk(vk, tmp_path) as home:
        await polling(vk)
        gone, other = vk.user(7, language="en"), vk.user(8, language="en")
        gone.starts()
        await gone.sees("Hello")
        gone.denies()
        other.starts()
        await other.sees("Hello")
        assert await home.count(schema.chat, schema.chat.c.dead_at.is_not(None)) == 1
        gone.writes("menu")
        await gone.sees("Find a club")
