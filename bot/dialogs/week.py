"""The family's week: all children, day by day, with what clashes -> other weeks, or into the phone's calendar."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import ClassVar

from bot.dialogs.calendar_link import CalendarOnPhone
from bot.dialogs.core import CHOOSE, AnyState, Button, Event, Screen, State, Tapped, Turn, again, go, instead
from bot.dialogs.program_card import packed
from bot.dialogs.reading import turned, turning, within
from bot.dialogs.timetable import WEEKDAYS, WEEKS
from bot.domain.calendar import Span
from bot.domain.week import LessonSeen, Meeting, MyWeek, WeekSeen
from bot.i18n import Words, _, joined, lines

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ShowWeek(State[WeekSeen]):
    """A week of the family; without a day this one, or the first that has lessons."""

    day: date | None = None
    page: int = 0

    about_child: ClassVar[bool] = True
    at_leisure = True

    def needs(self) -> MyWeek:
        return MyWeek(self.day)

    def show(self, known: WeekSeen) -> Screen:
        if not known.children:
            return Screen(
                _("I do not know your children yet. Apply for a certificate first."),
                (Button(_("Apply for a certificate"), ">apply"),),
            )
        if not (known.lessons or known.unknown or known.earlier or known.later):
            return Screen(
                lines(_("No lessons yet."), _("As soon as a club is chosen, its lessons stand here.")),
                (Button(_("Find a club"), ">search"), Button(_("My clubs"), ">enrollments")),
            )
        texts = tuple(packed(_blocks(known)))
        return Screen(
            texts[within(self.page, len(texts))],
            (
                *turning(self.page, len(texts)),
                *_weeks(known),
                Button(_("Into the phone's calendar"), "phone"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("phone"):
                return go(CalendarOnPhone())
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(ShowWeek(self.day, page))
            case Tapped(monday):
                return instead(ShowWeek(date.fromisoformat(monday)))
        return again(self, CHOOSE)


def _weeks(known: WeekSeen) -> tuple[tuple[Button, ...], ...]:
    row = (
        *((Button(_("‹ The week before"), (known.monday - WEEK).isoformat()),) if known.earlier else ()),
        *((Button(_("The next week ›"), (known.monday + WEEK).isoformat()),) if known.later else ()),
    )
    return (row,) if row else ()


def _blocks(known: WeekSeen) -> Iterator[Words]:
    """The week's title, a block a day, what clashes, what is not known."""
    days = Span(known.monday, known.monday + WEEK - timedelta(days=1))
    yield _("The week {days}, an odd one", days=days) if known.odd else _("The week {days}, an even one", days=days)
    if not known.lessons:
        yield _("No lessons in this week.")
    for day, lessons in groupby(known.lessons, key=lambda one: one.day):
        title = _("{weekday}, {day}", weekday=WEEKDAYS[day.isoweekday()], day=day)
        yield lines(title, *(_lesson(one, known.children > 1) for one in lessons))
    if known.meetings:
        yield lines(_("What clashes:"), *(_meeting(each) for each in known.meetings))
    if known.unknown:
        told = joined(", ", (joined("", ("«", name, "»")) for name in known.unknown))
        yield _("Nobody has told me the timetable of {programs}: please ask the club.", programs=told)


def _lesson(one: LessonSeen, several: bool) -> Words:
    """«15:00–16:00 Anna: Robots, Lenin street, 1, room 5 (odd weeks)»."""
    times = _("{start}–{stop}", start=one.lesson.start, stop=one.lesson.stop)
    what: Words = joined(": ", (one.child_name, one.program)) if several and one.child_name else one.program
    where = tuple(part for part in (one.address, one.lesson.place) if part)
    notes = tuple(
        note
        for note, holds in (
            (WEEKS[one.lesson.weeks], bool(WEEKS[one.lesson.weeks])),
            (_("not settled yet"), not one.settled),
            (_("called off by the club"), not one.held),
        )
        if holds
    )
    line = joined(", ", (joined(" ", (times, what)), *where))
    return joined(" ", (line, joined("", ("(", joined("; ", notes), ")")))) if notes else line


def _meeting(each: Meeting) -> Words:
    values: dict[str, Words] = {
        "day": _("{weekday}, {day}", weekday=WEEKDAYS[each.clash.lesson.weekday], day=each.clash.first),
        "one": each.program,
        "other": each.clash.course.program,
        "child": each.child_name,
    }
    if each.one_child:
        return _("• {day}: {child} has both «{one}» and «{other}».", **values)
    second = each.clash.course.child_name
    return _("• {day}: {child} at «{one}» and {second} at «{other}», hard for one adult.", second=second, **values)


DOORS: dict[str, Callable[[str], AnyState]] = {"week": lambda _argument: ShowWeek()}
