"""The service as the simulation runs it: what a crash cannot touch (the database), and what it throws away (a process)."""

import asyncio
import base64
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, StaticPool, Table, create_engine, event
from sqlalchemy.exc import OperationalError

from bot.handlers.intake import Intake
from bot.service import keeper_of
from bot.storage import schema
from bot.storage.calendar import Calendar
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.memory import Memory
from bot.storage.tx import Tx, World
from tests.simulation.clock import Clock, VirtualLoop

T = TypeVar("T")


class Crash(BaseException):
    """The process is gone; nothing may catch it."""


class Violation(BaseException):
    """What must never be; no handler of the product may swallow it."""


class Bug(Exception):
    """A defect in whatever runs just then: it must take nothing with it but its own update."""


def outage() -> OperationalError:
    """The database fails for a moment."""
    return OperationalError("", None, sqlite3.OperationalError("database or disk is full"))


class PlainKeys(Keys):
    """Ciphers use the machine's chance and clock; these only look like one, so that a seed replays to the last byte."""

    def __init__(self) -> None:
        self._secret = b"simulation"

    def encrypt(self, plain: str) -> str:
        return base64.b64encode(plain.encode()).decode()

    def decrypt(self, token: str) -> str:
        return base64.b64decode(token).decode()

    def seal(self, content: bytes) -> bytes:
        return content

    def unseal(self, token: bytes) -> bytes:
        return token


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
        """Statements to go until something breaks; what is left of it at a COMMIT says on which side of that."""
        self.blows: Callable[[], BaseException] = Crash
        """What breaks: the process, or only the database for a moment."""
        self.statements = self.commits = self.crashes = 0
        self.bugs = 0
        self.wrong: Violation | None = None
        """The first thing that must not be."""
        self.did: list[str] = []
        self.done: Counter[str] = Counter()
        """What was done in the present transaction, and in all that were committed."""
        self.told: list[tuple[str, str, int, bool]] = []
        """Of the present transaction's facts: kind, cause, reader, and whether the reader saw it on the screen."""
        self.begun: list[Tx] = []
        """What shares the present transaction."""
        self.committed: Callable[[Sequence[Tx]], None] = lambda together: None
        """Called after each transaction, before anybody learns of it."""
        self.stops: Callable[[], None] = lambda: None
        self.raw: Any = sqlite3.connect(":memory:", isolation_level=None, factory=Kept)
        self.raw.execute("PRAGMA foreign_keys=ON")
        self.memory = create_engine("sqlite://", creator=lambda: self.raw, poolclass=StaticPool)
        event.listen(self.memory, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        event.listen(self.memory, "before_cursor_execute", self._burns)
        with self.memory.begin() as connection:
            schema.metadata.create_all(connection)

    # --- how the desk works on it (`storage.database.Work`) ---

    async def write(self, work: Callable[[Connection], T]) -> T:
        """One transaction. It breaks in the middle, before its COMMIT or right behind it, if the fuse says so."""
        self._must_live()
        self.begun.clear()
        self.did.clear()
        self.told.clear()
        with self.memory.begin() as connection:
            answer = work(connection)
            at_commit = self.fuse is not None and self.fuse < AT_COMMIT
            if at_commit and (self.blows is not Crash or self.fuse % 2 == 0):  # type: ignore[operator]
                self._breaks()
        self.commits += 1
        self.done.update(self.did)
        self.committed(self.begun)
        if at_commit:
            self._breaks()
        return answer

    async def look(self, work: Callable[[Connection], T]) -> T:
        """One transaction that only reads."""
        self._must_live()
        with self.memory.begin() as connection:
            return work(connection)

    def read(self, work: Callable[[Tx], T]) -> T:
        """What anybody may know, without a process."""
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
            self._breaks()
        self.fuse -= 1

    def is_wrong(self, why: str) -> None:
        """Everything stops here."""
        self.wrong = self.wrong or Violation(why)
        self.stops()
        raise self.wrong

    def _breaks(self) -> None:
        self.fuse = None
        self.bugs += self.blows is Bug
        if self.blows is Crash:
            self.crashes += 1
            self.dead = True
            self.stops()
        raise self.blows()

    def _must_live(self) -> None:
        if self.dead:
            raise Crash


AT_COMMIT = 40
"""A fuse that is longer at a COMMIT goes on into the next transactions."""


class WatchedMemory(Memory):
    """What is remembered is what would be read, now and then looked at."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house

    def recall(self, key: Hashable, tables: Sequence[Table], answer: Callable[[], T]) -> T:
        found = super().recall(key, tables, answer)
        if self.house.chance.random() < 0.05 and answer() != found:
            self.house.is_wrong(f"what is remembered under {key!r:.80} is not true any more")
        return found


class MemoryDesk(Desk):
    """The desk on the house's one connection, in this thread."""

    def __init__(self, house: House) -> None:
        engine = cast(Any, house.memory)
        super().__init__(engine, house.world, house.keys, lambda: house.clock.now, house.impersonal, house, house.token)
        self.house = house
        self._memory = WatchedMemory(house)

    def _tx(self, connection: Connection, memory: Memory, known: Mapping[str, int]) -> Tx:
        tx = super()._tx(connection, memory, known)
        self.house.begun.append(tx)
        return tx


class Process:
    """From one start to the next crash: a loop, the intake, a sender for each channel, as `bot.service` puts them together."""

    def __init__(self, house: House, channels: Callable[[Desk], Sequence[Any]]) -> None:
        self.house = house
        self.loop = VirtualLoop(house.clock)
        house.stops = self.loop.stop
        self.desk = MemoryDesk(house)
        self.intake = Intake(self.desk)
        self.senders = [self.loop.create_task(keeper_of(self.desk, each).run()) for each in channels(self.desk)]

    def does(self, coroutine: Any) -> Any:
        """To its end; the senders go on meanwhile. Crash if the process dies on the way, Violation if anybody meets one."""
        task = self.loop.create_task(coroutine)
        try:
            answer = self.loop.run_until_complete(task)
        except RuntimeError:
            if not (self.house.dead or self.house.wrong):  # else the loop was stopped by that
                raise
        if self.house.wrong is not None:
            raise self.house.wrong
        if self.house.dead:
            raise Crash
        for sender in self.senders:
            if sender.done():
                sender.result()
        if self.loop.troubles:
            raise self.loop.troubles[0]
        return answer

    def sends(self, seconds: float) -> None:
        """The senders have so much time."""
        self.does(asyncio.sleep(seconds))

    def lives(self) -> bool:
        """The calendar does what has fallen due; False while a dead process still has the lease."""
        return bool(self.does(Calendar(self.desk).live()))

    def is_gone(self) -> None:
        """Its tasks end without a trace: the house is dead for them."""
        self.loop.call_soon(self.loop.stop)  # and with it the stop of the crash that may still be on its way
        self.loop.run_forever()
        for _farewell in range(60):  # whoever still waits then has met what is wrong, and is lost with the loop
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            if not asyncio.all_tasks(self.loop):
                break
            self.loop.run_until_complete(asyncio.sleep(1))
        self.loop.close()
