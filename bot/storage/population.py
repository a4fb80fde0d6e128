"""The children that coverage is measured against (R10.1): what is known of a year, and its import from a spreadsheet."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import func, select

from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.domain.population import Living, PopulationSet, PopulationYear, PopulationYears, SetPopulation, WrongPopulation
from bot.registry import reasons
from bot.registry.line import Note, RowError
from bot.registry.population import OLDEST, PopulationRow, parse
from bot.registry.rows import folded
from bot.storage.desk import Desk
from bot.storage.report_scope import visible
from bot.storage.schema import district, municipality, population
from bot.storage.tx import Doer, Reader, Tx


def set_population(tx: Tx, command: SetPopulation, me: Actor) -> Fact:
    """All of a year, in the place of what was known of it."""
    if not visible(tx, me, command.municipality):
        return NotYours()
    if not _makes_sense(tx, command):
        return WrongPopulation()
    same = population.c.municipality == command.municipality, population.c.year == command.year
    before = tx.value(select(func.sum(population.c.children)).where(*same))
    tx.sql(population.delete().where(*same))
    year = {"municipality": command.municipality, "year": command.year}
    rows = [
        {**year, "district": each.district, "age": each.age, "sex": each.sex, "children": each.children}
        for each in command.living
    ]
    if rows:
        tx.sql(population.insert(), rows)
    total = sum(each.children for each in command.living)
    return PopulationSet(command.municipality, command.year, total, None if before is None else int(before))


def _makes_sense(tx: Tx, command: SetPopulation) -> bool:
    districts = {0, *tx.sql(select(district.c.id).where(district.c.municipality == command.municipality)).scalars()}
    told = {(each.district, each.age, each.sex) for each in command.living}
    return len(told) == len(command.living) and all(
        each.district in districts and 0 <= each.age <= OLDEST and each.sex in ("f", "m", "") and each.children >= 0
        for each in command.living
    )


def population_years(tx: Tx, query: PopulationYears, me: Actor) -> tuple[PopulationYear, ...]:
    """By municipality, the latest first."""
    names = {place.id: place.name for place in visible(tx, me)}
    rows = tx.rows(
        select(population.c.municipality, population.c.year, func.sum(population.c.children).label("children"))
        .where(population.c.municipality.in_(names))
        .group_by(population.c.municipality, population.c.year)
        .order_by(population.c.year.desc(), population.c.municipality)
    )
    return tuple(PopulationYear(row.municipality, names[row.municipality], row.year, int(row.children)) for row in rows)


# --- the import -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PopulationImported:
    """What was set, or in a dry run would be; every bad row: with one of them nothing is; columns that were left out."""

    years: tuple[PopulationYear, ...]
    errors: tuple[RowError, ...]
    notes: tuple[Note, ...]


async def import_population(
    desk: Desk, me: Actor, name: str, content: bytes, *, dry_run: bool = False
) -> PopulationImported:
    """Set the years that a file tells of, each municipality's in a transaction of its own.

    Sums are true only together: a file with a row that cannot be taken changes nothing. Repeatable.
    """
    reading = await asyncio.to_thread(parse, name, content)
    wanted, errors = await desk.look(partial(_settled, rows=reading.rows, me=me))
    errors = (*reading.errors, *errors)
    if not (errors or dry_run):
        for command, _year in wanted:
            done = await desk.do(command, me)
            assert isinstance(done, PopulationSet), done
    return PopulationImported(tuple(year for _command, year in wanted), errors, reading.notes)


Wanted = tuple[SetPopulation, PopulationYear]


def _settled(tx: Tx, rows: tuple[PopulationRow, ...], me: Actor) -> tuple[list[Wanted], tuple[RowError, ...]]:
    """Names → municipalities whose reports are mine, and their districts."""
    mine = {place.id for place in visible(tx, me)}
    known = tx.rows(select(municipality.c.id, municipality.c.code, municipality.c.name))
    places = {folded(name): row for row in known for name in (row.name, row.code)}
    districts = {
        (row.municipality, folded(row.name)): row.id
        for row in tx.rows(select(district.c.municipality, district.c.id, district.c.name))
    }
    told: dict[tuple[int, str, int], dict[tuple[int, int, str], PopulationRow]] = defaultdict(dict)
    errors = []
    for row in rows:
        place = places.get(folded(row.municipality))
        if place is None:
            errors.append(RowError(row.number, "Муниципалитет", reasons.UNKNOWN_MUNICIPALITY, row.municipality))
        elif place.id not in mine:
            errors.append(RowError(row.number, "Муниципалитет", reasons.NOT_YOUR_MUNICIPALITY, row.municipality))
        elif row.district and (place.id, folded(row.district)) not in districts:
            errors.append(RowError(row.number, "Район", reasons.UNKNOWN_DISTRICT, row.district))
        else:
            here = districts[place.id, folded(row.district)] if row.district else 0
            first = told[place.id, place.name, row.year].setdefault((here, row.age, row.sex), row)
            if first is not row:  # the municipality goes by its name there, by its code here
                errors.append(RowError(row.number, "Детей", reasons.COUNTED_ALREADY, str(first.number)))
    return [_wanted(*whose, rows) for whose, rows in told.items()], tuple(errors)


def _wanted(place: int, name: str, year: int, rows: dict[tuple[int, int, str], PopulationRow]) -> Wanted:
    living = tuple(Living(*which, row.children) for which, row in rows.items())
    return SetPopulation(place, year, living), PopulationYear(place, name, year, sum(each.children for each in living))


READERS: dict[type[Query[Any]], Reader] = {PopulationYears: population_years}
DOERS: dict[type[Command], Doer] = {SetPopulation: set_population}
