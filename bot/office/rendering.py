"""Templates: words are said in the reader's language, values are written their way, everything is escaped."""

from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context

from bot.dialogs.phone import told_phone
from bot.domain.calendar import Month
from bot.domain.money import Money
from bot.i18n import Joined, Text, Value, n_, render
from bot.i18n import _ as text

FOLDER = Path(__file__).parent
ASSETS = FOLDER / "static"


@pass_context
def _say(context: Context, msgid: str, **values: Value) -> str:
    return render(text(msgid, **values), context["language"])


@pass_context
def _say_count(context: Context, one: str, many: str, count: int, **values: Value) -> str:
    return render(n_(one, many, count, **values), context["language"])


@pass_context
def _written(context: Context, value: Any) -> Any:
    if isinstance(value, Text | Joined | Money | date | time | Month):
        return render(value, context["language"])
    return "" if value is None else value


def _pairs(named: Iterable[Any]) -> list[tuple[int, str]]:
    """What a list of choices is made of: ids and names."""
    return [(each.id, each.name) for each in named]


def _in_threes(snils: str) -> str:
    """A SNILS as on its card: 112-233-445 95."""
    return f"{snils[:3]}-{snils[3:6]}-{snils[6:9]} {snils[9:]}" if snils else ""


def _breaks(words: str) -> list[str]:
    return words.splitlines()


TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    finalize=_written,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals.update(_=_say, n_=_say_count, pairs=_pairs)
TEMPLATES.filters |= {"lines": _breaks, "phone": told_phone, "snils": _in_threes}
