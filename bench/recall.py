"""Parents' lines with the programs that they should find, made by hand: is one of them among the first five? Also with a slip in each word."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from random import Random

from bot.registry.rows import Row

QUERIES = Path(__file__).parent / "queries.csv"
FIRST = 5
SHORTEST = 4
"""Letters of a word that a finger slips on; shorter ones are rather other words then."""
LETTERS = {
    "а": "оп",
    "о": "ал",
    "е": "ин",
    "и": "ет",
    "т": "ь",
    "с": "ч",
    "н": "г",
    "р": "п",
    "л": "д",
    "к": "у",
    "в": "ы",
    "м": "с",
    "у": "к",
}


@dataclass(frozen=True)
class Asked:
    """A line, the activities or programs that are right, and the conditions that a group of theirs must meet."""

    line: str
    wants: frozenset[str]
    conditions: Mapping[str, str]


def queries() -> list[Asked]:
    """In the order of the file."""
    with QUERIES.open(encoding="utf-8") as file:
        return [
            Asked(
                row["query"],
                frozenset(row["wants"].split("|")),
                dict(part.partition("=")[::2] for part in _parts(row["asked"])),
            )
            for row in csv.DictReader(file, delimiter=";")
        ]


def _parts(text: str) -> list[str]:
    """«age=7 place=Старый город»: a value may have spaces, a name has none."""
    parts: list[str] = []
    for word in text.split():
        if "=" in word or word == "seats":
            parts.append(word)
        else:
            parts[-1] += f" {word}"
    return parts


def right(asked: Asked, rows: Iterable[Row]) -> set[str]:
    """The programs, by their numbers in the registry, that a parent would be glad of."""
    return {row.program.external_id for row in rows if _right(asked, row)}


def _right(asked: Asked, row: Row) -> bool:
    if not asked.wants & {row.program.name, row.program.activity.replace("\xa0", " ")}:
        return False
    price = row.module.price if row.program.registry not in ("general", "significant", "preprofessional") else None
    free = price is None and row.program.registry != "commercial" or (price is not None and not price)
    roubles = 0 if free else price.kopecks // 100 if price is not None else 10**9
    days = {lesson.weekday + 1 for lesson in row.group.lessons}
    met = {
        "age": lambda value: row.program.age_min <= int(value) <= row.program.age_max,
        "place": lambda value: row.group.district == value,
        "price": lambda value: free,
        "days": lambda value: days <= set(map(int, value.split(","))),
        "after": lambda value: min(lesson.start for lesson in row.group.lessons) >= time.fromisoformat(value),
        "seats": lambda value: bool(row.group.free),
        "most": lambda value: roubles <= int(value),
        "monthly": lambda value: roubles <= int(value) * 9,
    }
    return all(met[name](value) for name, value in asked.conditions.items())


def slipped(line: str, seed: int) -> str:
    """The line with one slip of the finger in each word of four letters or more: a letter left out, doubled, swapped or another one."""
    chance = Random(f"{line}{seed}")
    return " ".join(_slip(word, chance) if _letters(word) >= SHORTEST else word for word in line.split())


def _letters(word: str) -> int:
    return sum(letter.isalpha() for letter in word)


def _slip(word: str, chance: Random) -> str:
    places = [at for at in range(1, len(word)) if word[at].isalpha() and word[at - 1].isalpha()]
    if not places or not word.isalpha():
        return word
    at = chance.choice(places)
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2:
            return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    return word[:at] + chance.choice(LETTERS.get(word[at].lower(), "e" if word.isascii() else "о")) + word[at + 1 :]


def share(found: Sequence[bool]) -> float:
    """Per cent."""
    return 100 * sum(found) / len(found)
