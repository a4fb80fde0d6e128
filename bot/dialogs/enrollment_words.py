"""How enrollments are named: states with their clocks, reasons, groups, the plan by months."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from bot.dialogs.program_price import parts
from bot.dialogs.timetable import in_words
from bot.domain.calendar import Month
from bot.domain.enrollment import EnrollmentState, Reason
from bot.domain.enrollment_seen import EnrollmentLine, EnrollmentSeen, GroupOpen, MonthPlanned
from bot.domain.pricing import Quote
from bot.i18n import Words, _, joined, lines, n_

S = EnrollmentState
GONE = _("This is not available.")

REASONS: Mapping[str, Words] = {
    Reason.STALE: _("the first lesson was more than a month ago and the club never answered"),
    Reason.PERIOD_ENDED: _("its dates are over and it was never concluded"),
    Reason.NO_YES: _("no parent said yes in time"),
    Reason.NOT_US: _("you said that it was not you"),
    Reason.DISPUTE: _("your complaint was right"),
    Reason.AGREEMENT_ENDED: _("the municipality's agreement with this provider has ended"),
    Reason.PROVIDER_CLOSED: _("the provider may not teach on certificates any more"),
    Reason.FREEZE: _("the certificate was frozen"),
    Reason.REVOCATION: _("the certificate was revoked"),
    Reason.MOVED_AWAY: _("the child has moved to another municipality"),
    Reason.EIGHTEEN: _("the child has turned 18"),
    Reason.NO_ANSWER: _("there was no answer in time"),
    Reason.NOT_TAKEN: _("a free place was offered twice and not taken"),
    Reason.GROUP_OVER: _("the group takes nobody any more"),
    Reason.NOT_CONTINUED: _("the lessons that it would continue have ended"),
    Reason.GROUP_FULL: _("the group is full"),
    Reason.OTHER_LEVEL: _("the group is for children with other skills"),
    Reason.NO_CONTACT: _("the club could not reach you"),
    Reason.FAMILY_ASKED: _("you asked for it"),
    Reason.NOT_COMING: _("the child does not come to the lessons"),
    Reason.GROUP_CLOSES: _("the group closes"),
}


def reason_words(reason: str) -> Words:
    """One of our reasons in words; else what somebody wrote, for a sentence that has its own full stop."""
    return REASONS.get(reason, reason.rstrip(" ."))


SHORT: Mapping[EnrollmentState, Words] = {
    S.REQUESTED: _("waits for the club's answer"),
    S.CLAIMED: _("entered by the club: was it you?"),
    S.ACCEPTED: _("the club takes you: accept the offer"),
    S.ACTIVE: _("goes on"),
    S.COMPLETED: _("is over"),
    S.TERMINATED: _("ended early"),
    S.REFUSED: _("refused"),
    S.WITHDRAWN: _("withdrawn"),
    S.WAITLISTED: _("in the waiting list"),
    S.OFFERED: _("a place is free: will you take it?"),
    S.RENEWAL_OFFERED: _("goes on next year: will you stay?"),
    S.LEFT: _("not in the waiting list any more"),
    S.LAPSED: _("the offer has lapsed"),
}


def in_short(line: EnrollmentLine) -> Words:
    """A state for a list."""
    if line.needs_yes:
        return _("waits for a parent's yes")
    if line.ends_on is not None and line.state == S.ACTIVE:
        return _("ends on {day}", day=line.ends_on)
    if line.state == S.LEFT and line.start is not None:
        return _("was not continued")
    return SHORT[line.state]


def state_words(seen: EnrollmentSeen) -> Words:
    """A state in whole sentences, with its clock and the next step."""
    if seen.disputed:
        return _("You said that this was not you. The municipality looks into it; meanwhile nothing is charged.")
    told = _clock(seen)
    if seen.reason:
        return lines(told, _("Reason: {reason}.", reason=reason_words(seen.reason)))
    return told


def _clock(seen: EnrollmentSeen) -> Words:
    until = seen.until or ""
    match seen.state:
        case S.REQUESTED if seen.needs_yes:
            return _("The child asks to enrol. A parent must say yes by {day}, or the request lapses.", day=until)
        case S.REQUESTED if seen.overdue:
            return _(
                "The club has not answered in time. The municipality sees it. You can wait, call the club, or withdraw."
            )
        case S.REQUESTED:
            return _("The club answers the request by {day}; I will write to you.", day=until)
        case S.CLAIMED:
            return _("The club says that you enrolled there in person. Was it you? Please answer by {day}.", day=until)
        case S.ACCEPTED if seen.overdue:
            return _(
                "The club takes the child and still waits for you. Accept the offer soon, or it may be taken back."
            )
        case S.ACCEPTED:
            return _("The club takes the child! Accept the offer by {day}: then the lessons can begin.", day=until)
        case S.ACTIVE if seen.ends_on is not None:
            return _("Lessons go on up to {day}, then the enrolment ends.", day=seen.ends_on)
        case S.ACTIVE if not seen.begun and seen.start is not None:
            return _("Everything is settled. The first day is {day}.", day=seen.start)
        case S.ACTIVE:
            return _("Lessons go on.")
        case S.COMPLETED:
            return _("The program is over.")
        case S.TERMINATED:
            return _("The enrolment ended early.")
        case S.REFUSED:
            return _("The request was refused. What was set aside has returned to the certificate.")
        case S.WITHDRAWN:
            return _("The place was given back. What was set aside has returned to the certificate.")
        case S.WAITLISTED:
            return _("The child is number {place} in the waiting list.", place=seen.place)
        case S.OFFERED:
            return _("A place is free for you! It is kept until {until}.", until=seen.offer_until or "")
        case S.RENEWAL_OFFERED:
            return _("The club goes on in the next period. Will you stay? Please answer by {day}.", day=until)
        case S.LEFT if seen.start is not None:
            return _("The club goes on without you, as it was decided.")
        case S.LEFT:
            return _("The child is not in the waiting list any more.")
    return _("The offer has lapsed.")


def group_words(group: GroupOpen) -> Words:
    """A group: its name, lessons and address."""
    return lines(
        joined(", ", [name for name in (group.module, group.name) if name]),
        _("When: {timetable}", timetable=in_words(group.timetable))
        if group.timetable
        else _("The timetable is not known yet: please ask the club."),
        _("Address: {address}", address=group.address) if group.address else None,
    )


def seats_words(group: GroupOpen) -> Words:
    """How many places are free."""
    if not group.is_open:
        return _("closed for now")
    return n_("{count} free place", "{count} free places", group.free) if group.free else _("no free places")


def price_words(quote: Quote) -> Words:
    """Both parts of a price by months, apart (R4.9)."""
    if not quote.price:
        return _("It is free: nothing is taken from the certificate, you pay nothing.")
    paid = parts(_("The certificate pays: {sum}", sum=quote.certificate.total), quote.certificate)
    if not quote.parent.total:
        return lines(paid, _("You pay nothing yourself."))
    return lines(paid, own_words(quote)) if quote.certificate.total else own_words(quote)


def own_words(quote: Quote) -> Words:
    """The family's part by months."""
    return parts(_("You pay the provider yourself: {sum}", sum=quote.parent.total), quote.parent)


