"""What the municipality decides on certificates (R2.5–R2.13): its lists, its wishes, and what stands in their way."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.certificate import CertificateKind, CertificateState, Rejection, Revocation
from bot.domain.messages import Command, Fact, Query, Refusal


@dataclass(frozen=True)
class CertificateSeen:
    """A certificate as an operator sees it."""

    certificate: int
    child: int
    number: str
    state: CertificateState
    kind: CertificateKind
    name: str
    birth_date: date
    group: str
    wanted_group: str
    submitted_on: date | None
    decide_by: date | None
    overdue: bool
    visit_by: date | None
    held_for: str
    place: int


class Stage(StrEnum):
    """Where an application stands: to be decided, to be shown the originals of, or not shown in time (R2.7)."""

    DECIDE = "decide"
    VISIT = "visit"
    UNVISITED = "unvisited"


@dataclass(frozen=True)
class ListApplications(Query[tuple[CertificateSeen, ...]]):
    """What waits for the operator, the most urgent first (R2.8): applications to decide and visits, or of one stage only; the unvisited,
    the latest first. `skip` and `most` are for pages of a long list."""

    municipality: int
    stage: Stage | None = None
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class ListQueue(Query[tuple[CertificateSeen, ...]]):
    """Who waits for a funded certificate, in order (R2.4)."""

    municipality: int
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class ApplicationSeen:
    """Everything that was entered in an application (R2.8), for the operator."""

    seen: CertificateSeen
    district: str
    address: str
    snils: str = field(repr=False)
    guardian: str
    phone: str
    email: str
    consents: tuple[tuple[str, date], ...]
    """(purpose, day) of the applicant's consents that hold."""
    reason: str
    words: str


@dataclass(frozen=True)
class ApplicationWork:
    """An application with those that it looks like (R2.10); of another municipality's only the place is told."""

    application: ApplicationSeen
    alike: tuple[ApplicationSeen, ...]
    elsewhere: tuple[str, ...]
    like_by: str
    """snils | name | "" as in LooksLikeAnotherChild."""


@dataclass(frozen=True)
class OneApplication(Query["ApplicationWork | None"]):
    """What the family has entered for a certificate; None if it is not the operator's."""

    certificate: int


@dataclass(frozen=True)
class FindCertificates(Query[tuple[CertificateSeen, ...]]):
    """The operator's certificates: of this number, of children whose name begins like `words`, born on that day, of this state and kind;
    by name, or the latest first where nothing is asked."""

    words: str = ""
    born: date | None = None
    state: CertificateState | None = None
    kind: CertificateKind | None = None
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class FindCertificate(Query["CertificateSeen | None"]):
    """A certificate of the operator's municipality by its number, or by its id as the list shows it."""

    municipality: int
    number: str


@dataclass(frozen=True)
class ListAttackedNumbers(Query[tuple[tuple[str, int], ...]]):
    """Numbers of the municipality tried wrongly 20 times or more in the last day, with the count (R2.11)."""

    municipality: int


@dataclass(frozen=True)
class CategorySeen:
    """A category of certificates (R2.5)."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class ListCategories(Query[tuple[CategorySeen, ...]]):
    """The municipality's categories."""

    municipality: int


@dataclass(frozen=True)
class AddCategory(Command):
    """A category with a nominal of its own; the code `disability` makes it one that tells of health (R2.5)."""

    municipality: int
    code: str
    name: str


@dataclass(frozen=True)
class CategoryAdded(Fact):
    """There is a category more."""

    group: int


@dataclass(frozen=True)
class CategoryExists(Refusal):
    """The municipality has a category of that code already, or code or name is empty."""


@dataclass(frozen=True)
class AcceptApplication(Command):
    """Accept (R2.8). `another_child`: the operator has looked, and the likeness is a twin's or namesake's (R2.10)."""

    certificate: int
    another_child: bool = False


@dataclass(frozen=True)
class RejectApplication(Command):
    """Reject with a reason; `words` add to it for the parent (R2.9)."""

    certificate: int
    reason: Rejection
    words: str = ""


@dataclass(frozen=True)
class JoinApplication(Command):
    """The application is for a child that has a certificate already: its applicant becomes one more guardian (R2.10)."""

    certificate: int
    to: int


@dataclass(frozen=True)
class ConfirmVisit(Command):
    """Originals were shown (R2.7); the category too, or not (R2.5)."""

    certificate: int
    category_proved: bool


@dataclass(frozen=True)
class ChangeGroup(Command):
    """Move a certificate to another category; its balance is adjusted (R2.5)."""

    certificate: int
    group: int


@dataclass(frozen=True)
class Freeze(Command):
    """R2.12."""

    certificate: int


@dataclass(frozen=True)
class Unfreeze(Command):
    """R2.12."""

    certificate: int


@dataclass(frozen=True)
class Revoke(Command):
    """R2.7."""

    certificate: int
    reason: Revocation
    words: str = ""


@dataclass(frozen=True)
class IssueLinkingCode(Command):
    """A one-time code for whoever has shown the documents (R1.3, R2.11)."""

    number: str


# --- what stands in the way -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NotInThatState(Refusal):
    """The certificate's state does not allow it."""

    state: CertificateState


@dataclass(frozen=True)
class DecisionsSuspended(Refusal):
    """A blackout: decided after that day (R2.14)."""

    until: date


@dataclass(frozen=True)
class LooksLikeAnotherChild(Refusal):
    """Same SNILS (`snils`) or name and birth date (`name`) as these certificates: look first (R2.10)."""

    held_for: str
    others: tuple[int, ...]


@dataclass(frozen=True)
class NotTheSameChild(Refusal):
    """Neither the SNILS nor the name and birth date agree, so there is nothing to join."""


@dataclass(frozen=True)
class AlreadyThatKind(Refusal):
    """It is funded, or accounting, already."""

    kind: CertificateKind


@dataclass(frozen=True)
class AlreadyQueued(Refusal):
    """It waits for a vacancy already."""

    place: int


@dataclass(frozen=True)
class ConversionByRequestOnly(Refusal):
    """One with money is free, and here it comes by itself, with the first request for a certified program (R2.3)."""


@dataclass(frozen=True)
class OpenRequestInTheWay(Refusal):
    """An open request blocks a conversion (R2.13)."""

    count: int


@dataclass(frozen=True)
class RunningEnrollmentInTheWay(Refusal):
    """A running enrollment blocks a freeze (R2.12) and a conversion to accounting."""

    count: int


@dataclass(frozen=True)
class NoCertificateVacancy(Refusal):
    """The group's number or sum of certificates is used up (R2.4)."""


@dataclass(frozen=True)
class TooEarlyToUnfreeze(Refusal):
    """Not before the next period (R2.12), whose first day this is, if it is known."""

    on: date | None
