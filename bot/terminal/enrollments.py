"""What a provider and a municipality decide about enrollments: answers, contracts, claims, cancelled lessons, disputes."""

from datetime import date
from typing import Annotated

import typer

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
from bot.i18n import Words, _, joined
from bot.office.enrollment_words import STATES, told
from bot.terminal.acting import act, look, say
from bot.terminal.places import Place, operator_of

app = typer.Typer(help=__doc__)
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
        STATES[waiting.state],
        _("until {day}", day=waiting.until) if waiting.until else "",
        *(mark for holds, mark in marks if holds),
    )
