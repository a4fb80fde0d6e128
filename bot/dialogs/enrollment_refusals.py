"""Why a child cannot take a seat, and what to do next: a sentence and buttons for each rule of the gate (R6.3)."""

from bot.dialogs.catalogue_words import ages
from bot.dialogs.core import Button
from bot.dialogs.program_price import QUEUED
from bot.domain import gate_refusals as gate
from bot.domain.enrollment import EnrollmentState
from bot.domain.messages import Fact
from bot.i18n import Words, _, lines

OTHER_DAY = Button(_("Another start date"), "day")
OTHER_GROUPS = Button(_("Other groups"), "groups")
WAIT = Button(_("Join the waiting list"), "wait")
SEARCH = Button(_("Find another club"), ">search")
CONTACTS = Button(_("Ask the municipality"), ">municipality")

NOT_ACTIVE = {
    "submitted": _("The certificate is still being decided. I will write as soon as it is ready."),
    "awaiting_visit": _("The certificate starts to work once you have shown the originals."),
    "rejected": _("The application for the certificate was rejected. See why, correct it and send it again."),
    "frozen": _(
        "The certificate is frozen, so no new club can be requested with it. When it can be used again stands under «Certificate»."
    ),
    "revoked": _("The certificate was revoked, so no club can be requested with it. Ask the municipality why."),
    "closed_age": _("The certificate has ended: the child is an adult now. The organisations themselves enrol adults."),
}
ALREADY = {
    EnrollmentState.REQUESTED: _("You have asked for a place here already. One request is enough."),
    EnrollmentState.WAITLISTED: _("The child is in the waiting list of this group already."),
    EnrollmentState.OFFERED: _("A place in this group is being offered to you already: please answer the offer."),
}


def why_not(refusal: Fact) -> tuple[Words, tuple[Button, ...]]:
    """The reason with the next step in words, and the buttons that lead there.

    Choices `day`, `groups` and `wait` are for the state that shows them.
    """
    match refusal:
        case gate.NoCertificate():
            return (
                lines(
                    _("The child has no certificate yet, and clubs are requested with it."),
                    _("Apply for it: about five minutes."),
                ),
                (Button(_("Apply for a certificate"), ">apply"),),
            )
        case gate.CertificateNotActive(child, state):
            return NOT_ACTIVE[state], (Button(_("The certificate"), f">certificate:{child}"),)
        case gate.TurnsEighteen(day):
            return _(
                "From {day} on, the 18th birthday, no new clubs can be requested. Ask the municipality what is possible.",
                day=day,
            ), (CONTACTS,)
        case gate.MovedAway(_child):
            return (
                lines(
                    _("The certificate belongs to another municipality than the one where the child lives now."),
                    _("Ask the municipality to issue one here."),
                ),
                (CONTACTS,),
            )
        case gate.ProviderInactive():
            return _("This provider takes no children on certificates now. Please look for another club."), (SEARCH,)
        case gate.NoAgreement():
            return (
                _(
                    "Your municipality has no agreement with this provider, so the certificate does not work there. Please look for another club."
                ),
                (SEARCH, CONTACTS),
            )
        case gate.GroupClosed():
            return _("This group takes nobody now. Look at the other groups."), (OTHER_GROUPS, SEARCH)
        case gate.StartsTooEarly(earliest):
            return _("The first day cannot be earlier than {day}. Choose another one.", day=earliest), (OTHER_DAY,)
        case gate.OutsideGroupDates(start, stop):
            return (
                _("The group goes from {start} to {stop}. Choose a day between them.", start=start, stop=stop),
                (OTHER_DAY, OTHER_GROUPS),
            )
        case gate.TooYoungForProgram(youngest, oldest, day):
            return (
                _(
                    "This program is for {ages}. The child will be old enough on {day}; until then look for another one.",
                    ages=ages(youngest, oldest),
                    day=day,
                ),
                (SEARCH,),
            )
        case gate.TooOldForProgram(youngest, oldest):
            return (
                _("This program is for {ages}, the child is older. Other clubs will fit.", ages=ages(youngest, oldest)),
                (SEARCH,),
            )
        case gate.AlreadyEnrolled(enrollment, _module, state):
            other = _("The child is in this part of the program already on these days.")
            return ALREADY.get(state, other), (Button(_("Open it"), f">enrollment:{enrollment}"),)
    return _about_money(refusal)


def _about_money(refusal: Fact) -> tuple[Words, tuple[Button, ...]]:
    match refusal:
        case gate.OverLimit(limit):
            return (
                lines(
                    _("A certificate without money opens at most {limit} clubs at a time.", limit=limit),
                    _("Leave one of them, or ask for a certificate with money."),
                ),
                (Button(_("My clubs"), ">enrollments"),),
            )
        case gate.NoFreeSeat():
            return (
                lines(
                    _("There is no free place in this group just now."),
                    _("Join the waiting list: when a place becomes free, I will write to you."),
                ),
                (WAIT, OTHER_GROUPS, SEARCH),
            )
        case gate.PriceUnknown():
            return _("The provider has not stated the price yet, so nothing can be requested. Ask the provider."), (
                SEARCH,
            )
        case gate.NotOnCertificate():
            return (
                _("The certificate does not pay for this program. The provider enrols children itself: call it."),
                (SEARCH,),
            )
        case gate.NeedsFunded(child, queued=True):
            return QUEUED, (Button(_("The certificate"), f">certificate:{child}"), SEARCH)
        case gate.NeedsFunded(child):
            return (
                lines(
                    _("The child's certificate carries no money: it opens free clubs."),
                    _("Ask for one with money, or choose a free club."),
                ),
                (Button(_("The certificate"), f">certificate:{child}"), SEARCH),
            )
        case gate.PeriodNotOpen(start):
            return (
                _("No money has been given for {day} yet. Choose an earlier day, or come back later.", day=start),
                (OTHER_DAY,),
            )
        case gate.NoMoney(child, price):
            return (
                lines(
                    _("Nothing is left on the certificate, and this would cost {price}.", price=price),
                    _("There are free clubs too: choose «free» when you search."),
                ),
                (Button(_("Money"), f">money:{child}"), SEARCH),
            )
        case gate.LessonsClash():
            return (
                lines(
                    _("The child has other lessons at that time."),
                    _("Look at both, then choose another group, or go on all the same."),
                ),
                (Button(_("Look at the lessons"), "again"), OTHER_GROUPS),
            )
        case gate.NotEnoughMoney(short_by):
            return (
                _(
                    "The certificate is short by {sum}, which you would pay yourself. Look at the price again.",
                    sum=short_by,
                ),
                (Button(_("Show the price"), "again"),),
            )
    return _("This is not available."), ()
