"""The web chat's stored transcript: what both sides said, in order, so that a page shows it after any reload.

For the web «sent» means: appended here. A message that takes the place of another names it in `replaces`; both stay, the page shows the
newer one in the older one's place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from bot.dialogs.codec import decode, encode
from bot.dialogs.message import Message
from bot.notifications.delivery import Delivery
from bot.storage.news import PAGES, tell
from bot.storage.outbox import PUSH, allowed_from
from bot.storage.schema import chat, conversation, outbox, person, web_message
from bot.storage.tx import Tx

UNREAD, NO_NEWS = timedelta(minutes=10), timedelta(days=1)
"""How long a push may wait to be read, and how old it may be to be still worth passing on."""
REPLY_KEY = "reply:"
"""How the key of an answer begins, in the outbox as well."""


@dataclass(frozen=True)
class Line:
    """One message of the transcript."""

    id: int
    who: str
    message: Message
    replaces: int
    push: bool
    at: datetime


def append(tx: Tx, deliveries: Sequence[Delivery]) -> list[str]:
    """Append deliveries, each once however often it comes; their ids as text."""
    chats = _chats(tx, {delivery.address for delivery in deliveries})
    tapped = {int(delivery.edits) for delivery in deliveries if delivery.edits.isdecimal()}
    known_ids = select(web_message.c.id, web_message.c.chat).where(web_message.c.id.in_(tapped))
    own = {(row.id, row.chat) for row in tx.rows(known_ids)} if tapped else set()  # a page may name any id
    rows = [
        {
            "chat": chats[delivery.address],
            "who": "bot",
            "content": _closed(tx, delivery.message),
            "outbox_key": delivery.key,
            "replaces": _own(delivery.edits, chats[delivery.address], own),
            "at": tx.now,
        }
        for delivery in deliveries
    ]
    tx.insert_new(web_message, rows, "outbox_key")
    tell(tx.connection, PAGES, *chats)
    keys = [delivery.key for delivery in deliveries]
    known = tx.rows(select(web_message.c.outbox_key, web_message.c.id).where(web_message.c.outbox_key.in_(keys)))
    ids = {row.outbox_key: str(row.id) for row in known}
    return [ids[delivery.key] for delivery in deliveries]


def _own(edits: str, place: int, own: set[tuple[int, int]]) -> int | None:
    """The message to take the place of, if it still stands in this very chat."""
    return int(edits) if edits.isdecimal() and (int(edits), place) in own else None


def said(tx: Tx, address: str, key: str, text: str) -> None:
    """What the parent wrote or pressed, once for its key; a secret answer is masked (R9.4)."""
    place = _chats(tx, {address}).get(address)
    if place is not None:
        row = {"chat": place, "who": "parent", "content": _closed(tx, Message(text)), "outbox_key": key, "at": tx.now}
        tx.insert_new(web_message, [row], "outbox_key")


def after(tx: Tx, address: str, last: int, limit: int = 200) -> list[Line] | None:
    """The next `limit` lines behind `last`; from the beginning (0) only the newest. None where `last` itself may not be shown any more: it goes
    with the chat that is cut (R1.3), with all the family's words (R9.2), or with time (R9.4)."""
    if last and tx.row(_line(address, last)) is None:
        return None
    rows = tx.rows(
        select(web_message)
        .join(chat, chat.c.id == web_message.c.chat)
        .where(_shown_to(address), web_message.c.id > last)
        .order_by(web_message.c.id if last else web_message.c.id.desc())
        .limit(limit)
    )
    return [
        Line(
            row.id,
            row.who,
            decode(Message, tx.keys.decrypt(row.content), tx.keys),
            row.replaces or 0,
            row.who == "bot" and not row.outbox_key.startswith(REPLY_KEY),
            row.at,
        )
        for row in (rows if last else reversed(rows))
    ]


def message_of(tx: Tx, address: str, number: int) -> Message | None:
    """One message of this chat's transcript."""
    row = tx.row(_line(address, number))
    return decode(Message, tx.keys.decrypt(row.content), tx.keys) if row is not None else None


def _line(address: str, number: int) -> Select[tuple[str]]:
    found = select(web_message.c.content).join(chat, chat.c.id == web_message.c.chat)
    return found.where(web_message.c.id == number, _shown_to(address))


