"""What the municipality decides on applications and certificates (R2.5–R2.10), and the lists it decides from."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, case, func, select

from bot.domain.application import FullName, TooOldForCertificate
from bot.domain.certificate import (
    TRIES_ON_NUMBER,
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
    CategorySeen,
    CertificateSeen,
    ConfirmVisit,
    DecisionsSuspended,
    FindCertificate,
    JoinApplication,
    ListApplications,
    ListAttackedNumbers,
    ListCategories,
    ListQueue,
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
from bot.storage.certificate_conversion import fill_places, place_in_queue
from bot.storage.certificate_rows import change, for_staff, settle
from bot.storage.desk import Tx
from bot.storage.enrollment_ends import end_running_at_month_end, refuse_open
from bot.storage.schema import (
    certificate,
    certificate_group,
    child,
    event_signup,
    guardianship,
    link_code,
    municipality,
    wrong_try,
)

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


def list_applications(tx: Tx, query: ListApplications, me: Actor) -> tuple[CertificateSeen, ...]:
    """Applications and visits, the nearest clock first."""
    clock = case((certificate.c.state == S.SUBMITTED, certificate.c.decide_by), else_=certificate.c.visit_by)
    waiting = certificate.c.state.in_([S.SUBMITTED.value, S.AWAITING_VISIT.value])
    return _seen(tx, query.municipality, me, waiting, clock, certificate.c.id)


def list_queue(tx: Tx, query: ListQueue, me: Actor) -> tuple[CertificateSeen, ...]:
    """By category, then by place (R2.4)."""
    waiting = certificate.c.queue_place.is_not(None) & certificate.c.state.in_([S.ACTIVE.value, S.FROZEN.value])
    return _seen(tx, query.municipality, me, waiting, certificate.c.certificate_group, certificate.c.queue_place)


def find(tx: Tx, query: FindCertificate, me: Actor) -> CertificateSeen | None:
    """By its number, else by its id as the lists show it."""
    if not query.number.isascii() or not query.number.isdecimal():
        return None
    numbered = len(query.number) == 10
    found = _seen(
        tx,
        query.municipality,
        me,
        certificate.c.number == query.number if numbered else certificate.c.id == int(query.number[:18]),
        certificate.c.id,
    )
    return found[0] if found else None


def list_attacked(tx: Tx, query: ListAttackedNumbers, me: Actor) -> tuple[tuple[str, int], ...]:
    """Numbers that somebody tries to guess a way into (R2.11)."""
    if not _may_list(me, query.municipality):
        return ()
    times = func.count()
    rows = tx.rows(
        select(certificate.c.number, times.label("times"))
        .join(wrong_try, wrong_try.c.number == certificate.c.number)
        .where(certificate.c.municipality == query.municipality, wrong_try.c.at > tx.now - timedelta(days=1))
        .group_by(certificate.c.number)
        .having(times >= TRIES_ON_NUMBER)
        .order_by(times.desc())
    )
    return tuple((row.number, row.times) for row in rows)


def list_categories(tx: Tx, query: ListCategories, me: Actor) -> tuple[CategorySeen, ...]:
    """In the order in which they were added."""
    table = certificate_group
    here = select(table).where(table.c.municipality == query.municipality).order_by(table.c.id)
    return (
        tuple(CategorySeen(row.id, row.code, row.name) for row in tx.rows(here))
        if _may_list(me, query.municipality)
        else ()
    )


def add_category(tx: Tx, command: AddCategory, me: Actor) -> Fact:
    """One code once."""
    if not _may_list(me, command.municipality):
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


def _may_list(me: Actor, place: int) -> bool:
    return me.role == "system" or (me.role == "operator" and me.municipality == place)


def _seen(tx: Tx, place: int, me: Actor, condition: Any, *order: Any) -> tuple[CertificateSeen, ...]:
    if not _may_list(me, place):
        return ()
    wanted = certificate_group.alias()
    rows = tx.rows(
        select(
            certificate,
            child.c.surname,
            child.c.first_name,
            child.c.patronymic,
            child.c.birth_date,
            certificate_group.c.name.label("group"),
            wanted.c.name.label("wanted"),
        )
        .join(child, child.c.id == certificate.c.child)
        .join(certificate_group, certificate_group.c.id == certificate.c.certificate_group)
        .outerjoin(wanted, wanted.c.id == certificate.c.wanted_group)
        .where(certificate.c.municipality == place, condition)
        .order_by(*order)
    )
    return tuple(_as_seen(tx, row) for row in rows)


def _as_seen(tx: Tx, row: Row[Any]) -> CertificateSeen:
    today = tx.today(row.municipality)
    decided = row.state != S.SUBMITTED
    return CertificateSeen(
        row.id,
        row.child,
        row.number or "",
        S(row.state),
        CertificateKind(row.kind),
        str(FullName(row.surname or "", row.first_name or "", row.patronymic or "")),
        row.birth_date,
        row.group,
        row.wanted or "",
        row.submitted_at.date() if row.submitted_at else None,
        None if decided else row.decide_by,
        not decided and row.decide_by is not None and row.decide_by < today,
        row.visit_by,
        row.held_for or "",
        place_in_queue(tx, row.id) if row.queue_place is not None else 0,
    )
