"""The spreadsheet that a clerk fills in: the columns, two example rows, and a sheet that explains every column."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from bot.registry.columns import COLUMNS, Column
from bot.registry.values import DIRECTIONS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

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


@dataclass(frozen=True)
class Form:
    """A spreadsheet to fill in: its columns, what may be chosen in some (by key), which are not texts, two lines as an example."""

    title: str
    sheet: str
    columns: tuple[Column, ...]
    choices: Mapping[str, tuple[str, ...]]
    not_texts: Collection[str]
    examples: tuple[Line, ...]
    advice: str


PROGRAMS = Form(
    "Реестр программ",
    "Реестр",
    IN_TEMPLATE,
    CHOICES,
    {"start", "stop", "seats", "free", "price", "normative"},
    (FIRST_EXAMPLE, SECOND_EXAMPLE),
    "Одна строка — одна группа. Порядок столбцов любой, лишние не мешают.",
)


def template(form: Form = PROGRAMS) -> bytes:
    """The empty template, with example rows to write over."""
    return workbook(form.examples, form)


def workbook(lines: Iterable[Line], form: Form = PROGRAMS) -> bytes:
    """An XLSX with the form's columns and these lines, given by the columns' keys; what they lack stays empty."""
    from xlsxwriter import Workbook  # 50 ms and 12 MB of a start, for whoever writes one

    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": form.title, "created": MADE})
        _lines(book, form, lines)
        _explanation(book, form)
    return file.getvalue()


def _lines(book: "Workbook", form: Form, lines: Iterable[Line]) -> None:
    sheet = book.add_worksheet(form.sheet)
    required, optional = _heading(book, "#FFE08A"), _heading(book, "#E8E8E8")
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "dd.mm.yyyy"})
    for index, column in enumerate(form.columns):
        sheet.write_string(0, index, column.header, required if column.required else optional)
        # As text, so that the spreadsheet does not make a date of «7-9» nor eat the zeros of a code.
        kept = text if column.key not in form.not_texts else None
        sheet.set_column(index, index, max(14, len(column.header) + 2), kept)
        if column.key in form.choices:
            choices = {"validate": "list", "source": list(form.choices[column.key])}
            sheet.data_validation(1, index, LAST_CHOICE_ROW, index, choices)
    for row, line in enumerate(lines, start=1):
        for index, column in enumerate(form.columns):
            match line.get(column.key, ""):
                case date() as moment:
                    sheet.write_datetime(row, index, moment, day)
                case int(number):
                    sheet.write_number(row, index, number)
                case str(words) if words:
                    sheet.write_string(row, index, words, text)
    sheet.freeze_panes(1, 0)


def _explanation(book: "Workbook", form: Form) -> None:
    sheet = book.add_worksheet("Как заполнять")
    heading, wrapped = _heading(book, "#E8E8E8"), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 3, 60)
    for index, title in enumerate(("Столбец", "Обязательно", "Что писать", "Пример")):
        sheet.write_string(0, index, title, heading)
    for row, column in enumerate(form.columns, start=1):
        choices = form.choices.get(column.key, ())
        allowed = f"{column.format}: {', '.join(choices)}" if len(choices) > 2 else column.format
        example = str(form.examples[0].get(column.key, ""))
        for index, words in enumerate((column.header, "да" if column.required else "нет", allowed, example)):
            sheet.write_string(row, index, words, wrapped)
    sheet.write_string(len(form.columns) + 2, 0, form.advice)


def _heading(book: "Workbook", colour: str) -> "Format":
    return book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": colour})
