"""What a family does with an enrollment; each is shown with its consequences before it is pressed (R5.5, R6)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.dialogs.core import CHOOSE, Button, Event, Happened, Screen, State, Tapped, Turn, again, ask, back, instead
from bot.dialogs.enrollment_refusals import why_not
from bot.dialogs.enrollment_words import price_words
from bot.dialogs.leaving_words import free_then, leaving_lines
from bot.domain import enrollment_facts as facts
from bot.domain import enrollment_refusals as refusals
from bot.domain.enrollment import ConcludeOffer, DenyClaim, EndEnrollment, EnrollmentState, OpenDispute, WithdrawRequest
from bot.domain.enrollment_seen import EnrollmentSeen, OneEnrollment
from bot.domain.messages import Command, Fact
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Quote
from bot.i18n import Words, _, lines

S = EnrollmentState
CHANGED = _("Meanwhile this has changed. Please look again.")


@dataclass(frozen=True)
class Decision(State[EnrollmentSeen | None]):
    """One decision about one enrollment: what it means, a button that does it, Back that does not."""

    enrollment: int

    about_child: ClassVar[bool] = True

    def needs(self) -> OneEnrollment:
        return OneEnrollment(self.enrollment)

    def show(self, known: EnrollmentSeen | None) -> Screen | Turn:
        screen = self.explains(known) if known is not None and known.rights != "read" else None
        return screen or back(CHANGED)

    def explains(self, seen: EnrollmentSeen) -> Screen | None:
        """The screen; None when there is nothing to decide any more."""
        raise NotImplementedError(type(self).__name__)

    def wish(self) -> Command:
        """What «yes» does."""
        raise NotImplementedError(type(self).__name__)

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("yes"):
                return ask(self.wish(), meanwhile=self)
            case Happened(fact):
                return back(answered(fact))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class WithdrawFrom(Decision):
    """Give back a request, an offer, or a place before the first day (R5.5, R5.6)."""

    def explains(self, seen: EnrollmentSeen) -> Screen | None:
        if seen.state not in (S.REQUESTED, S.ACCEPTED, S.ACTIVE) or (seen.state == S.ACTIVE and seen.begun):
            return None
        return Screen(
            lines(
                _("Give the place in «{program}» back?", program=seen.program_name),
                _("{sum} returns to the certificate at once.", sum=seen.held) if seen.held else None,
                *(free_then(seen.leaving) if seen.leaving is not None else ()),
                _("The place goes to somebody else; you can ask for one again later."),
            ),
            (Button(_("Yes, give it back"), "yes"),),
        )

    def wish(self) -> WithdrawRequest:
        return WithdrawRequest(self.enrollment)


@dataclass(frozen=True)
class AcceptOffer(Decision):
    """The acceptance of the offer: the contract (акцепт)."""

    def explains(self, seen: EnrollmentSeen) -> Screen | None:
        if seen.state != S.ACCEPTED or seen.start is None or seen.stop is None:
            return None
        first = seen.certificate.first
        return Screen(
            lines(
                _("«{program}», {provider}", program=seen.program_name, provider=seen.provider),
                _("Lessons from {start} to {stop}.", start=seen.start, stop=seen.stop),
                "",
                price_words(Quote(seen.certificate, seen.parent)),
                "",
                _("By accepting you conclude the contract with the provider."),
                _("The first month, {sum}, is paid on {day}.", sum=first, day=seen.start)
                if first and not seen.begun
                else None,
                _("The months that have begun are paid now, the first of them {sum}.", sum=first)
                if first and seen.begun
                else None,
                _("You can leave later: the end of that month is the last day, the rest returns to the certificate."),
            ),
            (Button(_("I accept"), "yes"),),
        )

    def wish(self) -> ConcludeOffer:
        return ConcludeOffer(self.enrollment)


@dataclass(frozen=True)
class DenyIt(Decision):
    """«This was not us», to a provider's claim (R6.7)."""

    def explains(self, seen: EnrollmentSeen) -> Screen | None:
        if seen.state != S.CLAIMED:
            return None
        return Screen(
            lines(
                _(
                    "Did nobody of your family enrol {child} in «{program}»?",
                    child=seen.child_name,
                    program=seen.program_name,
                ),
                _("Then the place is given up, and {sum} returns to the certificate at once.", sum=seen.held)
                if seen.held
                else _("Then the place is given up."),
            ),
            (Button(_("Yes, this was not us"), "yes"),),
        )

    def wish(self) -> DenyClaim:
        return DenyClaim(self.enrollment)


