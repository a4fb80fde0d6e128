"""The audit: everything that is said about money, told again from the transfers alone (R3.2, R5); and seats from their rows (R6.1)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, case, func, not_, or_, select

from bot.domain.enrollment import SEATED
from bot.domain.ledger import ROUTES, Why
from bot.storage.schema import (
    account,
    bill,
    bill_line,
    bill_transfer,
    certificate,
    dispute,
    enrollment,
    funding_period,
    group,
    shelf,
    transfer,
)
from bot.storage.tx import Tx

LEARNING = ("requested", "claimed", "accepted", "active")
"""States in which an enrollment's hold may have money; a notice has emptied it already (R5.5)."""


def audit(tx: Tx) -> list[str]:
    """Every difference in words for an engineer: ids and kopecks, no names. Empty: the books agree."""
    books = [*_balances(tx), *_sums(tx), *_routes(tx), *_charges(tx), *_holds(tx), *_certificates(tx)]
    return [*books, *_reserves(tx), *_closed(tx), *_seats(tx), *_bills(tx)]


def _balances(tx: Tx) -> Iterator[str]:
    """Each balance is what came in less what went out; only budgets are below zero."""
    came, went = _moved(transfer.c.target), _moved(transfer.c.source)
    told = func.coalesce(came.c.kopecks, 0) - func.coalesce(went.c.kopecks, 0)
    for row in tx.rows(
        select(account, told.label("told"))
        .outerjoin(came, came.c.account == account.c.id)
        .outerjoin(went, went.c.account == account.c.id)
        .where(or_(account.c.balance != told, and_(account.c.kind != "budget", account.c.balance < 0)))
        .order_by(account.c.id)
    ):
        yield f"account {row.id} ({row.kind} {row.owner}/{row.period}) has {row.balance}, its transfers make {int(row.told)}"


def _sums(tx: Tx) -> Iterator[str]:
    """Nothing appears, nothing is lost."""
    total = tx.value(select(func.coalesce(func.sum(account.c.balance), 0)))
    if total:
        yield f"all balances together make {int(total)}, not 0"


def _routes(tx: Tx) -> Iterator[str]:
    """No transfer leads where its kind of movement may not (R3.7)."""
    source, target = account.alias("source"), account.alias("target")
    allowed = or_(
        *(
            and_(transfer.c.why == why.value, source.c.kind == ways[0].value, target.c.kind == ways[1].value)
            for why, routes in ROUTES.items()
            for ways in routes
        )
    )
    for row in tx.rows(
        select(transfer.c.key, transfer.c.why, source.c.kind.label("source"), target.c.kind.label("target"))
        .join(source, source.c.id == transfer.c.source)
        .join(target, target.c.id == transfer.c.target)
        .where(not_(allowed))
        .order_by(transfer.c.id)
    ):
        yield f"{row.key} moves {row.source} to {row.target}, which {row.why} may not"


def _charges(tx: Tx) -> Iterator[str]:
    """A month is charged once, no more than planned, and refunded at most whole (R5.3, R5.4)."""
    back = case((transfer.c.why.in_([Why.LESSONS.value, Why.MISTAKE.value]), transfer.c.kopecks), else_=0)
    paid = case((transfer.c.why == Why.CHARGE.value, transfer.c.kopecks), else_=0)
    once = case((transfer.c.why == Why.CHARGE.value, 1), else_=0)
    months = (
        select(
            transfer.c.about,
            transfer.c.month,
            func.sum(once).label("times"),
            func.sum(paid).label("paid"),
            func.sum(back).label("back"),
        )
        .where(
            transfer.c.month.is_not(None), transfer.c.why.in_([w.value for w in (Why.CHARGE, Why.LESSONS, Why.MISTAKE)])
        )
        .group_by(transfer.c.about, transfer.c.month)
        .subquery()
    )
    wrong = or_(
        months.c.times != 1,
        months.c.back > months.c.paid,
        months.c.paid > case((enrollment.c.first > enrollment.c.other, enrollment.c.first), else_=enrollment.c.other),
    )
    for row in tx.rows(
        select(months)
        .join(enrollment, enrollment.c.id == months.c.about)
        .where(wrong)
        .order_by(months.c.about, months.c.month)
    ):
        yield f"enrollment {row.about}, {row.month}: charged {int(row.times)} times {int(row.paid)}, refunded {int(row.back)}"


