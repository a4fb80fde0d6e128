"""Certificates: the family's card, and who answers which question and does which wish of this feature."""

from typing import Any

from sqlalchemy import select

from bot.domain.application import ApplicationBasis, ReadApplication, SubmitApplication
from bot.domain.certificate import (
    Card,
    CertificateKind,
    CertificateState,
    ConvertCertificate,
    LinkCertificate,
    ReadCertificate,
)
from bot.domain.certificate_staff import (
    AcceptApplication,
    AddCategory,
    ChangeGroup,
    ConfirmVisit,
    FindCertificate,
    FindCertificates,
    Freeze,
    IssueLinkingCode,
    JoinApplication,
    ListApplications,
    ListAttackedNumbers,
    ListCategories,
    ListQueue,
    OneApplication,
    RejectApplication,
    Revoke,
    Unfreeze,
)
from bot.domain.messages import Actor, Command, Query
from bot.storage import application as applying
from bot.storage import certificate_conversion as conversion
from bot.storage import certificate_decisions as decisions
from bot.storage import certificate_linking as linking
from bot.storage import certificate_lists as lists
from bot.storage.certificate_rows import open_requests
from bot.storage.schema import certificate, certificate_group, child, guardianship
from bot.storage.tx import Doer, Reader, Tx


def read_card(tx: Tx, query: ReadCertificate, me: Actor) -> Card | None:
    """The child's latest certificate for somebody who may see the child."""
    kid = tx.row(
        select(child, guardianship.c.rights)
        .join(guardianship, guardianship.c.child == child.c.id)
        .where(child.c.id == query.child, guardianship.c.person == me.person, child.c.deleted_at.is_(None))
    )
    if kid is None or me.role != "person":
        return None
    wanted = certificate_group.alias()
    row = tx.row(
        select(certificate, certificate_group.c.name.label("group"), wanted.c.name.label("wanted"))
        .join(certificate_group, certificate_group.c.id == certificate.c.certificate_group)
        .outerjoin(wanted, wanted.c.id == certificate.c.wanted_group)
        .where(certificate.c.child == kid.id)
        .order_by(certificate.c.id.desc())
    )
    names = (kid.id, kid.first_name or "", kid.surname or "", kid.rights)
    if row is None:
        return Card(*names)
    policy, today = tx.policy(row.municipality), tx.today(row.municipality)
    state, kind = CertificateState(row.state), CertificateKind(row.kind)
    convertible = state is CertificateState.ACTIVE and kind is CertificateKind.ACCOUNTING and row.queue_place is None
    return Card(
        *names,
        id=row.id,
        state=state,
        kind=kind,
        number=row.number or "",
        group=row.group,
        wanted_group=row.wanted or "",
        valid_until=row.valid_until,
        place=conversion.place_in_queue(tx, row.id) if row.queue_place is not None else 0,
        decide_by=row.decide_by,
        overdue=state is CertificateState.SUBMITTED and row.decide_by is not None and row.decide_by < today,
        visit_by=row.visit_by,
        unfreeze_from=conversion.unfreeze_from(tx, row) if state is CertificateState.FROZEN else None,
        reason=row.reason or "",
        words=row.reason_words or "",
        may_convert=convertible
        and kid.rights == "full"
        and not open_requests(tx, row.id)
        and conversion.may_ask(tx, row),
        conversion=policy.conversion,
    )


READERS: dict[type[Query[Any]], Reader] = {
    ReadCertificate: read_card,
    ApplicationBasis: applying.read_basis,
    ReadApplication: applying.read_application,
    ListApplications: lists.list_applications,
    ListQueue: lists.list_queue,
    ListCategories: lists.list_categories,
    FindCertificate: lists.find,
    FindCertificates: lists.find_all,
    OneApplication: lists.one_application,
    ListAttackedNumbers: lists.list_attacked,
}
DOERS: dict[type[Command], Doer] = {
    SubmitApplication: applying.submit,
    AcceptApplication: decisions.accept,
    RejectApplication: decisions.reject,
    JoinApplication: decisions.join,
    ConfirmVisit: decisions.confirm_visit,
    AddCategory: decisions.add_category,
    Revoke: decisions.revoke,
    ConvertCertificate: conversion.convert,
    ChangeGroup: conversion.change_group,
    Freeze: conversion.freeze,
    Unfreeze: conversion.unfreeze,
    IssueLinkingCode: linking.issue,
    LinkCertificate: linking.link,
}
