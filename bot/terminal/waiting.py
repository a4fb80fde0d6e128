"""Waiting lists, and who goes on in the next period: what the staff sees of them and decides (R6.11, R6.12)."""

from typing import Annotated

import typer

from bot.domain.enrollment import EnrollmentState
from bot.domain.renewal import AcceptRenewal, DeclineRenewal, GoingOn, ListRenewals
from bot.domain.waiting import InLine, ListWaiting, StrikeFromList
from bot.i18n import Words, _, joined
from bot.office.enrollment_words import STATES, told, why
from bot.terminal.acting import act, look, say
from bot.terminal.places import Place, operator_of

app = typer.Typer(help="Waiting lists: who stands where, and taking a family off (R6.11).")
renewals = typer.Typer(help="Who goes on in the next period (R6.12).")
Number = Annotated[int, typer.Argument(help="the number at the beginning of the list's line")]


@app.command("list")
def list_waiting(code: Place, group: Annotated[int, typer.Option(help="only this group")] = 0) -> None:
    """Who waits for which group, in order."""
    for line in look(ListWaiting(group), operator_of(code)):
        say(joined("  ", _waits(line)))


@app.command()
def strike(
    code: Place,
    enrollment: Number,
    reason: Annotated[str, typer.Argument(help="the reason, as the family will read it")],
) -> None:
    """Take a family off a waiting list."""
    act(StrikeFromList(enrollment, reason), operator_of(code), told)


@renewals.command("list")
def list_renewals(code: Place) -> None:
    """Who learns in a group that goes on: what was offered and answered, or why nothing can be offered."""
    for line in look(ListRenewals(), operator_of(code)):
        say(joined("  ", _goes_on(line)))


@renewals.command()
def accept(
    code: Place,
    renewal: Number,
    pays: Annotated[bool, typer.Option(help="the family agreed to pay its own part")] = False,
) -> None:
    """The family's yes was signed on paper."""
    act(AcceptRenewal(renewal, pays=pays), operator_of(code), told)


@renewals.command()
def decline(code: Place, renewal: Number, reason: str = "") -> None:
    """The family, or the provider, does not go on."""
    act(DeclineRenewal(renewal, reason), operator_of(code), told)


def _waits(line: InLine) -> tuple[Words, ...]:
    offered = _("a seat is offered until {until}", until=line.until) if line.until else ""
    return (
        str(line.id),
        _("group {group}: «{program}», {name}", group=str(line.group), program=line.program, name=line.group_name),
        _("number {place} in the list", place=line.place),
        line.number,
        line.child_name,
        offered,
        _("has let one seat pass") if line.skipped else "",
    )


def _goes_on(line: GoingOn) -> tuple[Words, ...]:
    state: Words = STATES[EnrollmentState(line.state)] if line.state else _("not offered yet")
    return (
        str(line.renewal or "—"),
        line.number,
        line.child_name,
        _("«{program}», {group}", program=line.program, group=line.group),
        _("until {day}", day=line.until or line.stop),
        state,
        why(line.why) if line.why else "",
    )
