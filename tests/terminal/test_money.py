"""The staff's commands about money, the calendar by hand and the audit, as they are typed."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from cryptography.fernet import Fernet
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot import clock
from bot.domain.calendar import DAY, local_date
from bot.storage import schema
from bot.storage.database import open_database
from bot.terminal import money
from tests.storage.money import enrols
from tests.storage.town import Town

Type = Callable[..., Result]
TODAY = local_date(clock.now(), "Europe/Moscow")


@pytest.fixture
def url(tmp_path: Path, sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of a town in mid-period, and the settings that lead to it; the words are English."""
    url = f"sqlite:///{tmp_path / 'kruzhok.db'}"
    shutil.copy(sqlite, tmp_path / "kruzhok.db")
    for name, value in {
        "DATABASE_URL": url,
        "SECRET_KEY": "test",
        "DATA_KEYS": Fernet.generate_key().decode(),
        "LANG": "C",
    }.items():
        monkeypatch.setenv(name, value)
    return url


@pytest.fixture
def town(url: str) -> Town:
    """A child with a club that began 40 days ago."""
    with asyncio.Runner() as runner:
        engine = open_database(url)
        town = Town(engine, runner, TODAY)
        period = schema.funding_period.update().values(start=TODAY - 200 * DAY, stop=TODAY + 100 * DAY)
        town.run(lambda tx: tx.sql(period))
        start, stop = TODAY - 40 * DAY, TODAY + 90 * DAY
        months = 12 * (stop.year - start.year) + stop.month - start.month + 1
        certificate = town.certificate(town.child(town.person()), kopecks=1_200_000)
        enrols(town, certificate, 10_000, 20_000, start=start, stop=stop, months=months, concluded_on=start)
        runner.run(engine.dispose())
    return town


@pytest.fixture
def types(town: Town) -> Type:
    root = typer.Typer()
    root.add_typer(money.app, name="money")
    root.command()(money.month)
    root.command()(money.audit)
    return lambda *words: CliRunner().invoke(root, list(words))


def test_a_period_is_planned_given_nominals_and_opened(types: Type, town: Town) -> None:
    start, stop = TODAY + 101 * DAY, TODAY + 465 * DAY
    planned = types("money", "add-period", "next", str(start), str(stop), "-m", "mur")
    assert "Period 2 is planned." in planned.output
    assert types("money", "add-period", "next", str(start), str(stop), "-m", "mur").exit_code == 1
    answer = types(
        "money", "nominal", "2", str(town.everyone), "15000,50", "-m", "mur", "--certificates", "7", "--total", "200000"
    )
    assert "The nominal is ₽15,000.50 now. 0 balances changed." in answer.output
    assert "Period 2 is open" in types("money", "open-period", "2", "-m", "mur").output
    assert "Not possible now. The period's state: open." in types("money", "open-period", "2", "-m", "mur").output
    listed = types("money", "periods", "-m", "mur").output
    assert "next" in listed and "₽15,000.50; 7 certificates, ₽200,000 in all" in listed
    assert "any number of certificates, any sum" in listed
    granted = types("money", "grant", "1", "2", "-m", "mur")
    assert "Granted ₽15,000.50" in granted.output
    assert types("money", "grant", "1", "2", "-m", "mur").exit_code == 1


def test_a_nominal_that_is_committed_is_refused_in_words(types: Type, town: Town) -> None:
    answer = types("money", "nominal", "1", str(town.everyone), "1", "-m", "mur")
    assert answer.exit_code == 1 and "1 child has committed more" in answer.output
    assert types("money", "nominal", "1", str(town.everyone), "a lot", "-m", "mur").exit_code == 2
    assert types("money", "nominal", "1", str(town.everyone), "1.234", "-m", "mur").exit_code == 2


def test_a_balance_is_shown(types: Type) -> None:
    assert "Free: ₽" in types("money", "balance", "1", "-m", "mur").output
    assert types("money", "balance", "99", "-m", "mur").exit_code == 1


def test_what_has_fallen_due_is_done_and_the_books_agree(types: Type, url: str) -> None:
    for _twice in range(2):
        answer = types("month")
        assert answer.exit_code == 0 and "Everything that has fallen due is done." in answer.output
    again = types("month", "--date", str(TODAY))
    assert again.exit_code == 0
    assert types("month", "--date", str(TODAY + DAY)).exit_code == 2
    assert types("audit").output.strip() == "The books agree."
    charged = [month for month, _key in rows(url)]
    assert len(charged) == len(set(charged)) >= 2


def test_the_audit_exits_with_1_when_something_differs(types: Type, url: str) -> None:
    async def spoil() -> None:
        engine = open_database(url)
        async with engine.begin() as connection:
            ours = schema.account.c.kind == "certificate"
            await connection.execute(schema.account.update().where(ours).values(balance=1))
        await engine.dispose()

    asyncio.run(spoil())
    answer = types("audit")
    assert answer.exit_code == 1 and "has 1, its transfers make" in answer.output


def rows(url: str) -> list[tuple[str, str]]:
    async def read() -> list[tuple[str, str]]:
        engine = open_database(url)
        async with engine.begin() as connection:
            table = schema.transfer
            found = await connection.execute(select(table.c.month, table.c.key).where(table.c.why == "charge"))
            result = [(row.month, row.key) for row in found]
        await engine.dispose()
        return result

    return asyncio.run(read())


def test_sums_are_read_as_people_write_them() -> None:
    assert [money.parsed(each).kopecks for each in ("12000", "12000.5", "12000,50", "0.05")] == [
        1_200_000,
        1_200_050,
        1_200_050,
        5,
    ]
    for wrong in ("", "12k", "-5", "1.2.3", "1 000"):
        with pytest.raises(typer.BadParameter):
            money.parsed(wrong)
