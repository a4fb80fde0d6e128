"""The staff's commands about applications and certificates, as they are typed."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from bot.clock import now
from bot.domain.application import ApplicationHeld, ApplicationSubmitted, Entered, FullName, SubmitApplication
from bot.storage import schema
from bot.storage.database import open_database
from bot.terminal.certificates import app
from tests.storage.town import Town


@pytest.fixture
def town(tmp_path: Path, sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town in the database that the commands open."""
    url = f"sqlite:///{tmp_path / 'kruzhok.db'}"
    shutil.copy(sqlite, tmp_path / "kruzhok.db")
    environment = {"DATABASE_URL": url, "SECRET_KEY": "test", "DATA_KEYS": Fernet.generate_key().decode(), "LANG": "C"}
    for name, value in {**environment, "COLUMNS": "300"}.items():
        monkeypatch.setenv(name, value)
    with asyncio.Runner() as runner:
        engine = open_database(url)
        town = Town(engine, runner)
        offset = town.now - now()  # the commands' clock is the machine's: here it shows the town's day
        town.now = now()
        setting = {"name": "demo_offset", "value": str(int(offset.total_seconds()))}
        town.run(lambda tx: tx.sql(schema.setting.insert().values(**setting)))
        yield town
        runner.run(engine.dispose())


def types(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--municipality", "mur"])


def applied(town: Town, who: int) -> int:
    """A certificate's id."""
    anna, maria = FullName("Петрова", "Анна"), FullName("Петрова", "Мария")
    entered = Entered(
        anna, date(2017, 3, 14), town.district, "Lenin street, 1", maria, "+79161234567", "", town.everyone
    )
    fact = town.does(SubmitApplication(entered), who)
    assert isinstance(fact, ApplicationSubmitted | ApplicationHeld), fact
    return fact.certificate


def test_from_the_application_to_the_money(town: Town):
    certificate = applied(town, town.person())
    (listed,) = types("applications").output.splitlines()
    rest = "Петрова Анна · born March 14, 2017 · application sent · All children · due September 4, 2026"
    assert listed == f"{certificate} · {rest}"
    assert "The originals are awaited until" in types("decide", certificate).output
    assert "The certificate is active." in types("visit", certificate).output
    number = types("show", certificate).output.split(" · ")[1]
    assert "carries money now" in types("convert", number, "funded").output
    assert "with money" in types("show", number).output
    assert "Code: " in types("link-code", number).output
    assert "Frozen." in types("freeze", number).output
    assert "in the next period" in types("unfreeze", number).output
    assert "Revoked." in types("revoke", number, "asked").output
    assert types("applications").output.strip() == "Nothing waits."


def test_a_likeness_is_looked_at_before_it_is_decided(town: Town):
    first, second = applied(town, town.person()), applied(town, town.person())
    refused = types("decide", second)
    assert (refused.exit_code, f"certificate {first}." in refused.output) == (1, True)
    assert "same name and birth date as another child" in types("applications").output
    assert "Joined" in types("decide", second, "--same-as", first).output
    assert "Rejected" in types("decide", first, "--reject", "wrong_data", "--words", "See the house number.").output


def test_categories_and_the_queue(town: Town):
    assert "orphan" in types("categories", "--add", "orphan", "Orphans").output
    town.certificate(town.child(town.person()), kopecks=0, number="5101000007")
    assert "The category is changed." in types("group", "5101000007", "orphan").output
    assert types("group", "5101000007", "nobility").exit_code == 2
    assert "place 1 in the queue" in types("convert", "5101000007", "funded").output  # the category has no nominal
    assert "queue place 1" in types("queue").output
    assert types("attacked").output == ""


def test_what_is_not_there_is_named(town: Town):
    wrong = types("show", "5101999999")
    assert wrong.exit_code == 2
    assert "5101999999" in wrong.output
