"""The audit trail in a clerk's words: what each command is called, its fields and codes."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.dialogs.certificate_words import KINDS, REJECTIONS, REVOCATIONS, STATES
from bot.domain.calendar import Month
from bot.domain.money import Money
from bot.domain.trail import TrailLine
from bot.i18n import Words, _, joined
from bot.office.agreement_words import STATES as PROVIDERS
from bot.office.bill_words import STATES as BILLS
from bot.office.catalogue_words import DIRECTIONS, REGISTRIES
from bot.office.catalogue_words import STATES as PROGRAMS
from bot.office.enrollment_words import REASONS
from bot.office.enrollment_words import STATES as LEARNING
from bot.office.money_words import PERIODS
from bot.office.policy_words import FIELDS as POLICY

DID: Mapping[str, Words] = {
    "SignIn": _("signed in"),
    # applications and certificates
    "AcceptApplication": _("accepted an application"),
    "RejectApplication": _("rejected an application"),
    "JoinApplication": _("joined an application to the same child's"),
    "ConfirmVisit": _("saw the originals and issued the certificate"),
    "ConvertCertificate": _("changed the kind of a certificate"),
    "certificate:ChangeGroup": _("moved a certificate to another category"),
    "Freeze": _("froze a certificate"),
    "Unfreeze": _("unfroze a certificate"),
    "Revoke": _("revoked a certificate"),
    "IssueLinkingCode": _("gave out a code to link a certificate"),
    "IssueRestoreCode": _("gave out a code to a guardian whose chat was lost"),
    "CutGuardian": _("cut somebody's link to a child"),
    "AddCategory": _("added a category"),
    # enrollments
    "AcceptRequest": _("took a child"),
    "RefuseRequest": _("refused a request"),
    "RevokeOffer": _("took an offer back"),
    "ConcludeOnPaper": _("entered a contract signed on paper"),
    "TerminateEnrollment": _("ended an enrolment"),
    "ClaimEnrollment": _("entered a child that came in person"),
    "ConfirmClaim": _("confirmed an enrolment by paper"),
    "DenyClaim": _("refused an enrolment that was not the family's"),
    "SwitchGroup": _("moved a child to another group"),
    "DecideDispute": _("decided a dispute"),
    "CancelLessons": _("cancelled lessons"),
    "StrikeFromList": _("took a child off a waiting list"),
    "AcceptRenewal": _("entered the family's yes to the next period"),
    "DeclineRenewal": _("entered that a child does not go on"),
    # money
    "AddPeriod": _("planned a period"),
    "OpenPeriod": _("opened a period"),
    "SetNominal": _("set a nominal"),
    "GrantNominal": _("granted a nominal to one certificate"),
    # providers, programs, comments, events
    "AddAgreement": _("made an agreement"),
    "EndAgreement": _("ended an agreement"),
    "SetProviderState": _("changed whether a provider may teach"),
    "CheckComment": _("checked a comment"),
    "ReplyToRating": _("answered a comment"),
    "AddEvent": _("published an event"),
    "CallOffEvent": _("called an event off"),
    # imports
    "StartImport": _("sent a file to be imported"),
    "ApplyImport": _("applied an import"),
    "StopJob": _("stopped or put aside an import"),
    # the catalogue and bills
    "ProposeProgram": _("proposed a program"),
    "ChangeProgram": _("changed a program"),
    "DecideProgram": _("decided on a proposed program"),
    "ArchiveProgram": _("put a program into the archive"),
    "AddModule": _("added a part of a program"),
    "ChangeModule": _("changed a part of a program"),
    "ArchiveModule": _("put a part of a program into the archive"),
    "SetNormative": _("set a norm"),
    "AddGroup": _("added a group"),
    "group:ChangeGroup": _("changed a group"),
    "ArchiveGroup": _("put a group into the archive"),
    "RestoreGroup": _("took a group out of the archive"),
    "SendBill": _("sent a bill"),
    "AskAdvance": _("asked for an advance"),
    "DecideBill": _("decided on a bill"),
    "MarkBillPaid": _("noted that a bill is paid"),
    # the municipality
    "AddMunicipality": _("added a municipality"),
    "Announce": _("wrote to an audience"),
    "StopAnnouncement": _("stopped an announcement"),
    "AddDistrict": _("added a district"),
    "RenameDistrict": _("renamed a district"),
    "ChangeText": _("changed a text"),
    "AddText": _("published a text"),
    "RemoveText": _("took a text down"),
    "ChangeMunicipality": _("changed a municipality"),
    "SetPopulation": _("set how many children live there"),
    "SetPolicy": _("changed the policy"),
    "SetCalendarYear": _("set the working days of a year"),
    # the staff
    "AddStaff": _("made an account"),
    "SetPassword": _("set a password"),
    "SetSecondFactor": _("set or took off a second factor"),
    "DisableStaff": _("disabled an account, or put it in use again"),
    "SignOutEverywhere": _("ended all sessions of an account"),
}
"""By the command's name; by its subject and name where the name alone is used twice."""