def _shown_to(address: str) -> ColumnElement[bool]:
    """A chat that was cut is left with the answer to the wish that cut it: the last one, as another may still have been on its way."""
    answer = web_message.alias("answer").c
    answers = answer.chat == chat.c.id, answer.outbox_key.startswith(REPLY_KEY)
    last = select(func.max(answer.id)).where(*answers).scalar_subquery()
    farewell = and_(web_message.c.at >= chat.c.cut_at, web_message.c.id == last)
    return and_(chat.c.channel == "web", chat.c.address == address, or_(chat.c.cut_at.is_(None), farewell))


def mark_read(tx: Tx, address: str, upto: int) -> None:
    """The page has shown everything up to there."""
    tx.sql(
        web_message.update()
        .where(
            web_message.c.chat.in_(select(chat.c.id).where(chat.c.channel == "web", chat.c.address == address)),
            web_message.c.id <= upto,
            web_message.c.read_at.is_(None),
        )
        .values(read_at=tx.now)
    )


def pass_unread(tx: Tx) -> None:
    """A push that nobody has read on the web for ten minutes also goes to the next channel, outside the quiet hours (R8.2).

    A channel that was linked after it was sent gets no old news, and nobody gets news of yesterday.
    """
    other = chat.alias("other")
    unread = (
        select(outbox.c.id, person.c.municipality)
        .join(person, person.c.id == outbox.c.person)
        .join(web_message, web_message.c.outbox_key == outbox.c.key)
        .where(
            outbox.c.priority == PUSH,
            outbox.c.state == "sent",
            outbox.c.sent_at < tx.now - UNREAD,
            ~outbox.c.tried_channels.contains("web"),
            web_message.c.read_at.is_(None),
            web_message.c.at > tx.now - NO_NEWS,
            exists().where(
                other.c.person == outbox.c.person,
                other.c.channel != "web",
                ~outbox.c.tried_channels.contains(other.c.channel),
                other.c.linked_at <= outbox.c.sent_at,
                other.c.dead_at.is_(None),
                other.c.cut_at.is_(None),
            ),
        )
    )
    places: dict[int | None, list[int]] = {}
    for row in tx.rows(unread):
        places.setdefault(row.municipality, []).append(row.id)
    for municipality, numbers in places.items():
        waiting = {
            "state": "queued",
            "channel": None,
            "tried_channels": outbox.c.tried_channels + " web",
            "not_before": allowed_from(tx, municipality),
        }
        tx.sql(outbox.update().where(outbox.c.id.in_(numbers)).values(**waiting))
        tx.has_mail = True


def wants_secret(tx: Tx, address: str) -> bool:
    """Whether the present screen asks for what must not be kept in plain sight; a push that came meanwhile asks nothing."""
    row = tx.row(
        select(web_message.c.content)
        .join(chat, chat.c.id == web_message.c.chat)
        .where(chat.c.channel == "web", chat.c.address == address, web_message.c.outbox_key.startswith(REPLY_KEY))
        .order_by(web_message.c.id.desc())
        .limit(1)
    )
    return row is not None and decode(Message, tx.keys.decrypt(row.content), tx.keys).wants == "secret"


def has_screen(tx: Tx, address: str) -> bool:
    """Whether this page has something to go on from: it has talked before, and not all of our answers are forgotten (R9.4)."""
    found = (
        select(web_message.c.id)
        .join(chat, chat.c.id == web_message.c.chat)
        .join(conversation, conversation.c.chat == chat.c.id)
        .where(chat.c.channel == "web", chat.c.address == address, chat.c.cut_at.is_(None))
        .where(web_message.c.outbox_key.startswith(REPLY_KEY))
        .limit(1)
    )
    return tx.row(found) is not None


def language(tx: Tx, address: str) -> str | None:
    """What whoever is behind this page has chosen to read; None before the first word."""
    found = select(person.c.language).join(chat, chat.c.person == person.c.id)
    row = tx.row(found.where(chat.c.channel == "web", chat.c.address == address, chat.c.cut_at.is_(None)))
    return row.language if row is not None else None


def _chats(tx: Tx, addresses: set[str]) -> dict[str, int]:
    found = select(chat.c.address, chat.c.id).where(chat.c.channel == "web", chat.c.address.in_(addresses))
    return {row.address: row.id for row in tx.rows(found)}


def _closed(tx: Tx, message: Message) -> str:
    return tx.keys.encrypt(encode(message, tx.keys))
