"""What a group's timetable was before each of its changes; the lessons of a day are those that held on it (R5.4)."""

import json
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from sqlalchemy import select

from bot.domain.lessons import Lesson, Timetables
from bot.storage.catalogue_edits import plain
from bot.storage.gate import timetable
from bot.storage.schema import past_timetable
from bot.storage.tx import Tx


def keep(tx: Tx, municipality: int, before: Mapping[int, Iterable[tuple[Any, ...]]]) -> None:
    """Group → lessons as they have been until today there; of several changes in a day the first has what held."""
    today = tx.today(municipality)
    rows = [
        {"group": number, "until": today, "document": json.dumps(plain(list(lessons)), ensure_ascii=False)}
        for number, lessons in before.items()
    ]
    tx.insert_new(past_timetable, rows, "group")


def timetables(tx: Tx, group: int) -> Timetables:
    table = past_timetable
    rows = tx.rows(select(table.c.until, table.c.document).where(table.c.group == group).order_by(table.c.until))
    return Timetables(timetable(tx, group), tuple((row.until, _lessons(row.document)) for row in rows))


def _lessons(document: str) -> tuple[Lesson, ...]:
    return tuple(
        Lesson(weekday, time.fromisoformat(start), time.fromisoformat(stop), weeks, place)
        for weekday, start, stop, weeks, place in json.loads(document)
    )
