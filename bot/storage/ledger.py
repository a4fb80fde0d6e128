"""The ledger as the rest of storage knows it; here how an enrollment's money moves (R5), each time told with what is left.

The same functions serve one enrollment's command and a run's thousand: a constant number of statements. Whoever decides
by a balance calls `lock` on the certificate's account first, and reads afterwards.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from bot.domain import ledger as book
from bot.domain.calendar import Month
from bot.domain.ledger import Account, Transfer, Why
from bot.domain.money import ZERO, Money
from bot.domain.movements import Charged, PassedOn, Returned
from bot.storage import schema
from bot.storage.accounts import balance, lock, lock_all, move, move_all
from bot.storage.balances import READERS as BALANCE_READERS
from bot.storage.charges import charges, charges_of, refunded
from bot.storage.grants import adjust_to, grant, grant_open, withdraw
from bot.storage.period import DOERS
from bot.storage.period import READERS as PERIOD_READERS
from bot.storage.tx import Tx

__all__ = ["DOERS", "READERS", "adjust_to", "balance", "book", "charges", "grant", "grant_open", "lock"]
__all__ += [
    "make_charges_due",
    "move",
    "refund_all",
    "refund_lessons",
    "refunded",
    "release_hold",
    "reserve",
    "withdraw",
]

READERS = {**BALANCE_READERS, **PERIOD_READERS}


def reserve(tx: Tx, enrollment_id: int) -> Money:
    """R5.1: the whole certificate part, put aside once; told by the fact of the request or claim itself.

    The caller's gate has seen, under lock, that it is there.
    """
    [row] = _learning(tx, [enrollment_id])
    part = Money(row.first + row.other * (row.months - 1))
    return part if part and move(tx, book.reserve(_purse(row), book.hold(row.id), part)) else ZERO


def make_charges_due(tx: Tx, *enrollment_ids: int) -> None:
    """R5.2, R5.3: every command on an enrollment begins with this, so that the monthly run only does what none did.

    Nothing while a dispute is open (R5.8). Lessons cancelled before their month was charged are refunded with it.
    """
    rows = [row for row in _locked(tx, enrollment_ids) if row.state == "active" and not row.disputed]
    paid = charges_of(tx, [row.id for row in rows])
    purses = lock_all(tx, {account for row in rows for account in (_purse(row), book.hold(row.id))})
    wanted: list[Transfer] = []
    told: list[Charged] = []
    for row in rows:
        today, held = tx.today(row.municipality), purses[book.hold(row.id)]
        known = [each.month for each in paid[row.id] if each.month]
        parts = Money(row.first), Money(row.other)
        for month, part in book.charges_due(
            *parts, row.start, row.stop, row.concluded_on, known, today, held, row.ends_on
        ):
            held -= part
            charge = book.charge(book.hold(row.id), book.provider(row.provider), part, month)
            wanted.append(charge)
            left = purses[_purse(row)]
            told.append(Charged(row.child, row.id, month, part, held, left, day=today, key=charge.key))
    made = move_all(tx, wanted)
    assert len(made) == len(wanted), "a month charged before is not due"
    tx.tell(*told)
    for enrollment_id, month in _cancelled_ahead(tx, told):
        refund_lessons(tx, enrollment_id, month)


def release_hold(tx: Tx, enrollment_id: int, why: Why) -> Money:
    """R5.5, R5.6: whatever the hold of an enrollment has returns, once; nothing while a dispute is open (R5.8)."""
    return release_holds(tx, {enrollment_id: why})


def release_holds(tx: Tx, whys: dict[int, Why]) -> Money:
    """`release_hold` of many, each for its own reason; the sum of what returned."""
    rows = [row for row in _locked(tx, list(whys)) if row.period is not None and not row.disputed]
    holds = lock_all(tx, [book.hold(row.id) for row in rows])
    return _give_back(
        tx,
        [
            (row, [book.release(hold, _purse(row), holds[hold], whys[row.id])])
            for row in rows
            if holds[hold := book.hold(row.id)]
        ],
    )


def refund_lessons(tx: Tx, enrollment_id: int, month: Month) -> Money:
    """R5.4: what the lessons cancelled so far in `month` are worth, less what was refunded for them before.

    Reads `cancelled_lessons`; nothing before the month is charged, which then calls this again.
    """
    [row] = _locked(tx, [enrollment_id])
    lessons = schema.cancelled_lessons
    entered = tx.rows(
        select(lessons.c.id, lessons.c.planned, lessons.c.cancelled)
        .where(lessons.c.enrollment == enrollment_id, lessons.c.month == str(month))
        .order_by(lessons.c.id)
    )
    charged = next((each for each in charges(tx, enrollment_id) if each.month == month), None)
    if not entered or charged is None:
        return ZERO
    planned = entered[-1].planned
    cancelled = min(sum(each.cancelled for each in entered), planned)
    part = charged.amount.floor_share(cancelled, planned) - refunded(tx, charged)
    if part <= ZERO:
        return ZERO
    back = book.refund(charged, _purse(row), part, Why.LESSONS, f"lessons:{entered[-1].id}")
    return _give_back(tx, [(row, [back])])


def refund_all(tx: Tx, enrollment_id: int) -> Money:
    """R5.7: entered by mistake or proved fake: what is left of each of its charges comes back."""
    [row] = _locked(tx, [enrollment_id])
    back = [
        book.refund(charged, _purse(row), rest, Why.MISTAKE, f"mistake:{row.id}:{charged.month}")
        for charged in charges(tx, row.id)
        if (rest := charged.amount - refunded(tx, charged))
    ]
    return _give_back(tx, [(row, back)])


# --- rows -------------------------------------------------------------------------------------------------------------


def _give_back(tx: Tx, back: Sequence[tuple[Row[Any], list[Transfer]]]) -> Money:
    """To the certificates, and on to the budget where the period is closed (R3.6). One fact for each enrollment."""
    purses = lock_all(tx, {_purse(row) for row, transfers in back if transfers})
    wanted: list[Transfer] = []
    for row, transfers in back:
        wanted += transfers
        if row.period_state == "closed":
            wanted += [book.pass_on(each, book.budget(row.municipality, row.period)) for each in transfers]
    made = {each.key for each in move_all(tx, wanted)}
    total = ZERO
    for row, transfers in back:
        fresh = [each for each in transfers if each.key in made]
        amount = sum((each.amount for each in fresh), ZERO)
        total += amount
        if not fresh:
            continue
        month = fresh[0].month if len(fresh) == 1 else None
        why, key, day = fresh[0].why, fresh[0].key, tx.today(row.municipality)
        if row.period_state == "closed":
            tx.tell(PassedOn(row.child, row.id, amount, why, month, day=day, key=key))
            continue
        purses[_purse(row)] += amount
        tx.tell(Returned(row.child, row.id, amount, why, purses[_purse(row)], month, day=day, key=key))
    return total


def _cancelled_ahead(tx: Tx, told: Sequence[Charged]) -> list[tuple[int, Month]]:
    """Of months charged just now, those in which lessons were cancelled before."""
    lessons, just_now = schema.cancelled_lessons, {(fact.enrollment, fact.month) for fact in told}
    if not just_now:
        return []
    found = tx.rows(
        select(lessons.c.enrollment, lessons.c.month)
        .where(lessons.c.enrollment.in_({enrollment for enrollment, _month in just_now}))
        .distinct()
        .order_by(lessons.c.enrollment, lessons.c.month)
    )
    return [one for row in found if (one := (row.enrollment, Month.parse(row.month))) in just_now]


def _locked(tx: Tx, enrollment_ids: Sequence[int]) -> list[Row[Any]]:
    """Enrollments, read after the accounts of their certificates are held."""
    lock_all(tx, {_purse(row) for row in _learning(tx, enrollment_ids) if row.period is not None})
    return _learning(tx, enrollment_ids)


def _learning(tx: Tx, enrollment_ids: Sequence[int]) -> list[Row[Any]]:
    """Enrollments with whose money it moves: the period's state, the municipality, the provider, an open dispute."""
    e, m, d = schema.enrollment, schema.module, schema.dispute
    columns = [e.c[name] for name in ("id", "child", "certificate", "period", "state", "first", "other", "months")]
    columns += [e.c[name] for name in ("start", "stop", "concluded_on", "ends_on")]
    return list(
        tx.rows(
            select(
                *columns,
                schema.certificate.c.municipality,
                schema.program.c.provider,
                schema.funding_period.c.state.label("period_state"),
                d.c.id.is_not(None).label("disputed"),
            )
            .join(schema.certificate, schema.certificate.c.id == e.c.certificate)
            .join(m, m.c.id == e.c.module)
            .join(schema.program, schema.program.c.id == m.c.program)
            .outerjoin(schema.funding_period, schema.funding_period.c.id == e.c.period)
            .outerjoin(d, (d.c.enrollment == e.c.id) & (d.c.state == "open"))
            .where(e.c.id.in_(enrollment_ids))
            .order_by(e.c.id)
        )
    )


def _purse(row: Row[Any]) -> Account:
    return book.certificate(row.certificate, row.period)
