"""What is said to a provider about enrollments: reasons to choose from, and the gate's refusals as the staff meets them in person."""

from collections.abc import Mapping, Sequence

from bot.domain import gate_refusals as gate
from bot.domain.enrollment import Reason
from bot.domain.messages import Fact
from bot.i18n import Words, _
from bot.office import enrollment_words

BY: Mapping[str, Words] = {
    "guardian": _("the family"),
    "provider": _("the provider"),
    "municipality": _("the municipality"),
    "system": _("the calendar"),
}
TO_CHOOSE: Mapping[Reason, Words] = {
    Reason.GROUP_FULL: _("The group is full"),
    Reason.OTHER_LEVEL: _("The group is for children with other skills"),
    Reason.NO_CONTACT: _("The family could not be reached"),
    Reason.FAMILY_ASKED: _("The family asked for it"),
    Reason.NOT_COMING: _("The child does not come to the lessons"),
    Reason.GROUP_CLOSES: _("The group closes"),
}
"""Reasons as the staff chooses them; families read those of the dialogs."""

OWN_WORDS = "own"
"""What is chosen of a list of reasons by whoever writes another one."""


def choices(reasons: Sequence[Reason]) -> list[tuple[str, Words]]:
    """What a list of reasons offers, own words among it."""
    return [(OWN_WORDS, _("In my own words")), *((each.value, TO_CHOOSE[each]) for each in reasons)]


def told(fact: Fact) -> Words:
    """What came of a command; why a child cannot be entered, and what to do. Whoever has a certificate's number learns no birthday by it:
    that is a key to the certificate (R2.11)."""
    match fact:
        case gate.NoCertificate() | gate.CertificateNotActive():
            return _("The certificate cannot be used now. The family asks its municipality.")
        case gate.TurnsEighteen():
            return _("The child turns 18 before that: nothing new can be entered.")
        case gate.MovedAway():
            return _("The child lives in another municipality now: that one issues the certificate.")
        case gate.ProviderInactive():
            return _("The provider may take no children now. Ask the municipality.")
        case gate.NoAgreement():
            return _("The child's municipality has no agreement with the provider on this day. Ask the municipality.")
        case gate.GroupClosed():
            return _("The group takes nobody now. Open it, or choose another one.")
        case gate.StartsTooEarly(earliest):
            return _("The first day cannot be earlier than {day}. Choose another one.", day=earliest)
        case gate.OutsideGroupDates(start, stop):
            return _("The group goes from {start} to {stop}. Choose a day between them.", start=start, stop=stop)
        case gate.TooYoungForProgram():
            return _("The child is too young for the program. Choose another one.")
        case gate.TooOldForProgram():
            return _("The child is too old for the program. Choose another one.")
        case gate.AlreadyEnrolled(enrollment=number):
            return _(
                "The child is in this part of the program already on these days: no. {number}.", number=str(number)
            )
    return _about_money(fact)


def _about_money(fact: Fact) -> Words:
    match fact:
        case gate.OverLimit(limit):
            return _("A certificate without money opens at most {limit} clubs at a time.", limit=limit)
        case gate.NoFreeSeat():
            return _("There is no free seat in the group. Add seats, or choose another one.")
        case gate.PriceUnknown():
            return _("The price is not stated yet: state it at the program's page.")
        case gate.NotOnCertificate():
            return _("Certificates do not pay for this program: its registry is another one.")
        case gate.NeedsFunded():
            return _("The child's certificate carries no money: it opens free programs.")
        case gate.PeriodNotOpen(start):
            return _("No money has been given for {day} yet. Choose an earlier day, or come back later.", day=start)
        case gate.NoMoney(price=price):
            return _("Nothing is left on the certificate, and this costs {price}.", price=price)
        case gate.NotEnoughMoney(short_by):
            return _(
                "The certificate is short by {sum}. Tick that the family pays this part, if it has agreed to.",
                sum=short_by,
            )
        case gate.DifferentNow():
            return _("The price is another one now. Look at it again.")
    return enrollment_words.told(fact)
