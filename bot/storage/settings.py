"""A person's language, silent topics and linked chats."""

from typing import Any

from sqlalchemy import delete, func, select

from bot.domain.calendar import local_date
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.domain.settings import (
    ChatCut,
    ChatPreferred,
    ChatSeen,
    Chosen,
    CutChat,
    LanguageSet,
    LastChat,
    MyChats,
    MySettings,
    PreferChat,
    SetLanguage,
    SwitchTopic,
    TopicSwitched,
)
from bot.domain.topics import Topic
from bot.i18n import LANGUAGES
from bot.storage.schema import chat, municipality, muted_topic, person
from bot.storage.tx import Doer, Reader, Tx


def my_settings(tx: Tx, query: MySettings, me: Actor) -> Chosen:
    """At a glance."""
    row = tx.sql(
        select(person.c.language, municipality.c.name)
        .outerjoin(municipality, municipality.c.id == person.c.municipality)
        .where(person.c.id == me.person)
    ).one()
    muted = tx.rows(select(muted_topic.c.topic).where(muted_topic.c.person == me.person).order_by(muted_topic.c.topic))
    chats = tx.value(select(func.count()).select_from(chat).where(chat.c.person == me.person, chat.c.cut_at.is_(None)))
    return Chosen(row.language, row.name or "", tuple(Topic(row.topic) for row in muted), chats)


def set_language(tx: Tx, command: SetLanguage, me: Actor) -> Fact:
    """One language for all of a person's chats."""
    if me.role != "person" or command.language not in LANGUAGES:
        return NotYours()
    tx.sql(person.update().where(person.c.id == me.person).values(language=command.language))
    return LanguageSet(me.person, command.language)


def switch_topic(tx: Tx, command: SwitchTopic, me: Actor) -> Fact:
    """The outbox looks at the moment of sending, so a switch also counts for what is already waiting."""
    if me.role != "person" or command.topic is Topic.ALWAYS:
        return NotYours()
    tx.sql(delete(muted_topic).where(muted_topic.c.person == me.person, muted_topic.c.topic == command.topic.value))
    if command.muted:
        tx.sql(muted_topic.insert().values(person=me.person, topic=command.topic.value))
    return TopicSwitched(me.person, command.topic, command.muted)


def my_chats(tx: Tx, query: MyChats, me: Actor) -> tuple[ChatSeen, ...]:
    """The one that notices go to is «preferred»: chosen, or else the newest that lives."""
    rows = tx.rows(select(chat).where(chat.c.person == me.person, chat.c.cut_at.is_(None)).order_by(chat.c.id))
    zone = tx.zone(me.municipality)
    living = [row for row in rows if row.dead_at is None]
    first = max(living, key=lambda row: (row.preferred, row.linked_at, row.id), default=None)
    return tuple(
        ChatSeen(
            row.id,
            row.channel,
            local_date(row.linked_at, zone),
            preferred=first is not None and row.id == first.id,
            dead=row.dead_at is not None,
        )
        for row in rows
    )


def prefer_chat(tx: Tx, command: PreferChat, me: Actor) -> Fact:
    """One of the reader's living chats."""
    if command.chat not in living_chats(tx, me):
        return NotYours()
    tx.sql(chat.update().where(chat.c.person == me.person).values(preferred=chat.c.id == command.chat))
    return ChatPreferred(me.person, command.chat)


def cut_chat(tx: Tx, command: CutChat, me: Actor) -> Fact:
    """R1.3. A dead one can always be cut, a living one only while another lives."""
    linked = tx.rows(select(chat.c.id).where(chat.c.person == me.person, chat.c.cut_at.is_(None)))
    if command.chat not in [row.id for row in linked]:
        return NotYours()
    if living_chats(tx, me) == {command.chat}:
        return LastChat()
    tx.sql(chat.update().where(chat.c.id == command.chat).values(cut_at=tx.now, preferred=False))
    return ChatCut(me.person, command.chat)


def living_chats(tx: Tx, me: Actor) -> set[int]:
    """Where a message would arrive."""
    here = (chat.c.person == me.person, chat.c.cut_at.is_(None), chat.c.dead_at.is_(None))
    return {row.id for row in tx.rows(select(chat.c.id).where(*here).with_for_update())}


READERS: dict[type[Query[Any]], Reader] = {MySettings: my_settings, MyChats: my_chats}
DOERS: dict[type[Command], Doer] = {
    SetLanguage: set_language,
    SwitchTopic: switch_topic,
    PreferChat: prefer_chat,
    CutChat: cut_chat,
}
