"""Linking an existing certificate by number, birth date and a one-time code (R1.3, R2.11)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select

from bot.domain.certificate import (
    CODE_DAYS,
    TRIES_ON_NUMBER,
    CertificateLinked,
    CertificateState,
    LinkBlocked,
    LinkCertificate,
    LinkingCodeIssued,
    LinkRefused,
    NumberAttacked,
)
from bot.domain.certificate_staff import IssueLinkingCode, NotInThatState
from bot.domain.linking import code_from
from bot.domain.messages import Actor, Fact, NotYours, Refusal
from bot.storage.schema import certificate, child, enrollment, guardianship, link_code, module, program, wrong_try
from bot.storage.tries import MEMORY, blocked, count_wrong
from bot.storage.tx import Tx

LIVING = (CertificateState.ACTIVE, CertificateState.FROZEN)


def issue(tx: Tx, command: IssueLinkingCode, me: Actor) -> Fact:
    """A code for one use, by the municipality's operator or a provider where the child learns; earlier ones end."""
    row = tx.row(select(certificate).where(certificate.c.number == command.number))
    if row is None or not _may_issue(tx, row, me):
        return NotYours()
    if row.state not in LIVING:
        return NotInThatState(CertificateState(row.state))
    code = code_from(int(tx.token(16), 16))
    earlier = (link_code.c.child == row.child) & (link_code.c.kind == "certificate")
    tx.sql(link_code.delete().where(earlier, link_code.c.used_at.is_(None)))
    until = tx.now + timedelta(days=CODE_DAYS)
    tx.insert(
        link_code,
        print=_print(tx, command.number, code),
        kind="certificate",
        child=row.child,
        issued_by=f"{me.role} {me.name}".strip(),
        expires_at=until,
    )
    return LinkingCodeIssued(row.id, code, _local(tx, until, row.municipality))


def link(tx: Tx, command: LinkCertificate, me: Actor) -> Fact:
    """All three right: a guardian with full rights. A wrong try is counted, and never told which part was wrong."""
    if me.role != "person":
        return NotYours()
    if until := blocked(tx, me.person):
        return LinkBlocked(_local(tx, until, me.municipality))
    row, code = _certificate(tx, command), _code(tx, command)
    if row is None or code is None or row.child != code.child:
        return _wrong(tx, command, me)
    tx.sql(link_code.update().where(link_code.c.id == code.id).values(used_at=tx.now))
    mine = (guardianship.c.person == me.person) & (guardianship.c.child == row.child)
    if tx.sql(guardianship.update().where(mine).values(rights="full")).rowcount == 0:
        tx.insert(guardianship, person=me.person, child=row.child, rights="full", since=tx.now)
    return CertificateLinked(row.child, row.id)


def _may_issue(tx: Tx, row: Row[Any], me: Actor) -> bool:
    if me.role != "provider":
        return me.role == "system" or (me.role == "operator" and me.municipality == row.municipality)
    learns = (
        select(func.count())
        .select_from(enrollment)
        .join(module, module.c.id == enrollment.c.module)
        .join(program, program.c.id == module.c.program)
        .where(enrollment.c.certificate == row.id, program.c.provider == me.provider)
    )
    return bool(tx.value(learns))


def _print(tx: Tx, number: str, code: str) -> str:
    return tx.keys.print(f"certificate:{number}:{code}")


def _certificate(tx: Tx, command: LinkCertificate) -> Row[Any] | None:
    return tx.row(
        select(certificate)
        .join(child, child.c.id == certificate.c.child)
        .where(
            certificate.c.number == command.number,
            certificate.c.state.in_([state.value for state in LIVING]),
            child.c.birth_date == command.birth_date,
            child.c.deleted_at.is_(None),
        )
    )


def _code(tx: Tx, command: LinkCertificate) -> Row[Any] | None:
    return tx.row(
        select(link_code)
        .where(
            link_code.c.print == _print(tx, command.number, command.code),
            link_code.c.used_at.is_(None),
            link_code.c.expires_at > tx.now,
        )
        .with_for_update()
    )


def _wrong(tx: Tx, command: LinkCertificate, me: Actor) -> Refusal:
    left = count_wrong(tx, me.person, command.number)
    on_number = (wrong_try.c.number == command.number) & (wrong_try.c.at > tx.now - MEMORY)
    if tx.value(select(func.count()).select_from(wrong_try).where(on_number)) == TRIES_ON_NUMBER:
        known = tx.value(select(certificate.c.id).where(certificate.c.number == command.number))
        tx.tell(*([NumberAttacked(known)] if known else []))
    until = blocked(tx, me.person)
    return LinkBlocked(_local(tx, until, me.municipality)) if until else LinkRefused(left)


def _local(tx: Tx, instant: datetime, municipality: int) -> datetime:
    """As the clock on the wall there shows it."""
    return instant.astimezone(ZoneInfo(tx.zone(municipality)))
