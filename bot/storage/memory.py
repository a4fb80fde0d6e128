"""What was read and still holds: answers that are the same for many readers, until one of their tables is written to."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, Table, Text, bindparam, cast
from sqlalchemy.dialects.postgresql import insert

from bot.storage import schema

T = TypeVar("T")
REMEMBERED = (
    schema.shelf,
    schema.group,
    schema.program,
    schema.program_stem,
    schema.stem,
    schema.provider,
    schema.agreement,
    schema.district,
    schema.municipality,
)
"""Tables that answers may be made of: the catalogue, and whose it is."""
MOST = 5_000
"""Answers of each kind that are kept, the latest asked for; a page of programs takes about 2 KB, a conversation 4."""
REVISION = "catalogue_revision"
_NAMES = frozenset(str(table) for table in REMEMBERED)
_COUNTED = insert(schema.setting).values(name=bindparam("name"), value=bindparam("value"))
_TOLD = _COUNTED.on_conflict_do_update(
    index_elements=[schema.setting.c.name],
    set_={"value": cast(cast(schema.setting.c.value, BigInteger) + 1, Text)},
)


class Memory:
    """Belongs to whoever writes. A write is noticed when its statement runs, so a transaction never reads what it has outdated itself.
    What other processes write SQLite tells; on PostgreSQL each of them counts it in a row, in the transaction of the write.

    Answers that are made of no table at all, such as a stored conversation decoded, hold for as long as what is stored is the same.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, tuple[tuple[int, ...], Any]] = OrderedDict()
        self._shared: OrderedDict[Hashable, tuple[tuple[int, ...], Any]] = OrderedDict()
        self._lasting: OrderedDict[Hashable, tuple[str, Any]] = OrderedDict()
        self._written: dict[str, int] = {}
        self._forgotten = 0
        self._others = -1
        self._news = False

    def recall(self, key: Hashable, tables: Sequence[Table], answer: Callable[[], T]) -> T:
        """The answer under this key, asked for anew if one of `tables`, all that it is made of, has been written to since.

        `tables` are among REMEMBERED.
        """
        stamp = self._stamp(tables)
        known = self._answers.get(key)
        if known is None or known[0] != stamp:
            known = stamp, answer()
            _keep(self._answers, key, known)
        else:
            self._answers.move_to_end(key)
        found: T = known[1]
        return found

    def recall_all(
        self, keys: Sequence[Hashable], tables: Sequence[Table], answers: Callable[[Sequence[int]], Sequence[T]]
    ) -> list[T]:
        """Small answers that many larger ones are made of; those in the `places` that are not known any more are asked for together.

        None is no answer.
        """
        found = self.known(keys, tables)
        places = [place for place, answer in enumerate(found) if answer is None]
        stamp = self._stamp(tables)
        for place, answer in zip(places, answers(places) if places else (), strict=True):
            found[place] = answer
            _keep(self._shared, keys[place], (stamp, answer))
        return found

    def known(self, keys: Sequence[Hashable], tables: Sequence[Table]) -> list[Any]:
        """The same without asking: None where there is no answer."""
        stamp, never = self._stamp(tables), ((), None)
        found = [self._shared.get(key, never) for key in keys]
        return [answer if known == stamp else None for known, answer in found]

    def _stamp(self, tables: Sequence[Table]) -> tuple[int, ...]:
        return self._forgotten, *(self._written.get(table.name, 0) for table in tables)

    def lasting(self, key: Hashable, stored: str, answer: Callable[[], T]) -> T:
        """An answer that is made of no table, only of what is `stored`; of each key the last one is kept."""
        known = self._lasting.get(key)
        if known is None or known[0] != stored:
            known = stored, answer()
            _keep(self._lasting, key, known)
        found: T = known[1]
        return found

    def know(self, key: Hashable, stored: str, answer: object) -> None:
        """An answer that lasts, before anybody has asked."""
        _keep(self._lasting, key, (stored, answer))

    def written(self, table: str) -> None:
        """A statement changes this table."""
        self._written[table] = self._written.get(table, 0) + 1
        self._news = self._news or table in _NAMES

    def forget(self) -> None:
        """Something was undone, or others have written: what was read may not be true."""
        self._forgotten += 1

    def look_around(self, connection: Connection, revision: int) -> None:
        """At a transaction's beginning: whether other processes have written; `revision` is what they count on PostgreSQL."""
        self._news = False
        if connection.dialect.name == "sqlite":
            others = int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())
        else:
            others = revision
        if others != self._others:
            self._others = others
            self.forget()

    def tell_others(self, connection: Connection) -> None:
        """At a transaction's end; the row is locked by nobody for longer than a commit."""
        if self._news and connection.dialect.name == "postgresql":
            connection.execute(_TOLD, {"name": REVISION, "value": "1"})


def _keep(answers: OrderedDict[Hashable, Any], key: Hashable, answer: object) -> None:
    answers[key] = answer
    answers.move_to_end(key)
    if len(answers) > MOST:
        answers.popitem(last=False)
