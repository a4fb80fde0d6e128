"""What crosses every border of the house: a Query asks, a Command wishes, a Fact has happened."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Answer = TypeVar("Answer", covariant=True)


class Query(Generic[Answer]):
    """A question to the world; changes nothing. Subclasses are frozen dataclasses, so equal questions are equal."""


class Command:
    """A wish to change something. It is answered by one Fact."""


@dataclass(frozen=True)
class Fact:
    """Something that has happened. Carries ids and sums, never names: words are found when it is told."""

    @property
    def cause(self) -> str:
        """Names this fact for ever, such as `charged:5:2026-09`, so that its notice exists once; empty: each telling is a new one."""
        return ""


@dataclass(frozen=True)
class AboutChild(Fact):
    """Told to everyone who may see the child (R1.3, R3.9)."""

    child: int


@dataclass(frozen=True)
class AboutPerson(Fact):
    """Told to one person."""

    person: int


@dataclass(frozen=True)
class Refusal(Fact):
    """Nothing was changed, and this is why (R6.3). Told on the screen of whoever asked, never pushed."""


@dataclass(frozen=True)
class NotYours(Refusal):
    """The object does not exist for whoever asked: theirs or nobody's, the answer is the same."""


Role = Literal["person", "operator", "provider", "administrator", "system"]


@dataclass(frozen=True)
class Actor:
    """On whose behalf a query or command runs; every reader and doer asks it whose data may be seen."""

    role: Role
    person: int = 0
    municipality: int = 0
    provider: int = 0
    name: str = ""
    staff: int = 0
    """The account of a member of the staff who is at work in the office."""


def person(id: int, municipality: int = 0) -> Actor:
    """A guardian, or a child of 14 and more, in a chat of their own (R1.3)."""
    return Actor("person", person=id, municipality=municipality)


def operator(municipality: int, name: str = "") -> Actor:
    """A municipality's operator."""
    return Actor("operator", municipality=municipality, name=name)


def provider(id: int, name: str = "") -> Actor:
    """A provider's member of staff."""
    return Actor("provider", provider=id, name=name)


def administrator(name: str = "") -> Actor:
    """The region's administrator: municipalities, their policies, the staff's accounts."""
    return Actor("administrator", name=name)


SYSTEM = Actor("system")
"""The calendar: what falls due by itself."""
