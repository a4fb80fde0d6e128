"""Lazy texts: what is said is decided in a dialog, the language only where somebody reads it.

`_()` does not translate: it keeps the English sentence and its values, and `render` finds the reader's language later. Numbers, money
and dates are values too and are written the reader's way (Babel).
"""

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Union

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from bot.domain.calendar import Month
from bot.domain.money import Money

LANGUAGES = ("ru", "en")
READ_RUSSIAN = {"ru", "be", "kk", "uk", "tt", "ky", "uz", "tg", "hy", "az", "ba", "cv"}
LOCALES = Path(__file__).resolve().parent.parent / "locales"

Value = Union["Words", int, float, Money, date, datetime, time, Month]


@dataclass(frozen=True)
class Text:
    """One sentence: its English form and the values for its placeholders."""

    msgid: str
    values: tuple[tuple[str, "Value"], ...] = ()
    plural: str = ""
    count: int = 0


@dataclass(frozen=True)
class Joined:
    """Several texts, one after another."""

    parts: tuple["Words", ...]
    separator: str = "\n"


Words = Union[Text, Joined, str]


def _(msgid: str, **values: "Value") -> Text:
    """A sentence with {placeholders}."""
    return Text(msgid, tuple(values.items()))


def n_(one: str, many: str, count: int, **values: "Value") -> Text:
    """A sentence that counts; `{count}` is among its placeholders."""
    return Text(one, (("count", count), *values.items()), many, count)


def lines(*parts: "Words | None") -> Joined:
    """Each part on a line of its own; what is None is left out, "" is an empty line."""
    return Joined(tuple(part for part in parts if part is not None))


def joined(separator: str, parts: Iterable["Words"]) -> Joined:
    """Parts in one line."""
    return Joined(tuple(parts), separator)


def render(words: "Value", language: str) -> str:
    """Write a text or a value the way a reader of `language` does; an unknown language reads English."""
    match words:
        case str():
            return words
        case Text():
            pattern = _pattern(words.msgid, words.plural, words.count, language)
            if not words.values:
                return pattern
            return pattern.format_map({name: render(value, language) for name, value in words.values})
        case Joined():
            return words.separator.join(render(part, language) for part in words.parts)
    return _written(words, language)


@lru_cache(10_000)
def _pattern(msgid: str, plural: str, count: int, language: str) -> str:
    """A catalog goes through its forms for each sentence, and most are said again and again."""
    catalog = _catalog(language)
    return catalog.ngettext(msgid, plural, count) if plural else catalog.gettext(msgid)


@lru_cache(10_000, typed=True)
def _written(value: "int | float | Money | date | datetime | time | Month", language: str) -> str:
    """The same few numbers, sums and days are written again and again, and Babel takes its time."""
    locale = _locale(language)
    match value:
        case Money():
            return _rubles(value, locale)
        case datetime():
            return f"{format_date(value, 'd MMMM', locale=locale)} {format_time(value, 'HH:mm', locale=locale)}"
        case date():
            return format_date(value, "d MMMM y" if locale.language == "ru" else "long", locale=locale)
        case time():
            return format_time(value, "HH:mm", locale=locale)
        case Month():
            return format_date(value.first, "LLLL y", locale=locale)
    return format_decimal(value, locale=locale)


def _rubles(money: Money, locale: Locale) -> str:
    whole = money.kopecks % 100 == 0
    pattern = "#,##0\u00a0¤" if locale.language == "ru" else "¤#,##0"
    rubles = Decimal(money.kopecks) / 100
    written = format_currency(rubles, "RUB", pattern if whole else None, locale=locale, currency_digits=not whole)
    return written.replace("RUB", "₽")


def listed(parts: Iterable[str], language: str) -> str:
    """«a, b and c» in the reader's language."""
    return format_list(list(parts), locale=_locale(language))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("ru" if language == "ru" else "en")


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    """A language's catalog, read from its `.po` itself, so that nothing has to be compiled first; English is the code's own."""
    path = LOCALES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def guess_language(code: str | None) -> str:
    """The language to greet in, from a messenger's code («ru», «en-US», none): Russian unless the phone clearly speaks another."""
    if not code:
        return "ru"
    return "ru" if code.lower().replace("_", "-").split("-")[0] in READ_RUSSIAN else "en"
