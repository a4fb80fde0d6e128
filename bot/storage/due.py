"""What is due in a channel: found by an index of what waits, given its words at this moment, and marked as being sent."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Row, bindparam, exists, select, update

from bot.dialogs.codec import decode
from bot.dialogs.core import Button, Screen
from bot.dialogs.message import Message, written
from bot.domain.messages import AboutChild, Fact
from bot.i18n import _
from bot.notifications.delivery import Delivery
from bot.notifications.notice import Topic
from bot.notifications.notices import NOTICES
from bot.storage.about import names_behind
from bot.storage.outbox import NOWHERE, PUSH, REPLY, UNSENT, allowed_from
from bot.storage.schema import QUEUED, chat, muted_topic, outbox, person, setting
from bot.storage.tx import Tx

log = structlog.get_logger()
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
_CHATS = select(
    chat.c.id, chat.c.person, chat.c.channel, chat.c.address, person.c.language, person.c.municipality
).join(person)
THEIR_CHATS = _CHATS.where(chat.c.person.in_(bindparam("people", expanding=True)), chat.c.dead_at.is_(None)).order_by(
    chat.c.preferred.desc(), chat.c.linked_at.desc(), chat.c.id.desc()
)
THOSE_CHATS = _CHATS.where(chat.c.id.in_(bindparam("chats", expanding=True)), chat.c.dead_at.is_(None))
WAIT = update(outbox).where(outbox.c.id == bindparam("row")).values(not_before=bindparam("until"))
ROUTE = update(outbox).where(outbox.c.id == bindparam("row")).values(channel=bindparam("to"))
TAKE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state="sending", chat=bindparam("place"), words=bindparam("said"))
)


def claim(tx: Tx, channel: str, limit: int, installation: str = "") -> list[Delivery]:
    """Due messages for a channel, marked as being sent: replies first, then notices as they fell due.

    A notice's channel is its reader's preferred live one at this moment. One that was found earlier is looked at again; so are the quiet
    hours (R8.2), which have come if the messenger was out of reach for long.
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
        message, push = messages[row.id], row.kind != "reply"
        number = seed(installation, row.id)
        deliveries.append(Delivery(row.id, row.key, channel, place.address, message, row.edits or "", push, number))
        said = tx.keys.encrypt(message.text) if push else None  # a reply's row holds its words
        marked.append({"row": row.id, "place": place.id, "said": said})
    if marked:
        tx.sql(TAKE, marked)
    _give_up(tx, failed)
    tx.claimed += deliveries
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
    """Those of due rows that go to this channel, each with its chat; the others are told where they go, or until when they wait."""
    if not rows:
        return []
    chats: dict[int, Row[Any]] = {}
    theirs: dict[int, list[Row[Any]]] = defaultdict(list)
    if replies := {row.chat for row in rows if row.kind == "reply"}:
        chats = {place.id: place for place in tx.sql(THOSE_CHATS, {"chats": replies})}
    if people := {row.person for row in rows if row.kind != "reply"}:
        for place in tx.sql(THEIR_CHATS.where(chat.c.cut_at.is_(None)), {"people": people}):
            theirs[place.person].append(place)
    mine, routes, dead, quiet = [], [], [], []
    towns = {place.municipality for found in theirs.values() for place in found}
    begins = {town: allowed_from(tx, town) for town in towns}
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
        if found and row.kind != "reply" and begins[found.municipality] > tx.now:
            quiet.append({"row": row.id, "until": begins[found.municipality]})
        elif found and to == channel:
            mine.append((row, found))
        if to != row.channel:
            routes.append({"row": row.id, "to": to})
    _give_up(tx, dead)
    if quiet:
        tx.sql(WAIT, quiet)
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
                said[row.id] = decode(Message, tx.keys.decrypt(row.content), tx.keys)
            else:
                facts.append((row, place, decode(Fact, row.content, tx.keys)))
        except Exception as trouble:  # one row's defect is its own
            bug(row, trouble)
    names = names_behind(tx, [fact for _row, _place, fact in facts])
    for (row, place, fact), about in zip(facts, names, strict=True):
        notice = NOTICES.get(type(fact))
        if notice and notice.topic is not Topic.ALWAYS and (row.person, notice.topic.value) in muted:
            failed.append((row, "muted"))
        elif about.called_back:
            failed.append((row, "stopped"))
        elif isinstance(fact, AboutChild) and channel in tx.impersonal:
            _queue_in_full(tx, row, channel)
            said[row.id] = written(elsewhere(tx, channel), place.language)
        else:
            try:
                said[row.id] = written(NOTICES[type(fact)].says(fact, about), place.language)
            except Exception as trouble:  # likewise
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


def seed(installation: str, row: int) -> int:
    """31 bits, never 0."""
    return int.from_bytes(hashlib.sha256(f"{installation}:{row}".encode()).digest()[:4]) & 0x7FFFFFFF or 1
