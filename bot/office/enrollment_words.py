"""What is said of enrollments, waiting lists and renewals to the staff, in the office and in a terminal."""

from collections.abc import Mapping

from bot.dialogs.enrollment_refusals import why_not
from bot.dialogs.enrollment_words import REASONS as TO_FAMILIES
from bot.domain import enrollment_facts as facts
from bot.domain import enrollment_refusals as refusals
from bot.domain.enrollment import EnrollmentState, Reason
from bot.domain.messages import Fact, NotYours
from bot.domain.renewal import NoNextPeriod, NothingToContinue, RenewalConcluded, RenewalDeclined
from bot.domain.waiting import LeftWaitingList
from bot.i18n import Words, _, joined, n_

S = EnrollmentState
STATES: Mapping[EnrollmentState, Words] = {
    S.REQUESTED: _("waits for the provider"),
    S.CLAIMED: _("entered by the provider, waits for the family's yes"),
    S.ACCEPTED: _("taken, waits for the family's signature"),
    S.ACTIVE: _("learns"),
    S.COMPLETED: _("completed"),
    S.TERMINATED: _("ended early"),
    S.REFUSED: _("refused"),
    S.WITHDRAWN: _("withdrawn"),
    S.WAITLISTED: _("in the waiting list"),
    S.OFFERED: _("a free seat is offered"),
    S.RENEWAL_OFFERED: _("the next period is offered"),
    S.LEFT: _("left the waiting list, or was not continued"),
    S.LAPSED: _("the offer has lapsed"),
}
REASONS: Mapping[str, Words] = {
    **TO_FAMILIES,
    Reason.NOT_US: _("the family said that it was not them"),
    Reason.DISPUTE: _("the family's complaint was right"),
}


def reason_words(reason: str) -> Words:
    """One of our reasons in words; else what somebody wrote."""
    return REASONS.get(reason, reason.rstrip(" ."))


def told(fact: Fact) -> Words:
    """What came of a command, for the staff."""
    match fact:
        case facts.OfferMade(until=day):
            return _("The family has been asked; it accepts by {day}.", day=day)
        case facts.RequestRefused() | facts.OfferRevoked():
            return _("Done: the seat is free, what was set aside has returned.")
        case facts.Concluded(start=day):
            return _("Concluded; the first day is {day}.", day=day)
        case facts.NoticeGiven(last=day, amount=amount):
            return _("The last day is {day}; {sum} returned to the certificate.", day=day, sum=amount)
        case facts.RequestWithdrawn(amount=amount):
            return _("It had not begun: withdrawn, {sum} returned to the certificate.", sum=amount)
        case facts.Claimed(enrollment=number, until=day):
            return _("Entered as {number}; the family answers by {day}.", number=str(number), day=day)
        case facts.ClaimConfirmed(until=day):
            return _("Confirmed; to be concluded by {day}.", day=day)
        case facts.ClaimDenied(amount=amount):
            return _("Refused; {sum} returned to the certificate.", sum=amount)
        case facts.LessonsCancelled(children=children, amount=amount):
            return n_("{sum} returned to {count} child.", "{sum} returned to {count} children.", children, sum=amount)
        case facts.DisputeDecided(amount=amount):
            return _("Decided; {sum} returned to the certificate.", sum=amount)
        case LeftWaitingList():
            return _("Done: the child is not in the waiting list any more.")
        case RenewalConcluded(start=day, amount=amount):
            return _("Concluded from {day} on; {sum} is set aside.", day=day, sum=amount)
        case RenewalDeclined():
            return _("Done: the seat is free after the last day.")
    return why(fact)


def why(fact: Fact) -> Words:
    """Why it was not done."""
    match fact:
        case NotYours():
            return _("There is no such enrollment or group in this municipality.")
        case refusals.NotNow(state=state):
            return joined(" ", (_("Not possible in this state:"), STATES[state]))
        case refusals.WaitsForYes():
            return _("A parent has not said yes yet.")
        case refusals.NoticeGivenAlready(last=day):
            return _("It is ended already: the last day is {day}.", day=day)
        case refusals.UnknownCertificate(number):
            return _("No active certificate has the number {number}.", number=number)
        case refusals.NoSuchLessons():
            return _("No child of the group had lessons on these days, or they were cancelled before.")
        case NothingToContinue():
            return _("The lessons that this would continue end early, so there is nothing to continue.")
        case NoNextPeriod(after=day):
            return _("No period after {day} is planned yet.", day=day)
    return why_not(fact)[0]
