"""Before a registry's programs: whose they are. Rows by municipality, its providers and districts as the file names them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row as Stored
from sqlalchemy import bindparam, select

from bot.registry import reasons
from bot.registry.line import RowError
from bot.registry.rows import ProviderRow, Row, folded
from bot.storage.desk import Tx
from bot.storage.schema import agreement, district, municipality, provider


@dataclass
class Home:
    """A municipality with its part of the file; ids of its providers by the file's key, of its districts by folded name."""

    id: int
    rows: list[Row]
    providers: dict[str, int] = field(default_factory=dict)
    districts: dict[str, int] = field(default_factory=dict)
    renamed: set[int] = field(default_factory=set)
    """Providers whose programs must be indexed anew."""


def homes(tx: Tx, rows: Iterable[Row], only: str) -> tuple[list[Home], list[RowError]]:
    """Rows by municipality, found by name; `only`: the code of the one that is imported, or empty for all."""
    known = tx.rows(select(municipality.c.id, municipality.c.code, municipality.c.name))
    by_name = {folded(name): row for row in known for name in (row.name, row.code)}
    found: dict[int, Home] = {}
    errors = []
    for row in rows:
        name = row.program.municipality
        its = by_name.get(folded(name))
        if its is None:
            errors.append(RowError(row.number, "Муниципалитет", reasons.UNKNOWN_MUNICIPALITY, name))
        elif not only or its.code == only:
            found.setdefault(its.id, Home(its.id, [])).rows.append(row)
    return list(found.values()), errors


def settle(tx: Tx, home: Home, *, dry: bool, agreements: bool) -> list[RowError]:
    """Find or enter the providers and districts. What cannot be entered leaves `home.rows`, with an error for each row."""
    errors = _providers(tx, home, dry)
    _districts(tx, home, dry)
    if agreements and not dry:
        agreed = set(tx.sql(select(agreement.c.provider).where(agreement.c.municipality == home.id)).scalars())
        today = tx.today(home.id)
        for number in sorted({*home.providers.values()} - agreed):
            tx.insert(agreement, municipality=home.id, provider=number, start=today)
    return errors


def _providers(tx: Tx, home: Home, dry: bool) -> list[RowError]:
    stored = tx.rows(select(provider).where(provider.c.municipality == home.id))
    by_inn = {row.inn: row for row in stored if row.inn}
    by_name = {folded(row.name): row for row in stored}
    told: dict[str, list[Row]] = {}
    for row in home.rows:
        told.setdefault(row.program.provider_key, []).append(row)
    errors: list[RowError] = []
    new: dict[str, dict[str, Any]] = {}
    changed: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for key, rows in told.items():
        first = rows[0].program.provider
        name = folded(first.name)
        known = by_inn.get(first.inn) or by_name.get(name)
        other = by_name.get(name)
        clash = names.setdefault(name, key) != key or (other is not None and known is not None and other.id != known.id)
        if clash or (known is not None and known.inn and first.inn and known.inn != first.inn):
            its = known.inn if known is not None and known.inn else names[name]
            errors += [RowError(row.number, "ИНН", reasons.OTHER_INN, its) for row in rows]
            continue
        wanted = _merged([row.program.provider for row in rows], known)
        if known is None:
            new[key] = {"municipality": home.id, "external_id": key, **wanted}
        else:
            home.providers[key] = known.id
            if any(getattr(known, column) != value for column, value in wanted.items()):
                changed.append({"its": known.id, **wanted})
            if known.name != first.name:
                home.renamed.add(known.id)
    lost = {error.row for error in errors}
    home.rows = [row for row in home.rows if row.number not in lost]
    if not dry:
        if changed:
            tx.sql(_update(provider), changed)
        if new:
            made = tx.sql(provider.insert().returning(provider.c.id, provider.c.external_id), list(new.values()))
            home.providers |= {row.external_id: row.id for row in made}
    return errors


def _merged(told: Sequence[ProviderRow], known: Stored[Any] | None) -> dict[str, Any]:
    """The first line's name and kind; of contacts the first that is there, else what was known."""
    contacts = {
        column: next((value for each in told if (value := getattr(each, column))), getattr(known, column, None))
        for column in ("inn", "phone", "email", "site")
    }
    return {"name": told[0].name, "kind": told[0].kind, **contacts}


def _districts(tx: Tx, home: Home, dry: bool) -> None:
    stored = tx.rows(select(district.c.id, district.c.name).where(district.c.municipality == home.id))
    home.districts = {folded(row.name): row.id for row in stored}
    names: dict[str, str] = {}
    for row in home.rows:
        if folded(place_of(row)) not in home.districts:
            names.setdefault(folded(place_of(row)), place_of(row))
    if names and not dry:
        rows = [{"municipality": home.id, "name": name} for name in names.values()]
        made = tx.sql(district.insert().returning(district.c.id, district.c.name), rows)
        home.districts |= {folded(row.name): row.id for row in made}


def place_of(row: Row) -> str:
    """R1.2: a district is a city district, else the settlement."""
    return row.group.district or row.group.settlement


def _update(table: Any) -> Any:
    return table.update().where(table.c.id == bindparam("its"))


def update(tx: Tx, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Each row's columns, by its id under `its`."""
    if rows:
        tx.sql(_update(table), list(rows))
