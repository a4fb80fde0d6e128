"""The template that clerks fill in is read by our own reader."""

from io import BytesIO

import pytest
from python_calamine import load_workbook

from bot.registry import values
from bot.registry.columns import COLUMNS, REGISTRY
from bot.registry.form import Column
from bot.registry.parsing import parse
from bot.registry.template import CHOICES, IN_TEMPLATE, template, workbook


def test_the_template_gives_its_two_examples_and_no_errors():
    read = parse("template.xlsx", template())
    assert read.errors == read.notes == ()
    assert [row.group.name for row in read.rows] == ["Группа 1", "Группа 2"]
    assert read.rows[0].program == read.rows[1].program
    assert [len(row.group.lessons) for row in read.rows] == [2, 2]


def test_the_second_sheet_explains_every_column():
    with load_workbook(BytesIO(template())) as book:
        explained = book.get_sheet_by_index(1).to_python()
    told = {row[0]: row[1] for row in explained[1:] if row[2]}
    assert told == {column.header: "да" if column.required else "нет" for column in IN_TEMPLATE}
    assert all(row[2] for row in explained[: len(IN_TEMPLATE) + 1])


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_the_templates_own_headers_are_known(column: Column):
    assert REGISTRY.heading([column.header]).columns == {column.key: 0}


@pytest.mark.parametrize(
    ("key", "parser"),
    [
        ("direction", values.direction),
        ("registry", values.registry),
        ("kind", values.kind),
        ("ovz", values.yes_or_no),
        ("open", values.yes_or_no),
    ],
)
def test_every_choice_that_is_offered_is_understood(key, parser):
    understood = [parser(choice) for choice in CHOICES[key]]
    assert len(set(understood)) == len(CHOICES[key])


def test_the_same_lines_are_the_same_file():
    assert template() == template()


def test_a_text_that_looks_like_a_formula_stays_a_text():
    content = workbook([{"program": '=HYPERLINK("https://primer.example")'}])
    with load_workbook(BytesIO(content)) as book:
        row = book.get_sheet_by_index(0).to_python()[1]
    assert '=HYPERLINK("https://primer.example")' in row
