"""Turns of several replicas at once: a chat's updates may come to any of them, the same update to two."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.dialogs.core import Typed
from bot.handlers.intake import Intake
from bot.handlers.turn import Update
from bot.handlers.web import WebChannel
from bot.notifications.delivery import Delivery
from bot.notifications.sender import Sender
from bot.storage import schema
from bot.storage.database import Greenlets, open_database
from bot.storage.desk import Desk
from bot.storage.leases import Keeper, give, take
from bot.storage.outbox_rows import OutboxRows
from tests.storage.town import Town

REPLICAS, CHATS, EACH = 3, 6, 5


def take_at_once(town: Town, url: str, *shares: Sequence[Update]) -> None:
    """Each share at an intake of its own, with an engine of its own, as in separate processes; one update after another is posted."""

    async def race() -> None:
        engines = [open_database(url) for _share in shares]
        intakes = [Intake(Desk(engine, town.desk.world, town.desk.keys, lambda: town.now)) for engine in engines]
        try:
            await asyncio.gather(
                *(
                    intake.take([update])
                    for number in range(max(map(len, shares)))
                    for intake, share in zip(intakes, shares, strict=True)
                    for update in share[number : number + 1]
                )
            )
        finally:
            for engine in engines:
                await engine.dispose()

    town.runner.run(race())


def turns(town: Town) -> dict[str, int]:
    """By address: how many updates its conversation has taken."""
    table = select(schema.chat.c.address, schema.conversation.c.turn).join(schema.conversation)
    return {row.address: row.turn for row in town.run(lambda tx: tx.rows(table))}


def says(chat: int, number: int) -> Update:
    return Update(f"telegram:{chat}:{number}", "telegram", str(chat), Typed("help" if number % 2 else "menu"), "en")


def test_no_turn_of_a_chat_is_lost_when_its_updates_come_to_all_replicas(town: Town, database_url: str) -> None:
    updates = [says(chat, number) for number in range(EACH) for chat in range(CHATS)]
    take_at_once(town, database_url, *(updates[replica::REPLICAS] for replica in range(REPLICAS)))
    assert turns(town) == {str(chat): EACH for chat in range(CHATS)}
    assert town.run(lambda tx: tx.value(select(func.count()).select_from(schema.outbox))) == CHATS * EACH
    assert town.run(lambda tx: tx.value(select(func.count()).select_from(schema.chat))) == CHATS
    assert town.run(lambda tx: tx.value(select(func.count()).select_from(schema.person))) == CHATS


def test_a_turn_goes_on_from_where_the_other_replica_has_left_the_chat(town: Town, database_url: str) -> None:
    take_at_once(town, database_url, [says(chat, 0) for chat in range(CHATS)])
    for number in range(1, EACH):
        shares = [[says(chat, number * REPLICAS + replica) for chat in range(CHATS)] for replica in range(REPLICAS)]
        take_at_once(town, database_url, *shares)
    assert turns(town) == {str(chat): 1 + REPLICAS * (EACH - 1) for chat in range(CHATS)}


def test_an_update_that_comes_to_two_replicas_at_once_is_taken_once(town: Town, database_url: str) -> None:
    updates = [says(chat, number) for number in range(EACH) for chat in range(CHATS)]
    take_at_once(town, database_url, updates, updates[::-1])
    assert turns(town) == {str(chat): EACH for chat in range(CHATS)}
    assert town.run(lambda tx: tx.value(select(func.count()).select_from(schema.outbox))) == CHATS * EACH


def test_a_reply_goes_from_hand_to_hand_only_where_the_lease_is_and_waits_to_be_claimed_otherwise(town: Town) -> None:
    handed: list[Delivery] = []

    class Here(Keeper):
        def ours(self) -> bool:
            return True  # by a clock that has slept

    here = Here(town.desk, "sender:telegram", lambda lease: Sender(WebChannel(town.desk), rows), lambda tx: None)
    rows = OutboxRows(town.desk, here)
    rows.hand_to("telegram", handed.extend)
    town.run(lambda tx: take(tx, here.name, here.holder))
    town.runner.run(Intake(town.desk).take([says(1, 0)]))
    assert [one.address for one in handed] == ["1"]
    town.run(lambda tx: give(tx, here.name, here.holder))
    town.run(lambda tx: take(tx, here.name, "1.other:1"))
    town.runner.run(Intake(town.desk).take([says(2, 0)]))
    alone = town.engine.dialect.name == "sqlite"  # nobody else can have it
    assert [one.address for one in handed] == (["1", "2"] if alone else ["1"])
    states = select(schema.outbox.c.state).order_by(schema.outbox.c.id)
    assert list(town.run(lambda tx: tx.sql(states).scalars().all())) == ["sending", "sending" if alone else "queued"]
    assert alone or town.runner.run(rows.claim("telegram", 10)) == []


def test_a_reply_whose_commit_was_not_answered_is_sent_all_the_same(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database went away after the commit: the row is there, and nobody has the reply in hand."""
    if town.engine.dialect.name == "sqlite":
        pytest.skip("SQLite answers")
    handed, rows = sender_here(town)
    rows.hand_to("telegram", handed.extend)
    once_cut(monkeypatch, after_all=True)
    (answered,) = town.runner.run(Intake(town.desk).take([says(1, 0)]))
    assert answered.key == says(1, 0).key
    assert handed == []
    assert [one.address for one in town.runner.run(rows.claim("telegram", 10))] == ["1"]
    assert town.runner.run(rows.claim("telegram", 10)) == []


