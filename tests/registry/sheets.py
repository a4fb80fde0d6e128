"""Registries as a clerk would send them, small enough to read in a test."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from bot.registry.parsing import Reading, parse

CELLS: Mapping[str, str] = {
    "Муниципалитет": "Город Апатиты",
    "Поставщик": "Дом творчества «Пример»",
    "Тип поставщика": "муниципальная",
    "Программа": "Робототехника",
    "Реестр": "сертифицированная",
    "Направленность": "Техническая",
    "Возраст": "7-9",
    "Группа": "Группа 1",
    "Начало занятий": "01.09.2026",
    "Окончание занятий": "31.05.2027",
    "Мест в группе": "12",
    "Населённый пункт": "Апатиты",
}


def csv_file(*rows: Sequence[str], separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_file(*rows: Sequence[object], merged: Sequence[str] = ()) -> bytes:
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for number, cells in enumerate(rows):
            for index, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(number, index, datetime(cell.year, cell.month, cell.day), day)
                elif cell == "#DIV/0!":
                    sheet.write_formula(number, index, "=1/0", None, cell)
                elif cell != "":
                    sheet.write(number, index, cell)
        for cells in merged:
            sheet.merge_range(cells, "")
            first = cells.split(":")[0]
            row, column = int(first[1:]) - 1, ord(first[0]) - ord("A")
            sheet.write(row, column, rows[row][column])
    return file.getvalue()


def line(**changes: str) -> list[str]:
    """The example line, some of its cells changed; keys are headers with _ for a space."""
    return [changes.get(header.replace(" ", "_"), cell) for header, cell in CELLS.items()]


def reading_of(cells: Mapping[str, str], without: Sequence[str] = ()) -> Reading:
    """What is read of one line: the example with these cells changed or added, under these headers."""
    whole = {header: cell for header, cell in {**CELLS, **cells}.items() if header not in without}
    return parse("реестр.csv", csv_file(list(whole), list(whole.values())))
