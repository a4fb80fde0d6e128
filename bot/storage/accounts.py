"""Accounts and transfers at rest: the one function that moves money, once by its key, any number at a time (R3.2).

Whoever decides by a balance calls `lock` on the account first, and reads afterwards.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Row, and_, bindparam, false, or_, select

from bot.domain.ledger import Account, AccountKind, Transfer
from bot.domain.money import ZERO, Money
from bot.storage.schema import account, transfer
from bot.storage.tx import Tx


def move(tx: Tx, wanted: Transfer) -> bool:
    """Make a transfer; False when its key has been used already (R3.2). Errors are those of `move_all`."""
    return bool(move_all(tx, [wanted]))


def move_all(tx: Tx, wanted: Sequence[Transfer]) -> list[Transfer]:
    """Make those transfers whose keys are new, in order, by a constant number of statements; which they were.

    AssertionError, a bug of the caller, if a key belongs to another transfer or a bounded account is short.
    """
    if not wanted:
        return []
    found = _rows(tx, [side for each in wanted for side in (each.source, each.target)])
    values = [
        {
            "key": each.key,
            "source": found[each.source].id,
            "target": found[each.target].id,
            "kopecks": each.kopecks,
            "why": each.why.value,
            "about": each.about,
            "month": str(each.month) if each.month else None,
        }
        for each in wanted
    ]
    new = tx.insert_new(transfer, [{**row, "at": tx.now} for row in values], "key")
    _same(tx, {row["key"]: row for row in values if row["key"] not in new})
    made = [each for each in wanted if each.key in new]
    rests = {each: row.balance for each, row in found.items()}
    for each in made:
        rests[each.source] -= each.kopecks
        rests[each.target] += each.kopecks
        short = -rests[each.source] if each.source.bounded else 0
        assert short <= 0, f"{each.key}: {each.source} is short by {short} kopecks"
    changes = [
        {"account_id": row.id, "change": rests[each] - row.balance}
        for each, row in found.items()
        if rests[each] != row.balance
    ]
    if changes:
        added = account.c.balance + bindparam("change")
        tx.sql(account.update().where(account.c.id == bindparam("account_id")).values(balance=added), changes)
    return made


def balance(tx: Tx, where: Account) -> Money:
    """What an account has; nothing if it was never used."""
    return Money(tx.value(select(account.c.balance).where(is_(where))) or 0)


def lock(tx: Tx, where: Account) -> Money:
    """Hold an account until the end of the transaction, and say what it has."""
    return lock_all(tx, [where])[where]


def lock_all(tx: Tx, wanted: Collection[Account]) -> dict[Account, Money]:
    """Hold accounts, in one order for all, and say what each has; those that were never used have nothing."""
    found = _find(tx, wanted)
    return {each: Money(found[each].balance) if each in found else ZERO for each in wanted}


def is_(where: Account) -> Any:
    """The condition that finds an account's row."""
    return and_(*(account.c[name] == value for name, value in _values(where).items()))


def _same(tx: Tx, repeated: dict[str, dict[str, Any]]) -> None:
    """A key used twice must say the same twice."""
    if repeated:
        for known in tx.rows(select(transfer).where(transfer.c.key.in_(repeated))):
            again = repeated[known.key].items()
            assert all(getattr(known, name) == value for name, value in again), f"{known.key} is another transfer's key"


def _rows(tx: Tx, wanted: Collection[Account]) -> dict[Account, Row[Any]]:
    """The rows of accounts, locked; made where they are missing."""
    found = _find(tx, wanted)
    missing = dict.fromkeys(each for each in wanted if each not in found)
    if missing:
        tx.insert_new(account, [_values(each) for each in missing], "id")
        found = _find(tx, wanted)
    return {each: found[each] for each in dict.fromkeys(wanted)}


def _find(tx: Tx, wanted: Iterable[Account]) -> dict[Account, Row[Any]]:
    owners: dict[AccountKind, set[int]] = defaultdict(set)
    for each in wanted:
        owners[each.kind].add(each.owner)
    ours = or_(false(), *(and_(account.c.kind == kind.value, account.c.owner.in_(own)) for kind, own in owners.items()))
    rows = tx.rows(select(account).where(ours).order_by(account.c.id).with_for_update())
    return {Account(AccountKind(row.kind), row.owner, row.period or None, row.unit): row for row in rows}


def _values(where: Account) -> dict[str, Any]:
    return {"kind": where.kind.value, "owner": where.owner, "period": where.period or 0, "unit": where.unit}
