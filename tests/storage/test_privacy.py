"""Consents, settings, the file of what is known, and deletion, on both databases."""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import func, select

from bot.domain.messages import NotYours
from bot.domain.privacy import (
    AllAboutMe,
    ConsentChanged,
    ConsentGiven,
    ConsentWithdrawn,
    ConsentWords,
    Deleted,
    DeleteMe,
    Deletion,
    GiveConsent,
    MyConsents,
    MyData,
    NoConsent,
    StillRunning,
    WhatDeletionTakes,
    WithdrawConsent,
)
from bot.domain.settings import (
    ChatCut,
    ChatPreferred,
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
from bot.storage import schema
from bot.storage.privacy import IN_FORCE, TEXTS
from tests.storage.town import Town


def only(town: Town, table: Any, which: int) -> Any:
    """A row by its id."""
    return town.run(lambda tx: tx.sql(select(table).where(table.c.id == which)).one())


def rows(town: Town, table: Any, *where: Any) -> Any:
    """The rows that are so."""
    return town.run(lambda tx: tx.rows(select(table).where(*where)))


def newcomer(town: Town, language: str = "ru") -> int:
    """A person without any consent."""
    return town.adds(schema.person, municipality=town.municipality, language=language, created_at=town.now)


# --- consents ---------------------------------------------------------------------------------------------------------


def test_a_consent_is_kept_with_its_moment_and_the_hash_of_the_words_that_were_read(town: Town) -> None:
    who = newcomer(town, "ru")
    words = town.asks(ConsentWords("certificate"), who)
    assert "СОГЛАСИЕ" in words.body
    assert town.does(GiveConsent("certificate", words.version, words.language), who) == ConsentGiven(who, "certificate")
    [kept] = rows(town, schema.consent, schema.consent.c.person == who)
    assert (kept.purpose, kept.version, kept.given_at) == ("certificate", words.version, town.now)
    assert kept.hash == hashlib.sha256(words.body.encode()).hexdigest()


def test_a_second_yes_is_no_second_consent(town: Town) -> None:
    who = newcomer(town)
    for _tap in range(2):
        town.does(GiveConsent("certificate", "1", "ru"), who)
    assert len(rows(town, schema.consent, schema.consent.c.person == who)) == 1


def test_nobody_agrees_to_a_text_that_is_not_in_force(town: Town) -> None:
    who = newcomer(town)
    assert town.does(GiveConsent("certificate", "0", "ru"), who) == ConsentChanged()
    assert town.does(GiveConsent("certificate", "1", "../../x"), who) == NotYours()
    assert rows(town, schema.consent, schema.consent.c.person == who) == []


def test_every_consent_in_force_has_its_text_in_both_languages() -> None:
    for purpose, version in IN_FORCE.items():
        for language in ("ru", "en"):
            assert (TEXTS / f"{purpose}-{version}.{language}.txt").read_text(encoding="utf-8").strip()


def test_withdrawal_cuts_the_chats_stops_what_waits_and_keeps_the_rest(town: Town) -> None:
    who = town.person()
    child = town.child(who)
    certificate = town.certificate(child)
    town.adds(
        schema.outbox,
        key="waits",
        kind="Granted",
        person=who,
        content="{}",
        priority=1,
        state="queued",
        not_before=town.now,
        created_at=town.now,
    )
    assert town.does(WithdrawConsent("certificate"), who) == ConsentWithdrawn(who, "certificate")
    assert town.asks(MyConsents(), who) == ()
    assert [chat.cut_at for chat in rows(town, schema.chat, schema.chat.c.person == who)] == [town.now]
    assert rows(town, schema.outbox, schema.outbox.c.key == "waits") == []
    assert only(town, schema.certificate, certificate).state == "active"
    assert only(town, schema.child, child).surname == "Petrova"
    assert town.does(WithdrawConsent("certificate"), who) == NoConsent()


def test_the_consent_about_health_takes_the_category_with_it_and_nothing_else(town: Town) -> None:
    who = town.person()
    health = town.adds(schema.certificate_group, municipality=town.municipality, code="disability", name="Disability")
    town.adds(schema.nominal, certificate_group=health, period=town.period, kopecks=2_000_000)
    certificate = town.certificate(town.child(who), kopecks=2_000_000, certificate_group=health)
    assert town.does(WithdrawConsent("health"), who) == NoConsent()
    town.does(GiveConsent("health", "1", "en"), who)
    assert town.asks(MyConsents(), who) == ("certificate", "health")
    assert town.does(WithdrawConsent("health"), who) == ConsentWithdrawn(who, "health")
    assert only(town, schema.certificate, certificate).certificate_group == town.everyone
    assert town.asks(MyConsents(), who) == ("certificate",)
    [balance] = rows(town, schema.account, schema.account.c.kind == "certificate")
    assert balance.balance == 1_200_000


def test_another_guardians_consent_keeps_the_category(town: Town) -> None:
    mother, father = town.person(), town.person()
    health = town.adds(schema.certificate_group, municipality=town.municipality, code="disability", name="Disability")
    certificate = town.certificate(town.child(mother, father), kopecks=0, certificate_group=health)
    for guardian in (mother, father):
        town.does(GiveConsent("health", "1", "en"), guardian)
    town.does(WithdrawConsent("health"), mother)
    assert only(town, schema.certificate, certificate).certificate_group == health
    town.does(WithdrawConsent("health"), father)
    assert only(town, schema.certificate, certificate).certificate_group == town.everyone


# --- settings ---------------------------------------------------------------------------------------------------------


def test_the_language_and_the_topics_are_kept(town: Town) -> None:
    who = town.person()
    assert town.does(SetLanguage("ru"), who) == LanguageSet(who, "ru")
    assert town.does(SetLanguage("xx"), who) == NotYours()
    assert town.does(SwitchTopic(Topic.EVENTS, muted=True), who) == TopicSwitched(who, Topic.EVENTS, muted=True)
    town.does(SwitchTopic(Topic.EVENTS, muted=True), who)
    chosen = town.asks(MySettings(), who)
    assert (chosen.language, chosen.municipality, chosen.muted, chosen.chats) == ("ru", "Murmansk", (Topic.EVENTS,), 1)
    town.does(SwitchTopic(Topic.EVENTS, muted=False), who)
    assert town.asks(MySettings(), who).muted == ()
    assert town.does(SwitchTopic(Topic.ALWAYS, muted=True), who) == NotYours()


def second_chat(town: Town, who: int, **values: Any) -> int:
    town.passes(hours=1)
    return town.adds(
        schema.chat, **{"channel": "vk", "address": f"v{who}", "person": who, "linked_at": town.now, **values}
    )


def test_notices_go_to_the_newest_living_chat_until_another_is_chosen(town: Town) -> None:
    who = town.person()
    [web] = town.asks(MyChats(), who)
    vk = second_chat(town, who)
    assert [(chat.id, chat.preferred) for chat in town.asks(MyChats(), who)] == [(web.id, False), (vk, True)]
    assert town.does(PreferChat(web.id), who) == ChatPreferred(who, web.id)
    assert [chat.id for chat in town.asks(MyChats(), who) if chat.preferred] == [web.id]


def test_a_chat_is_cut_but_not_the_last_living_one(town: Town) -> None:
    who = town.person()
    [web] = town.asks(MyChats(), who)
    dead = second_chat(town, who, dead_at=town.now)
    assert town.does(CutChat(web.id), who) == LastChat()
    assert town.does(PreferChat(dead), who) == NotYours()
    assert town.does(CutChat(dead), who) == ChatCut(who, dead)
    assert [chat.id for chat in town.asks(MyChats(), who)] == [web.id]


def test_nobody_touches_anothers_chat(town: Town) -> None:
    who, stranger = town.person(), town.person()
    [web] = town.asks(MyChats(), who)
    assert town.does(CutChat(web.id), stranger) == NotYours()
    assert town.does(PreferChat(web.id), stranger) == NotYours()


# --- the file ---------------------------------------------------------------------------------------------------------


def learning(town: Town, child: int, certificate: int, state: str, **values: Any) -> int:
    """An enrollment of the child in a new program."""
    group = town.group(name=f"Robots of {child}")
    module = only(town, schema.group, group).module
    return town.adds(
        schema.enrollment,
        **{
            "child": child,
            "certificate": certificate,
            "group": group,
            "module": module,
            "period": town.period,
            "state": state,
            "by": "guardian",
            "start": date(2026, 9, 1),
            "stop": date(2027, 5, 31),
            "price": 900_000,
            "first": 100_000,
            "other": 100_000,
            "parent_first": 0,
            "parent_other": 0,
            "months": 9,
            "created_at": town.now,
            "changed_at": town.now,
            **values,
        },
    )


def words_of(known: AllAboutMe) -> str:
    """Everything in the file, as one text."""
    return "\n".join(
        f"{chapter.kind} {name} {value}"
        for chapter in known.chapters
        for entry in chapter.entries
        for name, value in entry.fields
    )


def test_the_file_has_all_that_is_known_and_nothing_of_another_family(town: Town) -> None:
    mother, father, stranger = (
        town.person(surname="Ivanova", phone="+79110000001"),
        town.person(surname="Ivanov", phone="+79110000002"),
        town.person(surname="Sidorova", phone="+79110000003"),
    )
    snils = town.run(lambda tx: tx.keys.encrypt("112-233-445 95"))
    mine = town.child(mother, father, first_name="Masha", surname="Ivanova", snils=snils)
    theirs = town.child(stranger, first_name="Petya", surname="Sidorov")
    certificate, other = town.certificate(mine), town.certificate(theirs)
    learning(town, mine, certificate, "active")
    learning(town, theirs, other, "active")
    file = words_of(town.asks(MyData(), mother))
    for known in (
        "+79110000001",
        "Masha",
        only(town, schema.certificate, certificate).number,
        f"Robots of {mine}",
        "movements why grant",
        "12000",
        "consents version 1",
        "chats channel web",
    ):
        assert known in file.replace("kopecks=1200000", "12000"), known
    for unknown in ("Ivanov\n", "+79110000002", "Sidorov", "+79110000003", "Petya", f"Robots of {theirs}"):
        assert unknown not in file, unknown
    assert only(town, schema.certificate, other).number not in file
    assert "112-233" not in file
    assert "5 95" in file


# --- deletion ---------------------------------------------------------------------------------------------------------


def test_deletion_empties_the_rows_and_leaves_every_sum(town: Town) -> None:
    who = town.person(surname="Ivanova", first_name="Olga", phone="+79110000001", email="o@example.org")
    snils = town.run(lambda tx: tx.keys.encrypt("112-233-445 95"))
    child = town.child(
        who, first_name="Masha", address="Lenina 1", snils=snils, snils_print="p", district=town.district
    )
    certificate = town.certificate(child)
    enrollment = learning(town, child, certificate, "completed")
    before = sums(town)
    assert town.asks(WhatDeletionTakes(), who) == Deletion(children=1, kept_by_others=0, running=0)
    assert town.does(DeleteMe(), who) == Deleted(who)
    person = only(town, schema.person, who)
    assert (person.surname, person.first_name, person.phone, person.email) == (None, None, None, None)
    empty = only(town, schema.child, child)
    assert (empty.surname, empty.first_name, empty.folded_name, empty.address) == (None, None, None, None)
    assert (empty.snils, empty.snils_print, empty.district) == (None, None, None)
    assert empty.birth_date == date(2017, 1, 1)
    assert rows(town, schema.guardianship, schema.guardianship.c.child == child) == []
    assert only(town, schema.certificate, certificate).state == "revoked"
    assert only(town, schema.enrollment, enrollment).price == 900_000
    assert rows(town, schema.chat, schema.chat.c.person == who)[0].cut_at == town.now
    after = sums(town)
    assert after["total"] == before["total"] == 0
    assert after["certificate"] == 0
    assert town.notices() == []


def sums(town: Town) -> dict[str, int]:
    """The balances by kind, and all together: zero in double entry (R3.2)."""
    table = schema.account
    found = town.run(lambda tx: tx.rows(select(table.c.kind, func.sum(table.c.balance)).group_by(table.c.kind)))
    by_kind = {row[0]: int(row[1]) for row in found}
    return {"certificate": 0, **by_kind, "total": sum(by_kind.values())}


def test_what_was_said_is_erased_with_the_person(town: Town) -> None:
    who = town.person()
    chat = rows(town, schema.chat, schema.chat.c.person == who)[0].id
    town.run(lambda tx: tx.sql(schema.conversation.insert().values(chat=chat, turn=3, talk="{}", changed_at=tx.now)))
    town.adds(schema.web_message, chat=chat, who="parent", content="secret", at=town.now)
    town.adds(
        schema.outbox,
        key="reply:1",
        kind="reply",
        person=who,
        chat=chat,
        content="secret",
        priority=0,
        state="sent",
        words="secret",
        not_before=town.now,
        created_at=town.now,
    )
    town.does(DeleteMe(), who)
    assert rows(town, schema.conversation, schema.conversation.c.chat == chat) == []
    assert rows(town, schema.web_message, schema.web_message.c.chat == chat) == []
    [sent] = rows(town, schema.outbox, schema.outbox.c.key == "reply:1")
    assert (sent.content, sent.words) == ("", None)


def test_a_child_with_another_guardian_stays_with_them(town: Town) -> None:
    mother, father = town.person(), town.person()
    child = town.child(mother, father, first_name="Masha")
    certificate = town.certificate(child)
    learning(town, child, certificate, "active")
    assert town.asks(WhatDeletionTakes(), mother) == Deletion(children=0, kept_by_others=1, running=0)
    assert town.does(DeleteMe(), mother) == Deleted(mother)
    assert only(town, schema.child, child).first_name == "Masha"
    assert only(town, schema.certificate, certificate).state == "active"
    assert [row.person for row in rows(town, schema.guardianship)] == [father]


def test_a_grandparent_who_may_only_look_takes_nobody_along(town: Town) -> None:
    mother, grandmother = town.person(), town.person()
    child = town.child(mother, first_name="Masha")
    town.adds(schema.guardianship, person=grandmother, child=child, rights="read", since=town.now)
    assert town.does(DeleteMe(), grandmother) == Deleted(grandmother)
    assert only(town, schema.child, child).first_name == "Masha"
    assert [row.person for row in rows(town, schema.guardianship)] == [mother]


def test_the_last_responsible_one_takes_the_child_though_a_grandparent_looks(town: Town) -> None:
    mother, grandmother = town.person(), town.person()
    child = town.child(mother, first_name="Masha")
    town.adds(schema.guardianship, person=grandmother, child=child, rights="read", since=town.now)
    town.does(DeleteMe(), mother)
    assert only(town, schema.child, child).first_name is None
    assert rows(town, schema.guardianship) == []


def test_nothing_is_deleted_while_a_club_runs(town: Town) -> None:
    who = town.person(surname="Ivanova")
    child = town.child(who)
    learning(town, child, town.certificate(child), "requested", holds_seat=True)
    assert town.asks(WhatDeletionTakes(), who) == Deletion(children=1, kept_by_others=0, running=1)
    assert town.does(DeleteMe(), who) == StillRunning(1)
    assert only(town, schema.person, who).surname == "Ivanova"
    assert len(rows(town, schema.guardianship, schema.guardianship.c.person == who)) == 1
