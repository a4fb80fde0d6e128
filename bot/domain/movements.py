"""What a parent is told of money, and may ask (R3.9): every movement's fact, the balance, the history; what is to come: forecast.py.

Amounts are above zero; `left` is what the certificate still has to spend in the same period, after the movement.
"""

from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import Month
from bot.domain.ledger import Why
from bot.domain.messages import AboutChild, Query
from bot.domain.money import Money

# --- what has happened ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Moved(AboutChild):
    """A movement of a day; its transfer's key lets it be told once for ever. A reserve is told by its request."""

    day: date
    key: str

    @property
    def cause(self) -> str:
        return self.key


@dataclass(frozen=True)
class Granted(Moved):
    """The nominal of a period came onto the certificate; what is left of it burns on `until` (R3.4, R3.5)."""

    certificate: int
    period: int
    amount: Money
    left: Money
    start: date
    until: date


@dataclass(frozen=True)
class Adjusted(Moved):
    """The nominal (R3.8) or the child's group (R2.5) changed; `amount` is below zero when it went down."""

    certificate: int
    period: int
    amount: Money
    why: Why
    left: Money


@dataclass(frozen=True)
class Charged(Moved):
    """One month was paid to the provider (R5.2, R5.3); `held` is what stays put aside for the same program."""

    enrollment: int
    month: Month
    amount: Money
    held: Money
    left: Money


@dataclass(frozen=True)
class Returned(Moved):
    """Money came back to the certificate (R5.4–R5.7); `month` is set when a month's charge was refunded in part."""

    enrollment: int
    amount: Money
    why: Why
    left: Money
    month: Month | None = None


@dataclass(frozen=True)
class PassedOn(Moved):
    """Money came back when its period was closed already, and went on to the municipality's budget (R3.6)."""

    enrollment: int
    amount: Money
    why: Why
    month: Month | None = None


@dataclass(frozen=True)
class Withdrawn(Moved):
    """The rest of a balance went back to the budget: expiry, freeze, conversion, revocation, age (R3.3)."""

    certificate: int
    period: int
    amount: Money
    why: Why


@dataclass(frozen=True)
class ExpiryWarned(AboutChild):
    """So much burns after `until`, in `days` days (R3.5)."""

    certificate: int
    period: int
    amount: Money
    until: date
    days: int

    @property
    def cause(self) -> str:
        return f"burns:{self.certificate}:{self.period}:{self.days}"


# --- what a parent asks -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PeriodBalance:
    """One period's money of one certificate; burns after `until`. The certificate had `granted`, ± adjustments."""

    period: int
    start: date
    until: date
    available: Money
    held: Money
    charged: Money


@dataclass(frozen=True)
class BalanceSeen:
    """A child's money. No period: an accounting certificate, or nothing was granted yet."""

    child: int
    first_name: str
    certificate: int
    kind: str
    """accounting | funded | pending, while it is not issued | "" without one."""
    periods: tuple[PeriodBalance, ...] = ()

    @property
    def free(self) -> bool:
        """Something is left to choose a club for."""
        return any(period.available for period in self.periods)


@dataclass(frozen=True)
class Balance(Query[BalanceSeen | None]):
    """The balance of a child, period by period, those that are over left out; None if the child is not theirs."""

    child: int


@dataclass(frozen=True)
class Line:
    """One transfer as the history tells it; `amount` is below zero when the certificate got less to spend.

    A charge takes from what was put aside: `amount` is what was paid. `enrollment` and `program` where there is one.
    """

    id: int
    day: date
    why: Why
    amount: Money
    enrollment: int = 0
    program: str = ""
    month: Month | None = None
    disputed: bool = False


@dataclass(frozen=True)
class HistoryPage:
    """Newest first."""

    first_name: str
    lines: tuple[Line, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class History(Query[HistoryPage | None]):
    """What happened to a child's money; None if the child is not theirs."""

    child: int
    page: int = 0


@dataclass(frozen=True)
class ChargeSeen:
    """One month's charge, as the family may question it (R6.8); `may_dispute`: they have the right, and nobody has yet."""

    child: int
    first_name: str
    program: str
    provider: str
    day: date
    amount: Money
    refunded: Money
    disputed: bool
    may_dispute: bool


@dataclass(frozen=True)
class OneCharge(Query[ChargeSeen | None]):
    """A charge of one of my children's enrollments; None if there is none."""

    enrollment: int
    month: Month
