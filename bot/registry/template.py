"""The spreadsheet that a clerk fills in: the columns, two example rows, and a sheet that explains every column."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from bot.registry.columns import COLUMNS
from bot.registry.form import Column
from bot.registry.values import DIRECTIONS

REGISTRIES = ("сертифицированная", "значимая", "предпрофессиональная", "общеразвивающая", "платная")
CHOICES = {
    "direction": tuple(dict.fromkeys(DIRECTIONS.values())),
    "registry": REGISTRIES,
    "kind": ("муниципальная", "государственная", "частная", "ИП"),
    "ovz": ("да", "нет"),
    "open": ("да", "нет"),
}
# The rest says the same in another way: it is read, but not offered.
IN_TEMPLATE = tuple(column for column in COLUMNS if column.key not in ("age_min", "age_max", "days", "hours"))
LAST_CHOICE_ROW = 5000
MADE = datetime(2026, 1, 1, tzinfo=UTC)  # a file with the same rows is the same file, to the byte

Line = Mapping[str, str | int | date]

FIRST_EXAMPLE: Line = {
    "program_id": "П-001",
    "module_id": "М-001",
    "group_id": "Г-001",
    "municipality": "Город Апатиты",
    "provider": "Дом творчества «Пример»",
    "kind": "муниципальная",
    "site": "https://primer.example",
    "email": "info@primer.example",
    "program": "Шахматы для начинающих",
    "description": "Учимся играть, решать задачи и не бояться турниров.",
    "registry": "сертифицированная",
    "direction": "Физкультурно-спортивная",
    "activity": "Шахматы",
    "form": "очная",
    "age": "7–10",
    "ovz": "нет",
    "module": "Первый год",
    "price": "12 800,50",
    "normative": "12 000",
    "group": "Группа 1",
    "start": "01.09.2026",
    "stop": "31.05.2027",
    "seats": 12,
    "free": 5,
    "settlement": "Апатиты",
    "address": "ул. Школьная, д. 1",
    "timetable": "Пн, Ср 15:00–16:30",
    "open": "да",
}
SECOND_EXAMPLE: Line = {
    **FIRST_EXAMPLE,
    "group_id": "Г-002",
    "group": "Группа 2",
    "seats": 10,
    "free": "",
    "timetable": "Вт 15:00–16:30; Сб 10:00–11:30 (чётные недели), каб. 5",
}


def template() -> bytes:
    """The empty template, with two example rows to write over."""
    return workbook((FIRST_EXAMPLE, SECOND_EXAMPLE))


def workbook(lines: Iterable[Line]) -> bytes:
    """An XLSX with the template's columns and these lines, given by the columns' keys; what they lack stays empty."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "Реестр программ", "created": MADE})
        _registry(book, lines)
        _explanation(book)
    return file.getvalue()


def _registry(book: Workbook, lines: Iterable[Line]) -> None:
    sheet = book.add_worksheet("Реестр")
    required, optional = _heading(book, "#FFE08A"), _heading(book, "#E8E8E8")
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "dd.mm.yyyy"})
    for index, column in enumerate(IN_TEMPLATE):
        sheet.write_string(0, index, column.header, required if column.required else optional)
        # As text, so that the spreadsheet does not make a date of «7-9» nor eat the zeros of a code.
        sheet.set_column(index, index, max(14, len(column.header) + 2), text if _is_text(column) else None)
        if column.key in CHOICES:
            choices = {"validate": "list", "source": list(CHOICES[column.key])}
            sheet.data_validation(1, index, LAST_CHOICE_ROW, index, choices)
    for row, line in enumerate(lines, start=1):
        for index, column in enumerate(IN_TEMPLATE):
            match line.get(column.key, ""):
                case date() as moment:
                    sheet.write_datetime(row, index, moment, day)
                case int(number):
                    sheet.write_number(row, index, number)
                case str(words) if words:
                    sheet.write_string(row, index, words, text)
    sheet.freeze_panes(1, 0)


def _explanation(book: Workbook) -> None:
    sheet = book.add_worksheet("Как заполнять")
    heading, wrapped = _heading(book, "#E8E8E8"), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 3, 60)
    for index, title in enumerate(("Столбец", "Обязательно", "Что писать", "Пример")):
        sheet.write_string(0, index, title, heading)
    for row, column in enumerate(IN_TEMPLATE, start=1):
        choices = CHOICES.get(column.key, ())
        allowed = f"{column.format}: {', '.join(choices)}" if len(choices) > 2 else column.format
        example = str(FIRST_EXAMPLE.get(column.key, ""))
        for index, words in enumerate((column.header, "да" if column.required else "нет", allowed, example)):
            sheet.write_string(row, index, words, wrapped)
    sheet.write_string(len(IN_TEMPLATE) + 2, 0, "Одна строка — одна группа. Порядок столбцов любой, лишние не мешают.")


def _heading(book: Workbook, colour: str) -> Format:
    return book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": colour})


def _is_text(column: Column) -> bool:
    return column.key not in ("start", "stop", "seats", "free", "price", "normative")
