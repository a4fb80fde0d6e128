"""Settings: language, notices, chats, where the family lives; personal data have a room of their own (privacy.py)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.dialogs.chats import ShowChats
from bot.dialogs.core import (
    AnyState,
    Button,
    Event,
    Happened,
    Screen,
    State,
    Tapped,
    Turn,
    Typed,
    again,
    ask,
    go,
    instead,
)
from bot.dialogs.hello import LANGUAGES, asked, choices, meant_by, named
from bot.dialogs.privacy import ShowPrivacy
from bot.dialogs.reading import count, on_page, turned, turning
from bot.domain.municipality import Municipalities, MunicipalitySet, Places, SetMunicipality
from bot.domain.settings import (
    Chosen,
    LanguageSet,
    MySettings,
    SetLanguage,
    SwitchTopic,
    TopicSwitched,
)
from bot.domain.topics import Topic
from bot.i18n import Words, _, lines

TOPICS: Mapping[Topic, Words] = {
    Topic.CERTIFICATE: _("Certificate"),
    Topic.MONEY: _("Money"),
    Topic.ENROLLMENT: _("My clubs"),
    Topic.WAITING: _("Waiting list"),
    Topic.REMINDERS: _("Reminders"),
    Topic.RATING: _("Ratings"),
    Topic.EVENTS: _("Events"),
    Topic.SEARCH: _("Saved searches"),
    Topic.TOWN: _("The municipality's words"),
}
TOPICS_A_PAGE = 6
"""With the buttons below them no more than VK takes."""


@dataclass(frozen=True)
class ShowSettings(State[Chosen]):
    """What is set, and what can be changed."""

    at_leisure = True

    def needs(self) -> MySettings:
        return MySettings()

    def show(self, known: Chosen) -> Screen:
        return Screen(
            lines(
                _("Settings"),
                "",
                _("Language: English"),
                _("Municipality: {municipality}", municipality=known.municipality),
                _("Switched off notices: {count}", count=len(known.muted))
                if known.muted
                else _("You get all notices."),
                _("Linked chats: {count}", count=known.chats),
            ),
            (
                (Button(_("Language"), "language"), Button(_("Municipality"), "municipality")),
                (Button(_("Notices"), "notices"), Button(_("Linked chats"), "chats")),
                Button(_("My phone"), ">phone"),
                Button(_("Saved searches"), ">saved"),
                Button(_("My data and the consent"), "privacy"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("language"):
                return go(ChooseLanguage())
            case Tapped("municipality"):
                return go(ChangeMunicipality())
            case Tapped("notices"):
                return go(ChooseNotices())
            case Tapped("chats"):
                return go(ShowChats())
            case Tapped("privacy"):
                return go(ShowPrivacy())
        return again(self, _("Please choose what to change."))


@dataclass(frozen=True)
class ChooseLanguage(State[None]):
    """Russian or English."""

    def show(self, known: None) -> Screen:
        return Screen(_("Which language shall we talk in?"), (LANGUAGES,))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("language:ru" | "language:en" as choice):
                return ask(SetLanguage(choice[-2:]), meanwhile=self)
            case Happened(LanguageSet()):
                return instead(ShowSettings(), _("We talk English now."))
        return again(self, _("Please choose one of the two languages."))


@dataclass(frozen=True)
class ChangeMunicipality(State[Places]):
    """The family has moved (R6.13): what changes here, and what does not change by itself."""

    words: str = ""
    page: int = 0

    def needs(self) -> Municipalities:
        return Municipalities()

    def show(self, known: Places) -> Screen | Turn:
        if len(known.all) == 1:
            return instead(ShowSettings(), _("There is only one municipality here so far."))
        others = tuple(place for place in known.all if place.id != known.mine)
        if meant := meant_by(others, self.words):
            return ask(SetMunicipality(meant.id), meanwhile=self)
        found = named(others, self.words)
        return Screen(
            lines(
                _("Here you choose whose clubs, contacts and applications you see."),
                _("Certificates that were issued stay where they are. If a child has moved, tell the old municipality: "
                  "running clubs then end as its rules say, and the new one issues a certificate."),
                "",
                asked(self.words, found),
            ),
            choices(found or others, self.page),
        )  # fmt: skip

    def on(self, event: Event) -> Turn:
        match event:
            case Happened(MunicipalitySet()):
                return instead(ShowSettings(), _("Your municipality has been changed."))
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(choice):
                return ask(SetMunicipality(int(choice)), meanwhile=self)
            case Typed(words):
                return instead(replace(self, words=words, page=0))
        return again(self, _("Please choose the place where you live."))


@dataclass(frozen=True)
class ChooseNotices(State[Chosen]):
    """What I write about unasked; a tap switches a topic."""

    page: int = 0

    def needs(self) -> MySettings:
        return MySettings()

    def show(self, known: Chosen) -> Screen:
        switches = tuple(
            Button(_("{topic}: off", topic=name), f"on:{topic.value}")
            if topic in known.muted
            else Button(_("{topic}: on", topic=name), f"off:{topic.value}")
            for topic, name in on_page(tuple(TOPICS.items()), self.page, TOPICS_A_PAGE)
        )
        return Screen(
            lines(
                _("What shall I write to you about? Press a topic to switch it."),
                _("Questions that only you can answer always come."),
            ),
            (
                *switches,
                *turning(self.page, count(tuple(TOPICS), TOPICS_A_PAGE)),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(choice):
                switch, _colon, topic = choice.partition(":")
                return ask(SwitchTopic(Topic(topic), muted=switch == "off"), meanwhile=self)
            case Happened(TopicSwitched(topic=topic, muted=True)):
                return instead(self, _("I will not write about this: {topic}.", topic=TOPICS[topic]))
            case Happened(TopicSwitched(topic=topic)):
                return instead(self, _("I will write about this: {topic}.", topic=TOPICS[topic]))
        return again(self, _("Please press a topic."))


DOORS: dict[str, Callable[[str], AnyState]] = {"settings": lambda _argument: ShowSettings()}
