"""Growth: the same turns, the same claim of the outbox and the same day of the calendar with ever more children on PostgreSQL.

`growth [children=10000,100000] [rounds=60]`; `children=10000,100000,1000000` takes a quarter of an hour and 10 GB. Everything runs through the service's own desk, without a messenger; times
are what one after another takes on this machine, the database included, so it is their growth that tells something.
"""

import asyncio
import random
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import and_, func, select, text, update

from bench.country import Country, found
from bench.report import Report
from bench.town import KEYS, _server, fresh
from bot import logs
from bot.dialogs.conversation import Heard, Pressed
from bot.dialogs.core import Typed
from bot.handlers.intake import Intake
from bot.handlers.turn import Update
from bot.storage import schema
from bot.storage.calendar import Calendar
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.due import claim
from bot.storage.keys import Keys
from bot.storage.tx import Tx
from bot.storage.world import WORLD

WARM = 5
"""The first walks do not count."""
SIZES = (10_000, 100_000)
WALK: Sequence[tuple[str, Callable[["Visitor"], Heard]]] = (
    ("menu", lambda one: Typed("меню")),
    ("balance", lambda one: Pressed(f">money:{one.child}")),
    ("search: where", lambda one: Pressed(">search")),
    ("search: age", lambda one: one.taps("0")),
    ("search: a page of programs", lambda one: Typed("9")),
    ("search: words", lambda one: Typed(one.chance.choice(("шахматы", "робот", "плавание", "рисование", "танцы")))),
    ("a program's card", lambda one: Pressed(f">program:{one.program}")),
    ("request: what it costs", lambda one: one.taps("enrol")),
    ("request: sent, money held", lambda one: one.taps("send")),
)
Figures = dict[str, list[float]]


class Visitor:
    """A guardian who does all of it once."""

    def __init__(self, child: int, channel: str, program: int, chance: random.Random) -> None:
        self.child, self.channel, self.program, self.chance = child, channel, program, chance
        self.turn = 1

    def taps(self, choice: str) -> Heard:
        """A button of the present screen."""
        return Pressed(f"{self.turn}:{choice}")


def main(report: Report, words: Sequence[str] = ()) -> None:
    """See the module."""
    logs.set_up("WARNING", plain=True)
    asked = dict(word.split("=", 1) for word in words if "=" in word)
    sizes = [int(size) for size in asked["children"].split(",")] if "children" in asked else list(SIZES)
    found_all: dict[int, Figures] = {}
    folder = Path(tempfile.mkdtemp(prefix="kruzhok-growth-")) / "server"
    server = _server(folder)
    try:
        for size in sizes:
            url = fresh(server.get_uri(), "growth")
            began = time.perf_counter()
            asyncio.run(found(url, Country(size)))
            report.say(f"{size:,} children: built in {time.perf_counter() - began:.0f} s")
            found_all[size] = asyncio.run(measured(url, int(asked.get("rounds", 60))))
    finally:
        server.cleanup()
        shutil.rmtree(folder.parent, ignore_errors=True)
    names = list(found_all[sizes[0]])
    for title, unit, of in (("Turns and the outbox", " ms", "p50 / p95"), ("A day", " s", ""), ("On disk", " MB", "")):
        rows = [
            (name.removesuffix(unit), *(_cell(found_all[size][name]) for size in sizes))
            for name in names
            if name.endswith(unit)
        ]
        report.table(f"{title},{unit} {of}".rstrip(), ("", *(f"{size:,} children" for size in sizes)), rows)


def _cell(values: Sequence[float]) -> str | float:
    if len(values) == 1:
        return values[0]
    return f"{median(values):.1f} / {quantiles(values, n=20)[-1]:.1f}"


async def measured(url: str, rounds: int) -> Figures:
    """Everything of one database, in an order in which nothing disturbs what comes after it."""
    engine = open_database(url)
    desk = Desk(engine, WORLD, Keys(KEYS["SECRET_KEY"], [KEYS["DATA_KEYS"]]))
    figures: Figures = defaultdict(list)
    try:
        await desk.look(lambda tx: _sizes(tx, figures))
        for number, visitor in enumerate(await desk.look(partial(_visitors, count=WARM + rounds))):
            await _walk(desk, visitor, figures if number >= WARM else defaultdict(list))
        sent = select(func.count()).select_from(schema.enrollment).where(schema.enrollment.c.state == "requested")
        assert await desk.look(lambda tx: tx.value(sent)) == rounds + WARM, "a walk did not come to its end"
        await _claims(desk, figures, rounds)
        await _days(desk, figures)
    finally:
        await engine.dispose()
    return dict(figures)


