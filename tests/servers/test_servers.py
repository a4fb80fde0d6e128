"""The messengers' servers refuse what the real ones refuse; otherwise our channel tests would prove nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from . import (
    TelegramServer,
    VKServer,
    bad_gateway,
    cut_after,
    cut_before,
    delay,
    refusal,
    server_error,
    slow_answer,
    too_many,
)

pytestmark = pytest.mark.asyncio


class Bot:
    """A bare bot: calls a server's methods and gives back the answer as it came."""

    def __init__(self, web: aiohttp.ClientSession) -> None:
        self.web = web

    async def telegram(self, server: TelegramServer, method: str, **params: Any) -> Any:
        async with self.web.post(f"{server.url}/bot{server.token}/{method}", json=params) as answer:
            return await answer.json()

    async def vk(self, server: VKServer, method: str, **params: Any) -> Any:
        form = {"v": "5.199", "access_token": server.token, **params}
        async with self.web.post(f"{server.url}/method/{method}", data=form) as answer:
            return await answer.json()

    async def refused(self, server: TelegramServer, method: str, **params: Any) -> str:
        answer = await self.telegram(server, method, **params)
        assert not answer["ok"], answer
        return f"{answer['error_code']} {answer['description']}"

    async def error(self, server: VKServer, method: str, **params: Any) -> int:
        return int((await self.vk(server, method, **params))["error"]["error_code"])


@pytest_asyncio.fixture
async def bot() -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as session:
        yield Bot(session)


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest_asyncio.fixture
async def vk() -> AsyncIterator[VKServer]:
    async with VKServer() as server:
        yield server


def inline(*labels: str, **more: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, **(more or {"callback_data": f"1:{label}"})}] for label in labels]}


def board(*labels: str, kind: str = "callback", inline: bool = True, payload: object = '{"t":"1:a"}') -> str:
    rows = [[{"action": {"type": kind, "label": label, "payload": payload}}] for label in labels]
    return json.dumps({"inline": inline, "buttons": rows})


# Telegram: messages


async def test_a_wrong_token_and_an_unknown_method_are_refused(telegram: TelegramServer, bot: Bot) -> None:
    async with bot.web.get(f"{telegram.url}/bot1:other/getMe") as answer:
        assert answer.status == 401
    async with bot.web.get(f"{telegram.url}/bot1:T/getYou") as answer:
        assert answer.status == 404
    assert (await bot.telegram(telegram, "getMe"))["result"]["is_bot"]


async def test_nobody_is_written_to_before_she_has_started_the_bot(telegram: TelegramServer, bot: Bot) -> None:
    parent = telegram.user(7)
    assert await bot.refused(telegram, "sendMessage", chat_id=7, text="Hello") == "400 Bad Request: chat not found"
    parent.starts()
    assert (await bot.telegram(telegram, "sendMessage", chat_id=7, text="Hello"))["ok"]
    await parent.sees("Hello")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        (" \n", "message text is empty"),
        ("<b></b>", "message text is empty"),
        ("я" * 4097, "message is too long"),
        ("🎨" * 2049, "message is too long"),
        ("<b>open", "can't parse entities: Can't find end tag"),
        ("closed</b>", "can't parse entities: Unexpected end tag"),
        ("<b><i>crossed</b></i>", "can't parse entities: Unmatched end tag"),
        ("<p>unknown</p>", "can't parse entities: Unsupported start tag"),
        ("2 < 3", "can't parse entities: Unsupported start tag"),
    ],
)
async def test_telegram_refuses_text(telegram: TelegramServer, bot: Bot, text: str, reason: str) -> None:
    telegram.user(7, started=True)
    answer = await bot.refused(telegram, "sendMessage", chat_id=7, text=text, parse_mode="HTML")
    assert answer.startswith(f"400 Bad Request: {reason}")
    assert [refusal.method for refusal in telegram.refused] == ["sendMessage"]


