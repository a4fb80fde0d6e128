"""Bills and advances as a provider and its municipality see them; a draft is what the ledger says now (0039)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select

from bot.domain.bill import (
    BillKind,
    BillSeen,
    BillState,
    BillSums,
    Expectation,
    ListBills,
    MyPayers,
    OneBill,
    Payer,
    WeighAdvance,
    limit_of,
)
from bot.domain.calendar import Month, local_date
from bot.domain.messages import Actor, Query
from bot.domain.money import ZERO, Money
from bot.storage.bill_lines import disputed, draft, expected, free_sums, lines_of, sent_months, stands_on
from bot.storage.people import runs
from bot.storage.schema import agreement, bill, municipality
from bot.storage.schema import provider as providers
from bot.storage.tx import Reader, Tx

BILL, ADVANCE = BillKind
HAD = (BillState.ACCEPTED, BillState.PAID)
"""So an advance has been had."""
WAITING = (BillState.SENT, BillState.ACCEPTED)
"""For the municipality's decision, or for its payment."""


def list_bills(tx: Tx, query: ListBills, me: Actor) -> tuple[BillSums, ...]:
    if me.role == "provider":
        wanted = [each for each in _own(tx, me.provider) if query.month in (None, each.month)]
        wanted.sort(key=lambda each: (each.municipality_name, each.kind))
        wanted.sort(key=lambda each: each.month, reverse=True)
        return tuple(wanted[query.skip :][: query.most])
    if me.role != "operator":
        return ()
    waits = bill.c.state.in_([state.value for state in WAITING])
    wanted_ones = waits if query.month is None else bill.c.month == str(query.month)
    found = _bills().where(bill.c.municipality == me.municipality, wanted_ones)
    found = found.order_by(bill.c.month.desc(), providers.c.name, bill.c.kind, bill.c.id)
    return tuple(_sums(tx, row) for row in tx.rows(found.offset(query.skip).limit(query.most)))


def _own(tx: Tx, provider: int) -> list[BillSums]:
    """What a provider has sent, and what it could send now instead of what was returned."""
    found = [_sums(tx, row) for row in tx.rows(_bills().where(bill.c.provider == provider))]
    known = {(each.kind, each.municipality, each.month): each for each in found}
    drafts = _drafts(tx, provider)
    names = _names(tx, provider, {place for place, _month in drafts})
    for (place, month), (charged, refunded) in drafts.items():
        waits, advance = (known.get((kind, place, month)) for kind in (BILL, ADVANCE))
        if waits is not None:
            found.remove(waits)
        had = advance.charged if advance is not None and advance.state in HAD else ZERO
        found.append(_drafted(names[place], provider, place, month, charged, refunded, had, waits))
    return found


def one_bill(tx: Tx, query: OneBill, me: Actor) -> BillSeen | None:
    """As it was sent; to its provider also as it would be sent now."""
    mine = me.role == "provider" and me.provider == query.provider
    if not (mine or runs(me, query.municipality)) or not is_place(tx, query.municipality):
        return None
    row = tx.row(_bills().where(*_key(query.provider, query.municipality, BILL, query.month)))
    waits = disputed(tx, query.provider, query.municipality, query.month)
    if row is not None and (BillState(row.state).fixed or not mine):
        return BillSeen(_sums(tx, row), lines_of(tx, row.id), False, waits)
    if not mine:
        return None
    lines = draft(tx, query.provider, query.municipality, query.month).lines
    if not lines and row is None:
        return None
    charged, refunded, parent = (
        sum((getattr(line, name) for line in lines), ZERO) for name in ("charged", "refunded", "parent")
    )
    stored = _sums(tx, row) if row is not None else None
    names = _names(tx, query.provider, [query.municipality])[query.municipality]
    had = had_in_advance(tx, query.provider, query.municipality, query.month)
    its = query.provider, query.municipality, query.month
    sums = _drafted(names, *its, charged, refunded, had, stored, parent)
    over = tx.today(query.municipality) > query.month.last
    return BillSeen(sums, lines, over and bool(lines), waits)


