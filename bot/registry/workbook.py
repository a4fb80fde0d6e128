"""XLSX: bytes → the cells of every sheet. What the reader gets to see has been measured first."""

import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum, load_workbook

from bot.registry import reasons
from bot.registry.reasons import Unclear

Cell = str | float | int | bool | date | datetime | time | timedelta
Table = list[list[Cell]]

MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 1000
MAX_ROWS = 150_000
MAX_COLUMNS = 200
A_CHUNK = 1024 * 1024
AN_ENTRY = b"PK\x01\x02"  # how each entry of a ZIP's directory begins
CONTENTS = "[Content_Types].xml"
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
DAMAGED = (BadZipFile, zlib.error, expat.ExpatError, RuntimeError, EOFError, OSError, ValueError, LookupError)


def sheets(content: bytes) -> Iterator[Table]:
    """The visible sheets, each from its cell A1 on; merged cells all say what the first of them says.

    Raises Unclear for macros, links to other files, damage, zip bombs (over MAX_UNPACKED) and sheets that are too large.
    """
    try:
        with load_workbook(BytesIO(_measured(content))) as workbook:
            for name in _visible(workbook):
                yield _table(workbook.get_sheet_by_name(name))
    except CalamineError as broken:
        raise Unclear(reasons.BROKEN_FILE) from broken


def _visible(workbook: CalamineWorkbook) -> list[str]:
    return [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]


def _table(sheet: CalamineSheet) -> Table:
    rows: Table = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    return rows


def _measured(content: bytes) -> bytes:
    """The same workbook with nothing but its XML, uncompressed.

    Sizes written in a ZIP can lie, and one cell in the farthest corner makes a reader reserve gigabytes; so the parts
    are unpacked here under a limit, their cells are looked at, and only these very bytes go on.
    """
    measured = BytesIO()
    left = MAX_UNPACKED
    if content.count(AN_ENTRY) > MAX_PARTS:
        raise Unclear(reasons.UNKNOWN_FORMAT, "ZIP")
    try:
        with ZipFile(BytesIO(content)) as packed, ZipFile(measured, "w") as plain:
            names = packed.namelist()
            _known(names)
            for name in names:
                if not name.endswith((".xml", ".rels")):
                    continue
                part = bytearray()
                with packed.open(name) as packed_part:
                    while chunk := packed_part.read(A_CHUNK):
                        part += chunk
                        if len(part) > left:
                            raise Unclear(reasons.TOO_BIG, f"> {MAX_UNPACKED // 1024 // 1024} MB")
                left -= len(part)
                if name == CONTENTS and b"macroEnabled" in part:
                    raise Unclear(reasons.MACROS)
                _measure(part)
                plain.writestr(name, _errors_as_text(bytes(part)))
    except Unclear:
        raise
    except DAMAGED as broken:
        raise Unclear(reasons.BROKEN_FILE) from broken
    return measured.getvalue()


def _known(names: Sequence[str]) -> None:
    """Raises Unclear for what is no workbook, has macros (old ones too), or looks into other files."""
    if "xl/workbook.xml" not in names:
        raise Unclear(reasons.UNKNOWN_FORMAT, "ZIP")
    if any(name.endswith("vbaProject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Unclear(reasons.MACROS)
    if any(name.startswith(("xl/externalLinks/", "xl/connections")) for name in names):
        raise Unclear(reasons.OTHER_FILES)


def _errors_as_text(sheet: bytes) -> bytes:
    """calamine reads a failed formula as an empty cell; as text it keeps its «#DIV/0!»."""
    return re.sub(rb'(<c\s[^>]*?)\bt="e"', rb'\1t="str"', sheet)


def _measure(part: bytearray) -> None:
    """Raises Unclear when filled cells stand outside of MAX_ROWS × MAX_COLUMNS, or a formula has no result."""
    row, column, cell, formula = 0, 0, "", False

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, cell, formula
        match tag.rpartition(":")[2]:
            case "row":
                row, column = int(attributes.get("r", row + 1)), 0
            case "c":
                cell, formula = attributes.get("r", ""), False
                letters = "".join(sign for sign in cell if sign.isalpha())
                column = _column(letters) if letters else column + 1
            case "f":
                formula = True
            case "v" | "is" if row > MAX_ROWS:
                raise Unclear(reasons.TOO_MANY_ROWS, MAX_ROWS)
            case "v" | "is" if column > MAX_COLUMNS:
                raise Unclear(reasons.TOO_MANY_COLUMNS, MAX_COLUMNS)
            case "v" | "is":
                formula = False

    def closed(tag: str) -> None:
        if formula and tag.rpartition(":")[2] == "c":
            raise Unclear(reasons.NO_RESULT, cell)

    parser = expat.ParserCreate()
    parser.StartElementHandler = opened
    if FORMULA.search(part):
        parser.EndElementHandler = closed
    parser.Parse(bytes(part), True)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