async def test_markup_and_escapes_do_not_count_towards_the_length(telegram: TelegramServer, bot: Bot) -> None:
    parent = telegram.user(7, started=True)
    text = f'<b>{"&lt;" * 4000}</b><a href="https://example.org/?a=1&amp;b=2">{"z" * 96}</a>'
    answer = await bot.telegram(telegram, "sendMessage", chat_id=7, text=text, parse_mode="HTML")
    assert [entity["type"] for entity in answer["result"]["entities"]] == ["bold", "text_link"]
    assert answer["result"]["entities"][1]["url"] == "https://example.org/?a=1&b=2"
    await parent.sees("<" * 4000 + "z" * 96)


@pytest.mark.parametrize(
    "markup",
    [
        inline("A", callback_data="x" * 65),
        inline("A", callback_data=""),
        inline("A", callback_data="я" * 33),
        inline(""),
        inline("A", callback_data="1", url="https://example.org"),
        {"inline_keyboard": [[{"text": "A"}]]},
        {"inline_keyboard": [[{"text": str(key), "callback_data": "1"} for key in range(9)]]},
        inline(*map(str, range(101))),
        inline("A", url="not an address"),
        {"keyboard": []},
        {"keyboard": [[{"text": ""}]]},
        {"anything": 1},
    ],
)
async def test_telegram_refuses_a_keyboard(telegram: TelegramServer, bot: Bot, markup: Any) -> None:
    telegram.user(7, started=True)
    assert (await bot.refused(telegram, "sendMessage", chat_id=7, text="Hi", reply_markup=markup)).startswith("400")
    assert not telegram.calls


async def test_a_contact_is_asked_for_in_private_chats_only(telegram: TelegramServer, bot: Bot) -> None:
    parent, group = telegram.user(7, started=True), telegram.group()
    markup = {"keyboard": [[{"text": "My phone", "request_contact": True}]]}
    refused = await bot.refused(telegram, "sendMessage", chat_id=group.id, text="Phone?", reply_markup=markup)
    assert "private chats only" in refused
    await bot.telegram(telegram, "sendMessage", chat_id=7, text="Phone?", reply_markup=markup)
    parent.taps("My phone")
    update = (await bot.telegram(telegram, "getUpdates"))["result"][0]
    assert update["message"]["contact"]["user_id"] == 7


async def test_an_edit_drops_the_keyboard_and_the_same_content_is_refused(telegram: TelegramServer, bot: Bot) -> None:
    parent = telegram.user(7, started=True)
    sent = await bot.telegram(telegram, "sendMessage", chat_id=7, text="One", reply_markup=inline("Next"))
    here = {"chat_id": 7, "message_id": sent["result"]["message_id"]}
    same = await bot.refused(telegram, "editMessageText", **here, text="One", reply_markup=inline("Next"))
    assert "message is not modified" in same
    assert (await bot.telegram(telegram, "editMessageText", **here, text="One"))["ok"]
    assert parent.screen == "One"
    assert "not found" in await bot.refused(telegram, "editMessageText", chat_id=7, message_id=99, text="Two")
    assert "inline keyboard expected" in await bot.refused(
        telegram, "editMessageReplyMarkup", **here, reply_markup={"keyboard": [[{"text": "A"}]]}
    )


async def test_messages_of_others_and_with_a_standing_keyboard_cannot_be_edited(
    telegram: TelegramServer, bot: Bot
) -> None:
    theirs = telegram.user(7).writes("mine")
    standing = {"keyboard": [["Menu"]]}
    sent = await bot.telegram(telegram, "sendMessage", chat_id=7, text="One", reply_markup=standing)
    for number in (theirs.id, sent["result"]["message_id"]):
        refused = await bot.refused(telegram, "editMessageText", chat_id=7, message_id=number, text="Two")
        assert refused == "400 Bad Request: message can't be edited"


async def test_a_message_is_deleted_once_and_within_two_days(bot: Bot) -> None:
    now = 1_000_000.0
    async with TelegramServer(clock=lambda: now) as telegram:
        telegram.user(7, started=True)
        for _ in range(2):
            await bot.telegram(telegram, "sendMessage", chat_id=7, text="Hi")
        assert (await bot.telegram(telegram, "deleteMessage", chat_id=7, message_id=1))["ok"]
        assert "to delete not found" in await bot.refused(telegram, "deleteMessage", chat_id=7, message_id=1)
        now += 49 * 3600
        assert "can't be deleted" in await bot.refused(telegram, "deleteMessage", chat_id=7, message_id=2)


