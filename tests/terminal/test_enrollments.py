"""The staff's commands about enrollments, as they are typed."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from bot.clock import now
from bot.domain.enrollment import OpenDispute
from bot.storage import schema
from bot.storage.database import open_database
from bot.terminal.enrollments import app
from tests.storage.families import Family, state
from tests.storage.town import Town

START = date(2026, 9, 1)


@pytest.fixture
def town(tmp_path: Path, sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town in the database that the commands open; their clock is the machine's, moved to the town's day."""
    url = f"sqlite:///{tmp_path / 'kruzhok.db'}"
    shutil.copy(sqlite, tmp_path / "kruzhok.db")
    environment = {"DATABASE_URL": url, "SECRET_KEY": "test", "DATA_KEYS": Fernet.generate_key().decode(), "LANG": "C"}
    for name, value in {**environment, "COLUMNS": "300"}.items():
        monkeypatch.setenv(name, value)
    with asyncio.Runner() as runner:
        engine = open_database(url)
        town = Town(engine, runner)
        offset = town.now - now()
        town.now = now()
        setting = {"name": "demo_offset", "value": str(int(offset.total_seconds()))}
        town.run(lambda tx: tx.sql(schema.setting.insert().values(**setting)))
        yield town
        runner.run(engine.dispose())


def types(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--municipality", "mur"])


def test_a_request_is_listed_accepted_concluded_on_paper_and_ended(town: Town) -> None:
    family = Family(town)
    made = family.asks_for(town.group(), START)
    assert f"{made}  5101" in types("list").stdout
    assert "it accepts by September 11, 2026" in types("accept", made).stdout
    assert "Concluded; the first day is September 1, 2026" in types("conclude", made).stdout
    assert "Robots" in types("list", "--running").stdout
    assert "The last day is September 30, 2026" in types("terminate", made, "no teacher").stdout
    again = types("terminate", made, "again")
    assert again.exit_code == 1 and "It is ended already" in again.stdout


def test_a_refusal_and_a_revoked_offer_free_the_seat(town: Town) -> None:
    family = Family(town)
    refused, revoked = (family.asks_for(town.group(price=100_000)) for _each in range(2))
    assert "the seat is free" in types("refuse", refused, "full").stdout
    types("accept", revoked)
    assert "the seat is free" in types("revoke", revoked, "no teacher").stdout
    assert (state(town, refused), state(town, revoked)) == ("refused", "refused")
    late = types("accept", refused)
    assert late.exit_code == 1 and "Not possible in this state" in late.stdout


def test_a_family_that_came_in_person_is_entered_confirmed_or_denied(town: Town) -> None:
    family, group = Family(town), town.group()
    (number,) = town.run(lambda tx: tx.rows(schema.certificate.select()))
    entered = types("claim", number.number, group, "2026-09-01")
    assert "Entered as 1; the family answers by September 11, 2026" in entered.stdout
    assert "Refused" in types("deny-claim", 1).stdout
    types("claim", number.number, group, "2026-09-01")
    assert "Confirmed" in types("confirm-claim", 2).stdout
    assert types("claim", "0000000000", group, "2026-09-01").exit_code == 1
    assert family.left


def test_lessons_are_cancelled_and_a_dispute_is_decided(town: Town) -> None:
    family, group = Family(town), town.group()
    made = family.learns(group, START)
    assert "returned to 1 child." in types("cancel-lessons", group, "2026-09-08").stdout
    assert types("cancel-lessons", group, "2026-09-08").exit_code == 1
    assert types("cancel-lessons", group, "8 September").exit_code == 2
    town.does(OpenDispute(made), family.guardian)
    assert "disputed" in types("list", "--overdue").stdout
    assert "Decided; ₽8,890.11 returned" in types("dispute", made, "forged", "--upheld").stdout
    assert state(town, made) == "terminated"


def test_another_municipality_is_named_and_its_enrollments_are_not_there(town: Town) -> None:
    made = Family(town).asks_for(town.group())
    assert CliRunner().invoke(app, ["accept", str(made), "-m", "nowhere"]).exit_code == 2
    town.adds(schema.municipality, code="oth", name="Other", zone="Europe/Moscow", number_prefix="5102", policy="{}")
    other = CliRunner().invoke(app, ["accept", str(made), "-m", "oth"])
    assert other.exit_code == 1 and "no such enrollment" in other.stdout
