"""A large city's registry, the same every time: each of the 132 real activities in every district, and the sample's programs by their names.

Names tell the activity, or only a club's own name, often one that sounds like something else («Акварель» may teach chess): as in real registries.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files

from bench.process import ROOT
from bench.town import DISTRICTS
from bot.domain.money import ZERO, Money
from bot.registry.rows import GroupRow, Lesson, ModuleRow, ProgramRow, ProviderRow, Registry, Row

ROUNDS = 15
"""Programs of each activity."""
NAMES = (
    "{A}", "{A}: первые шаги", "Студия «{brand}»", "{A} для начинающих", "Клуб «{brand}»", "Мастерская «{brand}»",
    "{A}. Базовый уровень", "Школа «{brand}»: {a}", "{A}: продвинутый уровень", "Лаборатория «{brand}»", "Лето: {a}",
    "{A} плюс", "Каникулы с пользой: {a}", "Профи: {a}", "Секция «{brand}»",
)  # fmt: skip
BRANDS = (
    "Радуга", "Палитра", "Компас", "Олимп", "Мелодия", "Искра", "Дельфин", "Лидер", "Чемпион", "Фантазия", "Эврика", "Росток",
    "Каравелла", "Спектр", "Ладья", "Феникс", "Акварель", "Гармония", "Вертикаль", "Горизонт", "Орбита", "Созвездие", "Парус",
    "Маяк", "Родник", "Алые паруса", "Светлячок", "Жар-птица", "Самоцветы", "Ступени", "Импульс", "Вектор", "Пилигрим", "Северок",
    "Бригантина", "Калейдоскоп", "Вдохновение",
)  # fmt: skip
SAID = (
    "Занятия для тех, кто хочет узнать больше. {A}: от простого к сложному.",
    "{A}: учимся, играем и выступаем. Приходите на пробное занятие.",
    "Группы по возрасту, опытный педагог, выступления и праздники в конце года. {A}.",
)
PROVIDERS = (
    ("Дом творчества «{brand}»", "municipal"), ("Школа искусств № {n}", "municipal"), ("Спортивная школа № {n}", "municipal"),
    ("Центр развития «{brand}»", "private"), ("Технопарк «{brand}»", "state"), ("Клуб по месту жительства «{brand}»", "private"),
)  # fmt: skip
SPANS = ((5, 7), (7, 10), (9, 13), (12, 17), (6, 17))
PRICES: tuple[tuple[Registry, Money | None], ...] = (
    ("general", ZERO), ("certified", Money(1_260_000)), ("certified", Money(900_000)), ("significant", None), ("certified", Money(2_400_000)),
    ("general", ZERO), ("commercial", Money(3_600_000)),
)  # fmt: skip
WEEKS = (
    ((0, 15), (2, 15)), ((1, 17), (3, 17)), ((5, 10),), ((5, 11), (6, 11)), ((2, 16), (4, 16)), ((4, 18),), ((0, 18), (3, 18)),
)  # fmt: skip
"""Weekdays from 0 and hours."""


def rows(places: tuple[str, ...] = ("Город 1",)) -> Iterator[Row]:
    """The registry's lines of each of these municipalities."""
    start = datetime.now(UTC).date() - timedelta(days=60)
    line = 0
    for where, municipality in enumerate(places):
        for number, program in enumerate(_programs(municipality)):
            registry, price = PRICES[(number + number // 132) % len(PRICES)]
            program = replace(program, external_id=f"{where}-{number}", registry=registry)
            for turn in range(2):
                line += 1
                yield Row(
                    line, program, ModuleRow(f"{where}-{number}", "Учебный год", price), _group(number, turn, start)
                )


def _programs(municipality: str) -> Iterator[ProgramRow]:
    with (ROOT / "tools" / "sample_programs.csv").open(encoding="utf-8") as file:
        sample = list(csv.DictReader(file, delimiter=";"))
    with (files("bot") / "data" / "activities.csv").open(encoding="utf-8") as file:
        activities = list(csv.DictReader(file))
    for number, each in enumerate(sample):
        ages = int(each["youngest"]), int(each["oldest"])
        provider = _provider(number)
        yield ProgramRow(
            "",
            municipality,
            provider,
            each["name"],
            "general",
            each["direction"],
            *ages,
            each["activity"],
            each["description"],
        )
    for turn in range(ROUNDS):
        for number, each in enumerate(activities):
            name, brand = each["activity"], BRANDS[(number * 7 + turn * 3) % len(BRANDS)]
            words = {"A": name, "a": name[0].lower() + name[1:], "brand": brand}
            yield ProgramRow(
                "",
                municipality,
                _provider(number * 5 + turn),
                NAMES[turn].format_map(words),
                "general",
                _direction(each["direction"]),
                *SPANS[(turn + number) % len(SPANS)],
                name,
                SAID[(number + turn) % len(SAID)].format_map(words),
            )


def _direction(name: str) -> str:
    return "Техническая" if name.startswith("Техническая") else name


def _provider(number: int) -> ProviderRow:
    name, kind = PROVIDERS[number % len(PROVIDERS)]
    at = number // len(PROVIDERS) % 12
    inn = f"98{number % len(PROVIDERS):04}{at:04}"
    return ProviderRow(name.format(brand=BRANDS[at * 3 % len(BRANDS)], n=at + 1), kind, inn)  # type: ignore[arg-type]


def _group(number: int, turn: int, start: date) -> GroupRow:
    seats = 12
    lessons = tuple(
        Lesson(day, time(hour), time(hour + 1, 30))
        for day, hour in WEEKS[(number * 2 + number // 132 + turn * 2) % len(WEEKS)]
    )
    return GroupRow(
        f"{number}-{turn}",
        f"Группа {turn + 1}",
        start,
        date.fromordinal(start.toordinal() + 270),
        seats,
        "Город",
        free=(number * 7 + turn * 5) % 11,
        district=DISTRICTS[(number + number // 132 + turn * 5) % len(DISTRICTS)],
        lessons=lessons,
    )
