"""A file → the sheet that holds what is sought, whatever its format."""

from dataclasses import dataclass

from bot.registry import delimited, gate, reasons, workbook
from bot.registry.form import Form, Heading
from bot.registry.gate import Format
from bot.registry.reasons import Unclear
from bot.registry.workbook import Table

MAX_ROWS = workbook.MAX_ROWS


@dataclass(frozen=True)
class Sheet:
    """Cells by row, the first is row 1 of the spreadsheet, and where its header stands (0-based)."""

    table: Table
    header: int
    heading: Heading


def read(name: str, content: bytes, form: Form) -> Sheet:
    """The sheet that knows most of the form's columns. Raises Unclear, with a reason for the whole file, when there is none."""
    match gate.format_of(name, content):
        case Format.WORKBOOK:
            tables = list(workbook.sheets(content))
        case Format.TEXT:
            tables = [delimited.table(name, content, form)]
        case Format.JSON:
            raise Unclear(reasons.UNKNOWN_FORMAT, "JSON")
    found = [Sheet(table, *form.header(table)) for table in tables]
    if not any(sheet.table for sheet in found):
        raise Unclear(reasons.EMPTY_FILE)
    best = max(found, key=lambda sheet: len(sheet.heading.columns))
    if not best.heading.columns:
        raise Unclear(reasons.NO_HEADER)
    if len(best.table) > MAX_ROWS:
        raise Unclear(reasons.TOO_MANY_ROWS, MAX_ROWS)
    return best
