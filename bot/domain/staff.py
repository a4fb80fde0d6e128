"""The office's staff: who may sign in, on whose behalf each of them works, and how an account is protected."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.messages import Actor, Command, Fact, Query, Refusal, Role

LOGIN = r"[a-z0-9][a-z0-9._@-]{1,59}"
"""Lower case, so that nobody has to remember how it was written."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
WRONG_TRIES, LOCKED_FOR = 5, timedelta(minutes=15)
"""So many wrong passwords within that time, and the name is locked until the first of them is as old; known or unknown, alike."""
IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
"""A session ends when nothing was done for so long, and at the latest after so long."""


class StaffRole(StrEnum):
    """What an account is for."""

    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    PROVIDER = "provider"


@dataclass(frozen=True)
class StaffSeen:
    """An account. `municipality` and `provider` are 0 where its role has none; `place` is the name of what it works for."""

    staff: int
    login: str
    name: str
    role: StaffRole
    municipality: int
    provider: int
    place: str
    second_factor: bool
    disabled: bool
    seen_at: datetime | None = None

    def at_work(self, municipality: int = 0) -> Actor:
        """On whose behalf it acts. An administrator who has chosen a municipality works there as its operator does."""
        place = municipality or self.municipality
        role: Role = "operator" if self.role is StaffRole.ADMINISTRATOR and place else self.role.value
        return Actor(role, municipality=place, provider=self.provider, name=self.login, staff=self.staff)


@dataclass(frozen=True)
class ListStaff(Query[tuple[StaffSeen, ...]]):
    """All accounts, for the administrator; `words`: a part of the login, the name or the place."""

    words: str = ""


@dataclass(frozen=True)
class AddStaff(Command):
    """A new account; whoever makes it has hashed the password already (it takes its time)."""

    login: str
    name: str
    role: StaffRole
    password_hash: str
    municipality: int = 0
    provider: int = 0


@dataclass(frozen=True)
class SetPassword(Command):
    """Another password, one's own or by the administrator; all sessions of the account end but `keep`."""

    staff: int
    password_hash: str
    keep: str = ""


@dataclass(frozen=True)
class SetSecondFactor(Command):
    """A secret (base32) that an authenticator app has proved to know (RFC 6238); empty: no second factor any more."""

    staff: int
    secret: str


@dataclass(frozen=True)
class DisableStaff(Command):
    """No more signing in, all sessions end; or in use again."""

    staff: int
    disabled: bool = True


@dataclass(frozen=True)
class SignOutEverywhere(Command):
    """All sessions of the account end."""

    staff: int


@dataclass(frozen=True)
class StaffAdded(Fact):
    """There is an account more."""

    staff: int


@dataclass(frozen=True)
class StaffChanged(Fact):
    """Password, second factor or state of an account are others now."""

    staff: int


@dataclass(frozen=True)
class SignedOutEverywhere(Fact):
    """So many sessions have ended."""

    staff: int
    sessions: int


@dataclass(frozen=True)
class WrongStaff(Refusal):
    """`field` makes no sense, or (`taken`) the login exists."""

    field: str
