"""The town without a loop, in memory: years of it are lived in a second, by the same commands and the same runs."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, StaticPool, create_engine, event, select

from bot.notifications.scheduler import KnownPeriod, due
from bot.storage import schema
from bot.storage.calendar_jobs import DAILY, MINUTELY
from bot.storage.database import open_database
from bot.storage.municipality import production_calendar
from bot.storage.runs import RUNS, next_ids
from bot.storage.tx import Tx
from bot.storage.world import WORLD
from tests.storage.town import Town

T = TypeVar("T")


class Village(Town):
    """A Town on a synchronous SQLite; its transactions are the desk's, its days those of the calendar."""

    def __init__(self, today: date) -> None:
        self.memory = create_engine("sqlite://", poolclass=StaticPool)
        event.listen(self.memory, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
        event.listen(self.memory, "begin", _begin)
        with self.memory.begin() as connection:
            schema.metadata.create_all(connection)
        self.lived = today - timedelta(days=1)
        super().__init__(open_database("sqlite:///nowhere.db"), cast(Any, None), today)

    def run(self, work: Callable[[Tx], T]) -> T:
        with self.memory.begin() as connection:
            tx = Tx(connection, self.now, WORLD, self.desk.keys)
            answer = work(tx)
            tx.write()
            return answer

    def lives(self) -> None:
        """Every day up to today, in order, as the calendar lives them; then the minute's jobs."""
        while self.lived < self.now.date():
            self.lived += timedelta(days=1)
            for step in self.run(self._steps):
                after = 0
                while after := self.run(partial(self._chunk, step=step, after=after)):
                    pass
            self.run(self._jobs)
        for job in MINUTELY:
            self.run(job)

    def _steps(self, tx: Tx) -> list[Any]:
        table = schema.funding_period
        rows = tx.rows(select(table).order_by(table.c.start))
        periods = [KnownPeriod(row.id, row.start, row.stop, row.state) for row in rows]
        return due(self.lived, periods, tx.policy(self.municipality), False, production_calendar(tx, self.municipality))

    def _chunk(self, tx: Tx, step: Any, after: int) -> int:
        tx.living = self.lived
        ids = next_ids(tx, RUNS[step.step], self.municipality, self.lived, step, after)
        if ids:
            RUNS[step.step].does(tx, ids, self.lived, step)
        return ids[-1] if ids else 0

    def _jobs(self, tx: Tx) -> None:
        tx.living = self.lived
        for job in DAILY:
            job(tx, self.municipality, self.lived)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
