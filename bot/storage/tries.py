"""Wrong tries of codes (R2.11): five block a person for an hour, kept in the database so that no restart forgives them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.certificate import TRIES, blocked_until
from bot.storage.schema import wrong_try
from bot.storage.tx import Tx

MEMORY = timedelta(days=1)


def blocked(tx: Tx, who: int) -> datetime | None:
    """Until when this person may not try again; None if they may."""
    return blocked_until(_of(tx, who), tx.now)


def count_wrong(tx: Tx, who: int, number: str) -> int:
    """One more wrong try of a certificate's number, or of a "code"; how many are left before the block."""
    tx.insert(wrong_try, person=who, number=number, at=tx.now)
    return -len(_of(tx, who)) % TRIES


def _of(tx: Tx, who: int) -> list[datetime]:
    recent = wrong_try.c.at > tx.now - MEMORY
    return [
        row.at
        for row in tx.rows(select(wrong_try.c.at).where(wrong_try.c.person == who, recent).order_by(wrong_try.c.at))
    ]
