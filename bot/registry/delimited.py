"""CSV and its kin: bytes → cells. Encoding and separator are those with which the header makes most sense."""

import csv
import re
from collections.abc import Iterator

from bot.registry import reasons
from bot.registry.columns import HEADER_ROWS, header
from bot.registry.reasons import Unclear
from bot.registry.workbook import MAX_COLUMNS, Table

SEPARATORS = ";,\t|"
LINES_IN_A_CELL = 40
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
BINARY = 0.01  # texts have the odd control character, other files are full of them


def table(name: str, content: bytes) -> Table:
    """Raises Unclear for what is not text. A byte that fits no encoding becomes U+FFFD and is an error of its cell."""
    texts = [text for text in _decoded(content) if len(CONTROLS.findall(text)) <= len(text) * BINARY]
    if not texts:
        raise Unclear(reasons.UNKNOWN_FORMAT, name.rpartition(".")[2])
    readings = [(lines, separator) for text in texts for lines, separator in _separated(text)]
    return _records(*max(readings, key=_understood))


def _decoded(content: bytes) -> Iterator[str]:
    """«Unicode text» is UTF-16, sometimes without its mark: then a separator or a digit has one zero byte."""
    beginning = content[:1000]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield content.decode("utf-16", "replace")
    elif beginning.count(0) > len(beginning) * BINARY:
        little = beginning[1::2].count(0) > beginning[::2].count(0)
        yield content.decode("utf-16-le" if little else "utf-16-be", "replace")
    else:
        yield content.decode("utf-8-sig", "replace")
        yield content.decode("cp1251", "replace")


def _separated(text: str) -> Iterator[tuple[list[str], str]]:
    """A first line «sep=;» tells the separator and is not shown by spreadsheets, so it does not count as a row."""
    lines = re.split(r"\r\n|\r|\n", text)
    told = re.fullmatch(r"sep=(.)", lines[0].strip(), re.IGNORECASE)
    for separator in told[1] if told else SEPARATORS:
        yield lines[1:] if told else lines, separator


def _understood(reading: tuple[list[str], str]) -> int:
    lines, separator = reading
    _, heading = header(_records(lines[: HEADER_ROWS * LINES_IN_A_CELL], separator))
    return len(heading.columns)


def _records(lines: list[str], separator: str) -> Table:
    """Rows of cells; a quoted cell may span lines, but a quotation mark that nobody closed swallows no other row."""
    records: Table = []
    width = max((line.count(separator) for line in lines[:HEADER_ROWS]), default=0)
    at = 0
    while at < len(lines):
        end = at + 1
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