@dataclass(frozen=True)
class QuestionIt(Decision):
    """«This was not us», to what was concluded or charged (R6.8)."""

    def explains(self, seen: EnrollmentSeen) -> Screen | None:
        if seen.disputed:
            return None
        return Screen(
            lines(
                _(
                    "Did nobody of your family enrol {child} in «{program}»?",
                    child=seen.child_name,
                    program=seen.program_name,
                ),
                _("The municipality will look into it. Until it decides, this club is paid nothing more."),
                _("If you are right, everything it was paid comes back to the certificate."),
            ),
            (Button(_("Yes, this was not us"), "yes"),),
        )

    def wish(self) -> OpenDispute:
        return OpenDispute(self.enrollment)


@dataclass(frozen=True)
class LeaveClub(Decision):
    """A notice: what returns and what does not, before pressing (R5.5). `last` is the last day that was shown."""

    last: date | None = None

    def show(self, known: EnrollmentSeen | None) -> Screen | Turn:
        if known is not None and known.last_day is not None and known.last_day != self.last:
            return instead(LeaveClub(self.enrollment, known.last_day), CHANGED if self.last else None)
        return super().show(known)

    def explains(self, seen: EnrollmentSeen) -> Screen | None:
        if seen.last_day is None or seen.leaving is None:
            return None
        paid = sum((month.charged - month.refunded for month in seen.months if month.charged is not None), ZERO)
        stays = paid + seen.leaving.due
        own = sum((month.parent for month in seen.months if month.month.first <= seen.last_day), ZERO)
        return Screen(
            lines(
                _("Leave «{program}»?", program=seen.program_name),
                *leaving_lines(seen.leaving),
                _("Does not return, because these months have begun: {sum}.", sum=stays) if stays else None,
                _("Of your own part you pay {sum} in all, nothing for later months.", sum=own) if own else None,
                _("This cannot be undone; the place goes to somebody else after the last day."),
            ),
            (
                *((Button(_("What fits instead"), f">fits:{seen.child}:{seen.id}"),) if seen.leaving.left else ()),
                Button(_("Yes, leave"), "yes"),
            ),
        )

    def wish(self) -> EndEnrollment:
        assert self.last is not None
        return EndEnrollment(self.enrollment, self.last)

    def on(self, event: Event) -> Turn:
        match event:
            case Happened(refusals.LastDayMoved()):
                return instead(self)
        return super().on(event)


def answered(fact: Fact) -> Words:
    """What a decision has led to, with the money apart."""
    match fact:
        case facts.RequestApproved(answer_by=day):
            return _("The request went to the club, which answers by {day}.", day=day)
        case facts.RequestWithdrawn(amount=amount, left=left):
            return lines(_("The place is given back."), _returned(amount, left))
        case facts.Concluded(start=start):
            return _("The contract is concluded. The first day: {day}.", day=start)
        case facts.NoticeGiven(last=last, amount=amount, left=left):
            return lines(_("Done. The last day is {day}.", day=last), _returned(amount, left))
        case facts.GroupSwitched():
            return _("Done: the child is in the other group now.")
        case facts.ClaimConfirmed(until=day):
            return _("Thank you. Now accept the club's offer, by {day}.", day=day)
        case facts.ClaimDenied(amount=amount, left=left):
            return lines(_("Thank you for telling us. The place is given up."), _returned(amount, left))
        case facts.DisputeOpened():
            return _("Thank you. The municipality looks into it, and I will write when it is decided.")
        case refusals.DisputeIsOpen():
            return _("The municipality is looking into it already. I will write when it is decided.")
        case refusals.NothingToDispute():
            return _("Nothing was concluded or paid here, so there is nothing to return.")
        case refusals.NoticeGivenAlready(last=last):
            return _("It is ended already: the last day is {day}.", day=last)
        case refusals.NotNow():
            return CHANGED
    return why_not(fact)[0]


def _returned(amount: Money, left: Money) -> Words | None:
    if not amount:
        return None
    return _("{sum} returned to the certificate; now {left} is left on it.", sum=amount, left=left)
