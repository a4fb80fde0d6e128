"""What is told about an enrollment: every step of R6 that the family did not take in this very chat, with a door to it."""

from bot.dialogs.core import Button, Screen
from bot.dialogs.enrollment_words import reason_words
from bot.domain.enrollment_facts import (
    ClaimConfirmed,
    ClaimDenied,
    Claimed,
    ClaimOverdue,
    Concluded,
    DisputeDecided,
    DisputeOpened,
    EnrollmentEnded,
    GroupSwitched,
    LessonsCancelled,
    NoticeGiven,
    OfferMade,
    OfferOverdue,
    OfferRevoked,
    ParentPaymentDue,
    ProgramEnded,
    ProgramStarts,
    RequestApproved,
    Requested,
    RequestOverdue,
    RequestRefused,
    RequestWithdrawn,
)
from bot.domain.messages import Fact
from bot.domain.money import Money
from bot.i18n import Words, _, lines
from bot.notifications.notice import About, Notice, Notices, Topic

OPEN = _("Open")
SEARCH = Button(_("Find another club"), ">search")


def door(enrollment: int, label: Words = OPEN) -> Button:
    """To the enrollment's card, where everything can be decided."""
    return Button(label, f">enrollment:{enrollment}")


def told(about: About, enrollment: int, *sentences: Words | None, label: Words = OPEN) -> Screen:
    """The child and the program, then what happened."""
    title = _("{child}: «{program}».", child=about.child, program=about.program)
    return Screen(lines(title, *sentences), (door(enrollment, label),))


def set_aside(amount: Money, left: Money) -> Words | None:
    """The money of a request (R3.9)."""
    return _("{sum} is set aside; {left} is left on the certificate.", sum=amount, left=left) if amount else None


def requested(fact: Requested, about: About) -> Screen:
    money = set_aside(fact.amount, fact.left)
    if fact.needs_yes:
        asks = _("The child asks to enrol. Please say yes or no by {day}.", day=fact.answer_by)
        return told(about, fact.enrollment, asks, money, label=_("Answer"))
    sent = _("A place was requested. The club answers by {day}.", day=fact.answer_by)
    return told(about, fact.enrollment, sent, money)


def approved(fact: RequestApproved, about: About) -> Screen:
    return told(about, fact.enrollment, _("A parent said yes. The club answers by {day}.", day=fact.answer_by))


def withdrawn(fact: RequestWithdrawn, about: About) -> Screen:
    whose = {
        "guardian": _("The family gave the place back."),
        "provider": _("The provider gave the place up before the first day."),
        "municipality": _("The municipality gave the place up before the first day."),
        "system": _("The request has lapsed."),
    }
    return told(about, fact.enrollment, whose[fact.by], why(fact.reason))


def refused(fact: RequestRefused, about: About) -> Screen:
    screen = told(
        about,
        fact.enrollment,
        _("The request was refused."),
        why(fact.reason),
        _("Whatever was set aside is back on the certificate. Other clubs are waiting: shall we look?"),
    )
    return Screen(screen.text, (*screen.buttons, SEARCH))


def offered(fact: OfferMade, about: About) -> Screen:
    takes = _("The club takes the child! Accept the offer by {day}, and the lessons can begin.", day=fact.until)
    return told(about, fact.enrollment, takes, label=_("To the offer"))


def revoked(fact: OfferRevoked, about: About) -> Screen:
    screen = told(
        about,
        fact.enrollment,
        _("The provider took its offer back."),
        why(fact.reason),
        _("Whatever was set aside is back on the certificate. Other clubs are waiting: shall we look?"),
    )
    return Screen(screen.text, (*screen.buttons, SEARCH))


def concluded(fact: Concluded, about: About) -> Screen:
    how = _("The contract was signed on paper.") if fact.on_paper else _("The contract is concluded.")
    first = _("The first day: {day}. Address: {address}", day=fact.start, address=about.address)
    where = first if about.address else _("The first day: {day}.", day=fact.start)
    return told(about, fact.enrollment, how, where)


def ending(fact: NoticeGiven, about: About) -> Screen:
    whose = {
        "guardian": _("The family leaves the club. The last day is {day}.", day=fact.last),
        "provider": _("The provider ends the lessons. The last day is {day}.", day=fact.last),
        "municipality": _("The enrolment ends. The last day is {day}.", day=fact.last),
        "system": _("The enrolment ends. The last day is {day}.", day=fact.last),
    }
    return told(about, fact.enrollment, whose[fact.by], why(fact.reason))


def ended(fact: EnrollmentEnded, about: About) -> Screen:
    return told(about, fact.enrollment, _("Yesterday was the last day. Thank you for having been with us."))


def completed(fact: ProgramEnded, about: About) -> Screen:
    return told(about, fact.enrollment, _("The program is over. We hope it was a good time!"))


