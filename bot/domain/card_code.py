"""The code on a certificate's card: a provider scans it and comes to «enroll in person» (R6.7); for anybody else it opens nothing.

It is opaque, one for each person and child, and good until it is revoked, replaced by a newer one, or LIFE has passed.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.messages import Command, Fact, Query

LIFE = timedelta(days=365)


@dataclass(frozen=True)
class ScannedCode(Query[str | None]):
    """For a provider's staff: the number of the active certificate behind a scanned code."""

    code: str


@dataclass(frozen=True)
class MakeCardCode(Command):
    """A new code for a card of this child's certificate; the reader's earlier one is good no more."""

    child: int


@dataclass(frozen=True)
class RevokeCardCode(Command):
    """The reader's code for this child is good no more."""

    child: int


@dataclass(frozen=True)
class CardCodeMade(Fact):
    """For the eyes of whoever asked for it. `link` is what the code says; empty where the office has no address."""

    child: int
    link: str


@dataclass(frozen=True)
class CardCodeRevoked(Fact):
    """Whoever scans it now sees nothing."""

    child: int
