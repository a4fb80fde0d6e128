"""An import in the background: previewed, applied exactly so, stopped, taken up in the middle by whoever is there; hostile files change nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import select

from bot.domain.job import (
    AnotherImportGoes,
    ApplyImport,
    FindingKind,
    JobIsNot,
    JobKind,
    JobPhase,
    JobSeen,
    JobStarted,
    JobState,
    ListFindings,
    ListJobs,
    Missing,
    OneJob,
    OtherFile,
    PreviewIsOld,
    StartImport,
    StopJob,
    seconds_left,
)
from bot.domain.messages import NotYours, operator
from bot.registry import reasons
from bot.registry.certificate_template import BLANK
from bot.registry.parts import File
from bot.registry.reader import READERS, Wish
from bot.registry.template import workbook
from bot.storage import job_keeper, schema
from bot.storage.apart import read_apart
from bot.storage.files import content_of, keep
from bot.storage.job_keeper import BESIDE_CHATS, BY_ITSELF, LEASE, Jobs
from bot.storage.leases import give, new_holder, take
from bot.storage.retention import forget
from bot.storage.stages import Pace
from tests.storage.registries import another_town, line, rows
from tests.storage.town import Town, on_sqlite

TABLES = (schema.provider, schema.program, schema.module, schema.group, schema.lesson, schema.district)


on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
files: dict[Wish, File] = {}


async def read_here(wish: Wish) -> File:
    """As the process would, in this one; once for each file."""
    key = replace(wish, known=tuple(wish.known.items()))  # type: ignore[arg-type]
    if key not in files:
        files[key] = READERS[wish.kind](wish)
    return files[key]


def starts(town: Town, content: bytes, kind: JobKind = JobKind.REGISTRY, file: str = "registry.xlsx") -> int:
    hash = town.runner.run(keep(town.desk, content))
    fact = town.does(StartImport(kind, file, hash), town.operator)
    assert isinstance(fact, JobStarted)
    return fact.job


def works(town: Town, read: Callable[[Wish], Awaitable[File]] = read_here, holder: str = "") -> None:
    """One process has the lease and does what there is to do."""
    holder = holder or new_holder()
    assert town.run(lambda tx: take(tx, LEASE, holder))
    while town.runner.run(Jobs(town.desk, holder, read).work()):
        pass
    town.run(lambda tx: give(tx, LEASE, holder))


def seen(town: Town, number: int) -> JobSeen:
    found = town.asks(OneJob(number), town.operator)
    assert found is not None
    return found


def counted(town: Town, number: int) -> dict[str, int]:
    return {name: count for name, count in seen(town, number).report if count}


def applies(town: Town, number: int, missing: Missing | None = None) -> None:
    assert isinstance(town.does(ApplyImport(number, seen(town, number).hash, missing), town.operator), JobStarted)


def everything(town: Town) -> list[Any]:
    return [rows(town, table) for table in TABLES]


def file_is_kept(town: Town) -> bool:
    return town.run(lambda tx: tx.row(select(schema.job_file.c.hash))) is not None


@on_sqlite
def test_a_job_makes_way_for_whoever_talks_in_a_chat(town: Town) -> None:
    async def pace() -> Pace:
        return Jobs(town.desk, "").pace()

    assert town.runner.run(pace()) is BY_ITSELF
    town.desk.last_turn = town.runner.get_loop().time()
    assert town.runner.run(pace()) is BESIDE_CHATS


def test_a_file_is_previewed_and_then_applied_exactly_so(town: Town) -> None:
    first = starts(town, workbook([line(1), line(2)]))
    works(town)
    applies(town, first)
    works(town)
    assert (seen(town, first).state, counted(town, first)) == (JobState.DONE, {"added": 2})
    before = everything(town)
    number = starts(town, workbook([line(1, price="9 500"), line(3), line(4, seats="many")]))
    assert (seen(town, number).phase, seen(town, number).state) == (JobPhase.PREVIEW, JobState.GOING)
    works(town)
    found = seen(town, number)
    assert (found.state, found.done, found.total, found.errors, found.changes) == (JobState.READY, 2, 2, 1, 1)
    assert counted(town, number) == {"added": 1, "changed": 1, "kept": 1, "errors": 1}
    assert everything(town) == before
    [change] = town.asks(ListFindings(number, FindingKind.CHANGE), town.operator)
    assert (change.row, change.column, change.reason) == (2, "Цена модуля, руб.", "Club 1, Group 1")
    assert (change.value, change.becomes) == ("9000,00", "9500,00")
    [error] = town.asks(ListFindings(number, FindingKind.ERROR), town.operator)
    assert (error.row, error.column, error.reason, error.value) == (4, "Мест в группе", reasons.NOT_A_NUMBER, "many")
    applies(town, number)
    works(town)
    done = seen(town, number)
    assert (done.state, done.report, done.previewed) == (JobState.DONE, found.report, found.report)
    assert not file_is_kept(town)
    assert [each.id for each in town.asks(ListJobs(), town.operator)] == [number, first]
    assert [json.loads(row.report)["added"] for row in rows(town, schema.imported)] == [2, 1]


@on_sqlite
def test_certificates_go_the_same_way(town: Town) -> None:
    lines = [{**line, "category": "all"} for line in BLANK.examples]
    number = starts(town, BLANK.workbook(lines), JobKind.CERTIFICATES, "остатки.xlsx")
    works(town)
    assert counted(town, number) == {"added": 2, "kopecks": 879_206}
    assert rows(town, schema.certificate) == []
    applies(town, number)
    works(town)
    assert [row.number for row in rows(town, schema.certificate)] == ["5101000017", "5101000025"]


class PlugPulled(OSError):
    """The process is gone."""


def test_a_restart_in_the_middle_goes_on_where_it_stopped(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each transaction of an application the plug is pulled once; what comes of it is what comes of an undisturbed one."""
    starts_with = [line(number, inn="7707083893") for number in range(42)]
    changed = [line(number, inn="7707083893", provider="Another Name", free=3) for number in range(1, 50)]
    number = starts(town, workbook(starts_with))
    works(town)
    applies(town, number)
    works(town)
    number = starts(town, workbook(changed))
    works(town)
    previewed = counted(town, number)
    applies(town, number, Missing.ARCHIVE)
    keeps = Jobs._keep
    lived = set()

    def pulled(self: Jobs, its: Any, tx: Any, place: Any, did: Any) -> None:
        keeps(self, its, tx, place, did)
        if (place.stage, place.at) not in lived:
            lived.add((place.stage, place.at))
            raise PlugPulled

    with monkeypatch.context() as plug:
        plug.setattr(Jobs, "_keep", pulled)
        plug.setattr(job_keeper, "end", lambda tx, number, hash, state: None)
        for _restart in range(14):
            holder = new_holder()
            assert town.run(lambda tx, holder=holder: take(tx, LEASE, holder))  # type: ignore[misc]
            town.runner.run(Jobs(town.desk, holder, read_here).work())
            town.run(lambda tx, holder=holder: give(tx, LEASE, holder))  # type: ignore[misc]
    works(town)
    assert len(lived) >= 8
    assert (seen(town, number).state, seen(town, number).done) == (JobState.DONE, 49)
    assert counted(town, number) == previewed == {"added": 8, "changed": 41, "archived": 1, "programs": 1}
    assert len(rows(town, schema.group)) == 50 and len(rows(town, schema.lesson)) == 100