def _holds(tx: Tx) -> Iterator[str]:
    """A hold has what was reserved less what was charged; nothing once the enrollment is over (R5.6), a dispute aside (R5.8)."""
    purse = and_(account.c.kind == "hold", account.c.owner == enrollment.c.id)
    planned = enrollment.c.first + enrollment.c.other * (enrollment.c.months - 1)
    disputed = select(dispute.c.id).where(dispute.c.enrollment == enrollment.c.id, dispute.c.state == "open").exists()
    over = or_(enrollment.c.state.not_in(LEARNING), enrollment.c.ends_on.is_not(None))
    for row in tx.rows(
        select(enrollment.c.id, enrollment.c.state, account.c.balance)
        .join(account, purse)
        .where(or_(account.c.balance > planned, and_(over, account.c.balance > 0, ~disputed)))
        .order_by(enrollment.c.id)
    ):
        yield f"enrollment {row.id} is {row.state}, and its hold has {row.balance}"


def _certificates(tx: Tx) -> Iterator[str]:
    """Available + held + charged + returned to the budget = granted, certificate by certificate and period by period."""
    purse = and_(account.c.kind == "certificate", account.c.owner == certificate.c.id)
    budget = account.alias("budget")
    given = (
        select(transfer.c.target.label("account"), func.sum(transfer.c.kopecks).label("kopecks"))
        .join(budget, and_(budget.c.id == transfer.c.source, budget.c.kind == "budget"))
        .group_by(transfer.c.target)
        .subquery()
    )
    taken = (
        select(transfer.c.source.label("account"), func.sum(transfer.c.kopecks).label("kopecks"))
        .join(budget, and_(budget.c.id == transfer.c.target, budget.c.kind == "budget"))
        .group_by(transfer.c.source)
        .subquery()
    )
    hold = account.alias("hold")
    held = _by_learning(
        select(enrollment.c.certificate, enrollment.c.period, func.sum(hold.c.balance).label("kopecks")).join(
            hold, and_(hold.c.kind == "hold", hold.c.owner == enrollment.c.id)
        )
    )
    at_provider = case((transfer.c.why == Why.CHARGE.value, transfer.c.kopecks), else_=-transfer.c.kopecks)
    paid = _by_learning(
        select(enrollment.c.certificate, enrollment.c.period, func.sum(at_provider).label("kopecks"))
        .join(transfer, transfer.c.about == enrollment.c.id)
        .where(transfer.c.why.in_([Why.CHARGE.value, Why.LESSONS.value, Why.MISTAKE.value]))
    )
    sums = [func.coalesce(each.c.kopecks, 0) for each in (given, taken, held, paid)]
    for row in tx.rows(
        select(
            certificate.c.id,
            account.c.period,
            account.c.balance,
            *(each.label(name) for each, name in zip(sums, ("given", "taken", "held", "paid"), strict=True)),
        )
        .join(account, purse)
        .outerjoin(given, given.c.account == account.c.id)
        .outerjoin(taken, taken.c.account == account.c.id)
        .outerjoin(held, and_(held.c.certificate == certificate.c.id, held.c.period == account.c.period))
        .outerjoin(paid, and_(paid.c.certificate == certificate.c.id, paid.c.period == account.c.period))
        .where(account.c.balance + sums[1] + sums[2] + sums[3] != sums[0])
        .order_by(certificate.c.id, account.c.period)
    ):
        yield (
            f"certificate {row.id}, period {row.period}: available {row.balance} + held {int(row.held)} "
            f"+ charged {int(row.paid)} + returned {int(row.taken)} is not the granted {int(row.given)}"
        )


