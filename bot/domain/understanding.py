"""A parent's line in parts: age, price, days and hours, places that are near; what remains are words to search by.

Pure: regular expressions over a folded line (small letters, ё = е). Places, providers and typos need the catalogue's own words and
are understood where those are kept.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from bot.domain import understanding_words as say
from bot.domain.catalogue import OLDEST, YOUNGEST, Direction, Filters
from bot.domain.messages import Query
from bot.domain.money import Money

Fields = dict[str, Any]
FIRST_HOUR, LAST_HOUR = 8, 22
"""Between which clubs meet: «после 5» is at five in the afternoon."""
LEAST_SUM = 100
"""Roubles: a smaller bare number is an hour."""
LONGEST_SUM = 9
"""Signs: what is longer is no sum, and would be too much for the database to multiply."""


@dataclass(frozen=True)
class Line:
    """What a line asks for: fields of `Filters` by name, and the rest of it, a word after another."""

    asked: Fields
    rest: tuple[str, ...]
    odd_age: bool = False
    """An age was told for which there are no certificates (R2.2)."""

    @property
    def words(self) -> tuple[str, ...]:
        """The rest without what says nothing of a club."""
        return tuple(word for word in self.rest if word not in say.IDLE)


@dataclass(frozen=True)
class Heard:
    """A line as it was understood: the filters that it asks for. `empty`: nothing of it was."""

    filters: Filters
    odd_age: bool = False
    empty: bool = False


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
    found: Fields = {}
    odd = False
    rest = f" {folded(text)} "
    for pattern, meaning in RULES:
        for match in pattern.finditer(rest):
            fields = meaning(match)
            if fields is None:
                continue
            if "age" in fields and not YOUNGEST <= fields["age"] <= OLDEST:
                odd, fields = True, {}
            days = tuple(sorted({*found.get("days", ()), *fields.get("days", ())}))
            found = {**fields, **found, **({"days": days} if days else {})}
            put = " у " if "near" in fields else " "
            rest = rest[: match.start()] + put.ljust(match.end() - match.start()) + rest[match.end() :]
    if "age" not in found and not odd:
        rest, found = _bare_age(rest, found)
    if "free" in found:
        found = {"price": "free", **{name: value for name, value in found.items() if name != "free"}}
    return Line(found, tuple(WORD.findall(rest)), odd)


WORD = re.compile(r"[^\W_]+(?:[-+#][^\W_]*)*")


def direction_of(words: tuple[str, ...]) -> Direction | None:
    """A whole direction, when nothing else was asked for: «спорт», «наука», «sports»."""
    return say.DIRECTIONS.get(words[0]) if len(words) == 1 else None


# --- ages -------------------------------------------------------------------------------------------------------------


def _number(text: str) -> int:
    text = text.replace(" ", "")
    return say.NUMBERS[text] if text in say.NUMBERS else int(float(text.replace(",", ".")))


def _age(match: re.Match[str]) -> Fields:
    return {"age": _number(match["n"])}


def _below(match: re.Match[str]) -> Fields:
    return {"age": _number(match["n"]) - 1}


def _schoolchild(match: re.Match[str]) -> Fields | None:
    year = say.ORDINALS.get(match["n"]) or (int(match["n"]) if match["n"].isdecimal() else 0)
    return {"age": year + 6} if 1 <= year <= 11 else None


def _always(**fields: Any) -> Callable[[re.Match[str]], Fields]:
    return lambda _match: fields


def _bare_age(rest: str, found: Fields) -> tuple[str, Fields]:
    """«английский 7», «6,5»: a number that nothing else explains, unless it is a house's, a school's or a language's."""
    for match in re.finditer(r"(?<![\w№#+-])(?P<n>\d{1,2})(?:[.,]5)?(?![\w+#:.,-]*\w)", rest):
        before = rest[: match.start()].split()
        if YOUNGEST <= int(match["n"]) <= OLDEST and not (before and say.NUMBERED.match(before[-1])):
            return rest[: match.start()] + " " + rest[match.end() :], {**found, "age": int(match["n"])}
    return rest, found


# --- money and hours --------------------------------------------------------------------------------------------------


def _sum(match: re.Match[str]) -> Fields | None:
    number = match["n"].replace(" ", "")
    if len(number) > LONGEST_SUM:
        return None
    roubles = say.NUMBERS.get(number, 0) or float(number.replace(",", ".") or 1)
    thousands = bool(match["k"])
    if not thousands and not match["rub"] and not match["monthly"] and roubles < LEAST_SUM:
        return None
    kopecks = round(roubles * (100_000 if thousands else 100))
    return {"most": Money(kopecks), "monthly": bool(match["monthly"])} if kopecks else {"price": "free"}


def _thousand(match: re.Match[str]) -> Fields:
    return {"most": Money(100_000), "monthly": bool(match["monthly"])}


