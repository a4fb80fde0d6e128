"""News between replicas on PostgreSQL (bot/storage/news.py): what one commits, the others hear of; a line that is cut is taken up again."""

import asyncio

import pytest
from sqlalchemy import select, text

from bot.dialogs.message import Message
from bot.notifications.delivery import Delivery
from bot.storage import news, schema, transcript
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.news import OUTBOX, listen, tell
from bot.storage.tx import Tx
from tests.patience import PATIENCE, until
from tests.storage.town import Town


def writes(tx: Tx) -> None:
    """As a turn of another replica that has put something into the outbox."""
    tell(tx.connection, OUTBOX, "another process")


def test_what_another_replica_has_put_into_the_outbox_is_news_here_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    if town.engine.dialect.name == "sqlite":
        town.runner.run(listen(town.desk, lambda _pages: None))  # nobody to listen to: it returns
        return
    monkeypatch.setattr(news, "AGAIN_AFTER", 0.05)
    woken: list[str] = []

    async def story() -> None:
        here = Desk(
            open_database(town.engine.url.render_as_string(hide_password=False)), town.desk.world, town.desk.keys
        )
        listening = asyncio.create_task(listen(here, woken.extend))
        lines = text("SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")
        pids: list[int] = []
        async with asyncio.timeout(PATIENCE):
            while not pids:
                pids = list(await town.desk.look(lambda tx: tx.sql(lines).scalars().all()))
        await town.desk.run(writes)
        await until(lambda: here.letters == 1)
        await town.desk.run(lambda tx: _mail_of_this_process(tx))
        await _appends_to_a_page(town)
        await until(lambda: woken == ["w1"])
        assert here.letters == 1, "what this process has written it knows by itself"
        await town.desk.run(lambda tx: tx.sql(text(f"SELECT pg_terminate_backend({pids[0]})")))
        await until(lambda: here.letters >= 2)  # after a cut there may be news that nobody heard
        heard = here.letters
        async with asyncio.timeout(PATIENCE):
            while here.letters == heard:
                await town.desk.run(writes)
                await asyncio.sleep(0.01)
        listening.cancel()
        await asyncio.wait({listening})
        await here.engine.dispose()

    town.person()
    town.runner.run(story())


def _mail_of_this_process(tx: Tx) -> None:
    tx.has_mail = True


async def _appends_to_a_page(town: Town) -> None:
    """The web's sender, on whatever replica, tells the pages of a chat."""
    who = select(schema.person.c.id)
    person = await town.desk.look(lambda tx: tx.value(who))
    row = {"key": "push", "kind": "reply", "person": person, "content": "", "priority": 0, "state": "sending"}
    number = await town.desk.run(lambda tx: tx.insert(schema.outbox, not_before=tx.now, created_at=tx.now, **row))
    delivery = Delivery(number, "push", "web", "w1", Message("Hello"))
    await town.desk.run(lambda tx: transcript.append(tx, [delivery]))
