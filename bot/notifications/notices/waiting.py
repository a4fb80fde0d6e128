"""What is told about waiting lists (R6.11); a free place leads straight to where it is taken or let pass."""

from bot.dialogs.core import Button, Screen
from bot.dialogs.enrollment_words import reason_words
from bot.dialogs.waiting import not_taken_words
from bot.domain.messages import Fact
from bot.domain.waiting import (
    LeftWaitingList,
    PlaceLapsed,
    PlaceNotTaken,
    PlaceOffered,
    PlaceSkipped,
    Waitlisted,
)
from bot.i18n import Words, _, lines
from bot.notifications.notice import About, Notice, Notices, Topic


def told(about: About, enrollment: int, *sentences: Words | None, label: Words | None = None) -> Screen:
    """The child and the program, then what happened."""
    title = _("{child}: «{program}».", child=about.child, program=about.program)
    return Screen(lines(title, *sentences), (Button(label or _("Open"), f">waiting:{enrollment}"),))


def waitlisted(fact: Waitlisted, about: About) -> Screen:
    return told(about, fact.enrollment, _("The child is number {place} in the waiting list.", place=fact.place))


def offered(fact: PlaceOffered, about: About) -> Screen:
    return told(
        about,
        fact.enrollment,
        _("A place is free for you! It is kept until {until}.", until=fact.until),
        _("Take it, or let it pass: you can stay in the list."),
        label=_("To the free place"),
    )


def skipped(fact: PlaceSkipped, about: About) -> Screen:
    return told(
        about,
        fact.enrollment,
        _("You let the free place pass. The child is number {place} in the waiting list.", place=fact.place),
    )


def not_taken(fact: PlaceNotTaken, about: About) -> Screen:
    return told(about, fact.enrollment, _("The free place could not be taken."), not_taken_words(fact))


def lapsed(fact: PlaceLapsed, about: About) -> Screen:
    screen = told(
        about,
        fact.enrollment,
        _("There was no answer in time, so the free place goes to the next family."),
        _("The child is not in the waiting list any more. You can join it again from the program."),
    )
    return Screen(screen.text, (*screen.buttons, Button(_("Find another club"), ">search")))


def left(fact: LeftWaitingList, about: About) -> Screen:
    reason = _("Reason: {reason}.", reason=reason_words(fact.reason)) if fact.reason else None
    screen = told(about, fact.enrollment, _("The child is not in the waiting list any more."), reason)
    return Screen(screen.text, (*screen.buttons, Button(_("Find another club"), ">search")))


NOTICES: Notices = {
    Waitlisted: Notice(Topic.WAITING, waitlisted),
    PlaceOffered: Notice(Topic.WAITING, offered),
    PlaceSkipped: Notice(Topic.WAITING, skipped),
    PlaceNotTaken: Notice(Topic.WAITING, not_taken),
    PlaceLapsed: Notice(Topic.WAITING, lapsed),
    LeftWaitingList: Notice(Topic.WAITING, left),
}
SILENT: frozenset[type[Fact]] = frozenset()