def weigh_advance(tx: Tx, query: WeighAdvance, me: Actor) -> Expectation | None:
    mine = me.role == "provider" and me.provider == query.provider
    if not (mine or runs(me, query.municipality)) or not _agreed(tx, query.provider, query.municipality):
        return None
    sum_expected = expected(tx, query.provider, query.municipality, query.month)
    row = tx.row(_bills().where(*_key(query.provider, query.municipality, ADVANCE, query.month)))
    limit = limit_of(sum_expected, tx.policy(query.municipality).advance_limit_percent)
    return Expectation(sum_expected, limit, _sums(tx, row) if row is not None else None)


def my_payers(tx: Tx, query: MyPayers, me: Actor) -> tuple[Payer, ...]:
    if me.role != "provider":
        return ()
    agreed = select(municipality.c.id, municipality.c.name).join(
        agreement, agreement.c.municipality == municipality.c.id
    )
    rows = tx.rows(agreed.where(agreement.c.provider == me.provider).order_by(municipality.c.name))
    return tuple(Payer(row.id, row.name, Month.of(tx.today(row.id))) for row in rows)


def _bills() -> Any:
    names = providers.c.name.label("provider_name"), municipality.c.name.label("municipality_name")
    joined = select(bill, *names).join(providers, providers.c.id == bill.c.provider)
    return joined.join(municipality, municipality.c.id == bill.c.municipality)


def _key(provider: int, place: int, kind: BillKind, month: Month) -> tuple[Any, ...]:
    its = bill.c.provider == provider, bill.c.municipality == place
    return *its, bill.c.kind == kind.value, bill.c.month == str(month)


def stored(tx: Tx, provider: int, place: int, kind: BillKind, month: Month) -> Row[Any] | None:
    return tx.row(select(bill).where(*_key(provider, place, kind, month)))


def is_place(tx: Tx, number: int) -> bool:
    return tx.value(select(municipality.c.id).where(municipality.c.id == number)) is not None


def _agreed(tx: Tx, provider: int, place: int) -> bool:
    its = agreement.c.provider == provider, agreement.c.municipality == place
    return tx.value(select(agreement.c.id).where(*its)) is not None


def had_in_advance(tx: Tx, provider: int, place: int, month: Month) -> Money:
    """What was accepted in advance of the month."""
    row = stored(tx, provider, place, ADVANCE, month)
    return Money(row.charged) if row is not None and row.state in HAD else ZERO


def _drafts(tx: Tx, provider: int) -> dict[tuple[int, Month], tuple[Money, Money]]:
    """(municipality, month of the bill) → what would stand on it."""
    sent, found = sent_months(tx, provider), dict[tuple[int, Month], tuple[Money, Money]]()
    for (place, month), (charged, refunded) in free_sums(tx, provider).items():
        its = place, stands_on(month, sent[place])
        before = found.get(its, (ZERO, ZERO))
        found[its] = before[0] + charged, before[1] + refunded
    return found


def _names(tx: Tx, provider: int, places: Collection[int]) -> dict[int, tuple[str, str]]:
    """Municipality → the provider's name and its own."""
    both = municipality.join(providers, providers.c.id == provider)
    named = select(municipality.c.id, municipality.c.name, providers.c.name.label("by")).select_from(both)
    return {row.id: (row.by, row.name) for row in tx.rows(named.where(municipality.c.id.in_(places)))}


def _drafted(
    names: tuple[str, str],
    provider: int,
    place: int,
    month: Month,
    charged: Money,
    refunded: Money,
    had: Money,
    returned: BillSums | None,
    parent: Money = ZERO,
) -> BillSums:
    """A draft; one that was returned says why."""
    return BillSums(
        returned.id if returned else 0,
        BILL,
        provider,
        names[0],
        place,
        names[1],
        month,
        BillState.RETURNED if returned else BillState.DRAFT,
        charged,
        refunded,
        parent,
        had,
        returned.words if returned else "",
    )


def _sums(tx: Tx, row: Row[Any]) -> BillSums:
    return BillSums(
        row.id,
        BillKind(row.kind),
        row.provider,
        row.provider_name,
        row.municipality,
        row.municipality_name,
        Month.parse(row.month),
        BillState(row.state),
        Money(row.charged),
        Money(row.refunded),
        Money(row.parent),
        Money(row.advance),
        row.words,
        local_date(row.sent_at, tx.zone(row.municipality)),
        row.paid_on,
    )


READERS: dict[type[Query[Any]], Reader] = {
    ListBills: list_bills,
    OneBill: one_bill,
    WeighAdvance: weigh_advance,
    MyPayers: my_payers,
}
