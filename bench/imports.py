"""What an import in the background costs the chats: the same crowd with nothing beside it, while a file is read, and while it is applied.

The service is the real one, its jobs its own: the file of so many programs lies in the database when it starts. Rounds alternate, so that
whatever the machine does besides meets all alike; a slow machine makes an import longer, not a turn.
"""

import asyncio
import csv
import sqlite3
import time
from collections import defaultdict
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import make_url

from bench import bots, town
from bench.process import BUILD, Bot, Failed, Load, Server, free_port, running
from bench.report import Report
from bot.domain.job import JobKind, StartImport
from bot.domain.messages import operator
from bot.registry.template import FIRST_EXAMPLE, IN_TEMPLATE
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.files import keep
from bot.storage.keys import Keys
from bot.storage.world import WORLD

HEADINGS = ("what goes on", "people", "updates/s", "p50 ms", "p95 ms", "CPU ms/update", "rows/s imported")
ALONE, READING, APPLYING = "nothing beside it", "a file is read", "it is applied"
PATIENCE = 600


def registry(programs: int) -> bytes:
    """New programs, and one bad row, so that nothing of the town is archived."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([column.header for column in IN_TEMPLATE])
    for number in range(programs):
        its = {
            "program_id": f"И{number}",
            "module_id": f"И{number}",
            "group_id": f"И{number}",
            "municipality": "Город 1",
        }
        line = {**FIRST_EXAMPLE, **its, "program": f"Кружок {number}", "seats": "много" if not number else 12}
        writer.writerow([line.get(column.key, "") for column in IN_TEMPLATE])
    return text.getvalue().encode()


async def give_a_job(url: str, content: bytes) -> None:
    """A file that is to be applied."""
    engine = open_database(url)
    desk = Desk(engine, WORLD, Keys(town.KEYS["SECRET_KEY"], [town.KEYS["DATA_KEYS"]]))
    hash = await keep(desk, content)
    await desk.do(StartImport(JobKind.REGISTRY, "registry.csv", hash), operator(1))
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE job SET phase = 'apply'")
    await engine.dispose()


def main(report: Report, words: Sequence[str] = ()) -> None:
    """`imports [programs=50000] [people=200,10] [rounds=3] [seconds=8] [warm=3]`"""
    asked = dict(word.split("=", 1) for word in words)
    content = registry(int(asked.get("programs", 50_000)))
    for people in map(int, asked.get("people", "200,10").split(",")):
        load = Load(people, float(asked.get("warm", 3)), float(asked.get("seconds", 8)))
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for turn in range(int(asked.get("rounds", 3))):
            for what in (ALONE, READING, APPLYING)[:: 1 if turn % 2 == 0 else -1]:
                try:
                    found[what].append(measured(what, content, load))
                except Failed as failure:
                    report.say(f"- failed: {what}: {failure}")
        tell(report, people, found)


def measured(what: str, content: bytes, load: Load) -> dict[str, Any]:
    """One window of the crowd."""
    url = asyncio.run(town.sqlite(town.CITY, "run"))
    if what != ALONE:
        asyncio.run(give_a_job(url, content))
    bot: Bot = bots.service("telegram", "menu", url, free_port())
    log, database = BUILD / "imports.log", Path(make_url(url).database or "")
    with (
        Server(bot.messenger, bot.script, load) as server,
        running(bot.command, log, **{bot.address: server.url}, **bot.environment) as process,
    ):
        if what == APPLYING:
            _wait_for_rows(database)
        server.begin(process.pid)
        server.warm()
        before, began = _rows(database), time.monotonic()
        figures = server.figures()
        rows = (_rows(database) - before) / (time.monotonic() - began)
        if what == APPLYING and not rows:
            raise Failed("the import was over before the window")
        print(
            f"  {what}, {load.people}: {figures['per_second']:.0f}/s, p95 {figures['p95']:.0f} ms, {rows:.0f} rows/s",
            flush=True,
        )
        return {**figures, "rows": rows}


def _wait_for_rows(database: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not _rows(database):
        if time.monotonic() > until:
            raise Failed("the import has not begun")
        time.sleep(0.2)


def _rows(database: Path) -> int:
    with sqlite3.connect(database, timeout=10) as connection:
        return sum(done for (done,) in connection.execute("SELECT done FROM job"))


def tell(report: Report, people: int, found: dict[str, list[dict[str, Any]]]) -> None:
    names = ("per_second", "p50", "p95", "cpu", "rows")
    rows = [(what, people, *(median(one[name] for one in each) for name in names)) for what, each in found.items()]
    report.table(f"An import beside {people} people", HEADINGS, rows)
    for what in (READING, APPLYING):
        for name in ("p50", "p95"):
            pairs = zip(found[what], found[ALONE], strict=False)
            ratios = [beside[name] / alone[name] for beside, alone in pairs]
            if ratios:
                report.target(
                    f"{people} people, {what}: {name} of a turn, of what it is alone", median(ratios), 1.5, at_most=True
                )
