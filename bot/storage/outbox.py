"""The outbox: replies and notices on their way. A notice is values without words until the moment it is sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, bindparam, func, select

from bot.dialogs.codec import encode
from bot.dialogs.message import Message
from bot.domain.calendar import quiet_until
from bot.domain.messages import AboutChild, AboutPerson
from bot.notifications.delivery import Delivery, Gone, Later, Outcome, Sent
from bot.notifications.notices import NOTICES
from bot.notifications.outbox import RowState, after
from bot.storage import conversations
from bot.storage.conversations import Seat
from bot.storage.schema import (
    QUEUED,
    SENDING,
    child,
    guardianship,
    outbox,
    person,
)
from bot.storage.tx import Told, Tx

REPLY, PUSH = 0, 1
REPLIES = outbox.insert().returning(outbox.c.key, outbox.c.id)
UNBEGUN = Later(0)
"""Given back as it was taken: it keeps its place before what its chat was told later."""
log = structlog.get_logger()


def queue(tx: Tx, told: Sequence[Told]) -> None:
    """A row for each fact and each person whom it concerns: guardians of the child, or the person themselves."""
    notices = [one for one in told if type(one.fact) in NOTICES]
    children = {one.fact.child for one in notices if isinstance(one.fact, AboutChild)}
    people = {one.fact.person for one in notices if isinstance(one.fact, AboutPerson)}
    families: dict[int, list[tuple[int, int]]] = {}
    if children:
        for row in tx.rows(
            select(guardianship.c.child, guardianship.c.person, child.c.municipality)
            .join(child, child.c.id == guardianship.c.child)
            .where(guardianship.c.child.in_(children))
            .order_by(guardianship.c.id)
        ):
            families.setdefault(row.child, []).append((row.person, row.municipality))
    places = {}
    if people:
        for row in tx.rows(select(person.c.id, person.c.municipality).where(person.c.id.in_(people))):
            places[row.id] = row.municipality
    rows = []
    for one in notices:
        fact = one.fact
        if isinstance(fact, AboutChild):
            readers = families.get(fact.child, [])
        elif isinstance(fact, AboutPerson):
            readers = [(fact.person, places.get(fact.person, 0))]
        else:
            raise TypeError(f"{type(fact).__name__} has a notice but nobody to tell it to")
        cause = fact.cause or f"{type(fact).__name__.lower()}:{tx.token(8)}"
        content = encode(fact, tx.keys)
        rows += [
            {
                "key": f"{cause}:g{who}",
                "kind": type(fact).__name__,
                "person": who,
                "content": content,
                "priority": PUSH,
                "state": "queued",
                "not_before": allowed_from(tx, municipality),
                "created_at": tx.now,
            }
            for who, municipality in readers
            if who != one.seen_by
        ]
    if tx.insert_new(outbox, rows, "key"):
        tx.has_mail = True


def allowed_from(tx: Tx, municipality: int | None) -> datetime:
    """Now, or the end of the quiet hours (R8.2)."""
    if not municipality:
        return tx.now
    policy = tx.policy(municipality)
    return quiet_until(tx.now, tx.zone(municipality), policy.quiet_from, policy.quiet_until) or tx.now


def queue_replies(tx: Tx, replies: Sequence[tuple[str, Seat, Message, str]]) -> None:
    """Replies of a batch: (update's key, seat, message, id of the message it takes the place of). One statement.

    Where the channel's sender runs in this process, it gets them from hand to hand after the commit.
    """
    if not replies:
        return
    hands = _free_hands(tx, [seat for _key, seat, *_rest in replies])
    rows = [
        {
            "key": f"reply:{key}",
            "kind": "reply",
            "person": seat.person,
            "chat": seat.chat,
            "content": tx.keys.encrypt(encode(message, tx.keys)),
            "edits": edits or None,
            "priority": REPLY,
            "state": "sending" if seat.chat in hands else "queued",
            "channel": seat.channel,
            "not_before": tx.now,
            "created_at": tx.now,
        }
        for key, seat, message, edits in replies
    ]
    made: list[Any] = list(tx.sql(REPLIES, rows))
    numbers: dict[str, int] = dict(made)
    for key, seat, message, edits in replies:
        if seat.chat in hands:
            name = f"reply:{key}"
            tx.handed.append(Delivery(numbers[name], name, seat.channel, seat.address, message, edits))
        else:
            tx.has_mail = True


def _free_hands(tx: Tx, seats: Sequence[Seat]) -> set[int]:
    """Chats whose replies go from hand to hand: their sender is here, and no earlier reply waits to be claimed."""
    here = {channel for channel in {seat.channel for seat in seats} & tx.hands.keys() if tx.hands[channel](tx)}
    chats = {seat.chat for seat in seats if seat.channel in here}
    if not chats:
        return set()
    waiting = select(outbox.c.chat).where(
        QUEUED, outbox.c.channel.in_(here), outbox.c.priority == REPLY, outbox.c.chat.in_(chats)
    )
    return chats - set(tx.sql(waiting).scalars())


NOWHERE = "nowhere"
"""Where a notice waits whose reader has no live chat: `look_again` brings it back."""


def record(tx: Tx, ends: Sequence[tuple[Delivery, Outcome]]) -> None:
    """Keep what came of deliveries; an address that is gone is dead, and a notice looks for the next channel.

    A few statements a batch, however many there are in it.
    """
    gone = {delivery.address for delivery, outcome in ends if isinstance(outcome, Gone)}
    if gone:
        conversations.mark_dead(tx, ends[0][0].channel, gone)
    sent = [{"row": delivery.row, "ref": end.ref, "at": tx.now} for delivery, end in ends if isinstance(end, Sent)]
    if sent:
        tx.sql(SENT, sent)
    unsent = {delivery.row: (delivery, end) for delivery, end in ends if not isinstance(end, Sent)}
    if unsent:
        known = select(outbox.c.id, outbox.c.tries, outbox.c.not_before).where(outbox.c.id.in_(unsent))
        if kept := [_unsent(*unsent[row.id], row, tx.now) for row in tx.rows(known)]:
            tx.sql(UNSENT, kept)


def _unsent(delivery: Delivery, end: Outcome, row: Row[Any], now: datetime) -> dict[str, object]:
    life = after(end, row.tries, now)
    state = RowState.QUEUED if life.address_dead and delivery.push else life.state
    return {
        "row": delivery.row,
        "is": state.value,
        "tried": life.tries,
        "from": row.not_before if end == UNBEGUN else life.not_before,
        "why": life.trouble or None,
    }


HERE = outbox.c.id == bindparam("row")
SENT = (
    outbox.update().where(HERE).values(state="sent", sent_ref=bindparam("ref"), sent_at=bindparam("at"), trouble=None)
)
UNSENT = (
    outbox.update()
    .where(HERE)
    .values(state=bindparam("is"), tries=bindparam("tried"), not_before=bindparam("from"), trouble=bindparam("why"))
)


def take_up(tx: Tx, channel: str) -> None:
    """What was being sent in a channel when its sender died is sent again (a messenger that can drops the repeat).

    Only for whoever has just won the channel's lease: of a living sender nothing is taken away.
    """
    tx.sql(outbox.update().where(SENDING, outbox.c.channel == channel).values(state="queued"))


def depth(tx: Tx) -> int:
    """How many messages wait."""
    return sum(int(tx.value(select(func.count()).select_from(outbox).where(here))) for here in (QUEUED, SENDING))
