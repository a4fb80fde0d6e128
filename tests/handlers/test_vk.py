"""VK over real HTTP: by the long poll and by the Callback API, within VK's limits, in spite of what goes wrong on the way."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from vk_api.exceptions import VkApiError

from bot.config import Settings
from bot.dialogs.core import Document
from bot.dialogs.message import Key, Message
from bot.domain.money import Money
from bot.domain.pictures import CertificateCard, Picture, Statement
from bot.handlers.vk import VK
from bot.handlers.vk_channel import VkChannel
from bot.handlers.vk_client import VkClient
from bot.notifications.delivery import Delivery, Gone, Later, Outcome, Refused, Sent, Unreachable
from bot.storage import schema
from tests.handlers.house import House, served
from tests.patience import PATIENCE
from tests.servers import VKServer, bad_gateway, cut_after, cut_before, refusal, server_error, too_many

HOUR = 3600


class Clock:
    """VK's clock."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def vk() -> AsyncIterator[VKServer]:
    async with VKServer(token="vk1.T", group_id=1, strict_rates=True) as server:
        yield server


def house(vk: VKServer, folder: Path, **settings: Any) -> House:
    asked = Settings(vk_token="vk1.T", vk_group_id=1, vk_api_url=vk.url, vk_per_chat=30, **settings)
    return House(folder, lambda intake: VK(asked, intake))


numbers = itertools.count(1)


def to(chat: int, text: str = "Hello", edits: str = "", **about: Any) -> Delivery:
    return Delivery(1, "k", "vk", str(chat), Message(text, **about), edits, seed=next(numbers))


async def sent(channel: VkChannel, delivery: Delivery) -> Outcome:
    """All parts, as the sender sends them; the last outcome."""
    outcome: Outcome = Refused("nothing")
    for part in channel.parts(delivery):
        (outcome,) = await channel.send([part])
    return outcome


def channel_to(vk: VKServer) -> VkChannel:
    return VkChannel(VkClient("vk1.T", 1, vk.url))


async def polling(vk: VKServer) -> None:
    """Until the long poll is waiting."""
    assert await vk.until(lambda: vk.events.checks)


# Events come in


async def test_a_parent_starts_and_is_greeted(vk: VKServer, tmp_path: Path) -> None:
    async with house(vk, tmp_path) as home:
        await polling(vk)
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        assert await home.intake.position("link:vk") == "https://vk.me/club1"


async def test_a_tap_changes_the_screen_and_the_spinner_goes(vk: VKServer, tmp_path: Path) -> None:
    async with house(vk, tmp_path):
        await polling(vk)
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        parent.taps("Help")
        await parent.sees("Back")
        await vk.until(lambda: not vk.taps)
        assert not vk.taps, "the spinner would turn for ever"


async def test_a_forged_tap_is_told_so_in_a_snackbar(vk: VKServer, tmp_path: Path) -> None:
    async with house(vk, tmp_path):
        await polling(vk)
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        parent.taps_payload({"d": "999:everything"}, parent.last.id)
        await parent.sees_popup("That button is from an earlier screen")
        parent.taps_payload({"something": "else"}, parent.last.id)
        parent.taps_payload("nonsense", parent.last.id)
        await vk.until(lambda: not vk.taps)
        assert not vk.taps


async def test_what_is_not_text_gets_a_clear_answer(vk: VKServer, tmp_path: Path) -> None:
    async with house(vk, tmp_path):
        await polling(vk)
        parent = vk.user(7, language="en")
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
        parent.forwards("help")
        await parent.sees("Back")
        parent.edits(parent.messages[0], "certificate")
        await parent.sees("I have already read that message")


async def test_an_event_that_cannot_be_read_is_set_aside_and_blocks_nobody(vk: VKServer, tmp_path: Path) -> None:
    async with house(vk, tmp_path) as home:
        await polling(vk)
        vk.push("message_new", {"message": {"text": "from nowhere"}})
        vk.push("message_event", {"user_id": "?"})
        vk.push("something_new_in_vk", {})
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        assert await home.count(schema.set_aside) == 2


