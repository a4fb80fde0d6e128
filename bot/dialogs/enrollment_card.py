"""An enrollment's card: its state with the clock, the plan by months, and what can be done now."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.dialogs.core import CHOOSE, Button, Event, Happened, Row, Screen, State, Tapped, Turn, again, ask, go
from bot.dialogs.enrollment_actions import (
    AcceptOffer,
    DenyIt,
    LeaveClub,
    QuestionIt,
    WithdrawFrom,
    answered,
)
from bot.dialogs.enrollment_switch import SwitchTo
from bot.dialogs.enrollment_words import GONE, group_words, plan_words, price_words, state_words
from bot.dialogs.phone import told_phone
from bot.domain.enrollment import ApproveRequest, ConfirmClaim, EnrollmentState
from bot.domain.enrollment_seen import EnrollmentSeen, OneEnrollment
from bot.domain.pricing import Quote
from bot.i18n import Words, _, joined, lines

S = EnrollmentState
QUEUED = (S.WAITLISTED, S.OFFERED, S.RENEWAL_OFFERED)
ENDED_WITHOUT = (S.REFUSED, S.WITHDRAWN, S.LEFT, S.LAPSED)
OPENS: Mapping[str, Callable[[int], State[Any]]] = {
    "withdraw": WithdrawFrom,
    "accept": AcceptOffer,
    "deny": DenyIt,
    "leave": LeaveClub,
    "switch": SwitchTo,
    "question": QuestionIt,
}
"""A button's choice → the state that asks once more and does it."""


@dataclass(frozen=True)
class ReadEnrollment(State[EnrollmentSeen | None]):
    """The card; a door leads here, so it changes nothing by itself."""

    enrollment: int

    about_child: ClassVar[bool] = True
    at_leisure = True

    def needs(self) -> OneEnrollment:
        return OneEnrollment(self.enrollment)

    def show(self, known: EnrollmentSeen | None) -> Screen:
        if known is None:
            return Screen(GONE, (Button(_("My clubs"), ">enrollments"),))
        return Screen(lines(*_card(known)), tuple(_actions(known)))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("approve"):
                return ask(ApproveRequest(self.enrollment), meanwhile=self)
            case Tapped("confirm"):
                return ask(ConfirmClaim(self.enrollment), meanwhile=self)
            case Tapped(choice) if choice in OPENS:
                return go(OPENS[choice](self.enrollment))
            case Happened(fact):
                return again(self, answered(fact))
        return again(self, CHOOSE)


def _card(seen: EnrollmentSeen) -> Iterator[Words]:
    yield joined(": ", (seen.child_name, seen.program_name))
    yield joined(", ", [part for part in (seen.provider, told_phone(seen.provider_phone)) if part])
    yield ""
    yield state_words(seen)
    yield ""
    if seen.start is not None and seen.stop is not None:
        yield _("From {start} to {stop}.", start=seen.start, stop=seen.ends_on or seen.stop)
    if seen.group is not None:
        yield group_words(seen.group)
    if seen.state not in (*QUEUED, *ENDED_WITHOUT):
        yield ""
        if seen.state is S.CLAIMED:
            yield price_words(Quote(seen.certificate, seen.parent))
        yield from plan_words(seen)


def _actions(seen: EnrollmentSeen) -> Iterator[Row]:
    if seen.rights == "full":
        yield from _decisions(seen)
    elif seen.rights == "self" and seen.needs_yes:
        yield Button(_("Take the request back"), "withdraw")
    if seen.state is S.REQUESTED:
        yield Button(_("Find a club"), ">search")
    if seen.may_rate and seen.rights == "full":
        yield Button(_("Rate the program"), f">rate:{seen.id}")
    yield Button(_("The program"), f">program:{seen.program}"), Button(_("Money"), f">money:{seen.child}")


def _decisions(seen: EnrollmentSeen) -> Iterator[Row]:
    match seen.state:
        case S.REQUESTED if seen.needs_yes:
            yield Button(_("Yes, ask the club"), "approve")
            yield Button(_("No, take it back"), "withdraw")
        case S.REQUESTED:
            yield Button(_("Take the request back"), "withdraw")
            yield Button(_("What fits the rest"), f">fits:{seen.child}")
        case S.CLAIMED:
            yield Button(_("Yes, it was us"), "confirm")
            yield Button(_("This was not us"), "deny")
        case S.ACCEPTED:
            yield Button(_("Accept the offer"), "accept")
            yield Button(_("Decline the offer"), "withdraw")
        case S.ACTIVE if not seen.begun:
            yield Button(_("Give the place back"), "withdraw")
        case S.ACTIVE if seen.last_day is not None:
            yield Button(_("Leave the club"), "leave")
        case S.WAITLISTED:
            yield Button(_("The waiting list"), f">waiting:{seen.id}")
        case S.OFFERED:
            yield Button(_("To the free place"), f">waiting:{seen.id}")
        case S.RENEWAL_OFFERED:
            yield Button(_("Stay or leave"), f">renewal:{seen.id}")
    if seen.other_groups and not seen.needs_yes:
        yield Button(_("Another group"), "switch")
    if may_question(seen):
        yield Button(_("This was not us"), "question")


def may_question(seen: EnrollmentSeen) -> bool:
    """What the provider entered, or what was charged, may be disputed, once at a time (R6.8)."""
    if seen.disputed:
        return False
    if seen.state in (S.ACCEPTED, S.ACTIVE) and seen.by == "provider":
        return True
    return any(month.charged is not None and month.charged != month.refunded for month in seen.months)