def _hour(match: re.Match[str]) -> time | None:
    hour, minute, part = int(match["h"]), int(match["m"] or 0), match["part"] or ""
    if hour < 12 and (part in ("вечера", "дня", "pm", "p.m.") or (hour < FIRST_HOUR and part not in ("утра", "am"))):
        hour += 12
    return time(hour, minute) if FIRST_HOUR <= hour <= LAST_HOUR and minute < 60 else None


def _after(match: re.Match[str]) -> Fields | None:
    hour = _hour(match)
    return {"after": hour} if hour else None


def _before(match: re.Match[str]) -> Fields | None:
    hour = _hour(match)
    return {"before": hour} if hour else None


def _day(match: re.Match[str]) -> Fields:
    return {"days": (say.day(match["day"]),)}


def _other_days(match: re.Match[str]) -> Fields:
    return {"days": tuple(day for day in range(1, 8) if day != say.day(match["day"]))}


def _direction(match: re.Match[str]) -> Fields | None:
    found = [direction for begins, direction in say.ADJECTIVES.items() if match["d"].startswith(begins)]
    return {"direction": found[0]} if found else None


# --- the rules, in the order in which they are tried ------------------------------------------------------------------


def _rules() -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str]], Fields | None]]]:
    n = rf"(?P<n>\d{{1,2}}(?:[.,]\d)?|{say.either(say.NUMBERS)})"
    half = r"(?:\s+с\s+половиной)?(?:-?(?:ти|ми|и|х))?"
    years = r"(?:лет|года?|годик\w*|годо?в|years?|yrs?|yo)\b(?:[- ]olds?)?"
    to = rf"\s*(?:-|до|и|или|to|or|and)\s*(?:\d{{1,2}}(?:[.,]\d)?|{say.either(say.NUMBERS)})"
    yield _of(rf"\b(?:от|с|from|between)\s+{n}{half}(?:{to}{half})[- ]*{years}", _age)
    yield _of(rf"\b(?:до|младше|under|below)\s+{n}{half}\s*{years}", _below)
    yield _of(rf"(?:\b(?:от|с|from)\s+)?(?<![\w.,]){n}{half}(?:{to}{half})?[- ]*{years}", _age)
    yield _of(r"\b(?P<n>\d{1,2})(?:-?(?:ти|ми|и|х))?-?летн\w+", _age)
    yield _of(rf"\b(?P<n>{say.either(say.NUMBERS)})лет\w+", _age)
    yield _of(
        rf"\b(?P<n>\d{{1,2}}|{say.either(say.ORDINALS)})(?:-?(?:[а-я]|ый|ий|ой|ом|ем|го|му|st|nd|rd|th))?\s*(?:класс\w*|кл\b|grade\b)",
        _schoolchild,
    )
    yield _of(r"\bgrade\s+(?P<n>\d{1,2})\b", _schoolchild)
    yield _of(rf"\b(?P<n>{say.either(say.ORDINALS)})класс\w+", _schoolchild)
    yield _of(r"\bперваш\w+|\bпервоклаш\w+", _always(age=7))
    yield _of(r"\b(?:подготовительн\w+|подготовишк\w+)(?:\s+групп\w+)(?:\s+(?:детск\w+\s+)?сад\w*)?", _always(age=6))
    yield _of(r"\bстарш\w+\s+групп\w+(?:\s+(?:детск\w+\s+)?сад\w*)?", _always(age=5))
    yield _of(r"\bдошкол\w+|\bpre-?schoolers?\b", _always(age=6))
    yield _of(r"\bподрост\w+|\bteen(?:s|ager|agers)?\b", _always(age=13))
    later = r"(?:\s+(?:уже|сейчас|скоро|исполнил\w+|будет|is|of|aged?))*"
    yield _of(rf"\b(?:{say.KIN}){later}\s+{n}{half}(?:{to})?(?![\w:%-]|[.,]\d)(?!\s*(?:{say.UNITS}))", _age)
    yield _of(rf"\b(?:aged?|возраст\w*)[: ]+{n}(?:{to})?\b", _age)

    monthly = r"\s*(?P<monthly>(?:в|за|на|per|a)\s*(?:мес\w*|month)|/\s*мес\w*|ежемесячно|monthly)?"
    amount = rf"(?P<n>\d[\d ]*(?:[.,]\d+)?|{say.either(say.NUMBERS)})\s*(?P<k>тыс\w*|т\.?\s?р\b\.?|[кk]\b)?\s*(?P<rub>руб\w*\.?|р\b\.?|₽|rub\w*|roubles?)?"
    limit = r"(?:до|не\s+дороже|дешевле|максимум|не\s+бол[ье]\w*|в\s+пределах|under|up\s+to|below|at\s+most|less\s+than|max)"
    yield _of(rf"\b{limit}\s+тысяч\w*(?:\s*руб\w*)?{monthly}", _thousand)
    yield _of(rf"\b{limit}\s+{amount}{monthly}", _sum)
    yield _of(
        r"(?<![\w.,])(?P<n>\d[\d ]*)\s*(?P<k>тыс\w*|т\.?\s?р\b\.?)?\s*(?P<rub>руб\w*\.?|р\b\.?|₽|rub\w*|roubles?)"
        + monthly,
        _sum,
    )
    yield _of(
        r"\b(?:(?:где|чтобы|если)\s+)?(?:(?:есть|были|со?|остал\w+|with|has|have)\s+)*"
        r"(?:свободн\w+\s+мест\w*|free\s+(?:places?|seats?|spots?))|\b(?:есть|остались)\s+мест\w*|\bс\s+местами\b",
        _always(free_seats=True),
    )
    yield _of(
        r"\b(?:чтобы\s+)?(?:хват\w+|покро\w+|покрыва\w+|оплат\w+|оплач\w+|в\s+(?:пределах|рамках)|по|за|с|на|под)?\s*(?:баланс\w*\s+)?"
        r"сертификат\w*(?:\s+(?:хват\w+|покро\w+|покрыва\w+|оплат\w+))?|\b(?:by|within|on|with)?\s*(?:the|my)?\s*certificate(?:\s+(?:pays|covers))?\b",
        _always(price="fits"),
    )
    yield _of(
        r"\bбе[сз]платн\w*|\b(?:за)?даром\b|\bбез\s+оплаты\b|\b(?:for\s+)?free(?:\s+of\s+charge)?\b",
        _always(price="free"),
    )
    yield _of(
        r"\bне\s?дорог\w*|\b(?:по)?дешев\w*|\bбюджетн\w+|\bcheap\w*|\binexpensive\b|\baffordable\b", _always(cheap=True)
    )

    part = r"(?:\s*(?P<part>час\w*|ч\b|вечера|дня|утра|[ap]\.?m\b\.?))?"
    clock = rf"(?P<h>\d{{1,2}})(?:[:.\-](?P<m>\d\d))?(?!\d){part}"
    yield _of(rf"\b(?:после|позже|не\s+раньше|начиная\s+с|с|от|after|from|since)\s+{clock}", _after)
    yield _of(rf"\b(?:до|раньше|не\s+позже|не\s+позднее|before|to|until|till|by)\s+{clock}", _before)
    yield _of(r"\bпосле\s+(?:школы|урок\w+|обеда|садик?\w*)|\bafter\s+(?:school|lunch)\b", _always(after=time(13)))
    yield _of(r"\bпосле\s+работы|\bafter\s+work\b", _always(after=time(18)))
    yield _of(r"\b(?:с\s+утра|по\s+утрам|утром|утренн\w+)|\b(?:in\s+the\s+)?mornings?\b", _always(before=time(12)))
    yield _of(r"\b(?:вечером|по\s+вечерам|вечерн\w+)|\b(?:in\s+the\s+)?evenings?\b", _always(after=time(17)))
    yield _of(r"\bднем\b|\bдневн\w+|\b(?:in\s+the\s+)?afternoons?\b", _always(after=time(12), before=time(18)))

    day = rf"(?P<day>{say.DAY})"
    yield _of(rf"\b(?:кроме|не\s+(?:в|во|по)|except|not\s+on)\s+{day}\b", _other_days)
    yield _of(r"\b(?:в|по|на|at|on)?\s*(?:the\s+)?(?:выходн\w+(?:\s+дн\w+)?|weekends?)\b", _always(days=(6, 7)))
    yield _of(r"\b(?:в|по|on)?\s*(?:будн\w+(?:\s+дн\w+)?|рабочи\w+\s+дн\w+|weekdays?)\b", _always(days=(1, 2, 3, 4, 5)))
    yield _of(rf"\b(?:(?:в|во|по|на|и|on|and)\s+)?{day}\b", _day)
    yield _of(
        r"\b(?:не\s?далеко|рядом|поблизости|поближе|вблизи|близко|nearby|near|close)(?:\s+(?:от|с|со|к|to))?(?:\s+(?:дом\w*|нас|меня|me|home|us))?\b"
        r"|\b(?:около|возле|у)\s+дома\b",
        _always(near=True),
    )
    yield _of(
        r"\b(?P<d>[а-я]+(?:[- ](?:спортивн|краеведческ|научн|гуманитарн|педагогическ)[а-я]+)?)\s+направлен\w+|\bнаправлен\w+[: ]+(?P<e>[а-я]+)",
        lambda match: _direction(match) if match["d"] else None,
    )


def _of(
    pattern: str, meaning: Callable[[re.Match[str]], Fields | None]
) -> tuple[re.Pattern[str], Callable[[re.Match[str]], Fields | None]]:
    return re.compile(pattern), meaning


RULES = tuple(_rules())


def over(filters: Filters, line: Line) -> Filters:
    """What was asked for before, with the line's parts in the place of theirs; one way to name a price rules out the others."""
    asked = dict(line.asked)
    if asked.keys() & {"price", "most"}:
        asked = {"price": "", "most": Money(0), "monthly": False, **asked}
    if asked.keys() & {"after", "before"}:
        asked = {"after": None, "before": None, **asked}
    return replace(filters, **asked)
