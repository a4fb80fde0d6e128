"""Stories about one-time codes (R1.3, R2.11): linking chats, joining a child, what a wrong code is told."""

from datetime import UTC, date, datetime

import pytest

from bot.dialogs.consent import GiveConsent
from bot.dialogs.conversation import Reader
from bot.dialogs.core import Secret
from bot.dialogs.family import ShowChild
from bot.dialogs.hello import ChooseMunicipality
from bot.dialogs.home import Home, OpenElsewhere
from bot.dialogs.link_code import ConfirmJoin, ConfirmSame, EnterCode
from bot.dialogs.linking import LinkChats
from bot.domain.catalogue import Filters
from bot.domain.family import ChildPage, ChildSeen, GuardianJoined, ReadChild, Rights
from bot.domain.home import ChannelLink, HomeNews, News, OtherChannels
from bot.domain.linking import (
    AlreadyLinked,
    ChatLinked,
    CodeBlocked,
    CodeFound,
    CodeKind,
    CodeRefused,
    HasOwnChildren,
    Invitation,
    LinkCodeMade,
    MakeLinkCode,
    PersonRestored,
    ReadInvitation,
    TooYoungForChat,
    TryCode,
    UseLinkCode,
    WaysIn,
)
from bot.domain.messages import Fact
from bot.domain.municipality import Municipalities, Place, Places
from bot.domain.privacy import ConsentText, ConsentWords
from bot.domain.understanding import Heard, HearLine
from tests.story import CONSENTED, Story

CODE = "ABCE2345"
UNTIL = datetime(2026, 9, 1, 12, 10, tzinfo=UTC)
NEWCOMER = Reader(language="en")
IMPERSONAL = Reader(language="en", municipality=1, consented=True, impersonal=True)
HOME = {HomeNews(): News()}


def anna(rights: Rights) -> ChildPage:
    return ChildPage(ChildSeen(7, "Anna", "Petrova", date(2012, 3, 14), rights), 14, ())


def test_a_parent_gets_a_code_for_another_chat():
    ways = (ChannelLink("vk", "https://vk.me/kruzhok"),)
    made = LinkCodeMade(CodeKind.CHANNEL, CODE, UNTIL)
    parent = Story(LinkChats(), {MakeLinkCode(CodeKind.CHANNEL): made, WaysIn(CodeKind.CHANNEL): ways})
    parent.taps("Get a code here")
    parent.sees("ABCE-2345", "for 10 minutes", "Open in VK")
    assert parent.reply is not None
    assert parent.reply.message.rows[0][0].url == "https://vk.me/kruzhok?ref=link_ABCE2345"
    parent.types("ABCE-2345")
    parent.sees("Write the code in the other chat, not here.")


@pytest.mark.parametrize(
    ("kind", "rights", "offer", "welcome"),
    [
        (CodeKind.GUARDIAN, Rights.FULL, "become a guardian of Anna", "You have joined"),
        (CodeKind.READ, Rights.READ, "see everything about Anna", "You have joined"),
        (CodeKind.SELF, Rights.SELF, "Anna's own chat. Is it you?", "This chat is yours now"),
    ],
)
def test_a_typed_code_is_confirmed_before_joining(kind: CodeKind, rights: Rights, offer: str, welcome: str):
    world = {
        TryCode(CODE): CodeFound(kind),
        ReadInvitation(CODE): Invitation(kind, "Anna"),
        UseLinkCode(CODE): GuardianJoined(7, 2, rights),
        ReadChild(7): anna(rights),
    }
    guest = Story(EnterCode(), world)
    guest.types("авсе 2345")
    guest.sees(offer)
    assert UseLinkCode(CODE) not in guest.asked
    guest.taps("Yes, join")
    guest.sees(welcome, "Anna Petrova")
    assert guest.state == ShowChild(7)
    guest.does_not_see("Back")


def test_a_code_is_found_in_what_was_copied_and_wherever_nothing_is_asked():
    world = {TryCode(CODE): CodeFound(CodeKind.CHANNEL), HearLine("текстура"): Heard(Filters(), empty=True), **HOME}
    for start, reader in ((EnterCode(), CONSENTED), (Home(), CONSENTED), (ChooseMunicipality(), NEWCOMER)):
        guest = Story(start, {**world, Municipalities(): Places((Place(1, "Kola"), Place(2, "Apatity")))}, reader)
        guest.types("Код для вашего другого чата:\nABCE-2345\n\nОн сработает один раз.")
        guest.sees("You made this code in another chat?")
    word = Story(Home(), world)
    word.types("текстура")  # eight letters that a code may have
    word.sees("I did not understand that")


