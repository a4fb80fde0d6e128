"""A date as people type it: 14.03.2017, 14032017, 2017-03-14, «14 марта 2017», «March 14, 2017»; what is ambiguous is refused."""

import re
from datetime import date

from bot.i18n import Words, _

_MONTHS = (
    ("январь", "января", "january"),
    ("февраль", "февраля", "february"),
    ("март", "марта", "march"),
    ("апрель", "апреля", "april"),
    ("май", "мая", "may"),
    ("июнь", "июня", "june"),
    ("июль", "июля", "july"),
    ("август", "августа", "august"),
    ("сентябрь", "сентября", "september"),
    ("октябрь", "октября", "october"),
    ("ноябрь", "ноября", "november"),
    ("декабрь", "декабря", "december"),
)


class NotADate(ValueError):
    """What was typed is not a date; `why` says how to write it."""

    def __init__(self, why: Words) -> None:
        super().__init__("not a date")
        self.why = why


def typed_date(text: str, near: date | None = None) -> date:
    """The day that was meant; where the year goes without saying, the one `near` that day: «15 января», 15.01. Raises NotADate."""
    year, month, day = _parts(text.lower(), near)
    if len(year) != 4:
        raise NotADate(_("Please write all four digits of the year: {example}.", example=_example(near)))
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise NotADate(_("There is no such day in the calendar. Please check it.")) from error


def _parts(text: str, near: date | None) -> tuple[str, str, str]:
    """Year, month and day as they were written."""
    if near is not None and (
        found := re.fullmatch(r"([0-9]{1,2})(?:\s*[./]\s*|\s+)([0-9]{1,2}|[a-zа-я]{3,9})\.?", text)
    ):
        month = found[2] if found[2].isdecimal() else _month(found[2], near)
        return _year(int(month), near), month, found[1]
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text):
        return found[1], found[2], found[3]
    if found := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text):
        if int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]:
            raise _unclear(near)
        return found[3], found[2], found[1]
    if found := re.fullmatch(r"([0-9]{2})([0-9]{2})([0-9]{4})", text):
        return found[3], found[2], found[1]
    if found := re.fullmatch(
        r"([0-9]{1,2})\s*[.,\- ]\s*([0-9]{1,2})\s*[.,\- ]\s*([0-9]{4}|[0-9]{2})(?:\s*г\.?)?", text
    ):
        return found[3], found[2], found[1]
    if found := re.fullmatch(
        r"([0-9]{1,2})(?:-?(?:го|е|st|nd|rd|th))?\s+([a-zа-я]{3,8})\.?,?\s+([0-9]{4}|[0-9]{2})\s*(?:г|года)?\.?", text
    ):
        return found[3], _month(found[2], near), found[1]
    if found := re.fullmatch(r"([a-z]{3,9})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})", text):
        return found[3], _month(found[1], near), found[2]
    raise _unclear(near)


def _month(word: str, near: date | None) -> str:
    """A month's number by its name or the first letters of it."""
    for number, names in enumerate(_MONTHS, 1):
        if any(name.startswith(word) for name in names):
            return str(number)
    raise _unclear(near)


def _year(month: int, near: date) -> str:
    """The one in which that month is nearest."""
    off = month - near.month
    return str(near.year + (off < -6) - (off > 6))


def _unclear(near: date | None) -> NotADate:
    return NotADate(
        _("I am not sure which day that is. Please write day, month and year: {example}.", example=_example(near))
    )


def _example(near: date | None) -> str:
    return f"{near or date(2017, 3, 14):%d.%m.%Y}"
