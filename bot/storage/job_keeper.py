"""What does the jobs: under a lease, so that one replica does them; from the place where the last one stopped; a chunk a transaction.

The reader's rows are not kept: after a restart the file is read again, and the stages go on from their place.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from bot import logs
from bot.domain.job import FindingKind, JobKind, JobPhase, JobState
from bot.registry.line import Change, Note
from bot.registry.parts import Batches, File
from bot.registry.reader import Wish
from bot.storage.apart import read_apart
from bot.storage.certificate_import import CertificateImport
from bot.storage.desk import Desk
from bot.storage.files import any_unneeded, content_of, forget_unneeded
from bot.storage.import_home import known_municipalities
from bot.storage.imports import RegistryImport
from bot.storage.job import change, end
from bot.storage.leases import LOOK_EVERY, Keeper, held
from bot.storage.schema import job, job_finding, municipality
from bot.storage.stages import Did, Found, Pace, Place, Stage, go
from bot.storage.tx import Tx

log = structlog.get_logger()
LEASE = "jobs"
BESIDE_CHATS, BY_ITSELF = Pace(chunk=0.008, rest=4.0), Pace(chunk=0.02, rest=0.25, least=4)
"""Chats come first; where there are none, a chunk still keeps nobody long, and a command of the terminal finds the database free now and then."""
QUIET = 2.0
"""Seconds since the last turn after which nobody seems to be talking."""
SHOWN = 200
"""Changes that a preview tells field by field."""
Read = Callable[[Wish], Awaitable[File]]


class Importer(Protocol):
    """A file's way into the database."""

    def begin(self) -> Place: ...
    def stages(self) -> list[Stage]: ...


IMPORTERS: Mapping[JobKind, Callable[[Any, "Job"], Importer]] = {
    JobKind.REGISTRY: lambda file, its: RegistryImport(
        file,
        its.file,
        its.hash,
        dry=its.dry,
        agreements=its.agreements,
        keep=its.keep,
        shown=SHOWN if its.dry else 0,
    ),
    JobKind.CERTIFICATES: lambda file, its: CertificateImport(
        file, its.municipality, dry=its.dry, shown=SHOWN if its.dry else 0
    ),
}


@dataclass(frozen=True)
class Job:
    """A job that is going."""

    id: int
    municipality: int
    kind: JobKind
    phase: JobPhase
    file: str
    hash: str
    agreements: bool
    place: Mapping[str, Any]

    @property
    def dry(self) -> bool:
        return self.phase is JobPhase.PREVIEW

    @property
    def keep(self) -> bool:
        """Whether what the file does not hold stays, as was decided when the file was applied."""
        return bool(self.place.get("memo", {}).get("keep"))


class Stopped(Exception):
    """Somebody has stopped the job, or another process has taken it over."""


