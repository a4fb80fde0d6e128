"""What regions decide differently: every «PP» of the rules is one field here, with its default."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from bot.domain.calendar import Span

T = TypeVar("T")
YEAR = 366


def pp(default: T, meaning: str, least: int = 0, most: int = YEAR) -> T:
    """A policy parameter: its default, what it means and by which rule, and the numbers it may take."""
    return field(default=default, metadata={"meaning": meaning, "least": least, "most": most})


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One municipality's policy. ValueError, naming the field, for a value that makes no sense."""

    # Who may take part
    child_requests_need_guardian: bool = pp(True, "R1.3: a request by a child from 14 waits for a guardian's yes")
    min_age: int = pp(5, "R2.2: the youngest age of a certificate, in full years", 0, 17)
    max_age: int = pp(18, "R2.2: the birthday on which a certificate ends", 1, 18)

    # The certificate
    conversion: Literal["on_request", "automatic"] = pp(
        "on_request", "R2.3: accounting becomes funded by a button, or with the first request for a certified program"
    )
    identity_check: Literal["visit", "none"] = pp("visit", "R2.7: originals are shown at a visit, or not at all")
    visit_days: int = pp(30, "R2.7: days to come with the originals", 1)
    snils: Literal["optional", "required", "absent"] = pp("optional", "R2.8: whether an application asks for SNILS")
    decision_working_days: int = pp(3, "R2.8: working days to decide an application", 1)
    unused_days: int = pp(0, "R2.13: days without use before funded turns into accounting; 0: never")
    unused_warning_days: int = pp(7, "R2.13: days between the warning and that conversion", 1)
    blackout: Span | None = pp(None, "R2.14: days on which applications are taken, but decided only afterwards")

    # Money
    unit: Literal["money"] = pp("money", "R3.1: what a nominal counts")
    next_period_opens_days: int = pp(30, "R3.4: days before the next period at which it opens and is granted")
    prorate_grant: bool = pp(False, "R3.4: a certificate issued inside a period gets only the days that are left")
    expiry_warning_days: tuple[int, ...] = pp((30, 14, 3), "R3.5: days before the expiry of a balance to warn on", 1)
    allow_full_parent_pay: bool = pp(False, "R4.8: a certified program may be requested with an empty balance")
    parent_pay_day: int = pp(10, "R4.9: the day of the next month by which the family pays the provider", 1, 28)
    advance_limit_percent: int = pp(80, "R5.10: the most of a bill that may be paid in advance", 0, 100)

    # Enrollment
    request_days: int = pp(5, "R6: days for the provider to answer a request before it is overdue", 1)
    claim_days: int = pp(10, "R6: days for the family to answer an enrollment entered by a provider", 1)
    acceptance_days: int = pp(10, "R6: days for the family to accept an offer before it is overdue", 1)
    backdating_days: int = pp(0, "R6.2: how many days ago an enrollment may start")
    age_on: Literal["start", "request", "september"] = pp("start", "R6.2: the day on which the child's age must fit")
    accounting_limit: int | None = pp(None, "R6.2: live enrollments on an accounting certificate; none: no limit")
    offer_hours: int = pp(24, "R6.11: hours a family has to take a place that became free", 1)
    renewal_offer_working_days: int = pp(5, "R6.12: working days before the period's end to offer a renewal", 1)
    renewal_deadline_days: int = pp(0, "R6.12: days before the period's last day up to which a renewal's seat is kept")
    moving_away: Literal["month_end", "finish"] = pp(
        "month_end", "R6.13: running enrollments of a child that moved away end at month end, or live to their end"
    )
    on_18: Literal["finish", "month_end"] = pp(
        "finish", "R8.5: at 18 a running enrollment lives to its end, or ends at month end"
    )

    # The family's week
    travel_minutes: int = pp(30, "R6.4: minutes from a lesson in one district to one in another", 0, 240)
    walk_minutes: int = pp(10, "R6.4: minutes from one address to another of the same district", 0, 240)
    alone_from_age: int = pp(12, "R6.4: from this age a child goes to lessons alone, nobody is torn between two", 0, 18)

    # Ratings
    rating_edit_days: int = pp(14, "R7.1: days in which a rating may be changed")
    rating_shown_from: int = pp(3, "R7.3: how many ratings make a score that is shown", 1)

    # Reports
    coverage_goal_percent: int = pp(25, "R10.1: which part of the children is to use a certificate", 1, 100)

    # Messages and personal data
    quiet_from: time = pp(time(21), "R8.2: from this local time pushes wait")
    quiet_until: time = pp(time(9), "R8.2: from this local time pushes go again; equal to quiet_from: never quiet")
    retention_days: int = pp(30, "R9.4: days that sent words and updates set aside are kept", 1)
    conversation_days: int = pp(
        90, "R9.4: days before a conversation that nobody goes on with, and its draft, are forgotten", 7
    )

    def __post_init__(self) -> None:
        for name, written in self.to_document().items():
            if _read(name, written) != getattr(self, name):
                raise ValueError(f"{name}: {getattr(self, name)!r} is of another type")
        if self.min_age >= self.max_age:
            raise ValueError(f"min_age: below max_age ({self.max_age}), not {self.min_age}")

    def to_document(self) -> dict[str, object]:
        """Plain JSON values: dates as `2026-09-01`, times as `21:00:00`."""
        return {each.name: _written(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "Policy":
        """What `to_document` wrote; a field left out has its default. ValueError names the field that is wrong."""
        return cls(**{name: _read(name, written) for name, written in document.items()})

    @classmethod
    def stored(cls, document: Mapping[str, object]) -> "Policy":
        """The same, but fields of another version are passed over: replicas of two versions meet in one database (docs/scale.md)."""
        return cls.from_document({name: written for name, written in document.items() if name in TYPES})


TYPES = get_type_hints(Policy)
LIMITS = {each.name: range(each.metadata["least"], each.metadata["most"] + 1) for each in fields(Policy)}


def _written(value: object) -> object:
    match value:
        case Span(start, stop):
            return {"start": start.isoformat(), "stop": stop.isoformat()}
        case time():
            return value.isoformat()
        case tuple():
            return list(value)
    return value


def _read(name: str, written: object) -> Any:
    if name not in TYPES:
        raise ValueError(f"{name}: a policy has no such field")
    wanted, *empty = get_args(TYPES[name]) if NoneType in get_args(TYPES[name]) else (TYPES[name],)
    if empty and written is None:
        return None
    try:
        return _value(wanted, written, LIMITS[name])
    except ValueError as error:
        raise ValueError(f"{name}: {error}, not {written!r}") from error


def _value(wanted: Any, written: Any, limits: range) -> object:
    """The written value in its own type. ValueError says only what was expected."""
    if get_origin(wanted) is Literal:
        return _expect(written in get_args(wanted), f"one of {', '.join(get_args(wanted))}", written)
    if wanted is bool:
        return _expect(type(written) is bool, "true or false", written)
    if wanted is int:
        numeral = type(written) is int and written in limits
        return _expect(numeral, f"a whole number from {limits[0]} to {limits[-1]}", written)
    if wanted is time:
        return _time(written)
    if wanted is Span:
        return _span(written)
    return _numbers(written, limits)


def _expect(fits: bool, expected: str, written: object) -> object:
    if not fits:
        raise ValueError(expected)
    return written


def _time(written: object) -> time:
    try:
        at = time.fromisoformat(str(written))
    except ValueError as error:
        raise ValueError("a time like 21:00") from error
    _expect(at.tzinfo is None, "a local time like 21:00", at)
    return at


def _span(written: object) -> Span:
    match written:
        case {"start": str(start), "stop": str(stop), **others} if not others:
            try:
                return Span(date.fromisoformat(start), date.fromisoformat(stop))
            except ValueError as error:
                raise ValueError(f"two dates like 2026-09-01 ({error})") from error
    raise ValueError("a start and a stop")


def _numbers(written: object, limits: range) -> tuple[int, ...]:
    """Days of warning, the earliest first: 30, 14, 3."""
    expected = f"a falling list of whole numbers from {limits[0]} to {limits[-1]}"
    if not isinstance(written, list) or not all(type(each) is int and each in limits for each in written):
        raise ValueError(expected)
    _expect(written == sorted(set(written), reverse=True), expected, written)
    return tuple(written)