async def test_who_blocked_the_bot_is_out_of_reach_until_she_unblocks(telegram: TelegramServer, bot: Bot) -> None:
    parent = telegram.user(7)
    parent.starts()
    parent.blocks()
    refused = await bot.refused(telegram, "sendMessage", chat_id=7, text="Hi")
    assert refused == "403 Forbidden: bot was blocked by the user"
    parent.unblocks()
    assert (await bot.telegram(telegram, "sendMessage", chat_id=7, text="Hi"))["ok"]
    members = [u["my_chat_member"] for u in (await bot.telegram(telegram, "getUpdates"))["result"][1:]]
    assert [member["new_chat_member"]["status"] for member in members] == ["kicked", "member"]


async def test_a_tap_is_answered_once_and_in_time(bot: Bot) -> None:
    now = 1_000_000.0
    async with TelegramServer(clock=lambda: now, query_lifetime=15) as telegram:
        parent = telegram.user(7, started=True)
        await bot.telegram(telegram, "sendMessage", chat_id=7, text="Menu", reply_markup=inline("Search"))
        parent.taps("Search")
        parent.taps("Search")
        first, second = (u["callback_query"] for u in (await bot.telegram(telegram, "getUpdates"))["result"])
        assert first["data"] == "1:Search"
        assert first["message"]["text"] == "Menu"
        too_long = await bot.refused(telegram, "answerCallbackQuery", callback_query_id="other", text="x")
        assert "query is too old" in too_long
        await bot.telegram(telegram, "answerCallbackQuery", callback_query_id=first["id"], text="Found")
        await parent.sees_popup("Found")
        assert "query is too old" in await bot.refused(telegram, "answerCallbackQuery", callback_query_id=first["id"])
        now += 16
        assert "query is too old" in await bot.refused(telegram, "answerCallbackQuery", callback_query_id=second["id"])


async def test_a_document_arrives_with_its_name_and_content(telegram: TelegramServer, bot: Bot) -> None:
    parent = telegram.user(7, started=True)
    form = aiohttp.FormData({"chat_id": "7", "caption": "Calendar", "document": "attach://part"})
    form.add_field("part", b"BEGIN:VCALENDAR", filename="lessons.ics")
    async with bot.web.post(f"{telegram.url}/bot1:T/sendDocument", data=form) as answer:
        document = (await answer.json())["result"]["document"]
    assert parent.files == [("lessons.ics", b"BEGIN:VCALENDAR")]
    assert (await bot.telegram(telegram, "sendDocument", chat_id=7, document=document["file_id"]))["ok"]
    too_long = await bot.refused(telegram, "sendDocument", chat_id=7, document=document["file_id"], caption="я" * 1025)
    assert "caption is too long" in too_long
    assert "wrong file identifier" in await bot.refused(telegram, "sendDocument", chat_id=7, document="nothing")


async def test_bad_commands_are_refused(telegram: TelegramServer, bot: Bot) -> None:
    good = {"command": "help", "description": "Help"}
    assert (await bot.telegram(telegram, "setMyCommands", commands=[good]))["ok"]
    for bad in ({**good, "command": "Help"}, {**good, "description": ""}):
        assert (await bot.refused(telegram, "setMyCommands", commands=[bad])).startswith("400")
    assert (await bot.refused(telegram, "setMyDescription", description="x" * 513)).startswith("400")


async def test_telegrams_strict_rates_allow_one_a_second_to_a_chat_and_thirty_in_all(bot: Bot) -> None:
    async with TelegramServer(strict_rates=True) as telegram:
        for id in range(1, 40):
            telegram.user(id, started=True)
        assert (await bot.telegram(telegram, "sendMessage", chat_id=1, text="Hi"))["ok"]
        again = await bot.telegram(telegram, "sendMessage", chat_id=1, text="Hi")
        assert (again["error_code"], again["parameters"]) == (429, {"retry_after": 1})
        others = [(await bot.telegram(telegram, "sendMessage", chat_id=id, text="Hi"))["ok"] for id in range(2, 32)]
        assert others == [True] * 29 + [False]