def test_a_stopped_job_stops_and_what_was_done_stays(town: Town) -> None:
    number = starts(town, workbook([line(number) for number in range(200)]))
    works(town)
    applies(town, number)

    async def story() -> None:
        holder = new_holder()
        await town.desk.run(lambda tx: take(tx, LEASE, holder))
        working = asyncio.create_task(Jobs(town.desk, holder, read_here).work())
        while not (await town.desk.read(OneJob(number), town.operator)).done:  # type: ignore[union-attr]
            await asyncio.sleep(0)
        await town.desk.do(StopJob(number), town.operator)
        await working

    town.runner.run(story())
    stopped = seen(town, number)
    assert stopped.state is JobState.STOPPED and 0 < stopped.done < 200 and stopped.left is None
    assert len(rows(town, schema.group)) == stopped.done
    assert not file_is_kept(town)
    assert town.does(StopJob(number), town.operator) == JobIsNot(JobState.STOPPED)


@on_postgres
def test_what_has_lost_its_lease_writes_no_more(town: Town) -> None:
    number = starts(town, workbook([line(1)]))
    town.run(lambda tx: take(tx, LEASE, "another"))
    town.runner.run(Jobs(town.desk, new_holder(), read_here).work())
    assert (seen(town, number).state, seen(town, number).total) == (JobState.GOING, 0)


@on_sqlite
def test_only_what_was_previewed_is_applied_and_one_at_a_time(town: Town) -> None:
    one, two = (starts(town, workbook([line(number)])) for number in (1, 2))
    assert town.does(ApplyImport(one, seen(town, one).hash), town.operator) == JobIsNot(JobState.GOING)
    works(town)
    assert isinstance(town.does(ApplyImport(one, seen(town, two).hash), town.operator), OtherFile)
    applies(town, one)
    assert town.does(ApplyImport(two, seen(town, two).hash), town.operator) == AnotherImportGoes(one)
    assert isinstance(town.does(StartImport(JobKind.REGISTRY, "x", "0" * 64), town.operator), OtherFile)


