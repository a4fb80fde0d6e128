"""«This was not us», on an enrollment or a charge: a dispute beside the enrollment, and the operator's decision (R5.7, R5.8, R6.8)."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from bot.domain.calendar import Month
from bot.domain.enrollment import DecideDispute, EnrollmentState, OpenDispute, Reason
from bot.domain.enrollment_facts import DisputeDecided, DisputeOpened
from bot.domain.enrollment_refusals import DisputeIsOpen, NothingToDispute, NotNow
from bot.domain.enrollment_seen import DisputeSeen, OneDispute
from bot.domain.ledger import Why
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.enrollment_steps import finish
from bot.storage.ledger import charges, make_charges_due, refund_all, refunded, release_hold
from bot.storage.schema import enrollment
from bot.storage.seats import become, decides, disputed, find, held, staff
from bot.storage.tx import Doer, Reader, Tx

S = EnrollmentState
ENDED = {S.WITHDRAWN: Why.WITHDRAWN, S.REFUSED: Why.REFUSED, S.COMPLETED: Why.COMPLETED, S.TERMINATED: Why.TERMINATED}
"""Why the hold of an enrollment that ended meanwhile returns."""


def open_dispute(tx: Tx, command: OpenDispute, me: Actor) -> Fact:
    """R6.8: from now on nothing is due and the hold stays, until the operator decides."""
    before = find(tx, command.enrollment)
    if before is None or not decides(tx, me, before):
        return NotYours()
    row = held(tx, command.enrollment)
    if disputed(tx, row.id):
        return DisputeIsOpen(row.id)
    charged = {each.month for each in charges(tx, row.id) if each.amount != refunded(tx, each)}
    on_whole = command.month is None and (row.state in (S.ACCEPTED, S.ACTIVE) or charged)
    if not (on_whole or command.month in charged):
        return NothingToDispute(row.id)
    about = str(command.month) if command.month else "enrollment"
    tx.insert(
        schema.dispute,
        enrollment=row.id,
        opened_by=me.person or None,
        about=about,
        words=command.words,
        state="open",
        opened_at=tx.now,
    )
    return DisputeOpened(row.child, row.id)


def decide(tx: Tx, command: DecideDispute, me: Actor) -> Fact:
    """R5.8. Upheld: every charge and the hold return, the enrollment ends. Rejected: charges are caught up, it goes on."""
    before = find(tx, command.enrollment)
    if before is None or not staff(me, before, "operator"):
        return NotYours()
    row = held(tx, command.enrollment)
    if not disputed(tx, row.id):
        return NotNow(row.id, EnrollmentState(row.state))
    table = schema.dispute
    decided = {"state": "upheld" if command.upheld else "rejected", "decided_at": tx.now, "reason": command.reason}
    tx.sql(table.update().where(table.c.enrollment == row.id, table.c.state == "open").values(**decided))
    amount = ZERO
    if command.upheld:
        amount = refund_all(tx, row.id) + _undo(tx, row)
    else:
        make_charges_due(tx, row.id)
        _settle(tx, row)
    return DisputeDecided(row.child, row.id, command.upheld, command.reason, amount)


def one_dispute(tx: Tx, query: OneDispute, me: Actor) -> DisputeSeen | None:
    """Only of the operator's municipality."""
    row = find(tx, query.enrollment)
    if row is None or not staff(me, row, "operator"):
        return None
    table = schema.dispute
    found = tx.row(
        select(table, schema.person.c.surname, schema.person.c.first_name)
        .outerjoin(schema.person, schema.person.c.id == table.c.opened_by)
        .where(table.c.enrollment == row.id, table.c.state == "open")
    )
    if found is None:
        return None
    return DisputeSeen(
        row.id,
        None if found.about == "enrollment" else Month.parse(found.about),
        found.words,
        " ".join(part for part in (found.surname, found.first_name) if part),
        found.opened_at.astimezone(ZoneInfo(tx.zone(row.municipality))),
    )


def _undo(tx: Tx, row: Row[Any]) -> Money:
    """It never should have been: out of whatever living state it is in, and the rest of the hold back (R5.7)."""
    values = {"ended_by": "municipality", "reason": Reason.DISPUTE.value}
    if row.state == S.ACCEPTED:
        become(tx, row, S.REFUSED, **values)
        return release_hold(tx, row.id, Why.REFUSED)
    if row.state == S.ACTIVE:
        become(tx, row, S.TERMINATED, ends_on=tx.today(row.municipality), **values)
        return release_hold(tx, row.id, Why.TERMINATED)
    tx.sql(enrollment.update().where(enrollment.c.id == row.id).values(**values))
    return release_hold(tx, row.id, ENDED[S(row.state)])


def _settle(tx: Tx, row: Row[Any]) -> None:
    """What waited for the decision: the end of the learning, or the return after a notice or a withdrawal."""
    if row.state in ENDED:
        release_hold(tx, row.id, ENDED[S(row.state)])
    elif row.state == S.ACTIVE and tx.today(row.municipality) > (row.ends_on or row.stop):
        if (ended := finish(tx, row)) is not None:  # None: its renewal goes on (R6.12)
            tx.tell(ended)
    elif row.ends_on is not None:
        release_hold(tx, row.id, Why.TERMINATED)


READERS: dict[type[Query[Any]], Reader] = {OneDispute: one_dispute}
DOERS: dict[type[Command], Doer] = {OpenDispute: open_dispute, DecideDispute: decide}