# Telegram: updates


async def test_an_offset_confirms_and_what_is_not_confirmed_comes_again(telegram: TelegramServer, bot: Bot) -> None:
    parent = telegram.user(7)
    parent.writes("one")
    parent.writes("two")
    got = (await bot.telegram(telegram, "getUpdates", limit=1))["result"]
    assert (await bot.telegram(telegram, "getUpdates", limit=1))["result"] == got
    rest = (await bot.telegram(telegram, "getUpdates", offset=got[0]["update_id"] + 1))["result"]
    assert [update["message"]["text"] for update in rest] == ["two"]
    assert telegram.updates.confirmed == rest[0]["update_id"]


async def test_a_long_poll_waits_for_news_and_a_second_one_ends_it(telegram: TelegramServer, bot: Bot) -> None:
    first = asyncio.create_task(bot.telegram(telegram, "getUpdates", timeout=30))
    await telegram.until(lambda: telegram.updates.polls)
    second = asyncio.create_task(bot.telegram(telegram, "getUpdates", timeout=30))
    assert (await first)["error_code"] == 409
    telegram.user(7).writes("news")
    assert [update["message"]["text"] for update in (await second)["result"]] == ["news"]


async def test_kinds_that_were_not_asked_for_do_not_come(telegram: TelegramServer, bot: Bot) -> None:
    await bot.telegram(telegram, "getUpdates", allowed_updates=["message"])
    parent = telegram.user(7)
    parent.writes("hello")
    parent.blocks()
    assert [set(u) for u in (await bot.telegram(telegram, "getUpdates"))["result"]] == [{"update_id", "message"}]


async def test_a_webhook_gets_updates_in_order_with_its_secret_until_it_says_2xx(
    telegram: TelegramServer, bot: Bot
) -> None:
    got: list[str] = []

    async def hook(request: web.BaseRequest) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        got.append((await request.json())["message"]["text"])
        telegram.happened()
        return web.Response(status=500 if len(got) == 1 else 200)

    runner = web.ServerRunner(web.Server(hook))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        assert "HTTPS" in await bot.refused(telegram, "setWebhook", url="http://example.org/hook")
        assert "secret" in await bot.refused(telegram, "setWebhook", url=url, secret_token="секрет")
        assert (await bot.telegram(telegram, "setWebhook", url=url, secret_token="s3cret"))["ok"]
        assert (await bot.telegram(telegram, "getUpdates"))["error_code"] == 409
        telegram.user(7).writes("one")
        telegram.user(7).writes("two")
        await telegram.until(lambda: len(got) == 3)
        assert got == ["one", "one", "two"]
        assert (await bot.telegram(telegram, "getWebhookInfo"))["result"]["url"] == url
        assert (await bot.telegram(telegram, "deleteWebhook"))["ok"]
        assert (await bot.telegram(telegram, "getUpdates"))["ok"]
    finally:
        await runner.cleanup()


# VK


async def test_vk_wants_a_token_a_version_and_a_known_method(vk: VKServer, bot: Bot) -> None:
    assert await bot.error(vk, "users.get", access_token="other") == 5
    assert await bot.error(vk, "users.get", v="") == 8
    assert await bot.error(vk, "users.forget") == 3


async def test_a_random_id_is_mandatory_and_sends_once(vk: VKServer, bot: Bot) -> None:
    parent = vk.user(7, started=True)
    assert await bot.error(vk, "messages.send", peer_id=7, message="Hi") == 100
    first = await bot.vk(vk, "messages.send", peer_id=7, message="Hi", random_id=5)
    assert await bot.vk(vk, "messages.send", peer_id=7, message="Other", random_id=5) == first
    assert [message.text for message in parent.messages] == ["Hi"]
    assert await bot.error(vk, "messages.send", peer_id=7, message="Hi", random_id=2**31) == 100


