"""The movements of a certificate's money: granted, adjusted, withdrawn (R3.3–R3.8)."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, case, func, select

from bot.domain import ledger as book
from bot.domain.ledger import Account, Transfer, Why
from bot.domain.money import ZERO, Money
from bot.domain.movements import Adjusted, Granted, Withdrawn
from bot.storage import schema
from bot.storage.accounts import is_, lock, lock_all, move_all
from bot.storage.schema import account, transfer
from bot.storage.tx import Tx


def grant(tx: Tx, certificate_id: int, period_id: int) -> Money:
    """R3.4: the nominal of a period, once for each time the certificate became funded; nothing without a nominal, nor beside a balance taken over."""
    return grant_all(tx, [certificate_id], period_id)


def grant_open(tx: Tx, certificate_id: int) -> Money:
    """The nominals of every open period: what a certificate gets when it becomes funded."""
    [row] = _certificates(tx, [certificate_id])
    return sum((grant(tx, certificate_id, period) for period in open_periods(tx, row.municipality)), ZERO)


def grant_all(tx: Tx, certificate_ids: Collection[int], period_id: int) -> Money:
    """`grant` to many certificates of the period's municipality; the sum of what was new."""
    period = _period(tx, period_id)
    rows = _certificates(tx, certificate_ids)
    sums = {row.certificate_group: ZERO for row in rows}
    for group in sums:
        sums[group] = share(tx, period, nominal(tx, group, period_id))
    purses = lock_all(tx, [book.certificate(row.id, period_id) for row in rows])
    source = book.budget(period.municipality, period_id)
    wanted = {
        row.id: book.grant(source, book.certificate(row.id, period_id), sums[row.certificate_group], row.conversion)
        for row in rows
        if sums[row.certificate_group] and not _opened(row, period_id)
    }
    made = {each.target.owner: each for each in move_all(tx, _not_used(tx, list(wanted.values())))}
    day = tx.today(period.municipality)
    for row in rows:
        if each := made.get(row.id):
            left, until = purses[each.target] + each.amount, period.stop
            tx.tell(
                Granted(row.child, row.id, period_id, each.amount, left, period.start, until, day=day, key=each.key)
            )
    return sum((each.amount for each in made.values()), ZERO)


def adjust_to(tx: Tx, certificate_id: int, group: int) -> Money:
    """R2.5: put the certificate into another group; the balance of each open period changes by the difference.

    A lower nominal takes what is available and no more: what is committed stays, and counts when a higher one comes.
    Returns the whole change, ±.
    """
    [row] = _certificates(tx, [certificate_id])
    tx.sql(schema.certificate.update().where(schema.certificate.c.id == certificate_id).values(certificate_group=group))
    if row.kind != "funded" or group == row.certificate_group:
        return ZERO
    change = ZERO
    for period_id in open_periods(tx, row.municipality):
        there, period = (book.certificate(certificate_id, period_id), _period(tx, period_id))
        available = lock(tx, there)
        if not granted(tx, there) and not _opened(row, period_id):
            change += grant(tx, certificate_id, period_id)
            continue
        before, after = (share(tx, period, nominal(tx, each, period_id)) for each in (row.certificate_group, group))
        most = max(nominal(tx, group, period_id) - _given(tx, there), ZERO)
        difference = min(max(after - before, -available), most)
        if difference:
            adjust_all(tx, [row], period_id, difference, Why.CATEGORY, _changes(tx, there) + 1)
            change += difference
    return change


def adjust_all(tx: Tx, rows: Sequence[Row[Any]], period_id: int, difference: Money, why: Why, revision: int) -> None:
    """± the difference onto the balances of certificates of one municipality, given as rows (R2.5, R3.8)."""
    purses = lock_all(tx, [book.certificate(row.id, period_id) for row in rows])
    wanted = {
        row.id: book.adjust(
            book.budget(row.municipality, period_id), book.certificate(row.id, period_id), difference, why, revision
        )
        for row in rows
    }
    move_all(tx, list(wanted.values()))
    for row in rows:
        left, day = purses[book.certificate(row.id, period_id)] + difference, tx.today(row.municipality)
        tx.tell(Adjusted(row.child, row.id, period_id, difference, why, left, day=day, key=wanted[row.id].key))


def withdraw(tx: Tx, certificate_id: int, why: Why) -> Money:
    """R3.3: what is available in every open period goes back to the budget: freeze, conversion, revocation, age."""
    [row] = _certificates(tx, [certificate_id])
    return sum((withdraw_all(tx, [certificate_id], period, why) for period in open_periods(tx, row.municipality)), ZERO)


