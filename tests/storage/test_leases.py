"""Leases (bot/storage/leases.py): one holder at a time, passed on when it ends, when it is given back, when the holder has died."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select

from bot.storage import leases, schema
from bot.storage.leases import Keeper, give, held, new_holder, take
from bot.storage.outbox import take_up
from bot.storage.tx import Tx
from tests.patience import until
from tests.storage.town import Town

T = TypeVar("T")
ANNA, BORIS = "1.anna:1", "1.boris:1"
"""Holders in other processes; number 1 always runs."""


def ends(town: Town) -> None:
    """The holder did not renew it; the database's time decides, which is not the town's."""
    town.run(lambda tx: tx.sql(schema.lease.update().values(until=town.now - timedelta(days=900))))


def test_one_holds_a_lease_and_the_other_waits_until_it_is_given_back(town: Town) -> None:
    assert town.run(lambda tx: take(tx, "sender:vk", ANNA))
    assert not town.run(lambda tx: take(tx, "sender:vk", BORIS))
    assert town.run(lambda tx: take(tx, "sender:telegram", BORIS)), "another lease is another matter"
    town.run(lambda tx: give(tx, "sender:vk", BORIS))
    assert not town.run(lambda tx: take(tx, "sender:vk", BORIS)), "only the holder gives it back"
    town.run(lambda tx: give(tx, "sender:vk", ANNA))
    assert town.run(lambda tx: take(tx, "sender:vk", BORIS))


def test_a_transaction_knows_whether_another_replica_holds_the_lease(town: Town) -> None:
    town.run(lambda tx: take(tx, "sender:vk", ANNA))
    alone = town.engine.dialect.name == "sqlite"  # there is nobody else
    assert [town.run(lambda tx, who=who: held(tx, "sender:vk", who)) for who in (ANNA, BORIS)] == [True, alone]


def test_a_lease_that_was_not_renewed_passes_on(town: Town) -> None:
    town.run(lambda tx: take(tx, "sender:vk", ANNA))
    ends(town)
    assert town.run(lambda tx: held(tx, "sender:vk", ANNA)), "nobody else has taken it yet"
    assert town.run(lambda tx: take(tx, "sender:vk", BORIS))
    assert not town.run(lambda tx: take(tx, "sender:vk", ANNA))


def test_a_death_keeps_the_others_waiting_for_less_than_30_seconds(town: Town) -> None:
    """Whoever waits has looked a moment before the lease ends, and looks again."""
    town.run(lambda tx: take(tx, "sender:vk", ANNA))
    soon = timedelta(seconds=30 - leases.LOOK_EVERY)
    assert town.run(lambda tx: tx.value(select(schema.lease.c.until < leases._now(tx, soon))))


def test_a_replica_whose_clock_is_wrong_takes_nothing_away(town: Town) -> None:
    if town.engine.dialect.name == "sqlite":
        return  # there is one machine
    town.run(lambda tx: take(tx, "sender:vk", ANNA))
    town.passes(days=900)
    assert not town.run(lambda tx: take(tx, "sender:vk", BORIS))


def test_on_one_machine_the_lease_of_a_dead_process_is_free_at_once(town: Town) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    mine, dead = new_holder(), f"{child.pid}.beef:1"
    before = f"{mine.partition('.')[0]}.beef:1"  # a container's processes all have the same number
    for gone in (dead, before):
        town.run(lambda tx, gone=gone: tx.sql(schema.lease.delete()))
        town.run(lambda tx, gone=gone: take(tx, "sender:vk", gone))
        assert town.run(lambda tx: take(tx, "sender:vk", mine)) == (town.engine.dialect.name == "sqlite")


def test_whoever_wins_a_lease_takes_up_what_its_channel_was_sending(town: Town) -> None:
    who = town.person()
    other = town.adds(schema.chat, channel="vk", address="7", person=who, linked_at=town.now)
    web = town.run(lambda tx: tx.value(select(schema.chat.c.id).where(schema.chat.c.channel == "web")))
    for key, place, channel in (("a", other, "vk"), ("b", web, "web")):
        row = {"kind": "reply", "person": who, "content": "", "priority": 0, "state": "sending", "chat": place}
        town.adds(schema.outbox, key=key, channel=channel, not_before=town.now, created_at=town.now, **row)
    town.run(lambda tx: take_up(tx, "vk"))
    states = select(schema.outbox.c.key, schema.outbox.c.state).order_by(schema.outbox.c.key)
    assert [tuple(row) for row in town.run(lambda tx: tx.rows(states))] == [("a", "queued"), ("b", "sending")]


class Deed:
    """Work that notes when it begins and ends."""

    def __init__(self, notes: list[str]) -> None:
        self._notes, self._end = notes, asyncio.Event()

    async def run(self) -> None:
        self._notes.append("begins")
        await self._end.wait()
        self._notes.append("ends")

    async def stop(self) -> None:
        self._end.set()


def test_a_keeper_works_while_the_lease_is_its_own_and_gives_it_back(town: Town) -> None:
    notes: list[str] = []

    def won(tx: Tx) -> None:
        notes.append("wins")

    async def story() -> None:
        keeper = Keeper(town.desk, "sender:vk", lambda _lease: Deed(notes), won)
        running = asyncio.create_task(keeper.run())
        await until(lambda: "begins" in notes)
        assert keeper.ours()
        assert not await town.desk.run(lambda tx: take(tx, "sender:vk", BORIS))
        await keeper.stop()
        await running
        assert await town.desk.run(lambda tx: take(tx, "sender:vk", BORIS))

    town.runner.run(story())
    assert notes == ["wins", "begins", "ends"]


def test_a_keeper_that_cannot_renew_stops_before_its_lease_ends_and_goes_on_when_it_has_it_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("TERM", 0.9), ("PARTING", 0.4), ("RENEW_EVERY", 0.1), ("LOOK_EVERY", 0.05)):
        monkeypatch.setattr(leases, name, seconds)
    notes: list[str] = []

    async def story() -> None:
        keeper = Keeper(town.desk, "sender:vk", lambda _lease: Deed(notes), lambda tx: notes.append("wins"))
        running = asyncio.create_task(keeper.run())
        await until(lambda: "begins" in notes)
        run, answers = town.desk.run, asyncio.Event()

        async def away(work: Callable[[Tx], T]) -> T:
            await answers.wait()
            return await run(work)

        monkeypatch.setattr(town.desk, "run", away)
        await until(lambda: "ends" in notes)
        assert not keeper.ours()
        row = await town.desk.look(lambda tx: tx.row(select(schema.lease)))
        assert row.holder == keeper.holder
        answers.set()
        await until(lambda: notes.count("begins") == 2)
        await keeper.stop()
        await running

    town.runner.run(story())
    assert notes == ["wins", "begins", "ends", "wins", "begins", "ends"]
