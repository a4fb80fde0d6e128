"""What the staff decides about periods of funding and their nominals (R2.4, R3.4, R3.8)."""

from dataclasses import dataclass
from datetime import date

from bot.domain.messages import Command, Fact, Query, Refusal
from bot.domain.money import Money


@dataclass(frozen=True)
class NominalSeen:
    """A group's nominal in a period, with its vacancies; None where nothing is limited."""

    group: int
    name: str
    amount: Money | None
    certificates: int | None
    total: Money | None


@dataclass(frozen=True)
class PeriodSeen:
    """A period of a municipality; its state is planned, open or closed."""

    id: int
    name: str
    start: date
    stop: date
    state: str
    nominals: tuple[NominalSeen, ...]


@dataclass(frozen=True)
class ListPeriods(Query[tuple[PeriodSeen, ...]]):
    """The municipality's periods, the latest first, with a line for each group."""


@dataclass(frozen=True)
class PeriodWork:
    """A period's money and its grants: so many certificates of those that get a nominal have it. `begun`: the run goes on, or is over."""

    period: PeriodSeen
    given: Money
    """What has left the municipality's budget, less what came back."""
    granted: int
    entitled: int
    begun: bool
    running: bool


@dataclass(frozen=True)
class OnePeriod(Query["PeriodWork | None"]):
    """A period of the operator's municipality; None if it is not."""

    period: int


@dataclass(frozen=True)
class AddPeriod(Command):
    """Plan a period; the days of two periods of a municipality do not overlap."""

    name: str
    start: date
    stop: date


@dataclass(frozen=True)
class OpenPeriod(Command):
    """Open a planned period ahead of the calendar, for requests that start inside it and for its grants (R3.4)."""

    period: int


@dataclass(frozen=True)
class SetNominal(Command):
    """The nominal of a group in a period (R3.8), its vacancies in number and in money (R2.4; None: no limit)."""

    group: int
    period: int
    amount: Money
    certificates: int | None = None
    total: Money | None = None


@dataclass(frozen=True)
class GrantNominal(Command):
    """Give an active funded certificate the nominal of an open period, if it has not had it. Answered by `Granted`."""

    certificate: int
    period: int


@dataclass(frozen=True)
class PeriodAdded(Fact):
    """The period is planned; the calendar opens it `next_period_opens_days` before its first day."""

    period: int


@dataclass(frozen=True)
class PeriodOpened(Fact):
    """The period is open; the calendar grants its nominals within a minute."""

    period: int


@dataclass(frozen=True)
class NominalSet(Fact):
    """The nominal is set; so many balances changed by the difference."""

    group: int
    period: int
    amount: Money
    adjusted: int


@dataclass(frozen=True)
class PeriodOverlaps(Refusal):
    """Another period has some of these days, or the first day is after the last."""


@dataclass(frozen=True)
class PeriodIsNot(Refusal):
    """The period is in another state than this takes."""

    state: str


@dataclass(frozen=True)
class CommittedMore(Refusal):
    """The nominal cannot go down: so many children have committed more already (R3.8)."""

    children: int


@dataclass(frozen=True)
class NothingToGrant(Refusal):
    """The certificate is not an active funded one, has had this nominal, or its group has none."""

    certificate: int
