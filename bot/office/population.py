"""How many children live where: what is known by year, and its import from a spreadsheet, looked at before it is taken."""

from starlette.responses import Response

from bot.domain.population import PopulationYears
from bot.i18n import Text, _, n_
from bot.office.export import written
from bot.office.page import ADMINISTRATOR, OPERATOR, Visit, form, page, workbook
from bot.registry.gate import MAX_BYTES
from bot.registry.line import RowError
from bot.registry.population import BLANK
from bot.storage.population import PopulationImported, import_population

SHOWN = 100


async def population(visit: Visit, done: PopulationImported | None = None) -> Response:
    """What is known; after a look at a file, what it says."""
    errors, notes = (done.errors, done.notes) if done else ((), ())
    return visit.page(
        "population.html",
        _("How many children live here"),
        years=await visit.read(PopulationYears()),
        done=done,
        errors=[_row(each) for each in errors[:SHOWN]],
        left=len(errors[SHOWN:]),
        notes=[_row(each) for each in notes],
        written=lambda number: written(number, visit.language),
    )


def _row(error: RowError) -> tuple[str, str, Text]:
    return str(error.row or ""), error.column, Text(error.reason, (("value", error.value),))


async def bring(visit: Visit) -> Response:
    """Look at a file, or take it; with a row that cannot be taken nothing is."""
    file = visit.entry.file("file")
    if file is None:
        return await population(visit)
    look = visit.entry.raw("act") != "import"
    done = await import_population(visit.desk, visit.me, file.filename or "", await file.read(), dry_run=look)
    if done.errors:
        visit.trouble = n_(
            "{count} row cannot be taken, so nothing was changed.",
            "{count} rows cannot be taken, so nothing was changed.",
            len(done.errors),
        )
    if done.errors or look:
        return await population(visit, done)
    children = sum(year.children for year in done.years)
    return await visit.says(
        n_("The population is imported: {count} child.", "The population is imported: {count} children.", children),
        to="/reports/population",
    )


async def template(visit: Visit) -> Response:
    """The spreadsheet to fill in."""
    return workbook(BLANK.empty(), "population")


PAGES = (
    page("/reports/population", population, OPERATOR, ADMINISTRATOR),
    page("/reports/population/template.xlsx", template, OPERATOR, ADMINISTRATOR),
    form("/reports/population", bring, OPERATOR, ADMINISTRATOR, largest=MAX_BYTES + 64 * 1024),
)
