"""What is said of imports in the office."""

from bot.domain.job import (
    AnotherImportGoes,
    Finding,
    FindingKind,
    JobIsNot,
    JobKind,
    JobPhase,
    JobSeen,
    JobStarted,
    JobState,
    JobStopped,
    OtherFile,
    PreviewIsOld,
    WouldArchive,
)
from bot.domain.messages import Fact
from bot.domain.money import Money
from bot.i18n import Joined, Text, Words, _, n_

KINDS: dict[JobKind, Words] = {
    JobKind.REGISTRY: _("Programs"),
    JobKind.CERTIFICATES: _("Certificates with balances"),
}
STATES: dict[tuple[JobPhase, JobState], Words] = {
    (JobPhase.PREVIEW, JobState.GOING): _("is being compared"),
    (JobPhase.PREVIEW, JobState.READY): _("waits for your decision"),
    (JobPhase.PREVIEW, JobState.STOPPED): _("put aside, nothing was changed"),
    (JobPhase.PREVIEW, JobState.FAILED): _("cannot be taken, nothing was changed"),
    (JobPhase.APPLY, JobState.GOING): _("is being applied"),
    (JobPhase.APPLY, JobState.DONE): _("applied"),
    (JobPhase.APPLY, JobState.STOPPED): _("stopped in the middle; what was applied stays"),
    (JobPhase.APPLY, JobState.FAILED): _("broke off; what was applied stays. Send the file once more"),
}
FINDINGS: dict[FindingKind, Words] = {
    FindingKind.ERROR: _("not taken"),
    FindingKind.NOTE: _("left out"),
    FindingKind.CHANGE: _("changes"),
}
COUNTS: dict[JobKind, dict[str, Words]] = {
    JobKind.REGISTRY: {
        "added": _("New groups"),
        "changed": _("Changed"),
        "restored": _("Back from the archive"),
        "same": _("The same as before"),
        "programs": _("Programs archived: the file has them no more"),
        "archived": _("Groups archived: the file has them no more"),
        "spared": _("Missing in the file, left as they are"),
        "kept": _("Missing in the file, kept until every row can be read"),
        "errors": _("Rows not taken"),
    },
    JobKind.CERTIFICATES: {
        "added": _("New certificates"),
        "kopecks": _("Balances taken over"),
        "changed": _("Changed"),
        "same": _("The same as before"),
        "errors": _("Rows not taken"),
    },
}


def counts(job: JobSeen) -> list[tuple[Words, str | Money]]:
    """What was counted so far, in words; what there is none of is left out, but for the rows not taken."""
    told = dict(job.report)
    return [
        (words, Money(told[name]) if name == "kopecks" else str(told.get(name, 0)))
        for name, words in COUNTS[job.kind].items()
        if told.get(name) or name == "errors"
    ]


def left(job: JobSeen) -> Words:
    """How long it will take."""
    if job.left is None:
        return ""
    if job.left < 60:
        return _("less than a minute left")
    return n_("about {count} minute left", "about {count} minutes left", round(job.left / 60))


def lost(job: JobSeen) -> Words:
    """What would be archived; nothing: an empty word."""
    told = dict(job.report)
    return missing(told.get("programs", 0), told.get("archived", 0))


def missing(programs: int, groups: int) -> Words:
    """So many of both."""
    if not (programs or groups):
        return ""
    its = n_("{count} program", "{count} programs", programs), n_("{count} group", "{count} groups", groups)
    return Joined(its, ", ")


def reason(finding: Finding) -> Words:
    """Why a row was not taken."""
    return Text(finding.reason, (("value", finding.value),))


def told(fact: Fact) -> Words:
    """What came of a wish."""
    match fact:
        case JobStarted():
            return _("It goes on by itself; you may close this page.")
        case JobStopped():
            return _("Stopped.")
        case JobIsNot(state):
            return ALREADY[state]
        case OtherFile():
            return _("This file is not here any more. Please send it once more.")
        case WouldArchive(programs, groups):
            return _(
                "Nothing was changed. The file does not hold what is in the catalogue: {lost}. If it is the whole registry, tick that it is; otherwise choose «Only add and change, archive nothing».",
                lost=missing(programs, groups),
            )
        case PreviewIsOld():
            return _(
                "Nothing was changed. Another file has been imported since this preview: more could be archived than it shows. Please send the file once more, or choose «Only add and change, archive nothing»."
            )
        case AnotherImportGoes(job):
            return _("Import No. {number} is being applied. Please wait until it has ended.", number=job)
    return _("There is no such import here.")


ALREADY: dict[JobState, Words] = {
    JobState.GOING: _("It is still going on."),
    JobState.READY: _("It waits for your decision."),
    JobState.DONE: _("It has been applied already."),
    JobState.STOPPED: _("It was stopped."),
    JobState.FAILED: _("It cannot be applied."),
}
