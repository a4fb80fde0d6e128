"""Families (R1.3): whose children, and whose data may be seen by whom. Every other room asks here."""

import json
from typing import Any

from sqlalchemy import Row, and_, func, select

from bot.domain.calendar import age_on, local_date
from bot.domain.certificate import CertificateKind, CertificateState
from bot.domain.family import (
    ChildPage,
    ChildSeen,
    CutGuardian,
    Family,
    FindFamily,
    GuardianCut,
    GuardianSeen,
    LastGuardian,
    LinkCut,
    MyChildren,
    MyPhone,
    PhoneSet,
    ReadChild,
    ReadFamily,
    Rights,
    SetPhone,
    may_cut,
)
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.storage.schema import certificate, chat, child, guardianship, outbox, person
from bot.storage.tx import Doer, Reader, Tx

# --- whose child? -----------------------------------------------------------------------------------------------------


def child_row(tx: Tx, number: int) -> Row[Any] | None:
    """The child's row; None if there is none, or its data were deleted (R9.2)."""
    return tx.row(select(child).where(child.c.id == number, child.c.deleted_at.is_(None)))


def rights_of(tx: Tx, who: int, number: int) -> Rights | None:
    """A person's rights to a child; None if it is not theirs."""
    found = tx.value(
        select(guardianship.c.rights)
        .join(child, child.c.id == guardianship.c.child)
        .where(guardianship.c.person == who, guardianship.c.child == number, child.c.deleted_at.is_(None))
    )
    return Rights(found) if found else None


def may_see(tx: Tx, me: Actor, number: int) -> bool:
    """Whether `me` may see this child: its people (whatever their rights), its municipality's operator, the calendar."""
    if me.role == "person":
        return rights_of(tx, me.person, number) is not None
    return _of_the_staff(tx, me, number)


def may_decide(tx: Tx, me: Actor, number: int) -> bool:
    """Whether `me` may decide for this child: its full guardians (R1.3), its municipality's operator, the calendar."""
    if me.role == "person":
        return rights_of(tx, me.person, number) is Rights.FULL
    return _of_the_staff(tx, me, number)


def _of_the_staff(tx: Tx, me: Actor, number: int) -> bool:
    """A provider sees a child only through an enrollment, never as such."""
    if me.role == "system":
        return True
    found = child_row(tx, number)
    return me.role == "operator" and found is not None and bool(found.municipality == me.municipality)


# --- readers ----------------------------------------------------------------------------------------------------------


def my_children(tx: Tx, query: MyChildren, me: Actor) -> tuple[ChildSeen, ...]:
    return tuple(_child_seen(row) for row in tx.rows(_children_of(me.person).order_by(guardianship.c.id)))


def read_child(tx: Tx, query: ReadChild, me: Actor) -> ChildPage | None:
    row = tx.row(_children_of(me.person).where(child.c.id == query.child))
    if row is None:
        return None
    age = age_on(row.birth_date, tx.today(row.municipality))
    return ChildPage(_child_seen(row), age, guardians(tx, query.child, tx.zone(row.municipality), me.person))


def _children_of(who: int) -> Any:
    """A person's children, each with the latest of its certificates."""
    latest = (
        select(func.max(certificate.c.id)).where(certificate.c.child == child.c.id).correlate(child).scalar_subquery()
    )
    return (
        select(
            child,
            guardianship.c.rights,
            certificate.c.id.label("certificate"),
            certificate.c.state,
            certificate.c.kind,
        )
        .join(guardianship, guardianship.c.child == child.c.id)
        .outerjoin(certificate, and_(certificate.c.child == child.c.id, certificate.c.id == latest))
        .where(guardianship.c.person == who, child.c.deleted_at.is_(None))
    )


def _child_seen(row: Row[Any]) -> ChildSeen:
    return ChildSeen(
        row.id,
        row.first_name or "",
        row.surname or "",
        row.birth_date,
        Rights(row.rights),
        CertificateState(row.state) if row.state else None,
        row.certificate or 0,
        CertificateKind(row.kind) if row.kind else None,
    )


