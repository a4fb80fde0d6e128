"""The outbox: replies and notices on their way. A notice is values without words until the moment it is sent."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, bindparam, exists, func, select, update

from bot.dialogs.codec import decode, encode
from bot.dialogs.core import Button, Screen
from bot.dialogs.message import Message, written
from bot.domain.calendar import quiet_until
from bot.domain.messages import AboutChild, AboutPerson, Fact
from bot.i18n import _
from bot.notifications.delivery import Delivery, Gone, Outcome, Sent
from bot.notifications.notice import Topic
from bot.notifications.notices import NOTICES
from bot.notifications.outbox import Next, RowState, after
from bot.storage import conversations
from bot.storage.about import names_behind
from bot.storage.conversations import Seat
from bot.storage.desk import Desk, Told, Tx
from bot.storage.leases import Keeper, held
from bot.storage.schema import (
    QUEUED,
    SENDING,
    chat,
    child,
    guardianship,
    muted_topic,
    outbox,
    person,
    setting,
)

REPLY, PUSH = 0, 1
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
        content = json.dumps(encode(fact, tx.keys), ensure_ascii=False, separators=(",", ":"))
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


def queue_replies(tx: Tx, replies: Sequence[tuple[str, Seat, str, Message, str]]) -> None:
    """Replies of a batch: (update's key, seat, address, message, id of the message it takes the place of). One statement.

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
            "content": tx.keys.encrypt(json.dumps(encode(message, tx.keys), ensure_ascii=False)),
            "edits": edits or None,
            "priority": REPLY,
            "state": "sending" if seat.chat in hands else "queued",
            "channel": seat.channel,
            "not_before": tx.now,
            "created_at": tx.now,
        }
        for key, seat, _address, message, edits in replies
    ]
    numbers = {row.key: row.id for row in tx.sql(outbox.insert().returning(outbox.c.key, outbox.c.id), rows)}
    for key, seat, address, message, edits in replies:
        if seat.chat in hands:
            name = f"reply:{key}"
            tx.handed.append(Delivery(numbers[name], name, seat.channel, address, message, edits))
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
ROUTED = 500
"""Notices whose channel is found at once."""
_DUE = (
    select(outbox)
    .where(QUEUED, outbox.c.priority == bindparam("priority"), outbox.c.not_before <= bindparam("now"))
    .order_by(outbox.c.channel, outbox.c.priority, outbox.c.not_before, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
"""In the order of the index, spelt out: that a channel IS NULL does not tell PostgreSQL that it need not sort a million of them."""
DUE_HERE = _DUE.where(outbox.c.channel == bindparam("channel"))
DUE_SOMEWHERE = _DUE.where(outbox.c.channel.is_(None))
_CHATS = select(chat.c.id, chat.c.person, chat.c.channel, chat.c.address, person.c.language).join(person)
THEIR_CHATS = _CHATS.where(chat.c.person.in_(bindparam("people", expanding=True)), chat.c.dead_at.is_(None)).order_by(
    chat.c.preferred.desc(), chat.c.linked_at.desc(), chat.c.id.desc()
)
THOSE_CHATS = _CHATS.where(chat.c.id.in_(bindparam("chats", expanding=True)), chat.c.dead_at.is_(None))
ROUTE = update(outbox).where(outbox.c.id == bindparam("row")).values(channel=bindparam("to"))
TAKE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state="sending", chat=bindparam("place"), words=bindparam("said"))
)


def claim(tx: Tx, channel: str, limit: int, installation: str = "") -> list[Delivery]:
    """Due messages for a channel, marked as being sent: replies first, then notices as they fell due.

    A notice's channel is its reader's preferred live one at this moment. One that was found earlier is looked at again.
    """
    mine: list[tuple[Row[Any], Row[Any]]] = []
    for priority in (REPLY, PUSH):
        mine += _placed(tx, _due(tx, priority, limit - len(mine), channel), channel)
    if len(mine) < limit:
        mine += _placed(tx, _due(tx, PUSH, ROUTED), channel)[: limit - len(mine)]
    messages, failed = _messages(tx, mine, channel)
    deliveries, marked = [], []
    for row, place in mine:
        if row.id not in messages:
            continue
        message, push, seed = messages[row.id], row.kind != "reply", _seed(installation, row.id)
        deliveries.append(Delivery(row.id, row.key, channel, place.address, message, row.edits or "", push, seed))
        said = tx.keys.encrypt(message.text) if push else None  # a reply's row holds its words
        marked.append({"row": row.id, "place": place.id, "said": said})
    if marked:
        tx.sql(TAKE, marked)
    _give_up(tx, failed)
    return deliveries


