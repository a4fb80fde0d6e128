"""Money: periods, nominals and vacancies, grants, balances; the calendar by hand and the audit."""

from datetime import date, datetime
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot.dialogs.money import of_period, without_money
from bot.domain.money import Money
from bot.domain.movements import Balance
from bot.domain.period import AddPeriod, GrantNominal, ListPeriods, NominalSeen, OpenPeriod, SetNominal
from bot.i18n import Words, _, joined, lines, n_
from bot.office.money_words import PERIODS, told
from bot.storage.audit import audit as differences
from bot.storage.calendar import Calendar, NotOurTurn
from bot.storage.desk import Desk
from bot.terminal.acting import act, at_desk, look, say
from bot.terminal.places import Place, operator_of

app = typer.Typer(help="Periods, nominals and vacancies, grants, balances.")
Period = Annotated[int, typer.Argument(help="the period's id, see `money periods`")]
DAY = ["%Y-%m-%d"]
BAR = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()


@app.command()
def periods(municipality: Place) -> None:
    """Every period, and the nominal and vacancies of each group in it."""
    me = operator_of(municipality)
    for period in look(ListPeriods(), me):
        title = _(
            "{id}: {name}, {start} – {stop}", id=str(period.id), name=period.name, start=period.start, stop=period.stop
        )
        say(lines(joined(", ", (title, PERIODS[period.state])), *(of_group(each) for each in period.nominals)))


def of_group(nominal: NominalSeen) -> Words:
    """A group's line: its id for `money nominal`, its sum and its limits."""
    named = {"id": str(nominal.group), "name": nominal.name}
    if nominal.amount is None:
        return _("  group {id} ({name}): no nominal", **named)
    limits = joined(
        ", ",
        (
            _("any number of certificates")
            if nominal.certificates is None
            else n_("{count} certificate", "{count} certificates", nominal.certificates),
            _("any sum") if nominal.total is None else _("{total} in all", total=nominal.total),
        ),
    )
    return _("  group {id} ({name}): {amount}; {limits}", **named, amount=nominal.amount, limits=limits)


@app.command("add-period")
def add_period(
    name: str,
    start: Annotated[datetime, typer.Argument(formats=DAY)],
    stop: Annotated[datetime, typer.Argument(formats=DAY, help="its last day")],
    municipality: Place,
) -> None:
    """Plan a period; the calendar opens it in time, or `open-period` does."""
    act(AddPeriod(name, start.date(), stop.date()), operator_of(municipality), told)


@app.command("open-period")
def open_period(period: Period, municipality: Place) -> None:
    """Open a planned period now; its nominals are granted within a minute, or by `month`."""
    act(OpenPeriod(period), operator_of(municipality), told)


@app.command()
def nominal(
    period: Period,
    group: Annotated[int, typer.Argument(help="the group's id, see `money periods`")],
    rubles: Annotated[str, typer.Argument(help="such as 12000 or 12000.50")],
    municipality: Place,
    certificates: Annotated[int | None, typer.Option(help="how many funded certificates at most")] = None,
    total: Annotated[str | None, typer.Option(help="how many rubles at most for all of them")] = None,
) -> None:
    """Set a group's nominal and vacancies; every balance of the group changes by the difference."""
    limit = None if total is None else parsed(total)
    act(SetNominal(group, period, parsed(rubles), certificates, limit), operator_of(municipality), told)


@app.command()
def grant(
    certificate: Annotated[int, typer.Argument(help="the certificate's id")], period: Period, municipality: Place
) -> None:
    """Give one certificate its nominal, where the calendar has not."""
    act(GrantNominal(certificate, period), operator_of(municipality), told)


@app.command()
def balance(child: Annotated[int, typer.Argument(help="the child's id")], municipality: Place) -> None:
    """What a child's certificate has."""
    seen = look(Balance(child), operator_of(municipality))
    if seen is None:
        say(_("There is no such child in this municipality."))
        raise typer.Exit(1)
    several = len(seen.periods) > 1
    say(
        lines(*(line for period in seen.periods for line in of_period(period, several)))
        if seen.periods
        else without_money(seen)
    )


def month(
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=DAY, help="charge again as of this day; nothing is charged twice"),
    ] = None,
) -> None:
    """Do what has fallen due: every day not lived yet, in order; or the monthly charge of a day once more."""

    async def work(desk: Desk) -> bool:
        with Progress(*BAR, transient=True) as bar:
            lines: dict[str, TaskID] = {}

            def progress(step: str, when: date, count: int, total: int) -> None:
                name = f"{when} {step}"
                if name not in lines:  # a bar for each run, so that its speed is its own
                    lines[name] = bar.add_task(name)
                bar.update(lines[name], completed=count, total=total)
                if count == total:
                    bar.remove_task(lines.pop(name))

            calendar = Calendar(desk, progress, rest=1)
            if day is None:
                return await calendar.live()
            await calendar.charge_month(day.date())
            return True

    try:
        done = at_desk(work)
    except NotOurTurn:
        done = False
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    say(_("Everything that has fallen due is done.") if done else _("Another process is doing it now."))
    if not done:
        raise typer.Exit(1)


def audit() -> None:
    """Recompute all money from the transfers; exits with 1 if anything differs."""
    found = at_desk(lambda desk: desk.run(differences))
    for difference in found:
        say(difference)
    if found:
        raise typer.Exit(1)
    say(_("The books agree."))


def parsed(rubles: str) -> Money:
    """12000 or 12000.50, comma or point. BadParameter for anything else."""
    whole, _point, part = rubles.replace(",", ".").partition(".")
    if not whole.isdecimal() or not (part.isdecimal() or not part) or len(part) > 2:
        raise typer.BadParameter(f"{rubles!r} is not a sum like 12000 or 12000.50")
    return Money(int(whole) * 100 + int(part.ljust(2, "0")))