async def test_each_peer_has_its_own_result_inside_a_success(vk: VKServer, bot: Bot) -> None:
    for id in (1, 2, 3, 4):
        vk.user(id, started=True)
    vk.user(2).denies()
    vk.user(3).becomes_unreachable(902)
    answer = await bot.vk(vk, "messages.send", peer_ids="1,2,3,9", message="Hi", random_id=5)
    assert [item.get("error", {}).get("code") for item in answer["response"]] == [None, 901, 902, 901]
    assert answer["response"][0]["conversation_message_id"] == 1
    vk.user(2).writes("I changed my mind")
    assert "response" in await bot.vk(vk, "messages.send", peer_id=2, message="Hi", random_id=5)
    assert (
        await bot.error(vk, "messages.send", peer_ids=",".join(map(str, range(101))), message="Hi", random_id=1) == 100
    )
    assert await bot.error(vk, "messages.send", peer_id=2_000_000_009, message="Hi", random_id=1) == 917


async def test_vk_refuses_long_and_empty_messages(vk: VKServer, bot: Bot) -> None:
    vk.user(7, started=True)
    assert await bot.error(vk, "messages.send", peer_id=7, message="я" * 4097, random_id=1) == 914
    assert await bot.error(vk, "messages.send", peer_id=7, message="", random_id=1) == 100


@pytest.mark.parametrize(
    "keyboard",
    [
        "not JSON",
        board("A" * 41),
        board(""),
        board(*"ABCDEFG"),
        board("A", payload=None),
        board("A", payload="not JSON"),
        board("A", payload=json.dumps("x" * 254)),
        board("A", kind="unknown"),
        board("A", kind="location"),
        board("A", kind="open_link"),
        board(*map(str, range(11)), inline=False),
        json.dumps({"inline": True, "buttons": [[json.loads(board("A"))["buttons"][0][0]] * 6]}),
        json.dumps({"inline": True, "buttons": [[json.loads(board("A"))["buttons"][0][0]] * 4] * 3}),
        json.dumps({"inline": True, "one_time": True, "buttons": json.loads(board("A"))["buttons"]}),
        json.dumps({"inline": True, "buttons": []}),
        json.dumps({"buttons": [[]]}),
    ],
)
async def test_vk_refuses_a_keyboard(vk: VKServer, bot: Bot, keyboard: str) -> None:
    vk.user(7, started=True)
    assert await bot.error(vk, "messages.send", peer_id=7, message="Hi", random_id=1, keyboard=keyboard) == 911


async def test_the_largest_keyboards_pass(vk: VKServer, bot: Bot) -> None:
    vk.user(7, started=True)
    rows = json.loads(board("A"))["buttons"][0]
    keyboards: tuple[dict[str, Any], ...] = (
        {"inline": True, "buttons": [rows * 5] * 2},
        {"buttons": [rows * 4] * 10},
        {"buttons": []},
    )
    for keyboard in keyboards:
        sent = await bot.vk(vk, "messages.send", peer_id=7, message="Hi", random_id=0, keyboard=json.dumps(keyboard))
        assert "response" in sent


async def test_a_message_is_edited_within_a_day(bot: Bot) -> None:
    now = 1_000_000.0
    async with VKServer(clock=lambda: now) as vk:
        parent = vk.user(7, started=True)
        await bot.vk(vk, "messages.send", peer_ids=7, message="One", random_id=1, keyboard=board("Next"))
        assert (await bot.vk(vk, "messages.edit", peer_id=7, cmid=1, message="Two"))["response"] == 1
        assert parent.screen == "Two"
        assert await bot.error(vk, "messages.edit", peer_id=7, cmid=9, message="Two") == 100
        now += 24 * 3600 + 1
        assert await bot.error(vk, "messages.edit", peer_id=7, cmid=1, message="Three") == 909
        assert await bot.error(vk, "messages.delete", peer_id=7, cmids=1, delete_for_all=1) == 924


