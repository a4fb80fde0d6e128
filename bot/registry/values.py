"""What a cell means: every function takes a cleaned text and returns the value or raises Unclear with the reason."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.money import Money
from bot.registry import reasons
from bot.registry.reasons import Unclear
from bot.registry.rows import Kind, Registry
from bot.registry.workbook import Cell

NOTHING = {"-", "–", "—", "{}", "[]", "null", "none", "н/д", "нет данных", "не указано", "не указана", "не указан"}
INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\u00ad\u200b-\u200f\u2060\ufeff]")
SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
FORMULA_ERROR = re.compile(r"#(?:[A-ZА-Я0-9]+[/!?]?)+[!?]?|#N/A|#Н/Д")
EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet's calendar, since it believes in 29.02.1900
SERIALS = range(20_000, 80_000)  # 1954–2119
YEARS = range(2000, 2101)
NAME, DESCRIPTION = 300, 4000
YOUNGEST, OLDEST = 3, 18
FIRST_AGE = 5  # where «до 9 лет» begins: the age of the first certificate (R2.2)
RICHEST = Money(1_000_000_00)

YES = {"да", "+", "1", "true", "yes", "y", "v", "✓", "✔", "есть", "истина", "открыта", "открыт", "открыто", "идет"}
NO = {"нет", "0", "false", "no", "n", "ложь", "закрыта", "закрыт", "закрыто", "завершен", "завершена", "не идет"}
DIRECTIONS = {
    "техническ": "Техническая",
    "естественнонаучн": "Естественнонаучная",
    "физкультурноспортивн": "Физкультурно-спортивная",
    "художественн": "Художественная",
    "туристскокраеведческ": "Туристско-краеведческая",
    "туристическокраеведческ": "Туристско-краеведческая",
    "социальногуманитарн": "Социально-гуманитарная",
    "социальнопедагогическ": "Социально-гуманитарная",
}
REGISTRIES: Mapping[str, Registry] = {
    "сертифиц": "certified",
    "значим": "significant",
    "предпроф": "preprofessional",
    "общеразвив": "general",
    "коммерч": "commercial",
    "платн": "commercial",
}
KINDS: Mapping[str, Kind] = {
    r"муниципальн\w*|м[бак]о?у(?:до)?|моу|мдоу": "municipal",
    r"государственн\w*|(?:фг|г)[бак]о?у(?:до)?|го[бак]у(?:до)?": "state",
    r"частн\w*|не ?государственн\w*|автономная некоммерческая|общество с|ано|ооо|нко|ноо|чу|чоу|ноу|ао": "private",
    r"ип|индивидуальный предприниматель|предприниматель": "entrepreneur",
}


def text(cell: Cell | None) -> str:
    """A cell as clean text: `="000123"` and apostrophes unwrapped, odd spaces made plain, «нет данных» made empty.

    Line breaks stay. Raises Unclear for a formula that was not reckoned, and for the error of one that was.
    """
    match cell:
        case None:
            return ""
        case bool():
            return "да" if cell else "нет"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case _:
            written = str(cell)
    lines = (SPACES.sub(" ", line).strip() for line in INVISIBLE.sub("", written).splitlines())
    written = "\n".join(line for line in lines if line)
    if wrapped := re.fullmatch(r'="(.*)"', written, re.DOTALL):
        written = wrapped[1].replace('""', '"').strip()
    written = re.sub(r"^'(?=[\d=+\-@])", "", written)
    if written.startswith("="):
        raise Unclear(reasons.FORMULA, written)
    if "\ufffd" in written:
        raise Unclear(reasons.UNREADABLE, written)
    if FORMULA_ERROR.fullmatch(written):
        raise Unclear(reasons.FORMULA_ERROR, written)
    return "" if written.casefold() in NOTHING else written


def name(written: str) -> str:
    """One line of at most NAME characters: what is longer stands in a wrong column."""
    return _short(" ".join(written.split()), NAME)


def description(written: str) -> str:
    return _short(written, DESCRIPTION)


def _short(written: str, limit: int) -> str:
    if len(written) > limit:
        raise Unclear(reasons.TOO_LONG, limit)
    return written


def whole(written: str) -> int:
    """«12», «12.0», «1 200»."""
    if not (number := re.fullmatch(r"(\d{1,9}|\d{1,3}(?: \d{3})+)(?:[.,]0+)?", written, re.ASCII)):
        raise Unclear(reasons.NOT_A_NUMBER, written)
    return int(number[1].replace(" ", ""))


def seats(written: str) -> int:
    number = whole(written)
    if not 0 < number <= 1000:
        raise Unclear(reasons.OUT_OF_RANGE, written)
    return number


def age_span(written: str) -> tuple[int, int]:
    """«7-9», «от 7 до 9 лет», «с 7», «до 9», «8», «84–108» (months) → whole years, both included."""
    if re.match(r"\d{4}-\d\d-\d\d|\d\d\.(?:\d\d\.\d{4}|[а-я]{3})", written):
        raise Unclear(reasons.AGE_BECAME_DATE, written)
    plain = written.casefold().replace("ё", "е")
    months = bool(re.search(r"\bмес", plain))
    plain = re.sub(r"\b(?:полных|лет|года?|месяц\w*|мес)\b\.?", "", plain).strip()
    number = r"(\d{1,4})(?:[.,]0+)?"
    if pair := re.fullmatch(rf"(?:от |с )?{number}\s*(?:[-–—−]|до|по)\s*{number}", plain, re.ASCII):
        youngest, oldest = int(pair[1]), int(pair[2])
    elif first := re.fullmatch(rf"(?:от|с)\s*{number}|{number}\s*\+", plain, re.ASCII):
        youngest = int(first[1] or first[2])
        oldest = OLDEST * 12 if months or youngest > OLDEST else OLDEST
    elif last := re.fullmatch(rf"(?:до|по)\s*{number}", plain, re.ASCII):
        oldest = int(last[1])
        youngest = FIRST_AGE * 12 if months or oldest > OLDEST else FIRST_AGE
    elif only := re.fullmatch(number, plain, re.ASCII):
        youngest = oldest = int(only[1])
    else:
        raise Unclear(reasons.NOT_AN_AGE, written)
    if months or (youngest > OLDEST and oldest > OLDEST):  # nobody is that old in years
        youngest, oldest = youngest // 12, oldest // 12
    if not YOUNGEST <= youngest <= oldest <= OLDEST:
        raise Unclear(reasons.IMPOSSIBLE_AGE, written)
    return youngest, oldest


def ages_between(youngest: str, oldest: str) -> tuple[int, int]:
    """The same from two cells, one of which may be empty."""
    first, last = (re.sub(r"^(от|с|до|по)\s+", "", age.casefold()) for age in (youngest, oldest))
    if first and last:
        return age_span(f"{first}-{last}")
    return age_span(f"с {first}" if first else f"до {last}")


def day(written: str) -> date:
    """dd.mm.yyyy, yyyy-mm-dd, the number of a day in a spreadsheet; everything else is an error (R8.6)."""
    plain = re.sub(r"[ T]00:00(:00)?$", "", re.sub(r"\s*(г\.?|года)$", "", written))
    if re.fullmatch(r"\d{5}", plain, re.ASCII) and int(plain) in SERIALS:
        return EPOCH + timedelta(int(plain))
    if re.fullmatch(r"\d{1,2}[.\-/]\d{1,2}[.\-/]\d\d", plain, re.ASCII):
        raise Unclear(reasons.SHORT_YEAR, written)
    if parts := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", plain, re.ASCII):
        dd, mm, yyyy = map(int, parts.groups())
    elif parts := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain, re.ASCII):
        yyyy, mm, dd = map(int, parts.groups())
    else:
        raise Unclear(reasons.NOT_A_DATE, written)
    try:
        found = date(yyyy, mm, dd)
    except ValueError:
        raise Unclear(reasons.NO_SUCH_DAY, written) from None
    if found.year not in YEARS:
        raise Unclear(reasons.OUT_OF_RANGE, written)
    return found


def money(written: str) -> Money:
    """«1 200,50», «1200.50 руб.», «бесплатно». «1.200» may be a thousand or one and a bit: an error."""
    plain = re.sub(r"\s*(₽|р|руб|рубл\w+)\.?$", "", written.casefold())
    if plain in ("бесплатно", "бесплатная", "бесплатный", "бюджет", "за счет бюджета", "за счёт бюджета"):
        return Money(0)
    if not re.fullmatch(r"(\d+|\d{1,3}([ '’]\d{3})+)([.,]\d{1,2})?", plain, re.ASCII):
        ambiguous = re.fullmatch(r"\d+(?:[.,]\d+)+", plain, re.ASCII)
        raise Unclear(reasons.AMBIGUOUS_MONEY if ambiguous else reasons.NOT_MONEY, written)
    return _bounded(Decimal(re.sub(r"[ '’]", "", plain).replace(",", ".")), written)


def calculated(number: float) -> Money:
    """A price that a formula gave, half up to the kopeck."""
    if not 0 <= number < float("inf"):
        raise Unclear(reasons.NOT_MONEY, number)
    return _bounded(Decimal(repr(number)), str(number))


def _bounded(rubles: Decimal, written: str) -> Money:
    if rubles * 100 > RICHEST.kopecks:
        raise Unclear(reasons.OUT_OF_RANGE, written)
    return Money(int((rubles * 100).quantize(Decimal(1), ROUND_HALF_UP)))


def yes_or_no(written: str) -> bool:
    plain = written.casefold().replace("ё", "е")
    if plain not in YES | NO:
        raise Unclear(reasons.NOT_YES_OR_NO, written)
    return plain in YES


def direction(written: str) -> str:
    """One of the six names of R1.1; old names, other cases and hyphens are taken too."""
    letters = "".join(sign for sign in written.casefold() if sign.isalpha())
    for beginning, name in DIRECTIONS.items():
        if letters.startswith(beginning):
            return name
    raise Unclear(reasons.NOT_A_DIRECTION, written)


def registry(written: str) -> Registry:
    plain = written.casefold()
    for beginning, name in REGISTRIES.items():
        if re.search(rf"(?<!не )\b{beginning}", plain):
            return name
    raise Unclear(reasons.NOT_A_REGISTRY, written)


def kind(written: str) -> Kind:
    for words, name in KINDS.items():
        if re.match(rf"(?:{words})\b", written.casefold()):
            return name
    raise Unclear(reasons.NOT_A_KIND, written)


def kind_by_name(provider: str) -> Kind:
    """«МБУ ДО …», «ООО …», «ИП …» tell it themselves."""
    try:
        return kind(provider)
    except Unclear:
        raise Unclear(reasons.UNKNOWN_KIND, provider) from None
