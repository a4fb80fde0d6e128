"""The family (R1.3): whose children, and who else may see them, with which rights."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.calendar import age_on
from bot.domain.certificate import CertificateKind, CertificateState
from bot.domain.messages import AboutChild, AboutPerson, Command, Query, Refusal

OWN_CHAT_AGE = 14
"""R1.3: from this age a child may have a chat of its own."""


class Rights(StrEnum):
    """R1.3: FULL decides, READ (a grandparent) only sees, SELF is the child of 14 and more in its own chat."""

    FULL = "full"
    READ = "read"
    SELF = "self"


# --- rules ------------------------------------------------------------------------------------------------------------


def may_have_chat(born: date, today: date) -> bool:
    """A child from 14 on (R1.3)."""
    return age_on(born, today) >= OWN_CHAT_AGE


def may_cut(mine: Rights | None, theirs: Rights, own: bool, guardians: int) -> bool:
    """Whether one of a child's links may be cut: by a full guardian any, by everybody their own; never the last full one (R1.3)."""
    if theirs is Rights.FULL and guardians < 2:
        return False
    return own or mine is Rights.FULL


# --- questions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChildSeen:
    """A child of mine. `certificate_id` is 0 and the state None while there is no certificate."""

    id: int
    first_name: str
    surname: str
    birth_date: date
    rights: Rights
    certificate_state: CertificateState | None = None
    certificate_id: int = 0
    certificate_kind: CertificateKind | None = None


def that_may_pay(children: tuple[ChildSeen, ...]) -> tuple[ChildSeen, ...]:
    """Those whose certificate is in use; all where there is none, as somebody has to be told why."""
    return tuple(each for each in children if each.certificate_state is CertificateState.ACTIVE) or children


@dataclass(frozen=True)
class MyChildren(Query[tuple[ChildSeen, ...]]):
    """All children I may see, the earliest linked first; for a child's own chat only itself."""


@dataclass(frozen=True)
class GuardianSeen:
    """Somebody who may see the child. `name` is empty while unknown; `channels` are their living chats; `me`: whoever asks."""

    person: int
    name: str
    rights: Rights
    since: date
    channels: tuple[str, ...]
    me: bool = False


@dataclass(frozen=True)
class ChildPage:
    """A child, and everybody who may see it."""

    child: ChildSeen
    age: int
    guardians: tuple[GuardianSeen, ...]

    @property
    def full(self) -> int:
        """How many may decide."""
        return sum(guardian.rights is Rights.FULL for guardian in self.guardians)


@dataclass(frozen=True)
class ReadChild(Query["ChildPage | None"]):
    """The page of a child that I may see; None otherwise."""

    child: int


@dataclass(frozen=True)
class MyPhone(Query[str]):
    """My phone in E.164, or empty."""


@dataclass(frozen=True)
class Family:
    """A child and everybody who may see it, as an operator sees them."""

    child: int
    guardians: tuple[GuardianSeen, ...]


@dataclass(frozen=True)
class ReadFamily(Query["Family | None"]):
    """Staff: everybody who may see this child; None if it is not the operator's."""

    child: int


@dataclass(frozen=True)
class FindFamily(Query["Family | None"]):
    """Staff: the family of the child with this certificate number; None if it is not the operator's."""

    number: str


# --- wishes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CutGuardian(Command):
    """This person shall not see the child any more."""

    child: int
    person: int


@dataclass(frozen=True)
class SetPhone(Command):
    """My phone, E.164: a contact detail, never proof (R1.3)."""

    phone: str


# --- what happens -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GuardianJoined(AboutChild):
    """Somebody may see the child from now on."""

    person: int
    rights: Rights


@dataclass(frozen=True)
class GuardianCut(AboutChild):
    """Somebody may not see the child any more; told to those who still may."""

    person: int
    rights: Rights


@dataclass(frozen=True)
class LinkCut(AboutPerson):
    """This person may not see one of their children any more, by somebody else's wish."""


@dataclass(frozen=True)
class PhoneSet(AboutPerson):
    """A person's phone is known."""


# --- what stands in the way -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LastGuardian(Refusal):
    """Nobody else could decide for the child (R1.3)."""