async def test_a_callback_button_is_answered_once_with_a_short_snackbar(vk: VKServer, bot: Bot) -> None:
    parent = vk.user(7, started=True)
    await bot.vk(vk, "messages.send", peer_ids=7, message="Menu", random_id=1, keyboard=board("Search"))
    parent.taps("Search")
    event = vk.events.history[-1]["object"]
    assert (event["payload"], event["conversation_message_id"]) == ({"t": "1:a"}, 1)
    here = {"event_id": event["event_id"], "user_id": 7, "peer_id": 7}

    def snackbar(text: str) -> str:
        return json.dumps({"type": "show_snackbar", "text": text})

    assert await bot.error(vk, "messages.sendMessageEventAnswer", **here, event_data=snackbar("я" * 91)) == 100
    other = await bot.error(
        vk, "messages.sendMessageEventAnswer", **{**here, "user_id": 8}, event_data=snackbar("Found")
    )
    assert other == 100
    await bot.vk(vk, "messages.sendMessageEventAnswer", **here, event_data=snackbar("Found"))
    assert parent.snackbars == ["Found"]
    assert await bot.error(vk, "messages.sendMessageEventAnswer", **here) == 100


async def test_a_text_button_writes_with_its_payload_and_a_one_time_keyboard_goes(vk: VKServer, bot: Bot) -> None:
    parent = vk.user(7, started=True)
    rows = json.loads(board("Menu", kind="text"))["buttons"]
    keyboard = json.dumps({"one_time": True, "buttons": rows})
    await bot.vk(vk, "messages.send", peer_id=7, message="Hi", random_id=1, keyboard=keyboard)
    parent.taps("Menu")
    message = vk.events.history[-1]["object"]["message"]
    assert (message["text"], message["payload"], parent.keyboard) == ("Menu", '{"t":"1:a"}', [])


async def test_conversations_without_an_answer_are_found(vk: VKServer, bot: Bot) -> None:
    vk.user(7).writes("Anybody?")
    vk.user(8).starts(ref="program-5")
    await bot.vk(vk, "messages.send", peer_id=7, message="Yes", random_id=1)
    found = (await bot.vk(vk, "messages.getConversations", filter="unanswered"))["response"]
    assert [item["last_message"]["ref"] for item in found["items"]] == ["program-5"]
    history = (await bot.vk(vk, "messages.getHistory", peer_id=7))["response"]
    assert [message["text"] for message in history["items"]] == ["Yes", "Anybody?"]
    by_number = await bot.vk(vk, "messages.getByConversationMessageId", peer_id=7, conversation_message_ids=1)
    assert by_number["response"]["items"][0]["text"] == "Anybody?"


async def test_a_document_is_uploaded_saved_and_sent(vk: VKServer, bot: Bot) -> None:
    parent = vk.user(7, started=True)
    address = (await bot.vk(vk, "docs.getMessagesUploadServer", peer_id=7))["response"]["upload_url"]
    form = aiohttp.FormData()
    form.add_field("file", b"BEGIN:VCALENDAR", filename="lessons.ics")
    async with bot.web.post(address, data=form) as answer:
        uploaded = await answer.json()
    document = (await bot.vk(vk, "docs.save", file=uploaded["file"], title="lessons.ics"))["response"]["doc"]
    name = f"doc{document['owner_id']}_{document['id']}"
    await bot.vk(vk, "messages.send", peer_id=7, attachment=name, random_id=1)
    assert parent.files == [("lessons.ics", b"BEGIN:VCALENDAR")]
    assert await bot.error(vk, "messages.send", peer_id=7, attachment="doc-1_999", random_id=2) == 100
    assert await bot.error(vk, "docs.save", file="nothing") == 100


async def test_execute_gives_false_and_an_error_for_what_was_refused(vk: VKServer, bot: Bot) -> None:
    parent = vk.user(7, started=True)

    def send(peer: int) -> str:
        arguments = {"peer_id": peer, "message": 'Say "}), API" [x]', "random_id": 1, "keyboard": board("A, B")}
        return f"API.messages.send({json.dumps(arguments)})"

    answer = await bot.vk(vk, "execute", code=f"return [{send(7)}, {send(8)},API.users.get({{user_ids: [7]}})];")
    assert answer["response"][1] is False
    assert answer["response"][2][0]["id"] == 7
    assert answer["execute_errors"][0]["error_code"] == 901
    assert parent.screen == 'Say "}), API" [x]\n[A, B]'
    assert await bot.error(vk, "execute", code=f"return [{','.join([send(7)] * 26)}];") == 13
    assert await bot.error(vk, "execute", code="return [API.messages.send({)];") == 12
    assert await bot.error(vk, "execute", code="var a = 1;") == 12


