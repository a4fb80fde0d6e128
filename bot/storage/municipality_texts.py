"""What the municipalities have published: contacts, questions and answers, documents."""

from typing import Any

from sqlalchemy import Row, delete, func, select

from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.domain.published import (
    AddText,
    ChangeText,
    Counted,
    EmptyText,
    MyMunicipality,
    OneText,
    Published,
    PublishedText,
    ReadText,
    RemoveText,
    Shelf,
    TextAdded,
    TextChanged,
    TextExists,
    TextKind,
    TextRemoved,
    TextSeen,
    TextsOf,
    TextTitle,
)
from bot.i18n import LANGUAGES
from bot.storage.people import language_of, runs
from bot.storage.schema import municipality, municipality_text
from bot.storage.tx import Doer, Reader, Tx


def language_with_texts(tx: Tx, place: int, kind: TextKind, wanted: str) -> str:
    """The wanted language, or Russian where nothing of the kind is written in it."""
    here = (municipality_text.c.municipality == place, municipality_text.c.kind == kind.value)
    there = tx.row(select(municipality_text.c.id).where(*here, municipality_text.c.language == wanted).limit(1))
    return wanted if there is not None else "ru"


def my_municipality(tx: Tx, query: MyMunicipality, me: Actor) -> Counted:
    """The reader's municipality at a glance."""
    wanted = language_of(tx, me)
    counts = {
        kind: tx.value(
            select(func.count())
            .select_from(municipality_text)
            .where(
                municipality_text.c.municipality == me.municipality,
                municipality_text.c.kind == kind.value,
                municipality_text.c.language == language_with_texts(tx, me.municipality, kind, wanted),
            )
        )
        for kind in TextKind
    }
    return Counted(
        tx.value(select(municipality.c.name).where(municipality.c.id == me.municipality)) or "",
        counts[TextKind.CONTACTS],
        counts[TextKind.QUESTION],
        counts[TextKind.DOCUMENT],
    )


def published(tx: Tx, query: Published, me: Actor) -> Shelf:
    """In the operators' order."""
    language = language_with_texts(tx, me.municipality, query.kind, language_of(tx, me))
    rows = tx.rows(
        select(municipality_text.c.id, municipality_text.c.title)
        .where(
            municipality_text.c.municipality == me.municipality,
            municipality_text.c.kind == query.kind.value,
            municipality_text.c.language == language,
        )
        .order_by(municipality_text.c.position, municipality_text.c.id)
    )
    name = tx.value(select(municipality.c.name).where(municipality.c.id == me.municipality)) or ""
    return Shelf(name, tuple(TextTitle(row.id, row.title) for row in rows))


def one_text(tx: Tx, query: OneText, me: Actor) -> PublishedText | None:
    """Only of the reader's municipality."""
    here = (municipality_text.c.id == query.id, municipality_text.c.municipality == me.municipality)
    row = tx.row(select(municipality_text.c.title, municipality_text.c.body).where(*here))
    return PublishedText(row.title, row.body) if row is not None else None


def texts_of(tx: Tx, query: TextsOf, me: Actor) -> tuple[TextSeen, ...]:
    """In all languages, kind by kind."""
    if not runs(me, query.municipality):
        return ()
    order = (
        municipality_text.c.kind,
        municipality_text.c.language,
        municipality_text.c.position,
        municipality_text.c.id,
    )
    rows = tx.rows(
        select(municipality_text).where(municipality_text.c.municipality == query.municipality).order_by(*order)
    )
    return tuple(_seen(row) for row in rows)


def read_text(tx: Tx, query: ReadText, me: Actor) -> TextSeen | None:
    """Only the municipality's own."""
    row = tx.row(select(municipality_text).where(municipality_text.c.id == query.text))
    return _seen(row) if row is not None and runs(me, row.municipality) else None


def _seen(row: Row[Any]) -> TextSeen:
    return TextSeen(row.id, TextKind(row.kind), row.language, row.title, row.position, row.body)


def add_text(tx: Tx, command: AddText, me: Actor) -> Fact:
    """The same title in the same language is replaced."""
    if not runs(me, command.municipality):
        return NotYours()
    title, body = command.title.strip(), command.body.strip()
    if not title or not body or command.language not in LANGUAGES:
        return EmptyText()
    key = {
        "municipality": command.municipality,
        "kind": command.kind.value,
        "language": command.language,
        "title": title,
    }
    known = tx.value(
        select(municipality_text.c.id).where(*(municipality_text.c[name] == value for name, value in key.items()))
    )
    if known is None:
        return TextAdded(tx.insert(municipality_text, **key, body=body, position=command.position))
    new = {"body": body, "position": command.position}
    tx.sql(municipality_text.update().where(municipality_text.c.id == known).values(**new))
    return TextAdded(known)


def change_text(tx: Tx, command: ChangeText, me: Actor) -> Fact:
    """Where it stands, so that nothing that leads to it breaks."""
    row = tx.row(select(municipality_text).where(municipality_text.c.id == command.text))
    if row is None or not runs(me, row.municipality):
        return NotYours()
    title, body = command.title.strip(), command.body.strip()
    if not title or not body:
        return EmptyText()
    table = municipality_text.c
    same = table.municipality == row.municipality, table.kind == row.kind, table.language == row.language
    if tx.value(select(table.id).where(*same, table.title == title, table.id != row.id)) is not None:
        return TextExists()
    new = {"title": title, "body": body, "position": command.position}
    tx.sql(municipality_text.update().where(table.id == row.id).values(**new))
    return TextChanged(row.id)


def remove_text(tx: Tx, command: RemoveText, me: Actor) -> Fact:
    """Only the municipality's own."""
    place = tx.value(select(municipality_text.c.municipality).where(municipality_text.c.id == command.text))
    if place is None or not runs(me, place):
        return NotYours()
    tx.sql(delete(municipality_text).where(municipality_text.c.id == command.text))
    return TextRemoved(command.text)


READERS: dict[type[Query[Any]], Reader] = {
    MyMunicipality: my_municipality,
    Published: published,
    OneText: one_text,
    TextsOf: texts_of,
    ReadText: read_text,
}
DOERS: dict[type[Command], Doer] = {AddText: add_text, ChangeText: change_text, RemoveText: remove_text}
