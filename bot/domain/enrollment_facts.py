"""What has happened to an enrollment (R6), in the order of its life."""

from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import Month
from bot.domain.messages import AboutChild, Fact
from bot.domain.money import ZERO, Money


@dataclass(frozen=True)
class Requested(AboutChild):
    """The seat is taken and the money held; the provider answers by that day. `needs_yes`: a guardian first (R1.3)."""

    enrollment: int
    amount: Money
    left: Money
    answer_by: date
    needs_yes: bool = False


@dataclass(frozen=True)
class RequestApproved(AboutChild):
    """The guardian said yes; the provider answers by that day."""

    enrollment: int
    answer_by: date


@dataclass(frozen=True)
class RequestWithdrawn(AboutChild):
    """The seat was given back before the first day; what was held has returned. `by` as in NoticeGiven."""

    enrollment: int
    by: str
    reason: str
    amount: Money
    left: Money


@dataclass(frozen=True)
class RequestRefused(AboutChild):
    """Not taken: the provider's words, or a Reason."""

    enrollment: int
    reason: str


@dataclass(frozen=True)
class OfferMade(AboutChild):
    """The provider takes the child; the family accepts by that day."""

    enrollment: int
    until: date


@dataclass(frozen=True)
class OfferRevoked(AboutChild):
    """The provider took its offer back."""

    enrollment: int
    reason: str


@dataclass(frozen=True)
class Concluded(AboutChild):
    """The contract stands: learning from `start` on."""

    enrollment: int
    start: date
    on_paper: bool = False


@dataclass(frozen=True)
class NoticeGiven(AboutChild):
    """The enrollment ends on `last`; `amount` has returned (R5.5). `by`: guardian | provider | municipality | system."""

    enrollment: int
    by: str
    reason: str
    last: date
    amount: Money
    left: Money


@dataclass(frozen=True)
class EnrollmentEnded(AboutChild):
    """The last day after a notice is over."""

    enrollment: int


@dataclass(frozen=True)
class ProgramEnded(AboutChild):
    """The enrollment was completed; it may be rated (R7)."""

    enrollment: int


@dataclass(frozen=True)
class GroupSwitched(AboutChild):
    """The child is in another group of the module now (R6.9)."""

    enrollment: int
    group: int


@dataclass(frozen=True)
class Claimed(AboutChild):
    """A provider says that the family enrolled in person (R6.7); the family answers by that day.

    `own`: what it pays the provider itself.
    """

    enrollment: int
    amount: Money
    left: Money
    until: date
    own: Money = ZERO


@dataclass(frozen=True)
class ClaimConfirmed(AboutChild):
    """It was them; the contract is to be concluded by that day."""

    enrollment: int
    until: date


@dataclass(frozen=True)
class ClaimDenied(AboutChild):
    """It was not them: the seat is free and the money back."""

    enrollment: int
    amount: Money
    left: Money


@dataclass(frozen=True)
class DisputeOpened(AboutChild):
    """The operator looks into it; meanwhile nothing is charged (R5.8)."""

    enrollment: int


@dataclass(frozen=True)
class DisputeDecided(AboutChild):
    """Upheld: every charge was refunded (R5.7). Rejected: the charges go on."""

    enrollment: int
    upheld: bool
    reason: str
    amount: Money


@dataclass(frozen=True)
class LessonsCancelled(Fact):
    """So many children got so much back (R5.4); each family is told by the return itself."""

    group: int
    children: int
    amount: Money


@dataclass(frozen=True)
class RequestOverdue(AboutChild):
    """The provider has not answered in time; the operator sees it."""

    enrollment: int


@dataclass(frozen=True)
class OfferOverdue(AboutChild):
    """The family has not accepted the offer in time; it still may, and the provider may take it back."""

    enrollment: int


@dataclass(frozen=True)
class ClaimOverdue(AboutChild):
    """The family has not answered a claim; the operator clears it up."""

    enrollment: int


@dataclass(frozen=True)
class ProgramStarts(AboutChild):
    """Learning begins tomorrow."""

    enrollment: int
    start: date

    @property
    def cause(self) -> str:
        return f"starts:{self.enrollment}"


@dataclass(frozen=True)
class ParentPaymentDue(AboutChild):
    """The family's own part of a month, to be paid to the provider by that day (R4.9)."""

    enrollment: int
    month: Month
    amount: Money
    by: date

    @property
    def cause(self) -> str:
        return f"pay:{self.enrollment}:{self.month}"