def once_cut(monkeypatch: pytest.MonkeyPatch, after_all: bool) -> None:
    """The next transaction meets a database that goes away: before it could begin, or after the commit and before its answer."""
    answers = Greenlets.write

    async def cut(self: Greenlets, work: Any) -> Any:
        monkeypatch.setattr(Greenlets, "write", answers)
        if after_all:
            await answers(self, work)
        raise OperationalError("COMMIT", None, Exception("connection lost"))

    monkeypatch.setattr(Greenlets, "write", cut)


def test_what_is_in_hand_is_not_claimed_again_when_the_next_transaction_cannot_even_begin(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    if town.engine.dialect.name == "sqlite":
        pytest.skip("SQLite is always there")
    handed, rows = sender_here(town)
    town.runner.run(Intake(town.desk).take([says(1, 0)]))
    assert [one.address for one in handed] == ["1"]
    once_cut(monkeypatch, after_all=False)
    with pytest.raises(OperationalError):
        town.run(lambda tx: None)
    assert town.runner.run(rows.claim("telegram", 10)) == []


def test_what_a_claim_took_whose_commit_was_not_answered_the_next_claim_takes(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    if town.engine.dialect.name == "sqlite":
        pytest.skip("SQLite answers")
    _handed, rows = sender_here(town, by_hand=False)
    town.runner.run(Intake(town.desk).take([says(1, 0)]))
    town.runner.run(rows.claim("vk", 10))
    once_cut(monkeypatch, after_all=True)
    with pytest.raises(OperationalError):
        town.runner.run(rows.claim("telegram", 10))
    assert [one.address for one in town.runner.run(rows.claim("telegram", 10))] == ["1"]
    assert town.runner.run(rows.claim("telegram", 10)) == []


def sender_here(town: Town, by_hand: bool = True) -> tuple[list[Delivery], OutboxRows]:
    """Telegram's lease is here: what its sender gets from hand to hand, and the outbox as it sees it."""
    handed: list[Delivery] = []
    here = Keeper(town.desk, "sender:telegram", lambda lease: Sender(WebChannel(town.desk), rows), lambda tx: None)
    rows = OutboxRows(town.desk, here)
    town.run(lambda tx: take(tx, here.name, here.holder))
    if by_hand:
        town.desk.hand_to("telegram", handed.extend)
    return handed, rows
