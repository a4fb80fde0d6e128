"""Invite somebody to a child (R1.3): as what? -> the one-time code with its links, to be handed on."""

from dataclasses import dataclass
from datetime import datetime

from bot.dialogs.chats import CHANNELS
from bot.dialogs.core import Button, Event, Happened, Screen, Secret, State, Tapped, Turn, again, ask, back, go
from bot.domain.family import OWN_CHAT_AGE, ChildPage, ReadChild, Rights
from bot.domain.home import ChannelLink
from bot.domain.linking import CodeKind, LinkCodeMade, MakeLinkCode, TooYoungForChat, WaysIn, deep_link
from bot.domain.messages import NotYours
from bot.i18n import Words, _, joined, lines

ONLY_A_GUARDIAN = _("Only a guardian who decides for the child can invite somebody.")

INVITED: dict[CodeKind, Words] = {
    CodeKind.GUARDIAN: _("The code for another guardian:"),
    CodeKind.READ: _("The code for somebody who only sees:"),
    CodeKind.SELF: _("The code for the child's own chat:"),
}


@dataclass(frozen=True)
class InviteSomebody(State["ChildPage | None"]):
    """Another guardian, somebody who only sees, or the child itself from 14 on."""

    child: int

    about_child = True

    def needs(self) -> ReadChild:
        return ReadChild(self.child)

    def show(self, known: ChildPage | None) -> Screen | Turn:
        if known is None or known.child.rights is not Rights.FULL:
            return back(ONLY_A_GUARDIAN)
        old_enough = known.age >= OWN_CHAT_AGE
        own_chat = (Button(_("The child's own chat"), CodeKind.SELF.value),) if old_enough else ()
        return Screen(
            lines(
                _("Whom shall I let see everything about {child}?", child=known.child.first_name),
                "",
                _("A guardian decides like you: requests, answers, leaving a club."),
                _("A grandparent, say, sees everything and gets the notices, but decides nothing."),
                _("The child's own chat looks for clubs and asks for a place; you say yes.")
                if old_enough
                else _("From {age} on the child can have a chat of its own.", age=OWN_CHAT_AGE),
            ),
            (
                Button(_("Add a guardian"), CodeKind.GUARDIAN.value),
                Button(_("Add somebody who only sees"), CodeKind.READ.value),
                *own_chat,
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(kind):
                return ask(MakeLinkCode(CodeKind(kind), self.child), meanwhile=self)
            case Happened(LinkCodeMade(kind=kind, code=code, until=until)):
                return go(ShowInvitation(kind, Secret(code), until))
            case Happened(TooYoungForChat(on=day)):
                return again(self, _("The child can have a chat of its own from {day} on.", day=day))
            case Happened(NotYours()):
                return back(ONLY_A_GUARDIAN)
        return again(self, _("Please choose whom to invite."))


def grouped(code: str) -> str:
    """ABCE-2345: easier to read out."""
    return f"{code[:4]}-{code[4:]}"


@dataclass(frozen=True)
class ShowInvitation(State[tuple[ChannelLink, ...]]):
    """The code with its links, as text that can be forwarded."""

    kind: CodeKind
    code: Secret
    until: datetime

    about_child = True

    def needs(self) -> WaysIn:
        return WaysIn(self.kind)

    def show(self, known: tuple[ChannelLink, ...]) -> Screen:
        links = tuple(joined(": ", (CHANNELS[way.channel], deep_link(way, self.code.value))) for way in known)
        return Screen(
            lines(
                INVITED[self.kind],
                grouped(self.code.value),
                "",
                _("It is good once, until {until}. Give it only to the person it is for.", until=self.until),
                _("They open one of these links, or just write me the code:")
                if links
                else _("They just write me the code."),
                *links,
                "",
                _("I will write to you when they have joined."),
            ),
            (Button(_("Children"), ">children"),),
        )

    def on(self, event: Event) -> Turn:
        return again(self, _("Hand the code on, then go back or to the menu."))
