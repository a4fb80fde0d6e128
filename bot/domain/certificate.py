"""The certificate (R2): its states and kinds, what may be asked and wished, what happens to it and what stands in the way."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.calendar import birthday
from bot.domain.messages import AboutChild, Command, Fact, Query, Refusal

TRIES = 5
BLOCK = timedelta(hours=1)
TRIES_ON_NUMBER = 20
"""R2.11: wrong tries that block a chat for an hour; wrong tries on one number in a day that alert the operator."""
CODE_DAYS = 7


class CertificateState(StrEnum):
    """R2.7."""

    SUBMITTED = "submitted"
    REJECTED = "rejected"
    AWAITING_VISIT = "awaiting_visit"
    ACTIVE = "active"
    FROZEN = "frozen"
    REVOKED = "revoked"
    CLOSED_AGE = "closed_age"


class CertificateKind(StrEnum):
    """R2.3: accounting carries no money, funded has a nominal."""

    ACCOUNTING = "accounting"
    FUNDED = "funded"


class Rejection(StrEnum):
    """Why an application was rejected (R2.9); NO_VISIT is the calendar's (R2.7)."""

    NOT_RESIDENT = "not_resident"
    WRONG_DATA = "wrong_data"
    WRONG_AGE = "wrong_age"
    HAS_ONE = "has_one"
    NO_PROOF = "no_proof"
    NO_VISIT = "no_visit"
    OTHER = "other"


class Revocation(StrEnum):
    """Why a certificate was revoked (R2.7)."""

    MOVED_AWAY = "moved_away"
    ASKED = "asked"
    MISTAKE = "mistake"
    OTHER = "other"


# --- rules ------------------------------------------------------------------------------------------------------------


def valid_until(born: date, max_age: int) -> date:
    """The birthday on which a certificate ends (R2.1, R8.4, R8.5)."""
    return birthday(born, max_age)


def has_vacancy(funded: int, nominal: int, certificates: int | None, total: int | None) -> bool:
    """Whether one more funded certificate fits the group: both the number and the sum of nominals are limited (R2.4)."""
    fits_number = certificates is None or funded < certificates
    return fits_number and (total is None or (funded + 1) * nominal <= total)


def blocked_until(wrong: Sequence[datetime], now: datetime) -> datetime | None:
    """Every fifth of a chat's wrong tries of the last day, in order, blocks it for an hour (R2.11); None if it may try."""
    fifths = wrong[TRIES - 1 :: TRIES]
    until = fifths[-1] + BLOCK if fifths else None
    return until if until is not None and until > now else None


def number_of(typed: str) -> str | None:
    """The 10 digits of a certificate's number as people type it (R2.6), or None."""
    digits = re.sub(r"[\s\-–№]", "", typed)
    return digits if re.fullmatch(r"[0-9]{10}", digits) else None


# --- a parent's questions and wishes ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """A child's certificate as the family sees it; `id` is 0 while there is none."""

    child: int
    first_name: str
    surname: str
    rights: str
    id: int = 0
    state: CertificateState = CertificateState.SUBMITTED
    kind: CertificateKind = CertificateKind.ACCOUNTING
    number: str = ""
    group: str = ""
    wanted_group: str = ""
    valid_until: date | None = None
    place: int = 0
    """In the queue for a funded one (R2.4); 0: not in it."""
    decide_by: date | None = None
    overdue: bool = False
    visit_by: date | None = None
    unfreeze_from: date | None = None
    reason: str = ""
    """A Rejection or Revocation."""
    words: str = ""
    """What the operator added to it."""
    may_convert: bool = False
    """The parent may ask for a funded one now (R2.3)."""
    conversion: str = "on_request"


@dataclass(frozen=True)
class ReadCertificate(Query["Card | None"]):
    """The card of a child that I may see; None otherwise."""

    child: int


@dataclass(frozen=True)
class ConvertCertificate(Command):
    """Make an accounting certificate funded, or back (R2.3, R2.4, R2.13). A parent may ask only for a funded one."""

    certificate: int
    to: CertificateKind


@dataclass(frozen=True)
class LinkCertificate(Command):
    """Link an existing certificate to my chat by number, birth date and a one-time code (R2.11)."""

    number: str
    birth_date: date
    code: str


# --- what happens -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AboutCertificate(AboutChild):
    """Has happened to a child's certificate."""

    certificate: int


@dataclass(frozen=True)
class ApplicationAccepted(AboutCertificate):
    """Now the originals are to be shown by that day."""

    visit_by: date


@dataclass(frozen=True)
class ApplicationRejected(AboutCertificate):
    """Rejected; it may be corrected and sent again (R2.9)."""

    reason: Rejection


@dataclass(frozen=True)
class GuardianAdded(AboutCertificate):
    """The operator has added a second guardian who had applied for the same child (R2.10)."""


@dataclass(frozen=True)
class CertificateIssued(AboutCertificate):
    """Active from now on, with a number."""


@dataclass(frozen=True)
class BecameFunded(AboutCertificate):
    """It carries money now; the sum is told by the grant's own fact (R3.9)."""


@dataclass(frozen=True)
class BecameAccounting(AboutCertificate):
    """It carries no money any more: not used for so long (R2.13), or as the operator decided."""

    unused: bool


@dataclass(frozen=True)
class QueuedForFunded(AboutCertificate):
    """No vacancy: a place in the queue (R2.4)."""

    place: int


@dataclass(frozen=True)
class QueueMoved(AboutCertificate):
    """Nearer to the head (R2.4)."""

    place: int


@dataclass(frozen=True)
class GroupChanged(AboutCertificate):
    """Another category (R2.5); the balance's change is told by its own fact."""


@dataclass(frozen=True)
class CertificateFrozen(AboutCertificate):
    """R2.12."""


@dataclass(frozen=True)
class CertificateUnfrozen(AboutCertificate):
    """R2.12."""


@dataclass(frozen=True)
class CertificateRevoked(AboutCertificate):
    """R2.7."""

    reason: Revocation


@dataclass(frozen=True)
class CertificateClosed(AboutCertificate):
    """The child has come of age (R8.5)."""


@dataclass(frozen=True)
class UnusedSoon(AboutCertificate):
    """Not used for long: on that day it becomes an accounting one (R2.13)."""

    on: date


@dataclass(frozen=True)
class CertificateLinked(AboutCertificate):
    """One more chat has linked the certificate by a code (R2.11)."""


@dataclass(frozen=True)
class LinkingCodeIssued(Fact):
    """For the eyes of whoever asked for it; used once, until that instant."""

    certificate: int
    code: str
    until: datetime


@dataclass(frozen=True)
class NumberAttacked(Fact):
    """Wrong tries on one number have reached the day's limit (R2.11)."""

    certificate: int


# --- what stands in the way -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LinkRefused(Refusal):
    """Number, birth date and code do not belong together; which of them is wrong is never told (R2.11)."""

    left: int
    """Tries before the block."""


@dataclass(frozen=True)
class LinkBlocked(Refusal):
    """Too many wrong tries."""

    until: datetime
