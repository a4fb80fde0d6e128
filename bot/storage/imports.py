"""The import of a registry: repeatable, in small transactions that stall no chat, with nothing deleted ever.

Lines are known again by their ids, else by their names. A program or group that stands in the file no more is archived
unless all missing ones are to stay, and active again when it returns; running enrollments keep their price (R6.10) and live on (R6.13).
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, Table, select

from bot.domain.messages import Command, Query
from bot.domain.provider import GroupDropped, ImportReport
from bot.registry.line import Note, RowError
from bot.registry.parsing import parse
from bot.registry.parts import Part, Parts, parts
from bot.storage.desk import Desk
from bot.storage.import_chunk import enrolled, put
from bot.storage.import_home import Home, known_municipalities, settle
from bot.storage.schema import group, imported, module, municipality, program
from bot.storage.shelf import shelve
from bot.storage.stages import Did, Found, Pace, Place, Stage, go
from bot.storage.tx import Doer, Reader, Tx

READERS: dict[type[Query[Any]], Reader] = {}
DOERS: dict[type[Command], Doer] = {}

Progress = Callable[[int, int], None]
ONE_WRITER = Pace(chunk=0.02, rest=1.0)
"""Beside the service on SQLite: as long a rest as the service may have waited."""
PAGE = 1000
"""Groups or programs that are looked at in one transaction, whether the file still has them."""


@dataclass(frozen=True)
class Imported:
    """What was done; every line that was not taken, the parser's first; what was left out of lines that were."""

    report: ImportReport
    errors: tuple[RowError, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class TooManyMissing(Exception):
    """Nothing was done: so many of a municipality's active programs, in all, would be archived."""

    programs: int
    active: int


async def import_registry(
    desk: Desk,
    name: str,
    content: bytes,
    *,
    municipality: str = "",
    dry_run: bool = False,
    agreements: bool = False,
    keep_missing: bool = False,
    at_most: float = 1.0,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Bring the catalogue to what a file says, at once. `municipality`: a code, to take only its lines.

    A municipality that the file does not name is left alone. `dry_run` compares and writes nothing; `agreements` gives
    those providers one that have none; `keep_missing` archives nothing. TooManyMissing if a larger share than `at_most` of
    a municipality's active programs is missing.
    """
    known, home = await desk.look(lambda tx: (known_municipalities(tx), _named(tx, municipality)))
    file = await asyncio.to_thread(lambda: parts(parse(name, content, home[1]), known, home[0]))
    if not (keep_missing or dry_run or file.wrong):
        await desk.look(lambda tx: _check(tx, file, at_most))
    errors = file.errors.some(0, len(file.errors))
    how = {"dry": dry_run, "agreements": agreements, "keep": keep_missing}
    imports = RegistryImport(file, name, sha256(content).hexdigest(), **how)
    told: dict[tuple[int, int], Sequence[Found]] = {}

    def keep(_tx: Tx, place: Place, did: Did) -> None:
        told[place.stage, place.at] = did.found
        progress(place.done, file.lines)

    pace = ONE_WRITER if desk.engine.dialect.name == "sqlite" else Pace(chunk=0.5, rest=0.0)
    last = await go(desk, imports.stages(), imports.begin(), keep, lambda: pace)
    errors += [found for each in told.values() for found in each if isinstance(found, RowError)]
    return Imported(ImportReport(**last.report), tuple(errors), tuple(file.notes.some(0, len(file.notes))))


def _named(tx: Tx, code: str) -> tuple[int, str]:
    row = tx.row(select(municipality.c.id, municipality.c.name).where(municipality.c.code == code)) if code else None
    return (row.id, row.name) if row is not None else (0, "")


def _check(tx: Tx, file: Parts, at_most: float) -> None:
    """Raises TooManyMissing."""
    for part in file.parts:
        active = tx.rows(_active(program, part.municipality, 0).limit(None))
        lost = sum(not part.keys.have(*row[1:]) for row in active)
        if lost > at_most * len(active):
            raise TooManyMissing(lost, len(active))


class RegistryImport:
    """A file's way into the catalogue, stage by stage: its providers, its programs by the batch, what it has no more."""

    def __init__(
        self, file: Parts, name: str, hash: str, *, dry: bool, agreements: bool, keep: bool = False, shown: int = 0
    ) -> None:
        """`dry` compares and writes nothing; `keep` archives nothing; the first `shown` changes are told field by field."""
        self.file, self.name, self.hash = file, name, hash
        self.dry, self.agreements, self.keep, self.shown = dry, agreements, keep, shown
        self.homes: dict[int, Home] = {}
        """Who is at home, since this process knows it."""

    def begin(self) -> Place:
        """What the reader could not take counts already."""
        return Place(report={"errors": self.file.wrong}, memo={"unread": self.file.wrong, "keep": self.keep})

    def stages(self) -> list[Stage]:
        """Part by part; at last it is written down."""
        return [*(stage for part in self.file.parts for stage in self._of(part)), self._remember]

    def _of(self, part: Part) -> Iterator[Stage]:
        yield lambda tx, place, size: self._settle(tx, part)
        yield lambda tx, place, size: self._put(tx, part, place, size)
        yield lambda tx, place, size: self._archive(tx, part, group, place)
        yield lambda tx, place, size: self._archive(tx, part, program, place)

    def _settle(self, tx: Tx, part: Part) -> Did:
        home, errors = settle(tx, part, dry=self.dry, agreements=self.agreements)
        self.homes[part.municipality] = home
        memo = {f"unread:{home.id}": len(errors), f"renamed:{home.id}": sorted(home.renamed)}
        return Did(None, 0, {"errors": len(errors)}, errors, memo)

    def _put(self, tx: Tx, part: Part, place: Place, size: int) -> Did:
        home = self._home(tx, part, place)
        programs = part.programs.some(place.at, size)
        rows = [row for its in programs for row in its]
        shown = max(self.shown - place.memo.get("shown", 0), 0)
        outcome = put(tx, home, rows, dry=self.dry, shown=shown)
        at = place.at + size
        memo = {"shown": self.shown - shown + len(outcome.changes)} if outcome.changes else {}
        found: list[Found] = [*outcome.errors, *outcome.changes]
        return Did(at if at < len(part.programs) else None, len(rows), asdict(outcome.report), found, memo)

    def _home(self, tx: Tx, part: Part, place: Place) -> Home:
        """After a restart it is looked up again; who was renamed is remembered, for now they are called so already."""
        if part.municipality not in self.homes:
            home, _errors = settle(tx, part, dry=self.dry, agreements=False)
            renamed = frozenset(place.memo.get(f"renamed:{home.id}", ()))
            self.homes[part.municipality] = replace(home, renamed=renamed)
        return self.homes[part.municipality]

    def _archive(self, tx: Tx, part: Part, table: Table, place: Place) -> Did:
        """Those behind an id that the file has no more; while lines are unread theirs may be among them, and all are kept."""
        rows = tx.rows(_active(table, part.municipality, place.at))
        lost = [row.id for row in rows if not part.keys.have(*row[1:])]
        unread = place.memo["unread"] or place.memo[f"unread:{part.municipality}"]
        if lost and not (unread or self.keep or self.dry):
            _put_away(tx, table, lost)
        groups, programs = ("kept", "") if unread else ("spared", "") if self.keep else ("archived", "programs")
        counted = groups if table is group else programs
        return Did(rows[-1].id if len(rows) == PAGE else None, 0, {counted: len(lost)} if counted else {})

    def _remember(self, tx: Tx, place: Place, _size: int) -> Did:
        report = json.dumps(asdict(ImportReport(**place.report)))
        values = {"file": self.name, "hash": self.hash, "report": report, "at": tx.now}
        for part in self.file.parts if not self.dry else ():
            tx.insert(imported, municipality=part.municipality, **values)
        return Did(None)


def _active(table: Table, municipality: int, after: int) -> Select[Any]:
    """Ids, and the keys by which a file knows them; what a provider has entered itself (0039) stands in no file."""
    keys = [program.c.external_id]
    if table is group:
        keys += [module.c.external_id, group.c.external_id]
    statement = select(table.c.id, *keys).where(table.c.state == "active", table.c.own.is_(False), table.c.id > after)
    if table is group:
        statement = statement.join(module, module.c.id == group.c.module).join(
            program, program.c.id == module.c.program
        )
    return statement.where(program.c.municipality == municipality).order_by(table.c.id).limit(PAGE)


def _put_away(tx: Tx, table: Table, ids: list[int]) -> None:
    programs = ids
    if table is group:
        of = select(module.c.program).join(group, group.c.module == module.c.id).where(group.c.id.in_(ids)).distinct()
        programs = list(tx.sql(of).scalars())
        tx.tell(*(GroupDropped(row.child, row.id) for row in enrolled(tx, ids)))
    tx.sql(table.update().where(table.c.id.in_(ids)).values(state="archived"))
    shelve(tx, programs)
