"""The staff's commands about families, as they are typed."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.storage import schema
from bot.storage.database import open_database
from bot.terminal.family import app
from tests.storage.town import Town


@pytest.fixture
def town(tmp_path: Path, sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town in the database that the commands open."""
    url = f"sqlite:///{tmp_path / 'kruzhok.db'}"
    shutil.copy(sqlite, tmp_path / "kruzhok.db")
    environment = {"DATABASE_URL": url, "SECRET_KEY": "test", "DATA_KEYS": Fernet.generate_key().decode(), "LANG": "C"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with asyncio.Runner() as runner:
        engine = open_database(url)
        yield Town(engine, runner)
        runner.run(engine.dispose())


def types(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_an_operator_sees_a_family_and_cuts_a_link(town: Town):
    mother, father = town.person(first_name="Maria", surname="Petrova"), town.person()
    town.certificate(town.child(mother, father), number="5101000007")
    listed = types("links", "-m", "mur", "5101000007").output.splitlines()
    assert listed == [f"{mother}  Maria Petrova  decides  web", f"{father}  —  decides  web"]
    assert "The link is cut." in types("cut", "-m", "mur", "5101000007", father).output
    assert types("links", "-m", "mur", "5101000007").output.splitlines() == listed[:1]


def test_an_operator_makes_a_code_for_somebody_who_lost_their_chats(town: Town):
    mother = town.person()
    said = types("restore-code", "-m", "mur", mother).output
    assert "it is good once, until" in said
    assert town.run(lambda tx: tx.value(select(schema.link_code.c.issued_by))) == "operator terminal"


def test_a_stranger_is_refused_with_an_exit_code(town: Town):
    refused = types("restore-code", "-m", "mur", 4711)
    assert (refused.exit_code, "Nobody with that number" in refused.output) == (1, True)
    assert types("links", "-m", "mur", "5101999999").exit_code == 2