def withdraw_all(tx: Tx, certificate_ids: Collection[int], period_id: int, why: Why) -> Money:
    """What is available of a period on many certificates goes back to its budget; the sum.

    What came back to a certificate after a first withdrawal for the same reason waits for the period's end.
    """
    period = _period(tx, period_id)
    rows = _certificates(tx, certificate_ids)
    purses = lock_all(tx, [book.certificate(row.id, period_id) for row in rows])
    budget = book.budget(period.municipality, period_id)
    wanted = [
        book.withdraw(purse, budget, purses[purse], why, row.conversion)
        for row in rows
        if purses[purse := book.certificate(row.id, period_id)]
    ]
    made = {each.source.owner: each for each in move_all(tx, _not_used(tx, wanted))}
    day = tx.today(period.municipality)
    tx.tell(
        *(
            Withdrawn(row.child, row.id, period_id, each.amount, why, day=day, key=each.key)
            for row in rows
            if (each := made.get(row.id))
        )
    )
    return sum((each.amount for each in made.values()), ZERO)


def _opened(row: Row[Any], period_id: int) -> bool:
    """An import has taken over what was left of this period: that stands for its grant, nothing included (R3.3)."""
    return bool(row.opened_in == period_id and row.conversion == 1)


def nominal(tx: Tx, group: int, period_id: int) -> Money:
    """A group's nominal in a period; zero if none was set."""
    table = schema.nominal
    found = tx.value(select(table.c.kopecks).where(table.c.certificate_group == group, table.c.period == period_id))
    return Money(found or 0)


def share(tx: Tx, period: Row[Any], whole: Money) -> Money:
    """The part of a nominal that is granted today: the whole, or by the days left (PP `prorate_grant`, R3.4)."""
    days = (period.stop - period.start).days + 1
    left = (period.stop - max(tx.today(period.municipality), period.start)).days + 1
    return whole.share(max(left, 0), days) if tx.policy(period.municipality).prorate_grant else whole


def open_periods(tx: Tx, municipality: int) -> list[int]:
    """The present period, and the next one once it is opened (R3.4)."""
    table = schema.funding_period
    rows = tx.rows(
        select(table.c.id).where(table.c.municipality == municipality, table.c.state == "open").order_by(table.c.start)
    )
    return [row.id for row in rows]


def granted(tx: Tx, there: Account) -> bool:
    """Whether a certificate's account of a period was ever given anything."""
    given = [Why.GRANT.value, Why.OPENING.value]
    return bool(
        tx.value(
            select(func.count())
            .select_from(transfer.join(account, account.c.id == transfer.c.target))
            .where(is_(there), transfer.c.why.in_(given))
        )
    )


def _given(tx: Tx, there: Account) -> Money:
    """What a certificate was given for a period since it last became funded: the grant and what adjusted it."""
    ours = select(account.c.id).where(is_(there)).scalar_subquery()
    gifts = [Why.GRANT.value, Why.OPENING.value]
    adjusted = [*gifts, Why.NOMINAL.value, Why.CATEGORY.value]
    last = select(func.max(transfer.c.id)).where(transfer.c.target == ours, transfer.c.why.in_(gifts)).scalar_subquery()
    amount = case((transfer.c.target == ours, transfer.c.kopecks), else_=-transfer.c.kopecks)
    touched = (transfer.c.target == ours) | (transfer.c.source == ours)
    since = select(func.sum(amount)).where(touched, transfer.c.why.in_(adjusted), transfer.c.id >= last)
    return Money(int(tx.value(since) or 0))


def _certificates(tx: Tx, certificate_ids: Collection[int]) -> Sequence[Row[Any]]:
    table = schema.certificate
    return tx.rows(select(table).where(table.c.id.in_(certificate_ids)).order_by(table.c.id))


def _not_used(tx: Tx, wanted: Sequence[Transfer]) -> list[Transfer]:
    """Those whose keys are free: the amount of a grant or withdrawal made before may have been another."""
    used = {row.key for row in tx.rows(select(transfer.c.key).where(transfer.c.key.in_([each.key for each in wanted])))}
    return [each for each in wanted if each.key not in used]


def _period(tx: Tx, period_id: int) -> Row[Any]:
    table = schema.funding_period
    return tx.sql(select(table).where(table.c.id == period_id)).one()


def _changes(tx: Tx, there: Account) -> int:
    """How often the group of this certificate changed in this period so far."""
    ours = select(account.c.id).where(is_(there)).scalar_subquery()
    return int(
        tx.value(
            select(func.count())
            .select_from(transfer)
            .where(transfer.c.why == Why.CATEGORY.value, (transfer.c.source == ours) | (transfer.c.target == ours))
        )
    )
