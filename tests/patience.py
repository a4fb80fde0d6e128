"""How tests wait: for what has to come, and not for so many seconds."""

import asyncio
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds that anything may take on a busy machine; then it does not come."""


async def until(condition: Callable[[], object], what: str = "it", patience: float = PATIENCE) -> None:
    """Look again and again. AssertionError if it does not come true."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while not condition():
        assert loop.time() < deadline, f"{what} did not come"
        await asyncio.sleep(0.01)
