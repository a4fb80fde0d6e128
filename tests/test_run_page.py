"""What docs/run.md, docs/alerts.yml and the README speak of is there: figures, log lines, commands, settings."""

import re
from pathlib import Path

import pytest
import typer
from prometheus_client import REGISTRY

import bot.service  # noqa: F401  # whatever is counted is registered
from bot.__main__ import app
from bot.config import Settings
from bot.handlers import pulse  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent
RUN, ALERTS = (ROOT / "docs" / name for name in ("run.md", "alerts.yml"))


@pytest.mark.parametrize("page", [RUN, ALERTS], ids=lambda page: page.name)
def test_every_figure_that_is_named_is_given(page: Path) -> None:
    families = {family.name for family in REGISTRY.collect()}
    given = {name + end for name in families for end in ("", "_total", "_bucket", "_count", "_sum")}
    named = set(re.findall(r"\b(?:kruzhok|process)_\w+", page.read_text(encoding="utf-8")))
    assert named
    assert named <= given


def test_every_figure_of_ours_is_explained() -> None:
    page = RUN.read_text(encoding="utf-8")
    ours = [family.name for family in REGISTRY.collect() if family.name.startswith("kruzhok_")]
    ends = {name: name.removeprefix("kruzhok_outbox").removeprefix("kruzhok_calendar") for name in ours}
    assert [name for name in ours if name not in page and f"…{ends[name]}" not in page] == []


def test_every_command_that_is_named_is_one_of_ours() -> None:
    ours = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    named = re.findall(r"python -m bot (\w+)", RUN.read_text(encoding="utf-8"))
    assert named
    assert set(named) <= set(ours)


def test_every_line_of_the_log_that_is_named_is_written() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    named = set(re.findall(r"`((?:turn|sender|calendar|telegram|vk)\.[a-z]+)`", RUN.read_text(encoding="utf-8")))
    assert named
    assert [name for name in named if f'"{name}"' not in sources] == []


def test_every_setting_stands_in_the_readme() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name.upper() for name in Settings.model_fields if f"`{name.upper()}`" not in page] == []
