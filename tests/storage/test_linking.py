"""One-time codes on both databases (R1.3, R2.11): joining a child, one person in several chats, coming back."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.catalogue import Filters
from bot.domain.family import CutGuardian, GuardianJoined, MyChildren, Rights
from bot.domain.home import ChannelLink
from bot.domain.linking import (
    AlreadyLinked,
    ChatLinked,
    CodeBlocked,
    CodeFound,
    CodeKind,
    CodeRefused,
    HasOwnChildren,
    Invitation,
    IssueRestoreCode,
    LinkCodeMade,
    MakeLinkCode,
    PersonRestored,
    ReadInvitation,
    TooYoungForChat,
    TryCode,
    UseLinkCode,
    WaysIn,
)
from bot.domain.messages import Actor, NotYours, operator
from bot.domain.saved_search import MySavedSearches, SaveSearch
from bot.domain.settings import CutChat
from bot.storage import schema
from tests.storage.town import Town

WRONG = "AAAAAAAA"


def code(town: Town, kind: CodeKind, me: Actor | int, child: int = 0) -> str:
    made = town.does(MakeLinkCode(kind, child), me)
    assert isinstance(made, LinkCodeMade), made
    return made.code


def chats(town: Town, person: int) -> list[str]:
    table = schema.chat
    rows = town.run(lambda tx: tx.rows(select(table).where(table.c.person == person).order_by(table.c.id)))
    return [row.channel for row in rows]


def column(town: Town, column: Any) -> list[Any]:
    return [row[0] for row in town.run(lambda tx: tx.rows(select(column)))]


# --- a child's codes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "rights"),
    [(CodeKind.GUARDIAN, Rights.FULL), (CodeKind.READ, Rights.READ), (CodeKind.SELF, Rights.SELF)],
)
def test_a_code_lets_somebody_join_and_everybody_is_told(town: Town, kind: CodeKind, rights: Rights):
    mother, other = town.person(), town.person()
    child = town.child(mother, born=date(2011, 1, 1), first_name="Anna")
    word = code(town, kind, mother, child)

    assert town.does(TryCode(word), other) == CodeFound(kind)
    assert town.asks(ReadInvitation(word), other) == Invitation(kind, "Anna")
    assert town.does(UseLinkCode(word), other) == GuardianJoined(child, other, rights)

    (seen,) = town.asks(MyChildren(), other)
    assert (seen.id, seen.rights) == (child, rights)
    assert [(who, told) for who, told, _values in town.notices()] == [(mother, "GuardianJoined")]


def test_a_code_is_never_stored(town: Town):
    mother = town.person()
    word = code(town, CodeKind.GUARDIAN, mother, town.child(mother))
    (print_,) = column(town, schema.link_code.c.print)
    assert word not in print_
    assert len(print_) == 64


def test_a_code_works_once(town: Town):
    mother, father, stranger = town.person(), town.person(), town.person()
    child = town.child(mother)
    word = code(town, CodeKind.GUARDIAN, mother, child)
    town.does(UseLinkCode(word), father)
    assert town.does(UseLinkCode(word), stranger) == CodeRefused(left=4)
    assert town.asks(ReadInvitation(word), stranger) is None
    assert town.asks(MyChildren(), stranger) == ()


def test_a_childs_code_is_good_for_two_days(town: Town):
    mother, father = town.person(), town.person()
    word = code(town, CodeKind.GUARDIAN, mother, town.child(mother))
    town.passes(hours=47, minutes=59)
    assert town.does(TryCode(word), father) == CodeFound(CodeKind.GUARDIAN)
    town.passes(minutes=1)
    assert town.does(UseLinkCode(word), father) == CodeRefused(left=4)


def test_the_end_of_a_code_is_said_in_the_towns_time(town: Town):
    mother = town.person()
    made = town.does(MakeLinkCode(CodeKind.GUARDIAN, town.child(mother)), mother)
    assert isinstance(made, LinkCodeMade)
    assert made.until == town.now + timedelta(hours=48)
    assert made.until.hour == 12  # noon in Moscow


def test_only_who_decides_invites(town: Town):
    mother, grandmother = town.person(), town.person()
    child = town.child(mother)
    town.does(UseLinkCode(code(town, CodeKind.READ, mother, child)), grandmother)
    for kind in (CodeKind.GUARDIAN, CodeKind.READ):
        assert town.does(MakeLinkCode(kind, child), grandmother) == NotYours()
        assert town.does(MakeLinkCode(kind, child), town.person()) == NotYours()
        assert town.does(MakeLinkCode(kind, child), town.operator) == NotYours()
    assert town.does(MakeLinkCode(CodeKind.RESTORE), mother) == NotYours()


def test_a_grandparent_becomes_a_guardian_by_a_guardians_code_and_never_the_other_way(town: Town):
    mother, grandmother = town.person(), town.person()
    child = town.child(mother)
    town.does(UseLinkCode(code(town, CodeKind.READ, mother, child)), grandmother)
    joined = town.does(UseLinkCode(code(town, CodeKind.GUARDIAN, mother, child)), grandmother)
    assert joined == GuardianJoined(child, grandmother, Rights.FULL)
    word = code(town, CodeKind.READ, mother, child)
    assert town.does(UseLinkCode(word), grandmother) == AlreadyLinked()
    assert town.does(UseLinkCode(word), mother) == AlreadyLinked()
    assert town.does(TryCode(word), town.person()) == CodeFound(CodeKind.READ)


def test_a_child_has_its_own_chat_from_14_on(town: Town):
    mother = town.person()
    child = town.child(mother, born=date(2012, 9, 3))
    assert town.does(MakeLinkCode(CodeKind.SELF, child), mother) == TooYoungForChat(date(2026, 9, 3))
    town.passes(days=2)
    assert isinstance(town.does(MakeLinkCode(CodeKind.SELF, child), mother), LinkCodeMade)


def test_a_code_dies_with_the_rights_of_whoever_made_it(town: Town):
    mother, father, friend = town.person(), town.person(), town.person()
    child = town.child(mother, father)
    word = code(town, CodeKind.GUARDIAN, father, child)
    town.does(CutGuardian(child, father), mother)
    assert town.does(UseLinkCode(word), friend) == CodeRefused(left=4)


def test_a_newcomer_by_a_childs_code_lives_where_the_child_does(town: Town):
    mother = town.person()
    newcomer = town.person(municipality=None)
    town.does(TryCode(code(town, CodeKind.READ, mother, town.child(mother))), Actor("person", person=newcomer))
    home = town.run(lambda tx: tx.value(select(schema.person.c.municipality).where(schema.person.c.id == newcomer)))
    assert home == town.municipality


# --- wrong tries ------------------------------------------------------------------------------------------------------


def test_five_wrong_tries_block_for_an_hour_even_the_right_code(town: Town):
    mother, other = town.person(), town.person()
    word = code(town, CodeKind.GUARDIAN, mother, town.child(mother))
    for left in (4, 3, 2, 1, 0):
        assert town.does(TryCode(WRONG), other) == CodeRefused(left)
    assert town.does(UseLinkCode(word), other) == CodeBlocked(minutes=60)
    town.passes(minutes=59, seconds=30)
    assert town.does(UseLinkCode(word), other) == CodeBlocked(minutes=1)
    town.passes(minutes=1)
    assert isinstance(town.does(UseLinkCode(word), other), GuardianJoined)


def test_one_persons_wrong_tries_block_nobody_else(town: Town):
    mother, clumsy, other = town.person(), town.person(), town.person()
    word = code(town, CodeKind.GUARDIAN, mother, town.child(mother))
    for _try in range(5):
        town.does(TryCode(WRONG), clumsy)
    assert town.does(TryCode(word), other) == CodeFound(CodeKind.GUARDIAN)


def test_a_code_of_a_certificate_does_not_open_a_child_by_itself(town: Town):
    child = town.child(town.person())
    printed = town.run(lambda tx: tx.keys.print("BBBBBBBB"))
    town.adds(
        schema.link_code,
        print=printed,
        kind="certificate",
        child=child,
        issued_by="operator",
        expires_at=town.now + timedelta(days=1),
    )
    assert town.does(UseLinkCode("BBBBBBBB"), town.person()) == CodeRefused(left=4)


# --- one person, several chats ----------------------------------------------------------------------------------------


def test_a_second_chat_becomes_the_same_person(town: Town):
    mother, newcomer = town.person(), town.person()
    child = town.child(mother)
    word = code(town, CodeKind.CHANNEL, mother)
    assert town.asks(ReadInvitation(word), newcomer) == Invitation(CodeKind.CHANNEL)
    assert town.does(UseLinkCode(word), newcomer) == ChatLinked(mother)

    assert chats(town, mother) == ["web", "web"]
    assert newcomer not in column(town, schema.person.c.id)
    assert [seen.id for seen in town.asks(MyChildren(), mother)] == [child]
    assert [(who, told) for who, told, _values in town.notices()] == [(mother, "ChatLinked")]


def test_a_chats_code_is_good_for_ten_minutes_and_a_new_one_ends_the_old(town: Town):
    mother, newcomer = town.person(), town.person()
    first = code(town, CodeKind.CHANNEL, mother)
    second = code(town, CodeKind.CHANNEL, mother)
    assert town.does(TryCode(first), newcomer) == CodeRefused(left=4)
    town.passes(minutes=10)
    assert town.does(TryCode(second), newcomer) == CodeRefused(left=3)


def test_everything_of_the_newcomer_goes_with_the_chat(town: Town):
    mother = town.person(phone="+79161234567", municipality=None)
    newcomer = town.person(phone="+79990000000", email="a@example.org")
    child = town.child(mother)
    event = town.adds(
        schema.event, municipality=town.municipality, title="Open day", starts_at=town.now, age_min=5, age_max=9
    )
    town.adds(schema.event_signup, event=event, child=child, person=newcomer, at=town.now)
    for who, topic in ((mother, "money"), (newcomer, "money"), (newcomer, "events")):
        town.run(lambda tx, who=who, topic=topic: tx.sql(schema.muted_topic.insert().values(person=who, topic=topic)))
    town.does(TryCode(WRONG), newcomer)
    town.does(UseLinkCode(code(town, CodeKind.CHANNEL, mother)), newcomer)

    (row,) = town.run(lambda tx: tx.rows(select(schema.person)))
    assert (row.id, row.phone, row.email, row.municipality) == (
        mother,
        "+79161234567",
        "a@example.org",
        town.municipality,
    )
    assert column(town, schema.consent.c.person) == [mother, mother]
    assert column(town, schema.event_signup.c.person) == [mother]
    assert column(town, schema.wrong_try.c.person) == [mother]
    muted = town.run(lambda tx: tx.rows(select(schema.muted_topic).order_by(schema.muted_topic.c.topic)))
    assert [(row.person, row.topic) for row in muted] == [(mother, "events"), (mother, "money")]


def test_what_both_have_saved_and_linked_stays_as_the_owner_has_it(town: Town):
    mother, newcomer = town.person(), town.person()
    for who, words in ((mother, "robots"), (newcomer, "robots"), (newcomer, "chess")):
        town.does(SaveSearch(Filters(words=words)), who)
    for who in (mother, newcomer):
        town.adds(schema.calendar_link, person=who, print=f"of {who}", made_at=town.now)
    town.does(UseLinkCode(code(town, CodeKind.CHANNEL, mother)), newcomer)
    assert [one.filters.words for one in town.asks(MySavedSearches(), mother)] == ["robots", "chess"]
    assert column(town, schema.calendar_link.c.print) == [f"of {mother}"]


def test_notices_go_on_to_the_chat_they_went_to(town: Town):
    mother, newcomer = town.person(), town.person()
    town.passes(minutes=1)
    town.does(UseLinkCode(code(town, CodeKind.CHANNEL, mother)), newcomer)
    assert column(town, select(schema.chat.c.preferred).order_by(schema.chat.c.id).subquery().c.preferred) == [
        True,
        False,
    ]


def test_a_chat_with_children_of_its_own_stays_its_own(town: Town):
    mother, father = town.person(), town.person()
    town.child(mother)
    town.child(father)
    word = code(town, CodeKind.CHANNEL, mother)
    assert town.does(UseLinkCode(word), father) == HasOwnChildren()
    assert chats(town, father) == ["web"]
    assert town.does(UseLinkCode(word), mother) == AlreadyLinked()
    assert town.does(TryCode(word), town.person()) == CodeFound(CodeKind.CHANNEL)


def test_an_invitation_stays_good_when_its_maker_links_another_chat(town: Town):
    mother, newcomer, friend = town.person(), town.person(), town.person()
    word = code(town, CodeKind.GUARDIAN, mother, town.child(mother))
    town.does(UseLinkCode(code(town, CodeKind.CHANNEL, mother)), newcomer)
    assert town.does(TryCode(word), friend) == CodeFound(CodeKind.GUARDIAN)


# --- the last channel is lost -----------------------------------------------------------------------------------------


def test_an_operators_code_brings_a_person_back(town: Town):
    mother = town.person()
    child = town.child(mother)
    newcomer = town.person()
    made = town.does(IssueRestoreCode(mother), town.operator)
    assert isinstance(made, LinkCodeMade)
    assert town.does(UseLinkCode(made.code), newcomer) == PersonRestored(mother)

    assert [seen.id for seen in town.asks(MyChildren(), mother)] == [child]
    rows = town.run(lambda tx: tx.rows(select(schema.chat).order_by(schema.chat.c.id)))
    assert [(row.person, row.preferred) for row in rows] == [(mother, False), (mother, True)]
    assert town.notices() == []

    town.does(CutChat(rows[0].id), mother)
    assert [
        row.cut_at is None for row in town.run(lambda tx: tx.rows(select(schema.chat).order_by(schema.chat.c.id)))
    ] == [
        False,
        True,
    ]


def test_an_operator_restores_only_the_towns_own_people(town: Town):
    mother = town.person()
    town.child(mother)
    assert town.does(IssueRestoreCode(mother), operator(town.municipality + 1)) == NotYours()
    assert town.does(IssueRestoreCode(mother + 100), town.operator) == NotYours()
    assert town.does(IssueRestoreCode(mother), mother) == NotYours()
    assert town.run(lambda tx: tx.value(select(func.count()).select_from(schema.link_code))) == 0


# --- where a code can be used -----------------------------------------------------------------------------------------


def test_a_childs_code_names_only_channels_that_may_carry_its_data(town: Town):
    mother = town.person()
    for name, url in (
        ("link:telegram", "https://t.me/kruzhok"),
        ("link:web", "https://kruzhok.example/chat"),
        ("other", ""),
    ):
        town.run(lambda tx, name=name, url=url: tx.sql(schema.setting.insert().values(name=name, value=url)))
    town.desk.impersonal = frozenset({"telegram"})
    telegram, web = ChannelLink("telegram", "https://t.me/kruzhok"), ChannelLink("web", "https://kruzhok.example/chat")
    assert town.asks(WaysIn(CodeKind.GUARDIAN), mother) == (web,)
    assert town.asks(WaysIn(CodeKind.CHANNEL), mother) == (telegram, web)


def test_notices_move_to_a_chat_that_may_carry_them(town: Town):
    mother, newcomer = town.person(), town.person()
    town.run(lambda tx: tx.sql(schema.chat.update().where(schema.chat.c.person == mother).values(channel="telegram")))
    town.desk.impersonal = frozenset({"telegram"})
    town.does(UseLinkCode(code(town, CodeKind.CHANNEL, mother)), newcomer)
    rows = town.run(lambda tx: tx.rows(select(schema.chat).order_by(schema.chat.c.id)))
    assert [(row.channel, row.preferred) for row in rows] == [("telegram", False), ("web", True)]