async def test_nothing_is_lost_and_nothing_doubled_when_the_database_fails(vk: VKServer, tmp_path: Path) -> None:
    async with house(vk, tmp_path) as home:
        await polling(vk)
        home.intake.fails = 1
        parent = vk.user(7, language="en")
        parent.starts()
        await home.intake.failed.wait()
        assert (await home.intake.position("vk:ts") or "").startswith("0 ")
        await parent.sees("Hello")
        assert (await home.intake.position("vk:ts") or "").startswith("1 ")
        assert len(parent.messages) == 2


async def test_polling_survives_everything_that_the_way_does(vk: VKServer, tmp_path: Path) -> None:
    vk.faults.add("groups.getLongPollServer", server_error(), refusal(29))
    vk.faults.add("a_check", bad_gateway(), cut_before())
    async with house(vk, tmp_path):
        await polling(vk)
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        vk.events.expire_key()
        parent.writes("help")
        await parent.sees("Back")


async def test_what_came_while_we_were_away_is_answered_once(vk: VKServer, tmp_path: Path) -> None:
    parent = vk.user(7, language="en")
    async with house(vk, tmp_path):
        await polling(vk)
        parent.starts()
        await parent.sees("Hello")
    parent.writes("help")
    async with house(vk, tmp_path) as home:
        await parent.sees("Back")
        parent.writes("menu")
        await parent.sees("The certificate pays")
        assert await home.count(schema.outbox) == 3


async def test_what_vk_forgot_while_we_were_away_is_found_in_the_conversations(vk: VKServer, tmp_path: Path) -> None:
    parent, other = vk.user(7, language="en"), vk.user(8, language="en")
    async with house(vk, tmp_path):
        await polling(vk)
        parent.starts()
        await parent.sees("Hello")
    parent.writes("help")
    parent.writes("menu")
    other.starts()
    vk.events.lose()
    async with house(vk, tmp_path) as home:
        await parent.sees("The certificate pays")
        await other.sees("Здравствуйте")
        assert await home.count(schema.seen_update) == 4, "start, help, menu and the other's start"


async def test_what_vk_forgot_is_found_though_an_answer_to_an_earlier_question_came_after_it(
    vk: VKServer, tmp_path: Path
) -> None:
    parent = vk.user(7, language="en")
    async with house(vk, tmp_path):
        await polling(vk)
        parent.starts()
        await parent.sees("Hello")
    parent.writes("help")
    vk.mail.keep(parent.chat, True, -vk.group_id, "Late", {"attachments": []}, [])
    vk.events.lose()
    async with house(vk, tmp_path):
        await parent.sees("Back")


async def test_what_vk_forgets_while_we_poll_is_found_too(vk: VKServer, tmp_path: Path) -> None:
    async with house(vk, tmp_path):
        await polling(vk)
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        enabled, vk.events.enabled = vk.events.enabled, set()
        parent.writes("help")  # no event comes
        vk.events.enabled = enabled
        vk.events.lose()
        await parent.sees("Back")


async def test_at_the_first_start_old_conversations_are_left_alone(vk: VKServer, tmp_path: Path) -> None:
    parent = vk.user(7)
    parent.writes("A question to the clerks of last week")
    async with house(vk, tmp_path) as home:
        await polling(vk)
        parent.writes("A question of today")
        await parent.sees("Здравствуйте")
        assert await home.count(schema.outbox) == 1


async def test_a_parent_who_forbids_messages_gets_none(vk: VKServer, tmp_path: Path) -> None:
    async with house(vk, tmp_path) as home:
        await polling(vk)
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        parent.denies()
        async with asyncio.timeout(PATIENCE):
            while not await home.count(schema.chat, schema.chat.c.dead_at.is_not(None)):
                await asyncio.sleep(0.02)
        parent.writes("menu")
        await parent.sees("The certificate pays")


async def test_in_a_conversation_of_many_the_bot_says_only_that_it_works_in_private(
    vk: VKServer, tmp_path: Path
) -> None:
    async with house(vk, tmp_path) as home:
        await polling(vk)
        group, parent = vk.group(), vk.user(7)
        parent.writes("Просто разговор", chat=group)
        parent.writes("[club1|@kruzhok], привет", chat=group)
        await parent.sees("Я отвечаю только в личной переписке. Напишите мне: vk.me/club1", chat=group)
        assert await home.count(schema.chat) == 0
        assert len([message for message in group.messages.values() if message.by_bot]) == 1


