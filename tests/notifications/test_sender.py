"""The sender: at the messenger's pace, replies first, each chat in order, nothing lost and nothing doubled that can be helped."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.dialogs.message import Message
from bot.handlers.telegram_channel import TelegramChannel
from bot.handlers.telegram_client import TelegramClient
from bot.handlers.vk_channel import VkChannel
from bot.handlers.vk_client import VkClient
from bot.notifications.delivery import Channel, Delivery, Gone, Later, Outcome, Refused, Sent, Unreachable
from bot.notifications.sender import Sender
from tests.patience import until
from tests.servers import TelegramServer, VKServer, bad_gateway, cut_after, cut_before, refusal, too_many


@dataclass
class Rows:
    """An outbox in memory with the storage's promises: replies first, one a chat, none where one is under way."""

    waiting: list[Delivery] = field(default_factory=list)
    sending: dict[int, Delivery] = field(default_factory=dict)
    ends: dict[int, list[Outcome]] = field(default_factory=dict)
    due: dict[int, float] = field(default_factory=dict)
    fails: int = 0
    claimed: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, *deliveries: Delivery) -> None:
        self.waiting += deliveries
        self.news.set()

    async def claim(self, channel: str, limit: int) -> Sequence[Delivery]:
        self.claimed += 1
        now = time.monotonic()
        busy = {delivery.address for delivery in self.sending.values()}
        taken: list[Delivery] = []
        for delivery in sorted(self.waiting, key=lambda one: (one.push, one.row)):
            if delivery.address not in busy and self.due.get(delivery.row, 0) <= now and len(taken) < limit:
                busy.add(delivery.address)
                taken.append(delivery)
        self.waiting = [delivery for delivery in self.waiting if delivery not in taken]
        self.sending |= {delivery.row: delivery for delivery in taken}
        return taken

    async def record(self, ends: Sequence[tuple[Delivery, Outcome]]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("disk full")
        for delivery, outcome in ends:
            del self.sending[delivery.row]
            self.ends.setdefault(delivery.row, []).append(outcome)
            if isinstance(outcome, Later | Unreachable):
                self.due[delivery.row] = time.monotonic() + (outcome.after if isinstance(outcome, Later) else 0.2)
                self.put(delivery)

    def hand_to(self, channel: str, take: Callable[[Sequence[Delivery]], None]) -> None:
        self.take = take

    async def hand_no_more(self, channel: str) -> None:
        del self.take

    def hand(self, *replies: Delivery) -> None:
        self.sending |= {reply.row: reply for reply in replies}
        self.take(replies)

    async def wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.news.wait(), seconds)
        except TimeoutError:
            return
        self.news.clear()

    @property
    def empty(self) -> bool:
        return not self.waiting and not self.sending

    async def until_empty(self) -> None:
        await until(lambda: self.empty, "the end of the outbox")


def message(row: int, chat: int, text: str = "", push: bool = False, channel: str = "telegram") -> Delivery:
    return Delivery(row, f"k{row}", channel, str(chat), Message(text or f"message {row}"), push=push, seed=row + 1)


@asynccontextmanager
async def sending(channel: Channel, rows: Rows) -> AsyncIterator[Sender]:
    sender = Sender(channel, rows)
    run = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        await sender.stop()
        await run
        await channel.close()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(token="1:T", strict_rates=True) as server:
        yield server


def telegram_channel(server: TelegramServer) -> TelegramChannel:
    return TelegramChannel(TelegramClient("1:T", server.url))


async def test_a_hundred_pushes_keep_telegrams_limits(telegram: TelegramServer) -> None:
    rows = Rows()
    for chat in range(100):
        telegram.user(chat, started=True)
    rows.put(*(message(chat, chat, push=True) for chat in range(100)))
    async with sending(telegram_channel(telegram), rows):
        await rows.until_empty()
    assert telegram.refused == []
    assert telegram.accepted == 100


async def test_a_reply_does_not_wait_behind_the_pushes(telegram: TelegramServer) -> None:
    rows = Rows()
    for chat in range(200):
        telegram.user(chat, started=True)
    parent = telegram.user(1000, started=True)
    rows.put(*(message(chat, chat, push=True) for chat in range(150)))
    async with sending(telegram_channel(telegram), rows):
        await telegram.until(lambda: telegram.accepted)
        rows.put(message(999, 1000, "reply"))
        assert await telegram.until(lambda: parent.messages)
        assert telegram.accepted < 150


