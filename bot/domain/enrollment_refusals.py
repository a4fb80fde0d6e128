"""Why an enrollment stays as it is."""

from dataclasses import dataclass
from datetime import date

from bot.domain.enrollment import EnrollmentState
from bot.domain.messages import Refusal


@dataclass(frozen=True)
class NotNow(Refusal):
    """The enrollment is in another state than this takes: somebody was faster, or it has been done already."""

    enrollment: int
    state: EnrollmentState


@dataclass(frozen=True)
class WaitsForYes(Refusal):
    """A guardian has not said yes yet (R1.3)."""

    enrollment: int


@dataclass(frozen=True)
class NoticeGivenAlready(Refusal):
    """The end is set; once only (R5.5)."""

    enrollment: int
    last: date


@dataclass(frozen=True)
class LastDayMoved(Refusal):
    """A notice given now ends on another day than the one that was shown."""

    last: date


@dataclass(frozen=True)
class OtherModule(Refusal):
    """A group of another module: that is a request of its own, not a switch (R6.9)."""

    group: int


@dataclass(frozen=True)
class UnknownCertificate(Refusal):
    """No active certificate has this number."""

    number: str


@dataclass(frozen=True)
class DisputeIsOpen(Refusal):
    """The operator is looking into it already."""

    enrollment: int


@dataclass(frozen=True)
class NothingToDispute(Refusal):
    """Nothing was concluded or charged that could be disputed."""

    enrollment: int


@dataclass(frozen=True)
class NoSuchLessons(Refusal):
    """No lessons of the group fall on these days, or they were cancelled before, or the month has not begun."""

    group: int
