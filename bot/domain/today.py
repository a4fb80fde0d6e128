"""What waits for a municipality's operator today: so many of each kind, so many of them late, the nearest clock."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.messages import Query


class Pile(StrEnum):
    """What may wait. Of what is the providers' and the families' turn only the late ones do."""

    APPLICATIONS = "applications"
    ALIKE = "alike"
    """Applications that resemble another child's (R2.10)."""
    VISITS = "visits"
    REQUESTS = "requests"
    CLAIMS = "claims"
    OFFERS = "offers"
    DISPUTES = "disputes"
    COMMENTS = "comments"
    PROPOSALS = "proposals"
    BILLS = "bills"
    ATTACKED = "attacked"
    ANNOUNCEMENTS = "announcements"
    """Those that go out now."""


@dataclass(frozen=True)
class Waits:
    """A pile: how many, how many of them late, the nearest day to do it by, if it has a clock."""

    pile: Pile
    count: int
    late: int = 0
    until: date | None = None


@dataclass(frozen=True)
class TodaySeen:
    """The late piles first, then by their clock; none is empty. What the calendar lacks is said beside them."""

    waits: tuple[Waits, ...]
    unpublished: int
    """The coming year, if its working days are not known and it is near (R8.3); else 0."""
    ends: date | None
    """The period's last day, if it is near and the next one is not planned, or has no nominal."""


@dataclass(frozen=True)
class WhatWaits(Query[TodaySeen]):
    """For the operator's municipality; nothing for others."""
