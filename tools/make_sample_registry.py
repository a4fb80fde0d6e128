"""Makes the sample registry: bot/data/sample_registry.xlsx, the same file every time.

    python -m tools.make_sample_registry

Municipalities, settlements and activities are real (bot/data); the shares of prices and directions are those that the
registry of Murmansk oblast had in May and June 2026. Providers, addresses, phones and prices are made up: the numbers
begin with 00 after the city code and are nobody's, sites are under .example, tax numbers belong to no region.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from bot.registry.template import Line, workbook

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "bot" / "data"
SAMPLE = DATA / "sample_registry.xlsx"
SEED = 51
PROGRAMS = 480

PRICES = {"unknown": 2040, "free": 2998, "1–5000": 3, "5001–10000": 4, "10001+": 569}
DIRECTIONS = {
    "Художественная": 1585,
    "Социально-гуманитарная": 1179,
    "Физкультурно-спортивная": 1176,
    "Техническая": 985,
    "Естественнонаучная": 524,
    "Туристско-краеведческая": 165,
}
# Where children learn, and how much of it there is: settlement (or a district of the city) → weight.
PLACES = {
    **{"Ленинский округ": 42, "Октябрьский округ": 42, "Первомайский округ": 42, "Североморск": 32, "Апатиты": 30},
    **{"Мончегорск": 26, "Кандалакша": 22, "Кировск": 18, "Оленегорск": 16, "Ковдор": 14, "Полярные Зори": 13},
    **{"Заполярный": 13, "Никель": 10, "Кола": 11, "Мурмаши": 9, "Снежногорск": 10, "Полярный": 10, "Гаджиево": 8},
    **{"Заозерск": 8, "Ревда": 8, "Умба": 8, "Видяево": 7, "Ловозеро": 6, "Молочный": 5, "Зеленоборский": 5},
    **{"Сафоново": 5, "Островной": 4, "Тулома": 4, "Алакуртти": 4, "Печенга": 4, "Верхнетуломский": 3, "Шонгуй": 3},
    **{"Африканда": 3, "Ёнский": 3},
}
A_CITY, A_TOWN = 20, 12
STREETS = ("Школьная", "Северная", "Полярная", "Советская", "Мира", "Молодёжная", "Лесная", "Набережная", "Садовая")
NAMES = (
    *("Полярная звезда", "Радуга", "Горизонт", "Берег", "Созвездие", "Север", "Маяк", "Родник", "Парус", "Искра"),
    *("Лапландия", "Вертикаль", "Снежинка", "Компас", "Заря", "Старт", "Орбита", "Морошка", "Сполохи", "Олимп"),
)
ALL = tuple(DIRECTIONS)
# What kinds of providers there are, how big a place must be to have one, and what it teaches.
PROVIDERS = (
    ("Центр творчества", "муниципальная", 0, ALL),
    ("Спортивная школа", "муниципальная", A_TOWN, ("Физкультурно-спортивная",)),
    ("Детский технопарк", "государственная", A_CITY, ("Техническая", "Естественнонаучная")),
    ("Студия", "частная", A_CITY, ("Художественная", "Социально-гуманитарная")),
    ("Спортивный клуб", "частная", A_CITY, ("Физкультурно-спортивная",)),
)
YEAR = ("Учебный год", date(2026, 9, 1), date(2027, 5, 31))
AUTUMN = ("Первое полугодие", date(2026, 9, 1), date(2026, 12, 31))
SPRING = ("Второе полугодие", date(2027, 1, 1), date(2027, 5, 31))
SUMMER = ("Летний модуль", date(2027, 6, 1), date(2027, 7, 31))
WEEK = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб")


@dataclass(frozen=True)
class Place:
    municipality: str
    settlement: str
    district: str
    weight: int


@dataclass(frozen=True)
class Provider:
    fields: Line
    directions: Sequence[str]
    taught: set[str] = field(default_factory=set)


def lines(seed: int = SEED) -> Iterator[Line]:
    """The registry's lines, one for each group, by the keys of the template's columns."""
    chance = Random(seed)
    places = _places()
    providers = _providers(places, chance)
    directions = _deck(DIRECTIONS, chance)
    catalogue = _catalogue(chance)
    groups = 0
    for number, (place, price) in enumerate(_slots(places, chance), start=1):
        direction = directions[number - 1]
        provider = chance.choice([each for each in providers[place] if direction in each.directions])
        program = next(each for each in catalogue[direction] if each["name"] not in provider.taught)
        catalogue[direction].remove(program)
        catalogue[direction].append(program)
        provider.taught.add(program["name"])
        fields: Line = {
            **provider.fields,
            "program_id": f"П-{number:03}",
            "program": program["name"],
            "description": program["description"],
            "direction": direction,
            "activity": program["activity"],
            "registry": _registry(direction, price, chance),
            "age": f"{program['youngest']}–{program['oldest']}",
            "ovz": "да" if program["activity"] == "Адаптивный спорт" or chance.random() < 0.04 else "нет",
            "form": "очная",
        }
        for index, module in enumerate(_modules(fields["registry"], price, chance), start=1):
            for group in range(1, chance.choice((1, 1, 1, 2, 2, 3)) + 1):
                groups += 1
                ids: Line = {"module_id": f"М-{number:03}-{index}", "group_id": f"Г-{groups:04}"}
                yield {**fields, **module, **ids, **_group(group, int(program["youngest"]), chance)}


def _places() -> list[Place]:
    with open(DATA / "settlements.csv", encoding="utf-8") as file:
        known = {row["district"] or row["settlement"]: row for row in csv.DictReader(file)}
    return [
        Place(known[name]["municipality"], known[name]["settlement"], known[name]["district"], weight)
        for name, weight in PLACES.items()
    ]


def _providers(places: Sequence[Place], chance: Random) -> Mapping[Place, Sequence[Provider]]:
    names = {what: chance.sample(NAMES, len(NAMES)) for what, *_ in PROVIDERS}
    providers: dict[Place, list[Provider]] = {place: [] for place in places}
    number = 0
    for index, place in enumerate(places):
        for what, kind, weight, directions in PROVIDERS:
            if place.weight < weight:
                continue
            number += 1
            fields: Line = {
                "municipality": place.municipality,
                "settlement": place.settlement,
                "district": place.district,
                "provider": f"{what} «{names[what][index % len(NAMES)]}»",
                "kind": kind,
                "inn": _inn(number),
                "phone": f"+7 8152 00-{number // 100:02}-{number % 100:02}",
                "site": f"https://kruzhki{number}.example",
                "email": f"info@kruzhki{number}.example",
                "address": f"ул. {chance.choice(STREETS)}, д. {chance.randint(1, 40)}",
            }
            providers[place].append(Provider(fields, directions))
    return providers


def _inn(number: int) -> str:
    """A tax number that is right by its check digit, of a region that does not exist."""
    digits = f"98000{number:04}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8), strict=True))
    return f"{digits}{total % 11 % 10}"


def _catalogue(chance: Random) -> Mapping[str, list[dict[str, str]]]:
    """Programs by direction: the name, the activity, the ages and a sentence for parents."""
    with open(ROOT / "tools" / "sample_programs.csv", encoding="utf-8") as file:
        programs = list(csv.DictReader(file, delimiter=";"))
    chance.shuffle(programs)
    return {direction: [each for each in programs if each["direction"] == direction] for direction in DIRECTIONS}


def _shared(weights: Mapping[str, int], total: int) -> dict[str, int]:
    """A whole number divided in these proportions; what rounding leaves goes to the largest remainders."""
    whole = sum(weights.values())
    shares = {name: weight * total // whole for name, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda name: weights[name] * total % whole, reverse=True)
    for name in by_remainder[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def _deck(weights: Mapping[str, int], chance: Random) -> list[str]:
    """PROGRAMS cards in these proportions, shuffled."""
    cards = [name for name, cards in _shared(weights, PROGRAMS).items() for _ in range(cards)]
    chance.shuffle(cards)
    return cards


def _slots(places: Sequence[Place], chance: Random) -> list[tuple[Place, str]]:
    """Where each program is, and whether it has a price: every place gets a priced one, the largest get the others."""
    sizes = _shared(PLACES, PROGRAMS)
    slots = [place for place in places for _ in range(sizes[place.district or place.settlement])]
    prices = _deck(PRICES, chance)
    dear = [price for price in prices if price not in ("unknown", "free")]
    others = [price for price in prices if price in ("unknown", "free")]
    largest = sorted(places, key=lambda place: -place.weight)
    turns = largest + largest[:3] * 3 + largest[3:]
    priced = list(zip(turns, dear, strict=False))
    for place, _ in priced:
        slots.remove(place)
    return priced + list(zip(slots, others, strict=True))


def _registry(direction: str, price: str, chance: Random) -> str:
    if price not in ("unknown", "free"):
        return "сертифицированная"
    if direction in ("Художественная", "Физкультурно-спортивная") and chance.random() < 0.1:
        return "предпрофессиональная"
    if price == "unknown" and chance.random() < 0.06:
        return "платная"
    return "значимая" if chance.random() < 0.15 else "общеразвивающая"


def _modules(registry: object, price: str, chance: Random) -> Iterator[Line]:
    spans = chance.choices(((YEAR,), (AUTUMN, SPRING), (AUTUMN,), (SUMMER,)), (72, 18, 6, 4))[0]
    for name, start, stop in spans:
        line: Line = {"module": name, "start": start, "stop": stop}
        if price == "free":
            line = {**line, "price": "бесплатно"}
        elif price != "unknown":
            rubles = _rubles(price, name == YEAR[0], chance)
            norm = rubles if chance.random() < 0.6 else rubles * chance.choice((85, 90, 95, 105)) // 1000 * 10
            line = {**line, "price": f"{rubles},{chance.choice(('00', '00', '50', '29'))}", "normative": norm}
        yield line


def _rubles(price: str, whole_year: bool, chance: Random) -> int:
    match price:
        case "1–5000":
            return chance.randrange(1_500, 5_000, 20)
        case "5001–10000":
            return chance.randrange(5_100, 10_000, 20)
        case _:
            return chance.randrange(12_000, 27_000, 60) if whole_year else chance.randrange(10_080, 14_000, 20)


def _group(number: int, youngest: int, chance: Random) -> Line:
    seats = chance.randint(8, 20)
    return {
        "group": f"Группа {number}",
        "seats": seats,
        "free": chance.choice((0, seats, chance.randint(1, seats), chance.randint(1, seats))),
        "timetable": _timetable(youngest, chance),
        "open": "да" if chance.random() < 0.95 else "нет",
    }


def _timetable(youngest: int, chance: Random) -> str:
    days = sorted(chance.sample(range(len(WEEK)), chance.choice((1, 2, 2, 2, 3))))
    minutes = 45 if youngest < 7 else chance.choice((60, 90))
    start = chance.choice((15, 16, 17, 18)) * 60 + chance.choice((0, 0, 30))
    room = f", каб. {chance.randint(1, 30)}" if chance.random() < 0.3 else ""
    weeks = chance.choice((" (чётные недели)", " (нечётные недели)")) if chance.random() < 0.03 else ""
    weekdays = [WEEK[day] for day in days if day < 5]
    parts = [f"{', '.join(weekdays)} {_span(start, minutes)}{weeks}{room}"] if weekdays else []
    if 5 in days:
        parts.append(f"Сб {_span(chance.choice((10, 11, 12)) * 60, minutes)}{room}")
    return "; ".join(parts)


def _span(start: int, minutes: int) -> str:
    stop = start + minutes
    return f"{start // 60:02}:{start % 60:02}–{stop // 60:02}:{stop % 60:02}"


def main() -> None:
    made = list(lines())
    SAMPLE.write_bytes(workbook(made))
    programs = {line["program_id"]: line for line in made}
    directions = Counter(str(line["direction"]) for line in programs.values())
    registries = Counter(str(line["registry"]) for line in programs.values())
    places = {(line["settlement"], line["district"]) for line in made}
    print(f"{len(programs)} programs, {len(made)} groups, {len(places)} places, {SAMPLE.stat().st_size // 1024} KB")
    for counted in (directions, registries):
        print("; ".join(f"{name} {number}" for name, number in counted.most_common()))


if __name__ == "__main__":
    main()
