"""Reports on the command line: the population's import, a table, everything as one workbook."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from python_calamine import load_workbook
from typer.testing import CliRunner, Result

from bot.registry.population import BLANK, parse
from bot.storage import schema
from bot.storage.database import open_database
from bot.terminal import reports
from tests.storage.money import enrols
from tests.storage.town import Town


@pytest.fixture
def town(tmp_path: Path, sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town in the database that the commands open."""
    url = f"sqlite:///{shutil.copy(sqlite, tmp_path / 'kruzhok.db')}"
    environment = {"DATABASE_URL": url, "SECRET_KEY": "test", "DATA_KEYS": Fernet.generate_key().decode(), "LANG": "C"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(reports.console, "_width", 200)
    with asyncio.Runner() as runner:
        engine = open_database(url)
        yield Town(engine, runner)
        runner.run(engine.dispose())


def types(*words: object) -> Result:
    return CliRunner().invoke(reports.app, [*map(str, words)])


def test_the_population_comes_in_whole_or_not_at_all_and_reports_go_out(town: Town, tmp_path: Path) -> None:
    template, file = tmp_path / "template.xlsx", tmp_path / "children.xlsx"
    assert types("population-template", template).exit_code == 0
    assert parse(template.name, template.read_bytes()).errors == ()
    good = {"municipality": "mur", "year": 2026, "district": "Leninsky", "age": 9, "children": 8}
    file.write_bytes(BLANK.workbook([good, {**good, "municipality": "Atlantis"}]))
    done = types("population", file)
    assert done.exit_code == 1 and "Atlantis" in done.output and "1 row cannot be taken" in done.output
    file.write_bytes(BLANK.workbook([good]))
    assert "Nothing was changed." in types("population", file, "-m", "mur", "--dry-run").output
    assert town.run(lambda tx: tx.rows(schema.population.select())) == []
    assert "Murmansk, 2026: 8 children." in types("population", file, "-m", "mur").output
    enrols(town, town.certificate(town.child(district=town.district)), start=town.now.date(), stop=town.now.date())
    covered = types("coverage", "-m", "mur")
    assert covered.exit_code == 0 and "Leninsky" in covered.output, covered.output
    assert "Murmansk" in types("undone").output
    out = tmp_path / "report.xlsx"
    assert types("export", out, "-m", "mur").exit_code == 0
    with load_workbook(out) as book:
        assert book.get_sheet_by_name("By district").to_python()[1][:3] == ["Leninsky", 8, 1]
