"""A job of a day: whom it concerns is found beside whatever is being written, what it does is done in chunks (R5.9, R8.1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Select, bindparam

from bot.storage.bulk import ids_of, pages
from bot.storage.tx import Tx
from bot.storage.work import Ids

PLACE, TODAY = bindparam("place", type_=BigInteger), bindparam("today", type_=Date)
"""The day, in a statement that is built once: most days a job finds nobody, and building it anew would be the most of that."""
_AFTER = bindparam("after", type_=BigInteger)
Which = tuple[ColumnElement[bool], ...]
"""What rows must meet."""
Given = Mapping[str, Any]
"""A statement's parameters by name."""
When = Callable[[Tx, int, date], Given | None]
"""What a day gives the statement; None where it brings nothing."""
Found = tuple[Select[tuple[int]], Given] | None
"""A column of ids, one of a few statements that stay; None: nobody, today."""


@dataclass(frozen=True)
class Job:
    """`does` looks again, in its own transaction, at the ids that `concerned` found; doing it twice changes nothing."""

    name: str
    concerned: Callable[[Tx, int, date], Found]
    does: Callable[[Tx, Ids, int, date], object]

    def ids(self, tx: Tx, municipality: int, today: date, after: int = 0) -> Ids:
        """Whom it concerns."""
        found = self.concerned(tx, municipality, today)
        if found is None:
            return ()
        statement, given = found
        return ids_of(tx, _pages(tx.connection.dialect.name, statement), {**given, "after": after})

    def __call__(self, tx: Tx, municipality: int, today: date) -> None:
        """The whole job at once, for a town where that is quickly done."""
        if ids := self.ids(tx, municipality, today):
            self.does(tx, ids, municipality, today)


def every_day(_tx: Tx, municipality: int, today: date) -> Given:
    """PLACE and TODAY."""
    return {"place": municipality, "today": today}


def those(statement: Select[tuple[int]], when: When = every_day) -> Callable[[Tx, int, date], Found]:
    """The same statement each day."""

    def found(tx: Tx, municipality: int, today: date) -> Found:
        given = when(tx, municipality, today)
        return None if given is None else (statement, given)

    return found


@cache
def _pages(dialect: str, found: Select[tuple[int]]) -> Select[Any]:
    [column] = found.selected_columns
    return pages(dialect, found.where(column > _AFTER))
