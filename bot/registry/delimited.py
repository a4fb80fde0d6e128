"""CSV and its kin: bytes → cells. Encoding and separator are those with which the header makes most sense."""

import csv
import re

from bot.registry import reasons
from bot.registry.form import HEADER_ROWS, Form
from bot.registry.reasons import Unclear
from bot.registry.workbook import MAX_COLUMNS, Table

SEPARATORS = ";,\t|"
LINES_IN_A_CELL = 40
BEGINNING = 256 * 1024  # bytes in which encoding and separator are sought
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
BINARY = 0.01  # texts have the odd control character, other files are full of them


def table(name: str, content: bytes, form: Form) -> Table:
    """Raises Unclear for what is not text. A byte that fits no encoding becomes U+FFFD and is an error of its cell."""
    texts = {encoding: content[:BEGINNING].decode(encoding, "replace") for encoding in _encodings(content[:1000])}
    readable = {encoding: text for encoding, text in texts.items() if _is_text(text)}
    if not readable:
        raise Unclear(reasons.UNKNOWN_FORMAT, name.rpartition(".")[2])
    readings = [
        (_understood(lines, separator, form), encoding, separator)
        for encoding, text in readable.items()
        for lines, separators in [_separated(text)]
        for separator in separators
    ]
    _columns, encoding, separator = max(readings, key=lambda reading: reading[0])
    return _records(_separated(content.decode(encoding, "replace"))[0], separator)


def _encodings(beginning: bytes) -> tuple[str, ...]:
    """«Unicode text» is UTF-16, sometimes without its mark: then a separator or a digit has one zero byte."""
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if beginning.count(0) > len(beginning) * BINARY:
        return ("utf-16-le",) if beginning[1::2].count(0) > beginning[::2].count(0) else ("utf-16-be",)
    return "utf-8-sig", "cp1251", "cp866", "koi8-r"


def _is_text(text: str) -> bool:
    return len(CONTROLS.findall(text)) <= len(text) * BINARY


def _separated(text: str) -> tuple[list[str], str]:
    """Lines, and what may separate their cells. A first line «sep=;» tells it and is not shown by spreadsheets, so it is no row."""
    lines = re.split(r"\r\n|\r|\n", text)
    told = re.fullmatch(r"sep=(.)", lines[0].strip(), re.IGNORECASE)
    return (lines[1:], told[1]) if told else (lines, SEPARATORS)


def _understood(lines: list[str], separator: str, form: Form) -> int:
    _, heading = form.header(_records(lines[: HEADER_ROWS * LINES_IN_A_CELL], separator))
    return len(heading.columns)


def _records(lines: list[str], separator: str) -> Table:
    """Rows of cells; a quoted cell may span lines, but a quotation mark that nobody closed swallows no other row."""
    records: Table = []
    width = max((line.count(separator) for line in lines[:HEADER_ROWS]), default=0)
    at, blank = 0, f"{separator} "
    while at < len(lines):
        end = at + 1
        if not lines[at].strip(blank):
            records.append([])
            at = end
            continue
        quotes = lines[at].count('"')
        while quotes % 2 and end < len(lines) and end - at < LINES_IN_A_CELL:
            quotes += lines[end].count('"')
            end += 1
        swallowed = any(line.count(separator) >= max(width - 1, 5) for line in lines[at + 1 : end - 1])
        try:
            if quotes % 2 or swallowed:
                raise csv.Error("a quotation mark was not closed")
            record = next(csv.reader(["\n".join(lines[at:end])], delimiter=separator), [])
        except csv.Error:
            end = at + 1
            record = lines[at].split(separator)
        if any(cell.strip() for cell in record[MAX_COLUMNS:]):
            raise Unclear(reasons.TOO_MANY_COLUMNS, MAX_COLUMNS)
        records.append([*record])
        at = end
    while records and not any(records[-1]):
        records.pop()
    return records
