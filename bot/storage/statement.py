"""A period's money for the eye: its free sum through the days, and every movement with what they have come to (R3.9)."""

from typing import Any

from sqlalchemy import select

from bot.domain.ledger import Why
from bot.domain.messages import Actor, Command, Query
from bot.domain.money import ZERO
from bot.domain.movements import Balance
from bot.domain.pictures import BalanceChart, ChartOf, Statement, StatementOf, Step
from bot.storage.balances import line_of, movements_of
from bot.storage.schema import certificate, child, municipality, transfer
from bot.storage.tx import Doer, Reader, Tx


def chart_of(tx: Tx, query: ChartOf, me: Actor) -> BalanceChart | None:
    """A step for each movement that changed what is free, those of one day in their order."""
    found = _statement(tx, query.child, me)
    if found is None:
        return None
    first_name, its = found
    free, steps = ZERO, list[Step]()
    for line in its.lines:
        if line.why is not Why.CHARGE:  # it comes out of what was put aside
            free += line.amount
            steps.append(Step(line.day, free))
    return BalanceChart(first_name, its.start, its.until, its.today, tuple(steps), its.free, its.held, its.charged)


def statement_of(tx: Tx, query: StatementOf, me: Actor) -> Statement | None:
    """With the child's name and the certificate's number."""
    found = _statement(tx, query.child, me)
    return found[1] if found is not None else None


def _statement(tx: Tx, number: int, me: Actor) -> tuple[str, Statement] | None:
    seen = tx.read(Balance(number), me)
    if seen is None or not seen.periods:
        return None
    row = tx.sql(
        select(certificate.c.number, certificate.c.municipality, municipality.c.name, child.c.surname)
        .join(municipality, municipality.c.id == certificate.c.municipality)
        .join(child, child.c.id == certificate.c.child)
        .where(certificate.c.id == seen.certificate)
    ).one()
    today = tx.today(row.municipality)
    period = next((each for each in seen.periods if each.until >= today), seen.periods[-1])
    moves, zone = movements_of(number, period.period).order_by(transfer.c.id), tx.zone(row.municipality)
    lines = tuple(line_of(each, zone) for each in tx.rows(moves))
    name = " ".join(part for part in (row.surname, seen.first_name) if part)
    sums = period.available, period.held, period.charged
    days = period.start, period.until, today
    return seen.first_name, Statement(name, row.number or "", row.name, *days, lines, *sums)


READERS: dict[type[Query[Any]], Reader] = {ChartOf: chart_of, StatementOf: statement_of}
DOERS: dict[type[Command], Doer] = {}
