"""Conversations at rest: who is behind a chat, where they are, what their screen offers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, exists, select

from bot.dialogs.codec import CannotLoad, decode, encode
from bot.dialogs.conversation import Reader, Talk
from bot.dialogs.core import AnyState
from bot.dialogs.home import Home
from bot.domain.messages import Actor, Command, Query, person
from bot.storage.schema import chat, consent, conversation, outbox, web_message
from bot.storage.schema import person as person_table
from bot.storage.tx import Doer as Does
from bot.storage.tx import Reader as Reads
from bot.storage.tx import Tx

READERS: dict[type[Query[Any]], Reads] = {}
DOERS: dict[type[Command], Does] = {}


@dataclass
class Seat:
    """One chat in a turn."""

    chat: int
    person: int
    channel: str
    address: str
    reader: Reader
    talk: Talk
    forgot: bool = False
    """What was stored could not be loaded: the parent is told, and is at Home."""

    @property
    def actor(self) -> Actor:
        """On whose behalf this chat asks and wishes."""
        return person(self.person, self.reader.municipality)


def _seats() -> Select[Any]:
    consented = exists().where(
        and_(
            consent.c.person == person_table.c.id,
            consent.c.purpose == "certificate",
            consent.c.withdrawn_at.is_(None),
        )
    )
    return (
        select(
            chat.c.id.label("chat"),
            chat.c.channel,
            chat.c.address,
            chat.c.person,
            chat.c.dead_at,
            person_table.c.language,
            person_table.c.municipality,
            consented.label("consented"),
            conversation.c.turn,
            conversation.c.talk,
        )
        .join(person_table, chat.c.person == person_table.c.id)
        .outerjoin(conversation, conversation.c.chat == chat.c.id)
    )


HERE = (
    chat.c.channel == bindparam("channel"),
    chat.c.address.in_(bindparam("addresses", expanding=True)),
    chat.c.cut_at.is_(None),
)
"""A channel at a time: SQLite finds pairs in a list by looking at every chat."""
LOCKED = select(chat.c.id).where(*HERE).order_by(chat.c.id).with_for_update(key_share=True)
"""A statement of its own: what is read together with a lock is as old as the wait for it, a turn of another replica would be lost."""
TAKEN = _seats().where(*HERE)
ONE = _seats().where(chat.c.id == bindparam("chat"))


def take_seats(tx: Tx, newcomers: Sequence[tuple[str, str, str]], first: AnyState) -> dict[tuple[str, str], Seat]:
    """Lock and load the conversations of these (channel, address, language); unknown chats start at `first`."""
    addresses: dict[str, list[str]] = {}
    for channel, address, _language in sorted(newcomers):
        addresses.setdefault(channel, []).append(address)
    rows: list[Row[*tuple[Any, ...]]] = []
    for channel, here in addresses.items():
        if tx.connection.dialect.name == "postgresql":
            tx.sql(LOCKED, {"channel": channel, "addresses": here})
        rows += tx.sql(TAKEN, {"channel": channel, "addresses": here}).all()
    seats = {(seat.channel, seat.address): seat for seat in (_seat(tx, row) for row in rows)}
    back = [row.chat for row in rows if row.dead_at is not None]
    if back:
        tx.sql(chat.update().where(chat.c.id.in_(back)).values(dead_at=None))
        look_again(tx, [row.person for row in rows if row.dead_at is not None])
    for channel, address, language in newcomers:
        if (channel, address) not in seats:
            seats[channel, address] = _newcomer(tx, channel, address, language, first)
    return seats


def read_again(tx: Tx, seat: Seat) -> Reader:
    """Who reads, after a command may have changed it: another language, or another person behind the chat (R1.3)."""
    row = tx.sql(ONE, {"chat": seat.chat}).first()
    if row is None:
        return seat.reader
    now = _seat(tx, row)
    seat.person = now.person
    return now.reader


def _seat(tx: Tx, row: Row[*tuple[Any, ...]]) -> Seat:
    """Of a row of `_seats`, taken apart at once: to ask it for each value by name takes longer than all the rest."""
    number, channel, address, who, _dead_at, language, municipality, consented, turn, stored = row
    forgot = False
    try:
        talk = tx.memory.lasting(number, stored, lambda: _talk(tx, stored)) if stored else Talk(Home(), turn=turn or 0)
    except CannotLoad:
        talk, forgot = Talk(Home(), turn=turn), True
    reader = Reader(language, municipality or 0, bool(consented), channel in tx.impersonal)
    return Seat(number, who, channel, address, reader, talk, forgot)


def _talk(tx: Tx, stored: str) -> Talk:
    return decode(Talk, stored, tx.keys)


def _newcomer(tx: Tx, channel: str, address: str, language: str, first: AnyState) -> Seat:
    who = tx.insert(person_table, language=language, created_at=tx.now)
    known = tx.row(select(chat.c.id).where(chat.c.channel == channel, chat.c.address == address))
    if known is None:
        number = tx.insert(chat, channel=channel, address=address, person=who, linked_at=tx.now)
    else:
        number = known.id
        fresh = {"person": who, "linked_at": tx.now, "dead_at": None, "cut_at": None, "preferred": False}
        tx.sql(chat.update().where(chat.c.id == number).values(**fresh))
        for words in (conversation, web_message):  # of whoever it was cut from (R1.3)
            tx.sql(words.delete().where(words.c.chat == number))
    reader = Reader(language, impersonal=channel in tx.impersonal)
    return Seat(number, who, channel, address, reader, Talk(first))


def save(tx: Tx, seats: Iterable[Seat]) -> None:
    """Keep the conversations: one statement for all of them."""
    rows: list[dict[str, Any]] = []
    for seat in seats:
        stored = encode(seat.talk, tx.keys)
        tx.memory.know(seat.chat, stored, seat.talk)
        rows.append({"chat": seat.chat, "turn": seat.talk.turn, "talk": stored, "changed_at": tx.now})
    tx.upsert(conversation, rows, "chat")


def mark_dead(tx: Tx, channel: str, addresses: Collection[str]) -> None:
    """These parents have blocked us there: nothing more is sent to such an address until they write again."""
    here = and_(chat.c.channel == channel, chat.c.address.in_(addresses))
    tx.sql(chat.update().where(here, chat.c.dead_at.is_(None)).values(dead_at=tx.now))
    unsent = and_(
        outbox.c.chat.in_(select(chat.c.id).where(here)), outbox.c.kind == "reply", outbox.c.state == "queued"
    )
    tx.sql(outbox.update().where(unsent).values(state="failed", trouble="the address is dead"))


def revive(tx: Tx, channel: str, address: str) -> None:
    """The parent has let us in again: notices may go there, those that waited for it too."""
    here = and_(chat.c.channel == channel, chat.c.address == address)
    tx.sql(chat.update().where(here).values(dead_at=None))
    look_again(tx, [row.person for row in tx.rows(select(chat.c.person).where(here))])


def look_again(tx: Tx, people: Collection[int]) -> None:
    """These people have another live chat now: what waited for one finds its channel anew."""
    waiting = outbox.update().where(outbox.c.person.in_(people), outbox.c.state == "queued", outbox.c.kind != "reply")
    tx.sql(waiting.values(channel=None))
    tx.has_mail = True
