"""The template of a registry of programs, with two example rows."""

from collections.abc import Iterable

from bot.registry.blank import Blank, Line
from bot.registry.columns import COLUMNS
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


BLANK = Blank(
    "Реестр программ",
    "Реестр",
    IN_TEMPLATE,
    (FIRST_EXAMPLE, SECOND_EXAMPLE),
    "Одна строка — одна группа. Порядок столбцов любой, лишние не мешают.",
    frozenset({"start", "stop", "seats", "free", "price", "normative"}),
    CHOICES,
)


def template() -> bytes:
    """The empty template, with two example rows to write over."""
    return BLANK.empty()


def workbook(lines: Iterable[Line]) -> bytes:
    """An XLSX with the template's columns and these lines, given by the columns' keys; what they lack stays empty."""
    return BLANK.workbook(lines)