@on_sqlite
def test_no_more_is_archived_than_the_preview_has_shown(town: Town) -> None:
    old, newer = (starts(town, workbook([line(number)])) for number in (1, 2))
    works(town)
    town.passes(days=1)
    applies(town, newer)
    works(town)
    whole = ApplyImport(old, seen(town, old).hash, Missing.ARCHIVE)
    assert isinstance(town.does(whole, town.operator), PreviewIsOld)
    applies(town, old, Missing.KEEP)
    works(town)
    assert counted(town, old) == {"added": 1, "spared": 1}
    again = starts(town, workbook([line(1)]))
    works(town)
    applies(town, again, Missing.ARCHIVE)


@on_sqlite
def test_jobs_are_their_municipalitys_alone(town: Town) -> None:
    number = starts(town, workbook([line(1), line(2, seats="many")]))
    works(town)
    stranger = operator(another_town(town))
    assert town.asks(OneJob(number), stranger) is None
    assert town.asks(ListJobs(), stranger) == town.asks(ListFindings(number, FindingKind.ERROR), stranger) == ()
    for command in (ApplyImport(number, seen(town, number).hash), StopJob(number)):
        assert isinstance(town.does(command, stranger), NotYours)
    assert isinstance(town.does(StartImport(JobKind.REGISTRY, "x", "0"), town.person()), NotYours)


@on_sqlite
def test_a_job_with_a_bug_has_failed_and_the_next_one_is_done(town: Town) -> None:
    async def bug(wish: Wish) -> File:
        raise RuntimeError("a bug of the reader") if wish.name == "bad.xlsx" else PlugPulled

    bad = starts(town, workbook([line(1)]), file="bad.xlsx")
    works(town, bug)
    assert seen(town, bad).state is JobState.FAILED


@on_sqlite
def test_rows_of_other_municipalities_are_left_out_with_a_word(town: Town) -> None:
    another_town(town)
    number = starts(town, workbook([line(1), line(2, municipality="Seaside"), line(3, municipality="Seaside")]))
    works(town)
    [note] = town.asks(ListFindings(number, FindingKind.NOTE), town.operator)
    assert (note.reason, note.value) == (reasons.OTHER_MUNICIPALITIES, "2")
    assert counted(town, number) == {"added": 1}


@on_sqlite
def test_a_file_comes_in_pieces_and_is_whole_or_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.files.A_PIECE", 1000)
    content = workbook([line(1)])
    hash = town.runner.run(keep(town.desk, content))
    town.runner.run(keep(town.desk, content))
    assert town.runner.run(content_of(town.desk, hash)) == content
    pieces = town.run(lambda tx: tx.sql(select(schema.job_file.c.content)).scalars().all())
    assert len(pieces) > 2 and not any(piece in content for piece in pieces), "nobody reads it at rest (R9.4)"
    town.run(lambda tx: tx.sql(schema.job_file.delete().where(schema.job_file.c.number == 2)))
    assert town.runner.run(content_of(town.desk, hash)) == b""
    town.passes(hours=2)
    works(town)
    assert not file_is_kept(town)


@on_sqlite
def test_what_was_found_in_a_file_is_forgotten_with_it(town: Town) -> None:
    """R9.4."""
    number = starts(town, workbook([line(1), line(2, seats="many")]))
    works(town)
    town.passes(days=31)
    town.runner.run(forget(town.desk, lambda tx: None))
    works(town)
    assert (seen(town, number).state, seen(town, number).errors) == (JobState.STOPPED, 0)
    assert not file_is_kept(town)


# --- the process that reads -------------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A workbook of some kilobytes that unpacks into gigabytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/workbook.xml", "<a/>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            for _megabyte in range(250):
                part.write(b" " * 1024 * 1024)
    return file.getvalue()


@on_sqlite
def test_a_hostile_file_is_read_in_a_process_of_its_own_and_changes_nothing(town: Town) -> None:
    before = everything(town)
    for content, reason in ((bomb(), reasons.TOO_BIG), (b"PK\x03\x04" + b"x" * 100, reasons.BROKEN_FILE)):
        number = starts(town, content, file="../../etc/\x00passwd\u202e" + "я" * 300 + ".xlsx")
        works(town, read_apart)
        failed = seen(town, number)
        assert failed.state is JobState.FAILED and "/" not in failed.file and len(failed.file) <= 80
        [error] = town.asks(ListFindings(number, FindingKind.ERROR), town.operator)
        assert (error.row, error.reason) == (0, reason)
    assert everything(town) == before and not file_is_kept(town)


def test_what_exhausts_the_reader_is_told_as_unreadable() -> None:
    async def read(wish: Wish) -> File:
        return await read_apart(wish)

    wish = Wish("registry", "a.csv", b"", {}, 0, "")
    broken = asyncio.run(read(replace(wish, kind="no such kind")))
    assert [error.reason for error in broken.errors.some(0, 1)] == [reasons.EXHAUSTING]


def test_what_is_left_is_reckoned_from_what_was_done() -> None:
    assert seconds_left(10.0, 100, 400) == 30
    assert seconds_left(10.0, 0, 400) is None
    assert seconds_left(10.0, 400, 400) == 0
