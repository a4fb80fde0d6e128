"""One-time codes (R1.3, R2.11): made, tried, used. The table keeps only keyed prints, so nobody can read a code out of it."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, exists, select

from bot.domain.calendar import birthday
from bot.domain.family import OWN_CHAT_AGE, GuardianJoined, Rights, may_have_chat
from bot.domain.home import ChannelLink
from bot.domain.linking import (
    GIVES,
    LIFE,
    AlreadyLinked,
    ChatLinked,
    CodeBlocked,
    CodeFound,
    CodeKind,
    CodeRefused,
    HasOwnChildren,
    Invitation,
    IssueRestoreCode,
    LinkCodeMade,
    MakeLinkCode,
    PersonRestored,
    ReadInvitation,
    TooYoungForChat,
    TryCode,
    UseLinkCode,
    WaysIn,
    code_from,
)
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.storage.family import child_row, may_decide, rights_of
from bot.storage.merging import merge
from bot.storage.schema import child, guardianship, link_code, person, setting
from bot.storage.tries import blocked, count_wrong
from bot.storage.tx import Doer, Reader, Tx

KINDS = tuple(kind.value for kind in CodeKind)
"""The table also holds codes for a certificate; those need its number and are used elsewhere."""

# --- made -------------------------------------------------------------------------------------------------------------


def make_link_code(tx: Tx, command: MakeLinkCode, me: Actor) -> Fact:
    """A code for a child of mine, or for one more chat of mine; a new chat's code takes the place of the last one."""
    match command.kind:
        case CodeKind.RESTORE:
            return NotYours()
        case CodeKind.CHANNEL:
            mine = (link_code.c.person == me.person, link_code.c.kind == CodeKind.CHANNEL.value)
            tx.sql(link_code.delete().where(*mine, link_code.c.used_at.is_(None)))
            return _new_code(tx, command.kind, me.municipality, person=me.person, issued_by="person")
    row = child_row(tx, command.child)
    if row is None or me.role != "person" or not may_decide(tx, me, command.child):
        return NotYours()
    if command.kind is CodeKind.SELF and not may_have_chat(row.birth_date, tx.today(row.municipality)):
        return TooYoungForChat(birthday(row.birth_date, OWN_CHAT_AGE))
    return _new_code(tx, command.kind, row.municipality, person=me.person, child=command.child, issued_by="person")


def issue_restore_code(tx: Tx, command: IssueRestoreCode, me: Actor) -> Fact:
    """Only for somebody of the operator's own municipality: theirs, or their child's."""
    here = tx.value(
        select(person.c.id).where(
            person.c.id == command.person,
            person.c.deleted_at.is_(None),
            (person.c.municipality == me.municipality)
            | exists().where(
                guardianship.c.person == person.c.id,
                guardianship.c.child == child.c.id,
                child.c.municipality == me.municipality,
            ),
        )
    )
    if me.role != "operator" or here is None:
        return NotYours()
    return _new_code(
        tx, CodeKind.RESTORE, me.municipality, person=command.person, issued_by=f"operator {me.name}".strip()
    )


def _new_code(tx: Tx, kind: CodeKind, municipality: int, **values: Any) -> LinkCodeMade:
    code = code_from(int(tx.token(16), 16))
    until = tx.now + LIFE[kind]
    tx.insert(link_code, print=tx.keys.print(code), kind=kind.value, expires_at=until, **values)
    return LinkCodeMade(kind, code, _local(tx, until, municipality))


def _local(tx: Tx, instant: datetime, municipality: int) -> datetime:
    """As the reader's clock shows it; before a municipality is chosen there is no zone but UTC."""
    return instant.astimezone(ZoneInfo(tx.zone(municipality))) if municipality else instant


def ways_in(tx: Tx, query: WaysIn, me: Actor) -> tuple[ChannelLink, ...]:
    """The addresses that the service wrote down at its start; one more chat of mine may be impersonal, a child's may not."""
    rows = tx.rows(select(setting).where(setting.c.name.like("link:%")).order_by(setting.c.name))
    ways = (ChannelLink(row.name.removeprefix("link:"), row.value) for row in rows if row.value)
    return tuple(way for way in ways if query.kind not in GIVES or way.channel not in tx.impersonal)


# --- tried ------------------------------------------------------------------------------------------------------------


