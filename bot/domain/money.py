"""Money is whole kopecks (R3.1); there is no float anywhere near it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in kopecks, of either sign. TypeError for anything that is not a plain int."""

    kopecks: int

    def __post_init__(self) -> None:
        if type(self.kopecks) is not int:
            raise TypeError(f"money is a whole number of kopecks, not {self.kopecks!r}")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.kopecks + other.kopecks) if isinstance(other, Money) else NotImplemented

    def __radd__(self, other: int) -> "Money":
        """`sum()` starts from a plain 0; no other number is money."""
        return self if type(other) is int and other == 0 else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.kopecks - other.kopecks) if isinstance(other, Money) else NotImplemented

    def __mul__(self, times: int) -> "Money":
        return Money(self.kopecks * times) if type(times) is int else NotImplemented

    def __neg__(self) -> "Money":
        return Money(-self.kopecks)

    def __bool__(self) -> bool:
        return self.kopecks != 0

    def share(self, numerator: int, denominator: int) -> "Money":
        """This × numerator ÷ denominator, half up to the kopeck. ValueError unless the denominator is positive."""
        return Money((2 * self.kopecks * numerator + _positive(denominator)) // (2 * denominator))

    def floor_share(self, numerator: int, denominator: int) -> "Money":
        """This × numerator ÷ denominator, down to the kopeck. ValueError unless the denominator is positive."""
        return Money(self.kopecks * numerator // _positive(denominator))


def _positive(denominator: int) -> int:
    if denominator <= 0:
        raise ValueError(f"a share is of a positive number of parts, not of {denominator}")
    return denominator


ZERO = Money(0)
