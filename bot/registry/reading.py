"""A file → the sheet that holds the registry, whatever its format."""

from dataclasses import dataclass

from bot.registry import delimited, reasons, workbook
from bot.registry.columns import Heading, header
from bot.registry.reasons import Unclear
from bot.registry.workbook import Table

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = workbook.MAX_ROWS
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx under a password


@dataclass(frozen=True)
class Sheet:
    """Cells by row, the first is row 1 of the spreadsheet, and where its header stands (0-based)."""

    table: Table
    header: int
    heading: Heading


def read(name: str, content: bytes) -> Sheet:
    """Raises Unclear, with a reason for the whole file, when there is no registry in it."""
    if not content.strip():
        raise Unclear(reasons.EMPTY_FILE)
    if len(content) > MAX_BYTES:
        raise Unclear(reasons.TOO_BIG, f"> {MAX_BYTES // 1024 // 1024} MB")
    if content.startswith(OLE):
        raise Unclear(reasons.OLD_WORKBOOK)
    tables = workbook.sheets(content) if content.startswith(b"PK") else [delimited.table(name, content)]
    found = [Sheet(table, *header(table)) for table in tables]
    if not any(sheet.table for sheet in found):
        raise Unclear(reasons.EMPTY_FILE)
    best = max(found, key=lambda sheet: len(sheet.heading.columns))
    if not best.heading.columns:
        raise Unclear(reasons.NO_HEADER)
    if len(best.table) > MAX_ROWS:
        raise Unclear(reasons.TOO_MANY_ROWS, MAX_ROWS)
    return best
