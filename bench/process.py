"""A bot under load: the messenger in one process, the bot in another, figures at the end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import orjson

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "bench"
PEERS = ROOT / ".venv-bench" / "bin" / "python"
"""The peers' own virtual environment: what they pin must not meet what the service pins."""


@dataclass(frozen=True)
class Bot:
    """A program that answers a messenger. `environment` gets the server's address in each name of `address`."""

    name: str
    messenger: str
    script: str
    command: tuple[str, ...]
    address: str = "API_URL"
    environment: Mapping[str, str] = field(default_factory=dict)

    def given(self, **environment: str) -> "Bot":
        """The same with more in its environment."""
        return replace(self, environment={**self.environment, **environment})


@dataclass(frozen=True)
class Load:
    """How long, and by how many."""

    people: int = 200
    warm: float = 3.0
    seconds: float = 8.0
    seed: int = 1


class Failed(Exception):
    """A run that measured nothing."""


def python(*words: str) -> tuple[str, ...]:
    """A program in the service's environment."""
    return (sys.executable, *words)


def peer(name: str) -> tuple[str, ...]:
    """A program in the peers' environment."""
    return (str(PEERS), "-m", f"bench.peers.{name}")


@contextmanager
def running(command: tuple[str, ...], log: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process with nothing in its environment but this, and what it leaves behind in our folder; ended at the end."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=BUILD, env={**inherited, "PYTHONPATH": str(ROOT), **environment}, stdout=file, stderr=file
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(12)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Server:
    """A messenger's load server in a process of its own. `begin` once the bot runs; `figures` when the window is over."""

    def __init__(self, messenger: str, script: str, load: Load) -> None:
        self._process = subprocess.Popen(
            [
                *python("-m", "bench.servers", messenger, "--script", script),
                *("--people", str(load.people), "--warm", str(load.warm)),
                *("--seconds", str(load.seconds), "--seed", str(load.seed)),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.url = self._line()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._process.kill()
        self._process.communicate()

    def begin(self, pid: int) -> None:
        """Load this bot, as soon as it polls."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"%d\n" % pid)
        self._process.stdin.flush()

    def warm(self) -> None:
        """Wait until the window begins. Raises Failed when the bot never came."""
        if not self._line():
            raise Failed("the load server gave up: nobody polled")

    def figures(self) -> dict[str, Any]:
        """Wait until the window ends; see `bench.servers.crowd.figures`. Raises Failed when nothing was measured."""
        line = self._line()
        if not line:
            raise Failed("the load server gave up")
        found: dict[str, Any] = orjson.loads(line)
        if found["trouble"] or not found["updates"]:
            raise Failed(found["trouble"] or "no reply came")
        return found

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().decode().strip()


def loaded(bot: Bot, load: Load, watch: Callable[[int], None] = lambda _pid: None) -> dict[str, Any]:
    """Run a bot under a load; the figures, with its greatest memory. `watch` gets its process id when the
    window begins. Raises Failed."""
    log = BUILD / f"{bot.name}-{bot.messenger}-{bot.script}.log".replace(" ", "-")
    with (
        Server(bot.messenger, bot.script, load) as server,
        running(bot.command, log, **{bot.address: server.url}, **bot.environment) as process,
    ):
        server.begin(process.pid)
        try:
            server.warm()
            watch(process.pid)
            found = server.figures()
            if found["stuck"]:
                raise Failed(f"{found['stuck']} people never got a reply")
        except Failed as failure:
            raise Failed(f"{bot.name}: {failure}; see {log}") from None
        return {**found, "rss": peak(process.pid)}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def peak(pid: int) -> float:
    """A process's greatest memory so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
