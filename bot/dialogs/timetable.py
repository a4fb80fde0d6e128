"""A timetable in words: «Tue, Thu 15:00–16:00 (odd weeks), room 5»."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from bot.domain.lessons import Lesson
from bot.i18n import Words, _, joined

WEEKDAYS = {1: _("Mon"), 2: _("Tue"), 3: _("Wed"), 4: _("Thu"), 5: _("Fri"), 6: _("Sat"), 7: _("Sun")}
A_RUN = 3
"""Days in a row that are told as «from – to»."""
WEEKS: Mapping[str, Words] = {"every": "", "odd": _("odd weeks"), "even": _("even weeks")}


def in_words(timetable: Iterable[Lesson]) -> Words:
    """Lessons at the same hours on one line with their days; weeks and rooms are shown as they are."""
    same = sorted(timetable, key=lambda each: (each.start, each.stop, each.weeks, each.place, each.weekday))
    told = []
    for (start, stop, weeks, place), lessons in groupby(same, key=lambda e: (e.start, e.stop, e.weeks, e.place)):
        days = [lesson.weekday for lesson in lessons]
        line: Words = _("{days} {start}–{stop}", days=weekdays(days), start=start, stop=stop)
        if WEEKS[weeks]:
            line = joined(" ", (line, joined("", ("(", WEEKS[weeks], ")"))))
        told.append((days[0], start, joined(", ", (line, place)) if place else line))
    return joined("; ", (line for _day, _start, line in sorted(told, key=lambda each: each[:2])))


def weekdays(days: Iterable[int]) -> Words:
    """«Tue, Thu», «Mon–Fri»."""
    told: list[Words] = []
    for _shift, row in groupby(enumerate(sorted(set(days))), key=lambda each: each[1] - each[0]):
        run = [WEEKDAYS[day] for _place, day in row]
        told += run if len(run) < A_RUN else [joined("–", (run[0], run[-1]))]
    return joined(", ", told)
