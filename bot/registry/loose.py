"""Values of a loosely written JSON as the texts that a clerk would have written into cells."""

import re
from collections.abc import Mapping
from typing import Any

MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(:00(\.0+)?)?(Z|[+-]\d\d(:?\d\d)?)?")
WEEKDAYS = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")


def text(value: Any) -> str:
    """A scalar as text, 6.0 as «6»; `{}`, `[]` and null are empty; of a list of one, the one."""
    match value:
        case None | {} | []:
            return ""
        case bool():
            return "да" if value else "нет"
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return str(value).strip()
        case [only]:
            return text(only)
        case list():
            return "; ".join(filter(None, map(text, value)))
        case _:
            return ""


def items(value: Any) -> list[Mapping[str, Any]]:
    """A list of objects, however it was sent: a list, the only one itself, or an object of numbered ones."""
    match value:
        case list():
            return [each for each in value if isinstance(each, Mapping) and each]
        case Mapping() if value and all(isinstance(each, Mapping) for each in value.values()):
            return list(value.values())
        case Mapping() if value:
            return [value]
    return []


def first(record: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that says something."""
    return next((found for name in names if (found := text(record.get(name)))), "")


def yes(value: Any) -> bool:
    """true, "true", 1, "1", "да"."""
    return text(value).casefold() in ("true", "1", "да", "yes")


def day(value: Any) -> str:
    """An instant that is a midnight, as its day; any other stays as it is, and is an error there: it may be another day here."""
    written = text(value)
    return found[1] if (found := MIDNIGHT.fullmatch(written)) else written


def hour(value: Any) -> str:
    """«15:00:00» as «15:00»."""
    return re.sub(r"^(\d{1,2}:\d\d):\d\d$", r"\1", text(value))
