"""Linked chats (R1.3): which there are, where notices go, cutting one that is not yours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.dialogs.core import Button, Event, Happened, Screen, State, Tapped, Turn, again, ask, go, instead
from bot.dialogs.reading import count, on_page, turned, turning
from bot.domain.messages import NotYours
from bot.domain.settings import ChatCut, ChatPreferred, ChatSeen, CutChat, LastChat, MyChats, PreferChat
from bot.i18n import Words, _, lines

CHANNELS: Mapping[str, Words] = {"telegram": "Telegram", "vk": _("VK"), "web": _("Website")}
A_PAGE = 3


def described(chat: ChatSeen) -> Words:
    """A chat in one line."""
    channel = CHANNELS[chat.channel]
    if chat.dead:
        return _("{channel}, since {day}: nothing arrives there", channel=channel, day=chat.since)
    if chat.preferred:
        return _("{channel}, since {day}: notices come here", channel=channel, day=chat.since)
    return _("{channel}, since {day}", channel=channel, day=chat.since)


@dataclass(frozen=True)
class ShowChats(State[tuple[ChatSeen, ...]]):
    """Every chat that is linked to me (R1.3)."""

    page: int = 0

    def needs(self) -> MyChats:
        return MyChats()

    def show(self, known: tuple[ChatSeen, ...]) -> Screen:
        return Screen(
            lines(
                _("These chats are linked to you: each shows your family's data. If one is not yours, unlink it."),
                "",
                *(described(chat) for chat in known),
            ),
            (
                *(
                    Button(_("{channel}, since {day}", channel=CHANNELS[chat.channel], day=chat.since), str(chat.id))
                    for chat in on_page(known, self.page, A_PAGE)
                ),
                *turning(self.page, count(known, A_PAGE)),
                Button(_("Link another chat"), ">link"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(chat):
                return go(ShowChat(int(chat)))
        return again(self, _("Please choose a chat."))


@dataclass(frozen=True)
class ShowChat(State[tuple[ChatSeen, ...]]):
    """One linked chat."""

    chat: int

    def needs(self) -> MyChats:
        return MyChats()

    def show(self, known: tuple[ChatSeen, ...]) -> Screen | Turn:
        chat = next((chat for chat in known if chat.id == self.chat), None)
        if chat is None:
            return instead(ShowChats())
        prefer = () if chat.preferred or chat.dead else (Button(_("Send notices here"), "prefer"),)
        return Screen(
            lines(
                described(chat), "", _("If you unlink it, I no longer know who writes there and show nothing of yours.")
            ),
            (*prefer, Button(_("Unlink this chat"), "cut")),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("prefer"):
                return ask(PreferChat(self.chat), meanwhile=self)
            case Tapped("cut"):
                return ask(CutChat(self.chat), meanwhile=self)
            case Happened(ChatPreferred()):
                return instead(ShowChats(), _("Notices come to that chat now."))
            case Happened(ChatCut()):
                return instead(ShowChats(), _("The chat is unlinked."))
            case Happened(LastChat()):
                return again(
                    self,
                    _("This is your only chat: without it you could not come back by yourself. Link another one first; "
                      "or delete your data under «My data and the consent»."),
                )  # fmt: skip
            case Happened(NotYours()):
                return instead(ShowChats(), _("That chat is not linked to you any more."))
        return again(self, _("Please choose what to do with this chat."))
