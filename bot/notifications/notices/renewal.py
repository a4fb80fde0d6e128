"""What is told about going on in the next period (R6.12): the offer, the reminder, and what came of it."""

from bot.dialogs.core import Button, Screen
from bot.dialogs.enrollment_words import reason_words
from bot.dialogs.renewal import stays_words
from bot.domain.messages import Fact
from bot.domain.renewal import (
    RenewalConcluded,
    RenewalDeclined,
    RenewalLapsed,
    RenewalOffered,
    RenewalReminded,
)
from bot.i18n import Words, _, lines
from bot.notifications.notice import About, Notice, Notices, Topic


def told(about: About, button: Button, *sentences: Words | None) -> Screen:
    """The child and the program, then what happened."""
    return Screen(lines(_("{child}: «{program}».", child=about.child, program=about.program), *sentences), (button,))


def answer(enrollment: int) -> Button:
    """To the screen with the price, where it is decided."""
    return Button(_("Stay or leave"), f">renewal:{enrollment}")


def card(enrollment: int) -> Button:
    """To what came of it."""
    return Button(_("Open"), f">enrollment:{enrollment}")


def offered(fact: RenewalOffered, about: About) -> Screen:
    return told(
        about,
        answer(fact.enrollment),
        _("The club goes on in the next period, and your place is kept."),
        _("Will you stay? Please answer by {day}: without an answer the child does not stay.", day=fact.until),
    )


def reminded(fact: RenewalReminded, about: About) -> Screen:
    return told(
        about,
        answer(fact.enrollment),
        _("You have not said yet whether you stay in the next period."),
        _("Your place is kept until {day}. Without an answer the child does not stay.", day=fact.until),
    )


def concluded(fact: RenewalConcluded, about: About) -> Screen:
    return told(about, card(fact.enrollment), stays_words(fact))


def declined(fact: RenewalDeclined, about: About) -> Screen:
    whose = {
        "guardian": _("The family does not stay in the next period."),
        "provider": _("The provider does not go on in the next period."),
        "municipality": _("The municipality has noted that the child does not stay in the next period."),
        "system": _("The child does not stay in the next period."),
    }
    reason = _("Reason: {reason}.", reason=reason_words(fact.reason)) if fact.reason else None
    return told(about, card(fact.enrollment), whose[fact.by], reason)


def lapsed(fact: RenewalLapsed, about: About) -> Screen:
    screen = told(
        about,
        card(fact.enrollment),
        _("There was no answer, so the child does not stay in the next period. The place is not kept any more."),
        _("If you would like to stay after all, ask for a place again as long as there is one."),
    )
    return Screen(screen.text, (*screen.buttons, Button(_("Find a club"), ">search")))


NOTICES: Notices = {
    RenewalOffered: Notice(Topic.ENROLLMENT, offered),
    RenewalReminded: Notice(Topic.ENROLLMENT, reminded),
    RenewalConcluded: Notice(Topic.ENROLLMENT, concluded),
    RenewalDeclined: Notice(Topic.ENROLLMENT, declined),
    RenewalLapsed: Notice(Topic.ENROLLMENT, lapsed),
}
SILENT: frozenset[type[Fact]] = frozenset()
