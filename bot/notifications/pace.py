"""How fast: calls to one messenger, evenly spaced and never above its limit in any second, whatever the way there takes. Pure: time comes in.

A messenger counts a call somewhere between its leaving and its answer. All that we know is the shortest time there and back; so a call counts
as made at its answer less that time, and a second after that its place in the window is free again.

A limit may sink and rise. Whatever is on its way when it sinks is refused, so no more is than the way needs. Telegram's refusal does not say
whose limit was reached, one chat's or the bot's: other chats are the witnesses. While they are heard, one call goes at a time. A lower limit is
found by what was taken in the second before a refusal; a limit that may have risen again is tried seldom and then in growing steps, because
each failure is a violation; a call that makes a second fuller than any before it goes alone.
"""

from collections import deque
from dataclasses import dataclass
from math import ceil

MARGIN = 0.98
"""The share of the limit that we use."""
FEWEST, MOST = 8, 256
CATCH_UP = 0.05
"""Seconds that a late departure may be made good for: without it the rate sinks with every delay."""
SECOND = 1.003
"""A messenger's second, and a little for the clocks."""
CAUTION, AGEING = 0.9, 1.0005
"""The shortest time that we have seen may not be the shortest; and it is forgotten little by little, as the way may have become longer."""
USUAL, EVENED = 0.1, 16
"""Seconds there and back until we know better; the average is over about so many calls."""
SPARE = 1.25
"""So many times more calls than the usual way needs may be on it, as some take longer."""
LATE = 3
"""After so many usual times a call is late, and another may leave in its place."""
WITNESSES = 3
"""So many chats in a row are refused before it is the bot's limit (where one in a hundred is poisoned, three in a row are rare)."""
DOUBTS, AMONG = 5, 150
"""A limit that is only a little lower refuses one here and there: so many among so many calls."""
HEARING = 1.0
"""Seconds that a witness may take."""
LESS = 2 / 3
"""What is left of a limit of which we only know that it has sunk."""
FIRST_TRIAL, LAST_TRIAL = 60.0, 1800.0
"""Seconds before a higher limit is tried, and at most after failures (each doubles the pause)."""
HASTE = 1.3
"""So much faster calls leave in a trial, as far as the window has places: a second has to become full though the last ones go alone."""
TRIAL = 5.0
"""Seconds after which a trial has gone well, and a step twice as long is tried."""
QUICK = 1.5
"""Seconds between the small steps up after a fall, where one refusal says all: the messenger names whose limit it is."""


def in_flight(per_second: float) -> int:
    """How many calls may wait for their end at once: a quarter of a second's. A crash repeats no more of them than these."""
    return min(max(FEWEST, round(per_second / 4)), MOST)


@dataclass(slots=True, eq=False)
class Call:
    """A call on its way: when it left, and when the answer came (until then, the same)."""

    left: float
    answered: float


