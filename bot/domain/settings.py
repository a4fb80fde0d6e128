"""A person's settings: language, notices, chats."""

from dataclasses import dataclass
from datetime import date

from bot.domain.messages import AboutPerson, Command, Query, Refusal
from bot.domain.topics import Topic


@dataclass(frozen=True)
class Chosen:
    """A person's settings at a glance."""

    language: str
    municipality: str
    muted: tuple[Topic, ...]
    chats: int


@dataclass(frozen=True)
class MySettings(Query[Chosen]):
    """How have I set things?"""


@dataclass(frozen=True)
class SetLanguage(Command):
    """Talk to me in this language: ru | en."""

    language: str


@dataclass(frozen=True)
class LanguageSet(AboutPerson):
    """A person's language is known."""

    language: str


@dataclass(frozen=True)
class SwitchTopic(Command):
    """Stop or start the notices of a topic. ALWAYS cannot be stopped."""

    topic: Topic
    muted: bool


@dataclass(frozen=True)
class TopicSwitched(AboutPerson):
    """A topic is silent, or is not any more."""

    topic: Topic
    muted: bool


@dataclass(frozen=True)
class ChatSeen:
    """A linked chat. `dead`: blocked or gone, so nothing arrives there."""

    id: int
    channel: str
    since: date
    preferred: bool
    dead: bool


@dataclass(frozen=True)
class MyChats(Query[tuple[ChatSeen, ...]]):
    """My linked chats, the oldest first."""


@dataclass(frozen=True)
class PreferChat(Command):
    """Send notices to this chat."""

    chat: int


@dataclass(frozen=True)
class ChatPreferred(AboutPerson):
    """Notices go to this chat from now on."""

    chat: int


@dataclass(frozen=True)
class CutChat(Command):
    """Unlink a chat: whoever writes from it next is a stranger (R1.3)."""

    chat: int


@dataclass(frozen=True)
class ChatCut(AboutPerson):
    """A chat is not this person's any more."""

    chat: int


@dataclass(frozen=True)
class LastChat(Refusal):
    """The only living chat is not cut: there would be no way back but the municipality's (R1.3)."""