def test_no_links_nothing():
    guest = Story(
        EnterCode(),
        {TryCode(CODE): CodeFound(CodeKind.READ), ReadInvitation(CODE): Invitation(CodeKind.READ, "Anna"), **HOME},
    )
    guest.types(CODE)
    guest.taps("No")
    guest.sees("Nothing was linked.")
    assert UseLinkCode(CODE) not in guest.asked


def test_a_newcomer_by_a_link_is_asked_for_the_consent_before_a_name_is_shown():
    world = {
        TryCode(CODE): CodeFound(CodeKind.GUARDIAN),
        ReadInvitation(CODE): Invitation(CodeKind.GUARDIAN, "Anna"),
        ConsentWords("certificate"): ConsentText("certificate", "1", "en", "…"),
    }
    guest = Story(Home(), world, NEWCOMER, arrives=False)
    guest.starts("link_ABCE2345")
    assert guest.state == GiveConsent(then=ConfirmJoin(Secret(CODE)))
    guest.does_not_see("Anna", "Where do you live")


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (CodeRefused(3), "mistyped, used or too old. You have 3 more tries"),
        (CodeRefused(0), "no code can be entered here for an hour"),
        (CodeBlocked(12), "try again in 12 minutes"),
    ],
)
def test_a_wrong_code_never_learns_what_was_wrong(fact: Fact, words: str):
    guest = Story(EnterCode(), {TryCode(CODE): fact})
    guest.types(CODE)
    guest.sees(words)
    assert guest.state == EnterCode()


@pytest.mark.parametrize("typed", ["hello", "12345678", "ABCE234", "%s%n{code}", "<b>ABCE2345</b>"])
def test_a_slip_of_the_finger_costs_no_try(typed: str):
    guest = Story(EnterCode(), {})
    guest.types(typed)
    guest.sees("That is not a code", "ABCE-2345")
    guest.sends("sticker")
    guest.sees("I understand only text and buttons here.")


def test_a_deep_link_with_nonsense_asks_for_the_code():
    guest = Story(Home(), {}, NEWCOMER, arrives=False)
    guest.starts("link_nonsense")
    guest.sees("That is not a code")


def test_a_code_that_was_used_meanwhile_is_refused_at_the_last_step():
    guest = Story(
        ConfirmJoin(Secret(CODE)),
        {ReadInvitation(CODE): Invitation(CodeKind.READ, "Anna"), UseLinkCode(CODE): CodeRefused(4)},
    )
    guest.taps("Yes, join")
    guest.sees("mistyped, used or too old", "Write the code")
    gone = Story(ConfirmJoin(Secret(CODE)), {ReadInvitation(CODE): None})
    gone.sees("This code is not good any more", "Write the code")


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (AlreadyLinked(), "This child is linked to you already"),
        (TooYoungForChat(date(2027, 3, 14)), "from March 14, 2027 on"),
    ],
)
def test_why_joining_is_impossible(fact: Fact, words: str):
    invitation = Invitation(CodeKind.SELF, "Anna")
    guest = Story(ConfirmJoin(Secret(CODE)), {ReadInvitation(CODE): invitation, UseLinkCode(CODE): fact, **HOME})
    guest.taps("Yes, join")
    guest.sees(words)


@pytest.mark.parametrize(
    ("kind", "fact", "words"),
    [
        (CodeKind.CHANNEL, ChatLinked(1), "Both chats are yours now"),
        (CodeKind.CHANNEL, AlreadyLinked(), "This chat is yours already"),
        (CodeKind.CHANNEL, HasOwnChildren(), "This chat has children of its own"),
        (CodeKind.RESTORE, PersonRestored(1), "Welcome back! Notices come here now"),
    ],
)
def test_a_chat_becomes_another_persons_only_after_a_yes(kind: CodeKind, fact: Fact, words: str):
    parent = Story(EnterCode(), {TryCode(CODE): CodeFound(kind), UseLinkCode(CODE): fact, **HOME})
    parent.types(CODE)
    assert parent.state == ConfirmSame(Secret(CODE), kind)
    parent.sees("If somebody else sent you the code, press «No».")
    parent.taps("Yes, it is me")
    parent.sees(words)
    assert isinstance(parent.state, Home)


def test_an_impersonal_chat_can_be_linked_but_shows_no_child():
    world = {
        TryCode(CODE): CodeFound(CodeKind.CHANNEL),
        TryCode("CCCCCCCC"): CodeFound(CodeKind.READ),
        OtherChannels(): (),
    }
    parent = Story(LinkChats(), world, IMPERSONAL)
    parent.taps("Enter a code")
    parent.types(CODE)
    parent.sees("Then this chat will show the same children.")
    parent.taps("Back")
    parent.types("CCCCCCCC")
    assert isinstance(parent.state, OpenElsewhere)
