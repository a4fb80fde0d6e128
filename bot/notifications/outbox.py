"""The life of an outbox row, in pure functions: queued → sending → sent | queued again, later | failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.notifications.delivery import Gone, Later, Outcome, Refused, Sent, Unreachable

LONGEST_PAUSE = 900.0
"""Seconds: however long a messenger has been away, a quarter of an hour after it is back everything is on its way."""
MAX_TRIES = 100
"""A little less than a day of pauses: an outage of a night loses nothing, and a row does not live for ever."""


class RowState(StrEnum):
    """Where a row is. What was `sending` when the process died is sent again at start (at least once)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Next:
    """What to write into a row after it was tried."""

    state: RowState
    tries: int
    not_before: datetime
    """When it may be tried again; for a row that rests (sent, failed) the moment it ended."""
    ref: str = ""
    """The messenger's id of the message, once sent."""
    trouble: str = ""
    """Why it is not sent; carries nothing about a person (R9.4)."""
    address_dead: bool = False
    """Nobody is reached at this address any more: a notice goes to the reader's next live channel if there is one."""


def backoff(tries: int) -> float:
    """Seconds to wait after `tries` attempts without an answer (1, 2, …): 1, 2, 4 … up to a quarter of an hour."""
    return float(min(2 ** min(tries - 1, 16), LONGEST_PAUSE))


def put_off(seconds: float, times: int) -> float:
    """Seconds to wait when a chat is asked to wait the `times`-th time in a row: as long as asked, then four times as long each time."""
    return max(seconds, min(seconds * 4.0 ** min(times - 1, 16), LONGEST_PAUSE))


def after(outcome: Outcome, tries: int, now: datetime) -> Next:
    """The row's next state; `tries` are the attempts before this one that got no answer.

    Being asked to wait is no failure and does not count as a try.
    """
    match outcome:
        case Sent(ref):
            return Next(RowState.SENT, tries, now, ref=ref)
        case Later(seconds):
            return Next(RowState.QUEUED, tries, now + timedelta(seconds=seconds))
        case Gone(why):
            return Next(RowState.FAILED, tries, now, trouble=why, address_dead=True)
        case Refused(why):
            return Next(RowState.FAILED, tries, now, trouble=why)
        case Unreachable(why) if tries + 1 >= MAX_TRIES:
            return Next(RowState.FAILED, tries + 1, now, trouble=why)
        case Unreachable(why):
            return Next(RowState.QUEUED, tries + 1, now + timedelta(seconds=backoff(tries + 1)), trouble=why)