def _due(tx: Tx, priority: int, most: int, channel: str | None = None) -> Sequence[Row[Any]]:
    if most <= 0:
        return ()
    about = {"priority": priority, "now": tx.now, "most": most}
    return tx.sql(DUE_HERE, {**about, "channel": channel}).all() if channel else tx.sql(DUE_SOMEWHERE, about).all()


def _give_up(tx: Tx, rows: Sequence[tuple[Row[Any], str]]) -> None:
    if rows:
        ends = [{"row": row.id, "is": "failed", "tried": row.tries, "from": tx.now, "why": why} for row, why in rows]
        tx.sql(UNSENT, ends)


def _placed(tx: Tx, rows: Sequence[Row[Any]], channel: str) -> list[tuple[Row[Any], Row[Any]]]:
    """Those of due rows that go to this channel, each with its chat; the others are told where they go."""
    if not rows:
        return []
    chats: dict[int, Row[Any]] = {}
    theirs: dict[int, list[Row[Any]]] = defaultdict(list)
    if replies := {row.chat for row in rows if row.kind == "reply"}:
        chats = {place.id: place for place in tx.sql(THOSE_CHATS, {"chats": replies})}
    if people := {row.person for row in rows if row.kind != "reply"}:
        for place in tx.sql(THEIR_CHATS.where(chat.c.cut_at.is_(None)), {"people": people}):
            theirs[place.person].append(place)
    mine, routes, dead = [], [], []
    for row in rows:
        if row.kind == "reply":
            found = chats.get(row.chat)
            if found is None:
                dead.append((row, "the address is dead"))
                continue
        else:
            tried = row.tried_channels
            found = next((place for place in theirs[row.person] if place.channel not in tried), None)
        to = found.channel if found else NOWHERE
        if found and to == channel:
            mine.append((row, found))
        if to != row.channel:
            routes.append({"row": row.id, "to": to})
    _give_up(tx, dead)
    if routes:
        tx.sql(ROUTE, routes)
        tx.has_mail = True  # there may be more of them, and other senders have work
    return mine


def _messages(
    tx: Tx, rows: Sequence[tuple[Row[Any], Row[Any]]], channel: str
) -> tuple[dict[int, Message], list[tuple[Row[Any], str]]]:
    """The words of rows: a reply's as they were written, a notice's written now; and which fail, each with its why.

    One notice's defect must not silence the whole channel.
    """
    said: dict[int, Message] = {}
    failed: list[tuple[Row[Any], str]] = []
    muted = _muted(tx, {row.person for row, _place in rows if row.kind != "reply"})
    facts: list[tuple[Row[Any], Row[Any], Fact]] = []

    def bug(row: Row[Any], trouble: Exception) -> None:
        log.error("outbox.bug", kind=row.kind, bug=type(trouble).__name__, row=row.id)
        failed.append((row, f"bug: {type(trouble).__name__}"))

    for row, place in rows:
        try:
            if row.kind == "reply":
                said[row.id] = decode(Message, json.loads(tx.keys.decrypt(row.content)), tx.keys)
            else:
                facts.append((row, place, decode(Fact, json.loads(row.content), tx.keys)))
        except Exception as trouble:
            bug(row, trouble)
    names = names_behind(tx, [fact for _row, _place, fact in facts])
    for (row, place, fact), about in zip(facts, names, strict=True):
        notice = NOTICES.get(type(fact))
        if notice and notice.topic is not Topic.ALWAYS and (row.person, notice.topic.value) in muted:
            failed.append((row, "muted"))
        elif isinstance(fact, AboutChild) and channel in tx.impersonal:
            _queue_in_full(tx, row, channel)
            said[row.id] = written(elsewhere(tx, channel), place.language)
        else:
            try:
                said[row.id] = written(NOTICES[type(fact)].says(fact, about), place.language)
            except Exception as trouble:
                bug(row, trouble)
    return said, failed


def _queue_in_full(tx: Tx, row: Row[tuple[object]], channel: str) -> None:
    """What an impersonal channel only hints at (R9.3) also goes, in full, to a channel of the same person that may carry it."""
    may_carry = exists().where(
        chat.c.person == row.person,
        chat.c.channel.not_in(tx.impersonal),
        chat.c.dead_at.is_(None),
        chat.c.cut_at.is_(None),
    )
    if tx.value(select(may_carry)):
        same = {name: getattr(row, name) for name in ("kind", "person", "content", "priority", "not_before")}
        there = {"key": f"{row.key}:full", "state": "queued", "tried_channels": channel, "created_at": tx.now}
        tx.insert_new(outbox, [{**same, **there}], "key")
        tx.has_mail = True