def switched(fact: GroupSwitched, about: About) -> Screen:
    return told(about, fact.enrollment, _("The child is in another group now. See its days and address."))


def claimed(fact: Claimed, about: About) -> Screen:
    return told(
        about,
        fact.enrollment,
        _("{provider} says that you enrolled there in person. Was it you?", provider=about.provider),
        set_aside(fact.amount, fact.left),
        _("The family pays the provider {sum} itself.", sum=fact.own) if fact.own else None,
        _("Please answer by {day}. If it was not you, say so: everything returns at once.", day=fact.until),
        label=_("Yes or no"),
    )


def confirmed(fact: ClaimConfirmed, about: About) -> Screen:
    return told(
        about,
        fact.enrollment,
        _("The enrolment in person is confirmed. The contract is to be concluded by {day}.", day=fact.until),
        label=_("To the offer"),
    )


def denied(fact: ClaimDenied, about: About) -> Screen:
    return told(about, fact.enrollment, _("It was said that this was not you. The place is given up."))


def disputed(fact: DisputeOpened, about: About) -> Screen:
    return told(
        about,
        fact.enrollment,
        _("«This was not us» was said about this club. The municipality looks into it; nothing is paid meanwhile."),
    )


def decided(fact: DisputeDecided, about: About) -> Screen:
    if fact.upheld:
        return told(
            about,
            fact.enrollment,
            _("The municipality has decided: you are right. Everything the club was paid is returned."),
            why(fact.reason),
        )
    return told(
        about,
        fact.enrollment,
        _("The municipality has decided: the enrolment stands, the payments go on."),
        why(fact.reason),
        _("If you do not agree, write to the municipality."),
    )


def request_late(fact: RequestOverdue, about: About) -> Screen:
    return told(
        about,
        fact.enrollment,
        _("The club has not answered in time. The municipality sees it."),
        _("You can wait, call the club, or take the request back."),
    )


def offer_late(fact: OfferOverdue, about: About) -> Screen:
    return told(
        about,
        fact.enrollment,
        _("The club still waits for you to accept its offer. Accept it soon, or it may be taken back."),
        label=_("To the offer"),
    )


def claim_late(fact: ClaimOverdue, about: About) -> Screen:
    return told(
        about,
        fact.enrollment,
        _("You have not said whether it was you. The municipality will clear it up with the club."),
        label=_("Yes or no"),
    )


def starting(fact: ProgramStarts, about: About) -> Screen:
    where = _("Address: {address}", address=about.address) if about.address else None
    return told(about, fact.enrollment, _("Lessons begin tomorrow, {day}.", day=fact.start), where)


def own_part(fact: ParentPaymentDue, about: About) -> Screen:
    return told(
        about,
        fact.enrollment,
        _(
            "Your own part for {month} is {sum}. Please pay it to {provider} by {day}.",
            month=fact.month,
            sum=fact.amount,
            provider=about.provider,
            day=fact.by,
        ),
        _("If you have paid already, thank you: nothing more is to be done."),
    )


def why(reason: str) -> Words | None:
    """The reason, where there is one."""
    return _("Reason: {reason}.", reason=reason_words(reason)) if reason else None


NOTICES: Notices = {
    Requested: Notice(Topic.ENROLLMENT, requested),
    RequestApproved: Notice(Topic.ENROLLMENT, approved),
    RequestWithdrawn: Notice(Topic.ENROLLMENT, withdrawn),
    RequestRefused: Notice(Topic.ENROLLMENT, refused),
    OfferMade: Notice(Topic.ENROLLMENT, offered),
    OfferRevoked: Notice(Topic.ENROLLMENT, revoked),
    Concluded: Notice(Topic.ENROLLMENT, concluded),
    NoticeGiven: Notice(Topic.ENROLLMENT, ending),
    EnrollmentEnded: Notice(Topic.ENROLLMENT, ended),
    ProgramEnded: Notice(Topic.ENROLLMENT, completed),
    GroupSwitched: Notice(Topic.ENROLLMENT, switched),
    Claimed: Notice(Topic.ALWAYS, claimed),
    ClaimConfirmed: Notice(Topic.ENROLLMENT, confirmed),
    ClaimDenied: Notice(Topic.ALWAYS, denied),
    DisputeOpened: Notice(Topic.ALWAYS, disputed),
    DisputeDecided: Notice(Topic.ALWAYS, decided),
    RequestOverdue: Notice(Topic.ENROLLMENT, request_late),
    OfferOverdue: Notice(Topic.ENROLLMENT, offer_late),
    ClaimOverdue: Notice(Topic.ALWAYS, claim_late),
    ProgramStarts: Notice(Topic.REMINDERS, starting),
    ParentPaymentDue: Notice(Topic.REMINDERS, own_part),
}
SILENT: frozenset[type[Fact]] = frozenset({LessonsCancelled})
