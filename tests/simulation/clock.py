"""Time that only moves when somebody moves it: the instant of the town, and a loop whose waiting takes no time."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any


class Clock:
    """The instant in UTC, in whole milliseconds."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(milliseconds=round(seconds * 1000))

    def comes(self, instant: datetime) -> None:
        """Never back."""
        self.now = max(self.now, instant.astimezone(UTC))


class Stuck(Exception):
    """Everybody waits for something that nobody will do."""


class VirtualLoop(asyncio.BaseEventLoop):
    """A loop without sockets: whoever sleeps wakes at once, and the clock has moved on so far."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock, self.instant = clock, 0.0
        self._selector = self
        self.troubles: list[BaseException] = []
        self.set_exception_handler(self._noted)

    def time(self) -> float:
        return self.instant

    def select(self, timeout: float | None) -> Sequence[Any]:
        """Instead of waiting for the sockets."""
        if timeout is None:
            raise Stuck
        self.instant += timeout
        self.clock.passes(timeout)
        return ()

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]  # no coroutine
        """There are no threads either: it is done at once."""
        done = self.create_future()
        done.set_result(func(*args))
        return done

    def _process_events(self, events: Sequence[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody calls from another thread."""

    def _noted(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.troubles.append(context.get("exception") or RuntimeError(context["message"]))