async def test_vks_strict_rates_allow_twenty_calls_a_second(bot: Bot) -> None:
    async with VKServer(strict_rates=True) as vk:
        answers = [await bot.vk(vk, "users.get") for _ in range(21)]
        assert ["error" in answer for answer in answers] == [False] * 20 + [True]
        assert answers[-1]["error"]["error_code"] == 6


async def test_the_long_poll_waits_and_says_what_failed(vk: VKServer, bot: Bot) -> None:
    poll = (await bot.vk(vk, "groups.getLongPollServer", group_id=1))["response"]

    async def check(**given: Any) -> Any:
        asked = {"act": "a_check", "key": poll["key"], "ts": poll["ts"], "wait": 5, **given}
        async with bot.web.get(poll["server"], params=asked) as answer:
            return await answer.json()

    waiting = asyncio.create_task(check())
    await asyncio.sleep(0.05)  # so that the poll most likely waits; the result is the same if it does not
    vk.user(7).writes("news")
    got = await waiting
    assert [update["object"]["message"]["text"] for update in got["updates"]] == ["news"]
    assert got["ts"] == "1"
    vk.events.forget()
    assert await check(ts="1") == {"failed": 1, "ts": "2"}
    assert await check(key="other") == {"failed": 2}
    vk.events.lose()
    assert await check() == {"failed": 3}
    assert await bot.error(vk, "groups.getLongPollServer", group_id=2) == 15


async def test_events_that_the_settings_hold_back_do_not_come(bot: Bot) -> None:
    async with VKServer(enabled=frozenset({"message_new"}), long_poll_servers=1) as vk:
        vk.user(7).denies()
        assert not vk.events.history
        settings = (await bot.vk(vk, "groups.getLongPollSettings", group_id=1))["response"]
        assert (settings["events"]["message_new"], settings["events"]["message_event"]) == (1, 0)
        await bot.vk(vk, "groups.setLongPollSettings", group_id=1, message_deny=1)
        vk.user(7).denies()
        assert [event["type"] for event in vk.events.history] == ["message_deny"]
        await bot.vk(vk, "groups.getLongPollServer", group_id=1)
        assert await bot.error(vk, "groups.getLongPollServer", group_id=1) == 29


async def test_the_callback_api_confirms_the_address_and_repeats_until_ok(vk: VKServer) -> None:
    got: list[tuple[str, str]] = []

    async def hook(request: web.BaseRequest) -> web.Response:
        event = await request.json()
        if event["type"] == "confirmation":
            return web.Response(text="c0de")
        assert (event["secret"], event["group_id"]) == ("s3cret", 1)
        got.append((event["event_id"], event["object"]["message"]["text"]))
        vk.happened()
        return web.Response(text="not ok" if len(got) == 1 else "ok")

    runner = web.ServerRunner(web.Server(hook))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/callback"
    try:
        with pytest.raises(AssertionError, match="c0de"):
            await vk.call_back(url, "s3cret", "other")
        await vk.call_back(url, "s3cret", "c0de")
        vk.user(7).writes("one")
        vk.user(7).writes("two")
        await vk.until(lambda: len(got) == 3)
        assert [text for _, text in got] == ["one", "one", "two"]
        assert got[0][0] == got[1][0] != got[2][0]
    finally:
        await runner.cleanup()


# Faults, and what a person sees


async def test_a_lost_answer_leaves_the_effect_and_a_cut_before_leaves_none(telegram: TelegramServer, bot: Bot) -> None:
    parent = telegram.user(7, started=True)
    telegram.faults.add("sendMessage", cut_before(), cut_after())
    for text, effect in (("one", []), ("two", ["two"])):
        with pytest.raises(aiohttp.ClientError):
            await bot.telegram(telegram, "sendMessage", chat_id=7, text=text)
        assert [message.text for message in parent.messages] == effect
    assert (await bot.telegram(telegram, "sendMessage", chat_id=7, text="three"))["ok"]


