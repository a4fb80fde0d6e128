"""What a provider and a municipality decide about enrollments: answers, contracts, claims, cancelled lessons, disputes."""

from datetime import date
from typing import Annotated

import typer

from bot.dialogs.enrollment_refusals import why_not
from bot.dialogs.enrollment_words import SHORT
from bot.domain import enrollment as facts
from bot.domain.calendar import Month
from bot.domain.enrollment import (
    AcceptRequest,
    CancelLessons,
    ClaimEnrollment,
    ConcludeOnPaper,
    ConfirmClaim,
    DecideDispute,
    DenyClaim,
    RefuseRequest,
    RevokeOffer,
    TerminateEnrollment,
)
from bot.domain.enrollment_seen import ListRequests, Waiting
from bot.domain.messages import Fact, NotYours
from bot.i18n import Words, _, joined, n_
from bot.terminal.acting import act, look, say
from bot.terminal.places import operator_of

app = typer.Typer(help=__doc__)
Place = Annotated[str, typer.Option("--municipality", "-m", help="the municipality's code, see `municipality list`")]
Number = Annotated[int, typer.Argument(help="the enrollment's number, see `enrollment list`")]
Reason = Annotated[str, typer.Argument(help="the reason, in words that the family will read")]
Day = Annotated[str, typer.Argument(help="a day such as 2026-09-01")]


@app.command("list")
def list_all(municipality: Place, overdue: bool = False, running: bool = False) -> None:
    """Requests, claims, offers and disputes with their clocks; those that are late; or what goes on."""
    found = look(ListRequests(overdue, running), operator_of(municipality))
    if not found:
        say(_("Nothing waits."))
    for waiting in found:
        say(joined("  ", (str(waiting.id), *_line(waiting))))


@app.command()
def accept(municipality: Place, enrollment: Number) -> None:
    """The provider takes the child."""
    act(AcceptRequest(enrollment), operator_of(municipality), told)


@app.command()
def refuse(municipality: Place, enrollment: Number, reason: Reason) -> None:
    """The provider does not take the child."""
    act(RefuseRequest(enrollment, reason), operator_of(municipality), told)


@app.command()
def conclude(municipality: Place, enrollment: Number) -> None:
    """The contract was signed on paper."""
    act(ConcludeOnPaper(enrollment), operator_of(municipality), told)


@app.command()
def revoke(municipality: Place, enrollment: Number, reason: Reason) -> None:
    """The provider takes its offer back."""
    act(RevokeOffer(enrollment, reason), operator_of(municipality), told)


@app.command()
def terminate(municipality: Place, enrollment: Number, reason: Reason) -> None:
    """End an enrollment at the end of this month."""
    act(TerminateEnrollment(enrollment, reason), operator_of(municipality), told)


@app.command()
def claim(
    municipality: Place,
    number: Annotated[str, typer.Argument(help="the certificate's number")],
    group: int,
    start: Day,
    pays: Annotated[bool, typer.Option(help="the family agreed to pay its own part")] = False,
) -> None:
    """Enter a family that came to the provider in person."""
    act(ClaimEnrollment(number, group, _day(start), pays), operator_of(municipality), told)


@app.command("confirm-claim")
def confirm_claim(municipality: Place, enrollment: Number) -> None:
    """The family's yes was seen on paper."""
    act(ConfirmClaim(enrollment), operator_of(municipality), told)


@app.command("deny-claim")
def deny_claim(municipality: Place, enrollment: Number) -> None:
    """The family says that it was not them."""
    act(DenyClaim(enrollment), operator_of(municipality), told)


@app.command("cancel-lessons")
def cancel_lessons(
    municipality: Place,
    group: int,
    days: Annotated[list[str] | None, typer.Argument(help="days of the timetable that were not held")] = None,
    month: Annotated[str, typer.Option(help="without a timetable: the month, such as 2026-09")] = "",
    cancelled: Annotated[int, typer.Option(help="without a timetable: lessons not held")] = 0,
    planned: Annotated[int, typer.Option(help="without a timetable: lessons planned")] = 0,
    cause: Annotated[str, typer.Option(help="without a timetable: why; each cause counts once a month")] = "",
) -> None:
    """Lessons that were not held: their part of the month returns to each family."""
    wish = CancelLessons(
        group,
        tuple(_day(day) for day in days or ()),
        _month(month) if month else None,
        cancelled,
        planned,
        cause,
    )
    act(wish, operator_of(municipality), told)


@app.command()
def dispute(
    municipality: Place,
    enrollment: Number,
    reason: Reason,
    upheld: Annotated[bool, typer.Option("--upheld/--rejected", help="whether the family is right")],
) -> None:
    """Decide «this was not us»."""
    act(DecideDispute(enrollment, upheld, reason), operator_of(municipality), told)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-09-01") from error


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a month such as 2026-09") from error


def _line(waiting: Waiting) -> tuple[Words, ...]:
    marks = (
        (waiting.overdue, _("late")),
        (waiting.disputed, _("disputed: «this was not us»")),
        (waiting.needs_yes, _("waits for a parent's yes")),
        (waiting.ends_on is not None, _("ends on {day}", day=waiting.ends_on or "")),
    )
    return (
        waiting.number,
        waiting.child_name,
        _("«{program}», {group}", program=waiting.program, group=waiting.group),
        _("from {day}", day=waiting.start or ""),
        SHORT[waiting.state],
        _("until {day}", day=waiting.until) if waiting.until else "",
        *(mark for holds, mark in marks if holds),
    )


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
    return _why(fact)


def _why(fact: Fact) -> Words:
    match fact:
        case NotYours():
            return _("There is no such enrollment or group in this municipality.")
        case facts.NotNow(state=state):
            return joined(" ", (_("Not possible in this state:"), SHORT[state]))
        case facts.WaitsForYes():
            return _("A parent has not said yes yet.")
        case facts.NoticeGivenAlready(last=day):
            return _("It is ended already: the last day is {day}.", day=day)
        case facts.UnknownCertificate(number):
            return _("No active certificate has the number {number}.", number=number)
        case facts.NoSuchLessons():
            return _("No child of the group had lessons on these days, or they were cancelled before.")
    return why_not(fact)[0]
