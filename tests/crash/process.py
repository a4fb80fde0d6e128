"""The bot as a process of its own: started from cold or forked from a warm one, killed, or asked to end."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.service import CUT, GRACE
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Process:
    """One life."""

    pid: int
    gone: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """Its exit code, below zero the signal that ended it."""

    @property
    def alive(self) -> bool:
        return not self.gone.done()

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            if self.alive:
                os.kill(self.pid, number)

    async def killed(self) -> None:
        """SIGKILL: nothing of it is left when this returns."""
        self.signal(signal.SIGKILL)
        await self.gone

    async def ends(self) -> tuple[int, float]:
        """SIGTERM: its exit code and the seconds that it took; -9 if it had to be killed, long after it should have ended."""
        clock = asyncio.get_running_loop().time
        began = clock()
        self.signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.gone), PATIENCE)
        await self.killed()
        return self.gone.result(), clock() - began


LATE = "SIGTERM: above 10 s"
"""A fault that a busy machine may be guilty of: `make crash` judges it, `make test` does not."""


def ends_faults(ends: Sequence[tuple[int, float]]) -> dict[str, int]:
    """What was wrong with ends as `Process.ends` tells them."""
    return {
        "SIGTERM: not in order": sum(code not in (0, CUT) for code, _seconds in ends),
        LATE: sum(code == CUT or seconds > GRACE for code, seconds in ends),
    }


class Nursery:
    """Where the bot's processes come from; all of them write their log into one file."""

    def __init__(self, zygote: asyncio.subprocess.Process, log: Path) -> None:
        self._zygote, self.log = zygote, log
        self._living: dict[int, Process] = {}
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        assert self._zygote.stdout is not None
        async for line in self._zygote.stdout:
            match line.decode().split():
                case ["born" | "ready", *pid]:
                    number = int(pid[0]) if pid else 0
                    self._living.setdefault(number, Process(number))
                    self._born.put_nowait(number)
                case ["gone", pid, code]:  # maybe before we are told of its birth
                    self._living.setdefault(int(pid), Process(int(pid))).gone.set_result(int(code))

    async def ready(self) -> None:
        """Everything is imported."""
        await self._born.get()

    async def fork(self, environment: Mapping[str, str], *words: str) -> Process:
        """`python -m bot …words`, warm."""
        assert self._zygote.stdin is not None
        order = {"words": words, "environment": dict(environment), "log": str(self.log)}
        self._zygote.stdin.write(json.dumps(order).encode() + b"\n")
        return self._living[await self._born.get()]

    async def cold(self, environment: Mapping[str, str], *words: str) -> Process:
        """`python -m bot …words`, as whoever runs the service starts it."""
        with self.log.open("ab") as log:
            started = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", *words, env=dict(environment), stdout=log, stderr=log
            )
        process = Process(started.pid)
        ending = asyncio.create_task(started.wait())
        ending.add_done_callback(lambda task: process.gone.set_result(task.result()))
        self._living[started.pid] = process
        return process

    async def close(self) -> None:
        """Nobody survives."""
        for process in self._living.values():
            if process.pid:
                process.signal(signal.SIGKILL)
        self._zygote.kill()
        await self._zygote.wait()
        self._listening.cancel()


@asynccontextmanager
async def nursery(log: Path) -> AsyncIterator[Nursery]:
    """A warm process for the time of a run."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    zygote = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.crash.zygote"),
        env=inherited,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    found = Nursery(zygote, log)
    try:
        await found.ready()
        yield found
    finally:
        await found.close()
