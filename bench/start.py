"""Memory and start: both channels, a region's 50 000 programs and 100 000 stored conversations, above the bare imports of the same process.

The bare imports are a process that imports the very modules that the service has imported, and nothing more.
"""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from statistics import median

from bench import bots, town
from bench.process import BUILD, Failed, Load, Server, free_port, peak, python, running
from bench.report import Report
from bench.servers.crowd import Cpu

NAMES = BUILD / "modules.txt"
BARE = """
import importlib, sys
for name in open(sys.argv[1]).read().split():
    try:
        importlib.import_module(name)
    except Exception:
        pass  # a part of another module, which is there by now
print("imported", flush=True)
sys.stdin.read()
"""
LONGEST = 120
"""Seconds in which a service must be ready."""


@dataclass(frozen=True)
class Start:
    """Seconds until ready, of a clock and of the processor; MB then."""

    seconds: float
    cpu: float
    rss: float


def main(report: Report, words: Sequence[str] = ()) -> None:
    """`start [rounds=3]`"""
    asked = dict(word.split("=", 1) for word in words if "=" in word)
    url = asyncio.run(town.sqlite(town.REGION, "region"))
    rows, above_both, alone = [], [], []
    for channels in (("telegram", "vk"), ("vk",)):
        _learn_modules(url, channels)
        starts, bare = [], []
        for _round in range(int(asked.get("rounds", 3))):
            bare.append(_bare())
            starts.append(_start(url, channels))
        first, plain = _middle(starts), _middle(bare)
        what = " and ".join(channels)
        rows += [
            (f"bare imports of {what}", plain.seconds, plain.cpu, plain.rss),
            (f"the service with {what}, ready", first.seconds, first.cpu, first.rss),
        ]
        if "telegram" in channels:
            above_both = [ours.seconds - theirs.seconds for ours, theirs in zip(starts, bare, strict=True)]
            greatest = _under_load(url, Load(people=50, seconds=10))
            rows.append(("the same after both crowds' searches, peak", float("nan"), float("nan"), greatest))
            above = greatest - plain.rss
        else:
            alone = [ours.seconds for ours in starts]
    title = f"Start and memory: {town.REGION.programs:,} programs, {2 * town.REGION.chats:,} conversations"
    report.table(title, ("what", "seconds", "CPU seconds", "MB"), rows)
    report.target("peak memory above the bare imports, both channels, MB", above, 80, at_most=True)
    report.target("start above the bare imports, both channels, seconds", median(above_both), 2, at_most=True)
    report.target("start without a Telegram token, seconds", median(alone), 3, at_most=True)


def _environment(url: str, channels: Sequence[str], port: int) -> dict[str, str]:
    environment = {
        **town.KEYS,
        **bots.WITHOUT_LIMITS,
        "DATABASE_URL": url,
        "WEB_PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    for channel in channels:
        environment |= bots.CHANNELS[channel]
    return environment


@contextmanager
def serving(url: str, channels: Sequence[str], load: Load, *options: str) -> Iterator["Running"]:
    """The service with a server for each channel, ready; `options` are Python's."""
    with ExitStack() as ending:
        servers = [ending.enter_context(Server(channel, "search", load)) for channel in channels]
        port = free_port()
        addresses = {bots.ADDRESS[channel]: server.url for channel, server in zip(channels, servers, strict=True)}
        environment = {**_environment(url, channels, port), **addresses}
        began = time.perf_counter()
        process = ending.enter_context(
            running(python(*options, "-m", "bot", "run"), BUILD / "start.log", **environment)
        )
        _until_ready(process, port)
        yield Running(
            process.pid, servers, Start(time.perf_counter() - began, Cpu.of(process.pid).all, peak(process.pid))
        )


@dataclass(frozen=True)
class Running:
    """The service, with the load servers of its channels, which wait for `begin`."""

    pid: int
    servers: Sequence[Server]
    start: Start


def _until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.perf_counter() + LONGEST
    while time.perf_counter() < deadline and process.poll() is None:
        ask = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            ask.request("GET", "/readyz")
            if ask.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        finally:
            ask.close()
        time.sleep(0.01)
    raise Failed("the service was not ready; see build/bench/start.log")


def _start(url: str, channels: Sequence[str]) -> Start:
    with serving(url, channels, Load()) as service:
        return service.start


def _under_load(url: str, load: Load) -> float:
    """MB at most, after a crowd on each channel has searched."""
    with serving(url, ("telegram", "vk"), load) as service:
        for server in service.servers:
            server.begin(service.pid)
        for server in service.servers:
            server.warm()
            server.figures()
        return peak(service.pid)


def _learn_modules(url: str, channels: Sequence[str]) -> None:
    """What the service imports until it is ready, in order."""
    with serving(url, channels, Load(), "-X", "importtime"):
        pass
    lines = (BUILD / "start.log").read_text().splitlines()
    names = [line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")]
    NAMES.write_text("\n".join(name for name in names[1:] if name.split(".")[0] not in ("__main__", "site")))


def _bare() -> Start:
    began = time.perf_counter()
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        python("-c", BARE, str(NAMES)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        return Start(time.perf_counter() - began, Cpu.of(process.pid).all, peak(process.pid))
    finally:
        process.kill()
        process.communicate()


def _middle(starts: Sequence[Start]) -> Start:
    return Start(
        median(one.seconds for one in starts), median(one.cpu for one in starts), median(one.rss for one in starts)
    )
