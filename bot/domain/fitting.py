"""What fits the rest of a certificate: sets of one to three clubs that it pays to the period's end, without clashes, ranked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.domain.calendar import Span
from bot.domain.catalogue import Direction, Filters
from bot.domain.clashes import Course, clashes
from bot.domain.messages import Query
from bot.domain.money import ZERO, Money
from bot.domain.policy import Policy

MOST_CLUBS = 3
MOST_CANDIDATES = 24
"""2 324 sets at most are looked at."""
OF_EACH_SIZE = 2
"""Sets of one club, of two, of three that are proposed."""
OFTEN = 2
"""Sets in which the same activity is proposed."""
CALM = 6
"""Lessons a week from which on a set is a burden."""


@dataclass(frozen=True)
class Candidate:
    """A group that the child may take a seat in; `cost`: what the certificate pays to the period's end.

    `own`: what the family pays beside it, because the norm is below the price (R4.3), not because money is short.
    `rating`: stars × 100, drawn to the middle where few have rated. `torn`: an adult who brings brothers and sisters is.
    """

    program: int
    program_name: str
    provider: str
    group: int
    direction: Direction
    activity: str
    course: Course
    cost: Money
    own: Money
    near: bool
    rating: int
    torn: bool = False

    @property
    def worth(self) -> int:
        """0–1 000: near home, well rated, nobody torn."""
        return 300 * self.near + self.rating + 200 * (not self.torn)


@dataclass(frozen=True)
class ClubSet:
    """Clubs that go together; `left` stays on the certificate, and burns unless something else is chosen."""

    clubs: tuple[Candidate, ...]
    cost: Money
    left: Money

    @property
    def own(self) -> Money:
        return sum((club.own for club in self.clubs), ZERO)

    @property
    def activities(self) -> set[str]:
        return {club.activity for club in self.clubs}

    @property
    def groups(self) -> tuple[int, ...]:
        return tuple(club.group for club in self.clubs)


@dataclass(frozen=True)
class SetsSeen:
    """What fits. `why` says why there is no money to fit: no_certificate | accounting | queued | pending | no_money.

    `leaving`: the program that is thought of as left; what it returns is counted in `free`.
    `first`: the money is not there yet, it comes with the first request (R2.3).
    """

    child: int
    first_name: str
    days: Span | None
    free: Money
    sets: tuple[ClubSet, ...] = ()
    why: str = ""
    leaving: str = ""
    first: bool = False


@dataclass(frozen=True)
class SetsFor(Query[SetsSeen | None]):
    """What fits the rest of a child's certificate; None if the child is not theirs.

    `without`: an enrollment that would be left today. `filters`: only of what that search finds.
    """

    child: int
    without: int = 0
    filters: Filters | None = None


def fitting_sets(policy: Policy, candidates: Sequence[Candidate], free: Money) -> tuple[ClubSet, ...]:
    """The best sets, the best first, each of which tells something new; the same candidates give the same sets."""
    known = sorted(candidates[:MOST_CANDIDATES], key=lambda each: each.group)
    apart = _strangers(policy, known)
    paid = (each for size in range(1, MOST_CLUBS + 1) for each in _paid(known, apart, free, size))
    shown: list[ClubSet] = []
    for each in sorted(paid, key=lambda each: (-_worth(each, free), each.groups)):
        if _new(each, shown):
            shown.append(each)
    return tuple(shown)


def _new(each: ClubSet, shown: Sequence[ClubSet]) -> bool:
    """Of its size there are few yet; no better set has more than half of it, let alone all; and none of its clubs is everywhere."""
    theirs = [other.activities for other in shown]
    return (
        sum(len(other.clubs) == len(each.clubs) for other in shown) < OF_EACH_SIZE
        and all(len(each.activities & other) <= len(each.clubs) // 2 for other in theirs)
        and all(sum(activity in other for other in theirs) < OFTEN for activity in each.activities)
    )


def _strangers(policy: Policy, known: Sequence[Candidate]) -> set[tuple[int, int]]:
    """Pairs that do not go together: the same activity twice, or lessons that clash."""
    return {
        (one.group, other.group)
        for one, other in combinations(known, 2)
        if one.activity == other.activity or next(clashes(policy, one.course, [other.course]), None) is not None
    }


def _paid(known: Sequence[Candidate], apart: set[tuple[int, int]], free: Money, size: int) -> Iterator[ClubSet]:
    """Every set of that many that goes together and costs no more than there is."""
    for clubs in combinations(known, size):
        cost = Money(sum(club.cost.kopecks for club in clubs))
        if cost <= free and not any((one.group, other.group) in apart for one, other in combinations(clubs, 2)):
            yield ClubSet(clubs, cost, free - cost)


def _worth(each: ClubSet, free: Money) -> int:
    """Per mille each: how much does not burn, how good the clubs are, what the family pays; then variety, and a calm week."""
    clubs, cost = each.clubs, each.cost
    used = 1_000 * cost.kopecks // free.kopecks if free > ZERO else 0
    good = sum(club.worth for club in clubs) // len(clubs)
    own = sum(club.own.kopecks for club in clubs)
    dear = 2_000 * own // (own + cost.kopecks) if own else 0
    variety = 100 * (len({club.direction for club in clubs}) - 1)
    days = [lesson.weekday for club in clubs for lesson in club.course.lessons]
    crowded = 50 * (len(days) - len(set(days))) + 100 * max(len(days) - CALM, 0)
    return used + good - dear + variety - crowded
