"""Before a registry's programs: whose they are. A municipality's providers and districts as the file names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select

from bot.registry import reasons
from bot.registry.line import RowError
from bot.registry.parts import Part
from bot.registry.rows import folded
from bot.storage.schema import agreement, district, municipality, provider
from bot.storage.tx import Tx


@dataclass(frozen=True)
class Home:
    """A municipality and who is at home there: ids of providers by the file's key, of districts by folded name."""

    id: int
    providers: Mapping[str, int]
    districts: Mapping[str, int]
    refused: frozenset[str] = frozenset()
    """Providers of the file whose rows cannot be taken, by the file's key."""
    renamed: frozenset[int] = frozenset()
    """Providers whose programs must be indexed anew."""


def known_municipalities(tx: Tx) -> dict[str, int]:
    """Municipalities as files may call them: names and codes, folded."""
    rows = tx.rows(select(municipality.c.id, municipality.c.code, municipality.c.name))
    return {folded(name): row.id for row in rows for name in (row.name, row.code)}


def settle(tx: Tx, part: Part, *, dry: bool, agreements: bool) -> tuple[Home, list[RowError]]:
    """Find or enter the providers and districts; an error for each row of a provider that cannot be entered."""
    home, errors = _providers(tx, part, dry)
    home = replace(home, districts=_districts(tx, part, dry))
    if agreements and not dry:
        agreed = set(tx.sql(select(agreement.c.provider).where(agreement.c.municipality == home.id)).scalars())
        today = tx.today(home.id)
        new = [
            {"municipality": home.id, "provider": number, "start": today}
            for number in sorted({*home.providers.values()} - agreed)
        ]
        if new:
            tx.sql(agreement.insert(), new)
    return home, errors


def _providers(tx: Tx, part: Part, dry: bool) -> tuple[Home, list[RowError]]:
    stored = tx.rows(select(provider).where(provider.c.municipality == part.municipality))
    by_inn = {row.inn: row for row in stored if row.inn}
    by_name = {folded(row.name): row for row in stored}
    ids: dict[str, int] = {}
    refused, renamed = set(), set()
    errors: list[RowError] = []
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for its in part.providers:
        name = folded(its.name)
        known = by_inn.get(its.inn) or by_name.get(name)
        other = by_name.get(name)
        clash = names.setdefault(name, its.key) != its.key
        clash = clash or (other is not None and known is not None and other.id != known.id)
        if clash or (known is not None and known.inn and its.inn and known.inn != its.inn):
            inn = known.inn if known is not None and known.inn else names[name]
            errors += [RowError(row, "ИНН", reasons.OTHER_INN, inn) for row in its.rows]
            refused.add(its.key)
            continue
        contacts = {column: value or getattr(known, column, None) for column, value in its.contacts.items()}
        wanted = {"name": its.name, "kind": its.kind, **contacts}
        if known is None:
            new.append({"municipality": part.municipality, "external_id": its.key, **wanted})
        else:
            ids[its.key] = known.id
            if any(getattr(known, column) != value for column, value in wanted.items()):
                changed.append({"its": known.id, **wanted})
            if known.name != its.name:
                renamed.add(known.id)
    if not dry:
        update(tx, provider, changed)
        if new:
            made = tx.sql(provider.insert().returning(provider.c.id, provider.c.external_id), new)
            ids |= {row.external_id: row.id for row in made}
    return Home(part.municipality, ids, {}, frozenset(refused), frozenset(renamed)), errors


def _districts(tx: Tx, part: Part, dry: bool) -> dict[str, int]:
    stored = tx.rows(select(district.c.id, district.c.name).where(district.c.municipality == part.municipality))
    ids = {folded(row.name): row.id for row in stored}
    new = [{"municipality": part.municipality, "name": name} for name in part.places if folded(name) not in ids]
    if new and not dry:
        made = tx.sql(district.insert().returning(district.c.id, district.c.name), new)
        ids |= {folded(row.name): row.id for row in made}
    return ids


def update(tx: Tx, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Each row's columns, by its id under `its`."""
    if rows:
        tx.sql(table.update().where(table.c.id == bindparam("its")), list(rows))
