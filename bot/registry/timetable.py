"""«Пн, Ср 15:00–16:30; Сб 10:00-11:30 (чётные недели), каб. 5» → lessons.

The text is read from left to right: days gather until a time comes and makes a lesson of each; what follows a time is
its weeks (odd, even) and its place.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import time

from bot.registry import reasons
from bot.registry.reasons import Unclear
from bot.registry.rows import Lesson, Weeks

DAYS = (
    r"пн|пон|понедельник\w*",
    r"вт|вторник\w*",
    r"ср|сред[аеыу]\w*",
    r"чт|чет|четв|четверг\w*",
    r"пт|пят|пятниц\w*",
    r"сб|суб|суббот\w*",
    r"вс|воск|воскресень\w*",
)
TOKEN = re.compile(
    r"(?P<time>(?:\bс\s*)?\b(?P<h1>\d{1,2})\s?[:.\-]\s?(?P<m1>\d\d)\s*(?:-|до|по)\s*(?P<h2>\d{1,2})\s?[:.\-]\s?(?P<m2>\d\d)\b)"
    r"|(?P<weeks>\(?\b(?:по\s+)?(?P<odd>не)?ч[её]тн\w*\b(?:\s+недел\w*)?\)?)"
    r"|(?P<daily>\bежедневно\b)|(?P<workdays>\b(?:по\s+)?будн\w+\b(?:\s+дн\w+)?)"
    r"|(?P<until>(?<=[\w.])\s*-\s*(?=(?:" + "|".join(DAYS) + r")\b))"
    r"|" + "|".join(rf"(?P<d{index}>\b(?:{day})\b\.?)" for index, day in enumerate(DAYS)),
    re.IGNORECASE,
)
LINKS = ("", "и", "/")


@dataclass
class _Segment:
    """What has been understood so far between two semicolons."""

    source: str
    lessons: list[Lesson] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    since: int = 0  # the first lesson that a word about weeks or a place belongs to
    timed: bool = False
    told: bool = False  # something was said of the last time already
    until: bool = False
    weeks: Weeks = "every"

    def day(self, weekday: int) -> None:
        if self.timed:
            self.days, self.timed = [], False
        if self.until and self.days:
            first = self.days[-1]
            self.days += [day % 7 for day in range(first + 1, first + 1 + (weekday - first) % 7)]
        else:
            self.days.append(weekday)
        self.until = False

    def time(self, start: time, stop: time) -> None:
        if not self.days:
            raise Unclear(reasons.TIME_WITHOUT_DAY, self.source)
        if self.told or not self.timed:
            self.since = len(self.lessons)
        self.timed, self.told = True, False
        self.lessons += [Lesson(day, start, stop, self.weeks) for day in dict.fromkeys(self.days)]

    def on_weeks(self, weeks: Weeks) -> None:
        """Before the times it is said of all that follow, after a time of the lessons just read."""
        if self.timed:
            self.tell(lambda lesson: replace(lesson, weeks=weeks))
        else:
            self.weeks = weeks

    def words(self, words: str) -> None:
        place = words.strip(" ,.:-")
        if place.count("(") != place.count(")") or (place.startswith("(") and place.endswith(")")):
            place = place.strip(" ,()")
        if place in LINKS:
            return
        if not self.timed:
            raise Unclear(reasons.NOT_A_TIMETABLE, self.source)
        self.tell(lambda lesson: replace(lesson, place=f"{lesson.place}, {place}".removeprefix(", ")))

    def tell(self, changed: Callable[[Lesson], Lesson]) -> None:
        self.lessons[self.since :] = [changed(lesson) for lesson in self.lessons[self.since :]]
        self.told = True


def timetable(text: str) -> tuple[Lesson, ...]:
    """Lessons in the order of the week. Raises Unclear when a part of the text is not understood."""
    lessons: list[Lesson] = []
    for source in re.split(r"[;\n]", text):
        lessons += _segment(" ".join(source.split()))
    return tuple(sorted(dict.fromkeys(lessons), key=lambda lesson: (lesson.weekday, lesson.start, lesson.weeks)))


def _segment(source: str) -> list[Lesson]:
    segment = _Segment(source)
    text = re.sub("[–—−]", "-", source)
    at = 0
    for token in TOKEN.finditer(text):
        segment.words(text[at : token.start()])
        at = token.end()
        match token.lastgroup:
            case "time":
                segment.time(*_times(token, source))
            case "weeks":
                segment.on_weeks("odd" if token["odd"] else "even")
            case "daily" | "workdays":
                for weekday in range(7 if token.lastgroup == "daily" else 5):
                    segment.day(weekday)
            case "until":
                segment.until = True
            case str(weekday):
                segment.day(int(weekday[1:]))
    segment.words(text[at:])
    if segment.days and not segment.timed:
        raise Unclear(reasons.DAY_WITHOUT_TIME, source)
    return segment.lessons


def _times(token: re.Match[str], source: str) -> tuple[time, time]:
    try:
        start, stop = time(int(token["h1"]), int(token["m1"])), time(int(token["h2"]), int(token["m2"]))
    except ValueError:
        raise Unclear(reasons.NOT_A_TIME, source) from None
    if start >= stop:
        raise Unclear(reasons.NOT_A_TIME, source)
    return start, stop
