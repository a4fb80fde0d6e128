"""The charge of a month, a grant and an expiry for 300 000, in chunks beside a chat: how long against one bare transaction.

The bare transaction is what the database needs in any case: four statements by hand that insert the same transfers, update the same
balances and queue the same notices, all at once and without a question. It runs first, on a copy of its own; both end with the same rows.
"""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.region import COMING, NOW, OTHER, THIS, fill
from bot.notifications.scheduler import Due, Step
from bot.storage import schema
from bot.storage.calendar import Calendar
from bot.storage.database import open_database
from bot.storage.desk import Desk, Tx
from bot.storage.keys import Keys
from bot.storage.migrating import migrate
from bot.storage.world import WORLD

CHILDREN = 300_000
PAUSE = 0.01
"""Seconds between two transactions of the chat."""
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
        transfers(CHARGE, "h.id, a.id", "c.other", "charge", "c.id", "'2026-10'", f"{LEARNING} {PROVIDER} {its('provider', 'r.provider', '0', 'a')}"),
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


async def bare(engine: AsyncEngine, step: Step) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.process_time()
    async with engine.begin() as connection:
        for statement in BARE[step]:
            await connection.exec_driver_sql(statement)
    return time.perf_counter() - began, time.process_time() - worked


async def ours(engine: AsyncEngine, step: Step, chat: bool) -> tuple[float, float, Sequence[int], Chat]:
    desk = Desk(engine, WORLD, KEYS, lambda: NOW)
    sizes, seen = [0], Chat(desk)
    talking = asyncio.create_task(seen.talk()) if chat else None
    calendar = Calendar(desk, lambda step, day, count, total: sizes.append(count))
    due = Due(step, {Step.GRANT: COMING, Step.EXPIRE: THIS}.get(step, 0))
    began, worked = time.perf_counter(), time.process_time()
    await calendar.step(1, date(2026, 10, 1), due, f"bench:{step}")
    took = time.perf_counter() - began, time.process_time() - worked
    if talking:
        talking.cancel()
    return *took, [after - before for before, after in zip(sizes, sizes[1:], strict=False)], seen


async def written(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as connection:
        return [[tuple(row) for row in await connection.execute(text(sql))] for sql in WRITTEN]


async def measured(report: Any, name: str, copy: Callable[[], str]) -> None:
    rows = []
    for step in BARE:
        found: list[Any] = []
        times: dict[str, tuple[float, ...]] = {}
        for kind in ("bare", "run", "run beside a chat"):
            engine = open_database(copy())
            if kind == "bare":
                times[kind] = await bare(engine, step)
            else:
                *times_, sizes, chat = await ours(engine, step, "chat" in kind)
                times[kind] = tuple(times_)
            found.append(await written(engine))
            await engine.dispose()
        assert found[0] == found[1] == found[2], (step, found)
        longest = chat.told()
        ratio = times["run"][0] / times["bare"][0]
        rows.append(
            (
                step.value,
                times["bare"][0],
                times["run"][0],
                ratio,
                times["bare"][1],
                times["run"][1],
                times["run beside a chat"][0],
                len(sizes),
                sorted(sizes)[len(sizes) // 2],
                *longest,
            )
        )
        report.target(f"{name}, {step.value}: × one bare transaction", ratio, 2.0, at_most=True)
        report.target(f"{name}, {step.value}: a chat's longest wait, ms", longest[1], 50.0, at_most=True)
    heads = ("step", "bare, s", "run, s", "×", "bare CPU, s", "run CPU, s", "beside a chat, s", "chunks", "median chunk", "wait p95, ms", "longest, ms")  # fmt: skip
    report.table(f"{CHILDREN} on {name}", heads, rows)


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
def sqlite_copies(folder: Path, children: int) -> Iterator[Callable[[], str]]:
    base, run = folder / "base.db", folder / "run.db"
    asyncio.run(build(f"sqlite:///{base}", children))

    def copy() -> str:
        for old in folder.glob("run.db*"):
            old.unlink()
        shutil.copyfile(base, run)
        return f"sqlite:///{run}"

    yield copy


@contextmanager
def postgres_copies(folder: Path, children: int) -> Iterator[Callable[[], str]]:
    from bench.town import _fresh, _server

    server = _server(folder / "postgres")
    try:
        asyncio.run(build(_fresh(server.get_uri(), "base"), children))
        yield lambda: _fresh(server.get_uri(), "run", "base")
    finally:
        server.cleanup()


def main(report: Any, words: Sequence[str]) -> None:
    """`python -m bench runs [CHILDREN]`."""
    children = int(words[0]) if words else CHILDREN
    for name, copies in {"SQLite": sqlite_copies, "PostgreSQL": postgres_copies}.items():
        with TemporaryDirectory(prefix="kruzhok-bench-", ignore_cleanup_errors=True) as place:
            Path(place).chmod(0o755)  # the server does not run as root
            with copies(Path(place), children) as copy:
                asyncio.run(measured(report, name, copy))
