"""What a municipality reports of itself, and a region of its municipalities (R10): questions, and answers ready to draw.

A question's `municipality` is 0 for all that whoever asks may see; its `span` is a funding period's first and last day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.calendar import Month, Span
from bot.domain.certificate import CertificateState
from bot.domain.enrollment import EnrollmentState
from bot.domain.ledger import AccountKind, Why
from bot.domain.messages import Query
from bot.domain.money import ZERO, Money
from bot.domain.municipality import Place
from bot.domain.rating import STARS

# --- of what a report is ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NamedSpan:
    """A funding period as its municipalities call it."""

    name: str
    span: Span


@dataclass(frozen=True)
class Scope:
    """What may be chosen: municipalities by name, periods with the latest first, and the period of today."""

    places: tuple[Place, ...]
    spans: tuple[NamedSpan, ...]
    now: Span


@dataclass(frozen=True)
class ReadScope(Query[Scope]):
    """Of what may I see reports?"""


def chosen_span(spans: Sequence[NamedSpan], today: date) -> Span:
    """The period of a day; else the latest that has begun, else the first that will; where there is none, the year."""
    found = [each.span for each in spans]
    begun = [span for span in found if span.start <= today]
    if inside := [span for span in begun if today in span]:
        return inside[0]
    if begun:
        return max(begun)
    return min(found, default=Span(date(today.year, 1, 1), date(today.year, 12, 31)))


# --- coverage ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Covered:
    """Children of one kind: how many live there (None: not known), have a certificate, and use it in the period.

    `key` is a district's or municipality's id, an age, f | m, a direction; `name` a place's. No key: not told.
    """

    key: str
    name: str
    living: int | None
    holders: int
    using: int

    @property
    def percent(self) -> float | None:
        """Coverage (R10.1): those who use it of those who live there; of those not told apart it would say nothing."""
        return 100 * self.using / self.living if self.key and self.living else None


@dataclass(frozen=True)
class CoverageSeen:
    """R10.1. `using` a certificate is to learn on it on a day of the span; ages are those of `day`.

    A child learns in several directions and is counted in each; of `directions` the living are all children. `goals` are
    the municipalities' policies, the lowest and the highest.
    """

    day: date
    all: Covered
    places: tuple[Covered, ...]
    districts: tuple[Covered, ...]
    ages: tuple[Covered, ...]
    sexes: tuple[Covered, ...]
    directions: tuple[Covered, ...]
    goals: tuple[int, int]
    years: tuple[int, ...]
    """Of which years the population is told."""


@dataclass(frozen=True)
class Coverage(Query[CoverageSeen]):
    """Which part of the children uses a certificate?"""

    span: Span
    municipality: int = 0


# --- money ------------------------------------------------------------------------------------------------------------


class Flow(StrEnum):
    """What a transfer is in a report (R10.1)."""

    GRANTED = "granted"
    HELD = "held"
    CHARGED = "charged"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    RETURNED = "returned"


def flow(source: AccountKind, target: AccountKind, why: Why) -> tuple[Flow, int]:
    """What a transfer is, and with which sign: a lowered nominal is a grant less, what leaves a hold unpaid is held less."""
    match source, target:
        case (AccountKind.BUDGET, AccountKind.CERTIFICATE):
            return (Flow.RETURNED, -1) if why is Why.REVERSAL else (Flow.GRANTED, 1)
        case (AccountKind.CERTIFICATE, AccountKind.BUDGET):
            if why in (Why.NOMINAL, Why.CATEGORY, Why.REVERSAL):
                return Flow.GRANTED, -1
            return (Flow.EXPIRED if why is Why.EXPIRY else Flow.RETURNED), 1
        case (AccountKind.CERTIFICATE, AccountKind.HOLD):
            return Flow.HELD, 1
        case (AccountKind.HOLD, AccountKind.CERTIFICATE):
            return Flow.HELD, -1
        case (AccountKind.HOLD, AccountKind.PROVIDER):
            return Flow.CHARGED, 1
        case (AccountKind.PROVIDER, AccountKind.HOLD):
            return Flow.CHARGED, -1
        case (AccountKind.PROVIDER, AccountKind.CERTIFICATE):
            return Flow.REFUNDED, 1
        case (AccountKind.CERTIFICATE, AccountKind.PROVIDER):
            return Flow.REFUNDED, -1
    raise ValueError(f"money does not go from {source} to {target}")


@dataclass(frozen=True)
class Sums:
    """What has moved in a time, and where it is at its end: all that was granted = paid + on hold + free + expired + returned."""

    granted: Money = ZERO
    charged: Money = ZERO
    refunded: Money = ZERO
    expired: Money = ZERO
    returned: Money = ZERO
    """To the budget for another reason: a freeze, a conversion, a revocation."""
    paid: Money = ZERO
    """With the providers at the end."""
    on_hold: Money = ZERO
    """Put aside for what is planned (R5.1)."""
    free: Money = ZERO
    """On the certificates."""


Flows = Mapping[Flow, int]
"""Kopecks by what they are."""


def running(times: Sequence[Flows]) -> list[Sums]:
    """Each time's movements, and where the money is after it."""
    paid = on_hold = free = 0
    found = []
    for flows in times:
        granted, held, charged, refunded, expired, returned = (flows.get(each, 0) for each in Flow)
        paid += charged - refunded
        on_hold += held - charged
        free += granted - held + refunded - expired - returned
        found.append(Sums(*map(Money, (granted, charged, refunded, expired, returned, paid, on_hold, free))))
    return found


