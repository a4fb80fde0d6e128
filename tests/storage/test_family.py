"""Families on both databases (R1.3): who sees, who decides, who was cut."""

import json
from datetime import date

from sqlalchemy import select

from bot.domain.certificate import CertificateKind, CertificateState
from bot.domain.family import (
    CutGuardian,
    FindFamily,
    GuardianCut,
    GuardianJoined,
    LastGuardian,
    MyChildren,
    MyPhone,
    PhoneSet,
    ReadChild,
    Rights,
    SetPhone,
)
from bot.domain.linking import CodeKind, MakeLinkCode
from bot.domain.messages import Actor, NotYours, operator, provider
from bot.storage import schema
from bot.storage.family import may_decide, may_see
from tests.storage.town import Town


def test_my_children_come_with_their_certificates(town: Town):
    mother = town.person()
    first = town.child(mother, first_name="Anna", born=date(2017, 3, 14))
    second = town.child(mother, first_name="Boris")
    certificate = town.certificate(first)
    town.child(town.person(), first_name="Strange")

    anna, boris = town.asks(MyChildren(), mother)
    assert (anna.id, anna.first_name, anna.birth_date, anna.rights) == (first, "Anna", date(2017, 3, 14), Rights.FULL)
    assert (anna.certificate_id, anna.certificate_state) == (certificate, CertificateState.ACTIVE)
    assert anna.certificate_kind is CertificateKind.FUNDED
    assert (boris.id, boris.certificate_id, boris.certificate_state) == (second, 0, None)


def test_the_latest_certificate_counts(town: Town):
    mother = town.person()
    child = town.child(mother)
    town.certificate(child, kopecks=0, state="revoked")
    latest = town.certificate(child, kopecks=0)
    (seen,) = town.asks(MyChildren(), mother)
    assert seen.certificate_id == latest


def test_a_child_whose_data_were_deleted_is_nobodys(town: Town):
    mother = town.person()
    child = town.child(mother, deleted_at=town.now)
    assert town.asks(MyChildren(), mother) == ()
    assert town.asks(ReadChild(child), mother) is None
    assert not town.run(lambda tx: may_see(tx, town.actor(mother), child))


def test_who_sees_and_who_decides(town: Town):
    mother, grandmother, stranger = town.person(), town.person(), town.person()
    child = town.child(mother, born=date(2011, 1, 1))
    links(town, child, grandmother, "read")
    daughter = town.person()
    links(town, child, daughter, "self")

    def sees(me: Actor | int) -> tuple[bool, bool]:
        actor = town.actor(me)
        return town.run(lambda tx: (may_see(tx, actor, child), may_decide(tx, actor, child)))

    assert sees(mother) == (True, True)
    assert sees(grandmother) == (True, False)
    assert sees(daughter) == (True, False)
    assert sees(stranger) == (False, False)
    assert sees(town.operator) == (True, True)
    assert sees(operator(town.municipality + 1)) == (False, False)
    assert sees(provider(town.provider)) == (False, False)


def test_a_childs_page_names_everybody_with_their_chats(town: Town):
    mother = town.person(first_name="Maria", surname="Petrova")
    grandmother = town.person()
    child = town.child(mother, born=date(2017, 3, 14))
    links(town, child, grandmother, "read")
    town.adds(schema.chat, channel="vk", address="7", person=mother, linked_at=town.now)
    town.adds(schema.chat, channel="telegram", address="8", person=mother, linked_at=town.now, cut_at=town.now)

    page = town.asks(ReadChild(child), grandmother)
    assert page is not None
    assert (page.age, page.full, page.child.rights) == (9, 1, Rights.READ)
    first, second = page.guardians
    assert (first.name, first.rights, first.channels, first.me) == ("Maria Petrova", Rights.FULL, ("web", "vk"), False)
    assert (second.name, second.rights, second.since, second.me) == ("", Rights.READ, date(2026, 9, 1), True)


def test_a_strangers_child_has_no_page(town: Town):
    assert town.asks(ReadChild(town.child(town.person())), town.person()) is None