async def test_messages_of_one_chat_arrive_in_order_a_second_apart(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    rows = Rows()
    rows.put(*(message(row, 7) for row in range(3)))
    async with sending(telegram_channel(telegram), rows):
        await rows.until_empty()
    assert [one.text for one in parent.messages] == ["message 0", "message 1", "message 2"]
    assert telegram.refused == []


async def test_the_parts_of_a_long_message_keep_the_chats_pace_and_are_not_repeated_after_trouble(
    telegram: TelegramServer,
) -> None:
    parent = telegram.user(7, started=True)
    rows = Rows()
    text = "\n\n".join("Слово " * 600 for _ in range(3))
    rows.put(message(1, 7, text))
    telegram.faults.add("sendMessage", too_many(1), when=lambda params: len(parent.messages) == 1)
    telegram.faults.add("sendMessage", bad_gateway(), when=lambda params: len(parent.messages) == 2)
    async with sending(telegram_channel(telegram), rows):
        await rows.until_empty()
    assert len(parent.messages) == 3
    assert "".join("".join(one.text for one in parent.messages).split()) == "".join(text.split())
    assert [type(end) for end in rows.ends[1]] == [Sent]
    assert telegram.refused == []


async def test_each_trouble_ends_as_it_should_and_hurts_nobody_else(telegram: TelegramServer) -> None:
    rows = Rows()
    for chat in range(6):
        telegram.user(chat, started=True)
    for chat, fault in enumerate(
        (
            too_many(1),
            bad_gateway(),
            cut_before(),
            refusal(403, "Forbidden: bot was blocked"),
            refusal(400, "Bad Request: no"),
        )
    ):
        telegram.faults.add("sendMessage", fault, when=lambda params, chat=chat: params["chat_id"] == chat)  # type: ignore[misc]
    rows.put(*(message(chat, chat) for chat in range(6)))
    async with sending(telegram_channel(telegram), rows):
        await rows.until_empty()
    assert [[type(end) for end in rows.ends[row]] for row in range(6)] == [
        [Sent],
        [Sent],
        [Sent],
        [Gone],
        [Refused],
        [Sent],
    ]


async def test_a_messenger_that_is_away_is_left_alone_and_then_gets_everything(telegram: TelegramServer) -> None:
    rows = Rows()
    for chat in range(40):
        telegram.user(chat, started=True)
    telegram.faults.add("sendMessage", bad_gateway(), times=4)
    rows.put(*(message(chat, chat) for chat in range(40)))
    async with sending(telegram_channel(telegram), rows):
        await rows.until_empty()
    assert telegram.accepted == 40
    assert sum(len(ends) for ends in rows.ends.values()) == 40


async def test_what_was_sent_is_kept_even_if_the_database_fails_meanwhile(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    rows = Rows(fails=2)
    rows.put(message(1, 7))
    async with sending(telegram_channel(telegram), rows):
        await rows.until_empty()
    assert [type(end) for end in rows.ends[1]] == [Sent]
    assert len(parent.messages) == 1


async def test_a_stop_finishes_what_is_in_flight_and_gives_back_the_rest(telegram: TelegramServer) -> None:
    rows = Rows()
    for chat in range(100):
        telegram.user(chat, started=True)
    rows.put(*(message(chat, chat) for chat in range(100)))
    async with sending(telegram_channel(telegram), rows):
        await telegram.until(lambda: telegram.accepted > 5)
    assert rows.sending == {}
    sent = sum(isinstance(end, Sent) for ends in rows.ends.values() for end in ends)
    assert 5 < sent == telegram.accepted < 100
    assert len(rows.waiting) == 100 - sent


async def test_with_nothing_to_do_the_sender_rests(telegram: TelegramServer) -> None:
    rows = Rows()
    async with sending(telegram_channel(telegram), rows):
        await asyncio.sleep(1.5)
    assert rows.claimed < 6


async def test_vk_gets_hundreds_in_a_few_calls_within_its_limits() -> None:
    async with VKServer(strict_rates=True) as vk:
        rows = Rows()
        for chat in range(1, 501):
            vk.user(chat, started=True)
        rows.put(*(message(chat, chat, push=True, channel="vk") for chat in range(1, 501)))
        async with sending(VkChannel(VkClient("vk1.T", 1, vk.url)), rows):
            await rows.until_empty()
        assert sum(call.method == "execute" for call in vk.calls) <= 25
        assert vk.refused == []
        assert all(len(vk.users[chat].messages) == 1 for chat in range(1, 501))


async def test_vk_drops_the_repeat_of_a_message_whose_answer_was_lost() -> None:
    async with VKServer(strict_rates=True) as vk:
        parent = vk.user(7, started=True)
        rows = Rows()
        vk.faults.add("execute", cut_after())
        rows.put(message(1, 7, channel="vk"))
        async with sending(VkChannel(VkClient("vk1.T", 1, vk.url)), rows):
            await rows.until_empty()
        assert [type(end) for end in rows.ends[1]] == [Sent]
        assert len(parent.messages) == 1


async def test_a_committed_reply_goes_out_from_hand_to_hand_without_a_claim(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    rows = Rows()
    async with sending(telegram_channel(telegram), rows):
        await until(lambda: rows.claimed)
        rows.hand(message(1, 7), message(2, 7))
        await rows.until_empty()
    assert [one.text for one in parent.messages] == ["message 1", "message 2"]
    assert rows.claimed < 6


class Crowded(Rows):
    """An outbox where, in the commit of a claim, a newer reply of the same chat is committed, too."""

    newer: Delivery | None = None

    async def claim(self, channel: str, limit: int) -> Sequence[Delivery]:
        taken = await super().claim(channel, limit)
        if taken and self.newer:
            self.hand(self.newer)
            self.newer = None
        await asyncio.sleep(0)
        return taken


async def test_a_reply_from_hand_to_hand_does_not_overtake_what_is_being_claimed(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    rows = Crowded()
    async with sending(telegram_channel(telegram), rows):
        await until(lambda: rows.claimed)
        rows.newer = message(2, 7)
        rows.put(message(1, 7))
        await rows.until_empty()
    assert [one.text for one in parent.messages] == ["message 1", "message 2"]


async def test_a_sender_that_stops_gives_back_what_it_was_handed(telegram: TelegramServer) -> None:
    parent = telegram.user(7, started=True)
    rows = Rows()
    async with sending(telegram_channel(telegram), rows):
        await until(lambda: rows.claimed)
        rows.hand(*(message(row, 7) for row in range(5)))
    assert rows.sending == {}
    assert len(rows.waiting) == 5 - len(parent.messages)


class Careless(Rows):
    """An outbox that gives a row out twice, and does not mind when it ends twice."""

    async def record(self, ends: Sequence[tuple[Delivery, Outcome]]) -> None:
        await super().record(list({delivery.row: (delivery, outcome) for delivery, outcome in ends}.values()))


async def test_a_sender_whose_line_has_a_bug_ends_with_it_and_gives_back_what_waits(telegram: TelegramServer) -> None:
    """Whoever holds the lease begins anew then, and takes up what was lost in the line."""
    telegram.user(7, started=True)
    rows = Careless()
    channel = telegram_channel(telegram)
    sender = Sender(channel, rows)
    running = asyncio.create_task(sender.run())
    await until(lambda: rows.claimed)
    rows.hand(message(1, 7), message(2, 7), message(2, 7))
    with pytest.raises(TypeError):
        await running
    await channel.close()
    assert [delivery.row for delivery in rows.waiting] == [2]


async def test_a_sender_that_might_not_send_for_a_moment_goes_on_by_itself(telegram: TelegramServer) -> None:
    rows, allowed = Rows(), False
    for chat in range(60):
        telegram.user(chat, started=True)
    rows.put(*(message(chat, chat) for chat in range(60)))
    channel = telegram_channel(telegram)
    sender = Sender(channel, rows, lambda: allowed)
    running = asyncio.create_task(sender.run())
    await until(lambda: rows.sending)
    allowed = True
    await telegram.until(lambda: telegram.accepted > 5)
    await sender.stop()
    await running
    await channel.close()
    assert telegram.accepted > 5
