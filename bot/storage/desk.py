"""The desk: the one place where anything is written. A command becomes facts, transfers and outbox rows in one transaction.

Readers and doers are plain synchronous functions over a `Tx`: the desk runs them in SQLite's own thread or over PostgreSQL's
asynchronous driver, and the same SQL also runs in a test or a simulation without a loop.
"""

import asyncio
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from math import inf
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, CursorResult, Executable, Row, Table, UpdateBase, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import clock, logs
from bot.domain.calendar import local_date
from bot.domain.messages import Actor, Command, Fact, Query, Refusal
from bot.domain.policy import Policy
from bot.notifications.delivery import Delivery
from bot.storage import schema
from bot.storage.database import Greenlets, Threads, Work
from bot.storage.keys import Keys
from bot.storage.memory import Memory
from bot.storage.news import OUTBOX, process, tell

log = structlog.get_logger()
T = TypeVar("T")
Reader = Callable[["Tx", Any, Actor], Any]
Doer = Callable[["Tx", Any, Actor], Fact]
Queue = Callable[["Tx", Sequence["Told"]], None]
Witness = Callable[["Tx", Command, Actor], Callable[[Fact], None]]
TOGETHER = 16
"""Works that share one commit."""
Taker = Callable[[Sequence[Delivery]], None]
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
    return row.zone, Policy.stored(json.loads(row.policy))


class Desk:
    """Transactions, one at a time in this process; after each that wrote something the outbox has news.

    On SQLite works that wait together share one commit: it costs as much as all that a dozen of them do.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        world: World,
        keys: Keys,
        now: Callable[[], datetime] = clock.now,
        impersonal: frozenset[str] = frozenset(),
        work: Work | None = None,
        token: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        """`now` is the clock; the demo's offset is added from the database, so that all processes agree.

        `work` is how it meets the database, if not as `engine` does it in the service; `token` is chance.
        """
        self.engine, self.world, self.keys, self.impersonal = engine, world, keys, impersonal
        self._now, self._token = now, token
        alone = engine.dialect.name == "sqlite"
        self._work: Work = work or (Threads(engine) if alone else Greenlets(engine))
        self._at_once = TOGETHER if alone else 1
        self._memory = Memory()
        self._waiting: deque[_Waiting] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._mail = asyncio.Event()
        self._takers: dict[str, Taker] = {}
        self._hands: dict[str, Sure] = {}
        self._in_hand: list[Delivery] = []
        self.last_turn = -inf
        """When somebody last said something in a chat, by `time.monotonic()`: long work makes way for people."""
        self.letters = 0
        """How many transactions have put something into the outbox."""
        self.doubtful: dict[str, set[int]] = defaultdict(set)
        """By channel: outbox rows of commits whose answer PostgreSQL has not given: if they are there, no sender has them in hand."""

    async def run(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction: committed whole when it returns, undone whole when it raises.

        It may be run again if the transaction that it shared with others could not be committed.
        """
        waiting = _Waiting(work)
        self._waiting.append(waiting)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        answer: T = await waiting.done
        return answer

    def news(self) -> None:
        """Something new is in the outbox."""
        self.letters += 1
        self._mail.set()
        self._mail = asyncio.Event()

    async def look(self, work: Callable[[Tx], T]) -> T:
        """Run `work`, which only reads, beside whatever is being written."""
        return await self._work.look(lambda connection: work(self._tx(connection, Memory())))

    async def _write(self) -> None:
        """Until nobody waits. One that fails takes nobody with it: then each is run by itself."""
        while self._waiting:
            taken = [self._waiting.popleft() for _number in range(min(len(self._waiting), self._at_once))]
            batch = [waiting for waiting in taken if not waiting.done.cancelled()]
            if len(batch) > 1 and await self._commit(batch, at_last=False):
                continue
            for waiting in batch:
                await self._commit([waiting])

    async def _commit(self, batch: Sequence["_Waiting"], at_last: bool = True) -> bool:
        """Run works in one transaction, and tell those who wait; of a failure only `at_last`."""
        self._in_hand = []  # of this transaction, which may not even begin
        try:
            done = await self._work.write(lambda connection: self._together(connection, batch))
        except BaseException as trouble:
            self._memory.forget()
            if self.engine.dialect.name == "postgresql":
                for delivery in self._in_hand:
                    self.doubtful[delivery.channel].add(delivery.row)
            for waiting in batch if at_last or not isinstance(trouble, Exception) else ():
                if not waiting.done.done():
                    waiting.done.set_exception(trouble)
            if not isinstance(trouble, Exception):
                raise
            return False
        for waiting, (answer, tx) in zip(batch, done, strict=True):
            try:
                self._tell(tx)
            except Exception as bug:  # it is committed, whoever waits must know; what was not handed over is taken up at the next start
                log.error("desk.bug", kind=type(bug).__name__, where=logs.where(bug))
            if not waiting.done.done():
                waiting.done.set_result(answer)
        return True

    def _together(self, connection: Connection, batch: Sequence["_Waiting"]) -> list[tuple[Any, Tx]]:
        self._memory.look_around(connection)
        done = []
        for waiting in batch:
            tx = self._tx(connection, self._memory)
            answer = waiting.work(tx)
            tx.write()
            self._in_hand += [*tx.handed, *tx.claimed]
            done.append((answer, tx))
        self._memory.tell_others(connection)
        return done

    def _tx(self, connection: Connection, memory: Memory) -> Tx:
        now = self._now() + demo_offset(connection)
        return Tx(
            connection, now, self.world, self.keys, self._token, self.impersonal, hands=self._hands, memory=memory
        )

    def _tell(self, tx: Tx) -> None:
        """After the commit: replies to their senders, news to whoever waits for it."""
        for channel in dict.fromkeys(delivery.channel for delivery in tx.handed):
            mine = [delivery for delivery in tx.handed if delivery.channel == channel]
            self.doubtful[channel].difference_update(delivery.row for delivery in mine)  # a lost row's id is given anew
            self._takers[channel](mine)
        if tx.has_mail:
            self.news()

    def hand_to(self, channel: str, take: Taker, sure: Sure = lambda tx: True) -> None:
        """From the next transaction on `take` gets this channel's replies after each commit, in the loop's thread; those of
        transactions that are `sure` that the channel's sender is here."""
        self._takers[channel] = take
        self._hands = {**self._hands, channel: sure}

    async def hand_no_more(self, channel: str) -> None:
        """Returns when the last transaction that still hands over has ended."""
        self._hands = {name: sure for name, sure in self._hands.items() if name != channel}
        await self.run(lambda tx: None)
        del self._takers[channel]

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


@dataclass
class _Waiting:
    """A work that waits for its transaction, and whoever waits for it."""

    work: Callable[[Tx], Any]
    done: "asyncio.Future[Any]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


_OFFSET = select(schema.setting.c.value).where(schema.setting.c.name == "demo_offset")


def demo_offset(connection: Connection) -> timedelta:
    """How far the demo's calendar has been moved, in whole seconds; zero in a real installation."""
    seconds = connection.execute(_OFFSET).scalar_one_or_none()
    return timedelta(seconds=int(seconds or 0))
