"""What a provider has changed by hand, beside what a registry's file tells: the latest word counts (0039).

`edited` of a row keeps, for each field that the provider has changed, what the registry told before. A file that tells the same
again changes nothing; one that tells something new is the latest word, and the edit is forgotten.
"""

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from sqlalchemy import Row

LESSONS = "lessons"
"""The name under which a group's timetable stands among its fields."""


def edits(row: Row[Any] | None) -> dict[str, Any]:
    """Field → what the registry told before the provider changed it."""
    return json.loads(row.edited) if row is not None and row.edited else {}


def edited(row: Row[Any], values: Mapping[str, Any], before: Mapping[str, Any]) -> str | None:
    """The column after a provider's change from `before` to `values`; a field that is as told again is no edit any more."""
    if getattr(row, "own", False):
        return None
    told = edits(row)
    for name, value in values.items():
        was, now = plain(before[name]), plain(value)
        if now == was:
            continue
        if name in told and now == told[name]:
            del told[name]
        else:
            told.setdefault(name, was)
    return written(told)


def kept(row: Row[Any], told: Mapping[str, Any]) -> frozenset[str]:
    """Fields that stay as the provider has made them, because a file tells of them what it told before."""
    return frozenset(name for name, was in edits(row).items() if name in told and plain(told[name]) == was)


def remaining(row: Row[Any] | None, names: frozenset[str]) -> str | None:
    """The column when only these fields are still the provider's."""
    return written({name: was for name, was in edits(row).items() if name in names})


def written(told: Mapping[str, Any]) -> str | None:
    return json.dumps(told, ensure_ascii=False, sort_keys=True) if told else None


def plain(value: Any) -> Any:
    """As JSON has it; the order of lessons says nothing."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        parts = [plain(each) for each in value]
        return sorted(parts) if parts and isinstance(parts[0], list) else parts
    return value
