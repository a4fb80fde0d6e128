"""Grants and expiries for hundreds of thousands of certificates (R3.4, R3.5): by SQL, a chunk at a time.

**The border.** SQL takes the certificates for which the key of the movement is free, whose child lives in the municipality that gives, and
so keeps its quiet hours (R8.2). The others go by `grant_all` and `withdraw_all`, which also make a new period's budget.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, and_, case, cast, exists, literal, select

from bot.domain.ledger import AccountKind, Why
from bot.domain.money import Money
from bot.domain.movements import Granted, Withdrawn
from bot.storage.bulk import INSERT, Bulk, among, content, held_accounts, its_account, joined, posting
from bot.storage.grants import grant_all, share, withdraw_all
from bot.storage.keys import Keys
from bot.storage.outbox import allowed_from
from bot.storage.schema import account, certificate, child, funding_period, nominal, transfer
from bot.storage.tx import Tx

FUNDED = certificate.c.kind == "funded", certificate.c.state == "active"


def entitled_to(municipality: int, period: int) -> Select[tuple[int]]:
    """Active funded certificates whose group has a nominal of the period."""
    given = nominal.c.certificate_group == certificate.c.certificate_group, nominal.c.period == period
    return (
        select(certificate.c.id)
        .join(nominal, and_(*given, nominal.c.kopecks > 0))
        .where(certificate.c.municipality == municipality, *FUNDED)
    )


def ungranted(municipality: int, period: int) -> Select[tuple[int]]:
    """Those of them that have not had it."""
    return entitled_to(municipality, period).where(~_used(_key("grant", period)), ~opened_in(period))


def opened_in(period: int) -> ColumnElement[bool]:
    """The balance that was taken over by an import stands for the first grant of its period (R3.3)."""
    return and_(certificate.c.opened_in.is_not_distinct_from(period), certificate.c.conversion == 1)


def with_money(period: int) -> Select[tuple[int]]:
    """Certificates that have anything left of a period."""
    return select(account.c.owner).where(
        account.c.kind == "certificate", account.c.period == period, account.c.unit == "money", account.c.balance > 0
    )


def grant(tx: Tx, ids: Sequence[int], period: int) -> int:
    """Give these certificates of one municipality their nominal of a period; how many of them, from the first, are done."""
    budget = its_account(AccountKind.BUDGET, funding_period.c.municipality, period).label("budget")
    row = tx.sql(select(funding_period, budget).where(funding_period.c.id == period)).one()
    if row.budget is None:  # the first grant makes it; without it none would be plain
        made = {"kind": AccountKind.BUDGET.value, "owner": row.municipality, "period": period}
        tx.insert_new(account, [made], "id")
    nominals = tx.rows(select(nominal).where(nominal.c.period == period).order_by(nominal.c.id))
    sums = tuple((each.certificate_group, share(tx, row, Money(each.kopecks)).kopecks) for each in nominals)
    day = tx.today(row.municipality)
    run = _grants(tx.connection.dialect.name, tx.keys, row.municipality, period, (row.start, row.stop), sums, day)
    return run.do(tx, ids, allowed_from(tx, row.municipality), lambda together: grant_all(tx, together, period))


def expire(tx: Tx, ids: Sequence[int], period: int) -> int:
    """What these certificates of one municipality have left goes back; how many of them, from the first, are done."""
    place = tx.value(select(funding_period.c.municipality).where(funding_period.c.id == period))
    run = _expiries(tx.connection.dialect.name, tx.keys, place, period, tx.today(place))
    return run.do(tx, ids, allowed_from(tx, place), lambda together: withdraw_all(tx, together, period, Why.EXPIRY))


# --- the statements of a period ---------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _grants(
    dialect: str,
    keys: Keys,
    municipality: int,
    period: int,
    span: tuple[date, date],
    sums: tuple[tuple[int, int], ...],
    day: date,
) -> Bulk:
    c, key = certificate.c, _key("grant", period)
    sum_ = case(dict(sums), value=c.certificate_group, else_=0)
    purse, budget = (AccountKind.CERTIFICATE, c.id, period), its_account(AccountKind.BUDGET, municipality, period)
    there, theirs = joined(*purse)
    grants = select(
        key.label("key"),
        budget.label("source"),
        there.c.id.label("target"),
        sum_.label("kopecks"),
        NOTHING.label("about"),
        NO_MONTH.label("month"),
        c.child,
        content(
            dialect,
            keys,
            Granted,
            child=c.child,
            day=day,
            key=key,
            certificate=c.id,
            period=period,
            amount=sum_,
            left=there.c.balance + sum_,
            start=span[0],
            until=span[1],
        ).label("content"),
    )
    grants = grants.join_from(certificate, there, theirs).where(among(dialect, c.id))
    values = {"kind": literal(AccountKind.CERTIFICATE.value), "owner": c.id, "period": literal(period)}
    purses = INSERT[dialect](account).from_select(list(values), select(*values.values()).where(among(dialect, c.id)))
    held = held_accounts(select(its_account(*purse)).where(among(dialect, c.id)))
    due = ~_used(key), ~opened_in(period)
    plain = and_(*FUNDED, sum_ > 0, budget.is_not(None), *due, _their_child() == municipality)
    holds = (held,) if dialect == "postgresql" else ()  # SQLite's one writer holds everything
    made = posting(dialect, grants, Why.GRANT, Granted, purses.on_conflict_do_nothing(), holds)
    return Bulk((), _families(dialect), plain, made)


@lru_cache(maxsize=8)
def _expiries(dialect: str, keys: Keys, municipality: int, period: int, day: date) -> Bulk:
    c, key = certificate.c, _key("expiry", period)
    purse, budget = (AccountKind.CERTIFICATE, c.id, period), its_account(AccountKind.BUDGET, municipality, period)
    there, theirs = joined(*purse)
    expiries = select(
        key.label("key"),
        there.c.id.label("source"),
        budget.label("target"),
        there.c.balance.label("kopecks"),
        NOTHING.label("about"),
        NO_MONTH.label("month"),
        c.child,
        content(
            dialect,
            keys,
            Withdrawn,
            child=c.child,
            day=day,
            key=key,
            certificate=c.id,
            period=period,
            amount=there.c.balance,
            why=Why.EXPIRY,
        ).label("content"),
    )
    expiries = expiries.join_from(certificate, there, theirs).where(among(dialect, c.id))
    plain = and_(
        its_account(*purse, column="balance") > 0, budget.is_not(None), ~_used(key), _their_child() == municipality
    )
    locks = held_accounts(select(its_account(*purse)).where(among(dialect, c.id)))
    return Bulk((locks,), _families(dialect), plain, posting(dialect, expiries, Why.EXPIRY, Withdrawn))


NOTHING, NO_MONTH = cast(None, Integer), cast(None, Text)


def _families(dialect: str) -> Select[Any]:
    id_ = certificate.c.id
    return select(id_, id_.label("family")).where(among(dialect, id_)).order_by(id_)


def _key(why: str, period: int) -> ColumnElement[str]:
    """As `ledger.grant` and `ledger.withdraw` write it."""
    c = certificate.c
    return literal(f"{why}:") + cast(c.id, Text) + f":{period}:" + cast(c.conversion, Text)


def _used(key: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(transfer.c.key == key)


def _their_child() -> Any:
    return select(child.c.municipality).where(child.c.id == certificate.c.child).scalar_subquery()
