"""Why a child may not take a seat: one name for each rule of the gate (R6.2, R6.3)."""

from dataclasses import dataclass
from datetime import date

from bot.domain.enrollment import EnrollmentState
from bot.domain.messages import Refusal
from bot.domain.money import Money
from bot.domain.pricing import Quote


@dataclass(frozen=True)
class NoCertificate(Refusal):
    """The child has no certificate yet."""

    child: int


@dataclass(frozen=True)
class CertificateNotActive(Refusal):
    """The certificate is not in use: under decision, waiting for the visit, frozen, revoked."""

    child: int
    state: str


@dataclass(frozen=True)
class TurnsEighteen(Refusal):
    """From this birthday on there are no new requests (R8.5)."""

    on: date


@dataclass(frozen=True)
class MovedAway(Refusal):
    """The child lives in another municipality than the one that pays (R6.13)."""

    child: int


@dataclass(frozen=True)
class ProviderInactive(Refusal):
    """The provider is banned or has lost its license (R6.13)."""

    program: int


@dataclass(frozen=True)
class NoAgreement(Refusal):
    """The municipality that pays has no agreement with the provider on that day (R1, R6.13)."""

    program: int


@dataclass(frozen=True)
class GroupClosed(Refusal):
    """The group takes nobody now, or the program has been archived."""

    group: int


@dataclass(frozen=True)
class StartsTooEarly(Refusal):
    """The start lies before the first day that may be chosen (R6.2)."""

    earliest: date


@dataclass(frozen=True)
class OutsideGroupDates(Refusal):
    """The start is not among the group's days."""

    start: date
    stop: date


@dataclass(frozen=True)
class TooYoungForProgram(Refusal):
    """The child has not reached the program's age; it will on that day."""

    age_min: int
    age_max: int
    on: date


@dataclass(frozen=True)
class TooOldForProgram(Refusal):
    """The child is older than the program's age."""

    age_min: int
    age_max: int


@dataclass(frozen=True)
class AlreadyEnrolled(Refusal):
    """A live enrollment of the child in the same module, on some of the same days, or a place in the same queue."""

    enrollment: int
    module: int
    state: EnrollmentState


@dataclass(frozen=True)
class OverLimit(Refusal):
    """An accounting certificate has as many live enrollments as the policy allows (R6.2)."""

    limit: int


@dataclass(frozen=True)
class NoFreeSeat(Refusal):
    """All seats of the group are taken (R6.1)."""

    group: int


@dataclass(frozen=True)
class PriceUnknown(Refusal):
    """The provider has not stated the module's price."""

    program: int


@dataclass(frozen=True)
class NotOnCertificate(Refusal):
    """A paid program of a registry that certificates do not pay for: the provider takes children itself."""

    program: int


@dataclass(frozen=True)
class NeedsFunded(Refusal):
    """An accounting certificate opens free and budget programs only (R2.3)."""

    child: int
    queued: bool = False
    """No certificate with money is free: they are waited for in a queue (R2.4)."""


@dataclass(frozen=True)
class PeriodNotOpen(Refusal):
    """No money has been given for that day yet, or any more (R3.4)."""

    start: date


@dataclass(frozen=True)
class NoMoney(Refusal):
    """The certificate has nothing left in that period (R4.8)."""

    child: int
    price: Money


@dataclass(frozen=True)
class NotEnoughMoney(Refusal):
    """The certificate pays a part only, and nobody has agreed to pay the rest."""

    short_by: Money


@dataclass(frozen=True)
class LessonsClash(Refusal):
    """Lessons of these enrollments of the child stand in the way; whoever has seen that may ask all the same."""

    enrollments: tuple[int, ...]


@dataclass(frozen=True)
class DifferentNow(Refusal):
    """The price is not the one that was seen: the balance, the price or the dates have changed (R5.1)."""

    quote: Quote
