"""Two rows of one human being become one (R1.3): the same guardian on a second channel, or after the last one was lost."""

from typing import Any

from sqlalchemy import Table, select

from bot.storage.calendar_link import one_link
from bot.storage.conversations import look_again
from bot.storage.saved_search import same_searches
from bot.storage.schema import chat, metadata, muted_topic, person
from bot.storage.tx import Tx

OWN = ("surname", "first_name", "patronymic", "phone", "email", "municipality")
"""What the person keeps, and takes over where they had nothing; the language stays theirs."""


def merge(tx: Tx, newcomer: int, owner: int, prefer: bool) -> None:
    """Everything of `newcomer` becomes the owner's and their emptied row goes; conversations stay with their chats.

    The newcomer has no children. Notices go on to the owner's present channel, or (`prefer`) to the newcomer's chats.
    """
    arriving = tx.rows(select(chat).where(chat.c.person == newcomer, chat.c.cut_at.is_(None)).order_by(chat.c.id))
    _settle_notices(tx, arriving, owner, prefer)
    _take_over_silence(tx, newcomer, owner)
    _take_over_details(tx, newcomer, owner)
    one_link(tx, newcomer, owner)
    same_searches(tx, newcomer, owner)
    for table, column in _belongings():
        tx.sql(table.update().where(table.c[column] == newcomer).values({column: owner}))
    look_again(tx, [owner])
    tx.sql(person.delete().where(person.c.id == newcomer))


def _belongings() -> list[tuple[Table, str]]:
    """Every column that names a person: consents, chats, tries, ratings, sign-ups, notices and whatever comes later."""
    return [
        (table, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if column.references(person.c.id) and table is not muted_topic
    ]


def _settle_notices(tx: Tx, arriving: Any, owner: int, prefer: bool) -> None:
    """One preferred chat: a living one that may carry everything (R9.3), the owner's before the newcomer's unless `prefer`."""
    living = (chat.c.person == owner, chat.c.dead_at.is_(None), chat.c.cut_at.is_(None))
    present = tx.rows(
        select(chat).where(*living).order_by(chat.c.preferred.desc(), chat.c.linked_at.desc(), chat.c.id.desc())
    )
    candidates = [*arriving, *present] if prefer else [*present, *arriving]
    speaking = [row for row in candidates if row.channel not in tx.impersonal]
    chosen = (speaking or candidates)[0].id if candidates else 0
    both = chat.c.id.in_([row.id for row in (*present, *arriving)])
    tx.sql(chat.update().where(both).values(preferred=chat.c.id == chosen))
    tx.sql(chat.update().where(chat.c.id.in_([row.id for row in arriving])).values(linked_at=tx.now))


def _take_over_silence(tx: Tx, newcomer: int, owner: int) -> None:
    """A topic that was switched off in either chat stays off."""
    theirs = {row.topic for row in tx.rows(select(muted_topic).where(muted_topic.c.person == newcomer))}
    mine = {row.topic for row in tx.rows(select(muted_topic).where(muted_topic.c.person == owner))}
    tx.sql(muted_topic.delete().where(muted_topic.c.person == newcomer))
    for topic in sorted(theirs - mine):
        tx.sql(muted_topic.insert().values(person=owner, topic=topic))


def _take_over_details(tx: Tx, newcomer: int, owner: int) -> None:
    rows = {row.id: row for row in tx.rows(select(person).where(person.c.id.in_([newcomer, owner])))}
    missing = {
        name: getattr(rows[newcomer], name)
        for name in OWN
        if getattr(rows[owner], name) is None and getattr(rows[newcomer], name) is not None
    }
    if missing:
        tx.sql(person.update().where(person.c.id == owner).values(**missing))
