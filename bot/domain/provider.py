"""Providers and the registry (R1): agreements, bans, what the operator's lists show, what an import does and tells."""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from bot.domain.catalogue import Registry
from bot.domain.messages import AboutChild, Command, Fact, Query, Refusal

# --- what an operator changes -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AddAgreement(Command):
    """The municipality agrees with a provider; an ended agreement begins anew."""

    municipality: int
    provider: int
    start: date


@dataclass(frozen=True)
class EndAgreement(Command):
    """The agreement's last day is `stop`: no new requests after it, running enrollments end at month end (R6.13)."""

    municipality: int
    provider: int
    stop: date


class ProviderState(StrEnum):
    """R6.13: only an active provider takes children."""

    ACTIVE = "active"
    BANNED = "banned"
    NO_LICENSE = "no_license"


@dataclass(frozen=True)
class SetProviderState(Command):
    """Ban a provider, note the loss of its license, or let it teach again (R6.13)."""

    provider: int
    state: ProviderState


@dataclass(frozen=True)
class AgreementMade(Fact):
    """A municipality's children may enrol at the provider from that day on."""

    municipality: int
    provider: int
    start: date


@dataclass(frozen=True)
class AgreementEnded(Fact):
    """The agreement has a last day."""

    municipality: int
    provider: int
    stop: date


@dataclass(frozen=True)
class ProviderStateSet(Fact):
    """A provider may or may not teach on certificates."""

    provider: int
    state: ProviderState


@dataclass(frozen=True)
class NoAgreementToEnd(Refusal):
    """The municipality has no agreement with the provider, or it would end before it starts."""

    provider: int


@dataclass(frozen=True)
class ProviderLine:
    """A provider as the operator sees it; the agreement's days are those with the operator's municipality."""

    id: int
    name: str
    state: ProviderState
    programs: int
    start: date | None
    stop: date | None
    place: str
    """Its own municipality's name."""
    own: bool
    """That is the operator's: its state is for this operator to set."""


@dataclass(frozen=True)
class ListProviders(Query[tuple[ProviderLine, ...]]):
    """Providers of a municipality, and those that have an agreement with it; `everywhere`: of all municipalities, to agree with.

    `words`: a part of the name; `only`: this one; `skip` and `most` are for pages of a long list.
    """

    municipality: int
    words: str = ""
    everywhere: bool = False
    only: int = 0
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True)
class ProgramWork:
    """A program as the operator sees it: what it lacks (R10.2)."""

    id: int
    name: str
    provider: str
    registry: Registry
    state: str
    groups: int
    seats: int
    taken: int
    has_price: bool
    has_timetable: bool


@dataclass(frozen=True)
class ListPrograms(Query[tuple[ProgramWork, ...]]):
    """Programs of a municipality; `lacking`: only those without a price or a timetable (R10.2)."""

    municipality: int
    lacking: bool = False


# --- the import -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ImportReport:
    """What an import did, in lines of the file, which are groups. `archived` ones stand in it no more, nor do `programs`;
    `spared` neither, but they were to stay; nor `kept`, but some lines could not be read, and theirs may be among them:
    nothing is archived before all can be."""

    added: int = 0
    changed: int = 0
    same: int = 0
    restored: int = 0
    archived: int = 0
    programs: int = 0
    spared: int = 0
    kept: int = 0
    errors: int = 0

    def __add__(self, other: "ImportReport") -> "ImportReport":
        return ImportReport(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class TimetableChanged(AboutChild):
    """The days, hours, dates or address of an enrolled child's group are other ones now."""

    enrollment: int


@dataclass(frozen=True)
class GroupDropped(AboutChild):
    """An enrolled child's group stands in the registry no more: the enrollment lives on, no renewal follows (R6.13)."""

    enrollment: int
