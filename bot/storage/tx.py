"""A transaction: its connection, its instant, and what has happened in it.

Readers and doers are plain synchronous functions over a `Tx`: the desk runs them in SQLite's own thread or over PostgreSQL's
asynchronous driver, and the same SQL also runs in a test or a simulation without a loop.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Row, Table, UpdateBase, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.calendar import local_date
from bot.domain.messages import Actor, Command, Fact, Query, Refusal
from bot.domain.policy import Policy
from bot.notifications.delivery import Delivery
from bot.storage import schema
from bot.storage.keys import Keys
from bot.storage.memory import Memory
from bot.storage.news import OUTBOX, process, tell

T = TypeVar("T")
Reader = Callable[["Tx", Any, Actor], Any]
Doer = Callable[["Tx", Any, Actor], Fact]
Queue = Callable[["Tx", Sequence["Told"]], None]
Witness = Callable[["Tx", Command, Actor], Callable[[Fact], None]]
Sure = Callable[["Tx"], bool]


@dataclass(frozen=True)
class World:
    """Who answers which query, who does which command, and who writes the notices of facts into the outbox."""

    readers: Mapping[type[Query[Any]], Reader]
    doers: Mapping[type[Command], Doer]
    queue: Queue
    witness: "Witness" = lambda tx, command, me: lambda fact: None
    """Looks before a command of the staff and writes the audit trail after it."""


@dataclass(frozen=True)
class Together:
    """A reader that answers many askers in as many statements as one: given (query, asker) each, an answer for each."""

    answers: Callable[["Tx", Sequence[tuple[Any, Actor]]], Sequence[Any]]

    def __call__(self, tx: "Tx", query: Any, me: Actor) -> Any:
        """One asker."""
        return self.answers(tx, [(query, me)])[0]


@dataclass(frozen=True)
class Told:
    """A fact on its way to those whom it concerns; whoever saw it on the screen is not told again."""

    fact: Fact
    seen_by: int = 0


@dataclass
class Tx:
    """One transaction: its connection, its instant, and what has happened in it."""

    connection: Connection
    now: datetime
    world: World
    keys: Keys
    token: Callable[[int], str] = secrets.token_hex
    """Chance: n random bytes in hex; a test gives its own."""
    impersonal: frozenset[str] = frozenset()
    """Channels that may carry nothing about a child (R9.3)."""
    told: list[Told] = field(default_factory=list)
    has_mail: bool = False
    """Something was put into the outbox: the sender is to be woken after the commit."""
    hands: Mapping[str, "Sure"] = field(default_factory=dict)
    """Channels whose sender runs in this process, if it is certain that no other one will before this transaction ends."""
    handed: list[Delivery] = field(default_factory=list)
    """Replies that those senders get from hand to hand after the commit; their rows say `sending` already."""
    claimed: list[Delivery] = field(default_factory=list)
    """Messages that a sender takes out of the outbox; their rows say `sending`, too."""
    living: date | None = None
    """A local day that is being lived late: what it brings is dated so, while instants stay true (quiet hours)."""
    memory: Memory = field(default_factory=Memory)
    """Answers that hold for many readers."""

    def sql(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """Run a statement; a list of values runs it for each."""
        if isinstance(statement, UpdateBase):
            self.memory.written(str(statement.table))
        return self.connection.execute(statement, values)

    def rows(self, statement: Executable, values: Any = None) -> Sequence[Row[Any]]:
        """All rows of a statement."""
        return self.sql(statement, values).all()

    def row(self, statement: Executable) -> Row[Any] | None:
        """The first row, if there is one."""
        return self.sql(statement).first()

    def value(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return self.sql(statement).scalar()

    def insert(self, table: Any, **values: Any) -> int:
        """Insert one row and return its id."""
        return int(self.sql(table.insert().values(**values).returning(table.c.id)).scalar_one())

    def insert_new(self, table: Table, rows: Sequence[Mapping[str, Any]], key: str) -> set[Any]:
        """Insert those rows that no unique constraint knows yet; the `key` of each that was new. A statement a thousand."""
        if not rows:
            return set()
        return set(self.sql(_insert_new(self.connection.dialect.name, table, key), list(rows)).scalars())

    def upsert(self, table: Table, rows: Sequence[Mapping[str, Any]], *key: str) -> None:
        """Insert the rows, or replace what stands under the same `key`. One statement, run for each."""
        if rows:
            self.sql(_upsert(self.connection.dialect.name, table, key, tuple(rows[0])), list(rows))

    def read(self, query: Query[T], me: Actor) -> T:
        """Answer a query on behalf of `me`."""
        answer: T = self.world.readers[type(query)](self, query, me)
        return answer

    def read_all(self, asked: Sequence[tuple[Query[Any], Actor]]) -> list[Any]:
        """Answer queries of many; those of one kind together where their reader can."""
        answers: dict[int, Any] = {}
        together: dict[Together, list[int]] = {}
        for number, (query, me) in enumerate(asked):
            reader = self.world.readers[type(query)]
            if isinstance(reader, Together):
                together.setdefault(reader, []).append(number)
            else:
                answers[number] = reader(self, query, me)
        for reader, numbers in together.items():
            found = reader.answers(self, [asked[number] for number in numbers])
            answers.update(zip(numbers, found, strict=True))
        return [answers[number] for number in range(len(asked))]

    def do(self, command: Command, me: Actor) -> Fact:
        """Do a command on behalf of `me`; its answer is told to everyone else whom it concerns."""
        witness = self.world.witness(self, command, me)
        fact = self.world.doers[type(command)](self, command, me)
        witness(fact)
        if not isinstance(fact, Refusal):
            self.told.append(Told(fact, seen_by=me.person))
        return fact

    def tell(self, *facts: Fact) -> None:
        """What happened beside the answer: told to everyone whom it concerns."""
        self.told.extend(Told(fact) for fact in facts)

    def zone(self, municipality: int) -> str:
        """A municipality's time zone (R1.2, R8.1)."""
        return self._place(municipality)[0]

    def policy(self, municipality: int) -> Policy:
        """A municipality's policy."""
        return self._place(municipality)[1]

    def today(self, municipality: int) -> date:
        """The local date in a municipality; the day being lived while the calendar catches up."""
        return self.living or local_date(self.now, self.zone(municipality))

    def _place(self, municipality: int) -> tuple[str, Policy]:
        return self.memory.recall(
            ("municipality", municipality), (schema.municipality,), lambda: place(self, municipality)
        )

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside happens whole or not at all: rows and facts alike."""
        told = len(self.told)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self.told[told:]
            self.memory.forget()
            raise

    def write(self) -> None:
        """Put the notices of all facts into the outbox: once, at the end."""
        told, self.told = self.told, []
        if told:
            self.world.queue(self, told)
        if self.has_mail:
            tell(self.connection, OUTBOX, process())


@cache
def _insert(dialect: str, table: Table) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT."""
    return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect](table)


@cache
def _insert_new(dialect: str, table: Table, key: str) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing().returning(table.c[key])


@cache
def _upsert(dialect: str, table: Table, key: tuple[str, ...], columns: tuple[str, ...]) -> Any:
    statement = _insert(dialect, table)
    renewed = {name: statement.excluded[name] for name in columns if name not in key}
    return statement.on_conflict_do_update(index_elements=[table.c[name] for name in key], set_=renewed)


def place(tx: Tx, municipality: int) -> tuple[str, Policy]:
    """A municipality's zone and policy."""
    table = schema.municipality
    row = tx.sql(select(table.c.zone, table.c.policy).where(table.c.id == municipality)).one()
    return row.zone, _policy(row.policy)


@lru_cache(1000)
def _policy(written: str) -> Policy:
    """Each reading beside the writer remembers nothing of its own, and a policy has many fields to look at."""
    return Policy.stored(json.loads(written))
