"""Money by month (R10.1), told from the transfers alone: what touches a budget by its municipality, all else by its enrollment."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select, union_all

from bot.domain.calendar import Month, local_date, local_midnight, months
from bot.domain.ledger import AccountKind, Why
from bot.domain.messages import Actor
from bot.domain.report import Flow, MoneyByMonth, MoneySeen, Sums, flow, running
from bot.storage.report_scope import visible
from bot.storage.schema import account, certificate, enrollment, funding_period, transfer
from bot.storage.tx import Tx

BUDGET = AccountKind.BUDGET.value
Moved = Counter[tuple[int, Month, Flow]]
"""Kopecks by municipality, month and what they are."""


def money_by_month(tx: Tx, query: MoneyByMonth, me: Actor) -> MoneySeen:
    """Of the funding periods that overlap the span; a month is that of the municipality's own zone."""
    places = visible(tx, me, query.municipality)
    table = funding_period
    rows = tx.rows(
        select(table.c.id, table.c.municipality, table.c.start).where(
            table.c.municipality.in_([place.id for place in places]),
            table.c.start <= query.span.stop,
            table.c.stop >= query.span.start,
        )
    )
    by_zone: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_zone[tx.zone(row.municipality)].append(row)
    moved: Moved = Counter()
    for zone, periods in by_zone.items():
        today, first = local_date(tx.now, zone), min(Month.of(row.start) for row in periods)
        known = months(min(first.first.replace(year=first.year - 1), today), today)
        moved.update(_moved(tx, [row.id for row in periods], known, zone))
    return MoneySeen(
        _sums(moved),
        _by_month(moved),
        tuple((place, _sums({key: moved[key] for key in moved if key[0] == place.id})) for place in places),
    )


def _sums(moved: Moved | dict[tuple[int, Month, Flow], int]) -> Sums:
    whole: Counter[Flow] = Counter()
    for (_place, _month, what), kopecks in moved.items():
        whole[what] += kopecks
    return running([whole])[0]


def _by_month(moved: Moved) -> tuple[tuple[Month, Sums], ...]:
    by_month: dict[Month, Counter[Flow]] = defaultdict(Counter)
    for (_place, month, what), kopecks in moved.items():
        by_month[month][what] += kopecks
    whole = months(min(by_month).first, max(by_month).first) if by_month else ()
    return tuple(zip(whole, running([by_month[month] for month in whole]), strict=True))


def _moved(tx: Tx, periods: list[int], known: Sequence[Month], zone: str) -> Moved:
    """The months run from a year before the periods begin until now: no transfer is older than its period's opening."""
    ends = [(transfer.c.at < local_midnight(month.next.first, zone), index) for index, month in enumerate(known)]
    index = case(*ends).label("month")
    purse, other = account.alias("purse"), account.alias("other")
    sides = (
        (transfer.c.source, transfer.c.target, purse.c.kind, other.c.kind),
        (
            transfer.c.target,
            transfer.c.source,
            other.c.kind,
            purse.c.kind,
        ),
    )
    budgets = [
        select(
            purse.c.owner.label("place"),
            index,
            source.label("source"),
            target.label("target"),
            transfer.c.why,
            transfer.c.kopecks,
        )
        .select_from(purse)
        .join(transfer, near == purse.c.id)
        .join(other, far == other.c.id)
        .where(purse.c.kind == BUDGET, purse.c.period.in_(periods))
        for near, far, source, target in sides
    ]
    learning = (
        select(certificate.c.municipality, index, purse.c.kind, other.c.kind, transfer.c.why, transfer.c.kopecks)
        .select_from(enrollment)
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .join(transfer, transfer.c.about == enrollment.c.id)
        .join(purse, purse.c.id == transfer.c.source)
        .join(other, other.c.id == transfer.c.target)
        .where(enrollment.c.period.in_(periods), purse.c.kind != BUDGET, other.c.kind != BUDGET)
    )
    each = union_all(*budgets, learning).subquery()
    kind = (each.c.place, each.c.month, each.c.source, each.c.target, each.c.why)
    moved: Moved = Counter()
    for row in tx.rows(select(*kind, func.sum(each.c.kopecks).label("kopecks")).group_by(*kind)):
        what, sign = flow(AccountKind(row.source), AccountKind(row.target), Why(row.why))
        moved[row.place, known[row.month], what] += sign * int(row.kopecks)
    return moved
