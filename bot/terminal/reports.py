"""Reports: what is left undone, everything as one workbook, and the children that coverage is measured against."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table as Printed

from bot.domain.messages import SYSTEM, Actor
from bot.domain.report import (
    Coverage,
    MoneyByMonth,
    ProvidersByRating,
    ReadScope,
    RequestsByState,
    WhatIsUndone,
)
from bot.i18n import _, n_, render
from bot.office.export import Table, written, xlsx
from bot.office.report_lists import ratings_sections, requests_sections, undone_sections
from bot.office.report_sections import Section, coverage_sections, money_sections
from bot.registry.population import BLANK
from bot.storage.population import import_population
from bot.terminal.acting import at_desk, console, language, look, say, write
from bot.terminal.catalogue import ROWS_REFUSED, SHOWN_ERRORS
from bot.terminal.catalogue import table as table_of_errors
from bot.terminal.places import operator_of

app = typer.Typer(help=__doc__)
Place = Annotated[str, typer.Option("--municipality", "-m", help="the municipality's code; all of them without it")]


def _of(municipality: str) -> Actor:
    return operator_of(municipality) if municipality else SYSTEM


@app.command()
def population(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="XLSX or CSV, see `population-template`")],
    municipality: Place = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what the file tells, change nothing")] = False,
) -> None:
    """Import how many children live where; a municipality's year is replaced whole.

    Exits with 1, nothing changed, when a row cannot be taken: sums are true only together.
    """
    me = _of(municipality)
    done = at_desk(lambda desk: import_population(desk, me, file.name, file.read_bytes(), dry_run=dry_run))
    for wrong in (done.errors, done.notes):
        if wrong:
            console.print(table_of_errors(wrong[:SHOWN_ERRORS]))
    if done.errors:
        say(
            n_(
                "{count} row cannot be taken, so nothing was changed.",
                "{count} rows cannot be taken, so nothing was changed.",
                len(done.errors),
            )
        )
        raise typer.Exit(ROWS_REFUSED)
    for each in done.years:
        told = {"name": each.name, "year": str(each.year)}
        say(n_("{name}, {year}: {count} child.", "{name}, {year}: {count} children.", each.children, **told))
    say(_("Nothing was changed.") if dry_run else _("The population is imported."))


@app.command()
def population_template(
    file: Annotated[Path, typer.Argument(help="where to write it, for example children.xlsx")],
) -> None:
    """Write the spreadsheet to fill in."""
    write(file, BLANK.empty())
    say(_("The template is in {file}.", file=str(file)))


@app.command()
def undone(municipality: Place = "") -> None:
    """How much of each list there is: overdue applications and requests, originals, disputes, programs (R10.2)."""
    for section in undone_sections(look(WhatIsUndone(), _of(municipality))):
        _print(section.table)


@app.command()
def coverage(municipality: Place = "") -> None:
    """Which part of the children uses a certificate in this period (R10.1)."""
    me = _of(municipality)
    for section in coverage_sections(look(Coverage(look(ReadScope(), me).now), me)):
        _print(section.table)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="where to write it, for example report.xlsx")], municipality: Place = ""
) -> None:
    """Write every report of this period into one workbook."""
    me = _of(municipality)
    scope = look(ReadScope(), me)
    sections: tuple[Section, ...] = (
        *coverage_sections(look(Coverage(scope.now), me)),
        *money_sections(look(MoneyByMonth(scope.now), me)),
        *requests_sections(look(RequestsByState(scope.now), me)),
        *ratings_sections(look(ProvidersByRating(), me), len(scope.places) > 1),
        *undone_sections(look(WhatIsUndone(), me)),
    )
    write(file, xlsx([section.table for section in sections], language()))
    say(_("The report is in {file}.", file=str(file)))


def _print(table: Table) -> None:
    printed = Printed(*(render(title, language()) for title in table.heading), title=render(table.title, language()))
    for row in table.rows:
        printed.add_row(*(escape(written(cell, language())) for cell in row))
    console.print(printed)
