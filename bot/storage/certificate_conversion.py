"""Funded or accounting (R2.3): vacancies, the queue, conversions, the change of category, freezing."""

from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.domain.certificate import (
    BecameAccounting,
    BecameFunded,
    CertificateFrozen,
    CertificateKind,
    CertificateState,
    CertificateUnfrozen,
    ConvertCertificate,
    GroupChanged,
    QueuedForFunded,
    QueueMoved,
    has_vacancy,
)
from bot.domain.certificate_staff import (
    AlreadyQueued,
    AlreadyThatKind,
    ChangeGroup,
    ConversionByRequestOnly,
    Freeze,
    NoCertificateVacancy,
    NotInThatState,
    OpenRequestInTheWay,
    RunningEnrollmentInTheWay,
    TooEarlyToUnfreeze,
    Unfreeze,
)
from bot.domain.enrollment import Reason
from bot.domain.ledger import Why
from bot.domain.messages import Actor, Fact, NotYours, Refusal
from bot.storage.certificate_rows import change, for_staff, locked, open_requests, running, settle
from bot.storage.enrollment_ends import refuse_open
from bot.storage.family import may_decide
from bot.storage.ledger import adjust_to, grant_open
from bot.storage.schema import certificate, certificate_group, funding_period, nominal
from bot.storage.tx import Tx

TOLD_PLACES = 10
"""From this place on a family is told of every step towards the head of the queue."""


def convert(tx: Tx, command: ConvertCertificate, me: Actor) -> Fact:
    """To funded with a vacancy, else into the queue (R2.4); to accounting only by the operator. An open request blocks it (R2.13)."""
    row = for_staff(tx, command.certificate, me) or _for_parent(tx, command, me)
    if row is None:
        return NotYours()
    if me.role == "person" and not may_ask(tx, row):
        return ConversionByRequestOnly()
    if refusal := _not_convertible(tx, row, command.to):
        return refusal
    if command.to is CertificateKind.ACCOUNTING:
        return become_accounting(tx, row, unused=False)
    return become_funded(tx, row)


def may_ask(tx: Tx, row: Row[Any]) -> bool:
    """Whether a family asks for money itself: also where it comes with the first request (R2.3), to wait for a vacancy (R2.4)."""
    if tx.policy(row.municipality).conversion == "on_request":
        return True
    return not vacancy(tx, row.municipality, row.certificate_group, locked=False)


def become_funded(tx: Tx, row: Row[Any]) -> BecameFunded | QueuedForFunded:
    """BecameFunded with its grants (R3.4), or QueuedForFunded. `row` is an active accounting certificate, locked."""
    fill_places(tx, row.municipality)
    if vacancy(tx, row.municipality, row.certificate_group):
        return _funded(tx, row)
    last = select(func.coalesce(func.max(certificate.c.queue_place), 0)).where(
        certificate.c.municipality == row.municipality
    )
    change(tx, row.id, queue_place=tx.value(last) + 1)
    return QueuedForFunded(row.child, row.id, place_in_queue(tx, row.id))


def become_accounting(tx: Tx, row: Row[Any], unused: bool) -> Fact:
    """The balance goes back to the budget, the vacancy to the queue's head (R2.13)."""
    settle(tx, row.id, Why.CONVERSION)
    change(tx, row.id, kind=CertificateKind.ACCOUNTING.value, unused_warned_at=None)
    fill_places(tx, row.municipality)
    return BecameAccounting(row.child, row.id, unused)


def fill_places(tx: Tx, municipality: int) -> None:
    """Convert the head of every queue as long as there is a vacancy (R2.4)."""
    for group in tx.sql(queued_groups(municipality)).scalars().all():
        fill_group(tx, municipality, group)


def queued_groups(municipality: Any) -> Select[tuple[int]]:
    """The groups in which somebody waits, in order."""
    group = certificate.c.certificate_group
    return select(group).where(_queued(municipality)).distinct().order_by(group)


def fill_group(tx: Tx, municipality: int, group: int) -> None:
    """Convert the head of a group's queue as long as there is a vacancy; those who cannot be converted now are skipped."""
    before = queue(tx, municipality, group)
    for row in before:
        if not vacancy(tx, municipality, group):
            break
        if open_requests(tx, row.id) or (row.valid_until is not None and row.valid_until <= tx.today(municipality)):
            continue
        tx.tell(_funded(tx, row))
    after = queue(tx, municipality, group)
    if len(after) < len(before):
        places = {row.id: place for place, row in enumerate(before, 1)}
        tx.tell(
            *(
                QueueMoved(row.child, row.id, place)
                for place, row in enumerate(after[:TOLD_PLACES], 1)
                if place < places[row.id]
            )
        )


def queue(tx: Tx, municipality: int, group: int) -> list[Row[Any]]:
    """Who waits for a funded certificate in a group, in order; the frozen keep their place and are not shown (R2.4)."""
    rows = tx.rows(
        select(certificate)
        .where(_queued(municipality), certificate.c.certificate_group == group)
        .order_by(certificate.c.queue_place)
    )
    return list(rows)


def place_in_queue(tx: Tx, certificate_id: int) -> int:
    """The place that the family sees, from 1; 0 if it does not wait."""
    row = tx.sql(select(certificate).where(certificate.c.id == certificate_id)).one()
    if row.queue_place is None or row.state != CertificateState.ACTIVE:
        return 0
    before = (certificate.c.certificate_group == row.certificate_group) & (certificate.c.queue_place < row.queue_place)
    return 1 + int(tx.value(select(func.count()).select_from(certificate).where(_queued(row.municipality), before)))


