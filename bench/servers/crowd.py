"""The closed loop: each person says the next thing as soon as the reply to the last one has come.

What a person does is a generator: it yields what she says, and is sent the reply's buttons. So one crowd plays a peer's form and the
service's real dialogs alike.
"""

import os
import time
from array import array
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STUCK = 15.0
"""Seconds: whoever has waited so long will never get a reply."""
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Key:
    """A button as the bot sent it."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Say:
    """A text, or the data of a button to tap. One message answers it; or several, as VK needs them, up to the one with a button that has `last` in its data.

    `asks` is everything that the answer depends on, if that is more than the text: the figures count how many are distinct.
    """

    text: str = ""
    data: str = ""
    last: str = ""
    asks: str = ""


Keys = list[Key]
Script = Generator[Say, Keys, None]


@dataclass(slots=True)
class Person:
    id: int
    script: Script
    since: float = 0.0
    due: bool = True
    last: int = 0
    """The number of the message she saw last."""
    until: str = ""
    keys: Keys = field(default_factory=list)
    """What the messages of this answer had so far."""


@dataclass
class Cpu:
    """Seconds of a process so far: its first thread, and all of them."""

    main: float
    all: float

    @classmethod
    def of(cls, pid: int) -> "Cpu":
        """Raises FileNotFoundError for a process that has ended."""
        return cls(_seconds(Path(f"/proc/{pid}/task/{pid}/stat")), _seconds(Path(f"/proc/{pid}/stat")))

    def __sub__(self, other: "Cpu") -> "Cpu":
        return Cpu(self.main - other.main, self.all - other.all)


def _seconds(stat: Path) -> float:
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@dataclass
class Crowd:
    """`post` hands a person's words to the messenger's queue."""

    post: Callable[[Person, Say], None]
    people: dict[int, Person] = field(default_factory=dict)
    recording: bool = False
    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    replies: int = 0
    """Since the beginning."""
    said: set[str] = field(default_factory=set)
    """What was asked while recording."""
    trouble: str = ""

    def join(self, id: int, script: Script) -> None:
        self.people[id] = Person(id, script)

    def begin(self) -> None:
        """Everybody says the first thing."""
        for person in self.people.values():
            self._say(person, next(person.script), time.perf_counter())

    def reply(self, id: int, number: int, keys: Keys) -> None:
        """A message has come to a person."""
        person = self.people.get(id)
        if person is None:
            self.trouble = f"a message to a stranger: {id}"
            return
        person.last = number
        if not person.due:
            self.trouble = self.trouble or "more messages than were due"
            return
        person.keys += keys
        if person.until and not any(person.until in key.data for key in keys):
            return
        person.due = False
        now = time.perf_counter()
        self.replies += 1
        if self.recording:
            self.latencies.append(now - person.since)
        try:
            said = person.script.send(person.keys)
        except StopIteration:
            return
        except AssertionError as unexpected:
            self.trouble = self.trouble or f"an unexpected reply: {unexpected}"
            return
        self._say(person, said, now)

    def _say(self, person: Person, said: Say, now: float) -> None:
        person.since, person.due, person.until, person.keys = now, True, said.last, []
        if self.recording:
            self.said.add(said.asks or said.text)
        self.post(person, said)

    def stuck(self, seconds: float) -> int:
        """People who have waited longer than that."""
        now = time.perf_counter()
        return sum(person.due and now - person.since > seconds for person in self.people.values())


def share(values: "array[float]", of: float) -> float:
    """A percentile; 0 when there is nothing."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * of), len(ordered) - 1)] if ordered else 0.0


def figures(crowd: Crowd, seconds: float, bot: Cpu, mine: Cpu) -> dict[str, Any]:
    """What a window has shown. Milliseconds, but for `seconds`; `server` is the share of a core that the server took."""
    count = len(crowd.latencies)
    return {
        "updates": count,
        "seconds": seconds,
        "per_second": count / seconds,
        "p50": share(crowd.latencies, 0.5) * 1000,
        "p95": share(crowd.latencies, 0.95) * 1000,
        "cpu": bot.all / count * 1000 if count else 0.0,
        "cpu_main": bot.main / count * 1000 if count else 0.0,
        "busy": bot.all / seconds,
        "server": mine.all / seconds,
        "distinct": len(crowd.said),
        "stuck": crowd.stuck(STUCK),
        "trouble": crowd.trouble,
    }
