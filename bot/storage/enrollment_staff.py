"""What the provider decides about an enrollment, and the municipality in its stead: accept, refuse, conclude, revoke, end (R6)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from bot.domain.enrollment import (
    AcceptRequest,
    ConcludeOnPaper,
    EnrollmentState,
    RefuseRequest,
    RevokeOffer,
    TerminateEnrollment,
)
from bot.domain.enrollment_facts import OfferMade
from bot.domain.enrollment_refusals import NotNow, WaitsForYes
from bot.domain.messages import Actor, Command, Fact, NotYours, Refusal
from bot.storage.enrollment_steps import begin, give_notice, refuse
from bot.storage.seats import become, find, held, staff
from bot.storage.tx import Doer, Tx

S = EnrollmentState


def accept(tx: Tx, command: AcceptRequest, me: Actor) -> Fact:
    """The provider's offer; the family's clock begins. Price and days stay as they were requested (R6.10)."""
    row = theirs(tx, command.enrollment, me, S.REQUESTED)
    if isinstance(row, Refusal):
        return row
    if row.needs_yes:
        return WaitsForYes(row.id)
    until = tx.today(row.municipality) + timedelta(days=tx.policy(row.municipality).acceptance_days)
    become(tx, row, S.ACCEPTED, until=until)
    return OfferMade(row.child, row.id, until)


def refuse_request(tx: Tx, command: RefuseRequest, me: Actor) -> Fact:
    """R5.6: refused, the whole hold returns."""
    row = theirs(tx, command.enrollment, me, S.REQUESTED)
    return row if isinstance(row, Refusal) else refuse(tx, row, by(me), command.reason)


def conclude_on_paper(tx: Tx, command: ConcludeOnPaper, me: Actor) -> Fact:
    """The contract was signed on paper."""
    row = theirs(tx, command.enrollment, me, S.ACCEPTED)
    return row if isinstance(row, Refusal) else begin(tx, row, on_paper=True)


def revoke(tx: Tx, command: RevokeOffer, me: Actor) -> Fact:
    """The offer is taken back, the whole hold returns."""
    row = theirs(tx, command.enrollment, me, S.ACCEPTED)
    return row if isinstance(row, Refusal) else refuse(tx, row, by(me), command.reason)


def terminate(tx: Tx, command: TerminateEnrollment, me: Actor) -> Fact:
    """R5.5: the provider's notice, or the municipality's."""
    row = theirs(tx, command.enrollment, me, S.ACTIVE)
    return row if isinstance(row, Refusal) else give_notice(tx, row, by(me), command.reason)


def theirs(tx: Tx, enrollment_id: int, me: Actor, state: EnrollmentState) -> Row[Any] | Refusal:
    """The enrollment, locked and charged up to today, if it is in that state and theirs to decide; or why not."""
    before = find(tx, enrollment_id)
    if before is None or not staff(me, before):
        return NotYours()
    row = held(tx, enrollment_id)
    return row if row.state == state else NotNow(row.id, EnrollmentState(row.state))


def by(me: Actor) -> str:
    """Whose decision it was, as the enrollment remembers it."""
    return {"operator": "municipality"}.get(me.role, me.role)


DOERS: dict[type[Command], Doer] = {
    AcceptRequest: accept,
    RefuseRequest: refuse_request,
    ConcludeOnPaper: conclude_on_paper,
    RevokeOffer: revoke,
    TerminateEnrollment: terminate,
}
