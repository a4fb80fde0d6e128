"""The charge of a month, a grant and an expiry for 300 000, in chunks beside a chat: how long against one bare transaction.

The bare transaction is what the database needs in any case: four statements by hand that insert the same transfers, update the same
balances and queue the same notices, all at once and without a question. It runs first, on a copy of its own; both end with the same rows.
"""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.region import COMING, NOW, OTHER, THIS, fill
from bench.report import Report
from bench.town import _server, fresh
from bot.notifications.scheduler import Due, Step
from bot.service import spare_the_long_lived
from bot.storage import schema
from bot.storage.calendar import Calendar
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.migrating import migrate
from bot.storage.tx import Tx
from bot.storage.world import WORLD

CHILDREN = 300_000
PAUSE, ALONE = 0.01, 5.0
"""Seconds between two transactions of the chat, and for which it is alone first: what this machine makes it wait in any case."""
HEADINGS = (
    "step", "bare, s", "run, s", "beside a chat, s", "×", "× in CPU", "chunks", "median chunk",
    "alone: wait p95, ms", "longest", "beside it: wait p95, ms", "longest",
)  # fmt: skip
KEYS = Keys("bench", ["YmVuY2htYXJrYmVuY2htYXJrYmVuY2htYXJrYmVuY2g="])
MORNING, NIGHT = "'2026-10-01 06:00:00.000000'", "'2026-09-30 21:01:00.000000'"


def its(kind: str, owner: str, period: str, name: str) -> str:
    """JOIN an account by its unique key."""
    return (
        f"JOIN account {name} ON {name}.kind = '{kind}' AND {name}.owner = {owner} AND {name}.period = {period}"
        f" AND {name}.unit = 'money'"
    )


def notices(key: str, kind: str, values: str, rows: str) -> str:
    return (
        'INSERT INTO outbox ("key", kind, person, content, priority, state, not_before, created_at)'
        f""" SELECT {key} || ':g' || g.person, '{kind}', g.person, '{{"is":"{kind}","child":' || c.child || '{values}}}',"""
        f" 1, 'queued', {MORNING}, {NIGHT} FROM {rows} JOIN guardianship g ON g.child = c.child"
    )


def transfers(key: str, sides: str, kopecks: str, why: str, about: str, month: str, rows: str) -> str:
    return (
        'INSERT INTO transfer ("key", source, target, kopecks, why, about, month, at)'
        f" SELECT {key}, {sides}, {kopecks}, '{why}', {about}, {month}, {NIGHT} FROM {rows}"
    )