async def test_missing_settings_of_the_community_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with VKServer(enabled=frozenset({"message_new"})) as vk, house(vk, tmp_path):
        await polling(vk)
    said = capsys.readouterr().out
    assert "message_event" in said
    assert "message_new" not in said.split("missing=")[1].split("\n")[0]


async def test_stopping_takes_no_longer_than_a_moment(vk: VKServer, tmp_path: Path) -> None:
    async with house(vk, tmp_path):
        await polling(vk)
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 3


async def test_the_callback_api_is_confirmed_and_acknowledged_after_the_commit(vk: VKServer, tmp_path: Path) -> None:
    settings = {"vk_callback_url": "on", "vk_secret": "S3cret", "vk_confirmation": "c0nf"}
    async with served() as web, house(vk, tmp_path, **settings) as home:
        web.routes(home.messenger)
        await vk.call_back(f"{web.url}/vk/callback", "S3cret", "c0nf")
        home.intake.fails = 2
        parent = vk.user(7, language="en")
        parent.starts()
        await parent.sees("Hello")
        assert home.intake.fails == 0
        parent.taps("Help")
        await parent.sees("Back")
        assert await home.count(schema.outbox) == 2
        event = {**vk.events.history[0], "secret": "S3cret"}
        assert await web.post("/vk/callback", event) == (200, "ok")
        assert await web.post("/vk/callback", {**event, "secret": "Другой"}) == (403, "")
        assert await web.post("/vk/callback", {**event, "group_id": 2}) == (403, "")
        assert await web.post("/vk/callback", b"{not json") == (400, "")
        assert await web.post("/vk/callback", {"group_id": 1, "secret": "S3cret", "type": "message_new"}) == (200, "ok")
        assert await home.count(schema.outbox) == 2
        assert await home.count(schema.set_aside) == 1


# Messages go out


async def test_every_error_of_vk_becomes_its_outcome(vk: VKServer) -> None:
    vk.user(7, started=True)
    out = channel_to(vk)
    for fault, kind in {
        too_many(): Later(1.0, everywhere=True),
        server_error(): Unreachable("10 Internal server error"),
        bad_gateway(): Unreachable("HTTP 502"),
        cut_before(): Unreachable("ConnectionResetError"),
        cut_after(): Unreachable("ConnectionResetError"),
        refusal(29): Later(60.0, everywhere=True),
        refusal(9): Later(10.0),
        refusal(5, "User authorization failed"): Unreachable("5 User authorization failed"),
        refusal(914, "Message is too long"): Refused("914 Message is too long"),
    }.items():
        vk.faults.add("execute", fault)
        assert await sent(out, to(7)) == kind
    for chat, code in enumerate((18, 900, 901, 902), 100):
        vk.user(chat, started=True).becomes_unreachable(code)
        assert isinstance(await sent(out, to(chat)), Gone)


async def test_twenty_five_go_in_one_call_and_each_has_its_own_outcome(vk: VKServer) -> None:
    for chat in range(1, 26):
        vk.user(chat, started=True)
    vk.users[3].becomes_unreachable(901)
    outcomes = await channel_to(vk).send(
        [to(chat, f'To {chat} «"\\n» 🎨', rows=((Key("Go", "1:go"),),)) for chat in range(1, 26)]
    )
    assert [type(outcome) for outcome in outcomes] == [Sent, Sent, Gone, *[Sent] * 22]
    assert [call.method for call in vk.calls] == ["execute"]
    assert vk.users[25].last.text == 'To 25 «"\\n» 🎨'


async def test_one_bad_message_does_not_stop_the_others(vk: VKServer) -> None:
    for chat in (1, 2, 3):
        vk.user(chat, started=True)
    vk.faults.add("execute", refusal(12, "Unable to compile code"))
    vk.faults.add("execute", refusal(12, "Unable to compile code"), when=lambda params: "bad" in params["code"])
    outcomes = await channel_to(vk).send([to(1), to(2, "bad"), to(3)])
    assert [type(outcome) for outcome in outcomes] == [Sent, Refused, Sent]


