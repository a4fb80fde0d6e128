"""A copy of an SQLite database while it is at work, and what must be set right after a restore on either database.

PostgreSQL is copied by its own tools (docs/scale.md).
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, make_url, select, text

from bot.storage.schema import lease, outbox, setting, web_message
from bot.storage.tx import Tx

JUMP = 1_000_000
"""More messages than were ever sent in the web between a backup and its restore."""


class NoDatabase(Exception):
    """The file holds no whole database of ours."""


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for a server's, or one in memory."""
    where = make_url(url)
    return Path(where.database) if where.get_backend_name() == "sqlite" and where.database else None


def copy(source: Path, target: Path) -> None:
    """The database as it stands at one moment, beside whatever is being written; whole or not at all, readable by its owner only.

    Raises NoDatabase if the copy is not in order, FileExistsError where there is something already.
    """
    if target.exists():
        raise FileExistsError(target)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        put(source, part)
        with closing(sqlite3.connect(part)) as made:
            made.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        check(part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def put(source: Path, target: Path) -> None:
    """The contents of one database into another, in one transaction: a crash in the middle leaves the target as it was."""
    try:
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)
    except sqlite3.DatabaseError as trouble:
        raise NoDatabase(source) from trouble


def check(file: Path) -> None:
    """Raises NoDatabase unless the file is a whole SQLite database with our tables."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as found:
            sound = found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = found.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone() == (1,)
    except sqlite3.DatabaseError as trouble:
        raise NoDatabase(file) from trouble
    if not (sound and ours):
        raise NoDatabase(file)


def begin_anew(tx: Tx) -> int:
    """After a restore; how many notices will be sent, maybe once more.

    What was under way when the copy was made has arrived long since, or its moment has passed: an answer belongs to a screen of then and is not
    sent again. A notice is: better twice than never, it carries its date and number. Row numbers will be given a second time, so VK, which drops
    what has a number that it knows, must see another installation; and pages that wait in the web for what comes after the last message that
    they have seen must not wait for ever.
    """
    living = outbox.c.state.in_(("queued", "sending"))
    tx.sql(outbox.update().where(living, outbox.c.kind == "reply").values(state="failed", trouble="restored"))
    tx.sql(outbox.update().where(outbox.c.state == "sending").values(state="queued"))
    tx.upsert(setting, [{"name": "installation", "value": tx.token(8)}], "name")
    tx.sql(lease.delete())
    if tx.connection.dialect.name == "sqlite":
        tx.sql(text("UPDATE sqlite_sequence SET seq = seq + :jump WHERE name = 'web_message'").bindparams(jump=JUMP))
    else:
        last = func.coalesce(func.max(web_message.c.id), 0) + JUMP
        tx.sql(select(func.setval(func.pg_get_serial_sequence("web_message", "id"), last)).select_from(web_message))
    return int(tx.value(select(func.count()).select_from(outbox).where(outbox.c.state == "queued")))
