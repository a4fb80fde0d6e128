"""The names behind facts' ids, looked up at the moment of sending: the outbox itself keeps none (R9.4)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, Select, bindparam, select

from bot.domain.messages import Fact
from bot.notifications.notice import About
from bot.storage.schema import (
    announcement,
    certificate,
    child,
    enrollment,
    event,
    group,
    module,
    municipality,
    program,
    provider,
)
from bot.storage.tx import Tx

IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def _program_of(number: Column[int]) -> Select[Any]:
    """Of a program's groups the first one's address."""
    clubs = (
        program.join(provider, provider.c.id == program.c.provider)
        .outerjoin(module, module.c.program == program.c.id)
        .outerjoin(group, group.c.module == module.c.id)
    )
    if number.table is enrollment:
        clubs = clubs.join(enrollment, enrollment.c.group == group.c.id)
    named = select(number.label("id"), program.c.name, provider.c.name.label("provider"), group.c.address)
    return named.select_from(clubs).where(number.in_(IDS)).order_by(group.c.id.desc())


NAMES = {
    "child": select(child.c.id, child.c.first_name.label("name")).where(child.c.id.in_(IDS)),
    "certificate": select(certificate.c.id, certificate.c.reason_words).where(certificate.c.id.in_(IDS)),
    "announcement": select(announcement, municipality.c.name)
    .join(municipality, municipality.c.id == announcement.c.municipality)
    .where(announcement.c.id.in_(IDS)),
    "event": select(event.c.id, event.c.title.label("name")).where(event.c.id.in_(IDS)),
    "enrollment": _program_of(enrollment.c.id),
    "group": _program_of(group.c.id),
    "program": _program_of(program.c.id),
}
"""An id that a fact may carry, and where its names are; of a certificate the words that were added to a reason."""


def names_behind(tx: Tx, facts: Sequence[Fact]) -> list[About]:
    """Names for notices; empty where a fact has no such id, or what it names is gone. A statement for each kind of id."""
    known: dict[str, dict[int, Any]] = {}
    for kind, query in NAMES.items():
        told = facts if kind != "certificate" else [fact for fact in facts if hasattr(fact, "reason")]
        ids = {number for fact in told if (number := getattr(fact, kind, 0))}
        if kind == "program":
            ids |= {number for fact in facts for number in getattr(fact, "programs", ())}
        known[kind] = {row.id: row for row in tx.sql(query, {"ids": ids})} if ids else {}
    return [_about(fact, known) for fact in facts]


def _about(fact: Fact, known: dict[str, dict[int, Any]]) -> About:
    found = {kind: rows.get(getattr(fact, kind, 0)) for kind, rows in known.items()}
    if written := found["announcement"]:
        texts = written.words, written.words_en
        return About(municipality=written.name, announcement=texts, called_back=written.state == "stopped")
    named: dict[str, Any] = {kind: row.name or "" for kind in ("child", "event") if (row := found[kind]) is not None}
    if added := found["certificate"]:
        named["words"] = added.reason_words or ""
    if several := getattr(fact, "programs", ()):
        named["programs"] = {each: (row.name, row.provider) for each in several if (row := known["program"].get(each))}
    club = found["enrollment"] or found["group"] or found["program"]
    if club is None:
        return About(**named)
    return About(**named, program=club.name, provider=club.provider, address=club.address or "")
