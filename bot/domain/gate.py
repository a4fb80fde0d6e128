"""The gate (R6.2): everything that must be true before a child takes a seat, one named refusal for each rule (R6.3).

Pure: a Case holds all that the gate must know; it also says for which days and at which price the seat would be.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import Span, age_on, birthday
from bot.domain.catalogue import Registry, family_price
from bot.domain.enrollment import SEATED, EnrollmentState
from bot.domain.gate_refusals import (
    AlreadyEnrolled,
    CertificateNotActive,
    DifferentNow,
    GroupClosed,
    LessonsClash,
    MovedAway,
    NeedsFunded,
    NoAgreement,
    NoCertificate,
    NoFreeSeat,
    NoMoney,
    NotEnoughMoney,
    NotOnCertificate,
    OutsideGroupDates,
    OverLimit,
    PeriodNotOpen,
    PriceUnknown,
    ProviderInactive,
    StartsTooEarly,
    TooOldForProgram,
    TooYoungForProgram,
    TurnsEighteen,
)
from bot.domain.messages import Refusal
from bot.domain.money import ZERO, Money
from bot.domain.policy import Policy
from bot.domain.pricing import Quote, quote


@dataclass(frozen=True)
class Living:
    """Another enrollment of the same child that has not ended."""

    id: int
    module: int
    group: int
    state: EnrollmentState
    days: Span | None
    """None in a queue, which has no days yet."""


@dataclass(frozen=True)
class Case:
    """A child at the gate of a group. Money and seats as they are now, under the locks of whoever asks."""

    policy: Policy
    today: date
    start: date
    # the child
    child: int
    birth: date
    certificate_state: str
    """Empty without a certificate."""
    funded: bool
    moved_away: bool
    others: tuple[Living, ...]
    # the money
    period: Span | None
    """The funding period that has the start."""
    period_open: bool
    """Money has been given for it (R3.4)."""
    balance: Money
    # the group
    program: int
    module: int
    group: int
    registry: Registry
    ages: tuple[int, int]
    price: Money | None
    normative: Money | None
    days: Span
    is_open: bool
    free: int
    """Free seats; a seat that is kept for this very enrollment counts as free."""
    provider_active: bool
    agreed: bool
    # the wish
    pays: bool = False
    """The family has agreed to pay its part."""
    seen: Quote | None = None
    """The price that was confirmed; none: whatever it is now."""
    renewing: bool = False
    """A renewal is not asked for the age again (R6.12)."""
    waiting: bool = False
    """A place in a queue, an offer to come: neither seat nor money is asked for before it is taken (R6.11, R6.12)."""
    clashing: tuple[int, ...] = ()
    """Enrollments of the child whose lessons clash with the group's, unless the family has said «all the same»."""

    @property
    def free_of_charge(self) -> bool:
        """Free and budget programs need no money (R4.8)."""
        return family_price(self.registry, self.price) == ZERO

    @property
    def stop(self) -> date:
        """An enrollment never crosses a period's end (R4.1)."""
        return min(self.days.stop, self.period.stop) if self.period else self.days.stop

    @property
    def quote(self) -> Quote:
        """Both parts by months (R4). Ask only when the start is among the group's days and the price is known."""
        price = family_price(self.registry, self.price)
        assert price is not None
        return quote(price, self.normative, self.balance, self.days.start, self.days.stop, self.start, self.stop)

    @property
    def age_day(self) -> date:
        """The day on which the age must fit (R6.2)."""
        return age_day(self.policy, self.today, self.start)


def age_day(policy: Policy, today: date, start: date) -> date:
    """The day on which the age must fit (R6.2); 1 September is that of the school year of the start."""
    match policy.age_on:
        case "request":
            return today
        case "september":
            return date(start.year if start.month >= 9 else start.year - 1, 9, 1)
    return start


def _certificate(case: Case) -> Refusal | None:
    if not case.certificate_state:
        return NoCertificate(case.child)
    adult = birthday(case.birth, case.policy.max_age)
    if max(case.today, case.start) >= adult:
        return TurnsEighteen(adult)
    if case.certificate_state != "active":
        return CertificateNotActive(case.child, case.certificate_state)
    return MovedAway(case.child) if case.moved_away else None


def _provider(case: Case) -> Refusal | None:
    if not case.provider_active:
        return ProviderInactive(case.program)
    return None if case.agreed else NoAgreement(case.program)


def _group(case: Case) -> Refusal | None:
    if not case.is_open:
        return GroupClosed(case.group)
    if case.start not in case.days:
        return OutsideGroupDates(case.days.start, case.days.stop)
    earliest = case.today - timedelta(days=case.policy.backdating_days)
    return StartsTooEarly(earliest) if case.start < earliest else None


def _age(case: Case) -> Refusal | None:
    youngest, oldest = case.ages
    age = age_on(case.birth, case.age_day)
    if case.renewing or youngest <= age <= oldest:
        return None
    if age > oldest:
        return TooOldForProgram(youngest, oldest)
    return TooYoungForProgram(youngest, oldest, birthday(case.birth, youngest))


def _others(case: Case) -> Refusal | None:
    span = Span(case.start, max(case.start, case.stop))
    for other in case.others:
        queued = other.days is None and other.group == case.group
        if queued or (other.days is not None and other.module == case.module and other.days.overlaps(span)):
            return AlreadyEnrolled(other.id, other.module, other.state)
    limit, live = case.policy.accounting_limit, sum(other.state in SEATED for other in case.others)
    return OverLimit(limit) if limit is not None and not case.funded and live >= limit else None


def _seat(case: Case) -> Refusal | None:
    return NoFreeSeat(case.group) if case.free < 1 and not case.waiting else None


def _money(case: Case) -> Refusal | None:
    if case.price is None and not case.free_of_charge:
        return PriceUnknown(case.program)
    if not case.free_of_charge:
        if case.registry is not Registry.CERTIFIED:
            return NotOnCertificate(case.program)
        if case.waiting:
            return None
        if not case.funded:
            return NeedsFunded(case.child)
        if case.period is None or not case.period_open:
            return PeriodNotOpen(case.start)
        if not case.balance and not case.policy.allow_full_parent_pay:
            return NoMoney(case.child, case.quote.price)
    if case.seen is not None and case.seen != case.quote:
        return DifferentNow(case.quote)
    short_by = case.quote.parent.total
    return NotEnoughMoney(short_by) if short_by and not case.pays and not case.waiting else None


def _lessons(case: Case) -> Refusal | None:
    return LessonsClash(case.clashing) if case.clashing else None


RULES: tuple[Callable[[Case], Refusal | None], ...] = (
    _certificate,
    _provider,
    _group,
    _age,
    _others,
    _seat,
    _money,
    _lessons,
)


def gate(case: Case) -> Refusal | None:
    """The first rule of R6.2 that does not hold, named; None: the child may take the seat."""
    return next((refusal for rule in RULES if (refusal := rule(case)) is not None), None)
