"""A parent's line in parts: age, price, days and hours, places that are near; what remains are words to search by.

Pure: the rules of understanding_rules.py over a folded line (small letters, ё = е). Places, providers and typos need the catalogue's own words and
are understood where those are kept.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain import understanding_words as say
from bot.domain.catalogue import OLDEST, YOUNGEST, Direction, Filters
from bot.domain.messages import Query
from bot.domain.money import Money
from bot.domain.understanding_rules import RULES, bare_age


@dataclass(frozen=True)
class Line:
    """What a line asks for: fields of `Filters` by name, and the rest of it, a word after another."""

    asked: dict[str, Any]
    rest: tuple[str, ...]
    odd_age: bool = False
    """An age was told for which there are no certificates (R2.2)."""
    unwanted: tuple[str, ...] = ()
    """Words that stand behind «not»: some of them name a kind of club («не танцы»), others do not («не умеет»)."""

    @property
    def words(self) -> tuple[str, ...]:
        """The rest without what says nothing of a club."""
        return tuple(word for word in self.rest if word not in say.IDLE)


@dataclass(frozen=True)
class Heard:
    """A line as it was understood: the filters that it asks for. `empty`: nothing of it was; `any_club`: but it is about clubs.

    `elsewhere`: it names another municipality, where the reader's certificate pays for nothing (R1.2).
    """

    filters: Filters
    odd_age: bool = False
    empty: bool = False
    any_club: bool = False
    elsewhere: str = ""


@dataclass(frozen=True)
class HearLine(Query[Heard]):
    """How is this line to be understood, above what was asked for before? A part that it names replaces the earlier one."""

    text: str
    filters: Filters = field(default_factory=Filters)


def folded(text: str) -> str:
    """Small letters, ё = е, one kind of dash and space."""
    return " ".join(re.sub("[–—−‑]", "-", text.casefold().replace("ё", "е")).replace("\xa0", " ").split())


def understand(text: str) -> Line:
    """A line in parts. The first of several ages, prices or hours counts; days add up."""
    found: dict[str, Any] = {}
    unwanted: list[str] = []
    other_days: set[int] = set()
    odd = False
    rest = f" {folded(text)} "
    for pattern, meaning in RULES:
        for match in pattern.finditer(rest):
            fields = meaning(match)
            if fields is None:
                continue
            unwanted += fields.pop("unwanted", ())
            other_days |= {*fields.pop("other_days", ())}
            if "age" in fields and not YOUNGEST <= fields["age"] <= OLDEST:
                odd, fields = True, {}
            if "age" in found:
                fields.pop("other_age", None)
            days = tuple(sorted({*found.get("days", ()), *fields.get("days", ())}))
            found = {**fields, **found, **({"days": days} if days else {})}
            put = " у " if "near" in fields else " "
            rest = rest[: match.start()] + put.ljust(match.end() - match.start()) + rest[match.end() :]
    if "age" not in found and not odd:
        rest, found = bare_age(rest, found)
    if other_days:
        found["days"] = tuple(day for day in found.get("days", range(1, 8)) if day not in other_days)
    if "free" in found:
        found = {"price": "free", **{name: value for name, value in found.items() if name != "free"}}
    return Line(found, tuple(WORD.findall(rest)), odd, tuple(unwanted))


WORD = re.compile(r"[^\W_]+(?:[-+#][^\W_]*)*")


def direction_of(words: tuple[str, ...]) -> Direction | None:
    """A whole direction, when nothing else was asked for: «спорт», «наука», «техническое», «sports»."""
    return say.direction(words[0]) if len(words) == 1 else None


def over(filters: Filters, line: Line) -> Filters:
    """What was asked for before, with the line's parts in the place of theirs; one way to name a price rules out the others."""
    asked = dict(line.asked)
    if asked.keys() & {"price", "most"}:
        asked = {"price": "", "most": Money(0), "monthly": False, "lesson": False, **asked}
    if "age" in asked:
        asked = {"other_age": 0, **asked}
    if asked.keys() & {"after", "before"}:
        asked = {"after": None, "before": None, **asked}
    return replace(filters, **asked)