def _reserves(tx: Tx) -> Iterator[str]:
    """Whoever learns, or has asked to, had the whole certificate part put aside, once (R5.1)."""
    aside = (
        select(transfer.c.about, func.sum(transfer.c.kopecks).label("kopecks"))
        .where(transfer.c.why == Why.RESERVE.value)
        .group_by(transfer.c.about)
        .subquery()
    )
    planned = enrollment.c.first + enrollment.c.other * (enrollment.c.months - 1)
    reserved = func.coalesce(aside.c.kopecks, 0)
    for row in tx.rows(
        select(enrollment.c.id, planned.label("planned"), reserved.label("reserved"))
        .outerjoin(aside, aside.c.about == enrollment.c.id)
        .where(enrollment.c.state.in_(LEARNING), planned != reserved)
        .order_by(enrollment.c.id)
    ):
        yield f"enrollment {row.id} costs the certificate {row.planned}, and {int(row.reserved)} was put aside"


def _closed(tx: Tx) -> Iterator[str]:
    """Nothing is left on a certificate for a period that is closed (R3.5, R3.6)."""
    for row in tx.rows(
        select(account.c.owner, account.c.period, account.c.balance)
        .join(funding_period, funding_period.c.id == account.c.period)
        .where(account.c.kind == "certificate", account.c.balance != 0, funding_period.c.state == "closed")
        .order_by(account.c.owner, account.c.period)
    ):
        yield f"certificate {row.owner} has {row.balance} of period {row.period}, which is closed"


def _seats(tx: Tx) -> Iterator[str]:
    """`taken` is the number of enrollments that hold a seat, and what the search goes by; none holds one after its end (R6.1)."""
    holding = (
        select(enrollment.c.group, func.count().label("seats"))
        .where(enrollment.c.holds_seat)
        .group_by(enrollment.c.group)
        .subquery()
    )
    counted = func.coalesce(holding.c.seats, 0)
    for row in tx.rows(
        select(group.c.id, group.c.taken, counted.label("counted"))
        .outerjoin(holding, holding.c.group == group.c.id)
        .where(group.c.taken != counted)
        .order_by(group.c.id)
    ):
        yield f"group {row.id} counts {row.taken} seats taken, its enrollments hold {row.counted}"
    room = and_(group.c.is_open, group.c.taken < group.c.seats)
    shelved = select(group.c.id, shelf.c.room).join(shelf, shelf.c.group == group.c.id).where(shelf.c.room != room)
    for row in tx.rows(shelved.order_by(group.c.id)):
        yield f"group {row.id} stands on the shelf {'with' if row.room else 'without'} a free seat, and that is not so"
    seated = enrollment.c.state.in_([state.value for state in SEATED])
    ended = select(enrollment).where(enrollment.c.holds_seat, ~seated)
    for row in tx.rows(ended.order_by(enrollment.c.id)):
        yield f"enrollment {row.id} is {row.state}, and holds a seat"


def _bills(tx: Tx) -> Iterator[str]:
    """A bill that has gone is the movements that stand on it, and its lines are too (R5.4)."""
    signed = case((transfer.c.why == Why.CHARGE.value, transfer.c.kopecks), else_=-transfer.c.kopecks)
    moved = (
        select(bill_transfer.c.bill, func.sum(signed).label("kopecks"))
        .join(transfer, transfer.c.id == bill_transfer.c.transfer)
        .group_by(bill_transfer.c.bill)
        .subquery()
    )
    written = (
        select(bill_line.c.bill, func.sum(bill_line.c.charged - bill_line.c.refunded).label("kopecks"))
        .group_by(bill_line.c.bill)
        .subquery()
    )
    total, stands = bill.c.charged - bill.c.refunded, bill.c.kind == "bill"
    sums = [func.coalesce(each.c.kopecks, 0) for each in (moved, written)]
    for row in tx.rows(
        select(
            bill.c.id,
            total.label("total"),
            *(each.label(name) for each, name in zip(sums, ("moved", "written"), strict=True)),
        )
        .outerjoin(moved, moved.c.bill == bill.c.id)
        .outerjoin(written, written.c.bill == bill.c.id)
        .where(stands, bill.c.state != "returned", or_(total != sums[0], total != sums[1]))
        .order_by(bill.c.id)
    ):
        yield f"bill {row.id} says {row.total}, its lines {int(row.written)}, its movements make {int(row.moved)}"


def _by_learning(sums: Select[Any]) -> Any:
    return sums.group_by(enrollment.c.certificate, enrollment.c.period).subquery()


def _moved(side: Any) -> Any:
    return select(side.label("account"), func.sum(transfer.c.kopecks).label("kopecks")).group_by(side).subquery()
