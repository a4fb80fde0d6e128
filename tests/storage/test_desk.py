"""The desk: works that wait together share a commit, and none is taken along when another fails; what it remembers holds."""

import asyncio
import sqlite3
from collections.abc import Awaitable
from contextlib import suppress

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from bot.domain.catalogue import Filters, FindPrograms
from bot.storage import database, schema
from bot.storage.database import open_database, work_on
from bot.storage.desk import Desk
from bot.storage.shelf import shelve
from bot.storage.tx import Tx
from bot.terminal import acting
from tests.storage.town import Town, on_sqlite


def _add(tx: Tx, name: str) -> str:
    tx.sql(schema.setting.insert().values(name=name, value="x"))
    return name


def names(town: Town) -> list[str]:
    ours = select(schema.setting.c.name).where(schema.setting.c.value == "x").order_by("name")
    return [row.name for row in town.run(lambda tx: tx.rows(ours))]


def test_works_that_wait_together_are_all_done(town: Town) -> None:
    async def story() -> list[str]:
        return await asyncio.gather(*(town.desk.run(lambda tx, n=n: _add(tx, f"s{n:02}")) for n in range(40)))

    done = town.runner.run(story())
    assert done == names(town) == [f"s{n:02}" for n in range(40)]


def test_one_that_fails_takes_nobody_with_it(town: Town) -> None:
    def fails(tx: Tx) -> None:
        _add(tx, "half")
        raise ValueError("a bug")

    async def story() -> list[object]:
        works = (lambda tx: _add(tx, "before"), fails, lambda tx: _add(tx, "after"))
        return await asyncio.gather(*map(town.desk.run, works), return_exceptions=True)

    first, trouble, last = town.runner.run(story())
    assert (first, last) == ("before", "after")
    assert isinstance(trouble, ValueError)
    assert names(town) == ["after", "before"]


def test_a_connection_that_died_at_rest_is_replaced_unnoticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    if town.desk.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no connections that die")
    monkeypatch.setattr(database, "RESTED", 0)
    town.run(lambda tx: _add(tx, "before"))
    stranger = open_database(town.desk.engine.url.render_as_string(hide_password=False), pool=False)
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    async def cut() -> None:
        async with stranger.connect() as connection:
            assert (await connection.execute(text(others))).all()

    town.runner.run(cut())
    town.run(lambda tx: _add(tx, "after"))
    assert names(town) == ["after", "before"]


def test_whoever_stopped_waiting_in_time_has_nothing_done(town: Town) -> None:
    async def story() -> None:
        first = asyncio.create_task(town.desk.run(lambda tx: _add(tx, "first")))
        second = asyncio.create_task(town.desk.run(lambda tx: _add(tx, "second")))
        await asyncio.sleep(0)
        second.cancel()
        await first

    town.runner.run(story())
    assert "first" in names(town)


@on_sqlite
def test_a_transaction_that_sqlite_has_ended_by_itself_is_not_committed(town: Town) -> None:
    def loses(tx: Tx) -> None:
        _add(tx, "before")
        tx.connection.exec_driver_sql("ROLLBACK")  # as a full disk does

    with pytest.raises(OperationalError):
        town.run(loses)
    assert names(town) == []


@on_sqlite
def test_a_command_waits_longer_for_sqlites_lock_than_the_service_and_whoever_gave_up_has_done_nothing(
    town: Town,
) -> None:
    if town.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own way")
    assert acting.MINUTE > database.PATIENCE
    other = sqlite3.connect(town.engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def story() -> None:
        engine = open_database(town.engine.url.render_as_string(hide_password=False))

        def waits(seconds: float, name: str) -> Awaitable[str]:
            desk = Desk(engine, town.desk.world, town.desk.keys, work=work_on(engine, seconds))
            return desk.run(lambda tx: _add(tx, name))

        patient = asyncio.ensure_future(waits(acting.MINUTE, "patient"))
        with pytest.raises(OperationalError, match="locked"):
            await waits(0.01, "hasty")
        other.close()
        await patient
        await engine.dispose()

    town.runner.run(story())
    assert names(town) == ["patient"]


def test_what_is_remembered_of_the_catalogue_ends_with_the_next_write_to_it(town: Town) -> None:
    me = town.actor(town.person())

    def free(tx: Tx) -> int:
        return sum(line.free for line in tx.read(FindPrograms(Filters()), me).lines)

    group = town.group(seats=10)
    town.run(lambda tx: shelve(tx, [tx.value(select(schema.program.c.id))]))
    assert town.run(free) == 10
    taken = schema.group.update().where(schema.group.c.id == group)
    town.run(lambda tx: tx.sql(taken.values(taken=4)))
    assert town.run(free) == 6

    def in_one(tx: Tx) -> tuple[int, int]:
        before = free(tx)
        tx.sql(taken.values(taken=9))
        return before, free(tx)

    assert town.run(in_one) == (6, 1)

    def undone(tx: Tx) -> int:
        with suppress(ValueError), tx.savepoint():
            tx.sql(taken.values(taken=0))
            assert free(tx) == 10
            raise ValueError
        return free(tx)

    assert town.run(undone) == 1


def test_another_process_that_writes_is_noticed(town: Town) -> None:
    me = town.actor(town.person())
    group = town.group(seats=10)
    town.run(lambda tx: shelve(tx, [tx.value(select(schema.program.c.id))]))
    find = FindPrograms(Filters())
    assert town.run(lambda tx: tx.read(find, me)).lines[0].free == 10

    async def elsewhere() -> None:
        engine = open_database(town.engine.url.render_as_string(hide_password=False))
        other = Desk(engine, town.desk.world, town.desk.keys, lambda: town.now)
        await other.run(lambda tx: tx.sql(schema.group.update().where(schema.group.c.id == group).values(taken=10)))
        await engine.dispose()

    town.runner.run(elsewhere())
    assert town.run(lambda tx: tx.read(find, me)).lines[0].free == 0
    assert town.run(lambda tx: tx.value(select(func.count()).select_from(schema.group))) == 1
