"""What the staff asks about enrollments: a group's roster, a search, one enrollment's file, the price before a claim (R6.7)."""

from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import Span
from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_seen import MonthPlanned, Waiting
from bot.domain.lessons import Timetables
from bot.domain.messages import Query, Refusal
from bot.domain.money import Money
from bot.domain.pricing import Installments, Quote

REACHED = frozenset({EnrollmentState.ACCEPTED, EnrollmentState.ACTIVE})
"""Only of these a provider sees a guardian's phone: it has taken the child, and the family is its client."""


@dataclass(frozen=True)
class Learner:
    """One of a group. `last`: the last day, after a notice too; `phone` is a guardian's, where it may be seen."""

    enrollment: int
    child_name: str
    number: str
    state: EnrollmentState
    start: date | None
    last: date | None
    phone: str


@dataclass(frozen=True)
class Roster:
    """A group with all who have a seat in it, by name; an operator sees those whom its municipality pays for."""

    group: int
    name: str
    program: int
    program_name: str
    provider: int
    days: Span
    timetables: Timetables
    address: str
    teacher: str
    seats: int
    taken: int
    today: date
    """In the program's municipality."""
    not_held: tuple[date, ...]
    """Days whose lessons somebody of the group has got back (R5.4)."""
    learners: tuple[Learner, ...]


@dataclass(frozen=True)
class RosterOf(Query[Roster | None]):
    """A group's roster; None if it is not theirs."""

    group: int


@dataclass(frozen=True)
class FindEnrollments(Query[tuple[Waiting, ...]]):
    """My provider's or municipality's enrollments by a child's name or a certificate's number, a state, a group; empty: any. The latest first.

    `skip` and `most` are for pages of a long list.
    """

    words: str = ""
    state: EnrollmentState | None = None
    group: int = 0
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class EnrollmentFile:
    """All that the staff sees of an enrollment. `last_day`: of a notice given today (R5.5), where one can be given."""

    line: Waiting
    child: int
    group: int
    program: int
    provider: int
    stop: date | None
    by: str
    ended_by: str
    reason: str
    phone: str
    certificate: Installments
    parent: Installments
    months: tuple[MonthPlanned, ...]
    held: Money
    last_day: date | None


@dataclass(frozen=True)
class OneForStaff(Query[EnrollmentFile | None]):
    """An enrollment's file; None if it is not theirs."""

    enrollment: int


@dataclass(frozen=True)
class Claimable:
    """What a claim would be (R6.7): the price and its days, no word about the child."""

    start: date
    stop: date
    quote: Quote


@dataclass(frozen=True)
class WeighClaim(Query[Claimable | Refusal]):
    """The gate looked through for a family that is here in person; the co-payment is taken for granted. No start: the first lesson."""

    number: str
    group: int
    start: date | None = None
