"""A renewal (R6.12): an enrollment never crosses a period's end, so its continuation is offered before."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import ProductionCalendar
from bot.domain.enrollment_seen import GroupOpen
from bot.domain.messages import AboutChild, Command, Query, Refusal
from bot.domain.money import Money
from bot.domain.policy import Policy
from bot.domain.pricing import Quote

REMINDED_DAYS = 2
"""Days before the deadline on which a family that has not answered is reminded."""


@dataclass(frozen=True)
class Window:
    """The days around a period's end on which renewals are offered, reminded of, and lapse."""

    offered_from: date
    deadline: date

    @property
    def reminded_on(self) -> date:
        return self.deadline - timedelta(days=REMINDED_DAYS)


def window(stop: date, policy: Policy, calendar: ProductionCalendar) -> Window:
    """R6.12 for a period that ends on `stop`: at least so many working days (PP) before; answered up to the deadline (PP)."""
    deadline = stop - timedelta(days=policy.renewal_deadline_days)
    offered_from = calendar.subtract_working_days(deadline, policy.renewal_offer_working_days)
    return Window(offered_from, deadline)


# --- what is wished ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AcceptRenewal(Command):
    """«We stay», at the price that was `seen`; the staff, who have it on paper, take the price as it is."""

    enrollment: int
    seen: Quote | None = None
    pays: bool = False


@dataclass(frozen=True)
class DeclineRenewal(Command):
    """«We do not stay»; or the provider does not go on with this child, and says why."""

    enrollment: int
    reason: str = ""


# --- what has happened ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RenewalOffered(AboutChild):
    """The child's seat is kept for the next period, if the family says so by that day."""

    enrollment: int
    until: date


@dataclass(frozen=True)
class RenewalReminded(AboutChild):
    """No answer yet: without one there is no renewal."""

    enrollment: int
    until: date

    @property
    def cause(self) -> str:
        return f"renewal:{self.enrollment}:{self.until}"


@dataclass(frozen=True)
class RenewalConcluded(AboutChild):
    """The child stays from `start` on; the money of the next period is set aside."""

    enrollment: int
    start: date
    amount: Money
    left: Money


@dataclass(frozen=True)
class RenewalDeclined(AboutChild):
    """The child does not stay. `by` and `reason` as in NoticeGiven."""

    enrollment: int
    by: str
    reason: str


@dataclass(frozen=True)
class RenewalLapsed(AboutChild):
    """Nobody answered in time: no renewal, the seat is free after the last day."""

    enrollment: int


# --- why not ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NothingToContinue(Refusal):
    """The enrollment that it would continue has ended, or ends early."""

    enrollment: int


@dataclass(frozen=True)
class NoNextPeriod(Refusal):
    """The municipality has not planned the next period."""

    after: date


# --- what is asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RenewalSeen:
    """What staying would mean. `refusal`: why it cannot be accepted now; then there is no price. `left` is after it."""

    id: int
    child_name: str
    program: int
    program_name: str
    provider: str
    group: GroupOpen
    start: date
    stop: date
    until: date
    decides: bool
    quote: Quote | None
    left: Money
    refusal: Refusal | None


@dataclass(frozen=True)
class OneRenewal(Query[RenewalSeen | None]):
    """A renewal that waits for an answer, of one of my children; None if there is none."""

    enrollment: int


@dataclass(frozen=True)
class GoingOn:
    """A running enrollment whose group goes on after the period, for the staff. `why`: nothing can be offered now."""

    id: int
    number: str
    child_name: str
    program: str
    group: str
    stop: date
    renewal: int
    state: str
    """Of the renewal; empty where none was offered yet."""
    until: date | None
    why: Refusal | None


@dataclass(frozen=True)
class ListRenewals(Query[tuple[GoingOn, ...]]):
    """All of my provider or municipality; `skip` and `most` are for pages of a long list."""

    skip: int = 0
    most: int | None = None