class Jobs:
    """The work of the `jobs` lease: one job after the other, the oldest first."""

    def __init__(self, desk: Desk, holder: str, read: Read = read_apart) -> None:
        """`holder` has the lease."""
        self.desk, self.holder, self.read = desk, holder, read
        self._stopping = asyncio.Event()
        self._reading: asyncio.Task[File] | None = None

    async def run(self) -> None:
        """Until `stop`. Trouble of the database is waited out; a bug is logged, and its job has failed."""
        while not self._stopping.is_set():
            try:
                if not await self.work():
                    await self._pause()
            except (OperationalError, InterfaceError) as trouble:
                log.warning("jobs.trouble", kind=type(trouble).__name__)
                await self._pause()

    async def stop(self) -> None:
        """What is going goes on in another process, or after the restart."""
        self._stopping.set()

    async def work(self) -> bool:
        """The oldest job that is going, to the end of its phase; False if there is none."""
        its = await self.desk.look(_next)
        if its is None:
            if await self.desk.look(any_unneeded):
                await self.desk.run(forget_unneeded)
            return False
        try:
            await self._do(its)
        except Stopped:
            pass
        except (OperationalError, InterfaceError):
            raise
        except Exception as bug:
            log.error("jobs.bug", job=its.id, kind=type(bug).__name__, where=logs.where(bug))
            await self.desk.run(lambda tx: end(tx, its.id, its.hash, JobState.FAILED))
        return True

    async def _do(self, its: Job) -> None:
        content = await content_of(self.desk, its.hash)
        wish = await self.desk.look(lambda tx: _wish(tx, its, content))
        file = await self._read(its, wish)
        importer = IMPORTERS[its.kind](file, its)
        place = Place(**its.place) if "stage" in its.place else importer.begin()
        tells = [partial(_tell, batches=each) for each in (file.errors, file.notes)]
        await self.desk.run(lambda tx: self._begin(tx, its, file, place))
        await go(self.desk, [*tells, *importer.stages()], place, partial(self._keep, its), self.pace)
        state = JobState.FAILED if not file.lines else JobState.READY if its.dry else JobState.DONE

        def ended(tx: Tx) -> None:
            self._still(tx, its)
            end(tx, its.id, its.hash, state)

        await self.desk.run(ended)

    async def _read(self, its: Job, wish: Wish) -> File:
        """Given up as soon as the job or the service is stopped."""
        reading = asyncio.ensure_future(self.read(wish))
        try:
            while not reading.done():
                await asyncio.wait({reading}, timeout=LOOK_EVERY)
                if not reading.done():
                    await self.desk.look(lambda tx: self._still(tx, its))
            return reading.result()
        finally:
            reading.cancel()

    def _begin(self, tx: Tx, its: Job, file: File, place: Place) -> None:
        self._still(tx, its)
        change(tx, its.id, total=file.lines, done=place.done, began_at=tx.now, began_with=place.done)

    def _keep(self, its: Job, tx: Tx, place: Place, did: Did) -> None:
        self._still(tx, its)
        change(tx, its.id, place=json.dumps(asdict(place)), done=place.done)
        rows = [_row(its.id, each) for each in did.found]
        if rows:
            tx.sql(job_finding.insert(), rows)

    def _still(self, tx: Tx, its: Job) -> None:
        """Raises Stopped unless the job is going, and ours to do."""
        state = tx.value(select(job.c.state).where(job.c.id == its.id, job.c.phase == its.phase.value))
        if self._stopping.is_set() or state != JobState.GOING or not held(tx, LEASE, self.holder):
            raise Stopped

    def pace(self) -> Pace:
        """As chats go on beside it, or not."""
        return BY_ITSELF if asyncio.get_running_loop().time() - self.desk.last_turn > QUIET else BESIDE_CHATS

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY):
                await self._stopping.wait()
        except TimeoutError:
            pass


def keeper(desk: Desk) -> Keeper:
    """The jobs, wherever their lease is: done here while it is ours."""
    return Keeper(desk, LEASE, lambda lease: Jobs(desk, lease.holder), lambda tx: None)


def _next(tx: Tx) -> Job | None:
    row = tx.row(select(job).where(job.c.state == JobState.GOING.value).order_by(job.c.id))
    if row is None:
        return None
    kind, phase = JobKind(row.kind), JobPhase(row.phase)
    return Job(row.id, row.municipality, kind, phase, row.file, row.hash, row.agreements, json.loads(row.place))


def _wish(tx: Tx, its: Job, content: bytes) -> Wish:
    name = tx.value(select(municipality.c.name).where(municipality.c.id == its.municipality))
    return Wish(its.kind.value, its.file, content, known_municipalities(tx), its.municipality, name)


def _tell(_tx: Tx, place: Place, size: int, batches: Batches[Any]) -> Did:
    """What the reader could not take, or left out."""
    at = place.at + size
    return Did(at if at < len(batches) else None, found=batches.some(place.at, size))


def _row(number: int, found: Found) -> dict[str, Any]:
    row = {"job": number, "row": found.row, "column": found.column, "becomes": ""}
    if isinstance(found, Change):
        words = {"reason": found.about, "value": found.before, "becomes": found.after}
        return {**row, "kind": FindingKind.CHANGE.value, **words}
    kind = FindingKind.NOTE if isinstance(found, Note) else FindingKind.ERROR
    return {**row, "kind": kind.value, "reason": found.reason, "value": found.value}
