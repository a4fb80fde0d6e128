"""What was read and still holds: answers that are the same for many readers, until one of their tables is written to."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

T = TypeVar("T")
MOST = 4_000
"""Answers that are kept, the latest asked for; a page of programs takes about 2 KB."""


class Memory:
    """Belongs to whoever writes. A write is noticed when its statement runs, so a transaction never reads what it has outdated itself."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, tuple[tuple[int, ...], Any]] = OrderedDict()
        self._written: dict[str, int] = {}
        self._others = -1

    def recall(self, key: Hashable, tables: Sequence[Table], answer: Callable[[], T]) -> T:
        """The answer under this key, asked for anew if one of `tables`, all that it is made of, has been written to since."""
        stamp = tuple(self._written.get(str(table), 0) for table in tables)
        known = self._answers.get(key)
        if known is None or known[0] != stamp:
            known = self._answers[key] = stamp, answer()
            if len(self._answers) > MOST:
                self._answers.popitem(last=False)
        self._answers.move_to_end(key)
        found: T = known[1]
        return found

    def written(self, table: str) -> None:
        """A statement changes this table."""
        self._written[table] = self._written.get(table, 0) + 1

    def forget(self) -> None:
        """Something was undone: what was read meanwhile may never have been true."""
        self._answers.clear()

    def look_around(self, connection: Connection) -> None:
        """At a transaction's beginning: another process may have written (SQLite: PRAGMA data_version)."""
        others = int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())
        if others != self._others:
            self._others = others
            self.forget()
