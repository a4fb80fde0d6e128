"""Stories about the family (R1.3): my children, who sees them, cutting a link, inviting."""

from datetime import UTC, date, datetime

import pytest

from bot.dialogs.contact import TellPhone
from bot.dialogs.conversation import Reader
from bot.dialogs.core import Secret
from bot.dialogs.family import ShowChild, ShowChildren
from bot.dialogs.guardians import ShowGuardians
from bot.dialogs.home import OpenElsewhere
from bot.dialogs.invitation import InviteSomebody, ShowInvitation
from bot.domain.certificate import CertificateKind, CertificateState
from bot.domain.family import (
    ChildPage,
    ChildSeen,
    CutGuardian,
    GuardianCut,
    GuardianSeen,
    LastGuardian,
    MyChildren,
    MyPhone,
    PhoneSet,
    ReadChild,
    Rights,
    SetPhone,
)
from bot.domain.home import ChannelLink, HomeNews, News, OtherChannels
from bot.domain.linking import CodeKind, LinkCodeMade, MakeLinkCode, WaysIn
from bot.domain.messages import NotYours
from tests.story import Story

SINCE = date(2026, 9, 1)
UNTIL = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)
ANNA = ChildSeen(
    7, "Anna", "Petrova", date(2017, 3, 14), Rights.FULL, CertificateState.ACTIVE, 5, CertificateKind.FUNDED
)
BORIS = ChildSeen(8, "Boris", "Petrov", date(2019, 1, 2), Rights.FULL)
MOTHER = GuardianSeen(1, "Maria Petrova", Rights.FULL, SINCE, ("web", "telegram"), me=True)
FATHER = GuardianSeen(2, "Ivan Petrov", Rights.FULL, SINCE, ("vk",))
GRANDMOTHER = GuardianSeen(3, "", Rights.READ, SINCE, ())


def page(*guardians: GuardianSeen, rights: Rights = Rights.FULL, age: int = 9) -> ChildPage:
    child = ChildSeen(
        7, "Anna", "Petrova", date(2017, 3, 14), rights, CertificateState.ACTIVE, 5, CertificateKind.FUNDED
    )
    return ChildPage(child, age, guardians)


def test_a_parent_sees_all_children_with_their_certificates():
    parent = Story(ShowChildren(), {MyChildren(): (ANNA, BORIS)})
    parent.sees("Anna Petrova, born March 14, 2017: there is a certificate with money")
    parent.sees("Boris Petrov", "no certificate yet", "Add a child", "I have a code")


def test_a_parent_without_children_is_told_where_to_begin():
    parent = Story(ShowChildren(), {MyChildren(): ()})
    parent.sees("No child is linked to you yet", "Apply for a certificate", "There is a certificate", "I have a code")


def test_a_big_family_is_shown_in_pages():
    children = tuple(ChildSeen(n, f"Child{n}", "Petrov", date(2017, 1, n), Rights.FULL) for n in range(1, 6))
    parent = Story(ShowChildren(), {MyChildren(): children})
    parent.does_not_see("Child4")
    parent.taps("›")
    parent.sees("Child4", "Child5")


@pytest.mark.parametrize("state", list(CertificateState))
def test_every_state_of_a_certificate_has_words(state: CertificateState):
    child = ChildSeen(7, "Anna", "Petrova", date(2017, 3, 14), Rights.FULL, state, 5, CertificateKind.ACCOUNTING)
    Story(ShowChildren(), {MyChildren(): (child,)}).sees("Anna Petrova, born March 14, 2017: ")


def test_a_childs_page_tells_my_rights():
    parent = Story(ShowChild(7), {ReadChild(7): page(MOTHER, FATHER)})
    parent.sees("Anna Petrova, 9 years old", "You decide", "2 people may see", "Money", "Invite somebody")


def test_a_grandparent_is_offered_nothing_to_decide():
    grandmother = Story(ShowChild(7), {ReadChild(7): page(MOTHER, rights=Rights.READ)})
    grandmother.sees("You see everything and get the notices", "guardians decide")
    grandmother.does_not_see("Invite somebody")


def test_a_strangers_child_leads_to_my_own_children():
    parent = Story(ShowChildren(), {MyChildren(): (BORIS,), ReadChild(7): None})
    parent.presses(">child:7")
    parent.sees("This child is not linked to you", "Boris Petrov")
    parent.does_not_see("Anna")


def test_a_parent_sees_who_sees_and_cuts_a_link():
    world = {
        ReadChild(7): page(MOTHER, FATHER, GRANDMOTHER),
        CutGuardian(7, 2): GuardianCut(7, 2, Rights.FULL),
        MyChildren(): (ANNA,),
    }
    parent = Story(ShowChild(7), world)
    parent.taps("Who may see this")
    parent.sees("You: decides. Website, Telegram. Since September 1, 2026", "Ivan Petrov: decides", "No chat now")
    parent.taps("Cut: Ivan Petrov")
    parent.sees("Ivan Petrov: decides. Cut the link?", "They will see nothing about Anna any more")
    parent.taps("Yes, cut")
    parent.sees("The link is cut.")


