"""The registry on the command line: import, preview, errors in a table, the template, providers."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from bot.registry.parsing import parse
from bot.registry.template import workbook
from bot.storage import schema
from bot.storage.database import open_database
from bot.terminal import catalogue
from tests.registry.test_exchange import answer, program
from tests.storage.registries import line, one, rows
from tests.storage.town import Town

app = typer.Typer()
app.command("import")(catalogue.import_registry)
app.command()(catalogue.template)
app.add_typer(catalogue.app, name="catalogue")


@pytest.fixture
def town(tmp_path: Path, sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town in the database that the commands open."""
    url = f"sqlite:///{tmp_path / 'kruzhok.db'}"
    shutil.copy(sqlite, tmp_path / "kruzhok.db")
    environment = {"DATABASE_URL": url, "SECRET_KEY": "test", "DATA_KEYS": Fernet.generate_key().decode(), "LANG": "C"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(catalogue.console, "_width", 200)
    with asyncio.Runner() as runner:
        engine = open_database(url)
        yield Town(engine, runner)
        runner.run(engine.dispose())


def types(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words)])


def test_a_registry_is_imported_and_its_programs_are_listed(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "registry.xlsx"
    file.write_bytes(workbook([line(1), line(2, price="")]))
    done = types("import", file)
    assert done.exit_code == 0, done.output
    assert "The registry is imported." in done.output and "New groups: 2" in done.output
    listed = types("catalogue", "programs", "-m", "mur").output
    assert "Club 1" in listed and "0/10" in listed
    lacking = types("catalogue", "programs", "-m", "mur", "--lacking").output
    assert "Club 2" in lacking and "price" in lacking and "Club 1" not in lacking


def test_a_file_that_is_no_registry_is_not_told_as_imported(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "registry.xlsx"
    file.write_text("letters to the editor")
    done = types("import", file)
    assert done.exit_code == 1
    assert "Nothing of the file could be taken." in done.output and "imported" not in done.output


def test_a_file_that_cannot_be_written_is_told_in_a_line(town: Town, tmp_path: Path) -> None:
    done = types("template", tmp_path / "no folder" / "registry.xlsx")
    assert done.exit_code == 2 and "cannot be written" in done.output


def test_a_dry_run_says_what_would_happen_and_changes_nothing(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "registry.xlsx"
    file.write_bytes(workbook([line(1)]))
    done = types("import", file, "--dry-run")
    assert "Nothing was changed" in done.output and "New groups: 1" in done.output
    assert rows(town, schema.program) == []


def test_errors_stand_in_a_table_with_row_column_and_reason(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    file = tmp_path / "registry.xlsx"
    file.write_bytes(workbook([line(1), line(2, seats="[red]много"), line(3, municipality="Атлантида", phone="12")]))
    done = types("import", file)
    assert done.exit_code == 1
    assert "Строка" in done.output and "Мест в группе" in done.output and "[red]много" in done.output
    assert "Муниципалитет «Атлантида» не найден" in done.output
    assert "Пропущено" in done.output and "Телефон" in done.output
    assert "Новых групп: 1" in done.output and "Ошибок: 2" in done.output


def test_a_file_that_cannot_be_read_is_explained(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "registry.xlsx"
    file.write_bytes(b"PK\x03\x04 broken")
    done = types("import", file)
    assert done.exit_code == 1 and "damaged" in done.output


def test_only_one_municipality_is_taken(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "registry.xlsx"
    file.write_bytes(workbook([line(1)]))
    assert types("import", file, "--municipality", "other").exit_code == 2
    assert rows(town, schema.program) == []
    assert types("import", file, "--municipality", "mur", "--with-agreements").exit_code == 0
    assert len(rows(town, schema.agreement)) == 2


def test_a_part_of_the_registry_archives_no_more_than_a_tenth_unless_it_is_told_to(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "registry.xlsx"
    for lines in (11, 10):
        file.write_bytes(workbook([line(number) for number in range(1, lines + 1)]))
        done = types("import", file)
        assert done.exit_code == 0, done.output
    assert "Archived, missing in the file: 1" in done.output
    file.write_bytes(workbook([line(1), line(12)]))
    refused = types("import", file)
    assert refused.exit_code == 2 and "does not hold 9 of 10 programs" in refused.output
    assert "--archive-missing" in refused.output and "--keep-missing" in refused.output
    assert len(rows(town, schema.program)) == 11
    kept = types("import", file, "--keep-missing").output
    assert "New groups: 1" in kept and "left as they are: 9" in kept and "Archived, missing in the file: 0" in kept
    assert "Archived, missing in the file: 9" in types("import", file, "--archive-missing").output
    assert [each.name for each in rows(town, schema.program) if each.state == "active"] == ["Club 1", "Club 12"]


def test_the_template_can_be_read_back(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    assert types("template", file).exit_code == 0
    assert parse(file.name, file.read_bytes()).errors == ()


def test_agreements_and_providers_are_decided(town: Town) -> None:
    listed = types("catalogue", "providers", "-m", "mur").output
    assert "House of Arts" in listed and "takes children" in listed
    assert (
        "last day is December 31, 2026"
        in types("catalogue", "end-agreement", "-m", "mur", town.provider, "31.12.2026").output
    )
    assert "from January 1, 2027" in types("catalogue", "agree", "-m", "mur", town.provider, "2027-01-01").output
    assert "without a license" in types("catalogue", "provider", "-m", "mur", town.provider, "no-license").output
    assert one(town, schema.provider).state == "no_license"
    refused = types("catalogue", "agree", "-m", "mur", 999, "2027-01-01")
    assert refused.exit_code == 1 and "no such provider" in refused.output


def test_a_poster_is_written_for_a_program_of_the_municipality(town: Town, tmp_path: Path) -> None:
    """With a code for each messenger that has told its address."""
    file = tmp_path / "registry.xlsx"
    file.write_bytes(workbook([line(1)]))
    types("import", file)
    number = one(town, schema.program, name="Club 1").id
    bare = types("catalogue", "poster", "-m", "mur", number, tmp_path / "poster.pdf")
    assert bare.exit_code == 0 and "no code on it" in bare.output
    link = {"name": "link:telegram", "value": "https://t.me/kruzhok_bot"}
    town.run(lambda tx: tx.sql(schema.setting.insert().values(**link)))
    done = types("catalogue", "poster", "-m", "mur", number, tmp_path / "poster.png")
    assert done.exit_code == 0 and "no code on it" not in done.output
    assert (tmp_path / "poster.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "poster.png").read_bytes().startswith(b"\x89PNG")
    assert types("catalogue", "poster", "-m", "mur", number, tmp_path / "poster.doc").exit_code == 1
    assert types("catalogue", "poster", "-m", "mur", 10**6, tmp_path / "none.pdf").exit_code == 1


def test_json_of_a_portal_is_imported_into_the_municipality_that_is_named(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "pfdo.json"
    file.write_text(json.dumps(answer(program(mun=None))), encoding="utf-8")
    done = types("import", file, "--municipality", "mur")
    assert done.exit_code == 0, done.output
    assert one(town, schema.program).name == "Робототехника для начинающих"