def test_a_cut_guardian_sees_nothing_and_gets_no_pushes(town: Town):
    mother, father = town.person(), town.person()
    child = town.child(mother, father)
    assert town.does(CutGuardian(child, father), mother) == GuardianCut(child, father, Rights.FULL)

    assert town.asks(MyChildren(), father) == ()
    assert town.asks(ReadChild(child), father) is None
    assert town.does(MakeLinkCode(CodeKind.GUARDIAN, child), father) == NotYours()
    assert town.notices() == [(father, "LinkCut", {"is": "LinkCut", "person": father})]

    news(town, child)
    assert [who for who, _kind, _values in town.notices("GuardianJoined")] == [mother]


def test_what_waited_for_a_cut_guardian_is_taken_back(town: Town):
    mother, father = town.person(), town.person()
    child, other = town.child(mother, father), town.child(father)
    news(town, child)
    news(town, other)
    town.does(CutGuardian(child, father), mother)

    outbox = schema.outbox
    rows = town.run(lambda tx: tx.rows(select(outbox).where(outbox.c.kind == "GuardianJoined").order_by(outbox.c.id)))
    told = [(row.person, json.loads(row.content)["child"], row.state) for row in rows]
    assert told == [(mother, child, "queued"), (father, child, "failed"), (father, other, "queued")]


def test_the_last_guardian_who_decides_is_never_cut(town: Town):
    mother, grandmother = town.person(), town.person()
    child = town.child(mother)
    links(town, child, grandmother, "read")
    assert town.does(CutGuardian(child, mother), mother) == LastGuardian()
    assert town.notices() == []
    assert town.does(CutGuardian(child, grandmother), mother) == GuardianCut(child, grandmother, Rights.READ)


def test_a_grandparent_cuts_nobody_but_may_leave(town: Town):
    mother, father, grandmother = town.person(), town.person(), town.person()
    child = town.child(mother, father)
    links(town, child, grandmother, "read")
    assert town.does(CutGuardian(child, father), grandmother) == NotYours()
    assert town.does(CutGuardian(child, grandmother), grandmother) == GuardianCut(child, grandmother, Rights.READ)
    assert [(who, kind) for who, kind, _values in town.notices()] == [(mother, "GuardianCut"), (father, "GuardianCut")]


def test_a_stranger_learns_nothing_by_cutting(town: Town):
    mother, father = town.person(), town.person()
    child = town.child(mother, father)
    assert town.does(CutGuardian(child, father), town.person()) == NotYours()
    assert town.does(CutGuardian(child + 1, father), mother) == NotYours()


def test_an_operator_finds_a_family_by_the_certificates_number_and_cuts_even_the_last(town: Town):
    mother = town.person()
    child = town.child(mother)
    town.certificate(child, number="5101777777")
    family = town.asks(FindFamily("5101777777"), town.operator)
    assert family is not None
    assert (family.child, [one.person for one in family.guardians]) == (child, [mother])
    assert town.asks(FindFamily("5101777777"), operator(town.municipality + 1)) is None
    assert town.asks(FindFamily("5101777777"), mother) is None

    assert town.does(CutGuardian(child, mother), operator(town.municipality + 1)) == NotYours()
    assert town.does(CutGuardian(child, mother), town.operator) == GuardianCut(child, mother, Rights.FULL)
    assert town.notices("LinkCut") == [(mother, "LinkCut", {"is": "LinkCut", "person": mother})]


def test_a_phone_is_kept_as_a_contact_detail(town: Town):
    mother = town.person()
    assert town.asks(MyPhone(), mother) == ""
    assert town.does(SetPhone("+79161234567"), mother) == PhoneSet(mother)
    assert town.asks(MyPhone(), mother) == "+79161234567"


def links(town: Town, child: int, person: int, rights: str) -> None:
    town.adds(schema.guardianship, person=person, child=child, rights=rights, since=town.now)


def news(town: Town, child: int) -> None:
    """Something is told to everybody who sees the child."""
    town.run(lambda tx: tx.tell(GuardianJoined(child, 0, Rights.READ)))
