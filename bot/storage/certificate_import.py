"""Certificates that were issued elsewhere are taken over with what is left on them (R2, R3.3 «open»).

Known by number. A new one enters with its child, active; a funded one's balance comes from the budget of the present period, once for ever, and
stands for that period's grant (`certificate.opened_in`). Of a known one the child's name, sex, district and contact are corrected; money, kind and
category are decisions, and are never changed by a file. Nobody is told: a family links its certificate by number, birth date and a code (R2.11).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row as Stored
from sqlalchemy import Text, cast, literal, select

from bot.domain import ledger as book
from bot.domain.application import ALL_CHILDREN, age_refusal, folded_name, sex_of
from bot.domain.certificate import CertificateState, valid_until
from bot.domain.money import Money
from bot.registry import reasons
from bot.registry.certificates import CERTIFICATES, CertificateRow
from bot.registry.line import Change, RowError
from bot.registry.parts import CertificateFile
from bot.registry.rows import folded
from bot.storage.accounts import move_all
from bot.storage.certificate_rows import NO_MORE
from bot.storage.import_home import update
from bot.storage.schema import certificate, certificate_group, child, district, funding_period, transfer
from bot.storage.stages import Did, Found, Place, Stage
from bot.storage.tx import Tx

TOLD = {
    "surname": "child",
    "first_name": "child",
    "patronymic": "child",
    "sex": "sex",
    "district": "district",
    "contact": "contact",
}
"""Columns of a child that a file may correct, by the spreadsheet's."""


class CertificateImport:
    """A file's way into the municipality, by the batch."""

    def __init__(self, file: CertificateFile, municipality: int, *, dry: bool, shown: int = 0) -> None:
        """`dry` compares and writes nothing; the first `shown` changes are told field by field."""
        self.file, self.municipality, self.dry, self.shown = file, municipality, dry, shown

    def begin(self) -> Place:
        """What the reader could not take counts already."""
        return Place(report={"errors": self.file.wrong})

    def stages(self) -> list[Stage]:
        """One; files of certificates archive nothing."""
        return [self._put]

    def _put(self, tx: Tx, place: Place, size: int) -> Did:
        rows = self.file.rows.some(place.at, size)
        shown = max(self.shown - place.memo.get("shown", 0), 0)
        outcome = put(tx, self.municipality, rows, dry=self.dry, shown=shown)
        at = place.at + size
        memo = {"shown": self.shown - shown + len(outcome.changes)} if outcome.changes else {}
        found: list[Found] = [*outcome.errors, *outcome.changes]
        return Did(at if at < len(self.file.rows) else None, len(rows), outcome.report, found, memo)


@dataclass
class Outcome:
    """What came of some rows: added, changed, same, errors, and the kopecks that were opened."""

    report: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def refuse(self, row: CertificateRow, key: str, reason: str, value: object = "") -> None:
        """The row is left as it is."""
        self.report["errors"] += 1
        self.errors.append(RowError(row.row, CERTIFICATES.name(key), reason, str(value)))


def put(tx: Tx, municipality: int, rows: Sequence[CertificateRow], *, dry: bool, shown: int = 0) -> Outcome:
    """Compare these rows with what is stored, and, unless `dry`, make it so; a constant number of statements."""
    place, outcome = _Place(tx, municipality), Outcome()
    known = _known(tx, rows)
    likes = _children(tx, rows)
    new: list[tuple[CertificateRow, int]] = []
    corrected: list[dict[str, Any]] = []
    for row in rows:
        group = place.groups.get(folded(row.category or ALL_CHILDREN))
        lives = place.districts.get(folded(row.district)) if row.district else None
        its = known.get(row.number)
        if group is None:
            outcome.refuse(row, "category", reasons.UNKNOWN_CATEGORY, row.category)
        elif row.district and lives is None:
            outcome.refuse(row, "district", reasons.UNKNOWN_DISTRICT, row.district)
        elif its is not None:
            changes = _corrections(row, its, group, lives, place, outcome)
            if changes:
                as_it_is = {name: getattr(its, name) for name in TOLD}
                corrected.append({**as_it_is, **changes, "its": its.child, "folded_name": folded_name(row.name)})
                outcome.changes += _told(row, its, changes, place.districts) if len(outcome.changes) < shown else []
        elif (folded_name(row.name), row.birth_date) in likes:
            outcome.refuse(row, "child", reasons.CHILD_HAS_ONE)
        elif age_refusal(row.birth_date, place.today, place.min_age, place.max_age) is not None:
            outcome.refuse(row, "birth_date", reasons.NOT_OF_AGE, f"{row.birth_date:%d.%m.%Y}")
        elif row.kind == "funded" and not place.period:
            outcome.refuse(row, "balance", reasons.NO_PERIOD)
        else:
            outcome.report["added"] += 1
            outcome.report["kopecks"] += row.balance.kopecks if row.balance else 0
            new.append((row, group))
    if not dry:
        update(tx, child, corrected)
        _enter(tx, place, new)
    outcome.changes = outcome.changes[:shown]
    return outcome


class _Place:
    """What must be known of a municipality: today, its ages, the present period, its categories and districts by folded name."""

    def __init__(self, tx: Tx, municipality: int) -> None:
        policy = tx.policy(municipality)
        self.id, self.today, self.min_age, self.max_age = (
            municipality,
            tx.today(municipality),
            policy.min_age,
            policy.max_age,
        )
        table = funding_period
        here = select(table.c.id).where(table.c.municipality == municipality, table.c.state == "open")
        self.period = tx.value(here.where(table.c.start <= self.today, table.c.stop >= self.today)) or 0
        groups = tx.rows(select(certificate_group).where(certificate_group.c.municipality == municipality))
        self.groups = {folded(name): row.id for row in groups for name in (row.name, row.code)}
        districts = tx.rows(select(district).where(district.c.municipality == municipality))
        self.districts = {folded(row.name): row.id for row in districts}


