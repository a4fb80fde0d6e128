"""Who may see a child is told to everybody who sees it (R1.3); these notices cannot be switched off."""

from bot.dialogs.core import Button, Screen
from bot.domain.family import GuardianCut, GuardianJoined, LinkCut, PhoneSet, Rights
from bot.domain.linking import ChatLinked, CodeFound, LinkCodeMade, PersonRestored
from bot.domain.messages import Fact
from bot.i18n import _, lines
from bot.notifications.notice import About, Notice, Notices, Topic


def joined(fact: GuardianJoined, about: About) -> Screen:
    """Somebody has used a code."""
    match fact.rights:
        case Rights.FULL:
            who = _("Another guardian has joined: they see everything about {child} and decide.", child=about.child)
        case Rights.READ:
            who = _("Somebody has joined who only sees: {child}'s page and notices.", child=about.child)
        case Rights.SELF:
            who = _("{child} has a chat of its own now.", child=about.child)
    return Screen(
        lines(who, _("If you did not invite anybody, open the page and cut the link.")),
        (Button(_("Who may see this"), f">people:{fact.child}"),),
    )


def cut(fact: GuardianCut, about: About) -> Screen:
    """One fewer."""
    return Screen(
        _("A link was cut: one person fewer may see {child}'s page.", child=about.child),
        (Button(_("Who may see this"), f">people:{fact.child}"),),
    )


def link_cut(fact: LinkCut, about: About) -> Screen:
    """To whoever was cut; no name, the child is not theirs to see any more."""
    return Screen(
        lines(
            _("One of the children is not linked to you any more: a guardian or the municipality has cut the link."),
            _("If this is a mistake, ask a guardian for a new code, or the municipality."),
        ),
        (Button(_("Children"), ">children"), Button(_("Municipality"), ">municipality")),
    )


def chat_linked(fact: ChatLinked, about: About) -> Screen:
    """To the chat that was there before."""
    return Screen(
        lines(
            _("One more chat is linked to you and shows the same children."),
            _("If it was not you, unlink it under «Settings», «Linked chats»."),
        ),
        (Button(_("Settings"), ">settings"),),
    )


NOTICES: Notices = {
    GuardianJoined: Notice(Topic.ALWAYS, joined),
    GuardianCut: Notice(Topic.ALWAYS, cut),
    LinkCut: Notice(Topic.ALWAYS, link_cut),
    ChatLinked: Notice(Topic.ALWAYS, chat_linked),
}
SILENT: frozenset[type[Fact]] = frozenset({LinkCodeMade, CodeFound, PersonRestored, PhoneSet})
"""Seen on the screen by the only one whom they concern."""
