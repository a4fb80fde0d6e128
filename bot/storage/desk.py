"""The desk: the one place where anything is written. A command becomes facts, transfers and outbox rows in one transaction.

Readers and doers are plain synchronous functions over a `Tx`; the desk runs them on the asynchronous drivers (SQLAlchemy's `run_sync`),
so the same SQL also runs in a test or a simulation without a loop.
"""

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Row, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import clock
from bot.domain.calendar import local_date
from bot.domain.messages import Actor, Command, Fact, Query, Refusal
from bot.domain.policy import Policy
from bot.storage import schema
from bot.storage.keys import Keys
from bot.storage.news import OUTBOX, PROCESS, tell

T = TypeVar("T")
Reader = Callable[["Tx", Any, Actor], Any]
Doer = Callable[["Tx", Any, Actor], Fact]
Queue = Callable[["Tx", Sequence["Told"]], None]


@dataclass(frozen=True)
class World:
    """Who answers which query, who does which command, and who writes the notices of facts into the outbox."""

    readers: Mapping[type[Query[Any]], Reader]
    doers: Mapping[type[Command], Doer]
    queue: Queue


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
    living: date | None = None
    """A local day that is being lived late: what it brings is dated so, while instants stay true (quiet hours)."""
    _places: dict[int, tuple[str, Policy]] = field(default_factory=dict)

    def sql(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """Run a statement; a list of values runs it for each."""
        return self.connection.execute(statement, values)

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows of a statement."""
        return self.sql(statement).all()

    def row(self, statement: Executable) -> Row[Any] | None:
        """The first row, if there is one."""
        return self.sql(statement).first()

    def value(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return self.sql(statement).scalar()

    def insert(self, table: Any, **values: Any) -> int:
        """Insert one row and return its id."""
        return int(self.sql(table.insert().values(**values).returning(table.c.id)).scalar_one())

    def insert_new(self, table: Any, rows: Sequence[Mapping[str, Any]], key: str) -> set[Any]:
        """Insert those rows that no unique constraint knows yet; the `key` of each that was new. A statement a thousand."""
        if not rows:
            return set()
        statement = self._insert(table).on_conflict_do_nothing().returning(table.c[key])
        return set(self.sql(statement, list(rows)).scalars())

    def upsert(self, table: Any, rows: Sequence[Mapping[str, Any]], key: str) -> None:
        """Insert the rows, or replace what stands under the same `key`. One statement."""
        if not rows:
            return
        statement = self._insert(table).values(list(rows))
        renewed = {name: statement.excluded[name] for name in rows[0] if name != key}
        self.sql(statement.on_conflict_do_update(index_elements=[table.c[key]], set_=renewed))

    def _insert(self, table: Any) -> Any:
        """The dialect's INSERT, which knows ON CONFLICT."""
        return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[self.connection.dialect.name](table)

    def read(self, query: Query[T], me: Actor) -> T:
        """Answer a query on behalf of `me`."""
        answer: T = self.world.readers[type(query)](self, query, me)
        return answer

    def do(self, command: Command, me: Actor) -> Fact:
        """Do a command on behalf of `me`; its answer is told to everyone else whom it concerns."""
        fact = self.world.doers[type(command)](self, command, me)
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

    def forget_places(self) -> None:
        """After a policy has been changed in this transaction."""
        self._places.clear()

    def _place(self, municipality: int) -> tuple[str, Policy]:
        if municipality not in self._places:
            self._places[municipality] = place(self, municipality)
        return self._places[municipality]

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside happens whole or not at all: rows and facts alike."""
        told = len(self.told)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self.told[told:]
            raise

    def write(self) -> None:
        """Put the notices of all facts into the outbox: once, at the end."""
        told, self.told = self.told, []
        if told:
            self.world.queue(self, told)
        if self.has_mail:
            tell(self.connection, OUTBOX, PROCESS)


def place(tx: Tx, municipality: int) -> tuple[str, Policy]:
    """A municipality's zone and policy."""
    table = schema.municipality
    row = tx.sql(select(table.c.zone, table.c.policy).where(table.c.id == municipality)).one()
    return row.zone, Policy.from_document(json.loads(row.policy))


class Desk:
    """Transactions, one at a time in this process; after each that wrote something the outbox has news."""

    def __init__(
        self,
        engine: AsyncEngine,
        world: World,
        keys: Keys,
        now: Callable[[], datetime] = clock.now,
        impersonal: frozenset[str] = frozenset(),
    ) -> None:
        """`now` is the clock; the demo's offset is added from the database, so that all processes agree."""
        self.engine, self.world, self.keys, self.impersonal = engine, world, keys, impersonal
        self._now = now
        self._turn = asyncio.Lock()
        self._mail = asyncio.Event()
        self.letters = 0
        """How many transactions have put something into the outbox."""

    async def run(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction: committed whole when it returns, undone whole when it raises."""
        async with self._turn, self.engine.begin() as connection:
            answer, has_mail = await connection.run_sync(self._work, work)
        if has_mail:
            self.news()
        return answer

    def news(self) -> None:
        """Something new is in the outbox."""
        self.letters += 1
        self._mail.set()
        self._mail = asyncio.Event()

    async def look(self, work: Callable[[Tx], T]) -> T:
        """Run `work`, which only reads, beside whatever is being written."""
        async with self.engine.connect() as connection:
            await connection.execution_options(only_reads=True)
            async with connection.begin():
                return (await connection.run_sync(self._work, work))[0]

    def _work(self, connection: Connection, work: Callable[[Tx], T]) -> tuple[T, bool]:
        now = self._now() + demo_offset(connection)
        tx = Tx(connection, now, self.world, self.keys, impersonal=self.impersonal)
        answer = work(tx)
        tx.write()
        return answer, tx.has_mail

    async def mail(self, seconds: float) -> None:
        """Until something new is in the outbox, at most so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._mail.wait(), seconds)

    async def do(self, command: Command, me: Actor) -> Fact:
        """One command, one transaction."""
        return await self.run(lambda tx: tx.do(command, me))

    async def read(self, query: Query[T], me: Actor) -> T:
        """One query."""
        return await self.look(lambda tx: tx.read(query, me))


def demo_offset(connection: Connection) -> timedelta:
    """How far the demo's calendar has been moved, in whole seconds; zero in a real installation."""
    seconds = connection.execute(
        select(schema.setting.c.value).where(schema.setting.c.name == "demo_offset")
    ).scalar_one_or_none()
    return timedelta(seconds=int(seconds or 0))
