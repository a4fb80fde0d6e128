"""A provider's monthly bill to a municipality, and an advance on it (R4.9, R5.4, R5.10): they print the ledger and move no money."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from bot.domain.calendar import Month
from bot.domain.messages import Command, Fact, Query, Refusal
from bot.domain.money import ZERO, Money


class BillKind(StrEnum):
    BILL = "bill"
    ADVANCE = "advance"


class BillState(StrEnum):
    """A draft is not stored: it is what the ledger says now."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    PAID = "paid"

    @property
    def fixed(self) -> bool:
        """What stands on it stands on no other bill."""
        return self not in (BillState.DRAFT, BillState.RETURNED)


# --- what is seen -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BillLine:
    """One enrollment's month. `charged` and `refunded` of the certificate, `parent`: what the family owes, or a correction of it.

    `cancelled` of `planned` lessons were not held; 0 of 0: all were.
    """

    enrollment: int
    child_name: str
    number: str
    program: str
    group_name: str
    month: Month
    charged: Money
    refunded: Money
    parent: Money
    planned: int = 0
    cancelled: int = 0

    @property
    def completeness(self) -> Fraction:
        """The part of the lessons that was held (R5.4)."""
        return 1 - Fraction(self.cancelled, self.planned) if self.planned else Fraction(1)


@dataclass(frozen=True)
class BillSums:
    """A bill or an advance in a list; an advance's sum is `charged`. `id` 0: a draft."""

    id: int
    kind: BillKind
    provider: int
    provider_name: str
    municipality: int
    municipality_name: str
    month: Month
    state: BillState
    charged: Money
    refunded: Money
    parent: Money
    advance: Money
    words: str = ""
    sent_on: date | None = None
    paid_on: date | None = None

    @property
    def total(self) -> Money:
        """What the lessons of the bill cost the municipality."""
        return self.charged - self.refunded

    @property
    def payable(self) -> Money:
        """What is left after the advance; below zero: the provider has had more than it is due."""
        return self.total - self.advance

    @property
    def completeness(self) -> Fraction:
        """By money: what is left of the charges; nothing where corrections of earlier months outweigh them."""
        left = 1 - Fraction(self.refunded.kopecks, self.charged.kopecks) if self.charged else Fraction(1)
        return max(left, Fraction(0))


@dataclass(frozen=True)
class BillSeen:
    """A bill with its lines. `may_send`: its month is over and there is something on it. `disputed`: enrollments whose charges
    wait for a decision (R5.8)."""

    sums: BillSums
    lines: tuple[BillLine, ...]
    may_send: bool
    disputed: int


@dataclass(frozen=True)
class ListBills(Query[tuple[BillSums, ...]]):
    """A provider's bills with its drafts; an operator's that wait for a decision or a payment. The latest month first.

    `month`: all of that month; `skip` and `most` are for pages of a long list.
    """

    month: Month | None = None
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class OneBill(Query[BillSeen | None]):
    """The bill of a provider to a municipality for a month, also as a draft; None if it is not theirs or there is none."""

    provider: int
    municipality: int
    month: Month


@dataclass(frozen=True)
class Expectation:
    """What a month's charges will be, the most that may be paid in advance of them (R5.10), and what was asked for already."""

    expected: Money
    limit: Money
    asked: BillSums | None = None


@dataclass(frozen=True)
class WeighAdvance(Query[Expectation | None]):
    """How much of a month's bill a provider may ask for in advance; None if it is not theirs."""

    provider: int
    municipality: int
    month: Month


@dataclass(frozen=True)
class Payer:
    """A municipality that a provider has an agreement with; `month`: the one that goes on there."""

    municipality: int
    name: str
    month: Month


@dataclass(frozen=True)
class MyPayers(Query[tuple[Payer, ...]]):
    """Who pays a provider, by name."""


# --- what is wished ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SendBill(Command):
    """The provider sends the bill that it has seen: its total; a returned one again."""

    payer: int
    month: Month
    total: Money


@dataclass(frozen=True)
class AskAdvance(Command):
    """The provider asks for a part of a month's expected charges in advance; a returned one again."""

    payer: int
    month: Month
    amount: Money


@dataclass(frozen=True)
class DecideBill(Command):
    """The operator accepts a bill or an advance, or returns it with words."""

    bill: int
    accepted: bool
    words: str = ""


@dataclass(frozen=True)
class MarkBillPaid(Command):
    """The operator notes that the treasury has paid it, on that day."""

    bill: int
    on: date


# --- what has happened ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BillSent(Fact):
    """It waits for the operator."""

    bill: int
    total: Money


@dataclass(frozen=True)
class BillDecided(Fact):
    """Accepted, or back at the provider."""

    bill: int
    accepted: bool


@dataclass(frozen=True)
class BillPaid(Fact):
    """It was paid on that day."""

    bill: int
    on: date


# --- why not ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthNotOver(Refusal):
    """A bill is sent when its month is over; an advance is asked for the month that goes on, or the next."""

    month: Month


@dataclass(frozen=True)
class NothingToBill(Refusal):
    """Nothing was charged or returned that stands on no other bill."""

    month: Month


@dataclass(frozen=True)
class BillChanged(Refusal):
    """The total is another one than was seen."""

    total: Money


@dataclass(frozen=True)
class BillIs(Refusal):
    """The bill is in another state than this takes."""

    state: BillState


@dataclass(frozen=True)
class AdvanceOverLimit(Refusal):
    """More than the policy's share of the expected charges (R5.10), or nothing at all."""

    limit: Money


@dataclass(frozen=True)
class WordsNeeded(Refusal):
    """A bill is returned with words: the provider must know what to mend."""

    bill: int


@dataclass(frozen=True)
class BillGone(Refusal):
    """An advance is not accepted any more when its month's bill has been sent."""

    month: Month


@dataclass(frozen=True)
class PaidInFuture(Refusal):
    """Nothing is paid tomorrow, nor before it was sent."""

    on: date


def limit_of(expected: Money, percent: int) -> Money:
    """The most of a bill that may be paid in advance, down to the kopeck (R5.10)."""
    return max(expected, ZERO).floor_share(percent, 100)