LEARNING = "enrollment c " + its("hold", "c.id", "0", "h") + " " + its("certificate", "c.certificate", "c.period", "p")
PROVIDER = "JOIN module m ON m.id = c.module JOIN program r ON r.id = m.program"
PAID = "(SELECT a.id FROM account a WHERE a.kind = 'provider' AND a.owner = r.provider AND a.period = 0 AND a.unit = 'money')"
"""Looked up, not joined: PostgreSQL would begin with every hold of every provider."""
CHARGE, GRANT, EXPIRY = "'charge:' || c.id || ':2026-10'", "'grant:' || c.id || ':2:1'", "'expiry:' || c.id || ':1:1'"
DAY = '"day":"2026-10-01"'
BARE = {
    Step.CHARGE_MONTH: (
        notices(
            CHARGE,
            "Charged",
            f""",{DAY},"key":"' || {CHARGE} || '","enrollment":' || c.id || ',"month":"2026-10","amount":' || c.other"""
            """ || ',"held":' || (h.balance - c.other) || ',"left":' || p.balance || '""",
            LEARNING,
        ),
        transfers(CHARGE, f"h.id, {PAID}", "c.other", "charge", "c.id", "'2026-10'", f"{LEARNING} {PROVIDER}"),
        f"UPDATE account SET balance = balance + s.k FROM (SELECT r.provider, {OTHER} * count(*) AS k FROM enrollment c {PROVIDER}"
        " GROUP BY r.provider) s WHERE kind = 'provider' AND owner = s.provider AND account.period = 0 AND unit = 'money'",
        "UPDATE account SET balance = balance - c.other FROM enrollment c WHERE kind = 'hold' AND owner = c.id"
        " AND account.period = 0 AND unit = 'money'",
    ),
    Step.GRANT: (
        "INSERT INTO account (kind, owner, period) SELECT 'budget', 1, 2",
        "INSERT INTO account (kind, owner, period) SELECT 'certificate', c.id, 2 FROM certificate c",
        notices(
            GRANT,
            "Granted",
            f""",{DAY},"key":"' || {GRANT} || '","certificate":' || c.id || ',"period":2,"amount":1200000,"left":' || """
            """(p.balance + 1200000) || ',"start":"2027-06-01","until":"2028-05-31\"""",
            f"certificate c {its('certificate', 'c.id', '2', 'p')}",
        ),
        transfers(GRANT, "b.id, p.id", "1200000", "grant", "NULL", "NULL", f"certificate c {its('certificate', 'c.id', '2', 'p')} {its('budget', '1', '2', 'b')}"),
        "UPDATE account SET balance = balance + 1200000 WHERE kind = 'certificate' AND period = 2",
        "UPDATE account SET balance = balance - (SELECT 1200000 * count(*) FROM certificate) WHERE kind = 'budget' AND period = 2",
    ),
    Step.EXPIRE: (
        notices(
            EXPIRY,
            "Withdrawn",
            f""",{DAY},"key":"' || {EXPIRY} || '","certificate":' || c.id || ',"period":1,"amount":' || p.balance || """
            """',"why":"expiry\"""",
            f"certificate c {its('certificate', 'c.id', '1', 'p')}",
        ),
        transfers(EXPIRY, "p.id, b.id", "p.balance", "expiry", "NULL", "NULL", f"certificate c {its('certificate', 'c.id', '1', 'p')} {its('budget', '1', '1', 'b')}"),
        "UPDATE account SET balance = balance + s.k FROM (SELECT CAST(sum(balance) AS BIGINT) AS k FROM account WHERE kind = 'certificate' AND"
        " period = 1) s WHERE kind = 'budget' AND period = 1",
        "UPDATE account SET balance = 0 WHERE kind = 'certificate' AND period = 1",
    ),
}  # fmt: skip
"""The bare transaction of each step."""
WRITTEN = (
    'SELECT count(*), sum(kopecks), min("key"), max("key") FROM transfer',
    "SELECT count(*), sum(length(content)), min(content), max(content), min(not_before) FROM outbox",
    "SELECT kind, period, count(*), sum(balance), max(balance) FROM account GROUP BY kind, period ORDER BY kind, period",
)


@dataclass
class Chat:
    """A small transaction again and again, through the desk that the run uses; how long each waited."""

    desk: Desk
    waits: list[float] = field(default_factory=list)

    async def talk(self) -> None:
        while True:
            began = time.perf_counter()
            await self.desk.run(_says)
            self.waits.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)

    def told(self) -> tuple[float, float]:
        """The 95th percentile and the longest, in milliseconds."""
        waits = sorted(self.waits)
        return 1000 * waits[int(0.95 * len(waits))], 1000 * waits[-1]


def _says(tx: Tx) -> None:
    tx.upsert(schema.setting, [{"name": "bench", "value": "chat"}], "name")


@dataclass(frozen=True)
class Place:
    """Where the runs are measured: `copy` gives the URL of a fresh database, `worked` the CPU seconds of us and its server so far."""

    name: str
    children: int
    copy: Callable[[], str]
    worked: Callable[[], float]


@dataclass(frozen=True)
class Took:
    """What one measurement took, in seconds; the chunks of a run."""

    seconds: float
    work: float
    sizes: Sequence[int] = ()


async def bare(place: Place, engine: AsyncEngine, step: Step) -> Took:
    began, worked = time.perf_counter(), place.worked()
    async with engine.begin() as connection:
        for statement in BARE[step]:
            await connection.exec_driver_sql(statement)
    return Took(time.perf_counter() - began, place.worked() - worked)


async def run(place: Place, desk: Desk, step: Step) -> Took:
    counts = [0]
    calendar = Calendar(desk, lambda step, day, count, total: counts.append(count))
    due = Due(step, {Step.GRANT: COMING, Step.EXPIRE: THIS}.get(step, 0))
    began, worked = time.perf_counter(), place.worked()
    await calendar.step(1, date(2026, 10, 1), due)
    took = time.perf_counter() - began, place.worked() - worked
    return Took(*took, [after - before for before, after in pairwise(counts)])


