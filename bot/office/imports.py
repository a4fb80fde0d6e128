"""Imports: a file is chosen, its preview is read, it is applied; long work goes on by itself, and its page tells how far it is."""

from collections.abc import AsyncIterator
from csv import writer
from io import StringIO

from starlette.responses import Response, StreamingResponse

from bot.domain.job import (
    ApplyImport,
    FindingKind,
    JobKind,
    JobStarted,
    ListFindings,
    ListJobs,
    Missing,
    OneJob,
    StartImport,
    StopJob,
)
from bot.i18n import Text, _
from bot.office.export import FORMULA
from bot.office.import_words import FINDINGS, KINDS, STATES, counts, left, lost, reason, told
from bot.office.page import OPERATOR, Visit, form, page, workbook
from bot.office.paging import part
from bot.registry.gate import MAX_BYTES, format_of, shown_name
from bot.registry.reasons import Unclear
from bot.storage.files import keep

AROUND = 64 * 1024
"""Bytes of a form besides its file."""
SHOWN, PAGE = 50, 1000


async def imports(visit: Visit) -> Response:
    """What may be sent, and what was."""
    known = {"kinds": KINDS, "states": STATES, "found": await part(visit, "/imports", ListJobs)}
    return visit.page("imports.html", _("Imports"), megabytes=MAX_BYTES // 1024 // 1024, counts=counts, **known)


async def upload(visit: Visit) -> Response:
    """Something that is no table at all is said at once; everything else by the preview."""
    kind, file = visit.entry.choice("kind", JobKind), visit.entry.file("file")
    if file is None or visit.entry.wrong:
        return await imports(visit)
    name, content = shown_name(file.filename or ""), await file.read()
    await file.close()
    try:
        format_of(name, content)
    except Unclear as unclear:
        visit.entry.wrong["file"] = Text(unclear.reason, (("value", unclear.value),))
        return await imports(visit)
    hash = await keep(visit.desk, content)
    fact = await visit.desk.do(StartImport(kind, name, hash, visit.entry.ticked("agreements")), visit.me)
    if isinstance(fact, JobStarted):
        return visit.go(f"/imports/{fact.job}")
    visit.trouble = told(fact)
    return await imports(visit)


async def one(visit: Visit) -> Response:
    """How far it is; what it would change, or has changed; every row that was not taken."""
    job = visit.found(await visit.read(OneJob(visit.id("job"))))
    found = {kind.value: await visit.read(ListFindings(job.id, kind, most=SHOWN)) for kind in FindingKind}
    known = {"job": job, "found": found, "kinds": KINDS, "states": STATES, "counts": counts(job), "left": left(job)}
    title = _("Import: {file}", file=job.file)
    return visit.page("import.html", title, reason=reason, lost=lost(job), **known)


async def apply(visit: Visit) -> Response:
    """The very file that was shown; what it does not hold is archived only where somebody has ticked that it is the whole registry."""
    number, entry = visit.id("job"), visit.entry
    missing = Missing.KEEP if entry.ticked("keep") else Missing.ARCHIVE if entry.ticked("whole") else None
    return await visit.does(ApplyImport(number, entry.raw("hash")[:64], missing), told, f"/imports/{number}", one)


async def stop(visit: Visit) -> Response:
    """What was done stays."""
    return await visit.does(StopJob(visit.id("job")), told, f"/imports/{visit.id('job')}", one)


async def findings(visit: Visit) -> Response:
    """Every row that was not taken, and what was left out: a table to work through, as long as it may be."""
    job = visit.found(await visit.read(OneJob(visit.id("job"))))
    headers = {"Content-Disposition": f'attachment; filename="import-{job.id}.csv"'}
    return StreamingResponse(_lines(visit, job.id), media_type="text/csv; charset=utf-8", headers=headers)


async def _lines(visit: Visit, job: int) -> AsyncIterator[str]:
    yield "\ufeff" + _line([visit.write(title) for title in (_("Row"), _("Column"), _("What"), _("Reason"))])
    for kind in (FindingKind.ERROR, FindingKind.NOTE):
        after = 0
        while page := await visit.read(ListFindings(job, kind, after, PAGE)):
            after = page[-1].id
            said = visit.write(FINDINGS[kind])
            yield "".join(_line([str(each.row or ""), each.column, said, visit.write(reason(each))]) for each in page)


def _line(cells: list[str]) -> str:
    """Nothing that a spreadsheet would take for a formula: what stood in the file may be meant as one."""
    line = StringIO()
    writer(line, delimiter=";").writerow([f"'{cell}" if FORMULA.match(cell) else cell for cell in cells])
    return line.getvalue()


async def registry_template(visit: Visit) -> Response:
    """The spreadsheet of programs to fill in."""
    from bot.registry.template import BLANK  # whoever writes no spreadsheet does not pay for the library

    return workbook(BLANK.empty(), "registry")


async def certificates_template(visit: Visit) -> Response:
    """The spreadsheet of certificates to fill in."""
    from bot.registry.certificate_template import BLANK

    return workbook(BLANK.empty(), "certificates")


PAGES = (
    page("/imports", imports, OPERATOR),
    form("/imports", upload, OPERATOR, largest=MAX_BYTES + AROUND),
    page("/imports/registry.xlsx", registry_template, OPERATOR),
    page("/imports/certificates.xlsx", certificates_template, OPERATOR),
    page("/imports/{job:int}", one, OPERATOR),
    page("/imports/{job:int}/findings.csv", findings, OPERATOR),
    form("/imports/{job:int}/apply", apply, OPERATOR),
    form("/imports/{job:int}/stop", stop, OPERATOR),
)
