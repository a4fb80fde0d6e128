"""The staff's commands about waiting lists and renewals, as they are typed."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.domain.waiting import WaitForPlace, Waitlisted
from bot.storage import schema
from bot.storage.database import open_database
from tests.storage.families import Family, state
from tests.storage.town import Town


@pytest.fixture
def town(tmp_path: Path, sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town of today, in the database that the commands open: they live by the machine's clock."""
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


def test_the_staff_reads_a_list_and_takes_a_family_off_it(town: Town) -> None:
    group = town.group(seats=1)
    Family(town).asks_for(group)
    family = Family(town)
    made = town.does(WaitForPlace(family.child, group), family.guardian)
    assert isinstance(made, Waitlisted)
    (listed,) = types("waiting", "list", "-m", "mur").output.splitlines()
    assert listed.startswith(f"{made.enrollment}  group {group}: «Robots», Group 1  number 1 in the list")
    assert types("waiting", "list", "-m", "mur", "--group", group + 1).output == ""
    assert (
        "not in the waiting list any more" in types("waiting", "strike", "-m", "mur", made.enrollment, "moved").output
    )
    assert state(town, made.enrollment) == "left"
    again = types("waiting", "strike", "-m", "mur", made.enrollment, "moved")
    assert again.exit_code == 1 and "Not possible in this state" in again.output


def test_the_staff_sees_why_nothing_can_be_offered_for_the_next_period(town: Town) -> None:
    made = Family(town).learns(town.group(stop=date(2028, 5, 31)))
    (listed,) = types("renewal", "list", "-m", "mur").output.splitlines()
    assert listed.startswith("—  ") and "not offered yet" in listed
    assert "No period after May 31, 2027 is planned yet." in listed
    refused = types("renewal", "accept", "-m", "mur", made)
    assert refused.exit_code == 1 and "Not possible in this state" in refused.output


def test_the_staff_enters_an_answer_that_was_given_on_paper(town: Town) -> None:
    today = datetime.now(UTC).date()
    town.run(
        lambda tx: tx.sql(schema.funding_period.update().values(start=today - timedelta(9), stop=today + timedelta(3)))
    )
    coming = town.adds(
        schema.funding_period, municipality=town.municipality, name="next", start=today + timedelta(4),
        stop=today + timedelta(300), state="open",
    )  # fmt: skip
    assert coming
    town.now = datetime.now(UTC)
    families = [Family(town), Family(town)]
    group = town.group(price=0, ages=(0, 17), start=today, stop=today + timedelta(200), lessons=())
    made = [family.learns(group, today + timedelta(1)) for family in families]
    table = schema.enrollment
    later = {
        "state": "renewal_offered",
        "until": today + timedelta(3),
        "start": today + timedelta(4),
        "holds_seat": False,
    }
    for number in made:
        row = town.run(lambda tx, number=number: tx.sql(select(table).where(table.c.id == number)).one())
        values = {**row._mapping, **later, "renews": number, "stop": today + timedelta(200), "period": coming}
        town.adds(table, **{name: value for name, value in values.items() if name != "id"})
    stays, leaves = (number + len(made) for number in made)
    assert "Concluded from" in types("renewal", "accept", "-m", "mur", stays).output
    assert "free after the last day" in types("renewal", "decline", "-m", "mur", leaves, "--reason", "too far").output
    assert (state(town, stays), state(town, leaves)) == ("active", "left")