def test_the_last_guardian_who_decides_cannot_leave():
    parent = Story(ShowGuardians(7), {ReadChild(7): page(MOTHER, GRANDMOTHER), CutGuardian(7, 1): LastGuardian()})
    parent.sees("Somebody should not be here?")
    parent.does_not_see("Stop seeing")
    parent.world[ReadChild(7)] = page(MOTHER)
    parent.presses("stale")
    parent.does_not_see("Somebody should not be here?")
    parent.world[ReadChild(7)] = page(MOTHER, FATHER)
    parent.presses("stale")
    parent.taps("Stop seeing Anna")
    parent.sees("Nothing about Anna will be shown or sent to you")
    parent.world[ReadChild(7)] = page(MOTHER)
    parent.taps("Yes, stop")
    parent.sees("This is the last guardian who decides", "Invite another one first")


def test_a_grandparent_may_only_leave():
    me = GuardianSeen(3, "", Rights.READ, SINCE, ("web",), me=True)
    grandmother = Story(ShowGuardians(7), {ReadChild(7): page(MOTHER, FATHER, me, rights=Rights.READ)})
    grandmother.sees("Stop seeing Anna")
    grandmother.does_not_see("Cut:", "Invite somebody", "Somebody should not be here")


def test_a_guardian_is_invited_by_a_code_that_can_be_forwarded():
    made = LinkCodeMade(CodeKind.GUARDIAN, "ABCE2345", UNTIL)
    ways = (ChannelLink("telegram", "https://t.me/kruzhok"), ChannelLink("web", "https://kruzhok.example/chat"))
    parent = Story(
        InviteSomebody(7),
        {
            ReadChild(7): page(MOTHER),
            MakeLinkCode(CodeKind.GUARDIAN, 7): made,
            WaysIn(CodeKind.GUARDIAN): ways,
        },
    )
    parent.sees("Whom shall I let see everything about Anna?", "From 14 on")
    parent.does_not_see("The child's own chat")
    parent.taps("Add a guardian")
    parent.sees("The code for another guardian:\nABCE-2345", "until 3 September 12:00")
    parent.sees("Telegram: https://t.me/kruzhok?start=link_ABCE2345")
    assert parent.state == ShowInvitation(CodeKind.GUARDIAN, Secret("ABCE2345"), UNTIL)


def test_a_child_of_14_may_have_its_own_chat():
    parent = Story(InviteSomebody(7), {ReadChild(7): page(MOTHER, age=14)})
    parent.sees("The child's own chat")


def test_who_may_not_decide_invites_nobody():
    world = {ReadChild(7): page(MOTHER), MakeLinkCode(CodeKind.READ, 7): NotYours()}
    parent = Story(ShowChild(7), world)
    parent.taps("Invite somebody")
    parent.taps("Add somebody who only sees")
    parent.sees("Only a guardian who decides for the child can invite somebody.", "Anna Petrova, 9 years old")


def test_an_impersonal_channel_shows_no_child():
    reader = Reader(language="en", municipality=1, consented=True, impersonal=True)
    for state in (
        ShowChildren(),
        ShowChild(7),
        ShowGuardians(7),
        InviteSomebody(7),
        ShowInvitation(CodeKind.READ, Secret("ABCE2345"), UNTIL),
        TellPhone(),
    ):
        parent = Story(state, {OtherChannels(): ()}, reader)
        assert isinstance(parent.state, OpenElsewhere)
        parent.does_not_see("Anna", "ABCE")


def test_a_phone_is_typed_and_normalised():
    parent = Story(TellPhone(), {HomeNews(): News(), MyPhone(): "", SetPhone("+79161234567"): PhoneSet(1)})
    parent.sees("I do not know your phone yet")
    parent.types("12")
    parent.sees("That is not a phone number")
    parent.types("8 (916) 123-45-67")
    parent.sees("Thank you, the phone is kept.")


def test_ones_own_contact_is_taken_and_a_foreign_one_is_not():
    parent = Story(TellPhone(), {HomeNews(): News(), MyPhone(): "", SetPhone("+79161234567"): PhoneSet(1)})
    parent.shares("79991112233", own=False)
    parent.sees("another person's contact")
    assert SetPhone("+79991112233") not in parent.asked
    parent.shares("79161234567")
    parent.sees("Thank you, the phone is kept.")


def test_a_foreign_countrys_own_contact_is_taken():
    parent = Story(TellPhone(), {HomeNews(): News(), MyPhone(): "", SetPhone("+375291234567"): PhoneSet(1)})
    parent.shares("375291234567")
    parent.sees("Thank you, the phone is kept.")
