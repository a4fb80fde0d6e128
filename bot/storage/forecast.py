"""The calendar of a child's money: the rows behind forecast.py of the domain."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select

from bot.domain.enrollment import EnrollmentState
from bot.domain.forecast import Forecast, ForecastSeen, Leaving, PurseAhead, Running, burning, leaving, to_come
from bot.domain.messages import Actor, Command, Query
from bot.domain.money import Money
from bot.domain.movements import Balance
from bot.domain.pricing import Installments
from bot.storage.balances import balance_of
from bot.storage.charges import charges_of
from bot.storage.family import may_decide
from bot.storage.lessons import cancelled_of
from bot.storage.schema import account, certificate, dispute, enrollment, funding_period, module, program
from bot.storage.tx import Doer, Reader, Tx

TO_PAY = ("requested", "claimed", "accepted", "active")


def forecast(tx: Tx, query: Forecast, me: Actor) -> ForecastSeen | None:
    """What every enrollment still costs, day by day; one in dispute waits for its decision (R5.8)."""
    money = balance_of(tx, Balance(query.child), me)
    if money is None:
        return None
    rows = _rows(tx, enrollment.c.child == query.child)
    known = dict(zip((row.id for row in rows), runnings(tx, rows), strict=True))
    decides = may_decide(tx, me, query.child)
    expected, left = [], []
    for row in rows:
        one, today = known[row.id], tx.today(row.municipality)
        if not one.disputed:
            expected += to_come(one, today, tx.policy(row.municipality).parent_pay_day)
        if decides and (gone := _leaving(tx, row, one)) is not None:
            left.append(gone)
    purses = tuple(
        PurseAhead(
            each.period,
            each.start,
            each.until,
            each.available,
            each.held,
            burning(
                each.available,
                [(known[row.id], tx.today(row.municipality)) for row in rows if row.period == each.period],
            ),
        )
        for each in money.periods
    )
    in_order = sorted(expected, key=lambda each: (each.day, each.enrollment, each.month))
    return ForecastSeen(query.child, money.first_name, tuple(in_order), purses, tuple(left))


def leaving_of(tx: Tx, enrollment_id: int) -> Leaving | None:
    """What leaving this one today would change; None if there is nothing to leave."""
    rows = _rows(tx, enrollment.c.id == enrollment_id)
    return _leaving(tx, rows[0], runnings(tx, rows)[0]) if rows else None


def runnings(tx: Tx, rows: Sequence[Row[Any]]) -> list[Running]:
    """Enrollments with what was charged and called off. Two statements."""
    ids = [row.id for row in rows]
    paid, lessons = charges_of(tx, ids), cancelled_of(tx, ids)
    return [
        Running(
            row.id,
            row.program_name,
            EnrollmentState(row.state),
            row.start,
            row.stop,
            Installments(Money(row.first), Money(row.other), row.months),
            Installments(Money(row.parent_first), Money(row.parent_other), row.months),
            row.concluded_on,
            row.ends_on,
            frozenset(each.month for each in paid[row.id] if each.month),
            Money(row.held or 0),
            row.disputed is not None,
            lessons.get(row.id, {}),
        )
        for row in rows
    ]


def _leaving(tx: Tx, row: Row[Any], one: Running) -> Leaving | None:
    return leaving(one, tx.today(row.municipality), Money(row.available or 0), row.period_stop)


def _rows(tx: Tx, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Enrollments that money may still move for, with their hold, the certificate's balance and the end of its period."""
    hold, purse = account.alias("hold"), account.alias("purse")
    of_hold = and_(hold.c.kind == "hold", hold.c.owner == enrollment.c.id)
    of_purse = and_(
        purse.c.kind == "certificate",
        purse.c.owner == enrollment.c.certificate,
        purse.c.period == enrollment.c.period,
    )
    return tx.rows(
        select(
            enrollment,
            program.c.name.label("program_name"),
            certificate.c.municipality,
            hold.c.balance.label("held"),
            purse.c.balance.label("available"),
            funding_period.c.stop.label("period_stop"),
            dispute.c.id.label("disputed"),
        )
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .join(module, module.c.id == enrollment.c.module)
        .join(program, program.c.id == module.c.program)
        .outerjoin(funding_period, funding_period.c.id == enrollment.c.period)
        .outerjoin(hold, of_hold)
        .outerjoin(purse, of_purse)
        .outerjoin(dispute, and_(dispute.c.enrollment == enrollment.c.id, dispute.c.state == "open"))
        .where(*which, enrollment.c.state.in_(TO_PAY), enrollment.c.start.is_not(None))
        .order_by(enrollment.c.id)
    )


READERS: dict[type[Query[Any]], Reader] = {Forecast: forecast}
DOERS: dict[type[Command], Doer] = {}
