"""How many children live where, as a statistics office or a clerk writes it down."""

import pytest

from bot.registry import reasons
from bot.registry.population import BLANK, COLUMNS, POPULATION, PopulationRow, parse
from bot.registry.sheet import Reading
from tests.registry.sheets import csv_file, xlsx_file

HEADER = ("МО", "На 1 января", "Населённый пункт", "Возраст, лет", "Пол", "Численность детей")


def reading(*rows: tuple[str, ...]) -> Reading[PopulationRow]:
    return parse("дети.csv", csv_file(HEADER, *rows, encoding="cp1251"))


def row(**changes: str) -> tuple[str, ...]:
    usual = {"place": "Апатиты", "year": "2026", "district": "Центр", "age": "7", "sex": "девочки", "children": "1 268"}
    return tuple({**usual, **changes}.values())


def reason(read: Reading[PopulationRow]) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.reason) for error in read.errors]


def test_the_template_gives_its_two_examples_and_every_header_is_known() -> None:
    read = parse("template.xlsx", BLANK.empty())
    assert read.errors == read.notes == ()
    assert [(each.age, each.sex, each.children) for each in read.rows] == [(7, "f", 268), (7, "m", 281)]
    assert list(POPULATION.heading([column.header for column in COLUMNS]).columns) == [column.key for column in COLUMNS]


def test_a_clerks_own_table_is_understood() -> None:
    title = ("Численность детей", "", "", "", "", "")
    sheet = xlsx_file(title, HEADER, ("Апатиты", 2026, "Центр", 7, "Ж", 12.0), ("Апатиты", 2026, "Центр", 7, "муж.", 0))
    read = parse("дети.xlsx", sheet)
    assert read.errors == ()
    assert [(each.number, each.year, each.sex, each.children) for each in read.rows] == [
        (3, 2026, "f", 12),
        (4, 2026, "m", 0),
    ]
    assert reading(row()).rows[0].children == 1268


@pytest.mark.parametrize(
    ("changes", "column", "why"),
    [
        ({"children": "много"}, HEADER[5], reasons.NOT_A_NUMBER),
        ({"children": ""}, HEADER[5], reasons.MISSING),
        ({"age": "19"}, HEADER[3], reasons.OUT_OF_RANGE),
        ({"age": "7–9"}, HEADER[3], reasons.NOT_A_NUMBER),
        ({"year": "26"}, HEADER[1], reasons.OUT_OF_RANGE),
        ({"sex": "?"}, HEADER[4], reasons.NOT_A_SEX),
        ({"place": ""}, HEADER[0], reasons.MISSING),
    ],
)
def test_a_bad_row_says_why(changes: dict[str, str], column: str, why: str) -> None:
    read = reading(row(sex="мальчики"), row(**changes))
    assert reason(read) == [(3, column, why)] and len(read.rows) == 1


def test_nobody_is_counted_twice() -> None:
    assert reason(reading(row(), row(place="АПАТИТЫ"))) == [(3, HEADER[5], reasons.COUNTED_ALREADY)]
    assert reason(reading(row(), row(sex=""))) == [(3, HEADER[4], reasons.TOTAL_AND_PARTS)]
    assert reason(reading(row(district=""), row())) == [(3, HEADER[2], reasons.TOTAL_AND_PARTS)]
    assert reason(reading(row(), row(sex="м"), row(age="8"), row(district="Юг"), row(year="2027"))) == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("дети.xlsx", b"PK\x03\x04 broken", reasons.BROKEN_FILE),
        ("дети.csv", csv_file(HEADER[:5], row()[:5]), reasons.MISSING_COLUMN),
        ("дети.csv", csv_file(HEADER), reasons.NO_ROWS),
    ],
)
def test_a_file_without_rows_is_explained(name: str, content: bytes, why: str) -> None:
    assert [each.reason for each in parse(name, content).errors] == [why]
