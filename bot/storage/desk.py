"""The desk: the one place where anything is written. A command becomes facts, transfers and outbox rows in one transaction (tx.py)."""

import asyncio
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import clock, logs
from bot.domain.messages import Actor, Command, Fact, Query
from bot.notifications.delivery import Delivery
from bot.storage.database import Greenlets, Threads, Work
from bot.storage.keys import Keys
from bot.storage.memory import REVISION, Memory
from bot.storage.schema import setting
from bot.storage.tx import Sure, Tx, World

log = structlog.get_logger()
T = TypeVar("T")
TOGETHER = 16
"""Works that share one commit."""
Taker = Callable[[Sequence[Delivery]], None]


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
        """When somebody last said something in a chat, by the loop's clock: long work makes way for people."""
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
        return await self._work.look(lambda connection: work(self._tx(connection, Memory(), _settings(connection))))

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
        done: list[tuple[Any, Tx]] = []
        for waiting in batch:
            known = _settings(connection)
            if not done:
                self._memory.look_around(connection, known.get(REVISION, 0))
            tx = self._tx(connection, self._memory, known)
            answer = waiting.work(tx)
            tx.write()
            self._in_hand += [*tx.handed, *tx.claimed]
            done.append((answer, tx))
        self._memory.tell_others(connection)
        return done

    def _tx(self, connection: Connection, memory: Memory, known: Mapping[str, int]) -> Tx:
        now = self._now() + timedelta(seconds=known.get(OFFSET, 0))
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


OFFSET = "demo_offset"
_SETTINGS = select(setting.c.name, setting.c.value).where(or_(setting.c.name == OFFSET, setting.c.name == REVISION))


def _settings(connection: Connection) -> dict[str, int]:
    """What a transaction looks at first: how far the demo's calendar has been moved, in whole seconds (nothing in a real installation), and how
    often the catalogue has been changed. One statement: on PostgreSQL each is a round trip of every turn."""
    return {row.name: int(row.value) for row in connection.execute(_SETTINGS)}
