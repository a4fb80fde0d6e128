"""Pictures of reports: the right lengths, every word escaped, nothing said by colour alone; and workbooks that reckon nothing."""

import re
from datetime import date
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from python_calamine import load_workbook

from bot.domain.calendar import Month
from bot.domain.money import Money
from bot.i18n import _
from bot.office.charts import TRACK, Bar, Chart, Goal, svg
from bot.office.export import Percent, Table, written, xlsx

HOSTILE = '"><script>alert(1)</script>&'
SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: Chart) -> ElementTree.Element:
    """The picture, if it is well-formed."""
    return ElementTree.fromstring(
        str(svg(chart, "p", "en")).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


def parts_of(picture: ElementTree.Element) -> list[ElementTree.Element]:
    """What the bars are made of; the tracks below them have no pattern."""
    wide = [rect for rect in picture.iter(f"{SVG}rect") if rect.get("width", "").endswith("%")]
    return [rect for rect in wide if rect.get("fill", "").startswith("url")]


def test_a_bar_is_as_long_as_its_value_and_the_goal_stands_across() -> None:
    picture = drawn(
        Chart("Coverage", "So many.", (Bar("North", (50,), "50%"), Bar("South", (0,), "0%")), goal=Goal(25, "goal"))
    )
    bars = parts_of(picture)
    assert [bar.get("width") for bar in bars] == [f"{TRACK:.2f}%"]
    assert {line.get("x1") for line in picture.iter(f"{SVG}line")} == {f"{TRACK / 2:.2f}%"}
    assert [text.text for text in picture.iter(f"{SVG}text")] == ["goal", "North", "50%", "South", "0%"]
    assert int(picture.get("height", "0")) > 0


def test_parts_stand_one_after_another_each_in_its_own_pattern_and_are_named() -> None:
    picture = drawn(
        Chart("Money", "Where it is.", (Bar(Month(2026, 9), (30, 0, 10), Money(4000)),), ("Paid", "Held", "Free"))
    )
    bars = parts_of(picture)
    assert [(bar.get("x"), bar.get("fill")) for bar in bars] == [
        ("0.00%", "url(#p-0)"),
        (f"{TRACK * 0.75:.2f}%", "url(#p-2)"),
    ]
    patterns = [ElementTree.tostring(pattern) for pattern in picture.iter(f"{SVG}pattern")]
    assert len({re.sub(rb'id="\S+"|#\w{6}', b"", pattern) for pattern in patterns}) == 3, "in grey they still differ"
    assert [text.text for text in picture.iter(f"{SVG}text")] == ["Paid", "Held", "Free", "September 2026", "₽40"]


def test_a_picture_is_read_aloud_and_runs_nothing() -> None:
    chart = Chart(HOSTILE, HOSTILE, (Bar(HOSTILE * 9, (1,), HOSTILE),), (HOSTILE,), Goal(1, HOSTILE))
    picture = drawn(chart)
    assert picture.get("role") == "img" and picture.get("aria-labelledby") == "p-title p-says"
    assert [picture.find(f"{SVG}{name}").text for name in ("title", "desc")] == [HOSTILE, HOSTILE]  # type: ignore[union-attr]  # else it fails
    assert not list(picture.iter(f"{SVG}script"))
    assert "style=" not in svg(chart, "p", "en"), "the content security policy forbids it"


def test_what_people_have_typed_never_becomes_a_formula() -> None:
    typed = ('=HYPERLINK("https://x.example")', "+7 900", "-1", "@SUM(A1)", "\t=1", "\r=1", "plain", "x" * 40_000)
    content = xlsx([Table("=A[1]", (_("Name"),), tuple((each,) for each in typed)), Table("=a[1]", (), ())], "en")
    with ZipFile(BytesIO(content)) as packed:
        sheets = [packed.read(name).decode() for name in packed.namelist() if "worksheets" in name]
        styles = packed.read("xl/styles.xml").decode()
    assert not any(re.search(r"<f[ >]|<hyperlink", sheet) for sheet in sheets)
    quoted = styles[styles.index("<cellXfs") :].split("<xf ")[1:]
    number = next(index for index, form in enumerate(quoted) if 'quotePrefix="1"' in form)
    assert re.findall(rf'r="A(\d)" s="{number}"', sheets[0]) == ["2", "3", "4", "5", "6", "7"]
    with load_workbook(BytesIO(content)) as book:
        assert len(set(book.sheet_names)) == 2 and all(len(name) <= 31 for name in book.sheet_names)
        cells = [row[0] for row in book.get_sheet_by_index(0).to_python()]
    assert cells[1:4] == list(typed[:3]) and cells[7] == "plain" and len(cells[8]) == 32_767


def test_numbers_stay_numbers_and_are_read_the_readers_way() -> None:
    row = ("North", 1234, Money(123_456), Percent(12.34), None, date(2026, 9, 1))
    with load_workbook(BytesIO(xlsx([Table("T", ("",) * 6, (row,))], "ru"))) as book:
        assert book.get_sheet_by_index(0).to_python()[1] == ["North", 1234, 1234.56, 0.1234, "", date(2026, 9, 1)]
    assert [written(cell, "ru") for cell in row[1:]] == [
        "1\xa0234",
        "1\xa0234,56\xa0₽",
        "12,3 %",
        "—",
        "1 сентября 2026",
    ]
    assert written(4.444, "en") == "4.44"
