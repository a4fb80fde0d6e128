"""Bills and advances at rest: a provider sends, its municipality accepts or returns, and notes what was paid (R5.10, 0039)."""

from typing import Any

from sqlalchemy import Row, select

from bot.domain import ledger as book
from bot.domain.bill import (
    AdvanceOverLimit,
    AskAdvance,
    BillChanged,
    BillDecided,
    BillGone,
    BillIs,
    BillKind,
    BillPaid,
    BillSent,
    BillState,
    DecideBill,
    MarkBillPaid,
    MonthNotOver,
    NothingToBill,
    PaidInFuture,
    SendBill,
    WeighAdvance,
    WordsNeeded,
)
from bot.domain.calendar import Month, local_date
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.domain.money import ZERO
from bot.storage import bill_reading
from bot.storage.bill_lines import draft, fix, set_free
from bot.storage.bill_reading import ADVANCE, BILL, had_in_advance, is_place, stored, weigh_advance
from bot.storage.ledger import lock
from bot.storage.people import runs
from bot.storage.schema import bill
from bot.storage.schema import provider as providers
from bot.storage.tx import Doer, Reader, Tx


def send(tx: Tx, command: SendBill, me: Actor) -> Fact:
    """Under the lock of the provider's account: no movement of its money is on its way meanwhile."""
    if me.role != "provider" or not is_place(tx, command.payer):
        return NotYours()
    _one_at_a_time(tx, me.provider)
    lock(tx, book.provider(me.provider))
    if tx.today(command.payer) <= command.month.last:
        return MonthNotOver(command.month)
    before = stored(tx, me.provider, command.payer, BILL, command.month)
    if before is not None and BillState(before.state).fixed:
        return BillIs(BillState(before.state))
    made = draft(tx, me.provider, command.payer, command.month)
    if not made.lines:
        return NothingToBill(command.month)
    charged = sum((line.charged for line in made.lines), ZERO)
    refunded = sum((line.refunded for line in made.lines), ZERO)
    if charged - refunded != command.total:
        return BillChanged(charged - refunded)
    sums = {
        "charged": charged.kopecks,
        "refunded": refunded.kopecks,
        "parent": sum((line.parent for line in made.lines), ZERO).kopecks,
        "advance": had_in_advance(tx, me.provider, command.payer, command.month).kopecks,
    }
    number = _enter(tx, me.provider, command.payer, BILL, command.month, before, sums)
    fix(tx, number, made)
    return BillSent(number, charged - refunded)


def ask_advance(tx: Tx, command: AskAdvance, me: Actor) -> Fact:
    """R5.10: at most the policy's share of what the month's charges are expected to be."""
    _one_at_a_time(tx, me.provider)
    weighed = weigh_advance(tx, WeighAdvance(me.provider, command.payer, command.month), me)
    if me.role != "provider" or weighed is None:
        return NotYours()
    this = Month.of(tx.today(command.payer))
    if command.month not in (this, this.next):
        return MonthNotOver(command.month)
    before = stored(tx, me.provider, command.payer, ADVANCE, command.month)
    if before is not None and BillState(before.state).fixed:
        return BillIs(BillState(before.state))
    if not ZERO < command.amount <= weighed.limit:
        return AdvanceOverLimit(weighed.limit)
    sums = {"charged": command.amount.kopecks, "refunded": 0, "parent": 0, "advance": 0}
    return BillSent(_enter(tx, me.provider, command.payer, ADVANCE, command.month, before, sums), command.amount)


def decide(tx: Tx, command: DecideBill, me: Actor) -> Fact:
    row = _locked(tx, command.bill)
    if row is None or not runs(me, row.municipality):
        return NotYours()
    if row.state != BillState.SENT:
        return BillIs(BillState(row.state))
    words = command.words.strip()
    if not command.accepted and not words:
        return WordsNeeded(row.id)
    gone = stored(tx, row.provider, row.municipality, BILL, Month.parse(row.month))
    if command.accepted and row.kind == ADVANCE and gone is not None and BillState(gone.state).fixed:
        return BillGone(Month.parse(row.month))
    state = BillState.ACCEPTED if command.accepted else BillState.RETURNED
    tx.sql(bill.update().where(bill.c.id == row.id).values(state=state.value, words=words, decided_at=tx.now))
    if not command.accepted:
        set_free(tx, row.id)
    return BillDecided(row.id, command.accepted)


def mark_paid(tx: Tx, command: MarkBillPaid, me: Actor) -> Fact:
    row = _locked(tx, command.bill)
    if row is None or not runs(me, row.municipality):
        return NotYours()
    if row.state != BillState.ACCEPTED:
        return BillIs(BillState(row.state))
    if not local_date(row.sent_at, tx.zone(row.municipality)) <= command.on <= tx.today(row.municipality):
        return PaidInFuture(command.on)
    tx.sql(bill.update().where(bill.c.id == row.id).values(state=BillState.PAID.value, paid_on=command.on))
    return BillPaid(row.id, command.on)


# --- rows -------------------------------------------------------------------------------------------------------------


def _locked(tx: Tx, number: int) -> Row[Any] | None:
    """Under its provider's lock: no advance is accepted while the bill that has not taken it off is on its way."""
    _one_at_a_time(tx, tx.value(select(bill.c.provider).where(bill.c.id == number)) or 0)
    return tx.row(select(bill).where(bill.c.id == number))


def _one_at_a_time(tx: Tx, provider: int) -> None:
    """Hold the provider's row: two bills, or two advances, of one month are one; a bill changes only so."""
    tx.rows(select(providers.c.id).where(providers.c.id == provider).with_for_update())


def _enter(tx: Tx, provider: int, place: int, kind: BillKind, month: Month, before: Row[Any] | None, sums: Any) -> int:
    """A new row, or the returned one anew."""
    values = {"state": BillState.SENT.value, "words": "", "sent_at": tx.now, "decided_at": None, **sums}
    if before is None:
        whose = {"provider": provider, "municipality": place, "kind": kind.value, "month": str(month)}
        return tx.insert(bill, **whose, **values)
    tx.sql(bill.update().where(bill.c.id == before.id).values(**values))
    return int(before.id)


READERS: dict[type[Query[Any]], Reader] = bill_reading.READERS
DOERS: dict[type[Command], Doer] = {
    SendBill: send,
    AskAdvance: ask_advance,
    DecideBill: decide,
    MarkBillPaid: mark_paid,
}
