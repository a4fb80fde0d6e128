"""The service as the simulation runs it: what a crash cannot touch (the database), and what it throws away (a process)."""

import asyncio
import base64
import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import StaticPool, create_engine, event

from bot.notifications.sender import Sender
from bot.storage import schema
from bot.storage.calendar import Calendar
from bot.storage.desk import Desk, Tx, World
from bot.storage.keys import Keys
from bot.storage.outbox import OutboxRows, take_up
from tests.simulation.clock import Clock, VirtualLoop

T = TypeVar("T")


class Crash(BaseException):
    """The process is gone; nothing may catch it."""


class PlainKeys(Keys):
    """Ciphers use the machine's chance and clock; these only look like one, so that a seed replays to the last byte."""

    def __init__(self) -> None:
        self._secret = b"simulation"

    def encrypt(self, plain: str) -> str:
        return base64.b85encode(plain.encode()).decode()

    def decrypt(self, token: str) -> str:
        return base64.b85decode(token).decode()


class Kept(sqlite3.Connection):
    """SQLAlchemy closes a connection on which it was interrupted; this one is the town's memory, and only rolls back."""

    def close(self) -> None:
        self.rollback()


class House:
    """The database in memory, the clock, and the fuse that blows at a statement."""

    def __init__(self, world: World, clock: Clock, chance: random.Random, impersonal: frozenset[str]) -> None:
        self.world, self.clock, self.chance, self.impersonal = world, clock, chance, impersonal
        self.keys = PlainKeys()
        self.dead = False
        self.fuse: int | None = None
        """Statements to go until the process dies; what is left of it at a COMMIT says on which side of that."""
        self.statements = self.crashes = 0
        self.committed: Callable[[Tx], None] = lambda tx: None
        """Called after each transaction that has written, before anybody learns of it."""
        self.raw: Any = sqlite3.connect(":memory:", isolation_level=None, factory=Kept)
        self.raw.execute("PRAGMA foreign_keys=ON")
        self.memory = create_engine("sqlite://", creator=lambda: self.raw, poolclass=StaticPool)
        event.listen(self.memory, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        event.listen(self.memory, "before_cursor_execute", self._burns)
        with self.memory.begin() as connection:
            schema.metadata.create_all(connection)

    def run(self, work: Callable[[Tx], T]) -> tuple[T, bool]:
        """One transaction, and whether there is mail. Crash, in the middle of it or behind its COMMIT, if the fuse says so."""
        if self.dead:
            raise Crash
        with self.memory.begin() as connection:
            tx = Tx(connection, self.clock.now, self.world, self.keys, self.token, self.impersonal)
            answer = work(tx)
            tx.write()
            at_commit = self.fuse is not None and self.fuse < AT_COMMIT
            if at_commit and self.fuse % 2 == 0:
                self._dies()
        self.committed(tx)
        if at_commit:
            self._dies()
        return answer, tx.has_mail

    def look(self, work: Callable[[Tx], T]) -> T:
        """One transaction that only reads."""
        if self.dead:
            raise Crash
        with self.memory.begin() as connection:
            return work(Tx(connection, self.clock.now, self.world, self.keys, self.token, self.impersonal))

    def token(self, size: int) -> str:
        """Chance in hex, as `secrets.token_hex`."""
        return self.chance.randbytes(size).hex()

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Past SQLAlchemy, outside any transaction: how the checks look."""
        found: list[Any] = self.raw.execute(statement, values).fetchall()
        return found

    def value(self, statement: str, *values: Any) -> Any:
        row = self.raw.execute(statement, values).fetchone()
        return row[0] if row else None

    def _burns(self, *_call: Any) -> None:
        self.statements += 1
        if self.fuse is None or self.dead:
            return
        if self.fuse == 0:
            self._dies()
        self.fuse -= 1

    def _dies(self) -> None:
        self.dead, self.fuse = True, None
        self.crashes += 1
        raise Crash


AT_COMMIT = 40
"""A fuse that is longer at a COMMIT goes on into the next transactions."""


class MemoryDesk(Desk):
    """The desk on the house's one connection: transactions one after another, in this thread."""

    def __init__(self, house: House) -> None:
        self.house, self.letters = house, 0
        self.keys, self.world, self.impersonal = house.keys, house.world, house.impersonal
        self._news = asyncio.Event()

    async def run(self, work: Callable[[Tx], T]) -> T:
        answer, has_mail = self.house.run(work)
        if has_mail:
            self.letters += 1
            self._news.set()
            self._news = asyncio.Event()
        return answer

    async def look(self, work: Callable[[Tx], T]) -> T:
        return self.house.look(work)

    async def mail(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()


class Process:
    """From one start to the next crash: a loop, a sender for each channel."""

    def __init__(self, house: House, channels: Callable[[Desk], Sequence[Any]]) -> None:
        self.house = house
        self.loop = VirtualLoop(house.clock)
        self.desk = MemoryDesk(house)
        self.senders: list[asyncio.Task[None]] = []
        self.does(self.desk.run(take_up))
        self.senders += [
            self.loop.create_task(Sender(channel, OutboxRows(self.desk)).run()) for channel in channels(self.desk)
        ]

    def does(self, coroutine: Any) -> Any:
        """To its end; the senders go on meanwhile. Crash if the process dies on the way."""
        answer = self.loop.run_until_complete(coroutine)
        self._still_lives()
        return answer

    def sends(self, seconds: float) -> None:
        """The senders have so much time."""
        self.does(asyncio.sleep(seconds))

    def lives(self) -> bool:
        """The calendar does what has fallen due; False while a dead process still has the lease."""
        return bool(self.does(Calendar(self.desk).live()))

    def _still_lives(self) -> None:
        if self.house.dead:
            raise Crash
        for sender in self.senders:
            if sender.done():
                sender.result()
        if self.loop.troubles:
            raise self.loop.troubles[0]

    def is_gone(self) -> None:
        """Its tasks end without a trace: the house is dead for them."""
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        while tasks := [task for task in asyncio.all_tasks(self.loop) if not task.done()]:
            self.loop.run_until_complete(asyncio.wait(tasks, timeout=1))
        self.loop.close()
