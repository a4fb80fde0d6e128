"""A bot under load: the messenger in one process, the bot in another, figures at the end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

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
    """A process with nothing in its environment but this; ended at the end."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**inherited, "PYTHONPATH": str(ROOT), **environment}, stdout=file, stderr=file
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


def loaded(bot: Bot, load: Load, watch: Any = None) -> dict[str, Any]:
    """Run a bot under a load. `watch(pid)` is called when it has begun. Raises Failed."""
    server = subprocess.Popen(
        [
            *python("-m", "bench.servers", bot.messenger, "--script", bot.script),
            *("--people", str(load.people), "--warm", str(load.warm)),
            *("--seconds", str(load.seconds), "--seed", str(load.seed)),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdin is not None and server.stdout is not None
    log = BUILD / f"{bot.name}-{bot.messenger}-{bot.script}.log".replace(" ", "-")
    try:
        url = server.stdout.readline().decode().strip()
        with running(bot.command, log, **{bot.address: url}, **bot.environment) as process:
            server.stdin.write(b"%d\n" % process.pid)
            server.stdin.flush()
            if watch is not None:
                watch(process.pid)
            line = server.stdout.readline()
            if not line:
                raise Failed(f"{bot.name}: the server gave up; see {log}")
            found: dict[str, Any] = orjson.loads(line)
            found["rss"] = peak(process.pid)
    finally:
        server.kill()
        server.wait()
    if found["trouble"] or not found["updates"] or found["stuck"]:
        raise Failed(f"{bot.name}: {found['trouble'] or found}; see {log}")
    return found


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
