"""The search by kinds of questions on SQLite and PostgreSQL, with 50 000 and 500 000 programs; and how often it finds what parents mean.

`search [programs=50000,500000] [on=sqlite,postgresql] [seconds=20]`. Each question is asked as if for the first time: nothing is remembered of it. Readers
come from everywhere, so the most of them from the largest municipality. Recall is that of bench/recall.py, side by side with PostgreSQL's own
text search (`russian`, words and place by place the same filters), which is given the filters that we have understood.
"""

import asyncio
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles

from sqlalchemy import func, select

from bench import copies, registry
from bench.fulltext import Fulltext
from bench.recall import Asked, queries, right, share, slipped
from bench.report import Report
from bench.town import KEYS, _server, fresh
from bot import logs
from bot.domain.catalogue import Direction, Filters, FindPrograms
from bot.domain.messages import Actor, person
from bot.domain.understanding import HearLine
from bot.storage import schema
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.tx import Tx
from bot.storage.world import WORLD

SIZES = (50_000, 500_000)
TARGETS = {50_000: 20, 500_000: 50}
"""Milliseconds of p95, for words, typos and filters as for lists of nearly everything."""
ROUNDS = 3
"""Each line by so many readers."""
Timings = dict[str, list[float]]
BROAD = {
    "everything of a municipality": Filters(),
    "an age alone": Filters(age=8),
    "«free» alone": Filters(price="free"),
    "a direction alone": Filters(direction=Direction.ART),
    "weekends alone": Filters(days=(6, 7)),
}
"""What finds most of a municipality: the first pages of what a parent sees who asks for nearly nothing."""
EACH = 60
"""Readers of each."""
KINDS = ("words", "words, filters", "a slip in each word, filters", "filters without words", "nothing is found")


def main(report: Report, words: Sequence[str] = ()) -> None:
    """See the module."""
    logs.set_up("WARNING", plain=True)
    asked = dict(word.split("=", 1) for word in words if "=" in word)
    sizes = [int(size) for size in asked.get("programs", ",".join(map(str, SIZES))).split(",")]
    rows = list(registry.rows())
    lines = queries()
    answers = {each.line: right(each, rows) for each in lines}
    timings: dict[tuple[str, int], Timings] = {}
    shares: dict[tuple[str, int], dict[str, float]] = {}
    for on in asked.get("on", "sqlite,postgresql").split(","):
        with DATABASES[on]() as fresh:
            for size in sizes:
                url = fresh()
                began = time.perf_counter()
                base = asyncio.run(copies.build_city(url))
                asyncio.run(copies.multiply(url, copies.homes_of(size, base)))
                report.say(f"{on}, {size:,} programs: built in {time.perf_counter() - began:.0f} s")
                timings[on, size], shares[on, size] = asyncio.run(_measured(url, lines, answers))
    names = [f"{on}, {size:,}" for on, size in timings]
    table = [
        (kind, *(_cell(timing.get(kind, [])) for timing in timings.values()), *_growth(kind, timings, sizes))
        for kind in dict.fromkeys(kind for timing in timings.values() for kind in timing)
    ]
    growth = [f"× on {on}" for on in dict.fromkeys(on for on, _size in timings)] if len(sizes) > 1 else []
    report.table("Search, ms p50 / p95", ("kind", *names, *growth), table)
    kinds = list(dict.fromkeys(kind for each in shares.values() for kind in each))
    report.table(
        f"The right program among the first five, % of {len(lines)} lines",
        ("lines", *names),
        [(kind, *(each.get(kind, float("nan")) for each in shares.values())) for kind in kinds],
    )
    for (on, size), timing in timings.items():
        for what, asked_for in (("with words, typos and filters", KINDS[:3]), ("of the longest lists", BROAD)):
            worst = max(quantiles(timing[kind], n=20)[-1] for kind in asked_for)
            report.target(f"p95 {what}, {on}, {size:,} programs, ms", worst, TARGETS.get(size, 50), at_most=True)
    for (on, size), each in shares.items():
        report.target(f"right among the first five as written, {on}, {size:,}, %", each["as written"], 95)
        report.target(
            f"right among the first five, a slip in each word, {on}, {size:,}, %", each["a slip in each word"], 90
        )


def _cell(values: Sequence[float]) -> str:
    return f"{median(values):.1f} / {quantiles(values, n=20)[-1]:.1f}" if values else "–"


def _growth(kind: str, timings: dict[tuple[str, int], Timings], sizes: Sequence[int]) -> Iterator[str]:
    """What the last size costs more than the first."""
    if len(sizes) > 1:
        for on in dict.fromkeys(on for on, _size in timings):
            first, last = timings[on, sizes[0]].get(kind), timings[on, sizes[-1]].get(kind)
            yield f"{median(last) / median(first):.1f}" if first and last else "–"


