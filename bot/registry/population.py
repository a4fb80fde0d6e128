"""How many children live where (R10.1): a spreadsheet of the statistics office, or one that a clerk filled in, → its rows.

Numbers that are summed are right together or not at all, so whoever imports them takes a file only if every row was understood.
"""

from dataclasses import dataclass
from typing import Literal

from bot.registry import reasons, sheet, values
from bot.registry.blank import Blank
from bot.registry.form import Column, form
from bot.registry.line import Line
from bot.registry.reading import read
from bot.registry.reasons import Unclear
from bot.registry.rows import folded
from bot.registry.sheet import Reading

Sex = Literal["f", "m", ""]
OLDEST = 18
MOST = 1_000_000
SEXES: dict[str, Sex] = {
    **dict.fromkeys(
        ("ж", "жен", "женский", "женщины", "д", "дев", "девочка", "девочки", "девушки", "f", "female"), "f"
    ),
    **dict.fromkeys(("м", "муж", "мужской", "мужчины", "мальчик", "мальчики", "юноши", "m", "male"), "m"),
    **dict.fromkeys(("все", "оба пола", "оба"), ""),
}

COLUMNS = (
    Column("municipality", "Муниципалитет", True, "название, как в вашей системе"),
    Column("year", "Год", True, "число живущих на 1 января этого года: 2026"),
    Column(
        "district", "Район", False, "район города или населённый пункт, как в вашей системе; пусто, если не разделено"
    ),
    Column("age", "Возраст", True, "полных лет, одно число от 0 до 18"),
    Column("sex", "Пол", False, "девочки или мальчики; пусто, если не разделено"),
    Column("children", "Детей", True, "целое число"),
)
NAMES = """
municipality: муниципальное образование, мо, муниципальный округ, городской округ, наименование муниципалитета
year: на 1 января, год переписи, отчетный год
district: район города, округ, населенный пункт, поселение, микрорайон, территория
age: лет, полных лет, возраст лет
sex: пол ребенка
children: число детей, количество детей, численность, численность детей, население, человек, всего детей, кол во детей
"""
POPULATION = form(COLUMNS, NAMES)
BLANK = Blank(
    "Дети по районам и возрастам",
    "Дети",
    COLUMNS,
    (
        {
            "municipality": "Город Апатиты",
            "year": 2026,
            "district": "Апатиты",
            "age": 7,
            "sex": "девочки",
            "children": 268,
        },
        {
            "municipality": "Город Апатиты",
            "year": 2026,
            "district": "Апатиты",
            "age": 7,
            "sex": "мальчики",
            "children": 281,
        },
    ),
    "Одна строка — дети одного возраста в одном районе. Итогов не нужно. Повторная загрузка заменяет год муниципалитета целиком.",
    frozenset({"year", "age", "children"}),
    {"sex": ("девочки", "мальчики")},
)


@dataclass(frozen=True)
class PopulationRow:
    """Children of one age who lived in a district on 1 January of a year; no district, no sex: not told apart."""

    number: int
    municipality: str
    year: int
    district: str
    age: int
    sex: Sex
    children: int


def parse(name: str, content: bytes) -> Reading[PopulationRow]:
    """Reads a file's bytes. Raises nothing: an unreadable file is an error of row 0."""
    told = _Told()

    def counted(line: Line) -> PopulationRow:
        row = _row(line)
        if not line.errors:
            told.once(row, line)
        return row

    return sheet.rows(lambda: read(name, content, POPULATION), counted)


def _row(line: Line) -> PopulationRow:
    return PopulationRow(
        line.number,
        line.must("municipality", values.name, ""),
        line.must("year", _year, 0),
        line.may("district", values.name, ""),
        line.must("age", _age, 0),
        line.may("sex", _sex, ""),
        line.must("children", _children, 0),
    )


class _Told:
    """Who has been counted: nobody is counted twice, neither by two rows alike nor by a total and its parts."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, int, int], dict[str, int]] = {}
        self.sexes: dict[tuple[str, int, int, str], dict[Sex, int]] = {}

    def once(self, row: PopulationRow, line: Line) -> None:
        """Blames the line for the column in which it counts again what an earlier one has counted."""
        of_year, district = (folded(row.municipality), row.year, row.age), folded(row.district)
        places = self.places.setdefault(of_year, {})
        sexes = self.sexes.setdefault((*of_year, district), {})
        if row.sex in sexes:
            return line.blame("children", Unclear(reasons.COUNTED_ALREADY, sexes[row.sex]))
        if total := _mixed(sexes, row.sex):
            return line.blame("sex", Unclear(reasons.TOTAL_AND_PARTS, total))
        if total := _mixed(places, district):
            return line.blame("district", Unclear(reasons.TOTAL_AND_PARTS, total))
        sexes[row.sex] = places[district] = row.number


def _mixed(told: "dict[str, int] | dict[Sex, int]", mine: str) -> int:
    """The row that tells a total where mine is a part, or a part where mine is the total; 0: none does."""
    return next((row for each, row in told.items() if bool(each) != bool(mine)), 0)


def _year(written: str) -> int:
    return _within(values.whole(written), values.YEARS)


def _age(written: str) -> int:
    return _within(values.whole(written), range(OLDEST + 1))


def _children(written: str) -> int:
    return _within(values.whole(written), range(MOST + 1))


def _within(number: int, limits: range) -> int:
    if number not in limits:
        raise Unclear(reasons.OUT_OF_RANGE, number)
    return number


def _sex(written: str) -> Sex:
    plain = written.casefold().replace("ё", "е").strip(". ")
    if plain not in SEXES:
        raise Unclear(reasons.NOT_A_SEX, written)
    return SEXES[plain]
