"""What a local day brings, in order: the runs of money (R3.4, R3.5, R5.2, R5.3, R5.9). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.calendar import DAY, ProductionCalendar
from bot.domain.policy import Policy
from bot.domain.renewal import window


class Step(StrEnum):
    """A run: what it does to everyone whom it concerns."""

    CATCH_UP = "catch_up"
    """Charge whatever an ended period still owes."""
    FINISH = "finish"
    """Complete what was concluded, refuse what never was."""
    RELEASE = "release"
    """Every hold returns."""
    EXPIRE = "expire"
    """What is left on the certificates goes back to the budget."""
    CLOSE = "close"
    OPEN = "open"
    GRANT = "grant"
    CHARGE_MONTH = "charge_month"
    CHARGE_STARTS = "charge_starts"
    """Charge the first month of those who begin today."""
    WARN = "warn"
    """Say what is going to burn."""
    LAPSE_RENEWALS = "lapse_renewals"
    REMIND_RENEWALS = "remind_renewals"
    OFFER_RENEWALS = "offer_renewals"


@dataclass(frozen=True)
class KnownPeriod:
    """A period of funding; its state is planned, open or closed."""

    id: int
    start: date
    stop: date
    state: str


@dataclass(frozen=True)
class Due:
    """A step of a day; `period` where it is about one."""

    step: Step
    period: int = 0
    days: int = 0
    """How many days are left, for a warning."""

    @property
    def name(self) -> str:
        """Names the step among those of its day."""
        return ":".join(str(part) for part in (self.step.value, self.period, self.days) if part)


UNPUBLISHED = ProductionCalendar({})
"""No year's working days have been published (R8.3)."""
BORDER = (Step.CATCH_UP, Step.FINISH, Step.RELEASE, Step.EXPIRE, Step.CLOSE)
"""R5.9, what comes before the new grants and the new month."""


def days_passed(lived: date | None, today: date) -> list[date]:
    """The days to live now, in order; a municipality that is new begins with today."""
    if lived is None:
        return [today]
    return [lived + DAY * number for number in range(1, (today - lived).days + 1)]


def renewals(day: date, period: KnownPeriod, policy: Policy, calendar: ProductionCalendar) -> list[Due]:
    """What is done about the renewals of those who learn in a period, around its end (R6.12)."""
    days = window(period.stop, policy, calendar)
    if day < days.offered_from:
        return []
    steps = [Step.LAPSE_RENEWALS, Step.REMIND_RENEWALS, Step.OFFER_RENEWALS]
    return [Due(step, period.id) for step in (steps if day <= days.deadline else steps[:1])]


def due(
    day: date,
    periods: Sequence[KnownPeriod],
    policy: Policy,
    first: bool = False,
    calendar: ProductionCalendar = UNPUBLISHED,
) -> list[Due]:
    """The runs of a local day, in the order of R5.9; the first day that is ever lived catches up like a 1st."""
    ended = [period for period in periods if period.state == "open" and period.stop < day]
    coming = [
        period
        for period in periods
        if period.state == "planned" and period.start - DAY * policy.next_period_opens_days <= day <= period.stop
    ]
    living = [period for period in periods if period.state == "open" and period.stop >= day]
    return [
        *(Due(step, period.id) for period in ended for step in BORDER),
        *(Due(Step.OPEN, period.id) for period in coming),
        *(Due(Step.GRANT, period.id) for period in (*living, *coming)),
        Due(Step.CHARGE_MONTH if first or day.day == 1 else Step.CHARGE_STARTS),
        *(
            Due(Step.WARN, period.id, days)
            for period in living
            if (days := (period.stop - day).days) in policy.expiry_warning_days
        ),
        *(each for period in (*ended, *living) for each in renewals(day, period, policy, calendar)),
    ]
