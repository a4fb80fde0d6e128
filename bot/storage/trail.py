"""The audit trail: who of the staff did what to whom, when, from what to what. Written with every command of theirs, in its transaction.

It keeps ids, codes, dates and sums, never a family's words or names: its deletion leaves nothing personal here (R9.2). The database itself
refuses to edit it (`schema.for_ever`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, Table, false, select, true
from sqlalchemy.sql.elements import ColumnElement

from bot.domain.calendar import Month
from bot.domain.catalogue_staff import Part
from bot.domain.messages import Actor, Command, Fact, Query, Refusal
from bot.domain.money import Money
from bot.domain.trail import ListTrail, TrailLine
from bot.storage import schema
from bot.storage.catalogue_work import part
from bot.storage.schema import trail
from bot.storage.tx import Doer, Reader, Tx

STAFF = ("operator", "provider", "administrator")
PAGE = 50
Document = dict[str, Any]

SUBJECTS: Mapping[str, tuple[Table, tuple[str, ...]]] = {
    "certificate": (schema.certificate, ("state", "kind", "certificate_group", "wanted_group", "reason", "frozen_on")),
    "enrollment": (schema.enrollment, ("state", "group", "start", "stop", "ends_on", "until", "reason")),
    "rating": (schema.rating, ("comment_state",)),
    "event": (schema.event, ("state", "starts_at", "seats")),
    "program": (schema.program, ("state", "name", "registry", "direction", "age_min", "age_max")),
    "module": (schema.module, ("name", "price", "normative")),
    "period": (schema.funding_period, ("state",)),
    "group": (schema.group, ("state", "is_open", "seats", "start", "stop")),
    "provider": (schema.provider, ("state", "name")),
    "job": (schema.job, ("kind", "phase", "state")),
    "bill": (schema.bill, ("state", "charged", "refunded", "paid_on")),
    "announcement": (schema.announcement, ("state",)),
    "staff": (schema.staff, ("disabled_at",)),
    "municipality": (schema.municipality, ("policy",)),
}
"""What a command or fact is about, by the name of its field, the closest first: where its row is, and which columns tell what became of it."""
OF_A_PROGRAM: tuple[Part, ...] = ("module", "group")
"""These are in their program's municipality."""
OF_A_CHILD = {"certificate", "enrollment", "rating", "child", "person"}
"""About these no words are kept: they may hold names."""


def witness(tx: Tx, command: Command, me: Actor) -> Callable[[Fact], None]:
    """Look before the command; what is returned writes the line after it, unless the command was refused."""
    if me.role not in STAFF:
        return lambda fact: None
    subject, number = _about(command)
    before = _state(tx, subject, number)

    def write(fact: Fact) -> None:
        if not isinstance(fact, Refusal):
            kind, object = (subject, number) if subject else _about(fact)
            child = _number(fact, "child") or _number(command, "child") or _child_of(tx, kind, object)
            wish = _plain(command, words=not child and kind not in OF_A_CHILD)
            note(tx, me, type(command).__name__, wish, kind, object, child, _changes(before, _state(tx, kind, object)))

    return write


def note(
    tx: Tx,
    me: Actor,
    did: str,
    wish: Document,
    subject: str,
    object: int,
    child: int = 0,
    changes: Document | None = None,
) -> None:
    """One line of the trail."""
    tx.insert(
        trail,
        at=tx.now,
        staff=me.staff,
        who=me.name,
        role=me.role,
        municipality=me.municipality or _municipality_of(tx, subject, object, child),
        provider=me.provider,
        did=did,
        wish=json.dumps(wish, ensure_ascii=False),
        subject=subject,
        object=object,
        child=child,
        changes=json.dumps(changes or {}, ensure_ascii=False),
    )


def _number(message: Command | Fact, name: str) -> int:
    value = getattr(message, name, 0)
    return value if isinstance(value, int) else 0


def _about(message: Command | Fact) -> tuple[str, int]:
    """`group` is a club's group only where nothing closer is named: a category is moved with its certificate, a nominal with its period."""
    return next(((name, number) for name in SUBJECTS if (number := _number(message, name))), ("", 0))


def _state(tx: Tx, subject: str, object: int) -> Document:
    """The telling columns of a row; a policy field by field."""
    if subject not in SUBJECTS:
        return {}
    table, names = SUBJECTS[subject]
    row = tx.row(select(*(table.c[name] for name in names)).where(table.c.id == object))
    state = dict(row._mapping) if row is not None else {}
    policy = state.pop("policy", None)
    return {**{name: _written(value) for name, value in state.items()}, **(json.loads(policy) if policy else {})}


def _changes(before: Document, after: Document) -> Document:
    names = {**before, **after}
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}