def vacancy(tx: Tx, municipality: int, group: int, locked: bool = True) -> bool:
    """Whether every period that is open now has room for one more in this group; without a nominal there is none (R2.4).

    Not `locked`: a look only, whose answer may be another one when it comes to it.
    """
    asked = (
        select(nominal)
        .join(funding_period, funding_period.c.id == nominal.c.period)
        .where(
            nominal.c.certificate_group == group,
            funding_period.c.state == "open",
            funding_period.c.stop >= tx.today(municipality),
        )
        .order_by(nominal.c.id)
    )
    limits = tx.rows(asked.with_for_update(of=nominal) if locked else asked)
    funded = tx.value(
        select(func.count())
        .select_from(certificate)
        .where(
            certificate.c.certificate_group == group,
            certificate.c.kind == CertificateKind.FUNDED,
            certificate.c.state == CertificateState.ACTIVE,
        )
    )
    return bool(limits) and all(has_vacancy(funded, each.kopecks, each.certificates, each.sum) for each in limits)


def change_group(tx: Tx, command: ChangeGroup, me: Actor) -> Fact:
    """R2.5: another category; a funded one needs a vacancy there, and its balance follows the nominal."""
    row = for_staff(tx, command.certificate, me)
    table = certificate_group
    group = tx.row(select(table).where(table.c.id == command.group))
    if row is None or group is None or group.municipality != row.municipality:
        return NotYours()
    if row.state != CertificateState.ACTIVE:
        return NotInThatState(CertificateState(row.state))
    if group.id != row.certificate_group:
        if row.kind == CertificateKind.FUNDED and not vacancy(tx, row.municipality, group.id):
            return NoCertificateVacancy()
        adjust_to(tx, row.id, group.id)
        fill_places(tx, row.municipality)
    change(tx, row.id, wanted_group=None)
    return GroupChanged(row.child, row.id)


def freeze(tx: Tx, command: Freeze, me: Actor) -> Fact:
    """R2.12: open requests are refused and their money returned first, then the balance goes back to the budget."""
    row = for_staff(tx, command.certificate, me)
    if row is None:
        return NotYours()
    if row.state != CertificateState.ACTIVE:
        return NotInThatState(CertificateState(row.state))
    if count := running(tx, row.id):
        return RunningEnrollmentInTheWay(count)
    refuse_open(tx, row.id, Reason.FREEZE)
    settle(tx, row.id, Why.FREEZE)
    change(tx, row.id, state=CertificateState.FROZEN.value, frozen_on=tx.today(row.municipality))
    fill_places(tx, row.municipality)
    return CertificateFrozen(row.child, row.id)


def unfreeze(tx: Tx, command: Unfreeze, me: Actor) -> Fact:
    """R2.12: not before the next period, a funded one only with a vacancy; it is granted anew."""
    row = for_staff(tx, command.certificate, me)
    if row is None:
        return NotYours()
    if row.state != CertificateState.FROZEN:
        return NotInThatState(CertificateState(row.state))
    start = unfreeze_from(tx, row)
    if start is None or tx.today(row.municipality) < start:
        return TooEarlyToUnfreeze(start)
    if row.kind == CertificateKind.FUNDED and not vacancy(tx, row.municipality, row.certificate_group):
        return NoCertificateVacancy()
    change(tx, row.id, state=CertificateState.ACTIVE.value, frozen_on=None)
    if row.kind == CertificateKind.FUNDED:
        _funded(tx, row)
    return CertificateUnfrozen(row.child, row.id)


def unfreeze_from(tx: Tx, row: Row[Any]) -> Any:
    """The first day of the period after the one in which the certificate was frozen; None while it is not planned."""
    table = funding_period
    return tx.value(
        select(func.min(table.c.start)).where(table.c.municipality == row.municipality, table.c.start > row.frozen_on)
    )


def _for_parent(tx: Tx, command: ConvertCertificate, me: Actor) -> Row[Any] | None:
    row = locked(tx, command.certificate)
    wanted = me.role == "person" and command.to is CertificateKind.FUNDED
    return row if wanted and row is not None and may_decide(tx, me, row.child) else None


def _not_convertible(tx: Tx, row: Row[Any], to: CertificateKind) -> Refusal | None:
    if row.state != CertificateState.ACTIVE:
        return NotInThatState(CertificateState(row.state))
    if row.kind == to:
        return AlreadyThatKind(to)
    if row.queue_place is not None:
        return AlreadyQueued(place_in_queue(tx, row.id))
    if count := open_requests(tx, row.id):
        return OpenRequestInTheWay(count)
    count = running(tx, row.id) if to is CertificateKind.ACCOUNTING else 0
    return RunningEnrollmentInTheWay(count) if count else None


def _funded(tx: Tx, row: Row[Any]) -> BecameFunded:
    change(
        tx,
        row.id,
        kind=CertificateKind.FUNDED.value,
        conversion=row.conversion + 1,
        queue_place=None,
        used_on=tx.today(row.municipality),
        unused_warned_at=None,
    )
    grant_open(tx, row.id)
    return BecameFunded(row.child, row.id)


def _queued(municipality: Any) -> Any:
    return (
        (certificate.c.municipality == municipality)
        & certificate.c.queue_place.is_not(None)
        & (certificate.c.state == CertificateState.ACTIVE)
        & (certificate.c.kind == CertificateKind.ACCOUNTING)
    )
