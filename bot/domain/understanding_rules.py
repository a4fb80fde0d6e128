"""The rules that take a parent's line apart: a pattern, and the fields of `Filters` that it asks for; in the order in which they are tried.

Lines come folded (small letters, ё = е). A meaning of None says that the pattern was wrong about it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import time
from typing import Any

from bot.domain import understanding_words as say
from bot.domain.catalogue import OLDEST, YOUNGEST
from bot.domain.money import Money

Fields = dict[str, Any]
Meaning = Callable[[re.Match[str]], Fields | None]
FIRST_HOUR, LAST_HOUR = 8, 22
"""Between which clubs meet: «после 5» is at five in the afternoon."""
LEAST_SUM = 100
"""Roubles: a smaller bare number is an hour."""
LONGEST_SUM = 9
"""Signs: what is longer is no sum, and would be too much for the database to multiply."""


# --- ages -------------------------------------------------------------------------------------------------------------


def _number(text: str) -> int:
    text = text.replace(" ", "")
    return say.NUMBERS[text] if text in say.NUMBERS else int(float(text.replace(",", ".")))


def _age(match: re.Match[str]) -> Fields:
    return {"age": _number(match["n"])}


def _two(match: re.Match[str]) -> Fields:
    """Of two children; one for whom there are no certificates is left out."""
    both = sorted({_number(match["n"]), _number(match["m"])})
    known = [age for age in both if YOUNGEST <= age <= OLDEST] or both[:1]
    return {"age": known[0], **({"other_age": known[1]} if len(known) > 1 else {})}


def _below(match: re.Match[str]) -> Fields:
    return {"age": _number(match["n"]) - 1}


def _schoolchild(match: re.Match[str]) -> Fields | None:
    year = say.ORDINALS.get(match["n"]) or (int(match["n"]) if match["n"].isdecimal() else 0)
    return {"age": year + 6} if 1 <= year <= 11 else None


def _always(**fields: Any) -> Meaning:
    return lambda _match: fields


def bare_age(rest: str, found: Fields) -> tuple[str, Fields]:
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
    if not thousands and not (match["rub"] or match["monthly"] or match["lesson"]) and roubles < LEAST_SUM:
        return None
    kopecks = round(roubles * (100_000 if thousands else 100))
    return {"most": Money(kopecks), **_span(match)} if kopecks else {"price": "free"}


def _thousand(match: re.Match[str]) -> Fields:
    return {"most": Money(100_000), **_span(match)}


def _span(match: re.Match[str]) -> Fields:
    return {"monthly": bool(match["monthly"]), **({"lesson": True} if match["lesson"] else {})}


def _hour(match: re.Match[str]) -> time | None:
    hour, minute, part = _number(match["h"]), int(match["m"] or 0), match["part"] or ""
    if hour < 12 and (part in ("вечера", "дня", "pm", "p.m.") or (hour < FIRST_HOUR and part not in ("утра", "am"))):
        hour += 12
    return time(hour, minute) if FIRST_HOUR <= hour <= LAST_HOUR and minute < 60 else None


def _after(match: re.Match[str]) -> Fields | None:
    hour = _hour(match)
    return {"after": hour} if hour else None


def _before(match: re.Match[str]) -> Fields | None:
    hour = _hour(match)
    return {"before": hour} if hour else None


def _unwanted(match: re.Match[str]) -> Fields:
    return {"unwanted": tuple(re.findall(r"[a-zа-я-]{3,}", match["w"]))}


def _day(match: re.Match[str]) -> Fields:
    return {"days": (say.day(match["day"]),)}


def _from_to(match: re.Match[str]) -> Fields | None:
    """«17-19», «15:00-16:30»: hours, and no ages."""
    first, last = int(match["h"]), int(match["to"])
    if not FIRST_HOUR <= first < last <= LAST_HOUR or not (match["m"] or match["past"] or last > OLDEST):
        return None
    return {"after": time(first, int(match["m"] or 0) % 60), "before": time(last, int(match["past"] or 0) % 60)}


def _from_day_to_day(match: re.Match[str]) -> Fields | None:
    first, last = say.day(match["day"]), say.day(match["last"])
    return {"days": tuple(range(first, last + 1))} if first < last else None


def _other_days(match: re.Match[str]) -> Fields:
    return {"other_days": (say.day(match["day"]),)}


def _direction(match: re.Match[str]) -> Fields | None:
    found = [direction for begins, direction in say.ADJECTIVES.items() if match["d"].startswith(begins)]
    return {"direction": found[0]} if found else None


# --- the rules, in the order in which they are tried ------------------------------------------------------------------


def _rules() -> Iterator[tuple[re.Pattern[str], Meaning]]:
    n = rf"(?P<n>\d{{1,2}}(?:[.,]\d)?|{say.either(say.NUMBERS)})"
    half = r"(?:\s+с\s+половиной)?(?:-?(?:ти|ми|и|х))?"
    years = r"(?:лет|года?|годик\w*|годо?в|years?|yrs?|yo)\b(?:[- ]olds?)?"
    to = rf"\s*(?:-|до|и|или|to|or|and)\s*(?:\d{{1,2}}(?:[.,]\d)?|{say.either(say.NUMBERS)})"
    month = r"в\s+(?:январе|феврале|марте|апреле|мае|июне|июле|августе|сентябре|октябре|ноябре|декабре)"
    later = rf"(?:\s+(?:{month}|уже|сейчас|скоро|исполнил\w+|будет|is|of|aged?))*"
    m, end = n.replace("?P<n>", "?P<m>"), rf"(?![\w:%-]|[.,]\d)(?!\s*(?:{say.UNITS}))"
    kin = rf"\b(?:{say.KIN}){later}\s+"
    yield _of(rf"(?<![\w.,]){n}{half}(?:\s*{years})?(?:\s+(?:и|and)|,)\s+{m}{half}[- ]*{years}", _two)
    yield _of(rf"{kin}{n}\s+(?:и|and)\s+{m}{half}{end}", _two)
    yield _of(rf"{kin}{n}{half}(?:\s*{years})?,?\s+(?:(?:а|и|and|my)\s+)*{kin}{m}{half}(?:\s*{years})?{end}", _two)
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
    yield _of(rf"{kin}{n}{half}(?:{to})?{end}", _age)
    yield _of(rf"\bот\s+(?P<n>[5-9]|1[0-2])(?![\d:.,%-])(?!\s*(?:до|ч\b|утра|дня|вечера|{say.UNITS}))", _age)
    yield _of(rf"\b(?:aged?|возраст\w*)[: ]+{n}(?:{to})?\b", _age)

    span = (
        r"\s*(?:(?P<monthly>(?:в|за|на|per|a)\s*(?:мес\w*|month)|/\s*мес\w*|ежемесячно|monthly)"
        r"|(?P<lesson>(?:за|в|per|a)\s*(?:одно\s+|один\s+)?(?:занят\w+|урок\w*|раз\b|тренировк\w+|lesson))"
        r"|(?:в|за|per|a)\s*(?:год\w*|сезон\w*|курс\w*|весь\s+срок|year|course))?"
    )
    amount = rf"(?P<n>\d[\d ]*(?:[.,]\d+)?|{say.either(say.NUMBERS)})\s*(?P<k>тыс\w*|т\.?\s?р\b\.?|[кk]\b)?\s*(?P<rub>руб\w*\.?|р\b\.?|₽|rub\w*|roubles?)?"
    limit = r"(?:до|не\s+дороже|дешевле|максимум|не\s+бол[ье]\w*|в\s+пределах|under|up\s+to|below|at\s+most|less\s+than|max)"
    yield _of(rf"\b{limit}\s+тысяч\w*(?:\s*руб\w*)?{span}", _thousand)
    yield _of(rf"\b{limit}\s+{amount}{span}", _sum)
    yield _of(
        r"(?<![\w.,])(?P<n>\d[\d ]*)\s*(?P<k>тыс\w*|т\.?\s?р\b\.?)?\s*(?P<rub>руб\w*\.?|р\b\.?|₽|rub\w*|roubles?)"
        + span,
        _sum,
    )
    yield _of(
        r"\b(?:(?:где|чтобы|если)\s+)?(?:(?:есть|были|со?|остал\w+|with|has|have)\s+)*"
        r"(?:свободн\w+\s+мест\w*|free\s+(?:places?|seats?|spots?))|\bбез\s+очеред\w+|\b(?:есть|остались)\s+мест\w*|\bс\s+местами\b",
        _always(free_seats=True),
    )
    yield _of(
        r"\b(?:чтобы\s+)?(?:хват\w+(?:\s+ли)?|покро\w+|покрыва\w+|оплат\w+|оплач\w+|в\s+(?:пределах|рамках)|за\s+счет|по|за|с|на|под)?\s*(?:баланс\w*\s+)?"
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
    clock = rf"(?P<h>\d{{1,2}}|(?:{say.either(say.NUMBERS)})\b)(?:[:.\-](?P<m>\d\d))?(?!\d){part}"
    yield _of(rf"\b(?:после|(?<!не )позже|не\s+раньше|начиная\s+с|с|от|к|after|from|since)\s+{clock}", _after)
    yield _of(rf"\b(?:до|раньше|не\s+позже|не\s+позднее|before|to|until|till|by)\s+{clock}", _before)
    yield _of(r"\bдо\s+(?:обеда|школы|урок\w+)|\bbefore\s+(?:school|lunch)\b", _always(before=time(13)))
    yield _of(
        r"(?<![\w.:-])(?P<h>\d{1,2})(?::(?P<m>\d\d))?\s*-\s*(?P<to>\d{1,2})(?::(?P<past>\d\d))?(?![\w:-])", _from_to
    )
    yield _of(r"(?<![\w.:])(?:(?:в|к|at)\s+)?(?P<h>\d{1,2}):(?P<m>\d\d)(?![\w:])(?P<part>)", _after)
    yield _of(r"\bпосле\s+(?:школы|урок\w+|обеда|садик?\w*)|\bafter\s+(?:school|lunch)\b", _always(after=time(13)))
    yield _of(
        r"\b(?:учи\w+\s+)?(?:в[оа]?\s+)?(?:1|перв\w+)(?:-?[а-я]{1,2})?\s+смен\w+(?:\s+учи\w+)?", _always(after=time(13))
    )
    yield _of(
        r"\b(?:учи\w+\s+)?(?:в[оа]?\s+)?(?:2|втор\w+)(?:-?[а-я]{1,2})?\s+смен\w+(?:\s+учи\w+)?",
        _always(before=time(13)),
    )
    yield _of(r"\bпосле\s+работы|\bafter\s+work\b", _always(after=time(18)))
    yield _of(r"\b(?:с\s+утра|по\s+утрам|утром|утренн\w+)|\b(?:in\s+the\s+)?mornings?\b", _always(before=time(12)))
    yield _of(r"\b(?:вечером|по\s+вечерам|вечерн\w+)|\b(?:in\s+the\s+)?evenings?\b", _always(after=time(17)))
    yield _of(r"\bднем\b|\bдневн\w+|\b(?:in\s+the\s+)?afternoons?\b", _always(after=time(12), before=time(18)))

    day = rf"(?P<day>{say.DAY})"
    yield _of(rf"\b(?:кроме|не\s+(?:в|во|по)|except|not\s+on)\s+{day}\b", _other_days)
    last = rf"(?P<last>{say.DAY})"
    yield _of(rf"\b(?:(?:с|со|от|from)\s+)?{day}(?:\s*-\s*|\s+(?:по|до|to)\s+){last}\b", _from_day_to_day)
    weekends, weekdays = (
        r"(?:выходн\w+(?:\s+дн\w+)?|weekends?)\b",
        r"(?:будн\w+(?:\s+дн\w+)?|рабочи\w+\s+дн\w+|weekdays?)\b",
    )
    never = r"\b(?:кроме|не\s+(?:в|по|на)|except|not\s+(?:on|at))\s+(?:the\s+)?"
    on, work, rest = r"\b(?:в|по|на|at|on)?\s*(?:the\s+)?", (1, 2, 3, 4, 5), (6, 7)
    for said, days in (
        (never + weekends, work),
        (never + weekdays, rest),
        (on + weekends, rest),
        (on + weekdays, work),
    ):
        yield _of(said, _always(days=days))
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
    listed = r"(?P<w>[a-zа-я-]{3,}(?:\s+(?:и|или|and|or)\s+[a-zа-я-]{3,})*)"
    yield _of(r"\b(?:ничего|никуда)\s+кроме\b|\bnothing\s+(?:but|except)\b", _always())
    yield _of(rf"\b(?:кроме|исключая|без|никак\w+|except|without)\s+{listed}", _unwanted)
    wish = r"(?:(?:любит|любим|хочет|хочу|хотим|хотелось|нравится|надо|нужн\w+|интерес\w+|про|for|want|like|any)\s+)*"
    yield _of(rf"\b(?:не|ни|not|no)\s+{wish}(?P<w>(?!только\b|only\b)[a-zа-я-]{{3,}})", _unwanted)


def _of(pattern: str, meaning: Meaning) -> tuple[re.Pattern[str], Meaning]:
    return re.compile(pattern), meaning


RULES = tuple(_rules())