async def written(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as connection:
        return [[tuple(row) for row in await connection.execute(text(sql))] for sql in WRITTEN]


async def measured(report: Report, place: Place) -> None:
    rows = []
    for step in BARE:
        async with copied(place) as engine:
            once = await bare(place, engine, step)
            wanted = await written(engine)
        async with copied(place) as engine:
            ours = await run(place, desk(engine), step)
            assert await written(engine) == wanted, f"{step}: other rows than the bare transaction's"
        async with copied(place) as engine:
            alone, beside = Chat(desk(engine)), Chat(desk(engine))
            with suppress(TimeoutError):
                await asyncio.wait_for(alone.talk(), ALONE)
            talking = asyncio.create_task(beside.talk())
            busy = await run(place, beside.desk, step)
            talking.cancel()
        rows.append(
            (step.value, once.seconds, ours.seconds, busy.seconds, ours.seconds / once.seconds, ours.work / once.work)
            + (len(ours.sizes), sorted(ours.sizes)[len(ours.sizes) // 2], *alone.told(), *beside.told())
        )
        for words, found, most in (
            ("× one bare transaction", ours.seconds / once.seconds, 2.0),
            ("a chat's longest wait, ms", beside.told()[1], 50.0),
        ):
            report.target(f"{place.name}, {step.value}: {words}", found, most, at_most=True)
    report.table(f"Runs of {place.children} on {place.name}", HEADINGS, rows)


def desk(engine: AsyncEngine) -> Desk:
    return Desk(engine, WORLD, KEYS, lambda: NOW)


@asynccontextmanager
async def copied(place: Place) -> AsyncIterator[AsyncEngine]:
    engine = open_database(await asyncio.to_thread(place.copy))
    try:
        yield engine
    finally:
        await engine.dispose()


async def at_rest(url: str) -> None:
    """What was copied is on the disk."""
    engine = open_database(url, pool=False).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql("CHECKPOINT")
    await engine.dispose()


async def build(url: str, children: int) -> None:
    engine = open_database(url)
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.run_sync(fill, children)
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await connection.exec_driver_sql("COMMIT")
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            free = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await free.exec_driver_sql("VACUUM ANALYZE")
    await engine.dispose()


@contextmanager
def on_sqlite(folder: Path, children: int) -> Iterator[Place]:
    base, run = folder / "base.db", folder / "run.db"
    asyncio.run(build(f"sqlite:///{base}", children))

    def copy() -> str:
        for old in folder.glob("run.db*"):
            old.unlink()
        shutil.copyfile(base, run)
        with run.open("rb+") as written:
            os.fsync(written.fileno())  # else the first commit of the run waits for the whole copy
        return f"sqlite:///{run}"

    yield Place("SQLite", children, copy, time.process_time)


@contextmanager
def on_postgres(folder: Path, children: int) -> Iterator[Place]:
    server = _server(folder / "postgres")
    first = int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    try:
        asyncio.run(build(fresh(server.get_uri(), "base"), children))

        def copy() -> str:
            url = fresh(server.get_uri(), "run", "base")
            asyncio.run(at_rest(url))
            return url

        yield Place("PostgreSQL", children, copy, lambda: time.process_time() + processes_worked(first))
    finally:
        server.cleanup()


def processes_worked(first: int) -> float:
    """CPU seconds of a process, of its children that live and of those that have ended (Linux)."""
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, (parent, *times) = int(place.parent.name), _stat(place.read_text())
            if first in (number, parent):
                ticks += sum(times if number == first else times[:2])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(line: str) -> tuple[int, ...]:
    """The parent; user and system time, its own and that of children who have ended."""
    fields = line.rpartition(")")[2].split()
    return int(fields[1]), *(int(each) for each in fields[11:15])


def main(report: Report, words: Sequence[str]) -> None:
    """`python -m bench runs [CHILDREN [sqlite|postgres]]`."""
    children = int(words[0]) if words else CHILDREN
    places = {"sqlite": on_sqlite, "postgres": on_postgres}
    for name in words[1:] or places:
        with TemporaryDirectory(prefix="kruzhok-bench-", ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o755)  # the server does not run as root
            with places[name](Path(folder), children) as place:
                spare_the_long_lived()
                asyncio.run(measured(report, place))
