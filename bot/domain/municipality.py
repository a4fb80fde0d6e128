"""The municipality: where a family lives (R1.2), what its operators publish and decide for all (policy, calendar)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.messages import AboutPerson, Command, Fact, Query, Refusal


@dataclass(frozen=True)
class Place:
    """A municipality, or a district inside one. `code` is the municipality's short word in links and commands; `parts`
    are the settlements and districts in it."""

    id: int
    name: str
    code: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Places:
    """All municipalities by name, and the one that whoever asks has chosen (0: none yet)."""

    all: tuple[Place, ...]
    mine: int = 0


@dataclass(frozen=True)
class Municipalities(Query[Places]):
    """Which municipalities are there?"""


@dataclass(frozen=True)
class DistrictsOf(Query[tuple[Place, ...]]):
    """A municipality's districts by name."""

    municipality: int


@dataclass(frozen=True)
class SetMunicipality(Command):
    """A person lives here (R1.2). The children's certificates stay where they were issued."""

    municipality: int


@dataclass(frozen=True)
class MunicipalitySet(AboutPerson):
    """A person's municipality is known."""

    municipality: int


@dataclass(frozen=True)
class AddMunicipality(Command):
    """A new municipality with its group «all children». `zone` is an IANA name; `number_prefix` 4 digits (R2.6)."""

    code: str
    name: str
    zone: str
    number_prefix: str


@dataclass(frozen=True)
class MunicipalityAdded(Fact):
    """There is a municipality more."""

    municipality: int


@dataclass(frozen=True)
class MunicipalityLine:
    """A municipality as the region's administrator sees it."""

    id: int
    code: str
    name: str
    zone: str
    number_prefix: str
    certificates: int
    """In use."""
    changed: int
    """How many fields of its policy are not the default."""


@dataclass(frozen=True)
class ListMunicipalities(Query[tuple[MunicipalityLine, ...]]):
    """All of the region, for its administrator."""


@dataclass(frozen=True)
class ChangeMunicipality(Command):
    """Another name or time zone; its code stands in links, its prefix in certificates' numbers, so they stay."""

    municipality: int
    name: str
    zone: str


@dataclass(frozen=True)
class MunicipalityChanged(Fact):
    """A municipality has another name or zone."""

    municipality: int


@dataclass(frozen=True)
class WrongMunicipality(Refusal):
    """What is wrong: code | name | zone | number_prefix | taken."""

    what: str


@dataclass(frozen=True)
class AddDistrict(Command):
    """A settlement or a city district."""

    municipality: int
    name: str


@dataclass(frozen=True)
class DistrictAdded(Fact):
    """There is a district more."""

    district: int


@dataclass(frozen=True)
class RenameDistrict(Command):
    """Its name was misspelt, or is another one now."""

    district: int
    name: str


@dataclass(frozen=True)
class DistrictRenamed(Fact):
    """A district has another name."""

    district: int


@dataclass(frozen=True)
class DistrictExists(Refusal):
    """The municipality already has a district of that name, or the name is empty."""


@dataclass(frozen=True)
class SetPolicy(Command):
    """Change some fields of a policy; each value is JSON: `("visit_days", "45")`."""

    municipality: int
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Changed:
    """A field before and after, as JSON."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class PolicySet(Fact):
    """A policy has changed; fields whose value stayed are not named."""

    municipality: int
    changes: tuple[Changed, ...]


@dataclass(frozen=True)
class WrongPolicy(Refusal):
    """The policy would make no sense; `why` names the field and what it may be."""

    why: str


@dataclass(frozen=True)
class PolicyOf(Query[tuple[tuple[str, str], ...]]):
    """Every field of a municipality's policy with its value as JSON."""

    municipality: int


class YearBy(StrEnum):
    """Who says which days of a year are worked; NOBODY yet: weekends and the Labour Code's holidays are off (R8.3)."""

    MUNICIPALITY = "municipality"
    REGION = "region"
    GOVERNMENT = "government"
    NOBODY = "nobody"


@dataclass(frozen=True)
class YearSeen:
    """A year of the production calendar."""

    year: int
    by: YearBy
    working: frozenset[date]


@dataclass(frozen=True)
class ReadYear(Query[YearSeen]):
    """The working days of a year in the operator's municipality; for the administrator the region's."""

    year: int


@dataclass(frozen=True)
class SetCalendarYear(Command):
    """A production calendar's year (R8.3), a JSON document as `calendar.parse_year` reads it: an operator's for her own municipality, anybody
    else's for the region's municipalities that have none of their own."""

    document: str


@dataclass(frozen=True)
class CalendarYearSet(Fact):
    """The working days of a year are known."""

    year: int


@dataclass(frozen=True)
class WrongCalendar(Refusal):
    """The document is not a calendar of a year."""

    why: str
