"""Whether a messenger still brings its updates: when it was last asked with success, or that it has been told where to bring them."""

import time

from prometheus_client import Gauge

last_poll = Gauge(
    "kruzhok_last_poll_timestamp_seconds", "When a messenger was last asked for updates with success", ["channel"]
)
LONGEST_SILENCE = 120.0
"""Seconds between two successful polls, each of which the messenger may hold for less than a minute."""


class Pulse:
    """Of one channel's intake."""

    def __init__(self, channel: str) -> None:
        self._last_poll = last_poll.labels(channel)
        self._polled_at: float | None = None
        self._called_back = False

    def heard(self) -> None:
        """The messenger has answered: a poll, with updates or without, or the set-up."""
        self._polled_at = time.monotonic()
        self._last_poll.set_to_current_time()

    def called_back(self) -> None:
        """From now on the messenger comes by itself; its silence says nothing."""
        self._called_back = True

    def trouble(self) -> str:
        """What is not well, in a few words for an engineer; empty when all is."""
        if self._called_back:
            return ""
        if self._polled_at is None:
            return "not set up yet"
        silent = time.monotonic() - self._polled_at
        return f"no successful poll for {silent:.0f} s" if silent > LONGEST_SILENCE else ""
