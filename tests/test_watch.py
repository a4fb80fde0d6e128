"""The service as whoever runs it sees it: which part is not well, what is counted, and logs that follow a turn and tell of nobody."""

import asyncio
import json
import re
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from starlette.applications import Starlette

from bot.config import Settings
from bot.dialogs.core import Typed
from bot.handlers.intake import Intake
from bot.handlers.turn import Update
from bot.service import Service, desk_of
from bot.storage import schema
from bot.storage.desk import Desk
from bot.storage.migrating import migrate
from bot.storage.tx import Tx
from bot.watch import LONGEST_REPLY
from tests.patience import PATIENCE, until
from tests.servers import TelegramServer, VKServer
from tests.servers.local import Refused
from tests.test_service import bot, free_port
from tests.year.parents import InMessenger
from tests.year.story import CHILD, GUARDIAN, applies, begins_to_apply, opens, says_hello
from tests.year.town import CHESS, KEY, found, settings, town


class Caller:
    """Whoever asks the service over HTTP."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def unwell(self) -> dict[str, str]:
        """The parts that are not well; the status says the same."""
        answer = await self.client.get("/readyz")
        found = {part: words for part, words in answer.json().items() if words != "ok"}
        assert answer.status_code == (503 if found else 200)
        return found

    async def figures(self) -> dict[tuple[str, ...], float]:
        """What is counted: its name and labels → its value."""
        families = text_string_to_metric_families((await self.client.get("/metrics")).text)
        return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@asynccontextmanager
async def calls(service: Service) -> AsyncIterator[Caller]:
    transport = httpx.ASGITransport(Starlette(routes=service.routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://kruzhok") as client:
        yield Caller(client)


async def test_the_part_that_is_not_well_is_named(tmp_path: Path) -> None:
    nobody = {"vk_token": "vk1.T", "vk_group_id": 1, "vk_api_url": f"http://127.0.0.1:{free_port()}"}
    async with town(settings(f"sqlite:///{tmp_path / 'town.db'}", **nobody)) as service, calls(service) as caller:
        assert await caller.unwell() == {"intake:vk": "not set up yet"}
        await service.desk.run(waits_for_long)
        assert (await caller.unwell())["sender:vk"].startswith("a reply waits for")
        here = await caller.client.get("/readyz/here")
        assert here.status_code == 200 and "intake:vk" not in here.json(), "the web and the office work without VK"
        await service.senders[0].stop()
        await service.desk.run(lambda tx: tx.sql(text("ALTER TABLE outbox RENAME TO elsewhere")))
        while "sender:web" not in (unwell := await caller.unwell()):
            pass
        assert unwell == {
            "database": "OperationalError",
            "intake:vk": "not set up yet",
            "sender:web": "it has ended",
        }
        assert (await caller.client.get("/readyz/here")).status_code == 503
        assert (await caller.figures())["kruzhok_ready", "database"] == 0, "figures are given even then"
        await service.desk.run(lambda tx: tx.sql(text("ALTER TABLE elsewhere RENAME TO outbox")))


def waits_for_long(tx: Tx) -> None:
    """A reply that nobody takes."""
    since = tx.now - timedelta(seconds=2 * LONGEST_REPLY)
    who = tx.insert(schema.person, language="ru", created_at=since)
    chat = tx.insert(schema.chat, channel="vk", address="7", person=who, linked_at=since)
    row = {"person": who, "chat": chat, "content": "", "priority": 0, "not_before": tx.now + timedelta(hours=1)}
    tx.insert(schema.outbox, key="reply:x", kind="reply", state="queued", tries=9, created_at=since, **row)


@asynccontextmanager
async def two_who_write_while_somebody_locks(database: Path, intake: Intake) -> AsyncIterator[None]:
    """The first one's turn has begun and cannot go on; the other waits. Both are taken afterwards."""
    other = sqlite3.connect(database, isolation_level=None, timeout=PATIENCE, check_same_thread=False)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    first = asyncio.create_task(intake.take([Update("web:first", "web", "a page", Typed("menu"))]))
    await asyncio.sleep(0)
    await until(lambda: not intake.waiting()[0], "the first turn")
    second = asyncio.create_task(intake.take([Update("web:second", "web", "another page", Typed("menu"))]))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        other.close()
    assert [answer.outcome for answer in (*await first, *await second)] == ["ok", "ok"]


MONEY = {"budget": -700, "certificate": 700}


