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


def typed_date(text: str) -> date:
    """The day that was meant. Raises NotADate."""
    year, month, day = _parts(text.lower())
    if len(year) != 4:
        raise NotADate(_("Please write all four digits of the year: {example}.", example="14.03.2017"))
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise NotADate(_("There is no such day in the calendar. Please check it.")) from error


def _parts(text: str) -> tuple[str, str, str]:
    """Year, month and day as they were written."""
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text):
        return found[1], found[2], found[3]
    if found := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text):
        if int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]:
            raise _unclear()
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
        return found[3], _month(found[2]), found[1]
    if found := re.fullmatch(r"([a-z]{3,9})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})", text):
        return found[3], _month(found[1]), found[2]
    raise _unclear()


def _month(word: str) -> str:
    """A month's number by its name or the first letters of it."""
    for number, names in enumerate(_MONTHS, 1):
        if any(name.startswith(word) for name in names):
            return str(number)
    raise _unclear()


def _unclear() -> NotADate:
    return NotADate(
        _("I am not sure which day that is. Please write day, month and year: {example}.", example="14.03.2017")
    )