SUBJECTS: Mapping[str, Words] = {
    "certificate": _("certificate"),
    "enrollment": _("enrolment"),
    "rating": _("rating"),
    "event": _("event"),
    "job": _("import"),
    "program": _("program"),
    "module": _("module"),
    "period": _("period"),
    "group": _("group"),
    "provider": _("provider"),
    "bill": _("bill"),
    "announcement": _("announcement"),
    "staff": _("account"),
    "municipality": _("municipality"),
}
FIELDS: Mapping[str, Words] = {
    "state": _("state"),
    "kind": _("kind"),
    "certificate_group": _("category"),
    "wanted_group": _("category applied for"),
    "reason": _("reason"),
    "frozen_on": _("frozen on"),
    "group": _("group"),
    "start": _("first day"),
    "stop": _("last day"),
    "ends_on": _("ends on"),
    "until": _("clock"),
    "comment_state": _("comment"),
    "starts_at": _("begins"),
    "seats": _("seats"),
    "is_open": _("takes children"),
    "name": _("name"),
    "price": _("price"),
    "normative": _("norm"),
    "direction": _("direction"),
    "age_min": _("youngest"),
    "age_max": _("oldest"),
    "disabled_at": _("disabled"),
    "charged": _("charged"),
    "refunded": _("refunded"),
    "paid_on": _("paid on"),
    "registry": _("registry"),
    "amount": _("sum"),
    "certificates": _("certificates at most"),
    "total": _("sum of all at most"),
    "title": _("title"),
    "month": _("month"),
    "cancelled": _("lessons cancelled"),
    "planned": _("lessons planned"),
    "provider": _("provider"),
    "period": _("period"),
    "upheld": _("the family is right"),
    "shown": _("shown to everybody"),
    "category_proved": _("the category's proof was shown"),
    "another_child": _("it is another child"),
    "code": _("code"),
    "role": _("works as"),
    "login": _("login"),
}
SUMS = frozenset({"charged", "refunded", "price", "normative", "amount", "total"})
TOLD_OF_WISH = frozenset(
    {
        "amount",
        "certificates",
        "total",
        "month",
        "cancelled",
        "planned",
        "upheld",
        "shown",
        "category_proved",
        "another_child",
        "title",
        "code",
        "login",
        "name",
        "start",
        "stop",
        "provider",
        "period",
    }
)
"""Fields of a command that say more than what it changed does."""


def _coded(*words: Mapping[Any, Words]) -> Mapping[str, Words]:
    return {str(code): said for each in words for code, said in each.items()}


CODES: Mapping[tuple[str, str], Mapping[str, Words]] = {
    ("certificate", "state"): _coded(STATES),
    ("certificate", "kind"): _coded(KINDS),
    ("certificate", "reason"): _coded(REJECTIONS, REVOCATIONS),
    ("enrollment", "state"): _coded(LEARNING),
    ("enrollment", "reason"): REASONS,
    ("program", "direction"): _coded(DIRECTIONS),
    ("program", "state"): PROGRAMS,
    ("program", "registry"): _coded(REGISTRIES),
    ("group", "state"): PROGRAMS,
    ("bill", "state"): _coded(BILLS),
    ("announcement", "state"): {"going": _("goes out"), "stopped": _("stopped"), "done": _("everybody is told")},
    ("rating", "comment_state"): {"waiting": _("to be checked"), "shown": _("shown"), "hidden": _("hidden")},
    ("event", "state"): {"planned": _("planned"), "cancelled": _("called off")},
    ("period", "state"): PERIODS,
    ("provider", "state"): _coded(PROVIDERS),
}
YES_NO = {"true": _("yes"), "false": _("no")}


def did(line: TrailLine) -> Words:
    """What was done, in a clerk's words; a command that nobody has named by its own."""
    return DID.get(f"{line.subject}:{line.did}") or DID.get(line.did) or line.did


def changes(line: TrailLine) -> Iterator[Words]:
    """What it changed, field by field, and what else was said in the command."""
    for name, was, now in line.changes:
        title = FIELDS.get(name) or POLICY.get(name, name)
        yield _("{field}: {before} → {after}", field=title, before=_value(line.subject, name, was), after=_value(line.subject, name, now))  # fmt: skip
    changed = {name for name, _was, _now in line.changes}
    for name, value in line.wish:
        if name in TOLD_OF_WISH - changed and value not in ("", "false", "0"):
            yield joined(": ", (FIELDS[name], _value(line.subject, name, value)))


def _value(subject: str, name: str, value: str) -> Words:
    """A code in words, a sum, a day; «—» for nothing."""
    if not value:
        return "—"
    known = CODES.get((subject, name), {}).get(value) or YES_NO.get(value)
    if known is not None:
        return known
    if name in SUMS and value.lstrip("-").isdecimal():
        return _("{sum}", sum=Money(int(value)))
    return _day(value)


def _day(value: str) -> Words:
    for read in (Month.parse, date.fromisoformat, datetime.fromisoformat):
        try:
            return _("{when}", when=read(value))
        except ValueError:
            continue
    return value
