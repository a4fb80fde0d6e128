"""Municipalities, districts, policies and the production calendar; published texts are in municipality_texts.py."""

import json
import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Select, func, or_, select

from bot.domain.calendar import ProductionCalendar, YearDays, parse_year
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.domain.municipality import (
    AddDistrict,
    AddMunicipality,
    CalendarYearSet,
    Changed,
    ChangeMunicipality,
    DistrictAdded,
    DistrictExists,
    DistrictRenamed,
    DistrictsOf,
    ListMunicipalities,
    Municipalities,
    MunicipalityAdded,
    MunicipalityChanged,
    MunicipalityLine,
    MunicipalitySet,
    Place,
    Places,
    PolicyOf,
    PolicySet,
    ReadYear,
    RenameDistrict,
    SetCalendarYear,
    SetMunicipality,
    SetPolicy,
    WrongCalendar,
    WrongMunicipality,
    WrongPolicy,
    YearBy,
    YearSeen,
)
from bot.domain.policy import Policy
from bot.storage import municipality_texts as texts
from bot.storage.people import arranges, runs
from bot.storage.schema import calendar_year, certificate, certificate_group, district, municipality, person
from bot.storage.shelf import shelve_rated
from bot.storage.tx import Doer, Reader, Tx

REGION = 0
"""Where a year of the production calendar was entered, if in no municipality."""
CALENDARS = Path(__file__).resolve().parent.parent / "data" / "calendar"


# --- where a family lives ---------------------------------------------------------------------------------------------


def municipalities(tx: Tx, query: Municipalities, me: Actor) -> Places:
    """All of them with what is in them, and the reader's own."""
    return Places(tx.memory.recall("municipalities", (municipality, district), lambda: _places(tx)), me.municipality)


def _places(tx: Tx) -> tuple[Place, ...]:
    parts: dict[int, tuple[str, ...]] = {}
    for row in tx.rows(select(district.c.municipality, district.c.name).order_by(district.c.name)):
        parts[row.municipality] = (*parts.get(row.municipality, ()), row.name)
    rows = tx.rows(select(municipality).order_by(municipality.c.name))
    return tuple(Place(row.id, row.name, row.code, parts.get(row.id, ())) for row in rows)


def districts_of(tx: Tx, query: DistrictsOf, me: Actor) -> tuple[Place, ...]:
    """By name."""
    rows = tx.rows(select(district).where(district.c.municipality == query.municipality).order_by(district.c.name))
    return tuple(Place(row.id, row.name) for row in rows)


def set_municipality(tx: Tx, command: SetMunicipality, me: Actor) -> Fact:
    """R1.2."""
    if (
        me.role != "person"
        or tx.row(select(municipality.c.id).where(municipality.c.id == command.municipality)) is None
    ):
        return NotYours()
    tx.sql(person.update().where(person.c.id == me.person).values(municipality=command.municipality))
    return MunicipalitySet(me.person, command.municipality)


def add_municipality(tx: Tx, command: AddMunicipality, me: Actor) -> Fact:
    """With its group «all children», to which everybody belongs until a proof is seen (R2.5)."""
    if not arranges(me):
        return NotYours()
    if wrong := wrong_in(command):
        return WrongMunicipality(wrong)
    same = or_(municipality.c.code == command.code, municipality.c.number_prefix == command.number_prefix)
    if tx.row(select(municipality.c.id).where(same)) is not None:
        return WrongMunicipality("taken")
    new = tx.insert(
        municipality,
        code=command.code,
        name=command.name.strip(),
        zone=command.zone,
        number_prefix=command.number_prefix,
        policy="{}",
    )
    tx.insert(certificate_group, municipality=new, code="all", name="Все дети")
    return MunicipalityAdded(new)


def list_municipalities(tx: Tx, query: ListMunicipalities, me: Actor) -> tuple[MunicipalityLine, ...]:
    """By name."""
    if not arranges(me):
        return ()
    used = certificate.c.municipality == municipality.c.id, certificate.c.state == "active"
    count = select(func.count()).select_from(certificate).where(*used).scalar_subquery()
    rows = tx.rows(select(municipality, count.label("certificates")).order_by(municipality.c.name))
    return tuple(
        MunicipalityLine(
            row.id, row.code, row.name, row.zone, row.number_prefix, row.certificates, _changed(json.loads(row.policy))
        )
        for row in rows
    )


def _changed(document: dict[str, object]) -> int:
    plain = Policy().to_document()
    return sum(value != plain[name] for name, value in document.items())


def change_municipality(tx: Tx, command: ChangeMunicipality, me: Actor) -> Fact:
    """Instants stay what they are, local days follow the new zone."""
    if not arranges(me):
        return NotYours()
    row = tx.row(select(municipality).where(municipality.c.id == command.municipality).with_for_update())
    if row is None:
        return NotYours()
    if wrong := wrong_in(AddMunicipality(row.code, command.name, command.zone, row.number_prefix)):
        return WrongMunicipality(wrong)
    values = {"name": command.name.strip(), "zone": command.zone}
    tx.sql(municipality.update().where(municipality.c.id == row.id).values(**values))
    return MunicipalityChanged(row.id)


