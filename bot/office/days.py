"""The production calendar (R8.3): a year of twelve months, each day ticked if people work on it."""

import json
from calendar import Calendar
from datetime import date, timedelta

from starlette.responses import Response

from bot.dialogs.timetable import WEEKDAYS
from bot.domain.calendar import SATURDAY, Month
from bot.domain.municipality import ReadYear, SetCalendarYear
from bot.i18n import _
from bot.office.page import ADMINISTRATOR, OPERATOR, NotFound, Visit, form, page
from bot.office.place_words import told

FIRST, LAST = 2020, 2060


async def days(visit: Visit) -> Response:
    """`?year=`."""
    year = visit.asked_number("year") or int(visit.request.path_params.get("year", 0)) or await _this_year(visit)
    year = min(max(year, FIRST), LAST)
    seen = await visit.read(ReadYear(year))
    months = [(Month(year, number), Calendar().monthdatescalendar(year, number)) for number in range(1, 13)]
    stored = {day.isoformat() for day in seen.working}
    ticked = set(visit.entry.all("day")) if "source" in visit.said else stored
    known = {"seen": seen, "months": months, "ticked": ticked, "weekdays": list(WEEKDAYS.values())}
    return visit.page("days.html", _("Working days of {year}", year=str(year)), **known, first=FIRST, last=LAST)


async def _this_year(visit: Visit) -> int:
    return (await visit.desk.look(lambda tx: tx.now)).year


async def set_days(visit: Visit) -> Response:
    """The ticked days are worked; what differs from «Monday to Friday» is the year's document."""
    year = visit.id("year")
    if not FIRST <= year <= LAST:
        raise NotFound
    ticked = set(visit.entry.all("day"))
    every = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    odd = [day for day in every if day.year == year and (day.isoformat() in ticked) == (day.weekday() >= SATURDAY)]
    document = {
        "year": year,
        "source": visit.entry.text("source", most=200),
        "off": [day.isoformat() for day in odd if day.weekday() < SATURDAY],
        "worked": [day.isoformat() for day in odd if day.weekday() >= SATURDAY],
    }
    return await visit.does(SetCalendarYear(json.dumps(document)), told, f"/place/days?year={year}", days)


PAGES = (
    page("/place/days", days, OPERATOR, ADMINISTRATOR),
    form("/place/days/{year:int}", set_days, OPERATOR, ADMINISTRATOR),
)
