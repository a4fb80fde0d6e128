"""The registry of programs, the agreements with providers, and whether a provider may teach."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.domain.catalogue import OneProgram
from bot.domain.provider import (
    AddAgreement,
    EndAgreement,
    ImportReport,
    ListPrograms,
    ListProviders,
    ProviderState,
    SetProviderState,
)
from bot.i18n import Text, Words, _, lines, n_, render
from bot.office.agreement_words import STATES, told
from bot.office.catalogue_words import STATES as PROGRAMS
from bot.registry.line import RowError
from bot.storage import imports
from bot.terminal.acting import act, at_desk, console, language, look, say, write
from bot.terminal.places import Place, operator_of

app = typer.Typer(help=__doc__)
Number = Annotated[int, typer.Argument(help="the provider's number, see `catalogue providers`")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d", "%d.%m.%Y"], help="2026-09-01 or 01.09.2026")]
SHOWN_ERRORS = 100
MOST_ARCHIVED = 0.1
"""The share of a municipality's active programs that an import archives without being told to."""
NOT_TOLD = 2
"""The exit code when the import is to be told what becomes of the missing ones."""
ROWS_REFUSED = 1
"""The exit code when some lines were not taken; the others were."""


def import_registry(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX, see `template`; JSON of pfdo.ru or Navigator"),
    ],
    municipality: Annotated[
        str, typer.Option(help="take only this municipality's lines, and all that name none: its code")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would happen, change nothing")] = False,
    with_agreements: Annotated[
        bool,
        typer.Option("--with-agreements", help="the municipalities agree with the providers that have no agreement"),
    ] = False,
    missing: Annotated[
        bool | None,
        typer.Option(
            "--archive-missing/--keep-missing",
            help="archive what the file does not hold, however much it is; or only add and change",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Bring the catalogue to what a registry's file says. Repeatable: programs missing in the file are archived.

    More than a tenth of a municipality's programs only with --archive-missing: exits with 2 and changes nothing without it.
    Exits with 1 when lines were refused; all others are taken.
    """
    if municipality:
        operator_of(municipality)  # a misspelt code is not an import of nothing
    bar = Progress(
        TextColumn(render(_("Import"), language())),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    try:
        with bar:
            task = bar.add_task("", total=None)
            done = at_desk(
                lambda desk: imports.import_registry(
                    desk,
                    file.name,
                    file.read_bytes(),
                    municipality=municipality,
                    dry_run=dry_run,
                    agreements=with_agreements,
                    keep_missing=missing is False,
                    at_most=1.0 if missing else MOST_ARCHIVED,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
            )
    except imports.TooManyMissing as too_many:
        say(
            _(
                "Nothing was changed: the file does not hold {programs} of {active} programs of the municipality. If it is the whole registry, repeat with --archive-missing; if it is a part of it, with --keep-missing.",
                programs=too_many.programs,
                active=too_many.active,
            )
        )
        raise typer.Exit(NOT_TOLD) from None
    if done.errors:
        console.print(table(done.errors[:SHOWN_ERRORS]))
    if len(done.errors) > SHOWN_ERRORS:
        say(n_("… and {count} error more", "… and {count} errors more", len(done.errors) - SHOWN_ERRORS))
    if done.notes:
        say(_("Left out, though the rest of the line was taken:"))
        console.print(table(done.notes[:SHOWN_ERRORS]))
    say(reported(done.report, dry_run))
    if done.errors:
        raise typer.Exit(ROWS_REFUSED)


def table(errors: Sequence[RowError]) -> Table:
    """What was not taken: row, column, reason."""
    found = Table(*(render(title, language()) for title in (_("Row"), _("Column"), _("Reason"))))
    for error in errors:
        reason = render(Text(error.reason, (("value", error.value),)), language())
        found.add_row(str(error.row or ""), escape(error.column), escape(reason))
    return found


def reported(report: ImportReport, dry_run: bool) -> Words:
    """An import's counts."""
    untaken = report.errors and not (report.added or report.changed or report.restored or report.same)
    return lines(
        _("Nothing was changed; this is what the import would do.")
        if dry_run
        else _("Nothing of the file could be taken.")
        if untaken
        else _("The registry is imported."),
        _("New groups: {count}", count=report.added),
        _("Changed: {count}", count=report.changed),
        _("Back from the archive: {count}", count=report.restored),
        _("The same as before: {count}", count=report.same),
        _("Archived, missing in the file: {count}", count=report.archived),
        _("Missing in the file, left as they are: {count}", count=report.spared) if report.spared else None,
        n_(
            "{count} group is missing in the file. It stays until all lines can be read: it may be among those refused.",
            "{count} groups are missing in the file. They stay until all lines can be read: they may be among those refused.",
            report.kept,
        )
        if report.kept
        else None,
        _("Errors: {count}", count=report.errors),
    )


def template(file: Annotated[Path, typer.Argument(help="where to write it, for example registry.xlsx")]) -> None:
    """Write the spreadsheet that a clerk fills in."""
    from bot.registry.template import template as empty_template  # the service writes no spreadsheets

    write(file, empty_template())
    say(_("The template is in {file}.", file=str(file)))


@app.command()
def programs(
    code: Place,
    lacking: Annotated[bool, typer.Option("--lacking", help="only those without a price or a timetable")] = False,
) -> None:
    """The municipality's programs with their numbers, seats and what they lack."""
    me = operator_of(code)
    titles = _("No."), _("Program"), _("Provider"), _("Status"), _("Groups"), _("Taken"), _("Lacks")
    found = Table(*(render(title, language()) for title in titles))
    for each in look(ListPrograms(me.municipality, lacking), me):
        lacks = [word for word, has in ((_("price"), each.has_price), (_("timetable"), each.has_timetable)) if not has]
        found.add_row(
            str(each.id),
            escape(each.name),
            escape(each.provider),
            render(PROGRAMS[each.state], language()),
            str(each.groups),
            f"{each.taken}/{each.seats}",
            ", ".join(render(word, language()) for word in lacks),
        )
    console.print(found)


class Form(StrEnum):
    """What a poster may be."""

    PDF = "pdf"
    PNG = "png"
    SVG = "svg"


@app.command()
def poster(
    code: Place,
    program: Annotated[int, typer.Argument(help="the program's number, see `catalogue programs`")],
    file: Annotated[Path, typer.Argument(help="where to write it: poster.pdf, .png or .svg")],
) -> None:
    """Write a program's poster with QR codes that open it in Telegram, in VK and on the website."""
    from bot.pictures.poster import poster as drawn  # the service draws no posters

    me = operator_of(code)
    card = look(OneProgram(program), me)
    form = file.suffix.removeprefix(".").lower()
    if card is None or card.municipality:
        say(_("There is no such program in this municipality. See the list of programs."))
        raise typer.Exit(1)
    if form not in tuple(Form):
        say(_("A poster is a PDF, a PNG or an SVG: name the file poster.pdf, for example."))
        raise typer.Exit(1)
    write(file, drawn(card, language(), Form(form).value))
    if not card.links:
        say(_("No messenger has told its address yet, so there is no code on it: start the service once."))
    say(_("The poster is in {file}.", file=str(file)))


@app.command()
def providers(code: Place) -> None:
    """Providers with their numbers, states and agreements."""
    me = operator_of(code)
    titles = _("No."), _("Provider"), _("Status"), _("Programs"), _("Agreement from"), _("until")
    found = Table(*(render(title, language()) for title in titles))
    for each in look(ListProviders(me.municipality), me):
        days = (str(day) if day else "" for day in (each.start, each.stop))
        found.add_row(
            str(each.id), escape(each.name), render(STATES[each.state], language()), str(each.programs), *days
        )
    console.print(found)


@app.command()
def agree(code: Place, provider: Number, start: Day) -> None:
    """Make an agreement with a provider, from that day on."""
    me = operator_of(code)
    act(AddAgreement(me.municipality, provider, start.date()), me, told)


@app.command()
def end_agreement(code: Place, provider: Number, stop: Day) -> None:
    """End an agreement; its last day. Running enrollments end at month end, requests get their money back."""
    me = operator_of(code)
    act(EndAgreement(me.municipality, provider, stop.date()), me, told)


class Mark(StrEnum):
    """What a provider may be marked as."""

    ACTIVE = "active"
    BANNED = "banned"
    NO_LICENSE = "no-license"


@app.command()
def provider(code: Place, provider: Number, state: Mark) -> None:
    """Ban a provider, note the loss of its license, or let it teach again."""
    act(SetProviderState(provider, ProviderState(state.value.replace("-", "_"))), operator_of(code), told)
