"""Work on many rows, a chunk at a time: what is done stands in `run`, so that whoever comes next takes up where the last one stopped.

Whom it concerns is found once, beside whatever is being written; the chunks of the list go through the writer, each as long as a chat may wait.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select

from bot.storage.schema import run
from bot.storage.tx import Tx

Ids = Sequence[int]
Clock = Callable[[], float]
CHUNK = 0.025
"""Seconds that a chunk may take: what a chat that comes in the middle of it waits for."""
MOST = 4000


@dataclass(frozen=True)
class Work:
    """Whom it concerns behind an id, and what it does to a chunk of them: `does` looks again, and may leave the last ones (`runs.Run`).

    `once`: it is remembered as done even if it had nobody to concern, since each minute would look for them again.
    """

    name: str
    day: date
    key: str
    concerned: Callable[[Tx, int], Ids]
    does: Callable[[Tx, Ids], int | None]
    chunk: int
    least: int = 1
    once: bool = False


@dataclass(frozen=True)
class Did:
    """A chunk: how many ids, and the seconds that it took."""

    count: int
    seconds: float


def next_size(size: int, seconds: float, least: int) -> int:
    """How many the next chunk takes, after one of `size` took so long: no more than twice as many, however fast that was; and not less than
    `least`, once there were as many."""
    return min(max(int(size * CHUNK / max(seconds, CHUNK / 2)), min(least, 2 * size)), MOST)


def found(tx: Tx, work: Work) -> tuple[int, Ids] | None:
    """How far the work has come, and all that it still concerns; None where it is done, or never had anything to do."""
    tx.living = work.day
    row = _known(tx, work)
    if row is not None and row.state == "done":
        return None
    after = int(row.progress or 0) if row is not None else 0
    ids = work.concerned(tx, after)
    nothing = row is None and not ids and not work.once
    return None if nothing else (after, ids)


def do_chunk(tx: Tx, work: Work, after: int, ids: Ids, clock: Clock) -> Did | None:
    """The next ids in this transaction; None when it is done, or was begun anew and its place in the list is another."""
    began = clock()
    tx.living = work.day
    row = _known(tx, work) or _begun(tx, work)
    if row.state == "done" or int(row.progress or 0) != after:
        return None
    its_own = run.update().where(run.c.key == work.key)
    if not ids:
        tx.sql(its_own.values(state="done", done_at=tx.now))
        return None
    count = work.does(tx, ids) or len(ids)
    tx.sql(its_own.values(progress=str(ids[count - 1])))
    return Did(count, clock() - began)


_KNOWN = select(run.c.state, run.c.progress).where(run.c.key == bindparam("its_key"))


def _known(tx: Tx, work: Work) -> Row[Any] | None:
    return tx.sql(_KNOWN, {"its_key": work.key}).first()


def _begun(tx: Tx, work: Work) -> Row[Any]:
    new = run.insert().values(key=work.key, state="going", progress="", started_at=tx.now)
    return tx.sql(new.returning(run.c.state, run.c.progress)).one()