def _plain(command: Command, words: bool) -> Document:
    """A command's fields that are numbers, codes, days and sums; words only where they are nobody's."""
    named = {name: value for name, value in vars(command).items() if "password" not in name}
    return {
        name: _written(value)
        for name, value in named.items()
        if isinstance(value, int | Enum | date | Money | Month)
        or (words and isinstance(value, str) and value and name not in SECRET)
    }


SECRET = frozenset({"keep", "secret", "document", "number", "phone"})


def _written(value: Any) -> Any:
    match value:
        case Money():
            return value.kopecks
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Month() | str():
            return str(value)[:200]
    return value


def _child_of(tx: Tx, subject: str, object: int) -> int:
    match subject:
        case "certificate" | "enrollment":
            table = SUBJECTS[subject][0]
            return tx.value(select(table.c.child).where(table.c.id == object)) or 0
        case "rating":
            chain = schema.enrollment.join(schema.rating, schema.rating.c.chain == schema.enrollment.c.id)
            return (
                tx.value(select(schema.enrollment.c.child).select_from(chain).where(schema.rating.c.id == object)) or 0
            )
    return 0


def _municipality_of(tx: Tx, subject: str, object: int, child: int) -> int:
    """Whose business it is, where the actor belongs to no municipality: the child's, or the subject's."""
    if child:
        return tx.value(select(schema.child.c.municipality).where(schema.child.c.id == child)) or 0
    if subject == "municipality":
        return object
    its = next((part(tx, kind, object) for kind in OF_A_PROGRAM if kind == subject), None)
    if its is not None:
        return int(its.municipality)
    table = SUBJECTS[subject][0] if subject in SUBJECTS else None
    if table is None or "municipality" not in table.c:
        return 0
    return tx.value(select(table.c.municipality).where(table.c.id == object)) or 0


def list_trail(tx: Tx, query: ListTrail, me: Actor) -> tuple[TrailLine, ...]:
    """A municipality reads what was done in it, a provider what it did itself, the region's administrator everything."""
    wanted = [_readable(me)]
    if query.child:
        wanted.append(trail.c.child == query.child)
    if query.subject:
        wanted += [trail.c.subject == query.subject, trail.c.object == query.object]
    if query.before:
        wanted.append(trail.c.id < query.before)
    return _lines(tx, me, select(trail).where(*wanted).limit(PAGE))


def lines_about(tx: Tx, me: Actor, number: int) -> tuple[TrailLine, ...]:
    """All that the reader may read about a child."""
    return _lines(tx, me, select(trail).where(_readable(me), trail.c.child == number))


def _readable(me: Actor) -> ColumnElement[bool]:
    mine: Mapping[str, ColumnElement[bool]] = {
        "administrator": true(),
        "operator": trail.c.municipality == me.municipality,
        "provider": trail.c.provider == me.provider,
    }
    return mine.get(me.role, false())


def _lines(tx: Tx, me: Actor, found: Select[Any]) -> tuple[TrailLine, ...]:
    rows = tx.rows(found.order_by(trail.c.id.desc()))
    zone = ZoneInfo(tx.zone(me.municipality) if me.municipality else "UTC")
    told = [(row, json.loads(row.wish), json.loads(row.changes)) for row in rows]
    names = _names(tx, told)
    return tuple(
        TrailLine(
            row.id,
            row.at.astimezone(zone),
            row.who,
            row.role,
            row.did,
            row.subject,
            row.object,
            row.child,
            tuple((name, _called(names, name, value)) for name, value in wish.items()),
            tuple((name, _called(names, name, was), _called(names, name, now)) for name, (was, now) in changes.items()),
        )
        for row, wish, changes in told
    )


NAMED: Mapping[str, Table] = {
    "certificate_group": schema.certificate_group,
    "wanted_group": schema.certificate_group,
    "provider": schema.provider,
    "period": schema.funding_period,
}
"""Fields that hold the id of something with a name that is nobody's secret."""


def _names(tx: Tx, told: Sequence[tuple[Row[Any], Document, Document]]) -> dict[tuple[str, int], str]:
    """The names behind the ids in these lines: a statement for each kind that there is."""
    found: dict[tuple[str, int], str] = {}
    for field, table in NAMED.items():
        ids = {wish[field] for _row, wish, _changes in told if isinstance(wish.get(field), int)}
        ids |= {each for _row, _wish, changes in told for each in changes.get(field, ()) if isinstance(each, int)}
        if ids:
            rows = tx.rows(select(table.c.id, table.c.name).where(table.c.id.in_(ids)))
            found |= {(field, row.id): row.name for row in rows}
    return found


def _called(names: Mapping[tuple[str, int], str], field: str, value: Any) -> str:
    return (names.get((field, value)) if isinstance(value, int) else None) or _said(value)


def _said(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


READERS: dict[type[Query[Any]], Reader] = {ListTrail: list_trail}
DOERS: dict[type[Command], Doer] = {}
