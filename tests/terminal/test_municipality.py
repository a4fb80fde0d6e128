"""The staff's commands about a municipality, as they are typed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from bot.terminal.municipality import app

Type = Callable[..., Result]


@pytest.fixture
def types(tmp_path: Path, sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types a command at the terminal of a new installation; the words are English."""
    url = f"sqlite:///{tmp_path / 'kruzhok.db'}"
    shutil.copy(sqlite, tmp_path / "kruzhok.db")
    for name, value in {
        "DATABASE_URL": url,
        "SECRET_KEY": "test",
        "DATA_KEYS": Fernet.generate_key().decode(),
        "LANG": "C",
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_a_municipality_is_set_up_from_nothing(types: Type, tmp_path: Path) -> None:
    answer = tmp_path / "answer.txt"
    answer.write_text("\ufeffТри рабочих дня.", encoding="utf-8")
    assert "The municipality is added" in types("add", "mur", "Murmansk", "Europe/Moscow", "5101").output
    assert "The district is added" in types("district", "mur", "Leninsky").output
    assert types("list").output.split() == ["mur", "Murmansk", "Leninsky"]
    assert "The text is published" in types("text", "mur", "question", "Как долго?", str(answer)).output
    listed = types("texts", "mur").output.split()
    assert listed[1:] == ["question", "ru", "Как", "долго?"]
    assert "taken down" in types("remove-text", "mur", listed[0]).output
    assert types("texts", "mur").output == ""


def test_a_policy_is_shown_and_changed(types: Type) -> None:
    types("add", "mur", "Murmansk", "Europe/Moscow", "5101")
    assert "visit_days=30" in types("policy", "mur").output
    assert "visit_days: 30 → 45" in types("policy", "mur", "visit_days=45").output
    assert 'moving_away: "month_end" → "finish"' in types("policy", "mur", "moving_away=finish").output
    assert "visit_days=45" in types("policy", "mur").output
    assert "The policy was so already" in types("policy", "mur", "visit_days=45").output


def test_what_makes_no_sense_is_refused_with_its_reason(types: Type, tmp_path: Path) -> None:
    types("add", "mur", "Murmansk", "Europe/Moscow", "5101")
    refused = types("policy", "mur", "visit_days=0")
    assert refused.exit_code == 1
    assert "visit_days: a whole number from 1" in refused.output
    assert types("add", "mur", "Murmansk", "Europe/Moscow", "5102").exit_code == 1
    assert types("district", "atlantis", "Center").exit_code == 2
    wrong = tmp_path / "year.json"
    wrong.write_text('{"year": 2027}', encoding="utf-8")
    assert types("calendar", str(wrong)).exit_code == 1


def test_a_published_year_is_entered(types: Type, tmp_path: Path) -> None:
    year = tmp_path / "year.json"
    year.write_text('{"year": 2027, "source": "—", "off": ["2027-01-01"], "worked": []}', encoding="utf-8")
    assert "The working days of 2027 are known now" in types("calendar", str(year)).output
