"""Language, notices, chats, moving, and what can be done with one's data."""

from dataclasses import replace
from datetime import date

from bot.dialogs.chats import ShowChats
from bot.dialogs.conversation import Reader
from bot.dialogs.home import Home, OpenElsewhere
from bot.dialogs.privacy import ReadMyData, ShowPrivacy, WeighDeletion
from bot.dialogs.settings import ChangeMunicipality, ChooseNotices, ShowSettings
from bot.domain.home import HomeNews, News, OtherChannels
from bot.domain.messages import NotYours
from bot.domain.money import Money
from bot.domain.municipality import Municipalities, MunicipalitySet, Place, Places, SetMunicipality
from bot.domain.privacy import (
    AllAboutMe,
    Chapter,
    ConsentWithdrawn,
    Deleted,
    DeleteMe,
    Deletion,
    Entry,
    MyConsents,
    MyData,
    StillRunning,
    WhatDeletionTakes,
    WithdrawConsent,
)
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
from tests.story import CONSENTED, Story

CHOSEN = Chosen("en", "Murmansk", (), 2)
TELEGRAM = ChatSeen(5, "telegram", date(2026, 3, 3), preferred=True, dead=False)
WEB = ChatSeen(6, "web", date(2026, 9, 1), preferred=False, dead=False)
OLD_VK = ChatSeen(7, "vk", date(2025, 1, 2), preferred=False, dead=True)


def test_settings_show_what_is_set_and_fit_vk() -> None:
    parent = Story(ShowSettings(), {MySettings(): CHOSEN})
    parent.sees("Language: English", "Municipality: Murmansk", "You get all notices", "Linked chats: 2")
    assert parent.reply is not None
    assert len(parent.reply.message.rows) <= 6


def test_the_language_is_changed() -> None:
    world = {MySettings(): CHOSEN, SetLanguage("ru"): LanguageSet(1, "ru")}
    parent = Story(ShowSettings(), world)
    parent.taps("Language")
    parent.reader = Reader("ru", 1, True)
    parent.taps("Русский")
    parent.sees("Теперь говорим по-русски", "Язык: русский")


def test_a_topic_is_switched_off_and_on() -> None:
    off = SwitchTopic(Topic.EVENTS, muted=True)
    on = SwitchTopic(Topic.EVENTS, muted=False)
    world = {
        MySettings(): CHOSEN,
        off: TopicSwitched(1, Topic.EVENTS, muted=True),
        on: TopicSwitched(1, Topic.EVENTS, muted=False),
    }
    parent = Story(ChooseNotices(), world)
    parent.sees("Certificate: on", "Money: on")
    parent.taps("›")
    parent.sees("Events: on")
    parent.world[MySettings()] = replace(CHOSEN, muted=(Topic.EVENTS,))
    parent.taps("Events")
    parent.sees("I will not write about this: Events", "Events: off")
    parent.world[MySettings()] = CHOSEN
    parent.taps("Events")
    parent.sees("I will write about this: Events", "Events: on")


def test_the_topics_come_in_pages_that_vk_takes_whole() -> None:
    parent = Story(ShowSettings(), {MySettings(): CHOSEN})
    parent.taps("Notices")
    assert len(parent.labels) <= 10
    parent.taps("›")
    assert len(parent.labels) <= 10


def test_what_must_be_told_cannot_be_switched_off() -> None:
    parent = Story(ChooseNotices(), {MySettings(): CHOSEN})
    first = [label for label in parent.labels if label.endswith(": on")]
    parent.taps("›")
    assert len({*first, *(label for label in parent.labels if label.endswith(": on"))}) == len(Topic) - 1
    parent.presses(f"{parent.talk.turn}:off:always")
    parent.sees("What shall I write to you about?")
    assert set(parent.asked) == {MySettings()}


def test_linked_chats_are_shown_and_notices_sent_to_another() -> None:
    world = {MyChats(): (TELEGRAM, WEB, OLD_VK), PreferChat(6): ChatPreferred(1, 6)}
    parent = Story(ShowChats(), world)
    parent.sees(
        "Telegram, since March 3, 2026: notices come here",
        "VK, since January 2, 2025: nothing arrives there",
        "Link another chat",
    )
    parent.taps("Website")
    parent.taps("Send notices here")
    parent.sees("Notices come to that chat now")


def test_a_chat_that_is_not_mine_any_more_is_cut() -> None:
    parent = Story(ShowChats(), {MyChats(): (TELEGRAM, OLD_VK), CutChat(7): ChatCut(1, 7)})
    parent.taps("VK")
    parent.does_not_see("Send notices here")
    parent.taps("Unlink this chat")
    parent.sees("The chat is unlinked")


def test_the_last_chat_is_not_cut_and_the_way_is_said() -> None:
    parent = Story(ShowChats(), {MyChats(): (TELEGRAM,), CutChat(5): LastChat()})
    parent.taps("Telegram")
    parent.taps("Unlink this chat")
    parent.sees("This is your only chat", "Link another one first")


def test_a_chat_that_was_cut_from_elsewhere_meanwhile() -> None:
    parent = Story(ShowChats(), {MyChats(): (TELEGRAM, WEB), CutChat(6): NotYours()})
    parent.taps("Website")
    parent.world[MyChats()] = (TELEGRAM,)
    parent.taps("Unlink this chat")
    parent.sees("not linked to you any more", "Telegram")


