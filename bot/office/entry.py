"""What was entered in a form: each field read as what it should be; what makes no sense is said beside it, and nothing is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData, UploadFile

from bot.domain.calendar import Month
from bot.domain.money import ZERO, Money
from bot.i18n import Words, _

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)
When = TypeVar("When", date, datetime, Month)
NEVER = date(2000, 1, 1)
YEARS = range(1900, 2200)
"""What is a day here; beyond them a day before or a month after may be in no calendar."""
PASTED = str.maketrans({"\xa0": " ", "\u202f": " ", "\xad": None, "\u200b": None, "\ufeff": None})
"""What comes along with words of a document: spaces that do not break, hyphens and marks that are not seen."""
LARGEST_SUM = 10**13
"""Kopecks: a hundred milliards of roubles."""


@dataclass
class Entry:
    """A form's fields. A reader answers with something of its type even where `wrong` says that the field makes no sense: then nothing is done."""

    said: FormData
    wrong: dict[str, Words] = field(default_factory=dict)

    def raw(self, name: str) -> str:
        """As it was written."""
        value = self.said.get(name)
        return value.strip() if isinstance(value, str) else ""

    def shown(self, name: str, value: object) -> object:
        """What a field shows: what was entered, be it that it was emptied; `value` where its form has not been sent."""
        return self.raw(name) if name in self.said else value

    def all(self, name: str) -> list[str]:
        """A field that was given several times, as rows of ticks are."""
        return [value for value in self.said.getlist(name) if isinstance(value, str)]

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.raw(name))

    def text(self, name: str, most: int = 200, least: int = 0) -> str:
        """Words: no shorter than `least`, no longer than `most` characters."""
        words = self.raw(name).replace("\r\n", "\n").translate(PASTED)
        if len(words) < least:
            self.wrong[name] = _("Please fill this in.")
        if len(words) > most:
            self.wrong[name] = _("At most {most} characters, these are {count}.", most=most, count=len(words))
        if any(not letter.isprintable() and letter not in "\n\t" for letter in words):
            self.wrong[name] = _(
                "There are characters here that cannot be seen. Please type this anew rather than paste it."
            )
        return words

    def number(self, name: str, least: int = 0, most: int = 10**9) -> int:
        """A whole number."""
        return self._read(
            name,
            lambda written: _whole(written, least, most),
            least,
            _("A whole number from {least} to {most}.", least=least, most=most),
        )

    def number_or_none(self, name: str, least: int = 0, most: int = 10**9) -> int | None:
        """A whole number, or nothing."""
        return self.number(name, least, most) if self.raw(name) else None

    def numbers(self, name: str) -> list[int]:
        """The ids of ticked rows; something that is no id is none of ours and is left out."""
        return [int(value) for value in self.all(name) if value.isascii() and value.isdecimal() and len(value) < 19]

    def day(self, name: str) -> date:
        """A date as a browser sends it."""
        return self._read(name, day_of, NEVER, _("A day, such as 2026-09-01."))

    def day_or_none(self, name: str) -> date | None:
        """A date, or nothing."""
        return self.day(name) if self.raw(name) else None

    def moment(self, name: str) -> datetime:
        """A local day and time as a browser sends them; without a zone."""
        return self._read(name, _moment, datetime.combine(NEVER, time()), _("A day and a time."))

    def time(self, name: str) -> time:
        """A time of the day."""
        return self._read(
            name, lambda written: time.fromisoformat(written).replace(tzinfo=None), time(), _("A time, such as 21:00.")
        )

    def some_numbers(self, name: str, least: int, most: int) -> list[int]:
        """Whole numbers with commas between them; none at all is fine."""
        return self._read(
            name,
            lambda written: [_whole(part.strip(), least, most) for part in written.split(",") if part.strip()],
            [],
            _("Whole numbers from {least} to {most} with commas between them.", least=least, most=most),
        )

    def month(self, name: str) -> Month:
        """A month as a browser sends it."""
        return self._read(name, month_of, Month.of(NEVER), _("A month, such as 2026-09."))

    def money(self, name: str) -> Money:
        """Roubles with or without kopecks."""
        return self._read(name, _sum, ZERO, _("A sum, such as 1200 or 1200,50."))

    def money_or_none(self, name: str) -> Money | None:
        """A sum, or nothing."""
        return self.money(name) if self.raw(name) else None

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        """One of a list."""
        return self._read(name, kind, next(iter(kind)), _("Please choose one."))

    def one_of(self, name: str, known: Mapping[str, T], otherwise: T) -> T:
        """One of a list that is not an enum: by its name."""
        return self._read(name, known.__getitem__, otherwise, _("Please choose one."))

    def file(self, name: str) -> UploadFile | None:
        """A file; None if none was chosen."""
        value = self.said.get(name)
        if isinstance(value, UploadFile) and value.filename:
            return value
        self.wrong[name] = _("Please choose a file.")
        return None

    def _read(self, name: str, read: Callable[[str], T], otherwise: T, wrong: Words) -> T:
        try:
            return read(self.raw(name))
        except (ValueError, KeyError, InvalidOperation, OverflowError):
            self.wrong[name] = wrong
            return otherwise


def day_of(written: str) -> date:
    """A date as a browser sends it. ValueError for anything else, and for a year that nobody means."""
    return _meant(date.fromisoformat(written))


def month_of(written: str) -> Month:
    """A month as a browser sends it. ValueError as of a day."""
    return _meant(Month.parse(written))


def _moment(written: str) -> datetime:
    return _meant(datetime.fromisoformat(written).replace(tzinfo=None))


def _meant(when: When) -> When:
    if when.year not in YEARS:
        raise ValueError
    return when


def _whole(written: str, least: int, most: int) -> int:
    if not written.lstrip("-").isascii() or len(written) > 15 or not least <= int(written) <= most:
        raise ValueError
    return int(written)


def _sum(written: str) -> Money:
    plain = "".join(written.replace("₽", "").replace(",", ".").split())
    if not plain.isascii() or len(plain) > 20:
        raise ValueError
    kopecks = Decimal(plain) * 100
    if not kopecks.is_finite() or kopecks != int(kopecks) or not 0 <= kopecks <= LARGEST_SUM:
        raise ValueError
    return Money(int(kopecks))