def try_code(tx: Tx, command: TryCode, me: Actor) -> Fact:
    """A right code of a child also tells a newcomer's municipality (R1.2), so that nobody asks a grandparent for it."""
    until = blocked(tx, me.person)
    if until is not None:
        return CodeBlocked(ceil((until - tx.now) / timedelta(minutes=1)))
    found = _good(tx, command.code)
    if found is None:
        return CodeRefused(count_wrong(tx, me.person, "code"))
    if found.child is not None:
        place = select(child.c.municipality).where(child.c.id == found.child).scalar_subquery()
        newcomer = (person.c.id == me.person, person.c.municipality.is_(None))
        tx.sql(person.update().where(*newcomer).values(municipality=place))
    return CodeFound(CodeKind(found.kind))


def read_invitation(tx: Tx, query: ReadInvitation, me: Actor) -> Invitation | None:
    found = _good(tx, query.code)
    if found is None:
        return None
    row = child_row(tx, found.child) if found.child is not None else None
    return Invitation(CodeKind(found.kind), row.first_name or "" if row is not None else "")


def _good(tx: Tx, code: str) -> Row[Any] | None:
    """The code's row, locked; None if it is unknown, used, too old, or whoever made it may not decide for the child any more."""
    row = tx.row(
        select(link_code)
        .where(
            link_code.c.print == tx.keys.print(code),
            link_code.c.kind.in_(KINDS),
            link_code.c.used_at.is_(None),
            link_code.c.expires_at > tx.now,
        )
        .with_for_update()
    )
    if row is None or (row.child is not None and rights_of(tx, row.person, row.child) is not Rights.FULL):
        return None
    return row


# --- used -------------------------------------------------------------------------------------------------------------


def use_link_code(tx: Tx, command: UseLinkCode, me: Actor) -> Fact:
    """Join: a child's code makes `me` one of its people; a person's code makes all chats of `me` theirs."""
    tried = try_code(tx, TryCode(command.code), me)
    found = _good(tx, command.code) if isinstance(tried, CodeFound) else None
    if found is None:
        return tried
    kind = CodeKind(found.kind)
    fact = _joins(tx, found.child, GIVES[kind], me) if kind in GIVES else _becomes(tx, found.person, kind, me)
    if isinstance(fact, GuardianJoined | ChatLinked | PersonRestored):
        tx.sql(link_code.update().where(link_code.c.id == found.id).values(used_at=tx.now))
    return fact


def _joins(tx: Tx, number: int, rights: Rights, me: Actor) -> Fact:
    """Rights only grow: whoever saw may decide from now on, never the other way round."""
    row = tx.sql(select(child).where(child.c.id == number).with_for_update()).one()
    if rights is Rights.SELF and not may_have_chat(row.birth_date, tx.today(row.municipality)):
        return TooYoungForChat(birthday(row.birth_date, OWN_CHAT_AGE))
    mine = rights_of(tx, me.person, number)
    if mine is None:
        tx.insert(guardianship, person=me.person, child=number, rights=rights.value, since=tx.now)
    elif mine is Rights.READ and rights is Rights.FULL:
        link = (guardianship.c.person == me.person, guardianship.c.child == number)
        tx.sql(guardianship.update().where(*link).values(rights=rights.value))
    else:
        return AlreadyLinked()
    return GuardianJoined(number, me.person, rights)


def _becomes(tx: Tx, owner: int, kind: CodeKind, me: Actor) -> Fact:
    if owner == me.person:
        return AlreadyLinked()
    tx.sql(select(person.c.id).where(person.c.id.in_([owner, me.person])).order_by(person.c.id).with_for_update())
    if tx.value(select(guardianship.c.id).where(guardianship.c.person == me.person).limit(1)):
        return HasOwnChildren()
    merge(tx, me.person, owner, prefer=kind is CodeKind.RESTORE)
    return PersonRestored(owner) if kind is CodeKind.RESTORE else ChatLinked(owner)


READERS: dict[type[Query[Any]], Reader] = {ReadInvitation: read_invitation, WaysIn: ways_in}
DOERS: dict[type[Command], Doer] = {
    MakeLinkCode: make_link_code,
    IssueRestoreCode: issue_restore_code,
    TryCode: try_code,
    UseLinkCode: use_link_code,
}
