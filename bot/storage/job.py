"""Jobs as the office sees and wishes them; what does them is `job_keeper.py`."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, func, select

from bot.domain.job import (
    AnotherImportGoes,
    ApplyImport,
    Finding,
    FindingKind,
    JobIsNot,
    JobKind,
    JobPhase,
    JobSeen,
    JobStarted,
    JobState,
    JobStopped,
    ListFindings,
    ListJobs,
    Missing,
    OneJob,
    OtherFile,
    PreviewIsOld,
    StartImport,
    StopJob,
    WouldArchive,
    seconds_left,
)
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.registry.gate import shown_name
from bot.storage.files import forget_unneeded, is_kept
from bot.storage.schema import imported, job, job_finding
from bot.storage.tx import Doer, Reader, Tx

FRESH = {"done": 0, "total": 0, "began_at": None}


def one(tx: Tx, query: OneJob, me: Actor) -> JobSeen | None:
    """See the query."""
    row = tx.row(select(job).where(job.c.id == query.job, _mine(me)))
    return _seen(tx, row, _found(tx, [row.id])) if row is not None else None


def listed(tx: Tx, query: ListJobs, me: Actor) -> tuple[JobSeen, ...]:
    """See the query."""
    rows = tx.rows(select(job).where(_mine(me)).order_by(job.c.id.desc()).offset(query.skip).limit(query.most))
    found = _found(tx, [row.id for row in rows])
    return tuple(_seen(tx, row, found) for row in rows)


def findings(tx: Tx, query: ListFindings, me: Actor) -> tuple[Finding, ...]:
    """See the query."""
    table = job_finding
    wanted = table.c.job == query.job, table.c.kind == query.kind.value, table.c.id > query.after, _mine(me)
    rows = tx.rows(
        select(table).join(job, job.c.id == table.c.job).where(*wanted).order_by(table.c.id).limit(query.most)
    )
    return tuple(Finding(row.id, row.row, row.column, row.reason, row.value, row.becomes) for row in rows)


def start(tx: Tx, command: StartImport, me: Actor) -> Fact:
    """The preview begins."""
    if me.role != "operator":
        return NotYours()
    if not is_kept(tx, command.hash):
        return OtherFile()
    values = {"kind": command.kind.value, "phase": JobPhase.PREVIEW.value, "state": JobState.GOING.value}
    values |= {"file": shown_name(command.file), "hash": command.hash, "by": me.name}
    began = {"agreements": command.agreements, "created_at": tx.now, "changed_at": tx.now}
    return JobStarted(tx.insert(job, municipality=me.municipality, **values, **began))


def apply(tx: Tx, command: ApplyImport, me: Actor) -> Fact:
    """What the preview has found is found again, row by row, as it is done."""
    row = _locked(tx, command.job, me)
    if row is None:
        return NotYours()
    if row.state != JobState.READY:
        return JobIsNot(JobState(row.state))
    if row.hash != command.hash or not is_kept(tx, row.hash):
        return OtherFile()
    report = json.loads(row.place).get("report", {})
    programs, groups = report.get("programs", 0), report.get("archived", 0)
    if command.missing is None and (programs or groups):
        return WouldArchive(programs, groups)
    if command.missing is Missing.ARCHIVE and _imported_since(tx, row):
        return PreviewIsOld()
    busy = tx.value(
        select(job.c.id).where(
            job.c.municipality == row.municipality,
            job.c.kind == row.kind,
            job.c.phase == JobPhase.APPLY.value,
            job.c.state == JobState.GOING.value,
        )
    )
    if busy is not None:
        return AnotherImportGoes(busy)
    tx.sql(job_finding.delete().where(job_finding.c.job == row.id))
    decided = {"memo": {"keep": command.missing is not Missing.ARCHIVE}}
    values = {"phase": JobPhase.APPLY.value, "state": JobState.GOING.value, "previewed": json.dumps(report)}
    change(tx, row.id, **values, place=json.dumps(decided), **FRESH)
    return JobStarted(row.id)


def stop(tx: Tx, command: StopJob, me: Actor) -> Fact:
    """Whoever is at it sees it in its next transaction."""
    row = _locked(tx, command.job, me)
    if row is None:
        return NotYours()
    if row.state not in (JobState.GOING, JobState.READY):
        return JobIsNot(JobState(row.state))
    end(tx, row.id, row.hash, JobState.STOPPED)
    return JobStopped(row.id)


def end(tx: Tx, number: int, hash: str, state: JobState) -> None:
    """It goes on no more, and its file is needed no more, unless it waits for a decision."""
    change(tx, number, state=state.value)
    if state is not JobState.READY:
        forget_unneeded(tx, hash)


def change(tx: Tx, number: int, **values: Any) -> None:
    """Write some columns of a job."""
    tx.sql(job.update().where(job.c.id == number).values(changed_at=tx.now, **values))


def _mine(me: Actor) -> ColumnElement[bool]:
    return job.c.municipality == (me.municipality if me.role == "operator" else 0)


def _imported_since(tx: Tx, row: Row[Any]) -> bool:
    """Whether another file has come into the municipality since the preview began."""
    later = imported.c.municipality == row.municipality, imported.c.at > row.began_at
    return tx.value(select(imported.c.id).where(*later).limit(1)) is not None


def _locked(tx: Tx, number: int, me: Actor) -> Row[Any] | None:
    return tx.row(select(job).where(job.c.id == number, _mine(me)).with_for_update())


def _found(tx: Tx, numbers: Collection[int]) -> Counter[tuple[int, str]]:
    """How many findings of a kind these jobs have."""
    which = job_finding.c.job, job_finding.c.kind
    counted = select(*which, func.count().label("number")).where(which[0].in_(numbers)).group_by(*which)
    return Counter({(row.job, row.kind): row.number for row in tx.rows(counted)})


def _seen(tx: Tx, row: Row[Any], found: Counter[tuple[int, str]]) -> JobSeen:
    passed = (tx.now - row.began_at).total_seconds() if row.began_at is not None else 0.0
    left = seconds_left(passed, row.done - row.began_with, row.total - row.began_with)
    zone = ZoneInfo(tx.zone(row.municipality))
    return JobSeen(
        row.id,
        JobKind(row.kind),
        JobPhase(row.phase),
        JobState(row.state),
        row.file,
        row.hash,
        row.by,
        row.done,
        row.total,
        left if row.state == JobState.GOING else None,
        _pairs(json.loads(row.place).get("report", {})),
        _pairs(json.loads(row.previewed)),
        found[row.id, FindingKind.ERROR.value],
        found[row.id, FindingKind.CHANGE.value],
        row.agreements,
        row.created_at.astimezone(zone),
        row.changed_at.astimezone(zone),
    )


def _pairs(report: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(report.items())


READERS: dict[type[Query[Any]], Reader] = {OneJob: one, ListJobs: listed, ListFindings: findings}
DOERS: dict[type[Command], Doer] = {StartImport: start, ApplyImport: apply, StopJob: stop}
