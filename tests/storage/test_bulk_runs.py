"""The bulk runs of money leave, row for row, what the functions of single commands leave (R3.4, R3.5, R5.3, R5.8)."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.domain.ledger import Why
from bot.notifications.scheduler import Due, Step
from bot.storage import bulk, schema
from bot.storage.calendar import Calendar
from bot.storage.charge_run import charge
from bot.storage.grants import grant_all, withdraw_all
from bot.storage.ledger import make_charges_due
from bot.storage.runs import RUNS, next_ids
from bot.storage.tx import Tx
from tests.storage.learners import DAY, Learners
from tests.storage.town import Town
from tests.storage.village import Village

STEPS = {Step.CHARGE_MONTH: "Charged", Step.GRANT: "Granted", Step.EXPIRE: "Withdrawn"}


class Undone(Exception):
    """Carries out of a transaction what it would have written."""


def slow(tx: Tx, learners: Learners, place: int, step: Step) -> None:
    """The same by single functions, one after another."""
    period = learners.places[place]
    tx.living = DAY
    mine = (
        select(schema.certificate).where(schema.certificate.c.municipality == place).order_by(schema.certificate.c.id)
    )
    for row in tx.rows(mine):
        if step is Step.GRANT and (row.kind, row.state) == ("funded", "active"):
            grant_all(tx, [row.id], period)
        elif step is Step.EXPIRE:
            withdraw_all(tx, [row.id], period, Why.EXPIRY)
    learning = select(schema.enrollment.c.id).join(schema.certificate).where(schema.certificate.c.municipality == place)
    for enrollment in tx.sql(learning.order_by(schema.enrollment.c.id)).scalars().all():
        if step is Step.CHARGE_MONTH:
            make_charges_due(tx, enrollment)


def everything(tx: Tx) -> dict[str, Counter[Any]]:
    """Accounts, transfers and the outbox: all columns but ids; the two sides of a transfer by their accounts."""
    source, target = schema.account.alias("source"), schema.account.alias("target")
    t = schema.transfer.c
    moved = (
        select(t.key, t.kopecks, t.why, t.about, t.month, t.at, *named(source), *named(target))
        .join(source, source.c.id == t.source)
        .join(target, target.c.id == t.target)
    )
    told = select(*(column for column in schema.outbox.c if column.name != "id"))
    has = select(*named(schema.account), schema.account.c.balance)
    tables = {"transfers": moved, "outbox": told, "accounts": has}
    return {name: Counter(tuple(row) for row in tx.rows(rows)) for name, rows in tables.items()}


def named(account: Any) -> list[Any]:
    return [account.c[name].label(f"{account.name}_{name}") for name in ("kind", "owner", "period", "unit")]


def what_the_slow_loop_leaves(town: Town, learners: Learners, step: Step) -> dict[str, Counter[Any]]:
    def work(tx: Tx) -> None:
        for place in learners.places:
            slow(tx, learners, place, step)
        tx.write()
        raise Undone(everything(tx))

    with pytest.raises(Undone) as undone:
        town.run(work)
    found: dict[str, Counter[Any]] = undone.value.args[0]
    return found


def chunks(town: Town, learners: Learners, step: Step, size: Callable[[], int]) -> None:
    """The run in chunks of any size, each a transaction."""
    for place, period in learners.places.items():
        after = 0
        while last := town.run(partial(chunk, step=step, place=place, due=Due(step, period), after=after, size=size())):
            after = last


def chunk(tx: Tx, step: Step, place: int, due: Due, after: int, size: int) -> int:
    """The last id that it did."""
    tx.living = DAY
    ids = next_ids(tx, RUNS[step], place, DAY, due, after)[:size]
    done = RUNS[step].does(tx, ids, DAY, due) if ids else None
    return ids[(done or len(ids)) - 1] if ids else 0


def seeds(step: Step, few: int) -> list[Any]:
    return [pytest.param(step, seed, id=f"{step}-{seed}") for seed in range(few)]


@pytest.mark.parametrize(("step", "seed"), [each for step in STEPS for each in seeds(step, 6)])
def test_a_run_in_chunks_of_any_size_leaves_what_a_slow_loop_leaves(step: Step, seed: int) -> None:
    town, chance = Village(DAY), random.Random(seed)
    learners = Learners(town, chance, families=30)
    before, wanted = town.run(everything), what_the_slow_loop_leaves(town, learners, step)
    assert wanted["transfers"] - before["transfers"], "something happens in this town"
    chunks(town, learners, step, lambda: chance.randrange(1, 20))
    assert town.run(everything) == wanted
    chunks(town, learners, step, lambda: 7)
    assert town.run(everything) == wanted, "once more changes nothing"


@pytest.mark.parametrize("step", STEPS)
def test_the_calendar_leaves_it_on_a_real_database(town: Town, step: Step) -> None:
    learners = Learners(town, random.Random(f"{step}"), families=20)
    wanted = what_the_slow_loop_leaves(town, learners, step)
    calendar = Calendar(town.desk)
    for place, period in learners.places.items():
        town.runner.run(calendar.step(place, DAY, Due(step, period)))
    assert town.run(everything) == wanted


def test_most_go_by_the_bulk_and_some_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the towns above would prove nothing."""
    together: Counter[str] = Counter()
    make, in_turn = bulk.Posting.make, bulk._in_turn

    def counts(kind: str, work: Any, at: int) -> Any:
        def counted(*of: Any) -> Any:
            together[kind] += len(json.loads(of[at]["ids"]) if kind == "plain" else of[at])
            return work(*of)

        return counted

    monkeypatch.setattr(bulk.Posting, "make", counts("plain", make, 2))
    monkeypatch.setattr(bulk, "_in_turn", counts("others", in_turn, 0))
    for step in STEPS:
        together.clear()
        town = Village(DAY)
        chunks(town, Learners(town, random.Random(1), families=60), step, lambda: 50)
        assert together["plain"] >= 10 and together["others"] >= 2, (step, together)