async def test_a_client_that_gives_up_may_or_may_not_have_had_an_effect(telegram: TelegramServer, bot: Bot) -> None:
    parent = telegram.user(7, started=True)
    telegram.faults.add("sendMessage", delay(5), slow_answer(5))
    for text, effect in (("one", []), ("two", ["two"])):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await bot.telegram(telegram, "sendMessage", chat_id=7, text=text)
        assert [message.text for message in parent.messages] == effect


async def test_faults_speak_the_messengers_language(telegram: TelegramServer, vk: VKServer, bot: Bot) -> None:
    telegram.faults.add("*", too_many(3), server_error(), bad_gateway())
    vk.faults.add("users.get", too_many(), server_error(), refusal(9), bad_gateway())
    busy = await bot.telegram(telegram, "getMe")
    assert (busy["error_code"], busy["parameters"]) == (429, {"retry_after": 3})
    assert (await bot.telegram(telegram, "getMe"))["error_code"] == 500
    with pytest.raises(aiohttp.ContentTypeError):
        await bot.telegram(telegram, "getMe")
    assert [await bot.error(vk, "users.get") for _ in range(3)] == [6, 10, 9]
    with pytest.raises(aiohttp.ContentTypeError):
        await bot.vk(vk, "users.get")
    assert "response" in await bot.vk(vk, "users.get")
    assert not telegram.refused and not vk.refused


async def test_an_old_message_with_the_same_words_does_not_answer_for_the_bot(
    telegram: TelegramServer, bot: Bot
) -> None:
    parent = telegram.user(7, started=True)
    await bot.telegram(telegram, "sendMessage", chat_id=7, text="Menu", reply_markup=inline("Back"))
    await parent.sees("Menu", "Back")
    parent.taps("Back")
    with pytest.raises(AssertionError, match="does not see"):
        await parent.sees("Menu", timeout=0.05)
    with pytest.raises(AssertionError, match="has no button 'Forward'"):
        parent.taps("Forward")


async def test_of_a_deleted_message_a_tap_tells_only_the_number(telegram: TelegramServer, bot: Bot) -> None:
    parent = telegram.user(7, started=True)
    await bot.telegram(telegram, "sendMessage", chat_id=7, text="Menu", reply_markup=inline("Back"))
    message = parent.last
    await bot.telegram(telegram, "deleteMessage", chat_id=7, message_id=message.id)
    parent.taps_on(message, "Back")
    seen = (await bot.telegram(telegram, "getUpdates"))["result"][0]["callback_query"]["message"]
    assert (seen["date"], "text" in seen) == (0, False)


async def test_people_send_all_kinds_of_things(telegram: TelegramServer, vk: VKServer, bot: Bot) -> None:
    one, other = telegram.user(7), vk.user(7)
    for person in (one, other):
        for send in (person.sends_sticker, person.sends_voice, person.sends_photo, person.sends_document):
            send()
        person.sends_location()
        person.forwards("Look")
        person.edits(person.writes("tpyo"), "typo")
    one.shares_contact("+79161234567", own=False)
    one.writes("in a group", chat=telegram.group())
    other.writes("in a group", chat=vk.group())
    telegram.push({"message": {"nonsense": True}})
    updates = (await bot.telegram(telegram, "getUpdates"))["result"]
    kinds = ["sticker", "voice", "photo", "document", "location", "forward_origin", "text"]
    assert all(kind in update["message"] for kind, update in zip(kinds, updates, strict=False))
    assert updates[7]["edited_message"]["text"] == "typo"
    assert updates[8]["message"]["contact"]["user_id"] != 7
    assert updates[9]["message"]["chat"]["type"] == "supergroup"
    assert updates[10]["message"] == {"nonsense": True}
    events = [event["object"].get("message", event["object"]) for event in vk.events.history]
    attached = [event["attachments"][0]["type"] for event in events[:4]]
    assert attached == ["sticker", "audio_message", "photo", "doc"]
    assert "geo" in events[4] and events[5]["fwd_messages"][0]["text"] == "Look"
    assert events[7]["text"] == "typo" and events[8]["peer_id"] == 2_000_000_001
