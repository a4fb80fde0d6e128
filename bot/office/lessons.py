"""Lessons that were not held, of a whole group or of one child of it: their part of the month returns (R5.4)."""

from datetime import date

from starlette.responses import Response

from bot.dialogs.timetable import WEEKDAYS
from bot.domain.calendar import DAY, Month
from bot.domain.enrollment import CancelLessons
from bot.domain.enrollment_work import Roster, RosterOf
from bot.domain.lessons import days
from bot.i18n import Words, _, joined
from bot.office.entry import day_of
from bot.office.page import OPERATOR, PROVIDER, NotFound, Visit, form, page
from bot.office.provider_words import told

MONTHS = 3
"""Lessons of so many months, the present one the last, are shown to be ticked."""


async def lessons(visit: Visit) -> Response:
    """The days of the timetable as it was on each, or two numbers where there is none."""
    roster = visit.found(await visit.read(RosterOf(visit.id("group"))))
    child = _child(visit, roster)
    known = {"roster": roster, "days": _days(roster), "child": child}
    return visit.page("lessons.html", _("Lessons that were not held"), **known)


async def cancel(visit: Visit) -> Response:
    """For all children of the group, or for the one that is named."""
    roster = visit.found(await visit.read(RosterOf(visit.id("group"))))
    child = visit.entry.number_or_none("enrollment", most=2**62) or 0
    if roster.timetables.present or _days(roster):
        wish = CancelLessons(roster.group, _ticked(visit), enrollment=child)
    else:
        cancelled = visit.entry.number("cancelled", 1, 100)
        planned = visit.entry.number("planned", max(cancelled, 1), 100)
        cause = visit.entry.text("cause", most=200, least=3)
        wish = CancelLessons(roster.group, (), visit.entry.month("month"), cancelled, planned, cause, child)
    to = f"/enrollments/{child}" if child else f"/groups/{roster.group}/roster"
    return await visit.does(wish, told, to=to, again=lessons)


def _ticked(visit: Visit) -> tuple[date, ...]:
    chosen = []
    for written in visit.entry.all("day"):
        try:
            chosen.append(day_of(written))
        except ValueError:
            visit.entry.wrong["day"] = _("A day, such as 2026-09-01.")
    if not chosen:
        visit.entry.wrong["day"] = _("Tick at least one.")
    return tuple(chosen)


def _days(roster: Roster) -> list[tuple[Month, list[tuple[date, Words]]]]:
    """Month by month, the latest first; what is to come up to a fortnight ahead."""
    first = Month.of(roster.today)
    for _each in range(MONTHS - 1):
        first = first.previous
    span = max(first.first, roster.days.start), min(roster.today + 14 * DAY, roster.days.stop)
    found: dict[Month, list[tuple[date, Words]]] = {}
    for day in days(*span):
        if roster.timetables.on(day):
            found.setdefault(Month.of(day), []).append((day, _named(roster, day)))
    return sorted(found.items(), reverse=True)


def _named(roster: Roster, day: date) -> Words:
    words: Words = joined(", ", (WEEKDAYS[day.isoweekday()], _("{day}", day=day)))
    return joined(" · ", (words, _("noted as not held"))) if day in roster.not_held else words


def _child(visit: Visit, roster: Roster) -> tuple[int, str]:
    """Whose lessons, if only one child's: its enrollment and name."""
    asked = visit.asked_number("enrollment") or (visit.entry.number_or_none("enrollment", most=2**62) or 0)
    name = next((each.child_name for each in roster.learners if each.enrollment == asked), None)
    if asked and name is None:
        raise NotFound
    return asked, name or ""


PAGES = (
    page("/groups/{group:int}/lessons", lessons, PROVIDER, OPERATOR),
    form("/groups/{group:int}/lessons", cancel, PROVIDER, OPERATOR),
)
