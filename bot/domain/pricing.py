"""What an enrollment costs, who pays which part, and how it falls into months (R4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import Month, Span, months
from bot.domain.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Installments:
    """A sum by months: `first` for the month of the start, `other` for each one after it (R4.4, R4.5)."""

    first: Money
    other: Money
    months: int

    @property
    def total(self) -> Money:
        return self.first + self.other * (self.months - 1)

    def of(self, index: int) -> Money:
        """The payment of the index-th month; 0 is the month of the start. IndexError outside the plan."""
        if not 0 <= index < self.months:
            raise IndexError(f"month {index} of {self.months}")
        return self.other if index else self.first

    def plan(self, start: date) -> Iterator[tuple[Month, Money]]:
        """Every month with its payment, for an enrollment that starts on that day."""
        month = Month.of(start)
        for index in range(self.months):
            yield month, self.of(index)
            month = month.next

    def shortened(self, count: int) -> "Installments":
        """Only the first `count` months: what is left to pay after a termination (R4.9, R5.5).

        ValueError outside 1…months: before the start nothing is paid at all, that is a withdrawal.
        """
        if not 1 <= count <= self.months:
            raise ValueError(f"cannot shorten {self.months} months to {count}")
        return Installments(self.first, self.other if count > 1 else ZERO, count)


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of an enrollment: what the certificate pays and what the family pays the provider."""

    certificate: Installments
    parent: Installments

    @property
    def price(self) -> Money:
        return self.certificate.total + self.parent.total


def prorated(price: Money, group_days: int, days: int) -> Money:
    """The price of `days` out of the whole group's, half up to the kopeck (R4.2)."""
    return price.share(days, group_days)


def split(total: Money, start: date, stop: date) -> Installments:
    """The sum by the calendar months touched; the remainder lands in the first (R4.5).

    ValueError if start > stop or the sum is below zero.
    """
    if total < ZERO:
        raise ValueError(f"a price is not below zero: {total}")
    touched = months(start, stop)
    if len(touched) == 1:
        return Installments(total, ZERO, 1)
    days, later = Span(start, stop).days, len(touched) - 1
    other = total.floor_share(Span(touched[1].first, stop).days, days * later)
    return Installments(total - other * later, other, len(touched))


def quote(
    price: Money, normative: Money | None, balance: Money, group_start: date, group_stop: date, start: date, stop: date
) -> Quote:
    """The price of learning from start to stop in a group of a module (R4.2, R4.3).

    `price` and `normative` are the whole module's; a module may have no normative. Nothing is cut here: the caller
    passes the stop of R4.1. ValueError if start > stop, if a day lies outside the group, or if an amount is below zero.
    """
    group, chosen = Span(group_start, group_stop), Span(start, stop)
    if start not in group or stop not in group:
        raise ValueError(f"{start}–{stop} is not inside the group's {group_start}–{group_stop}")
    if balance < ZERO or (normative is not None and normative < ZERO):
        raise ValueError(f"neither a balance nor a normative is below zero: {balance}, {normative}")
    whole = prorated(price, group.days, chosen.days)
    norm = whole if normative is None else prorated(normative, group.days, chosen.days)
    covered = min(whole, norm, balance)
    return Quote(split(covered, start, stop), split(whole - covered, start, stop))


def reprice(total: Money, cancelled: int, planned: int) -> Money:
    """What a month's payment becomes when `cancelled` of its `planned` lessons were not held (R5.4, R4.9).

    `cancelled` counts all of the month, so the refund due is the charge less this and less what was refunded before:
    refunds are rounded down and never exceed the charge. ValueError unless 0 ≤ cancelled ≤ planned and planned ≥ 1.
    """
    if not 0 <= cancelled <= planned or planned < 1:
        raise ValueError(f"cannot cancel {cancelled} of {planned} lessons")
    return total - total.floor_share(cancelled, planned)
