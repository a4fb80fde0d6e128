"""A provider's own catalogue: programs, modules, groups, timetables, seats; what it decides and what the municipality does (0039)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.domain.catalogue import Direction, Registry, Score
from bot.domain.lessons import Lesson
from bot.domain.messages import Command, Fact, Query, Refusal
from bot.domain.money import ZERO, Money

Part = Literal["program", "module", "group"]
OLDEST = 18
LONGEST_NAME, LONGEST_DESCRIPTION, MOST_SEATS, MOST_LESSONS = 200, 4_000, 1_000, 30


@dataclass(frozen=True)
class ProgramWritten:
    """A program as its provider writes it."""

    name: str
    direction: Direction
    registry: Registry
    age_min: int
    age_max: int
    for_disability: bool = False
    activity: str = ""
    description: str = ""

    def wrong(self) -> Iterator[str]:
        """Fields that make no sense."""
        if not 0 < len(self.name) <= LONGEST_NAME:
            yield "name"
        if len(self.activity) > LONGEST_NAME:
            yield "activity"
        if len(self.description) > LONGEST_DESCRIPTION:
            yield "description"
        if not 0 <= self.age_min <= self.age_max <= OLDEST:
            yield "ages"


@dataclass(frozen=True)
class ModuleWritten:
    """A module with its whole price; None: not stated."""

    name: str
    price: Money | None = None

    def wrong(self) -> Iterator[str]:
        """Fields that make no sense."""
        if not 0 < len(self.name) <= LONGEST_NAME:
            yield "name"
        if self.price is not None and self.price < ZERO:
            yield "price"


@dataclass(frozen=True)
class GroupWritten:
    """A group with its timetable; `district` 0: not told."""

    name: str
    start: date
    stop: date
    seats: int
    district: int = 0
    address: str = ""
    teacher: str = ""
    is_open: bool = True
    timetable: tuple[Lesson, ...] = ()

    def wrong(self) -> Iterator[str]:
        """Fields that make no sense."""
        if not 0 < len(self.name) <= LONGEST_NAME:
            yield "name"
        if self.start > self.stop:
            yield "days"
        if not 0 < self.seats <= MOST_SEATS:
            yield "seats"
        if max(len(self.address), len(self.teacher)) > LONGEST_NAME:
            yield "address"
        lessons = self.timetable
        if len(lessons) > MOST_LESSONS or not all(
            1 <= each.weekday <= 7 and each.start < each.stop for each in lessons
        ):
            yield "timetable"


# --- what is wished ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProposeProgram(Command):
    """A new program: it can be found once the municipality has taken it into the registry."""

    written: ProgramWritten


@dataclass(frozen=True)
class ChangeProgram(Command):
    """Of a program in the registry a provider changes the description and the kind of activity; before that, everything.

    A returned one is proposed again by its change.
    """

    program: int
    written: ProgramWritten


@dataclass(frozen=True)
class DecideProgram(Command):
    """The operator takes a proposed program into a registry, or returns it with words."""

    program: int
    registry: Registry | None
    words: str = ""


@dataclass(frozen=True)
class AddModule(Command):
    """A new module of a program."""

    program: int
    written: ModuleWritten


@dataclass(frozen=True)
class ChangeModule(Command):
    """Another name or price; what has been requested keeps its price (R6.10)."""

    module: int
    written: ModuleWritten


@dataclass(frozen=True)
class SetNormative(Command):
    """The most that a certificate pays for the whole module (R4.3), by the operator; None: no limit."""

    module: int
    normative: Money | None


@dataclass(frozen=True)
class AddGroup(Command):
    """A new group of a module."""

    module: int
    written: GroupWritten


@dataclass(frozen=True)
class ChangeGroup(Command):
    """Other days, hours, address, teacher, seats; the families of enrolled children are told what concerns them."""

    group: int
    written: GroupWritten


@dataclass(frozen=True)
class ArchiveProgram(Command):
    """Out of the catalogue: running ones live on, no renewal follows (R6.13)."""

    program: int


@dataclass(frozen=True)
class ArchiveModule(Command):
    """A module with all its groups, as ArchiveGroup."""

    module: int


@dataclass(frozen=True)
class ArchiveGroup(Command):
    """The group takes nobody any more; running ones live on, no renewal follows (R6.13)."""

    group: int


@dataclass(frozen=True)
class RestoreGroup(Command):
    """A group takes children again."""

    group: int


# --- what has happened ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProgramSaved(Fact):
    """It is so now, or proposed."""

    program: int


@dataclass(frozen=True)
class ModuleSaved(Fact):
    """It is so now."""

    module: int


@dataclass(frozen=True)
class GroupSaved(Fact):
    """It is so now; so many families have been told."""

    group: int
    told: int = 0


@dataclass(frozen=True)
class ProgramDecided(Fact):
    """A proposed program is in the registry, or back at its provider."""

    program: int
    accepted: bool


# --- why not ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WrongField(Refusal):
    """Makes no sense: name, activity, description, ages, price, days, seats, address, district, timetable, words."""

    what: str


@dataclass(frozen=True)
class SeatsTaken(Refusal):
    """Fewer seats than are taken (R6.1)."""

    taken: int


@dataclass(frozen=True)
class LearnersOutside(Refusal):
    """So many children of the group learn on days that it would not have any more; it goes at least from `start` to `stop`."""

    children: int
    start: date
    stop: date


@dataclass(frozen=True)
class RegistryDecides(Refusal):
    """Name, direction, registry and ages of a program in the registry are the municipality's."""

    program: int


@dataclass(frozen=True)
class NormativeNeeded(Refusal):
    """A certificate would pay any price: the price of a certified module rises only under a normative, which the municipality sets."""

    module: int


@dataclass(frozen=True)
class NotProposed(Refusal):
    """The program is not waiting for a decision."""

    program: int


# --- what is asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupWork:
    """A group as its provider sees it."""

    id: int
    written: GroupWritten
    district_name: str
    taken: int
    waiting: int
    active: bool
    over: bool

    @property
    def free(self) -> int:
        return max(self.written.seats - self.taken, 0)


@dataclass(frozen=True)
class ModuleWork:
    """A module as its provider sees it."""

    id: int
    written: ModuleWritten
    normative: Money | None
    groups: tuple[GroupWork, ...]


@dataclass(frozen=True)
class ProgramTree:
    """A program with all that is in it; `words`: why it was returned."""

    id: int
    provider: int
    written: ProgramWritten
    state: Literal["active", "archived", "proposed", "returned"]
    words: str
    score: Score | None
    modules: tuple[ModuleWork, ...]

    @property
    def lacks_price(self) -> bool:
        """R10.2: nobody can request it."""
        return not self.written.registry.on_budget and any(each.written.price is None for each in self.modules)

    @property
    def lacks_timetable(self) -> bool:
        """R10.2: a family does not see when to come."""
        return any(
            group.active and not group.over and not group.written.timetable
            for module in self.modules
            for group in module.groups
        )


@dataclass(frozen=True)
class MyPrograms(Query[tuple[ProgramTree, ...]]):
    """A provider's own programs, those that need something first; the operator's: all `proposed` ones of the municipality."""


@dataclass(frozen=True)
class OneTree(Query[ProgramTree | None]):
    """One of them, found by any part of it; None if it is not theirs."""

    part: Part
    id: int


@dataclass(frozen=True)
class PlacesOf(Query[tuple[tuple[int, str], ...]]):
    """Districts (id, name) that a group may be in: those of the provider's municipality."""