@contextmanager
def power_cuts(town: Village, after: int) -> Iterator[None]:
    """The statement of that number breaks."""
    left = [after]

    def cut(*_of: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise OSError("the plug was pulled")

    event.listen(town.memory, "before_cursor_execute", cut)
    try:
        yield
    finally:
        event.remove(town.memory, "before_cursor_execute", cut)


@pytest.mark.parametrize("step", STEPS)
def test_cut_off_at_any_statement_and_begun_again_it_is_done_once(step: Step) -> None:
    town, chance = Village(DAY), random.Random(7)
    learners = Learners(town, chance, families=16)
    wanted = what_the_slow_loop_leaves(town, learners, step)
    cuts = 0
    for after in [*range(1, 40), *range(40, 400, 9)]:
        with power_cuts(town, after):
            try:
                chunks(town, learners, step, lambda: 6)
            except OSError:
                cuts += 1
    assert cuts >= 10
    chunks(town, learners, step, lambda: 6)
    assert town.run(everything) == wanted


@pytest.mark.parametrize("seed", range(4))
def test_ids_that_were_found_long_ago_are_looked_at_again(seed: int) -> None:
    """Whatever stands there now, the charge does what the single function would."""
    town = Village(DAY)
    learners = Learners(town, random.Random(f"stale {seed}"), families=40)
    wanted = what_the_slow_loop_leaves(town, learners, Step.CHARGE_MONTH)

    def all_of_them(tx: Tx, place: int) -> None:
        tx.living = DAY
        payer = schema.certificate.c.municipality == place
        mine = select(schema.enrollment.c.id).join(schema.certificate).where(payer).order_by(schema.enrollment.c.id)
        charge(tx, tx.sql(mine).scalars().all(), DAY)

    for place in learners.places:
        town.run(partial(all_of_them, place=place))
    assert town.run(everything) == wanted


def test_many_of_the_others_are_left_to_the_next_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.bulk.ONE_BY_ONE", 3)
    town = Village(DAY)
    learners = Learners(town, random.Random(3), families=60)
    wanted = what_the_slow_loop_leaves(town, learners, Step.CHARGE_MONTH)
    place = town.municipality
    due = Due(Step.CHARGE_MONTH)

    def first(tx: Tx) -> tuple[int, int]:
        tx.living = DAY
        ids = next_ids(tx, RUNS[Step.CHARGE_MONTH], place, DAY, due, 0)
        return charge(tx, ids, DAY), len(ids)

    done, found = town.run(first)
    assert 3 <= done < found
    chunks(town, learners, Step.CHARGE_MONTH, lambda: 100)
    assert town.run(everything) == wanted