def _visitors(tx: Tx, count: int) -> list[Visitor]:
    """Families from everywhere, each with a club of its own municipality that clashes with nothing and that the certificate pays whole."""
    s, chance = schema.shelf.c, random.Random(1)
    last = int(tx.value(select(func.max(schema.child.c.id))))
    found: list[Visitor] = []
    while len(found) < count:
        child = chance.randint(1, last)
        place = tx.value(select(schema.child.c.municipality).where(schema.child.c.id == child))
        mine = select(schema.enrollment.c.group).where(schema.enrollment.c.child == child)
        days = int(tx.value(select(s.weekdays).where(s.group.in_(mine))))
        paid = s.price.between(1, func.coalesce(s.normative, s.price))
        other = (
            select(schema.program.c.id)
            .join(schema.shelf, s.program == schema.program.c.id)
            .where(schema.program.c.municipality == place)
            .where(
                schema.program.c.registry == "certified", schema.program.c.age_min <= 8, schema.program.c.age_max >= 10
            )
            .group_by(schema.program.c.id)
            .having(func.count() == 1, func.bool_and(and_(s.weekdays.bitwise_and(days) == 0, paid)))
            .order_by(schema.program.c.id)
            .limit(1)
        )
        channel = tx.value(select(schema.chat.c.channel).where(schema.chat.c.person == child))
        if (program := tx.value(other)) is not None and child not in {each.child for each in found}:
            found.append(Visitor(child, channel, int(program), chance))
    return found


async def _walk(desk: Desk, visitor: Visitor, figures: Figures) -> None:
    intake = Intake(desk)
    for name, hears in WALK:
        address = str(1_000_000 + visitor.child)
        key = f"{visitor.channel}:growth:{visitor.child}:{visitor.turn}"
        update = Update(key, visitor.channel, address, hears(visitor))
        figures[f"{name} ms"].append(await _timed(lambda update=update: intake.take([update])))  # type: ignore[misc]
        visitor.turn += 1
    await intake.close()


async def _claims(desk: Desk, figures: Figures, rounds: int) -> None:
    """Sixteen at a time: from an almost empty queue, and when everybody's notice of a month's run waits."""
    for name, everybody in (("claim, little waits", False), ("claim, everybody's notice waits", True)):
        if everybody:
            await desk.run(_month_is_told)
            await _vacuum(desk)
        for channel in ("telegram", "vk"):
            for _round in range(rounds // 2):
                figures[f"{name} ms"].append(await _timed(lambda channel=channel: _claimed(desk, channel)))  # type: ignore[misc]


async def _claimed(desk: Desk, channel: str) -> None:
    def work(tx: Tx) -> None:
        rows = [delivery.row for delivery in claim(tx, channel, 16)]
        tx.sql(update(schema.outbox).where(schema.outbox.c.id.in_(rows)).values(state="sent"))

    await desk.run(work)


def _month_is_told(tx: Tx) -> None:
    """A notice for each guardian, due now."""
    content = (
        """'{"is":"Charged","child":' || id || ',"day":"2026-10-01","key":"k' || id || '","enrollment":' || id ||"""
        """ ',"month":"2026-10","amount":100000,"held":500000,"left":300000}'"""
    )
    tx.connection.exec_driver_sql(
        "INSERT INTO outbox (\"key\", kind, person, content, priority, state, not_before, created_at) SELECT 'told:' || id,"
        f" 'Charged', id, {content}, 1, 'queued', now() - interval '1 minute', now() FROM person"
    )


async def _days(desk: Desk, figures: Figures) -> None:
    """The first day that is ever lived catches up with everything, a minute after it finds nothing, the next one is a day like any other."""
    calendar = Calendar(desk)
    figures["the first day s"].append(await _timed(calendar.live) / 1000)
    tomorrow = (
        "INSERT INTO setting (name, value) VALUES ('demo_offset', '{0}') ON CONFLICT (name) DO UPDATE SET value = '{0}'"
    )
    figures["a minute of the calendar s"].append(await _timed(calendar.live) / 1000)
    await desk.run(lambda tx: tx.sql(text(tomorrow.format(24 * 3600))))
    figures["an ordinary day s"].append(await _timed(calendar.live) / 1000)


def _sizes(tx: Tx, figures: Figures) -> None:
    """Tables with their indexes, the largest first."""
    size = "SELECT relname, pg_total_relation_size(oid) / 1e6 FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    rows = sorted(tx.sql(text(size)).all(), key=lambda row: -row[1])
    figures["all MB"] = [float(tx.value(text("SELECT pg_database_size(current_database()) / 1e6")))]
    for name, megabytes in rows[:12]:
        figures[f"{name} MB"] = [float(megabytes)]


async def _vacuum(desk: Desk) -> None:
    async with desk.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE outbox"))


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000
