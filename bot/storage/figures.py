"""What the database says of itself to whoever runs it: the outbox, the money in all, what was set aside, how large it is. Nothing personal."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, case, func, or_, select, text, union_all

from bot.storage.outbox import NOWHERE, PUSH, REPLY
from bot.storage.schema import FAILED, QUEUED, SENDING, account, chat, lease, outbox, run, set_aside
from bot.storage.tx import Tx


@dataclass(frozen=True)
class Queue:
    """Messages that wait in one channel; `nowhere` where a reader has no live channel."""

    channel: str
    rows: int
    due: int
    oldest: float
    """Seconds since the oldest of those that are due could have gone; one that was tried in vain has waited since it was written."""


def replies(tx: Tx) -> list[Queue]:
    """Answers on their way, by channel. They are few: quick, however many pushes wait."""
    return _waiting(tx, REPLY)


def pushes(tx: Tx) -> list[Queue]:
    """Notices on their way, by channel; up to a second for 300 000, while each looks for its reader's channel."""
    return _waiting(tx, PUSH)


def _waiting(tx: Tx, priority: int) -> list[Queue]:
    place = func.coalesce(outbox.c.channel, _preferred(), NOWHERE).label("channel")
    begun = case((or_(outbox.c.priority == REPLY, outbox.c.tries > 0), outbox.c.created_at), else_=outbox.c.not_before)
    one = select(outbox.c.not_before, outbox.c.tries, begun.label("begun"), place).where(outbox.c.priority == priority)
    each = union_all(one.where(QUEUED), one.where(SENDING)).subquery()
    due = each.c.not_before <= tx.now
    since = case((or_(each.c.tries > 0, due), each.c.begun))
    found = select(
        each.c.channel,
        func.count().label("rows"),
        func.count(case((due, 1))).label("due"),
        func.min(since).label("since"),
    ).group_by(each.c.channel)
    return [
        Queue(row.channel, row.rows, row.due, (tx.now - row.since).total_seconds() if row.since else 0.0)
        for row in tx.rows(found)
    ]


def _preferred() -> ScalarSelect[str]:
    """The channel that a notice without one goes to: of its reader's preferred live chat that was not tried."""
    return (
        select(chat.c.channel)
        .where(
            chat.c.person == outbox.c.person,
            chat.c.dead_at.is_(None),
            chat.c.cut_at.is_(None),
            ~outbox.c.tried_channels.contains(chat.c.channel),
        )
        .order_by(chat.c.preferred.desc(), chat.c.linked_at.desc(), chat.c.id.desc())
        .limit(1)
        .correlate(outbox)
        .scalar_subquery()
    )


def money(tx: Tx) -> dict[str, int]:
    """Kind of account → kopecks on all of them; together they make 0."""
    rows = tx.rows(select(account.c.kind, func.sum(account.c.balance).label("kopecks")).group_by(account.c.kind))
    return {row.kind: int(row.kopecks) for row in rows}


def troubles(tx: Tx) -> dict[str, int]:
    """Why updates were set aside, each with how many."""
    return _counted(tx, select(set_aside.c.why, func.count().label("number")).group_by(set_aside.c.why))


def failures(tx: Tx) -> dict[str, int]:
    """Why messages were given up, each with how many."""
    return _counted(
        tx, select(outbox.c.trouble.label("why"), func.count().label("number")).where(FAILED).group_by(outbox.c.trouble)
    )


def _counted(tx: Tx, query: Select[tuple[str, int]]) -> dict[str, int]:
    return {row.why or "": row.number for row in tx.rows(query)}


def leases(tx: Tx) -> dict[str, datetime]:
    """Who works alone: the work's name → until when, unless the lease is renewed."""
    taken = select(lease.c.name, lease.c.until).where(lease.c.holder != "").order_by(lease.c.name)
    return {row.name: row.until for row in tx.rows(taken)}


def going(tx: Tx) -> dict[str, datetime]:
    """Runs that have begun and not ended → since when."""
    begun = select(run.c.key, run.c.started_at).where(run.c.state == "going").order_by(run.c.key)
    return {row.key: row.started_at for row in tx.rows(begun)}


def size(tx: Tx) -> int:
    """Bytes of the database."""
    if tx.connection.dialect.name == "postgresql":
        return int(tx.value(text("select pg_database_size(current_database())")))
    return int(tx.value(text("pragma page_count"))) * int(tx.value(text("pragma page_size")))
