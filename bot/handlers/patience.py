"""What every intake does alike: try until it works, wait until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import structlog

LONGEST_PAUSE = 30.0
T = TypeVar("T")
log = structlog.get_logger()


class Patience:
    """Holds out until `stop`."""

    def __init__(self) -> None:
        self._stopping = asyncio.Event()

    @property
    def stopping(self) -> bool:
        """Whether it is time to come to an end."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Nothing new is begun."""
        self._stopping.set()

    async def until_stopped(self) -> None:
        """Wait for `stop`."""
        await self._stopping.wait()

    async def persist(self, what: str, work: Callable[[], Awaitable[T]]) -> T | None:
        """Try until it works, with growing pauses; None once we are stopping. What is under way is finished."""
        pause = 0.5
        while True:
            try:
                return await work()
            except (
                Exception
            ) as trouble:  # a messenger's or the database's; only its name, its words may hold personal data
                pause = max(min(pause * 2, LONGEST_PAUSE), float(getattr(trouble, "retry_after", 0)))
                log.warning(what, kind=type(trouble).__name__, pause=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            if self.stopping:
                return None

    async def unless_stopped(self, work: Awaitable[T]) -> T | None:
        """The result of a long wait; it is given up at once when we are stopping."""
        waiting, stop = asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({waiting, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            await asyncio.wait({waiting})
            return None
        stop.cancel()
        return waiting.result()
