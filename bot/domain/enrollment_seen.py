"""What is asked about enrollments: what a family may choose, what it has, what the staff has to decide."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.domain.calendar import Month, Span
from bot.domain.clashes import Clash
from bot.domain.enrollment import EnrollmentState
from bot.domain.forecast import Leaving
from bot.domain.lessons import Lesson
from bot.domain.messages import Query, Refusal
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Installments, Quote


@dataclass(frozen=True)
class GroupOpen:
    """A group as a family chooses it."""

    id: int
    module: str
    name: str
    days: Span
    timetable: tuple[Lesson, ...]
    address: str
    free: int
    is_open: bool


@dataclass(frozen=True)
class GroupsOf(Query[tuple[GroupOpen, ...]]):
    """The groups of a program that are not over yet, the soonest first; those that take nobody now are marked."""

    program: int


@dataclass(frozen=True)
class Offered:
    """What a request would be (R6.4). `left` is the balance after it."""

    child: int
    child_name: str
    program: int
    program_name: str
    provider: str
    group: GroupOpen
    start: date
    stop: date
    earliest: date
    """The first day that may be chosen."""
    quote: Quote
    left: Money
    free_of_charge: bool
    needs_yes: bool
    """Whoever looks is the child itself: a guardian's yes comes first (R1.3)."""
    answer_days: int
    pay_day: int
    clashes: tuple[Clash, ...] = ()
    """Lessons of the child that stand in the way: sent only by whoever says «all the same»."""
    torn: tuple[Clash, ...] = ()
    """Lessons of brothers and sisters to which the same adult cannot bring them both."""
    granted: Money = ZERO
    """What the certificate gets with this request, being the first (R2.3); `left` is reckoned with it."""


@dataclass(frozen=True)
class WeighRequest(Query[Offered | Refusal]):
    """The gate, looked through: what a request would be, or why not. No start: the first lesson from tomorrow on.

    `offer`: the place in the waiting list whose seat would be taken (R6.11).
    """

    child: int
    group: int
    start: date | None = None
    offer: int = 0


@dataclass(frozen=True)
class EnrollmentLine:
    """One of my children's enrollments, in a list."""

    id: int
    child_name: str
    program: str
    state: EnrollmentState
    start: date | None
    stop: date | None
    ends_on: date | None
    needs_yes: bool = False


@dataclass(frozen=True)
class MyEnrollments(Query[tuple[EnrollmentLine, ...]]):
    """The enrollments of all my children: what waits for the family first, then the living, then the ended ones."""


@dataclass(frozen=True)
class MonthPlanned:
    """A month of an enrollment. `charged`: what the certificate has paid, `refunded` of it; None: not due yet."""

    month: Month
    certificate: Money
    parent: Money
    charged: Money | None = None
    refunded: Money = ZERO


@dataclass(frozen=True)
class EnrollmentSeen:
    """An enrollment's card."""

    id: int
    child: int
    child_name: str
    program: int
    program_name: str
    provider: str
    provider_phone: str
    group: GroupOpen | None
    state: EnrollmentState
    rights: Literal["full", "read", "self"]
    by: str
    """guardian | provider: who made it."""
    start: date | None
    stop: date | None
    until: date | None
    ends_on: date | None
    ended_by: str
    reason: str
    overdue: bool
    needs_yes: bool
    disputed: bool
    certificate: Installments
    parent: Installments
    months: tuple[MonthPlanned, ...]
    held: Money
    begun: bool
    """Its first day has come."""
    pay_day: int
    may_rate: bool
    other_groups: int
    """Groups of the same module with a seat (R6.9)."""
    place: int = 0
    """In the waiting list."""
    skipped: bool = False
    """A seat was skipped before: the place in the list is not kept again (R6.11)."""
    offer_until: datetime | None = None
    """The offered seat is kept until then, local time."""
    leaving: Leaving | None = None
    """What leaving today would change; None where there is nothing to leave."""

    @property
    def last_day(self) -> date | None:
        """Of a notice given today (R5.5); None where there is nothing to give notice of."""
        return self.leaving.last if self.leaving is not None else None


@dataclass(frozen=True)
class OneEnrollment(Query[EnrollmentSeen | None]):
    """An enrollment of one of my children; None if it is not."""

    enrollment: int


@dataclass(frozen=True)
class GroupsToSwitch(Query[tuple[GroupOpen, ...]]):
    """Other groups of the same module with a free seat and days that fit (R6.9); none if it is not mine."""

    enrollment: int


@dataclass(frozen=True)
class Switched:
    """What a switch would be: the group now and then, what stays put aside, and what clashes then (as in Offered)."""

    program: str
    before: GroupOpen
    after: GroupOpen
    held: Money
    clashes: tuple[Clash, ...] = ()
    torn: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class WeighSwitch(Query[Switched | None]):
    """A switch to one of GroupsToSwitch, looked through; None if it is not among them any more."""

    enrollment: int
    group: int


@dataclass(frozen=True)
class Waiting:
    """What waits for the staff."""

    id: int
    state: EnrollmentState
    number: str
    child_name: str
    program: str
    group: str
    start: date | None
    until: date | None
    overdue: bool
    needs_yes: bool
    disputed: bool
    ends_on: date | None


@dataclass(frozen=True)
class ListRequests(Query[tuple[Waiting, ...]]):
    """Requests, claims, offers and disputes of my provider or municipality with their clocks, the oldest first.

    `overdue`: only those past their clock or disputed. `running`: the active ones instead.
    """

    overdue: bool = False
    running: bool = False
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class DisputeSeen:
    """«This was not us» as the operator reads it; `month` None: on the whole enrollment."""

    enrollment: int
    month: Month | None
    words: str
    by: str
    """Who opened it, by name."""
    opened_at: datetime
    """The municipality's time."""


@dataclass(frozen=True)
class OneDispute(Query[DisputeSeen | None]):
    """The open dispute of an enrollment that the operator's municipality pays for; None if there is none."""

    enrollment: int
