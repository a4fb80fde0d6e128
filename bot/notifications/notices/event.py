"""Events: what other guardians should know of a sign-up, the reminder on the day before, an event that was called off."""

from bot.dialogs.core import Button, Screen
from bot.domain.event import EventAdded, EventCalledOff, EventLost, EventTomorrow, SignedUp, SignupCancelled
from bot.domain.messages import Fact
from bot.i18n import _, lines
from bot.notifications.notice import About, Notice, Notices, Topic


def signed_up(fact: SignedUp, about: About) -> Screen:
    """By another of the child's people."""
    return Screen(
        _("{child} is signed up for «{event}», {when}.", child=about.child, event=about.event, when=fact.starts),
        (_signup(fact.event, fact.child),),
    )


def signup_cancelled(fact: SignupCancelled, about: About) -> Screen:
    """By another of the child's people."""
    return Screen(
        _("{child} is not signed up for «{event}» any more.", child=about.child, event=about.event),
        (Button(_("Open"), f">event:{fact.event}"),),
    )


def event_tomorrow(fact: EventTomorrow, about: About) -> Screen:
    """The day before."""
    return Screen(
        lines(
            _("Tomorrow {child} goes to «{event}»: {when}.", child=about.child, event=about.event, when=fact.starts),
            _("If you cannot come, please cancel: somebody else will be glad of the place."),
        ),
        (_signup(fact.event, fact.child),),
    )


def event_lost(fact: EventLost, about: About) -> Screen:
    """It will not take place."""
    return Screen(
        lines(
            _(
                "«{event}» on {when} is called off, and {child} was signed up for it.",
                event=about.event,
                when=fact.starts,
                child=about.child,
            ),
            _("Reason: {reason}", reason=fact.reason),
        ),
        (Button(_("All events"), ">events"),),
    )


def _signup(event: int, child: int) -> Button:
    return Button(_("Open"), f">signup:{event}:{child}")


NOTICES: Notices = {
    SignedUp: Notice(Topic.EVENTS, signed_up),
    SignupCancelled: Notice(Topic.EVENTS, signup_cancelled),
    EventTomorrow: Notice(Topic.EVENTS, event_tomorrow),
    EventLost: Notice(Topic.EVENTS, event_lost),
}
SILENT: frozenset[type[Fact]] = frozenset({EventAdded, EventCalledOff})