def own_part_asked(quote: Quote) -> Words:
    """R6.4: it is agreed to apart."""
    return lines(
        _("The certificate does not cover all of it."),
        own_words(quote),
        _("You pay it to the provider directly, in the month after the lessons; not here."),
        _("Do you agree?"),
    )


def plan_words(seen: EnrollmentSeen) -> Iterator[Words]:
    """The plan month by month: what is paid, what is set aside, what the family pays itself."""
    if any(month.certificate or month.parent for month in seen.months):
        yield _("By months:")
        for paid, alike in groupby(seen.months, key=lambda month: _payments(month, seen.state)):
            yield joined("", ("• ", _together([month.month for month in alike], paid)))
    elif seen.months:
        yield _("It is free.")
    if seen.held:
        yield _("Set aside for the coming months: {sum}.", sum=seen.held)


def _together(months: Sequence[Month], payments: Words) -> Words:
    """Months that cost the same stand in one line."""
    if len(months) == 1:
        return _("{month}: {payments}", month=months[0], payments=payments)
    return _("{first} – {last}, each month: {payments}", first=months[0], last=months[-1], payments=payments)


def _payments(planned: MonthPlanned, state: EnrollmentState) -> Words:
    shown: list[Words] = []
    if planned.charged is not None:
        shown.append(_("the certificate paid {sum}", sum=planned.charged))
    elif planned.certificate and state in (S.REQUESTED, S.CLAIMED, S.ACCEPTED, S.ACTIVE):
        shown.append(_("the certificate pays {sum}", sum=planned.certificate))
    if planned.refunded:
        shown.append(_("{sum} came back", sum=planned.refunded))
    if planned.parent:
        shown.append(_("you pay {sum}", sum=planned.parent))
    if not shown:
        shown.append(_("nothing"))
    return joined(", ", shown)
