"""Files that jobs still need, in pieces under their hash: kept while they arrive, a short transaction each, forgotten when nobody needs them.

Whatever somebody has written into one may be secret, a SNILS too: pieces are encrypted (R9.4).
"""

import asyncio
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from bot.domain.job import JobState
from bot.storage.desk import Desk
from bot.storage.schema import job, job_file
from bot.storage.tx import Tx

A_PIECE = 256 * 1024
"""Bytes of a transaction."""
UNUSED = timedelta(hours=1)
"""How long a file waits for its job."""
NEEDED = (JobState.GOING.value, JobState.READY.value)


async def keep(desk: Desk, content: bytes) -> str:
    """Keep a file; its hash. One that is here already is not kept twice."""
    hash = await _hash(content)
    for number, at in enumerate(range(0, len(content), A_PIECE)):
        piece = desk.keys.seal(content[at : at + A_PIECE])
        await desk.run(partial(_keep, hash=hash, number=number, content=piece))
    return hash


async def content_of(desk: Desk, hash: str) -> bytes:
    """The whole file; b"" if it is not here whole."""
    content = bytearray()
    number = 0
    while (piece := await desk.look(partial(_piece, hash=hash, number=number))) is not None:
        content += piece
        number += 1
    return bytes(content) if await _hash(content) == hash else b""


def is_kept(tx: Tx, hash: str) -> bool:
    """Whether there is anything of it; whether it is whole is seen when it is read."""
    return tx.value(select(job_file.c.number).where(job_file.c.hash == hash).limit(1)) is not None


def any_unneeded(tx: Tx) -> bool:
    """Whether there is a file to forget."""
    return tx.row(select(job_file.c.hash).where(_unneeded(tx, "")).limit(1)) is not None


def forget_unneeded(tx: Tx, hash: str = "") -> None:
    """Remove a file, or all, that no job needs (any more); one that has just come may still get its job."""
    tx.sql(job_file.delete().where(_unneeded(tx, hash)))


def _unneeded(tx: Tx, hash: str) -> ColumnElement[bool]:
    needed = exists().where(job.c.hash == job_file.c.hash, job.c.state.in_(NEEDED))
    these = job_file.c.hash == hash if hash else job_file.c.at < tx.now - UNUSED
    return and_(these, ~needed)


def _keep(tx: Tx, **piece: Any) -> None:
    tx.insert_new(job_file, [{**piece, "at": tx.now}], "hash")


def _piece(tx: Tx, hash: str, number: int) -> bytes | None:
    its = job_file.c.hash == hash, job_file.c.number == number
    content: bytes | None = tx.value(select(job_file.c.content).where(*its))
    return None if content is None else tx.keys.unseal(content)


async def _hash(content: bytes | bytearray) -> str:
    """In a thread: of much it takes a tenth of a second, in which no chat need wait."""
    return (await asyncio.to_thread(sha256, content)).hexdigest()
