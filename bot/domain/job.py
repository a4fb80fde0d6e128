"""Long work of the office that somebody watches: an import is looked at first (preview), then applied; both go on after a restart."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.messages import Command, Fact, Query, Refusal


class JobKind(StrEnum):
    """What a file is about."""

    REGISTRY = "registry"
    CERTIFICATES = "certificates"


class JobPhase(StrEnum):
    """PREVIEW compares and changes nothing."""

    PREVIEW = "preview"
    APPLY = "apply"


class JobState(StrEnum):
    """GOING until its phase has come to an end: READY after a preview, DONE after an application."""

    GOING = "going"
    READY = "ready"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class FindingKind(StrEnum):
    """An ERROR is a row that was not taken, a NOTE something left out of one that was; a CHANGE is told by the preview."""

    ERROR = "error"
    NOTE = "note"
    CHANGE = "change"


class Missing(StrEnum):
    """What becomes of the programs and groups that a registry's file does not hold."""

    KEEP = "keep"
    ARCHIVE = "archive"


def seconds_left(passed: float, done: int, total: int) -> int | None:
    """What is left, as fast as `done` of the `total` were done in `passed` seconds; None while nobody can say."""
    return None if done <= 0 or passed <= 0 else round(passed * max(total - done, 0) / done)


# --- what is seen -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class JobSeen:
    """A job. `done` of `total` lines; a total of 0: the file is being read. `left`: seconds, None while nobody can say."""

    id: int
    kind: JobKind
    phase: JobPhase
    state: JobState
    file: str
    hash: str
    by: str
    done: int
    total: int
    left: int | None
    report: tuple[tuple[str, int], ...]
    """What this phase has counted so far: the fields of ImportReport, or kopecks."""
    previewed: tuple[tuple[str, int], ...]
    """What the preview had counted."""
    errors: int
    changes: int
    agreements: bool
    created_at: datetime
    changed_at: datetime
    """Both in the municipality's zone."""


@dataclass(frozen=True)
class OneJob(Query["JobSeen | None"]):
    """A job of the operator's municipality; None for any other."""

    job: int


@dataclass(frozen=True)
class ListJobs(Query[tuple[JobSeen, ...]]):
    """The operator's municipality's, the latest first; `skip` and `most` are for pages of a long list."""

    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Finding:
    """A row that was not taken, or what is changed in it (`value` → `becomes`, of the program or child in `reason`).

    `reason` of an error or a note is a sentence of `registry.reasons` with `value` for its {value}.
    """

    id: int
    row: int
    column: str
    reason: str
    value: str
    becomes: str


@dataclass(frozen=True)
class ListFindings(Query[tuple[Finding, ...]]):
    """Findings of a kind behind one of them, in the file's order, at most so many; nothing of others' jobs."""

    job: int
    kind: FindingKind
    after: int = 0
    most: int = 50


# --- what is wished ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StartImport(Command):
    """Preview a file that has been kept (`storage.files`). `agreements`: providers that have none get one."""

    kind: JobKind
    file: str
    hash: str
    agreements: bool = False


@dataclass(frozen=True)
class ApplyImport(Command):
    """Apply the very file whose preview was read: `hash` is the one that the page has shown.

    `missing` None: nothing was said of it, which is refused where the preview would archive something.
    """

    job: int
    hash: str
    missing: Missing | None = None


@dataclass(frozen=True)
class StopJob(Command):
    """What has been done stays; the rest is not done."""

    job: int


# --- what comes of it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class JobStarted(Fact):
    """It goes on by itself."""

    job: int


@dataclass(frozen=True)
class JobStopped(Fact):
    """It goes on no more."""

    job: int


@dataclass(frozen=True)
class JobIsNot(Refusal):
    """Its state does not allow it."""

    state: JobState


@dataclass(frozen=True)
class OtherFile(Refusal):
    """The file is not the one that was shown, or not here whole: nothing is begun."""


@dataclass(frozen=True)
class WouldArchive(Refusal):
    """The file does not hold so many; nobody has said yet that it is the whole registry, or that they are to stay."""

    programs: int
    groups: int


@dataclass(frozen=True)
class PreviewIsOld(Refusal):
    """The catalogue has been imported since: what would be archived is more, or other, than was shown."""


@dataclass(frozen=True)
class AnotherImportGoes(Refusal):
    """One import of a kind at a time is applied in a municipality; this one is at it."""

    job: int
