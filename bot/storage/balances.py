"""What a family sees of its money: the balance and every movement (R3.9)."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from bot.domain.calendar import Month, local_date
from bot.domain.ledger import Why
from bot.domain.messages import Actor, Query
from bot.domain.money import ZERO, Money
from bot.domain.movements import (
    Balance,
    BalanceSeen,
    ChargeSeen,
    History,
    HistoryPage,
    Line,
    OneCharge,
    PeriodBalance,
)
from bot.storage.charges import charges_of, refunded
from bot.storage.family import may_decide, may_see
from bot.storage.schema import (
    account,
    certificate,
    child,
    dispute,
    enrollment,
    funding_period,
    module,
    program,
    transfer,
)
from bot.storage.schema import provider as providers
from bot.storage.tx import Reader, Tx

PAGE = 4
"""Movements on a page of the history: a screen that fits every messenger."""
ISSUED = ("active", "frozen", "revoked", "closed_age")


def balance_of(tx: Tx, query: Balance, me: Actor) -> BalanceSeen | None:
    """The living certificate of a child, else its last one."""
    if not may_see(tx, me, query.child):
        return None
    name = tx.value(select(child.c.first_name).where(child.c.id == query.child)) or ""
    row = tx.row(
        select(certificate)
        .where(certificate.c.child == query.child)
        .order_by(certificate.c.state.in_(("revoked", "closed_age")), certificate.c.id.desc())
    )
    if row is None:
        return BalanceSeen(query.child, name, 0, "")
    kind = row.kind if row.state in ISSUED else "pending"
    purses = tx.rows(
        select(funding_period, account.c.balance)
        .join(account, and_(account.c.period == funding_period.c.id, account.c.kind == "certificate"))
        .where(account.c.owner == row.id, funding_period.c.state != "closed")
        .order_by(funding_period.c.start)
    )
    periods = tuple(
        PeriodBalance(
            purse.id,
            purse.start,
            purse.stop,
            Money(purse.balance),
            _held(tx, row.id, purse.id),
            _paid(tx, row.id, purse.id),
        )
        for purse in purses
    )
    used = tuple(one for one in periods if kind == "funded" or one.available or one.held or one.charged)
    return BalanceSeen(query.child, name, row.id, kind, used)


def _held(tx: Tx, certificate_id: int, period: int) -> Money:
    """What is put aside for the enrollments of a period."""
    holds = (account.c.kind == "hold") & (account.c.owner == enrollment.c.id)
    ours = enrollment.c.certificate == certificate_id, enrollment.c.period == period
    return _sum(tx, select(func.sum(account.c.balance)).join(enrollment, holds).where(*ours))


def _paid(tx: Tx, certificate_id: int, period: int) -> Money:
    """What was charged for the enrollments of a period, less what came back of it."""
    ours = enrollment.c.certificate == certificate_id, enrollment.c.period == period
    moved = select(func.sum(transfer.c.kopecks)).join(enrollment, enrollment.c.id == transfer.c.about).where(*ours)
    back = (Why.LESSONS.value, Why.MISTAKE.value)
    return _sum(tx, moved.where(transfer.c.why == Why.CHARGE.value)) - _sum(tx, moved.where(transfer.c.why.in_(back)))


def _sum(tx: Tx, query: Select[Any]) -> Money:
    return Money(int(tx.value(query) or 0))


def history(tx: Tx, query: History, me: Actor) -> HistoryPage | None:
    """Whatever touched the certificate, and its months' charges; the nearest page there is."""
    row = _family(tx, query.child, me)
    if row is None:
        return None
    moves = movements_of(query.child)
    count = int(tx.value(select(func.count()).select_from(moves.subquery())))
    pages = max(1, -(-count // PAGE))
    page = min(max(query.page, 0), pages - 1)
    moved = tx.rows(moves.order_by(transfer.c.id.desc()).limit(PAGE).offset(page * PAGE))
    zone = tx.zone(row.municipality)
    return HistoryPage(row.first_name or "", tuple(line_of(each, zone) for each in moved), page, pages)


def movements_of(child_id: int, period: int = 0) -> Select[Any]:
    """Whatever touched a child's certificates, and its months' charges; in one period, if it is named."""
    purses = (
        select(account.c.id)
        .join(certificate, certificate.c.id == account.c.owner)
        .where(account.c.kind == "certificate", certificate.c.child == child_id)
    )
    learned = select(enrollment.c.id).where(enrollment.c.child == child_id)
    if period:
        purses, learned = purses.where(account.c.period == period), learned.where(enrollment.c.period == period)
    theirs = or_(
        transfer.c.source.in_(purses),
        transfer.c.target.in_(purses),
        and_(transfer.c.why == Why.CHARGE.value, transfer.c.about.in_(learned)),
    )
    gives = transfer.c.target.in_(purses)
    return (
        select(transfer, gives.label("gives"), program.c.name, _open_dispute().label("disputed"))
        .outerjoin(enrollment, enrollment.c.id == transfer.c.about)
        .outerjoin(module, module.c.id == enrollment.c.module)
        .outerjoin(program, program.c.id == module.c.program)
        .where(theirs)
    )


def line_of(row: Row[Any], zone: str) -> Line:
    """One of them as the history tells it."""
    amount = Money(row.kopecks if row.gives or row.why == Why.CHARGE else -row.kopecks)
    month = Month.parse(row.month) if row.month else None
    day, questioned = local_date(row.at, zone), row.why == Why.CHARGE and bool(row.disputed)
    return Line(row.id, day, Why(row.why), amount, row.about or 0, row.name or "", month, questioned)


def _open_dispute() -> ColumnElement[bool]:
    return (
        select(dispute.c.id)
        .where(
            dispute.c.enrollment == enrollment.c.id,
            dispute.c.state == "open",
            dispute.c.about.in_(("enrollment", transfer.c.month)),
        )
        .correlate(enrollment, transfer)
        .exists()
    )


def one_charge(tx: Tx, query: OneCharge, me: Actor) -> ChargeSeen | None:
    """A month's charge, with the right to question it (R6.8)."""
    row = tx.row(
        select(
            transfer,
            enrollment.c.child,
            certificate.c.municipality,
            program.c.name,
            providers.c.name.label("provider"),
            child.c.first_name,
            _open_dispute().label("disputed"),
        )
        .join(enrollment, enrollment.c.id == transfer.c.about)
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .join(child, child.c.id == enrollment.c.child)
        .join(module, module.c.id == enrollment.c.module)
        .join(program, program.c.id == module.c.program)
        .join(providers, providers.c.id == program.c.provider)
        .where(transfer.c.key == f"charge:{query.enrollment}:{query.month}")
    )
    if row is None or not may_see(tx, me, row.child):
        return None
    charged = next(each for each in charges_of(tx, [query.enrollment])[query.enrollment] if each.month == query.month)
    back = refunded(tx, charged)
    open_one = select(dispute.c.id).where(dispute.c.enrollment == query.enrollment, dispute.c.state == "open")
    free = tx.value(open_one) is None and charged.amount - back > ZERO
    return ChargeSeen(
        row.child,
        row.first_name or "",
        row.name,
        row.provider,
        local_date(row.at, tx.zone(row.municipality)),
        charged.amount,
        back,
        bool(row.disputed),
        free and may_decide(tx, me, row.child),
    )


def _family(tx: Tx, child_id: int, me: Actor) -> Row[Any] | None:
    return tx.row(select(child).where(child.c.id == child_id)) if may_see(tx, me, child_id) else None


READERS: dict[type[Query[Any]], Reader] = {
    Balance: balance_of,
    History: history,
    OneCharge: one_charge,
}
