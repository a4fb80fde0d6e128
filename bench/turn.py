"""Speed, side by side: the service, its peers and the floor under the same closed loop, one after another, round after round.

Every round runs everybody, so that a ratio compares neighbours in time; the medians of the rounds' ratios are what counts.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench import bots, town
from bench.process import BUILD, Bot, Failed, Load, free_port, loaded
from bench.report import Report

Figures = dict[str, Any]
Maker = Callable[[], Bot]
HEADINGS = (
    "who",
    "step",
    "updates/s",
    "p50 ms",
    "p95 ms",
    "CPU ms/update",
    "of it main thread",
    "busy, cores",
    "peak MB",
    "server busy",
)


@dataclass(frozen=True)
class Runner:
    """One line of the table. `make` prepares a fresh database where one is needed."""

    who: str
    step: str
    make: Maker


@dataclass(frozen=True)
class Target:
    """`ours` / `theirs` by `figure`, for the runners of these names."""

    words: str
    ours: str
    theirs: str
    figure: str
    wanted: float
    at_most: bool = False


def targets(messenger: str) -> list[Target]:
    """What the project wants."""
    found = []
    for step in ("menu", "search"):
        ours = f"kruzhok, {step}"
        if messenger == "vk":
            found.append(Target("× vkbottle", ours, "vkbottle, form", "per_second", 1))
            continue
        found += [
            Target("× aiogram, which keeps nothing", ours, "aiogram, form", "per_second", 3),
            Target("× pyTelegramBotAPI", ours, "pyTelegramBotAPI, form", "per_second", 1),
            Target("× aiogram + ORM", ours, "aiogram + ORM, form", "per_second", 15),
            Target("of the floor", ours, "floor, form", "per_second", 0.35),
            Target("p95 latency, of aiogram's", ours, "aiogram, form", "p95", 0.5, at_most=True),
            Target("on PostgreSQL × aiogram", f"kruzhok on PostgreSQL, {step}", "aiogram, form", "per_second", 1),
        ]
    return found


def main(report: Report, words: Sequence[str] = ()) -> None:
    """`turn [telegram|vk] [rounds=3] [seconds=8] [warm=3] [only=kruzhok,aiogram]`"""
    asked = dict(word.split("=", 1) for word in words if "=" in word)
    messengers = [word for word in words if "=" not in word] or ["telegram", "vk"]
    load = Load(warm=float(asked.get("warm", 3)), seconds=float(asked.get("seconds", 8)))
    only = [name for name in asked.get("only", "").split(",") if name]
    with town.postgres() as database:
        for messenger in messengers:
            line = [one for one in runners(messenger, database) if not only or one.who in only]
            measure(report, messenger, line, load, int(asked.get("rounds", 3)))


def runners(messenger: str, database: town.Databases) -> list[Runner]:
    """Ours between theirs, so that whatever the machine does besides meets all alike."""

    def plain(bot: Bot) -> Runner:
        return Runner(bot.name, bot.script, lambda: bot)

    def ours(step: str) -> Runner:
        return Runner("kruzhok", step, lambda: bots.service(messenger, step, _sqlite(), free_port()))

    def on_postgres(step: str) -> Runner:
        def make() -> Bot:
            return bots.service(messenger, step, database(town.CITY), free_port(), "kruzhok on PostgreSQL")

        return Runner("kruzhok on PostgreSQL", step, make)

    alone, floor = plain(bots.ALONE[messenger]), plain(bots.FLOOR[messenger])
    if messenger == "vk":
        return [alone, ours("menu"), plain(bots.VKBOTTLE), ours("search"), floor, plain(bots.VK_API)]
    return [
        alone,
        ours("menu"),
        plain(bots.AIOGRAM),
        ours("search"),
        plain(bots.TELEBOT),
        on_postgres("menu"),
        Runner(bots.AIOGRAM_ORM.name, "form", _with_orm),
        on_postgres("search"),
        floor,
        plain(bots.PTB),
    ]


def _sqlite() -> str:
    return asyncio.run(town.sqlite(town.CITY, "run"))


def _with_orm() -> Bot:
    for old in BUILD.glob("orm.db*"):
        old.unlink()
    return bots.AIOGRAM_ORM.given(DATABASE_URL=f"sqlite+aiosqlite:///{BUILD / 'orm.db'}")


def measure(report: Report, messenger: str, line: Sequence[Runner], load: Load, rounds: int) -> None:
    """Run the line so many times, every second time backwards, and tell."""
    found: dict[str, list[Figures | None]] = defaultdict(list)
    for turn in range(rounds):
        for runner in line if turn % 2 == 0 else reversed(line):
            found[f"{runner.who}, {runner.step}"].append(_run(report, runner, load))
    rows = [_row(runner, [one for one in found[f"{runner.who}, {runner.step}"] if one is not None]) for runner in line]
    report.table(
        f"{messenger}: {load.people} people in a closed loop, medians of {rounds} × {load.seconds:g} s", HEADINGS, rows
    )
    for runner in line:
        if runner.step == "search":
            distinct = [(one["distinct"], one["updates"]) for one in found[f"{runner.who}, search"] if one]
            report.say(f"{runner.who}, search: (distinct, all) searches of each round: {distinct}")
    bots_only = [each for who, each in found.items() if not who.startswith(bots.ALONE[messenger].name)]
    busiest = max((one["server"] for each in bots_only for one in each if one), default=0.0)
    report.say(
        f"The load server was busy for at most {busiest:.0%} of a core: it was not the limit."
        if busiest < 0.8
        else f"The load server was busy for {busiest:.0%} of a core: IT WAS THE LIMIT, somewhere."
    )
    for target in targets(messenger):
        pairs = [pair for pair in zip(found[target.ours], found[target.theirs], strict=False) if None not in pair]
        if pairs:
            ratio = median(ours[target.figure] / theirs[target.figure] for ours, theirs in pairs)  # type: ignore[index]
            cpu = median(theirs["cpu"] / ours["cpu"] for ours, theirs in pairs)  # type: ignore[index]
            note = f" (by CPU alone {cpu:.2f} ×)" if target.figure == "per_second" else ""
            report.target(f"{messenger}, {target.ours}: {target.words}{note}", ratio, target.wanted, target.at_most)


def _run(report: Report, runner: Runner, load: Load) -> Figures | None:
    try:
        figures = loaded(runner.make(), load)
    except Failed as failure:
        report.say(f"- failed: {failure}")
        return None
    print(
        f"  {runner.who}, {runner.step}: {figures['per_second']:.0f}/s, {figures['cpu']:.2f} ms, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return figures


def _row(runner: Runner, found: list[Figures]) -> list[object]:
    def middle(name: str) -> float:
        return float(median(one[name] for one in found)) if found else float("nan")

    share = middle("cpu_main") / middle("cpu") if found and middle("cpu") else 0.0
    return [
        runner.who,
        runner.step,
        *map(middle, ("per_second", "p50", "p95", "cpu")),
        f"{share:.0%}",
        *map(middle, ("busy", "rss", "server")),
    ]
