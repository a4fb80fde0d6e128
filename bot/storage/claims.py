"""A provider enters a family that came in person; the family says «yes» or «this was not us» (R6.7)."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.domain.enrollment import ClaimEnrollment, ConfirmClaim, DenyClaim, EnrollmentState, Reason
from bot.domain.enrollment_facts import ClaimConfirmed, ClaimDenied, Claimed
from bot.domain.enrollment_refusals import NotNow, UnknownCertificate
from bot.domain.ledger import Why
from bot.domain.messages import Actor, Command, Fact, NotYours, Refusal
from bot.storage.gate import gate, take_place
from bot.storage.ledger import release_hold
from bot.storage.schema import certificate, chat, group, guardianship, module, program
from bot.storage.seats import become, decides, find, held, left, on_hold, staff
from bot.storage.tx import Doer, Tx
from bot.storage.waiting_queue import waiting_go_first

S = EnrollmentState


def claim(tx: Tx, command: ClaimEnrollment, me: Actor) -> Fact:
    """R6.7: seat and money are held, the family is asked; without a linked chat the operator clears it up by paper."""
    if not _teaches(tx, me, command.group):
        return NotYours()
    theirs = certificate.c.number == command.number, certificate.c.state == "active"
    child = tx.value(select(certificate.c.child).where(*theirs))
    if child is None:
        return UnknownCertificate(command.number)
    waiting_go_first(tx, command.group)
    offer = gate(tx, child, command.group, command.start, pays=command.pays)
    if isinstance(offer, Refusal):
        return offer
    until = tx.today(offer.municipality) + timedelta(days=tx.policy(offer.municipality).claim_days)
    made = take_place(tx, offer, S.CLAIMED, by="provider", until=until, overdue=not _can_answer(tx, child))
    row = held(tx, made)
    return Claimed(child, made, on_hold(tx, made), left(tx, row), until, offer.quote.parent.total)


def confirm(tx: Tx, command: ConfirmClaim, me: Actor) -> Fact:
    """«Yes»; or the operator, who has seen the paper: the contract is next."""
    before = find(tx, command.enrollment)
    if before is None or not (decides(tx, me, before) or staff(me, before, "operator")):
        return NotYours()
    row = held(tx, command.enrollment)
    if row.state != S.CLAIMED:
        return NotNow(row.id, EnrollmentState(row.state))
    until = tx.today(row.municipality) + timedelta(days=tx.policy(row.municipality).acceptance_days)
    become(tx, row, S.ACCEPTED, until=until)
    return ClaimConfirmed(row.child, row.id, until)


def deny(tx: Tx, command: DenyClaim, me: Actor) -> Fact:
    """«This was not us»: the seat is free and everything returns at once; nothing has been charged yet."""
    before = find(tx, command.enrollment)
    if before is None or not (decides(tx, me, before) or staff(me, before, "operator")):
        return NotYours()
    row = held(tx, command.enrollment)
    if row.state != S.CLAIMED:
        return NotNow(row.id, EnrollmentState(row.state))
    ended_by = "guardian" if me.role == "person" else "municipality"
    become(tx, row, S.REFUSED, ended_by=ended_by, reason=Reason.NOT_US.value)
    amount = release_hold(tx, row.id, Why.REFUSED)
    return ClaimDenied(row.child, row.id, amount, left(tx, row))


def _teaches(tx: Tx, me: Actor, group_id: int) -> bool:
    """The group is this provider's; or an operator's municipality enters it for a provider of its own."""
    row = tx.row(
        select(program.c.provider, program.c.municipality)
        .join(module, module.c.program == program.c.id)
        .join(group, group.c.module == module.c.id)
        .where(group.c.id == group_id)
    )
    return row is not None and staff(me, row)


def _can_answer(tx: Tx, child: int) -> bool:
    """A guardian who decides has a chat that is alive."""
    alive = chat.c.dead_at.is_(None), chat.c.cut_at.is_(None)
    deciding = guardianship.c.child == child, guardianship.c.rights == "full"
    linked = select(func.count()).select_from(guardianship.join(chat, chat.c.person == guardianship.c.person))
    return bool(tx.value(linked.where(*alive, *deciding)))


DOERS: dict[type[Command], Doer] = {ClaimEnrollment: claim, ConfirmClaim: confirm, DenyClaim: deny}