def _known(tx: Tx, rows: Sequence[CertificateRow]) -> Mapping[str, Stored[Any]]:
    """Certificates with these numbers, wherever they are, with their children."""
    columns = [child.c[name] for name in (*TOLD, "birth_date", "deleted_at")]
    key = (
        literal("open:") + cast(certificate.c.id, Text) + ":" + cast(certificate.c.opened_in, Text)
    )  # as `ledger.open_balance` writes it
    opened = select(transfer.c.kopecks).where(transfer.c.key == key).scalar_subquery()
    found = (
        select(
            certificate.c.number,
            certificate.c.child,
            certificate.c.municipality,
            certificate.c.certificate_group,
            certificate.c.kind,
            certificate.c.opened_in,
            opened.label("opened"),
            *columns,
        )
        .join(child, child.c.id == certificate.c.child)
        .where(certificate.c.number.in_([row.number for row in rows]))
    )
    return {row.number: row for row in tx.rows(found)}


def _children(tx: Tx, rows: Sequence[CertificateRow]) -> set[tuple[str, date]]:
    """Those of these names, with their birth dates, that have an application or a certificate anywhere (R2.10)."""
    alive = certificate.c.state.not_in([state.value for state in NO_MORE])
    names = [folded_name(row.name) for row in rows]
    named = child.c.folded_name.in_(names)  # not the pairs: SQLite would look for those in every child
    found = select(child.c.folded_name, child.c.birth_date).join(certificate, certificate.c.child == child.c.id)
    return {
        (row.folded_name, row.birth_date) for row in tx.rows(found.where(alive, named, child.c.deleted_at.is_(None)))
    }


def _corrections(
    row: CertificateRow,
    its: Stored[Any],
    group: int,
    lives: int | None,
    place: _Place,
    outcome: Outcome,
) -> dict[str, Any]:
    """The child's columns that the file corrects; nothing of a certificate that is another's, or otherwise here, nor of a child that was
    deleted (R9.2), of whom the year of birth is left."""
    if its.municipality != place.id:
        outcome.refuse(row, "number", reasons.OTHER_MUNICIPALITYS, row.number)
    elif its.deleted_at is not None or its.birth_date != row.birth_date:
        outcome.refuse(row, "birth_date", reasons.OTHER_CHILD, row.number)
    elif (its.kind, its.certificate_group) != (row.kind, group):
        outcome.refuse(row, "kind", reasons.OTHERWISE_HERE, its.kind)
    elif its.opened_in is not None and row.balance != Money(its.opened or 0):
        outcome.refuse(
            row, "balance", reasons.OTHER_BALANCE, f"{(its.opened or 0) // 100},{(its.opened or 0) % 100:02}"
        )
    else:
        wanted = {**_named(row), "sex": row.sex, "district": lives, "contact": row.contact}
        changes = {name: value for name, value in wanted.items() if value and getattr(its, name) != value}
        outcome.report["changed" if changes else "same"] += 1
        return changes
    return {}


def _told(
    row: CertificateRow, its: Stored[Any], changes: Mapping[str, Any], districts: Mapping[str, int]
) -> Iterable[Change]:
    places = {number: name for name, number in districts.items()}
    for name, key in TOLD.items():
        if name in changes:
            pair = getattr(its, name), changes[name]
            old, new = (places.get(each, "") if name == "district" else each or "" for each in pair)
            yield Change(row.row, CERTIFICATES.name(key), row.number, old, new)


def _named(row: CertificateRow) -> dict[str, Any]:
    return {"surname": row.name.surname, "first_name": row.name.first_name, "patronymic": row.name.patronymic or None}


def _enter(tx: Tx, place: _Place, new: Sequence[tuple[CertificateRow, int]]) -> None:
    if not new:
        return
    children = [
        {
            "municipality": place.id,
            "district": place.districts.get(folded(row.district)) if row.district else None,
            **_named(row),
            "folded_name": folded_name(row.name),
            "birth_date": row.birth_date,
            "sex": row.sex or sex_of(row.name),
            "contact": row.contact or None,
            "created_at": tx.now,
        }
        for row, _group in new
    ]
    entered = tx.sql(child.insert().returning(child.c.id, child.c.folded_name, child.c.birth_date), children)
    made = {(row.folded_name, row.birth_date): row.id for row in entered}
    certificates = [
        {
            "child": made[folded_name(row.name), row.birth_date],
            "municipality": place.id,
            "certificate_group": group,
            "number": row.number,
            "kind": row.kind,
            "state": CertificateState.ACTIVE.value,
            "conversion": 1 if row.kind == "funded" else 0,
            "activated_at": tx.now,
            "valid_until": valid_until(row.birth_date, place.max_age),
            "used_on": place.today if row.kind == "funded" else None,
            "opened_in": place.period if row.kind == "funded" else None,
        }
        for row, group in new
    ]
    issued = tx.sql(certificate.insert().returning(certificate.c.id, certificate.c.number), certificates)
    balances = {row.number: row.balance for row, _group in new}
    opened = ((each.id, balances[each.number]) for each in issued)
    move_all(tx, [_opening(place, number, balance) for number, balance in opened if balance])


def _opening(place: _Place, number: int, balance: Money) -> book.Transfer:
    return book.open_balance(book.budget(place.id, place.period), book.certificate(number, place.period), balance)