async def test_within_a_day_a_screen_is_edited_and_later_a_new_message_says_it() -> None:
    clock = Clock()
    async with VKServer(clock=clock) as vk:
        parent = vk.user(7, started=True)
        out = channel_to(vk)
        first = await sent(out, to(7, "One", rows=((Key("Go", "1:go"),),)))
        assert isinstance(first, Sent)
        assert await sent(out, to(7, "Two", first.ref)) == first
        assert parent.screen == "Two"
        clock.now += 25 * HOUR
        assert await sent(out, to(7, "Three", first.ref)) != first
        assert [message.text for message in parent.messages] == ["Two", "Three"]
        assert await sent(out, to(7, "Four", "4242")) not in (first, None)
        assert parent.screen == "Four"


async def test_twelve_buttons_come_in_two_messages_and_all_can_be_tapped(vk: VKServer) -> None:
    parent = vk.user(7, started=True)
    keys = tuple((Key(f"Choice {number}", f"1:{number}"),) for number in range(10))
    await sent(channel_to(vk), to(7, "Which one?", rows=(*keys, (Key("Back", "1:<"), Key("Menu", ">menu")))))
    assert vk.refused == []
    assert [len(message.labels) for message in parent.messages] == [10, 2]
    assert parent.messages[0].text == "Which one?"


async def test_a_file_comes_after_its_words(vk: VKServer) -> None:
    parent = vk.user(7, started=True)
    await sent(
        channel_to(vk),
        to(
            7,
            "Your data",
            rows=((Key("Site", url="https://example.org"),),),
            document=Document("my-data.json", '{"имя": 1}'),
        ),
    )
    assert parent.files == [("my-data.json", '{"имя": 1}'.encode())]
    assert [message.text for message in parent.messages] == ["Your data", ""]


CARD = CertificateCard("Ким Анна", "5101711711", "Все дети", None, "https://kruzhok.example/office/card/abc")
YEAR = Statement("Ким Анна", "5101711711", "Мурманск", *[date(2026, 9, 1)] * 3, (), *[Money(100)] * 3)


async def test_a_picture_comes_after_its_words_and_is_uploaded_once(vk: VKServer) -> None:
    parent = vk.user(7, started=True)
    out = channel_to(vk)
    await sent(out, to(7, "Your card", picture=CARD))
    await sent(out, to(7, "Once more", picture=CARD))
    await sent(out, to(7, "Your statement", picture=YEAR))
    assert vk.refused == []
    assert [message.text for message in parent.messages] == [
        "Your card",
        "Сертификат дополнительного образования",
        "Once more",
        "Сертификат дополнительного образования",
        "Your statement",
        "Выписка по сертификату",
    ]
    kinds = [item["type"] for message in parent.messages for item in message.attached["attachments"]]
    assert kinds == ["photo", "photo", "doc"]
    assert [name for name, _content in parent.files] == ["statement.pdf"]
    assert len(vk.files) == 2


async def test_a_picture_that_cannot_be_drawn_keeps_nobody_elses_words_back(vk: VKServer) -> None:
    @dataclass(frozen=True)
    class Unknown(Picture):
        pass

    parent, other = vk.user(7, started=True), vk.user(8, started=True)
    out = channel_to(vk)
    outcomes = await out.send([*out.parts(to(7, "Your card", picture=Unknown())), to(8, "Your place is free")])
    assert [type(outcome) for outcome in outcomes] == [Sent, Refused, Sent]
    assert [each.messages[-1].text for each in (parent, other)] == ["Your card", "Your place is free"]


async def test_calls_of_every_kind_share_one_pace(vk: VKServer) -> None:
    out = VkClient("vk1.T", 1, vk.url)
    now = asyncio.get_running_loop().time()
    for _number in range(2):
        await out.call("groups.getById", {"group_id": 1})
        await out.execute([("groups.getById", {"group_id": 1})])
    assert out.pace.wait(now) > 3 / 20, (
        "four calls have left, and the next one's turn is a fifth of a second after the first"
    )


async def test_the_token_stands_in_no_error(vk: VKServer) -> None:
    client = VkClient("vk1.T", 1, vk.url)
    vk.faults.add("*", refusal(5, "User authorization failed"))
    with pytest.raises(VkApiError) as failure:
        await client.call("users.get", {})
    assert "vk1.T" not in f"{failure.value} {failure.value!r}"
