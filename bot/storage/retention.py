"""What is forgotten in time (R9.4): sent words, the web's transcript, keys of updates, what was set aside, cut chats, conversations at rest,
what was found in files.

Once a day every table is walked along its key, a chunk at a time, so that no chat waits; the place in it stands in `run`, so that whoever comes
next takes up where the last one stopped.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, and_, cast, func, literal, or_, select, true

from bot.domain.job import JobState
from bot.domain.policy import Policy
from bot.storage.desk import Desk
from bot.storage.outbox import NOWHERE
from bot.storage.schema import (
    chat,
    conversation,
    job,
    job_finding,
    municipality,
    outbox,
    person,
    run,
    seen_update,
    set_aside,
    web_message,
)
from bot.storage.tx import Tx

CHUNK = 2000
"""Rows that a transaction looks at: some milliseconds."""
Inside = ColumnElement[bool]
"""The rows of a chunk."""


@dataclass(frozen=True)
class Limits:
    """What came before is forgotten; sent words belong to nobody's municipality, so the shortest of all retentions counts."""

    words: datetime
    talks: Mapping[int, datetime]
    """By municipality; under 0 the latest of them."""


@dataclass(frozen=True)
class Walk:
    """A table's key, and what goes of a chunk; where keys grow with time, when a row `came`: behind a young one all are young."""

    key: Column[Any]
    goes: Callable[[Tx, Inside, Limits], object]
    came: Column[datetime] | None = None


def limits(tx: Tx) -> Limits:
    """By the policies of today."""
    policies = {place: tx.policy(place) for place in tx.sql(select(municipality.c.id)).scalars().all()} or {0: Policy()}
    words = tx.now - timedelta(days=min(each.retention_days for each in policies.values()))
    talks = {place: tx.now - timedelta(days=each.conversation_days) for place, each in policies.items()}
    return Limits(words, {**talks, 0: max(talks.values())})


def _words(tx: Tx, inside: Inside, before: Limits) -> None:
    """Messages that have come to their end, and notices whose readers have had no living chat all the time; what else waits stays."""
    over = or_(outbox.c.state.in_(("sent", "failed")), outbox.c.channel == NOWHERE)
    tx.sql(outbox.delete().where(inside, over, outbox.c.created_at < before.words))


def _transcript(tx: Tx, inside: Inside, before: Limits) -> None:
    old = and_(inside, web_message.c.at < before.words)
    tx.sql(
        web_message.update()
        .where(web_message.c.replaces.in_(select(web_message.c.id).where(old)))
        .values(replaces=None)
    )
    tx.sql(web_message.delete().where(old))


def _updates(tx: Tx, inside: Inside, before: Limits) -> None:
    tx.sql(seen_update.delete().where(inside, seen_update.c.at < before.words))


def _aside(tx: Tx, inside: Inside, before: Limits) -> None:
    tx.sql(set_aside.delete().where(inside, set_aside.c.at < before.words))


def _chats(tx: Tx, inside: Inside, before: Limits) -> None:
    """A cut chat leaves no address."""
    cut = and_(inside, chat.c.cut_at < before.words, ~chat.c.address.startswith("cut:"))
    tx.sql(conversation.delete().where(conversation.c.chat.in_(select(chat.c.id).where(cut))))
    tx.sql(chat.update().where(cut).values(address="cut:" + cast(chat.c.id, Text)))


def _talks(tx: Tx, inside: Inside, before: Limits) -> None:
    """Where nobody has been for long, the place and what was entered are forgotten, by the policy of the person's municipality.

    The number of the turn stays: buttons of pushes go on to open their door, those of older screens are still known to be old.
    """
    talk = conversation.c
    resting = tx.rows(
        select(talk.chat, talk.changed_at, person.c.municipality)
        .join(chat, chat.c.id == talk.chat)
        .join(person, person.c.id == chat.c.person)
        .where(inside, talk.talk != "", talk.changed_at < before.talks[0])
    )
    left = [row.chat for row in resting if row.changed_at < before.talks[row.municipality or 0]]
    if left:
        tx.sql(conversation.update().where(talk.chat.in_(left)).values(talk=""))


def _jobs(tx: Tx, inside: Inside, before: Limits) -> None:
    """What was found in a file may name children; a preview that nobody has applied waits no more, and lets its file go."""
    old = and_(inside, job.c.created_at < before.words)
    tx.sql(job_finding.delete().where(job_finding.c.job.in_(select(job.c.id).where(old))))
    tx.sql(job.update().where(old, job.c.state == JobState.READY.value).values(state=JobState.STOPPED.value))


WALKS = {
    "outbox": Walk(outbox.c.id, _words, outbox.c.created_at),
    "web_message": Walk(web_message.c.id, _transcript, web_message.c.at),
    "set_aside": Walk(set_aside.c.id, _aside, set_aside.c.at),
    "seen_update": Walk(seen_update.c.key, _updates),
    "chat": Walk(chat.c.id, _chats),
    "conversation": Walk(conversation.c.chat, _talks),
    "job": Walk(job.c.id, _jobs, job.c.created_at),
}


async def forget(desk: Desk, take_lease: Callable[[Tx], None]) -> None:
    """Walk through everything once a day; `take_lease` begins each transaction. Between chunks the chats have as much time as one took."""
    names, before = await desk.look(lambda tx: (_left_today(tx), limits(tx)))
    clock = asyncio.get_running_loop().time
    for name in names:
        while True:
            began = clock()
            if not await desk.run(partial(_step, name=name, before=before, take_lease=take_lease)):
                break
            await asyncio.sleep(clock() - began)


def _left_today(tx: Tx) -> list[str]:
    """Tables that have not been walked to their end today."""
    done = select(run.c.key, run.c.started_at).where(run.c.key.startswith("forget:"), run.c.state == "done")
    today = {row.key for row in tx.rows(done) if row.started_at.date() == tx.now.date()}
    return [name for name in WALKS if f"forget:{name}" not in today]


def _step(tx: Tx, name: str, before: Limits, take_lease: Callable[[Tx], None]) -> bool:
    """The next chunk of a table; False when it is walked to its end."""
    take_lease(tx)
    walk, here = WALKS[name], run.c.key == f"forget:{name}"
    going = select(run.c.progress).where(here, run.c.state == "going")
    last = tx.value(going)
    if last is None:
        fresh = {"key": f"forget:{name}", "state": "going", "progress": "", "started_at": tx.now, "done_at": None}
        tx.upsert(run, [fresh], "key")
    upto = _next(tx, walk, last or "", before)
    if upto is None:
        tx.sql(run.update().where(here).values(state="done", done_at=tx.now))
        return False
    walk.goes(tx, and_(_behind(walk, last or ""), walk.key <= upto), before)
    tx.sql(run.update().where(here).values(progress=str(upto)))
    return True


def _next(tx: Tx, walk: Walk, last: str, before: Limits) -> Any:
    """The last key of the next chunk; None where there is nothing more, or all are young."""
    came = walk.came if walk.came is not None else literal(None)
    chunk = (
        select(walk.key.label("key"), came.label("came"))
        .where(_behind(walk, last))
        .order_by(walk.key)
        .limit(CHUNK)
        .subquery()
    )
    row = tx.sql(select(func.max(chunk.c.key).label("upto"), func.min(chunk.c.came).label("oldest"))).one()
    return None if walk.came is not None and row.oldest is not None and row.oldest >= before.words else row.upto


def _behind(walk: Walk, last: str) -> Inside:
    return walk.key > walk.key.type.python_type(last) if last else true()
