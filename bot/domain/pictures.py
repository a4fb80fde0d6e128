"""What a family may have drawn: the year's balance as a chart, a statement, the certificate as a card. A picture is values until it is sent."""

from dataclasses import dataclass
from datetime import date

from bot.domain.messages import Query
from bot.domain.money import Money
from bot.domain.movements import Line


@dataclass(frozen=True)
class Picture:
    """Drawn outside of every transaction, in the reader's language (bot/pictures)."""


@dataclass(frozen=True)
class Step:
    """From this day on so much was free."""

    day: date
    free: Money


@dataclass(frozen=True)
class BalanceChart(Picture):
    """A period's free money through the days, with what it has become by `today`."""

    first_name: str
    start: date
    until: date
    today: date
    steps: tuple[Step, ...]
    free: Money
    held: Money
    charged: Money


@dataclass(frozen=True)
class Statement(Picture):
    """Every movement of a period, the oldest first, and what they have come to."""

    name: str
    number: str
    municipality: str
    start: date
    until: date
    today: date
    lines: tuple[Line, ...]
    free: Money
    held: Money
    charged: Money


@dataclass(frozen=True)
class CertificateCard(Picture):
    """What is shown at a provider's desk. `link` is for its scanner, opaque; empty where the office has no address."""

    name: str
    number: str
    group: str
    valid_until: date | None
    link: str


@dataclass(frozen=True)
class ChartOf(Query[BalanceChart | None]):
    """The period that runs, or the next one; None without money, or if the child is not the reader's to see."""

    child: int


@dataclass(frozen=True)
class StatementOf(Query[Statement | None]):
    """As ChartOf."""

    child: int
