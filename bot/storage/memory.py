"""What was read and still holds: answers that are the same for many readers, until one of their tables is written to."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

T = TypeVar("T")
MOST = 5_000
"""Answers of each kind that are kept, the latest asked for; a page of programs takes about 4 KB, a conversation as much."""


class Memory:
    """Belongs to whoever writes. A write is noticed when its statement runs, so a transaction never reads what it has outdated itself.

    Answers that are made of no table at all, such as a stored conversation decoded, hold for ever.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, tuple[tuple[int, ...], Any]] = OrderedDict()
        self._lasting: OrderedDict[Hashable, Any] = OrderedDict()
        self._written: dict[str, int] = {}
        self._forgotten = 0
        self._others = -1

    def recall(self, key: Hashable, tables: Sequence[Table], answer: Callable[[], T]) -> T:
        """The answer under this key, asked for anew if one of `tables`, all that it is made of, has been written to since."""
        stamp = (self._forgotten, *(self._written.get(str(table), 0) for table in tables))
        known = self._answers.get(key)
        if known is None or known[0] != stamp:
            known = stamp, answer()
            _keep(self._answers, key, known)
        else:
            self._answers.move_to_end(key)
        found: T = known[1]
        return found

    def lasting(self, key: Hashable, answer: Callable[[], T]) -> T:
        """An answer that is made of no table, only of the key."""
        if key in self._lasting:
            known: T = self._lasting[key]
            return known
        found = answer()
        self.know(key, found)
        return found

    def know(self, key: Hashable, answer: object) -> None:
        """An answer that lasts, before anybody has asked."""
        _keep(self._lasting, key, answer)

    def written(self, table: str) -> None:
        """A statement changes this table."""
        self._written[table] = self._written.get(table, 0) + 1

    def forget(self) -> None:
        """Something was undone, or others may have written: what was read may not be true."""
        self._forgotten += 1

    def look_around(self, connection: Connection) -> None:
        """At a transaction's beginning. SQLite tells whether another process has written; on PostgreSQL one always may have."""
        if connection.dialect.name == "sqlite":
            others = int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())
            if others == self._others:
                return
            self._others = others
        self.forget()


def _keep(answers: OrderedDict[Hashable, Any], key: Hashable, answer: object) -> None:
    answers[key] = answer
    if len(answers) > MOST:
        answers.popitem(last=False)
