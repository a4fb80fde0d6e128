"""Who is asking: in which language, and for which municipality they decide."""

from sqlalchemy import select

from bot.domain.messages import Actor
from bot.storage.schema import person
from bot.storage.tx import Tx


def language_of(tx: Tx, me: Actor) -> str:
    """The reader's language; Russian for the staff."""
    return tx.value(select(person.c.language).where(person.c.id == me.person)) or "ru"


def runs(me: Actor, place: int) -> bool:
    """Whether `me` decides for this municipality."""
    return me.role == "system" or (me.role == "operator" and me.municipality == place)


def arranges(me: Actor) -> bool:
    """Whether `me` decides for the region: municipalities, their policies."""
    return me.role in ("system", "administrator")
