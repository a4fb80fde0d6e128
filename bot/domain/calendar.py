"""Days: months, spans, ages, working days (R8.3) and the local time of a municipality (R8.1, R8.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; written `2026-09`. ValueError for a month that is not 1–12."""

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """`2026-09`, and nothing looser: keys of the ledger are made of it. ValueError otherwise."""
        month = cls.of(date.fromisoformat(f"{text}-01"))
        if str(month) != text:
            raise ValueError(f"a month is written like 2026-09, not {text!r}")
        return month

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.next.first - DAY

    @property
    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        return Month.of(self.first - DAY)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def months(start: date, stop: date) -> tuple[Month, ...]:
    """The calendar months touched by the days from start to stop, both included (R4.4). ValueError if start > stop."""
    first = Span(start, stop).start
    count = 12 * (stop.year - first.year) + stop.month - first.month + 1
    elapsed = range(first.month - 1, first.month - 1 + count)
    return tuple(Month(first.year + m // 12, m % 12 + 1) for m in elapsed)


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Days from start to stop, both included. ValueError if start > stop."""

    start: date
    stop: date

    def __post_init__(self) -> None:
        if self.start > self.stop:
            raise ValueError(f"{self.start} is after {self.stop}")

    @property
    def days(self) -> int:
        return (self.stop - self.start).days + 1

    def overlaps(self, other: "Span") -> bool:
        return self.start <= other.stop and other.start <= self.stop

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.stop


def birthday(birth: date, years: int) -> date:
    """The day somebody turns `years`; 29 February turns on 1 March in common years (R8.4)."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def born_by(day: date, years: int) -> date:
    """The latest birth date of whoever is `years` old or older on that day (R8.4)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def age_on(birth: date, day: date) -> int:
    """Full years on that day; below zero before the birth (R2.2, R8.4)."""
    years = day.year - birth.year
    return years if birthday(birth, years) <= day else years - 1


# Labour Code, art. 112: (month, day).
HOLIDAYS = frozenset({*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)})


@dataclass(frozen=True, slots=True)
class YearDays:
    """What the published calendar of a year says against «Monday to Friday»: weekdays off and weekends worked."""

    year: int
    off: frozenset[date]
    worked: frozenset[date]


def parse_year(document: Mapping[str, object]) -> YearDays:
    """`{"year": 2026, "source": …, "off": ["2026-01-01", …], "worked": […]}` → its days.

    `source` names the act, for people. ValueError names what is wrong: a day of another year, a day off that is a
    weekend anyway, a worked day that is a weekday anyway.
    """
    year = document.get("year")
    if type(year) is not int:
        raise ValueError(f"year: a number like 2026, not {year!r}")
    unknown = document.keys() - {"year", "source", "off", "worked"}
    if unknown:
        raise ValueError(f"a calendar of a year has no {', '.join(sorted(unknown))}")
    days = YearDays(year, _dates(document, "off", year), _dates(document, "worked", year))
    for name, listed, wrong in (("off", days.off, True), ("worked", days.worked, False)):
        for day in sorted(listed):
            if _is_weekend(day) is wrong:
                raise ValueError(f"{name}: {day} is so anyway")
    return days


def _dates(document: Mapping[str, object], name: str, year: int) -> frozenset[date]:
    listed = document.get(name)
    if not isinstance(listed, list) or not all(isinstance(day, str) for day in listed):
        raise ValueError(f"{name}: a list of dates like 2026-01-01, not {listed!r}")
    try:
        days = frozenset(date.fromisoformat(day) for day in listed)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    for day in days:
        if day.year != year:
            raise ValueError(f"{name}: {day} is not in {year}")
    return days


def _is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


@dataclass(frozen=True, slots=True)
class ProductionCalendar:
    """Working days (R8.3). A year not yet published has its weekends and the Labour Code's holidays, nothing moved."""

    years: Mapping[int, YearDays]

    def published(self, year: int) -> bool:
        return year in self.years

    def is_working(self, day: date) -> bool:
        known = self.years.get(day.year)
        if known is None:
            return not _is_weekend(day) and (day.month, day.day) not in HOLIDAYS
        return day in known.worked if _is_weekend(day) else day not in known.off

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after `day`, which itself is not counted; 0 is the day itself."""
        return self._walk(day, count, DAY)

    def subtract_working_days(self, day: date, count: int) -> date:
        """The count-th working day before `day`, which itself is not counted; 0 is the day itself."""
        return self._walk(day, count, -DAY)

    def _walk(self, day: date, count: int, step: timedelta) -> date:
        if count < 0:
            raise ValueError(f"cannot count {count} working days")
        while count:
            day += step
            count -= self.is_working(day)
        return day


def local_date(instant: datetime, zone: str) -> date:
    """The calendar day of an instant in an IANA zone. ValueError for a time without a zone of its own."""
    return _local(instant, zone).date()


def local_midnight(day: date, zone: str) -> datetime:
    """The instant, in UTC, at which that day begins in the zone."""
    return _instant(day, time(), zone)


def quiet_until(instant: datetime, zone: str, start: time, stop: time) -> datetime | None:
    """The instant, in UTC, at which the quiet hours now running end; None if a push may go now (R8.2).

    Quiet from `start` on until just before `stop`, local, over midnight if start > stop; equal times: never quiet.
    """
    local = _local(instant, zone)
    now, today = local.time(), local.date()
    if start < stop:
        return _instant(today, stop, zone) if start <= now < stop else None
    if start > stop and now >= start:
        return _instant(today + DAY, stop, zone)
    if start > stop and now < stop:
        return _instant(today, stop, zone)
    return None


def _local(instant: datetime, zone: str) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant} is not an instant: it has no zone")
    return instant.astimezone(ZoneInfo(zone))


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
