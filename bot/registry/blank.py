"""The spreadsheet that a clerk fills in: the columns, example rows, and a sheet that explains every column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from bot.registry.form import Column

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

LAST_CHOICE_ROW = 5000
MADE = datetime(2026, 1, 1, tzinfo=UTC)  # a file with the same rows is the same file, to the byte

Line = Mapping[str, str | int | date]
"""A row by the columns' keys; what it lacks stays empty."""


@dataclass(frozen=True)
class Blank:
    """`choices`: what a list offers in a column; `examples` stand there to be written over; `numbers`: columns not of text."""

    title: str
    sheet: str
    columns: tuple[Column, ...]
    examples: tuple[Line, ...]
    footnote: str
    numbers: frozenset[str]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def empty(self) -> bytes:
        """An XLSX with the examples."""
        return self.workbook(self.examples)

    def workbook(self, lines: Iterable[Line]) -> bytes:
        """An XLSX with these lines."""
        from xlsxwriter import Workbook  # 50 ms and 12 MB of a start, for whoever writes one

        file = BytesIO()
        with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
            book.set_properties({"title": self.title, "created": MADE})
            self._table(book, lines)
            self._explanation(book)
        return file.getvalue()

    def _table(self, book: "Workbook", lines: Iterable[Line]) -> None:
        sheet = book.add_worksheet(self.sheet)
        required, optional = _heading(book, "#FFE08A"), _heading(book, "#E8E8E8")
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "dd.mm.yyyy"})
        for index, column in enumerate(self.columns):
            sheet.write_string(0, index, column.header, required if column.required else optional)
            # As text, so that the spreadsheet does not make a date of «7-9» nor eat the zeros of a code.
            is_text = column.key not in self.numbers
            sheet.set_column(index, index, max(14, len(column.header) + 2), text if is_text else None)
            if column.key in self.choices:
                choices = {"validate": "list", "source": list(self.choices[column.key])}
                sheet.data_validation(1, index, LAST_CHOICE_ROW, index, choices)
        for row, line in enumerate(lines, start=1):
            for index, column in enumerate(self.columns):
                match line.get(column.key, ""):
                    case date() as moment:
                        sheet.write_datetime(row, index, moment, day)
                    case int(number):
                        sheet.write_number(row, index, number)
                    case str(words) if words:
                        sheet.write_string(row, index, words, text)
        sheet.freeze_panes(1, 0)

    def _explanation(self, book: "Workbook") -> None:
        sheet = book.add_worksheet("Как заполнять")
        heading, wrapped = _heading(book, "#E8E8E8"), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 14)
        sheet.set_column(2, 3, 60)
        for index, title in enumerate(("Столбец", "Обязательно", "Что писать", "Пример")):
            sheet.write_string(0, index, title, heading)
        for row, column in enumerate(self.columns, start=1):
            choices = self.choices.get(column.key, ())
            allowed = f"{column.format}: {', '.join(choices)}" if len(choices) > 2 else column.format
            example = str(self.examples[0].get(column.key, ""))
            for index, words in enumerate((column.header, "да" if column.required else "нет", allowed, example)):
                sheet.write_string(row, index, words, wrapped)
        sheet.write_string(len(self.columns) + 2, 0, self.footnote)


def _heading(book: "Workbook", colour: str) -> "Format":
    return book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": colour})
