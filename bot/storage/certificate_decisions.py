"""What the municipality decides on applications and certificates (R2.5–R2.10), and the lists it decides from."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from bot.domain.application import TooOldForCertificate
from bot.domain.certificate import (
    ApplicationAccepted,
    ApplicationRejected,
    CertificateIssued,
    CertificateKind,
    CertificateRevoked,
    CertificateState,
    GuardianAdded,
    Revocation,
)
from bot.domain.certificate_staff import (
    AcceptApplication,
    AddCategory,
    CategoryAdded,
    CategoryExists,
    ConfirmVisit,
    DecisionsSuspended,
    JoinApplication,
    LooksLikeAnotherChild,
    NotInThatState,
    NotTheSameChild,
    RejectApplication,
    Revoke,
)
from bot.domain.enrollment import Reason
from bot.domain.ledger import Why
from bot.domain.messages import Actor, Fact, NotYours
from bot.storage.application import likeness
from bot.storage.certificate_conversion import fill_places
from bot.storage.certificate_rows import change, for_staff, settle
from bot.storage.enrollment_ends import end_running_at_month_end, refuse_open
from bot.storage.people import runs
from bot.storage.schema import (
    certificate,
    certificate_group,
    child,
    event_signup,
    guardianship,
    link_code,
    municipality,
)
from bot.storage.tx import Tx

S = CertificateState


def accept(tx: Tx, command: AcceptApplication, me: Actor) -> Fact:
    """R2.8: now the originals are awaited (PP `identity_check`), or it is active at once. A likeness is looked at first (R2.10)."""
    row = for_staff(tx, command.certificate, me)
    if row is None:
        return NotYours()
    if row.state != S.SUBMITTED:
        return NotInThatState(S(row.state))
    policy, today = tx.policy(row.municipality), tx.today(row.municipality)
    if policy.blackout is not None and today in policy.blackout:
        return DecisionsSuspended(policy.blackout.stop)
    if row.valid_until <= today:
        return TooOldForCertificate(policy.max_age)
    held_for, others = likeness(tx, row.child)
    if held_for and not command.another_child:
        return LooksLikeAnotherChild(held_for, others)
    change(tx, row.id, decided_at=tx.now, held_for=None)
    if policy.identity_check == "none":
        return _issued(tx, row, row.certificate_group)
    visit_by = today + timedelta(days=policy.visit_days)
    change(tx, row.id, state=S.AWAITING_VISIT.value, visit_by=visit_by)
    return ApplicationAccepted(row.child, row.id, visit_by)


def reject(tx: Tx, command: RejectApplication, me: Actor) -> Fact:
    """R2.9: with a reason, before the decision or at the visit."""
    row = for_staff(tx, command.certificate, me)
    if row is None:
        return NotYours()
    if row.state not in (S.SUBMITTED, S.AWAITING_VISIT):
        return NotInThatState(S(row.state))
    blackout, today = tx.policy(row.municipality).blackout, tx.today(row.municipality)
    if row.state == S.SUBMITTED and blackout is not None and today in blackout:
        return DecisionsSuspended(blackout.stop)
    words = {"reason": command.reason.value, "reason_words": command.words or None}
    change(tx, row.id, state=S.REJECTED.value, decided_at=tx.now, **words)
    return ApplicationRejected(row.child, row.id, command.reason)


def join(tx: Tx, command: JoinApplication, me: Actor) -> Fact:
    """R2.10: the operator has seen that it is the same child; whoever applied becomes its guardian, the double goes away."""
    row, kept = for_staff(tx, command.certificate, me), for_staff(tx, command.to, me)
    if row is None or kept is None:
        return NotYours()
    if row.state != S.SUBMITTED:
        return NotInThatState(S(row.state))
    if kept.id not in likeness(tx, row.child)[1]:
        return NotTheSameChild()
    there = {each.person for each in tx.rows(select(guardianship).where(guardianship.c.child == kept.child))}
    for each in tx.rows(select(guardianship).where(guardianship.c.child == row.child)):
        if each.person not in there:
            tx.insert(guardianship, person=each.person, child=kept.child, rights=each.rights, since=tx.now)
    for table in (guardianship, link_code, event_signup, certificate):
        tx.sql(table.delete().where(table.c.child == row.child))
    tx.sql(child.delete().where(child.c.id == row.child))
    return GuardianAdded(kept.child, kept.id)


def confirm_visit(tx: Tx, command: ConfirmVisit, me: Actor) -> Fact:
    """R2.7: the certificate is active; in the category applied for if its proof was seen too (R2.5)."""
    row = for_staff(tx, command.certificate, me)
    if row is None:
        return NotYours()
    if row.state != S.AWAITING_VISIT:
        return NotInThatState(S(row.state))
    proved = row.wanted_group if command.category_proved else None
    change(tx, row.id, wanted_group=None)
    return _issued(tx, row, proved or row.certificate_group)


def revoke(tx: Tx, command: Revoke, me: Actor) -> Fact:
    """R2.7: no new requests, open ones are refused, running ones end at month end; then the rest of the balance goes back.

    A child that has moved away may stay to the end of what it has begun (PP `moving_away`, R6.13).
    """
    row = for_staff(tx, command.certificate, me)
    if row is None:
        return NotYours()
    if row.state not in (S.AWAITING_VISIT, S.ACTIVE, S.FROZEN):
        return NotInThatState(S(row.state))
    words = {"reason": command.reason.value, "reason_words": command.words or None}
    change(tx, row.id, state=S.REVOKED.value, queue_place=None, **words)
    moved = command.reason is Revocation.MOVED_AWAY
    why = Reason.MOVED_AWAY if moved else Reason.REVOCATION
    refuse_open(tx, row.id, why)
    if not (moved and tx.policy(row.municipality).moving_away == "finish"):
        end_running_at_month_end(tx, row.id, why)
    settle(tx, row.id, Why.REVOCATION)
    fill_places(tx, row.municipality)
    return CertificateRevoked(row.child, row.id, command.reason)


def add_category(tx: Tx, command: AddCategory, me: Actor) -> Fact:
    """One code once."""
    if not runs(me, command.municipality):
        return NotYours()
    table, code, name = certificate_group, command.code.strip(), command.name.strip()
    there = select(table.c.id).where(table.c.municipality == command.municipality, table.c.code == code)
    if not code or not name or tx.value(there) is not None:
        return CategoryExists()
    return CategoryAdded(tx.insert(table, municipality=command.municipality, code=code, name=name))


def _issued(tx: Tx, row: Row[Any], group: int) -> CertificateIssued:
    """Active, with its number for life; accounting until it is converted (R2.3)."""
    change(
        tx,
        row.id,
        state=S.ACTIVE.value,
        kind=CertificateKind.ACCOUNTING.value,
        certificate_group=group,
        number=_new_number(tx, row.municipality),
        activated_at=tx.now,
        visit_by=None,
    )
    return CertificateIssued(row.child, row.id)


def _new_number(tx: Tx, place: int) -> str:
    """Region (2) + municipality (2) + 6 random digits, never used before (R2.6)."""
    prefix = tx.value(select(municipality.c.number_prefix).where(municipality.c.id == place))
    while True:
        number = f"{prefix}{int(tx.token(8), 16) % 1_000_000:06}"
        if tx.value(select(certificate.c.id).where(certificate.c.number == number)) is None:
            return number