async def test_what_happens_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with VKServer("vk1.T", 1) as vk:
        about = settings(f"sqlite:///{tmp_path / 'town.db'}", vk_token="vk1.T", vk_group_id=1, vk_api_url=vk.url)
        async with town(about) as service, calls(service) as caller:
            assert await vk.until(lambda: any(call.method == "groups.getLongPollServer" for call in vk.calls))
            sides = [{"kind": kind, "owner": 1, "period": 1, "balance": sum_} for kind, sum_ in MONEY.items()]
            await service.desk.run(lambda tx: tx.sql(schema.account.insert(), sides))
            before = await caller.figures()
            await says_hello(InMessenger(vk.user(7)))
            await vk.until(lambda: False, 0.1)
            after = await caller.figures()
            assert await caller.unwell() == {}
            monkeypatch.setattr("bot.watch.LONGEST_WAIT", 0.0)
            async with two_who_write_while_somebody_locks(tmp_path / "town.db", service.intake):
                assert (await caller.unwell())["turns"].startswith("1 updates wait, the first for")
                assert (await caller.figures())["kruzhok_waiting_updates",] == 1
            assert (await caller.figures())["kruzhok_waiting_updates",] == 0

    def more(*name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more("kruzhok_turn_seconds_count", "vk", "ok") == 1
    assert more("kruzhok_deliveries_total", "vk", "sent") == 1
    assert more("kruzhok_batch_updates_sum") == 1
    assert after["kruzhok_last_poll_timestamp_seconds", "vk"] > 1e9
    assert after["kruzhok_outbox_rows", "vk", "reply"] == after["kruzhok_outbox_oldest_due_seconds", "vk", "reply"] == 0
    assert {kind: after["kruzhok_ledger_kopecks", kind] for kind in MONEY} == MONEY
    assert after["kruzhok_calendar_run_rows", "open"] == 1
    assert after["kruzhok_calendar_run_timestamp_seconds", "open"] > 1e9
    assert after["kruzhok_calendar_lived_timestamp_seconds",] > 1e9
    assert after["kruzhok_database_bytes",] > 100_000
    assert after["kruzhok_set_aside_updates",] == 0


async def lively(desk: Desk, telegram: TelegramServer, vk: VKServer, url: str) -> None:
    """People write on every channel; some things go wrong."""
    parent = InMessenger(vk.user(605_040_300))
    await says_hello(parent)
    await begins_to_apply(parent)
    await applies(parent)
    await InMessenger(telegram.user(708_090_100)).starts()
    blocks = telegram.user(708_090_200)
    blocks.writes("Шахматы для Веры")
    telegram.unreachable[blocks.id] = Refused(403, "Forbidden: bot was blocked by the user")
    unread = {"message": {"message_id": 1, "chat": {"id": "Смирнова", "type": "private"}, "text": "Полярная"}}
    telegram.push(unread)
    await desk.run(lambda tx: tx.sql(text("DROP TABLE program_stem")))
    await opens(parent, "Find a club")
    await parent.sees("Where should the club be?")
    await parent.taps("Ленинский")
    await parent.sees("How old is the child?")
    await parent.types("9")
    await parent.sees(CHESS)
    await parent.types("шахматы")
    await parent.sees(
        "Something went wrong on our side, and nothing was changed. We have noted it. Please try again or choose another way."
    )
    async with httpx.AsyncClient(base_url=url, trust_env=False) as page:
        await page.get("/chat")
        said = {"key": "first-words", "text": "Смирнова Вера, ул. Полярная"}
        assert (await page.post("/chat/messages", json=said)).status_code == 200
        TOKENS.append(page.cookies["kruzhok_chat"])
        assert (await page.get("/metrics")).status_code == 200


TOKENS = ["1:SECRETOFTELEGRAM", "vk1.SECRETOFVK", KEY, "a secret of this test"]


def started(log: Path, environment: dict[str, str]) -> "subprocess.Popen[str]":
    """The service as a process that logs into a file."""
    with log.open("w") as stderr:
        return bot("run", stderr=stderr, **environment)


async def test_logs_follow_a_turn_and_tell_of_nobody(tmp_path: Path) -> None:
    async with TelegramServer(TOKENS[0]) as telegram, VKServer(TOKENS[1], 1) as vk:
        environment = {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'town.db'}",
            "SECRET_KEY": "a secret of this test",
            "DATA_KEYS": KEY,
            "WEB_PORT": str(free_port()),
            "LOG_LEVEL": "DEBUG",
            "TELEGRAM_TOKEN": TOKENS[0],
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_DISCRETION": "full",
            "VK_TOKEN": TOKENS[1],
            "VK_GROUP_ID": "1",
            "VK_API_URL": vk.url,
            "VK_PER_CHAT": "20",
        }
        desk = desk_of(
            Settings(database_url=environment["DATABASE_URL"], secret_key="a secret of this test", data_keys=[KEY])
        )
        await migrate(desk.engine)
        await found(desk)
        process = started(tmp_path / "log", environment)
        try:
            assert await vk.until(lambda: any(call.method == "groups.getLongPollServer" for call in vk.calls))
            await lively(desk, telegram, vk, f"http://127.0.0.1:{environment['WEB_PORT']}")
        finally:
            process.terminate()
            process.wait(PATIENCE)
            await desk.engine.dispose()
    said = (tmp_path / "log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in said.splitlines()]
    addresses = {"708090100", "708090200", "605040300"}
    names = {name.casefold() for name in re.findall(r"\w{4,}", f"{CHILD} {GUARDIAN} Полярная Шахматы Секрет")}
    told = {
        word
        for word in (*addresses, *names, *TOKENS, "9161234567", "112-233", "14.03.2017", "2017-03-14")
        if word in said.casefold()
    }
    assert not told
    (bug,) = [line for line in lines if line["event"] == "turn.bug"]
    events = [line["event"] for line in lines if line.get("turn") == bug["turn"]]
    assert events == ["turn.bug", "turn", "delivery.sent"], "one id from the update to its answer"
    assert {"telegram.unread", "delivery.gone"} <= {line["event"] for line in lines}
