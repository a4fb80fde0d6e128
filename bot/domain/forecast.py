"""The calendar of money: what will be charged when up to the period's end, what then burns, what leaving would change.

Nothing here decides: the sums are those of the ledger's own functions (R4, R5), looked at ahead of time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import Month
from bot.domain.enrollment import EnrollmentState, last_day
from bot.domain.ledger import charges_due
from bot.domain.messages import Query
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Installments, reprice


@dataclass(frozen=True)
class Expected:
    """What a month takes on `day` from what is put aside, and what the family pays the provider itself by `pay_by` (R4.9).

    `back`: comes back at once, for lessons of that month that the provider has called off already (R5.4).
    """

    month: Month
    enrollment: int
    program: str
    certificate: Money
    parent: Money
    day: date
    pay_by: date
    back: Money = ZERO
    settled: bool = True
    """The contract stands; else it is a request that waits for an answer."""


@dataclass(frozen=True)
class PurseAhead:
    """A period's money: free now, put aside now, and what is free, and burns, after `until` if nothing else is chosen."""

    period: int
    start: date
    until: date
    available: Money
    held: Money
    burns: Money


@dataclass(frozen=True)
class Leaving:
    """What leaving today would change. `last`: the last day (R5.5); none where everything is just given back (R5.6).

    `due` is charged before that (R5.3), less what of it comes back for lessons called off; `returns` comes back at once,
    `left` is free then and burns after `until` (R3.5).
    """

    enrollment: int
    program: str
    last: date | None
    due: Money
    returns: Money
    left: Money
    until: date | None


@dataclass(frozen=True)
class ForecastSeen:
    """The payments to come in the order of their days, the periods that are not over, and what leaving would change."""

    child: int
    first_name: str
    expected: tuple[Expected, ...]
    purses: tuple[PurseAhead, ...] = ()
    leaving: tuple[Leaving, ...] = ()


@dataclass(frozen=True)
class Forecast(Query[ForecastSeen | None]):
    """The calendar of a child's money; None if the child is not theirs."""

    child: int


@dataclass(frozen=True)
class Running:
    """An enrollment that money is put aside for, as its row and its charges tell it."""

    id: int
    program: str
    state: EnrollmentState
    start: date
    stop: date
    certificate: Installments
    parent: Installments
    concluded_on: date | None
    ends_on: date | None
    charged: Collection[Month]
    held: Money
    disputed: bool
    cancelled: Mapping[Month, tuple[int, int]]
    """Month → (cancelled, planned) lessons."""


def to_come(one: Running, today: date, pay_day: int) -> list[Expected]:
    """The months to come, and earlier ones not charged yet, as if what is asked for comes true today.

    The certificate pays no more than what is put aside (R5.3), the family only for months not over yet (R4.9).
    """
    expected: list[Expected] = []
    held, this = one.held, Month.of(today)
    for (month, part), (_month, own) in zip(one.certificate.plan(one.start), one.parent.plan(one.start), strict=True):
        if one.ends_on is not None and month.first > one.ends_on:
            break
        part = ZERO if month in one.charged else min(part, held)
        held -= part
        lessons = one.cancelled.get(month)
        back = part.floor_share(*lessons) if lessons else ZERO
        own = reprice(own, *lessons) if lessons else own
        own = own if month >= this else ZERO
        if part or own:
            day = max(one.start, month.first, one.concluded_on or today, today)
            pay_by = month.next.first.replace(day=pay_day)
            settled = one.state is EnrollmentState.ACTIVE
            expected.append(Expected(month, one.id, one.program, part, own, day, pay_by, back, settled))
    return expected


def leaving(one: Running, today: date, available: Money, until: date | None) -> Leaving | None:
    """What a withdrawal or a notice given today would do (R5.5, R5.6); None where the family has nothing to leave.

    While a dispute is open the money waits for its decision (R5.8).
    """
    begun = one.state is EnrollmentState.ACTIVE and one.start <= today
    may_give_back = one.state in (EnrollmentState.REQUESTED, EnrollmentState.ACCEPTED, EnrollmentState.ACTIVE)
    if one.ends_on is not None or not may_give_back:
        return None
    last = last_day(today, one.stop) if begun else None
    if one.disputed:
        return Leaving(one.id, one.program, last, ZERO, ZERO, available, until)
    charged, back = _due(one, today) if begun else (ZERO, ZERO)
    returns = one.held - charged
    return Leaving(one.id, one.program, last, charged - back, returns, available + returns + back, until)


def _due(one: Running, today: date) -> tuple[Money, Money]:
    """What is charged first, and what of that comes back at once."""
    parts = one.certificate.first, one.certificate.other
    concluded = one.concluded_on or today
    owed = charges_due(*parts, one.start, one.stop, concluded, one.charged, today, one.held)
    back = sum((part.floor_share(*one.cancelled[month]) for month, part in owed if month in one.cancelled), ZERO)
    return sum((part for _month, part in owed), ZERO), back


def burning(available: Money, runnings: Iterable[tuple[Running, date]]) -> Money:
    """What is free after the period's last day if nothing else is chosen, and burns (R3.5, R5.9).

    Whatever the months to come do not take returns first (R5.6); what is disputed waits (R5.8). Each with its today.
    """
    rest = available
    for one, today in runnings:
        if not one.disputed:
            ahead = to_come(one, today, 1)
            rest += one.held - sum((each.certificate - each.back for each in ahead), ZERO)
    return rest
