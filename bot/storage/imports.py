"""The import of a registry: repeatable, in small transactions that stall no chat, with nothing deleted ever.

Lines are known again by their ids, else by their names. A program or group that stands in the file no more is archived,
and active again when it returns; running enrollments keep their price (R6.10) and live on (R6.13).
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Table, select

from bot.domain.messages import Command, Query
from bot.domain.provider import GroupDropped, ImportReport
from bot.registry.line import Note, RowError
from bot.registry.parsing import parse
from bot.registry.rows import Row
from bot.storage.desk import Desk, Doer, Reader, Tx
from bot.storage.import_chunk import Outcome, enrolled, put
from bot.storage.import_home import Home, homes, settle
from bot.storage.schema import group, imported, module, program
from bot.storage.shelf import shelve

READERS: dict[type[Query[Any]], Reader] = {}
DOERS: dict[type[Command], Doer] = {}

Progress = Callable[[int, int], None]
A_CHUNK = 0.02
"""Seconds of one transaction on SQLite, which has one writer; and as long a pause after it."""
LEAST, MOST = 50, 1000
"""Programs of one transaction; fewer take no less time."""


@dataclass(frozen=True)
class Imported:
    """What was done; every line that was not taken, the parser's first; what was left out of lines that were."""

    report: ImportReport
    errors: tuple[RowError, ...]
    notes: tuple[Note, ...] = ()


async def import_registry(
    desk: Desk,
    name: str,
    content: bytes,
    *,
    municipality: str = "",
    dry_run: bool = False,
    agreements: bool = False,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Bring the catalogue to what a file says. `municipality`: a code, to take only its lines.

    A municipality that the file does not name is left alone. `dry_run` compares and writes nothing; `agreements` gives
    those providers one that have none.
    """
    reading = await asyncio.to_thread(parse, name, content)
    pace = Pace(desk.engine.dialect.name == "sqlite")
    found, errors = await desk.run(partial(homes, rows=reading.rows, only=municipality))
    report, done, total = ImportReport(errors=len(reading.errors) + len(errors)), 0, len(reading.rows)
    for home in found:
        refused = await desk.run(partial(settle, home=home, dry=dry_run, agreements=agreements))
        errors += refused
        report += ImportReport(errors=len(refused))
        unread = bool(reading.errors or errors)
        seen = Outcome()
        for rows in pace.chunks(home.rows):
            outcome = await pace.run(desk, partial(put, home=home, rows=rows, dry=dry_run))
            report += outcome.report
            errors += outcome.errors
            seen.groups |= outcome.groups
            seen.programs |= outcome.programs
            done += len(rows)
            progress(done, total)
        missing = await _archive(desk, pace, home, seen, write=not (dry_run or unread))
        report += ImportReport(kept=missing) if unread else ImportReport(archived=missing)
    everything = (*reading.errors, *errors)
    if not dry_run:
        await desk.run(partial(_remember, homes=found, file=name, hash=sha256(content).hexdigest(), report=report))
    return Imported(report, everything, reading.notes)


class Pace:
    """Chunks that take A_CHUNK each on SQLite, whatever the machine; as large as can be elsewhere, without pauses."""

    def __init__(self, patient: bool) -> None:
        self.patient, self.size = patient, LEAST if patient else MOST

    def chunks(self, rows: list[Row]) -> Iterator[list[Row]]:
        """Rows of `size` programs at a time; those of one program stay together."""
        by_program: dict[str, list[Row]] = {}
        for row in rows:
            by_program.setdefault(row.program.key, []).append(row)
        waiting = list(by_program.values())
        at = 0
        while at < len(waiting):
            taken = waiting[at : at + self.size]
            at += len(taken)
            yield [row for its in taken for row in its]

    async def run(self, desk: Desk, work: Callable[[Tx], Any]) -> Any:
        """One transaction, and the pause after it."""
        clock = asyncio.get_running_loop().time
        began = clock()
        answer = await desk.run(work)
        took = clock() - began
        if self.patient:
            self.size = min(MOST, max(LEAST, int(self.size * A_CHUNK / max(took, A_CHUNK / 2))))
            await asyncio.sleep(min(took, A_CHUNK))  # as long as another writer may have waited
        return answer


async def _archive(desk: Desk, pace: Pace, home: Home, seen: Outcome, write: bool) -> int:
    """Archive what the file has no more, some ids at a time; how many groups there are."""
    missing = 0
    for table, kept in ((group, seen.groups), (program, seen.programs)):
        last = 0
        while True:
            ids: list[int] = await desk.run(partial(_active, table=table, municipality=home.id, after=last))
            if not ids:
                break
            last, lost = ids[-1], [number for number in ids if number not in kept]
            missing += len(lost) if table is group else 0
            if lost and write:
                await pace.run(desk, partial(_put_away, table=table, ids=lost))
    return missing


def _active(tx: Tx, table: Table, municipality: int, after: int) -> list[int]:
    """Of a registry's: what a provider has entered itself (0039) stands in no file."""
    statement = select(table.c.id).where(table.c.state == "active", table.c.own.is_(False), table.c.id > after)
    if table is group:
        statement = statement.join(module, module.c.id == group.c.module).join(
            program, program.c.id == module.c.program
        )
    return list(
        tx.sql(statement.where(program.c.municipality == municipality).order_by(table.c.id).limit(MOST)).scalars()
    )


def _put_away(tx: Tx, table: Table, ids: list[int]) -> None:
    programs = ids
    if table is group:
        of = select(module.c.program).join(group, group.c.module == module.c.id).where(group.c.id.in_(ids)).distinct()
        programs = list(tx.sql(of).scalars())
        tx.tell(*(GroupDropped(row.child, row.id) for row in enrolled(tx, ids)))
    tx.sql(table.update().where(table.c.id.in_(ids)).values(state="archived"))
    shelve(tx, programs)


def _remember(tx: Tx, homes: list[Home], file: str, hash: str, report: ImportReport) -> None:
    for home in homes:
        tx.insert(imported, municipality=home.id, file=file, hash=hash, report=json.dumps(asdict(report)), at=tx.now)