@contextmanager
def _sqlite() -> Iterator[Callable[[], str]]:
    folder = Path(tempfile.mkdtemp(prefix="kruzhok-search-"))

    def fresh() -> str:
        for old in folder.glob("search.db*"):
            old.unlink()
        return f"sqlite:///{folder / 'search.db'}"

    try:
        yield fresh
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgresql() -> Iterator[Callable[[], str]]:
    folder = Path(tempfile.mkdtemp(prefix="kruzhok-search-")) / "server"
    server = _server(folder)
    try:
        yield lambda: fresh(server.get_uri(), "search")
    finally:
        server.cleanup()
        shutil.rmtree(folder.parent, ignore_errors=True)


DATABASES = {"sqlite": _sqlite, "postgresql": _postgresql}


async def _measured(url: str, lines: Sequence[Asked], answers: dict[str, set[str]]) -> tuple[Timings, dict[str, float]]:
    engine = open_database(url)
    desk = Desk(engine, WORLD, Keys(KEYS["SECRET_KEY"], [KEYS["DATA_KEYS"]]))
    try:
        readers = await desk.look(_readers)
        timings = await desk.look(partial(_timed, lines=lines, readers=readers))
        recall = await desk.look(partial(found, lines=lines, answers=answers))
        if engine.dialect.name == "postgresql":
            async with Fulltext(engine) as fulltext:
                more, times = await desk.look(partial(fulltext.measured, lines=lines, answers=answers, readers=readers))
            recall |= more
            timings |= times
    finally:
        await engine.dispose()
    return timings, recall


def _readers(tx: Tx) -> list[Actor]:
    """As many from a municipality as it has programs of a thousand."""
    p = schema.program.c
    counted = tx.rows(
        select(p.municipality, func.count().label("programs")).group_by(p.municipality).order_by(p.municipality)
    )
    return Random(5).choices(
        [person(1, row.municipality) for row in counted], [row.programs for row in counted], k=1_000
    )


def _timed(tx: Tx, lines: Sequence[Asked], readers: Sequence[Actor]) -> Timings:
    found: Timings = defaultdict(list)
    tx.read(HearLine("робот"), readers[0])  # the vocabulary is in memory from the start on
    number = 0
    for turn in range(
        -1, ROUNDS
    ):  # in the first round statements are built that later ones only fill in: it does not count
        for each in lines:
            for kind, line in (("", each.line), ("a slip in each word, filters", slipped(each.line, turn))):
                number += 1
                me = readers[number % len(readers)]
                tx.memory.forget()
                tx.read(
                    HearLine("робот"), me
                )  # policy, places and guests of a municipality are asked for once in a while
                began = time.perf_counter()
                heard = tx.read(HearLine(line), me).filters
                listed = tx.read(FindPrograms(heard), me)
                took = (time.perf_counter() - began) * 1000
                plain = heard == Filters(words=heard.words)
                name = "nothing is found" if not listed.total else kind or ("words" if plain else "words, filters")
                found[name] += [took] if turn >= 0 else []
            district = tx.value(
                select(schema.district.c.id).where(schema.district.c.municipality == me.municipality).limit(1)
            )
            filters = Filters(district or 0, 5 + number % 13, days=(6, 7) if number % 3 == 0 else ())
            found["filters without words"] += [_takes(tx, filters, me)] if turn >= 0 else []
    for kind, filters in BROAD.items():
        found[kind] = [_takes(tx, filters, readers[turn], page=turn % 3) for turn in range(-10, EACH)][10:]
    return dict(found)


def _takes(tx: Tx, filters: Filters, me: Actor, page: int = 0) -> float:
    tx.memory.forget()
    tx.read(FindPrograms(replace(filters, words="ы")), me)
    began = time.perf_counter()
    tx.read(FindPrograms(filters, page), me)
    return (time.perf_counter() - began) * 1000


def found(tx: Tx, lines: Sequence[Asked], answers: dict[str, set[str]], rounds: int = ROUNDS) -> dict[str, float]:
    """Shares in per cent, by a reader of the first municipality, which holds the city that the answers were made for (and copies of it)."""
    me, p = person(1, 1), schema.program.c
    hits: dict[str, list[bool]] = defaultdict(list)
    for each in lines:
        for kind, typed in (
            ("as written", [each.line]),
            ("a slip in each word", [slipped(each.line, turn) for turn in range(rounds)]),
        ):
            for line in typed:
                listed = tx.read(FindPrograms(tx.read(HearLine(line), me).filters), me).lines
                ids = tx.rows(select(p.external_id).where(p.id.in_([program.id for program in listed])))
                hits[kind].append(any(row.external_id in answers[each.line] for row in ids))
    return {kind: share(values) for kind, values in hits.items()}