def test_many_chats_are_paged() -> None:
    chats = tuple(replace(WEB, id=number, since=date(2026, 1, number)) for number in range(1, 8))
    parent = Story(ShowChats(), {MyChats(): chats})
    assert parent.reply is not None
    assert len(parent.reply.message.rows) <= 6
    parent.taps("›")
    assert "Website, since January 4, 2026" in parent.labels


def test_moving_says_what_stays_before_it_is_done() -> None:
    places = Places((Place(1, "Murmansk", "mur"), Place(2, "Apatity", "apa")), mine=1)
    world = {Municipalities(): places, SetMunicipality(2): MunicipalitySet(1, 2), MySettings(): CHOSEN}
    parent = Story(ChangeMunicipality(), world)
    parent.sees("Certificates that were issued stay where they are", "Apatity")
    assert "Murmansk" not in parent.labels
    parent.taps("Apatity")
    parent.sees("Your municipality has been changed")


def test_my_data_come_as_a_file() -> None:
    known = AllAboutMe(
        "en",
        (
            Chapter("person", (Entry((("surname", "Petrova"), ("language", "en"))),)),
            Chapter("certificates", (Entry((("number", "5101000001"), ("certificate_state", "active"))),)),
            Chapter("movements", (Entry((("why", "charge"), ("amount", Money(12_345)), ("month", "2026-09"))),)),
        ),
    )
    parent = Story(ReadMyData(), {MyData(): known})
    assert parent.reply is not None
    document = parent.reply.message.document
    assert document is not None
    assert document.name == "my-data.txt"
    for line in ("Surname: Petrova", "Language: English", "Number: 5101000001", "State: active", "Amount: ₽123.45"):
        assert line in document.content.replace("₽", "₽").replace("\xa0", "")
    parent.does_not_see("Petrova")


def test_my_data_are_not_sent_through_an_impersonal_channel() -> None:
    parent = Story(ReadMyData(), {OtherChannels(): ()}, replace(CONSENTED, impersonal=True))
    assert parent.state == OpenElsewhere()
    assert MyData() not in parent.asked


def test_my_data_need_no_consent() -> None:
    parent = Story(ReadMyData(), {MyData(): AllAboutMe("en", ())}, replace(CONSENTED, consented=False))
    parent.sees("everything that I know about you")


def test_withdrawal_explains_the_consequence_first_and_leaves_nothing_behind() -> None:
    world = {
        MySettings(): CHOSEN,
        MyConsents(): ("certificate",),
        WithdrawConsent("certificate"): ConsentWithdrawn(1, "certificate"),
        HomeNews(): News(),
    }
    parent = Story(ShowSettings(), world)
    parent.taps("My data and the consent")
    parent.taps("Withdraw the consent")
    parent.sees("all your chats are unlinked", "what the law obliges to keep", "code from the municipality")
    assert WithdrawConsent("certificate") not in parent.asked
    parent.taps("Yes, withdraw")
    parent.sees("The consent is withdrawn")
    assert parent.talk.history == ()
    assert parent.talk.draft is None


def test_withdrawal_can_be_thought_over() -> None:
    parent = Story(ShowPrivacy(), {MyConsents(): ("certificate",)})
    parent.taps("Withdraw the consent")
    parent.taps("No, leave it")
    assert parent.state == ShowPrivacy()


def test_the_consent_about_health_is_withdrawn_by_itself() -> None:
    world = {
        MyConsents(): ("certificate", "health"),
        WithdrawConsent("health"): ConsentWithdrawn(1, "health"),
    }
    parent = Story(ShowPrivacy(), world)
    parent.taps("Withdraw the consent about health")
    parent.sees("in the category «all children»")
    parent.taps("Yes, withdraw")
    parent.sees("The consent about health is withdrawn")


def test_deletion_tells_what_goes_and_asks_twice() -> None:
    world = {
        MyConsents(): (),
        WhatDeletionTakes(): Deletion(children=2, kept_by_others=1, running=0),
        DeleteMe(): Deleted(1),
        HomeNews(): News(),
    }
    parent = Story(ShowPrivacy(), world)
    parent.taps("Delete my data")
    parent.sees("2 children are erased", "1 child stays with the other guardian", "This cannot be undone")
    parent.taps("Delete for ever")
    assert DeleteMe() not in parent.asked
    parent.taps("Yes, delete everything")
    parent.sees("Your data are deleted")
    assert parent.state == Home()
    assert parent.talk.history == ()


def test_what_still_runs_must_end_first() -> None:
    parent = Story(WeighDeletion(), {WhatDeletionTakes(): Deletion(1, 0, running=2)})
    parent.sees("2 clubs or requests of your children are still running", "My clubs")
    parent.does_not_see("Delete for ever")


def test_a_club_that_began_between_the_two_questions_stops_the_deletion() -> None:
    world = {WhatDeletionTakes(): Deletion(1, 0, 0), DeleteMe(): StillRunning(1)}
    parent = Story(WeighDeletion(), world)
    parent.taps("Delete for ever")
    parent.taps("Yes, delete everything")
    parent.sees("1 club or request of your children is still running")