def guardians(tx: Tx, number: int, zone: str, me: int = 0) -> tuple[GuardianSeen, ...]:
    """Everybody who may see a child, the earliest first, with their living chats."""
    people = tx.rows(
        select(guardianship, person.c.surname, person.c.first_name, person.c.patronymic)
        .join(person, person.c.id == guardianship.c.person)
        .where(guardianship.c.child == number)
        .order_by(guardianship.c.id)
    )
    channels: dict[int, list[str]] = {}
    for row in tx.rows(
        select(chat.c.person, chat.c.channel)
        .where(chat.c.person.in_([row.person for row in people]), chat.c.dead_at.is_(None), chat.c.cut_at.is_(None))
        .order_by(chat.c.id)
    ):
        channels.setdefault(row.person, []).append(row.channel)
    return tuple(
        GuardianSeen(
            row.person,
            " ".join(part for part in (row.first_name, row.patronymic, row.surname) if part),
            Rights(row.rights),
            local_date(row.since, zone),
            tuple(dict.fromkeys(channels.get(row.person, ()))),
            row.person == me,
        )
        for row in people
    )


def find_family(tx: Tx, query: FindFamily, me: Actor) -> Family | None:
    """Of a child of the operator's own municipality, whatever the certificate's state."""
    mine = (certificate.c.number == query.number, certificate.c.municipality == me.municipality)
    number = tx.value(select(certificate.c.child).where(*mine))
    if me.role != "operator" or number is None:
        return None
    return Family(number, guardians(tx, number, tx.zone(me.municipality)))


def read_family(tx: Tx, query: ReadFamily, me: Actor) -> Family | None:
    if me.role != "operator" or not may_see(tx, me, query.child):
        return None
    return Family(query.child, guardians(tx, query.child, tx.zone(me.municipality)))


def my_phone(tx: Tx, query: MyPhone, me: Actor) -> str:
    return tx.value(select(person.c.phone).where(person.c.id == me.person)) or ""


# --- doers ------------------------------------------------------------------------------------------------------------


def cut_guardian(tx: Tx, command: CutGuardian, me: Actor) -> Fact:
    """Nothing that waits to be sent about the child reaches whoever was cut. An operator may cut the last one too."""
    tx.sql(select(child.c.id).where(child.c.id == command.child).with_for_update())
    theirs = rights_of(tx, command.person, command.child)
    if theirs is None or not may_see(tx, me, command.child):
        return NotYours()
    own = me.role == "person" and me.person == command.person
    if me.role == "person":
        mine = rights_of(tx, me.person, command.child)
        if not own and mine is not Rights.FULL:
            return NotYours()
        full = (guardianship.c.child == command.child, guardianship.c.rights == Rights.FULL.value)
        deciding = tx.value(select(func.count()).select_from(guardianship).where(*full))
        if not may_cut(mine, theirs, own, deciding):
            return LastGuardian()
    link = (guardianship.c.person == command.person, guardianship.c.child == command.child)
    tx.sql(guardianship.delete().where(*link))
    _silence(tx, command.person, command.child)
    if not own:
        tx.tell(LinkCut(command.person))
    return GuardianCut(command.child, command.person, theirs)


def _silence(tx: Tx, who: int, number: int) -> None:
    """Take back the notices about a child that wait for somebody who may not see it any more."""
    waiting = tx.rows(select(outbox.c.id, outbox.c.content).where(
        outbox.c.person == who, outbox.c.state == "queued", outbox.c.kind != "reply"
    ))  # fmt: skip
    about = [row.id for row in waiting if json.loads(row.content).get("child") == number]
    tx.sql(outbox.update().where(outbox.c.id.in_(about)).values(state="failed", trouble="cut"))


def set_phone(tx: Tx, command: SetPhone, me: Actor) -> Fact:
    tx.sql(person.update().where(person.c.id == me.person).values(phone=command.phone))
    return PhoneSet(me.person)


READERS: dict[type[Query[Any]], Reader] = {
    MyChildren: my_children,
    ReadChild: read_child,
    FindFamily: find_family,
    ReadFamily: read_family,
    MyPhone: my_phone,
}
DOERS: dict[type[Command], Doer] = {CutGuardian: cut_guardian, SetPhone: set_phone}
