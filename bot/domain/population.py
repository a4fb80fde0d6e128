"""How many children live where: what coverage is measured against (R10.1). Told by year and municipality; a new telling replaces it."""

from dataclasses import dataclass

from bot.domain.messages import Command, Fact, Query, Refusal


@dataclass(frozen=True)
class Living:
    """Children of one age in a district on 1 January; `district` 0 and `sex` "": not told apart, else f | m."""

    district: int
    age: int
    sex: str
    children: int


@dataclass(frozen=True)
class SetPopulation(Command):
    """The children of a municipality in a year, in the place of what was known of that year."""

    municipality: int
    year: int
    living: tuple[Living, ...]


@dataclass(frozen=True)
class PopulationSet(Fact):
    """A municipality's children are known; `before`: how many of that year were known until now, None if none."""

    municipality: int
    year: int
    children: int
    before: int | None


@dataclass(frozen=True)
class WrongPopulation(Refusal):
    """A district of another municipality, an impossible age, sex or number, or the same children twice."""


@dataclass(frozen=True)
class PopulationYear:
    """What is known of a municipality's year."""

    municipality: int
    name: str
    year: int
    children: int


@dataclass(frozen=True)
class PopulationYears(Query[tuple[PopulationYear, ...]]):
    """Every year that is known of the municipalities that I may see, the latest first."""
