"""What a line of a registry says: one group of one module of one program.

Lines that speak of the same program or module repeat its fields; `key` tells which lines those are.
"""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from bot.domain.money import Money

Kind = Literal["municipal", "state", "private", "entrepreneur"]
Registry = Literal["certified", "significant", "preprofessional", "general", "commercial"]
Weeks = Literal["every", "odd", "even"]


def folded(*names: str) -> str:
    """Names as they are compared: case, ё and spaces make no difference."""
    return " / ".join(" ".join(name.casefold().replace("ё", "е").split()) for name in names)


@dataclass(frozen=True)
class Lesson:
    """A weekly lesson; `weekday` is 0 for Monday; `place` is a room or an address, when it is not the group's."""

    weekday: int
    start: time
    stop: time
    weeks: Weeks = "every"
    place: str = ""


@dataclass(frozen=True)
class ProviderRow:
    """Who teaches. Contacts may differ from line to line (a branch has its own telephone), so they are not compared."""

    name: str
    kind: Kind
    inn: str = ""
    phone: str = field(default="", compare=False)
    site: str = field(default="", compare=False)
    email: str = field(default="", compare=False)


@dataclass(frozen=True)
class ProgramRow:
    """A program (R1). Ages are whole years, both included; `direction` is one of the six names of R1.1."""

    external_id: str
    municipality: str
    provider: ProviderRow
    name: str
    registry: Registry
    direction: str
    age_min: int
    age_max: int
    activity: str = ""
    description: str = ""
    form: str = ""
    ovz: bool = False

    @property
    def provider_key(self) -> str:
        """The tax number names a provider; without it, the name inside its municipality."""
        return self.provider.inn or folded(self.municipality, self.provider.name)

    @property
    def key(self) -> str:
        return self.external_id or folded(self.provider_key, self.name)


@dataclass(frozen=True)
class ModuleRow:
    """A part of a program. Price: `None` is not told, zero is free. A module may have no normative (R4.2)."""

    external_id: str
    name: str
    price: Money | None = None
    normative: Money | None = None


@dataclass(frozen=True)
class GroupRow:
    """A group; both dates are included; `free` seats are `None` when the registry does not count them."""

    external_id: str
    name: str
    start: date
    stop: date
    seats: int
    settlement: str
    free: int | None = None
    address: str = ""
    district: str = ""
    lessons: tuple[Lesson, ...] = ()
    teacher: str = ""
    open: bool = True


@dataclass(frozen=True)
class Row:
    """One line; `number` is the line's number as the spreadsheet shows it."""

    number: int
    program: ProgramRow
    module: ModuleRow
    group: GroupRow

    @property
    def module_key(self) -> str:
        return self.module.external_id or folded(self.program.key, self.module.name)

    @property
    def group_key(self) -> str:
        return self.group.external_id or folded(self.module_key, self.group.name)
