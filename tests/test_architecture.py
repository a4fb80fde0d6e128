"""Who may import whom, and what only one room may know."""

import ast
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
ONLY_IN = {
    "aiogram": ("bot/handlers/telegram",),
    "vk_api": ("bot/handlers/vk",),
    "sqlalchemy": (
        "bot/storage/",
        "bot/handlers/turn.py",
        "bot/handlers/web.py",
        "bot/office/office.py",
        "bot/watch.py",
        "bot/demo/",
    ),
    "babel": ("bot/i18n.py",),
}


@cache
def tree_of(path: Path) -> ast.Module:
    """What stands in a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> set[str]:
    """The first words of the modules that a file imports."""
    tree = tree_of(path)
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def test_a_library_is_known_in_its_room_only() -> None:
    strangers = [
        (str(path.relative_to(ROOT)), library)
        for path in (ROOT / "bot").rglob("*.py")
        for library in imports(path) & ONLY_IN.keys()
        if not str(path.relative_to(ROOT)).startswith(ONLY_IN[library])
    ]
    assert strangers == []


def test_the_rooms_import_only_what_stands_below_them() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml")) == 0


@pytest.mark.parametrize("room", ["domain", "dialogs"])
def test_pure_rooms_know_no_clock_no_chance_and_no_world(room: str) -> None:
    forbidden = {"random", "secrets", "asyncio", "socket", "os", "sqlite3", "requests", "aiohttp", "structlog"}
    found = {
        (str(path.relative_to(ROOT)), name)
        for path in (ROOT / "bot" / room).rglob("*.py")
        for name in imports(path) & forbidden
    }
    assert found == set()
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "bot" / room).rglob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow"}
    ]
    assert calls == []
