"""How the service stands, as it is typed."""

from datetime import timedelta

import pytest
import typer
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from bot import clock
from bot.storage import schema
from bot.terminal.status import status
from tests.storage.town import Town


def test_whoever_runs_it_sees_what_waits_what_was_given_up_and_what_is_under_way(
    town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"SECRET_KEY": "test", "DATA_KEYS": Fernet.generate_key().decode(), "LANG": "C"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", database_url)
    town.now = clock.now() - timedelta(minutes=10)
    me = town.person()
    chat = town.adds(schema.chat, channel="vk", address="7", person=me, linked_at=town.now)
    row = {"kind": "reply", "person": me, "content": "", "not_before": town.now, "created_at": town.now}
    town.adds(schema.outbox, key="a", priority=0, chat=chat, state="queued", **row)
    town.adds(schema.outbox, key="b", priority=1, state="queued", **row)
    town.adds(schema.outbox, key="c", priority=0, chat=chat, state="failed", trouble="911 Keyboard", **row)
    town.adds(schema.set_aside, key="k", channel="vk", why="KeyError bot.dialogs.home:1", raw="", at=town.now)
    until = town.now + timedelta(hours=1)
    town.run(lambda tx: tx.sql(schema.lease.insert().values(name="calendar", holder="h", until=until)))
    run = {"key": "charge_month:1:2026-09-01", "state": "going", "progress": "", "started_at": town.now}
    town.run(lambda tx: tx.sql(schema.run.insert().values(**run)))
    app = typer.Typer()
    app.command()(status)
    said = CliRunner().invoke(app)
    assert said.exit_code == 0, said.output
    assert "vk: 1 replies wait, the oldest for 60" in said.output
    assert "vk: 1 notices wait, the oldest for 60" in said.output
    assert "given up, 1 times: 911 Keyboard" in said.output
    assert "set aside, 1 times: KeyError bot.dialogs.home:1" in said.output
    assert f"the lease calendar runs until {until:%Y-%m-%d %H:%M:%S} UTC" in said.output
    assert "the run charge_month:1:2026-09-01 is under way since" in said.output
    assert "the database has" in said.output