def elsewhere(tx: Tx, channel: str) -> Screen:
    """What an impersonal channel may say about a child (R9.3): that there is news, and where."""
    links = tx.rows(
        select(setting.c.name, setting.c.value).where(setting.c.name.like("link:%")).order_by(setting.c.name)
    )
    names = {"web": _("Open on the web"), "vk": _("Open in VK"), "telegram": _("Open in Telegram")}
    buttons = tuple(
        Button(names[name], url=row.value)
        for row in links
        if (name := row.name.removeprefix("link:")) in names
        and name != channel
        and name not in tx.impersonal
        and row.value
    )
    return Screen(
        _("There is news for your family. Personal details cannot be shown in this messenger; please open them here:"),
        buttons,
    )


def _muted(tx: Tx, people: set[int]) -> set[tuple[int, str]]:
    if not people:
        return set()
    return {(row.person, row.topic) for row in tx.rows(select(muted_topic).where(muted_topic.c.person.in_(people)))}


def _installation(tx: Tx) -> str:
    """This installation's id: part of every seed; a restored copy takes a new one."""
    value: str | None = tx.value(select(setting.c.value).where(setting.c.name == "installation"))
    if value is None:
        value = tx.token(8)
        tx.sql(setting.insert().values(name="installation", value=value))
    return value


def _seed(installation: str, row: int) -> int:
    """31 bits, never 0."""
    return int.from_bytes(hashlib.sha256(f"{installation}:{row}".encode()).digest()[:4]) & 0x7FFFFFFF or 1


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
    unsent = [(delivery, end) for delivery, end in ends if not isinstance(end, Sent)]
    if unsent:
        known = select(outbox.c.id, outbox.c.tries).where(outbox.c.id.in_([delivery.row for delivery, _end in unsent]))
        tries = {row.id: row.tries for row in tx.rows(known)}
        tx.sql(UNSENT, [_unsent(delivery, after(end, tries.get(delivery.row, 0), tx.now)) for delivery, end in unsent])


def _unsent(delivery: Delivery, life: Next) -> dict[str, object]:
    state = RowState.QUEUED if life.address_dead and delivery.push else life.state
    return {
        "row": delivery.row,
        "is": state.value,
        "tried": life.tries,
        "from": life.not_before,
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


class OutboxRows:
    """The outbox as the sender sees it (`notifications.delivery.Outbox`), while this process has the channel's lease."""

    def __init__(self, desk: Desk, lease: Keeper) -> None:
        self.desk, self._lease = desk, lease
        self._letters = -1
        self._installation = ""

    async def claim(self, channel: str, limit: int) -> Sequence[Delivery]:
        """Take due messages; none when another process sends now."""
        self._letters = self.desk.letters
        self._installation = self._installation or await self.desk.run(_installation)
        doubtful = list(self.desk.doubtful[channel])

        def work(tx: Tx) -> list[Delivery] | None:
            if not self._ours(tx):
                return None
            if doubtful:
                unsent = outbox.c.id.in_(doubtful), outbox.c.state == "sending"
                tx.sql(outbox.update().where(*unsent).values(state="queued"))
            return claim(tx, channel, limit, self._installation)

        claimed = await self.desk.run(work)
        if claimed is not None:
            del self.desk.doubtful[channel][: len(doubtful)]
        return claimed or []

    async def record(self, ends: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Keep what came of them; once another process sends, only what is there: the rest is on its way with the other."""

        def keep(tx: Tx) -> None:
            ours = self._ours(tx)
            record(tx, [(delivery, end) for delivery, end in ends if ours or isinstance(end, Sent)])

        await self.desk.run(keep)

    def hand_to(self, channel: str, take: Callable[[Sequence[Delivery]], None]) -> None:
        """Replies go from the desk to the sender, once something has been claimed."""

        def hand(handed: Sequence[Delivery]) -> None:
            take([replace(one, seed=_seed(self._installation, one.row)) for one in handed])

        self.desk.hand_to(channel, hand, lambda tx: self._lease.ours() and self._ours(tx))

    async def hand_no_more(self, channel: str) -> None:
        """Replies wait for a claim again."""
        await self.desk.hand_no_more(channel)

    async def wait(self, seconds: float) -> None:
        """Until there is news since the last claim, at most so long."""
        if self.desk.letters == self._letters:
            await self.desk.mail(seconds)

    def _ours(self, tx: Tx) -> bool:
        return held(tx, self._lease.name, self._lease.holder)