class Pace:
    """The calls of one bot to one messenger."""

    def __init__(self, per_second: float) -> None:
        """`per_second`: calls that the messenger allows in any second."""
        self.allowed = self.limit = self._before = per_second
        self._gate = 0.0
        self._window: deque[Call] = deque(maxlen=max(1, int(per_second)))
        self._aloft: dict[Call, None] = {}
        self._way = USUAL
        self._shortest = float("inf")
        self._taken: deque[float] = deque()
        """When the messenger counted what it took in the last second."""
        self._fullest = 0
        """The most that it had taken in the second before a call that it took, since the limit was last found."""
        self._suspects: set[str] = set()
        self._suspect_left = self._found_at = float("-inf")
        self._calls = 0
        self._doubts: deque[int] = deque(maxlen=DOUBTS)
        self._pause, self._step, self._quick = FIRST_TRIAL, 0.0, False
        self._next_trial, self._trying_until = float("inf"), float("-inf")

    @property
    def rate(self) -> float:
        """Calls a second."""
        return MARGIN * self.limit

    def wait(self, now: float) -> float:
        """Seconds until a call may leave; an answer that comes meanwhile may change it."""
        return max(self._crowded(now), self._gate - now, self._free(now), 0.0)

    def _crowded(self, now: float) -> float:
        """Seconds until one of the calls on their way is late, if there are as many as may be."""
        if self._suspects or self._goes_beyond(now):
            at_once, patience = 1, HEARING
        else:
            at_once, patience = max(2, ceil(SPARE * self.rate * self._way)), LATE * self._way
        young = [call.left + patience for call in self._aloft if call.left + patience > now]
        return young[-at_once] - now if len(young) >= at_once else 0.0

    def _goes_beyond(self, now: float) -> bool:
        """Whether a higher limit is being tried, and the next call would make a second fuller than any that it took."""
        if not self._trying(now):
            return False
        there = now + self._way / 2
        beside = len(self._aloft) + sum(at > there - 1 for at in self._taken)
        return max(int(self._before), self._fullest + 1) <= beside < int(self.limit)

    def _free(self, now: float) -> float:
        """Seconds until the window has a place."""
        places = max(1, int(self.limit))
        if self.limit < 1 or len(self._window) < places or self._goes_beyond(now):
            return 0.0
        return self._counted(self._window[-places]) + SECOND - now

    def _trying(self, now: float) -> bool:
        """Whether a higher limit is on trial: for some time, and until as many were taken in a second."""
        return now < self._trying_until or self._trying_until > float("-inf") and self._fullest + 1 < int(self.limit)

    def leave(self, now: float) -> Call:
        """A call leaves, now or, if that is too early, at its `left`."""
        left = now + max(self._gate - now, self._free(now), 0.0)
        call = Call(left, left)
        haste = HASTE if self._trying(now) else 1.0
        self._gate = max(self._gate, now - CATCH_UP) + 1 / (haste * self.rate)
        self._window.append(call)
        self._calls += 1
        self._aloft[call] = None
        return call

    def taken(self, call: Call, now: float) -> None:
        """The messenger has answered, and its limits had nothing against it."""
        self._answered(call, now)
        counted = self._counted(call)
        beside = self._beside(counted)
        self._taken.append(counted)
        self._fullest = max(self._fullest, beside)
        if self._suspects and call.left > self._suspect_left:
            self._doubts.extend([self._calls] * len(self._suspects))
            self._suspects.clear()
            if self._doubtful(now):
                self._sink(beside, now, sure=False)
        if now >= self._next_trial and beside + 1 >= 0.9 * self.limit and not self._trying(now):
            self._try(now)

    def lost(self, call: Call, now: float) -> None:
        """No answer: whether it was counted nobody knows, so it was, and late."""
        self._aloft.pop(call)
        call.answered = now

    def refused(self, call: Call, chat: str, now: float, after: float, sure: bool) -> None:
        """Too many, come back `after` seconds; not `sure`: it may be this chat's limit or the bot's."""
        self._answered(call, now)
        if call.left <= self._found_at:
            self.hold(now + after)  # it left before we knew
            return
        if not self._suspects:
            self._suspect_left = call.left
        self._suspects.add(chat)
        if sure or len(self._suspects) >= WITNESSES:
            self._sink(self._beside(self._counted(call)), now, sure)
            self.hold(now + after)

    def hold(self, until: float) -> None:
        """Nothing leaves before."""
        self._gate = max(self._gate, until)

    def _answered(self, call: Call, now: float) -> None:
        self._aloft.pop(call)
        self._way += (min(now - call.left, LATE * self._way) - self._way) / EVENED
        self._shortest = min(self._shortest * AGEING, now - call.left)
        call.answered = now

    def _counted(self, call: Call) -> float:
        """By when the messenger has counted it, as far as we know now."""
        return max(call.left, call.answered - CAUTION * self._shortest)

    def _beside(self, at: float) -> int:
        """How many the messenger took in the second before."""
        while self._taken and self._taken[0] <= at - 1:
            self._taken.popleft()
        return len(self._taken)

    def _doubtful(self, now: float) -> bool:
        """Whether refusals are many, though not in a row."""
        if self._trying(now):
            return len(self._doubts) >= WITNESSES
        return len(self._doubts) == DOUBTS and self._doubts[0] > self._calls - AMONG

    def _sink(self, beside: int, now: float, sure: bool) -> None:
        """The messenger refuses, having taken `beside` in the last second: a trial has failed; or it refuses only some; or it had never taken
        so many, so that this is its limit; or it used to take as many, and we only know that the limit has sunk."""
        failed = self._trying(now)
        if failed:
            found = self._before
        elif not sure and len(self._suspects) < WITNESSES:
            found = max(LESS * self.limit, min(self.limit - max(1.0, self.limit // 20), self._fullest + 1))
        elif self._fullest < beside < self.limit:
            found = float(beside)
        else:
            found = LESS * self.limit
        self.limit = max(found, min(1.0, self.allowed))
        self._pause = min(2 * self._pause, LAST_TRIAL) if failed else FIRST_TRIAL
        self._settle()
        self._step, self._trying_until = 0.0, float("-inf")
        self._quick = sure and not failed
        self._found_at, self._next_trial = now, now + (QUICK if self._quick else self._pause)

    def _try(self, now: float) -> None:
        """The limit may have risen."""
        self._step = max(1.0, self.limit // 20) if self._quick else 2 * self._step or max(1.0, self.limit // 10)
        self._before, self.limit = self.limit, min(self.limit + self._step, self.allowed)
        self._settle()
        self._trying_until = now + (QUICK if self._quick else TRIAL)
        self._next_trial = self._trying_until if self.limit < self.allowed else float("inf")

    def _settle(self) -> None:
        """What was seen until now says nothing about the new limit."""
        self._fullest = 0
        self._suspects.clear()
        self._doubts.clear()