def wrong_in(command: AddMunicipality) -> str:
    """The field that makes no sense, or nothing. A code must survive a deep link: letters, digits, hyphens."""
    if not re.fullmatch(r"[a-z0-9-]{1,30}", command.code):
        return "code"
    if not command.name.strip():
        return "name"
    try:
        ZoneInfo(command.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return "zone"
    return "" if re.fullmatch(r"[0-9]{4}", command.number_prefix) else "number_prefix"


def add_district(tx: Tx, command: AddDistrict, me: Actor) -> Fact:
    """A settlement or a city district."""
    if not runs(me, command.municipality):
        return NotYours()
    name = command.name.strip()
    if not name or _named_so(tx, command.municipality, name):
        return DistrictExists()
    return DistrictAdded(tx.insert(district, municipality=command.municipality, name=name))


def rename_district(tx: Tx, command: RenameDistrict, me: Actor) -> Fact:
    """Imports know a district by its name, so the next file has to say the new one."""
    place = tx.value(select(district.c.municipality).where(district.c.id == command.district))
    if place is None or not runs(me, place):
        return NotYours()
    name = command.name.strip()
    if not name or _named_so(tx, place, name):
        return DistrictExists()
    tx.sql(district.update().where(district.c.id == command.district).values(name=name))
    return DistrictRenamed(command.district)


def _named_so(tx: Tx, place: int, name: str) -> bool:
    same = district.c.municipality == place, district.c.name == name
    return tx.value(select(district.c.id).where(*same)) is not None


# --- policy and calendar ----------------------------------------------------------------------------------------------


def policy_of(tx: Tx, query: PolicyOf, me: Actor) -> tuple[tuple[str, str], ...]:
    """Every field, the defaults too."""
    there = tx.value(select(municipality.c.id).where(municipality.c.id == query.municipality)) is not None
    if not there or not (runs(me, query.municipality) or arranges(me)):
        return ()
    document = tx.policy(query.municipality).to_document()
    return tuple((name, json.dumps(value, ensure_ascii=False)) for name, value in document.items())


def set_policy(tx: Tx, command: SetPolicy, me: Actor) -> Fact:
    """Checked whole before anything is written; the region's administrator decides, an operator reads."""
    if not arranges(me):
        return NotYours()
    row = tx.row(select(municipality.c.policy).where(municipality.c.id == command.municipality).with_for_update())
    if row is None:
        return NotYours()
    before = Policy.stored(json.loads(row.policy)).to_document()
    try:
        wanted = {name: json.loads(value) for name, value in command.fields}
        after = Policy.from_document({**before, **wanted}).to_document()
    except ValueError as error:
        return WrongPolicy(str(error))
    changes = tuple(
        Changed(name, json.dumps(before[name]), json.dumps(after[name]))
        for name in after
        if after[name] != before[name]
    )
    document = {**json.loads(row.policy), **{each.field: after[each.field] for each in changes}}
    mine = municipality.c.id == command.municipality
    tx.sql(municipality.update().where(mine).values(policy=json.dumps(document, ensure_ascii=False)))
    if before["rating_shown_from"] != after["rating_shown_from"]:
        shelve_rated(tx, command.municipality)
    return PolicySet(command.municipality, changes)


@cache
def _shipped() -> dict[int, YearDays]:
    """The years that came with the program."""
    years = [parse_year(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(CALENDARS.glob("*.json"))]
    return {days.year: days for days in years}


def production_calendar(tx: Tx, place: int) -> ProductionCalendar:
    """R8.3: the years of the package, over them those that were entered for the region, over these the municipality's own."""
    rows = tx.rows(_entered(place))
    return ProductionCalendar({**_shipped(), **{row.year: parse_year(json.loads(row.document)) for row in rows}})


def _entered(place: int) -> Select[Any]:
    """The region's years, then the municipality's."""
    places = calendar_year.c.municipality.in_((REGION, place))
    return select(calendar_year).where(places).order_by(calendar_year.c.municipality)


def read_year(tx: Tx, query: ReadYear, me: Actor) -> YearSeen:
    """As it holds where the operator works; the administrator's is the region's."""
    calendar = production_calendar(tx, me.municipality)
    first = date(query.year, 1, 1)
    days = (first + timedelta(days=number) for number in range(366))
    working = frozenset(day for day in days if day.year == query.year and calendar.is_working(day))
    entered = tx.rows(_entered(me.municipality).where(calendar_year.c.year == query.year))
    if entered:
        by = YearBy.REGION if entered[-1].municipality == REGION else YearBy.MUNICIPALITY
    else:
        by = YearBy.GOVERNMENT if calendar.published(query.year) else YearBy.NOBODY
    return YearSeen(query.year, by, working)


def set_calendar_year(tx: Tx, command: SetCalendarYear, me: Actor) -> Fact:
    """An operator's for her municipality alone; the administrator's and the terminal's for the region."""
    if me.role not in ("system", "operator", "administrator"):
        return NotYours()
    try:
        document = json.loads(command.document)
        year = parse_year(document).year
    except (ValueError, AttributeError) as error:
        return WrongCalendar(str(error))
    values = {"municipality": me.municipality, "year": year, "document": json.dumps(document, ensure_ascii=False)}
    tx.upsert(calendar_year, [values], "municipality", "year")
    return CalendarYearSet(year)


READERS: dict[type[Query[Any]], Reader] = {
    Municipalities: municipalities,
    DistrictsOf: districts_of,
    PolicyOf: policy_of,
    ListMunicipalities: list_municipalities,
    ReadYear: read_year,
    **texts.READERS,
}
DOERS: dict[type[Command], Doer] = {
    SetMunicipality: set_municipality,
    AddMunicipality: add_municipality,
    ChangeMunicipality: change_municipality,
    AddDistrict: add_district,
    RenameDistrict: rename_district,
    SetPolicy: set_policy,
    SetCalendarYear: set_calendar_year,
    **texts.DOERS,
}
