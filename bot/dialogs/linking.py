"""One person in several chats (R1.3): get a code here for the other chat, or enter one here."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogs.core import (
    AnyState,
    Button,
    Event,
    Happened,
    Screen,
    Secret,
    State,
    Tapped,
    Turn,
    Typed,
    again,
    ask,
    go,
)
from bot.dialogs.home import OPEN_IN
from bot.dialogs.invitation import grouped
from bot.dialogs.link_code import EnterCode
from bot.domain.home import ChannelLink
from bot.domain.linking import (
    LIFE,
    CodeKind,
    LinkCodeMade,
    MakeLinkCode,
    WaysIn,
    code_of,
    deep_link,
)
from bot.i18n import _, lines, n_

MINUTES = int(LIFE[CodeKind.CHANNEL].total_seconds() // 60)


@dataclass(frozen=True)
class LinkChats(State[None]):
    """One person, several chats: where do I begin?"""

    before_hello = True

    def show(self, known: None) -> Screen:
        return Screen(
            lines(
                _("You can write to me in several places, and I will know that it is you."),
                _("Get a code in the chat that shows your children, and enter it in the new one."),
                _("A code from another guardian or from the municipality is entered here too."),
            ),
            (Button(_("Get a code here"), "get"), Button(_("Enter a code"), "enter")),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("get"):
                return ask(MakeLinkCode(CodeKind.CHANNEL), meanwhile=self)
            case Tapped("enter"):
                return go(EnterCode())
            case Typed(text) if code_of(text):
                return go(EnterCode(Secret(text)))
            case Happened(LinkCodeMade(code=code)):
                return go(ShowChatCode(Secret(code)))
        return again(self, _("Please choose: get a code or enter one."))


@dataclass(frozen=True)
class ShowChatCode(State[tuple[ChannelLink, ...]]):
    """A code for another chat of mine."""

    code: Secret

    before_hello = True

    def needs(self) -> WaysIn:
        return WaysIn(CodeKind.CHANNEL)

    def show(self, known: tuple[ChannelLink, ...]) -> Screen:
        return Screen(
            lines(
                _("The code for your other chat:"),
                grouped(self.code.value),
                "",
                n_("It is good once, for {count} minute.", "It is good once, for {count} minutes.", MINUTES),
                _("Open me there and write me the code. Show it to nobody: with it one sees all about your children."),
            ),
            tuple(Button(OPEN_IN[way.channel], url=deep_link(way, self.code.value)) for way in known),
        )

    def on(self, event: Event) -> Turn:
        return again(self, _("Write the code in the other chat, not here."))


def open_link(argument: str) -> AnyState:
    """`link:ABCE2345` tries that code, as a deep link does; `link` asks what to do."""
    return EnterCode(Secret(argument)) if argument else LinkChats()


DOORS: dict[str, Callable[[str], AnyState]] = {"link": open_link, "code": lambda _argument: EnterCode()}
