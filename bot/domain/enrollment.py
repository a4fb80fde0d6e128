"""An enrollment: one record that moves from a request to the end of the learning (R6). Its states, and what is wished about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.calendar import Month
from bot.domain.messages import Command
from bot.domain.pricing import Quote


class EnrollmentState(StrEnum):
    """R6; the end of each is in LEADS_TO."""

    REQUESTED = "requested"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    RENEWAL_OFFERED = "renewal_offered"
    LEFT = "left"
    LAPSED = "lapsed"


S = EnrollmentState
LEADS_TO: Mapping[EnrollmentState, frozenset[EnrollmentState]] = {
    S.REQUESTED: frozenset({S.ACCEPTED, S.REFUSED, S.WITHDRAWN}),
    S.CLAIMED: frozenset({S.ACCEPTED, S.REFUSED}),
    S.ACCEPTED: frozenset({S.ACTIVE, S.REFUSED, S.WITHDRAWN}),
    S.ACTIVE: frozenset({S.COMPLETED, S.TERMINATED, S.WITHDRAWN}),
    S.WAITLISTED: frozenset({S.OFFERED, S.LEFT}),
    S.OFFERED: frozenset({S.REQUESTED, S.WAITLISTED, S.LEFT, S.LAPSED}),
    S.RENEWAL_OFFERED: frozenset({S.ACTIVE, S.LEFT, S.LAPSED}),
    **dict.fromkeys((S.COMPLETED, S.TERMINATED, S.REFUSED, S.WITHDRAWN, S.LEFT, S.LAPSED), frozenset()),
}
"""Which state may follow which; the final ones lead nowhere."""
SEATED = frozenset({S.REQUESTED, S.CLAIMED, S.ACCEPTED, S.ACTIVE, S.OFFERED, S.RENEWAL_OFFERED})
"""They have a seat (R6.1); the active ones to their last day."""
OPEN = frozenset({S.REQUESTED, S.CLAIMED, S.ACCEPTED})
"""Not concluded yet: money is held, nothing is charged."""
LIVING = SEATED | {S.WAITLISTED}


class Reason(StrEnum):
    """Why an enrollment ended, where nobody wrote a reason in words of their own."""

    STALE = "stale"
    PERIOD_ENDED = "period_ended"
    NO_YES = "no_yes"
    NOT_US = "not_us"
    DISPUTE = "dispute"
    AGREEMENT_ENDED = "agreement_ended"
    PROVIDER_CLOSED = "provider_closed"
    FREEZE = "freeze"
    REVOCATION = "revocation"
    MOVED_AWAY = "moved_away"
    EIGHTEEN = "eighteen"
    NO_ANSWER = "no_answer"
    NOT_TAKEN = "not_taken"
    GROUP_OVER = "group_over"
    NOT_CONTINUED = "not_continued"
    GROUP_FULL = "group_full"
    OTHER_LEVEL = "other_level"
    NO_CONTACT = "no_contact"
    FAMILY_ASKED = "family_asked"
    NOT_COMING = "not_coming"
    GROUP_CLOSES = "group_closes"


REFUSING = (Reason.GROUP_FULL, Reason.OTHER_LEVEL, Reason.NO_CONTACT, Reason.FAMILY_ASKED, Reason.GROUP_CLOSES)
"""What a provider may choose from when it refuses a request or takes an offer back; else it writes its own words."""
ENDING = (Reason.FAMILY_ASKED, Reason.NOT_COMING, Reason.GROUP_CLOSES)
"""And when it ends an enrollment."""


def last_day(notice: date, stop: date) -> date:
    """The last day after a notice: the end of its month, or the enrollment's own end if that comes first (R5.5)."""
    return min(Month.of(notice).last, stop)


# --- what is wished ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RequestEnrollment(Command):
    """Ask for a seat (R6.2, R5.1) at the price that was `seen`; `pays`: the family agreed to its part (R6.4).

    `all_the_same`: it has seen what its lessons clash with.
    """

    child: int
    group: int
    start: date
    seen: Quote
    pays: bool = False
    all_the_same: bool = False


@dataclass(frozen=True)
class ApproveRequest(Command):
    """A guardian's yes to a request by a child from 14 (R1.3)."""

    enrollment: int


@dataclass(frozen=True)
class WithdrawRequest(Command):
    """The family does not want the seat any more: a request, an offer, or an enrollment that has not begun (R5.5)."""

    enrollment: int


@dataclass(frozen=True)
class AcceptRequest(Command):
    """The provider takes the child: an offer to the family."""

    enrollment: int


@dataclass(frozen=True)
class RefuseRequest(Command):
    """The provider does not take the child."""

    enrollment: int
    reason: str


@dataclass(frozen=True)
class ConcludeOffer(Command):
    """The guardian's acceptance of the offer (акцепт), in the chat."""

    enrollment: int


@dataclass(frozen=True)
class ConcludeOnPaper(Command):
    """The contract was signed on paper; entered by the provider."""

    enrollment: int


@dataclass(frozen=True)
class RevokeOffer(Command):
    """The provider takes its offer back."""

    enrollment: int
    reason: str


@dataclass(frozen=True)
class EndEnrollment(Command):
    """A notice (R5.5), by the family; `last` is the last day that was shown to them."""

    enrollment: int
    last: date


@dataclass(frozen=True)
class TerminateEnrollment(Command):
    """A notice (R5.5), by the provider or the municipality."""

    enrollment: int
    reason: str


@dataclass(frozen=True)
class SwitchGroup(Command):
    """Another group of the same module; the money stays (R6.9). `all_the_same` as in RequestEnrollment."""

    enrollment: int
    group: int
    all_the_same: bool = False


@dataclass(frozen=True)
class ClaimEnrollment(Command):
    """A family came in person: the provider enters it by the certificate's number (R6.7).

    `pays`: the family agreed on the spot to its part of the price.
    """

    number: str
    group: int
    start: date
    pays: bool = False


@dataclass(frozen=True)
class ConfirmClaim(Command):
    """«Yes, that was us»; or the operator has seen it on paper."""

    enrollment: int


@dataclass(frozen=True)
class DenyClaim(Command):
    """«This was not us»."""

    enrollment: int


@dataclass(frozen=True)
class OpenDispute(Command):
    """«This was not us», on an enrollment or on the charge of a month (R6.8)."""

    enrollment: int
    month: Month | None = None
    words: str = ""


@dataclass(frozen=True)
class DecideDispute(Command):
    """The operator's decision: upheld refunds everything, rejected lets the charges go on (R5.8)."""

    enrollment: int
    upheld: bool
    reason: str


@dataclass(frozen=True)
class CancelLessons(Command):
    """Lessons of a group that the provider did not hold (R5.4).

    `days` are taken from the timetable that held on each; a group without one gets both numbers, for the `month`, once for
    a `cause`.
    `enrollment`: for this child of the group only.
    """

    group: int
    days: tuple[date, ...] = ()
    month: Month | None = None
    cancelled: int = 0
    planned: int = 0
    cause: str = ""
    enrollment: int = 0
