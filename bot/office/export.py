"""Tables → a workbook (XLSX). Whatever a person has typed stays a text: nothing that is opened here is reckoned by the spreadsheet.

A text that begins like a formula (= + - @, a tab, a line's end) is a text also by its cell's format (quotePrefix), so that
it does not become one when it is edited or saved as CSV.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from bot.domain.calendar import Month
from bot.domain.money import Money
from bot.i18n import Words, _, render

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767
"""Characters that a cell holds."""
FORMULA = re.compile(r"[=+\-@\t\r\n]")
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
MADE = datetime(2026, 1, 1, tzinfo=UTC)  # the same tables are the same file, to the byte
WIDEST = 60


@dataclass(frozen=True)
class Percent:
    """25.0 is a quarter."""

    number: float


Cell = Words | int | float | Money | Percent | Month | date | None
"""None: not known, an empty cell."""


@dataclass(frozen=True)
class Table:
    """A heading and rows of as many cells; `title` names it above the table and on the sheet's tab."""

    title: Words
    heading: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def is_number(self, column: int) -> bool:
        """Whether it is read from its right end."""
        return any(isinstance(row[column], int | float | Money | Percent) for row in self.rows)


def written(cell: Cell, language: str) -> str:
    """A cell as people read it."""
    match cell:
        case None:
            return "—"
        case Percent(number):
            return render(_("{number}%", number=round(number, 1)), language)
        case float():
            return render(round(cell, 2), language)
    return render(cell, language)


def xlsx(tables: Sequence[Table], language: str) -> bytes:
    """A sheet a table. Numbers, money, per cents and days stay numbers, so that they can be reckoned with."""
    from xlsxwriter import Workbook  # 50 ms and 12 MB of a start, for whoever writes one

    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": MADE})
        sheets = _Sheets(book, language)
        for number, table in enumerate(tables, start=1):
            sheets.put(table, number)
    return file.getvalue()


class _Sheets:
    """A workbook's formats, made once."""

    def __init__(self, book: "Workbook", language: str) -> None:
        self.book, self.language = book, language
        self.names: set[str] = set()
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.quoted = book.add_format({"quote_prefix": True})
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.percent = book.add_format({"num_format": "0.0%"})
        self.day = book.add_format({"num_format": "dd.mm.yyyy"})

    def put(self, table: Table, number: int) -> None:
        sheet = self.book.add_worksheet(self._name(render(table.title, self.language), number))
        for column, title in enumerate(table.heading):
            self._text(sheet, 0, column, render(title, self.language), self.bold)
            texts = [title, *(row[column] for row in table.rows)]
            sheet.set_column(column, column, min(WIDEST, max(len(written(each, self.language)) for each in texts) + 2))
        for at, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                self._cell(sheet, at, column, cell)
        sheet.freeze_panes(1, 0)

    def _name(self, title: str, number: int) -> str:
        """A tab has 31 characters and a name of its own."""
        name = NOT_IN_A_NAME.sub(" ", title).strip("' ")[:31] or str(number)
        if name.casefold() in self.names:
            name = f"{name[:27]} {number}"
        self.names.add(name.casefold())
        return name

    def _cell(self, sheet: "Worksheet", row: int, column: int, cell: Cell) -> None:
        match cell:
            case None:
                return
            case Money(kopecks):
                sheet.write_number(row, column, kopecks / 100, self.money)
            case Percent(number):
                sheet.write_number(row, column, number / 100, self.percent)
            case int() | float():
                sheet.write_number(row, column, cell)
            case date():
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), self.day)  # noqa: DTZ001  # a sheet has no zones
            case _:
                self._text(sheet, row, column, render(cell, self.language))

    def _text(self, sheet: "Worksheet", row: int, column: int, words: str, form: "Format | None" = None) -> None:
        if len(words) > LONGEST:
            words = words[: LONGEST - 1] + "…"
        sheet.write_string(row, column, words, self.quoted if form is None and FORMULA.match(words) else form)