@dataclass(frozen=True)
class MoneySeen:
    """R10.1, of the funding periods that overlap the span; months from the first movement to the last."""

    all: Sums
    months: tuple[tuple[Month, Sums], ...]
    places: tuple[tuple[Place, Sums], ...]


@dataclass(frozen=True)
class MoneyByMonth(Query[MoneySeen]):
    """What was granted, held, charged, refunded, expired?"""

    span: Span
    municipality: int = 0


# --- requests ---------------------------------------------------------------------------------------------------------

WAITS = (1, 5, 10)
"""Full days up to which a wait belongs to the first, second, third kind; longer ones to the last."""
Waiting = CertificateState | EnrollmentState
WAITING: tuple[Waiting, ...] = (
    CertificateState.SUBMITTED,
    CertificateState.AWAITING_VISIT,
    EnrollmentState.REQUESTED,
    EnrollmentState.CLAIMED,
    EnrollmentState.ACCEPTED,
    EnrollmentState.WAITLISTED,
    EnrollmentState.OFFERED,
)
"""States in which somebody waits for somebody: applications first, then enrollments."""


@dataclass(frozen=True)
class Waits:
    """How many wait in a state or municipality, by how long they do, and how many of them are overdue (R2.8, R2.7, R6)."""

    of: Waiting | Place
    by_days: tuple[int, ...]
    overdue: int

    @property
    def count(self) -> int:
        return sum(self.by_days)


@dataclass(frozen=True)
class RequestsSeen:
    """What waits now, in the order of WAITING and by municipality; the enrollments that were to begin in the span, by state."""

    waiting: tuple[Waits, ...] = ()
    places: tuple[Waits, ...] = ()
    became: tuple[tuple[EnrollmentState, int], ...] = ()


@dataclass(frozen=True)
class RequestsByState(Query[RequestsSeen]):
    """Who waits, for what and how long?"""

    span: Span
    municipality: int = 0


# --- ratings ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RatedProvider:
    """A provider with the ratings of its programs in the municipality (R7.4): how many of each number of stars, 1 to 5."""

    id: int
    name: str
    place: str
    stars: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(self.stars)

    @property
    def score(self) -> float | None:
        total = sum(number * stars for number, stars in zip(self.stars, STARS, strict=True))
        return total / self.count if self.count else None


@dataclass(frozen=True)
class ProvidersByRating(Query[tuple[RatedProvider, ...]]):
    """R10.2: the best first, those that nobody has rated last."""

    municipality: int = 0


# --- what is left undone ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Undone:
    """R10.2: how much of each list a municipality has."""

    place: Place
    applications: int
    """Overdue (R2.8)."""
    unvisited: int
    """Accepted, originals not shown yet (R2.7)."""
    requests: int
    """Overdue (R6)."""
    disputes: int
    programs: int
    """Without a price or a timetable."""


@dataclass(frozen=True)
class WhatIsUndone(Query[tuple[Undone, ...]]):
    """What do the municipalities still have to do?"""

    municipality: int = 0
