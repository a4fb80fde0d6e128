"""A spreadsheet of certificates: how clerks write it, and what is wrong with a row."""

from datetime import date

import pytest

from bot.domain.application import FullName
from bot.domain.money import Money
from bot.registry import reasons
from bot.registry.certificate_template import BLANK
from bot.registry.certificates import parse
from bot.registry.line import Note
from tests.registry.sheets import csv_file

ROW = {
    "Номер сертификата": "5101000017",
    "ФИО ребёнка": "Примерова Вера Ивановна",
    "Дата рождения": "14.03.2017",
    "Пол": "Ж",
    "Тип сертификата": "Сертификат ПФ",
    "Группа": "",
    "Номинал": "12 000",
    "Остаток на сертификате, руб.": "8 792,06",
    "Телефон": "",
}


def reads(*changes):
    rows = [{**ROW, **each} for each in changes]
    return parse("остатки.csv", csv_file(list(rows[0]), *(list(row.values()) for row in rows)))


def test_the_template_is_read_by_its_own_reader():
    reading = parse("шаблон.xlsx", BLANK.empty())
    assert reading.errors == reading.notes == ()
    funded, accounting = reading.rows
    assert (funded.number, funded.name) == ("5101000017", FullName("Примерова", "Вера", "Ивановна"))
    assert (funded.birth_date, funded.sex, funded.kind) == (date(2017, 3, 14), "f", "funded")
    assert (funded.balance, funded.contact) == (Money(8792_06), "+78152000017")
    assert (accounting.name, accounting.kind, accounting.balance) == (FullName("Образцов", "Илья"), "accounting", None)


def test_a_name_in_three_columns_and_a_zero_that_the_spreadsheet_ate():
    header = ["Фамилия", "Имя", "Отчество", "Номер", "Дата рождения", "Вид"]
    cells = ["петров", "ПЁТР", "Тагир оглы", "101000017", "2012-02-29", "учета"]
    (row,) = parse("а.csv", csv_file(header, cells)).rows
    assert (row.name, row.number) == (FullName("Петров", "Пётр", "Тагир оглы"), "0101000017")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Номер сертификата": "51-01"}, reasons.NOT_A_CERTIFICATE),
        ({"ФИО ребёнка": "Вера"}, reasons.NAME_TOO_SHORT),
        ({"ФИО ребёнка": "Примерова В3ра"}, reasons.NOT_A_NAME),
        ({"Дата рождения": "14.03.17"}, reasons.SHORT_YEAR),
        ({"Пол": "кот"}, reasons.NEITHER_M_NOR_F),
        ({"Тип сертификата": "подарочный"}, reasons.NOT_A_CERTIFICATE_KIND),
        ({"Тип сертификата": "учёта"}, reasons.NO_MONEY_HERE),
        ({"Остаток на сертификате, руб.": ""}, reasons.MISSING),
        ({"Остаток на сертификате, руб.": "12000,01"}, reasons.MORE_THAN_NOMINAL),
        ({"Остаток на сертификате, руб.": "=B2*0,5"}, reasons.FORMULA),
    ],
)
def test_what_is_wrong_is_told_of_its_row(changes, reason):
    reading = reads({"Номер сертификата": "5101000025", "ФИО ребёнка": "Образцов Илья"}, changes)
    assert [(error.row, error.reason) for error in reading.errors] == [(3, reason)]
    assert [row.row for row in reading.rows] == [2]


def test_a_number_or_a_child_that_stands_there_twice_is_taken_once():
    reading = reads({}, {"ФИО ребёнка": "Образцов Илья"}, {"Номер сертификата": "5101000033"})
    assert [(error.row, error.reason) for error in reading.errors] == [
        (3, reasons.SAME_NUMBER),
        (4, reasons.SAME_CHILD),
    ]


def test_a_bad_contact_loses_no_certificate():
    reading = reads({"Телефон": "спросить у бабушки"})
    assert len(reading.rows) == 1
    assert reading.notes == (Note(2, "Телефон", reasons.NOT_A_PHONE, "спросить у бабушки"),)
