"""Codes on certificates' cards: the table keeps keyed prints only, so nobody can read a code out of it."""

from typing import Any

from sqlalchemy import delete, select

from bot.domain.card_code import LIFE, CardCodeMade, CardCodeRevoked, MakeCardCode, RevokeCardCode, ScannedCode
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.storage.calendar_link import public_url
from bot.storage.schema import card_code, certificate, child
from bot.storage.seats import rights
from bot.storage.tx import Doer, Reader, Tx

LONGEST_CODE = 64
SCANNED = "/office/card/"
"""Where the office takes a scanned code."""


def make_card_code(tx: Tx, command: MakeCardCode, me: Actor) -> Fact:
    """Whoever may speak for the child shows its card: a guardian who decides, or the child itself (R1.3)."""
    if rights(tx, me, command.child) not in ("full", "self") or _number(tx, command.child) is None:
        return NotYours()
    _forget(tx, command.child, me)
    code = tx.token(16)
    tx.insert(card_code, print=_print(tx, code), person=me.person, child=command.child, expires_at=tx.now + LIFE)
    address = public_url(tx)
    return CardCodeMade(command.child, f"{address}{SCANNED}{code}" if address else "")


def revoke_card_code(tx: Tx, command: RevokeCardCode, me: Actor) -> Fact:
    """Mine only; that there was none is no trouble."""
    if not rights(tx, me, command.child):
        return NotYours()
    _forget(tx, command.child, me)
    return CardCodeRevoked(command.child)


def scanned_code(tx: Tx, query: ScannedCode, me: Actor) -> str | None:
    """R6.7: the number that the family could also have said. For nobody but a provider's staff."""
    if me.role != "provider" or len(query.code) > LONGEST_CODE:
        return None
    good = card_code.c.print == _print(tx, query.code), card_code.c.expires_at > tx.now
    row = tx.row(select(card_code).where(*good))
    if row is None or rights(tx, Actor("person", person=row.person), row.child) not in ("full", "self"):
        return None
    return _number(tx, row.child)


def _number(tx: Tx, of: int) -> str | None:
    """Of the child's active certificate."""
    active = certificate.c.child == of, certificate.c.state == "active", child.c.deleted_at.is_(None)
    number: str | None = tx.value(
        select(certificate.c.number).join(child, child.c.id == certificate.c.child).where(*active)
    )
    return number


def _print(tx: Tx, code: str) -> str:
    return tx.keys.print(f"card:{code}")


def _forget(tx: Tx, of: int, me: Actor) -> None:
    tx.sql(delete(card_code).where(card_code.c.person == me.person, card_code.c.child == of))


READERS: dict[type[Query[Any]], Reader] = {ScannedCode: scanned_code}
DOERS: dict[type[Command], Doer] = {MakeCardCode: make_card_code, RevokeCardCode: revoke_card_code}
