"""What the service says of itself: `/healthz`, `/readyz` with the part that is not well, `/metrics` (docs/run.md says what to do when).

Counters live where the thing happens. What only the database knows is read here, beside the chats and never while one is being written:
no more often than it is worth, and the longer it takes, the more rarely.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.handlers.intake import Intake
from bot.storage import figures
from bot.storage.desk import Desk
from bot.storage.tx import Tx

PATIENCE = 5.0
"""Seconds that the database has for an answer."""
LONGEST_WAIT = 30.0
"""Seconds that an update may wait for its turn."""
LONGEST_REPLY = 120.0
"""Seconds that a reply may wait to be sent; pushes may wait for hours behind a month's many."""
HERE = ("service", "database", "turns")
"""The parts without which a process takes nothing."""
SHARE = 50
"""So many times as long as it took is a figure left alone."""
log = structlog.get_logger()
ready = Gauge("kruzhok_ready", "1 where a part of the service is well", ["part"])
waiting_updates = Gauge("kruzhok_waiting_updates", "Updates brought and not begun")
outbox_rows = Gauge("kruzhok_outbox_rows", "Messages that wait", ["channel", "kind"])
outbox_due = Gauge("kruzhok_outbox_due_rows", "Messages that wait and could go now", ["channel", "kind"])
outbox_oldest = Gauge("kruzhok_outbox_oldest_due_seconds", "How long the oldest due message waits", ["channel", "kind"])
ledger_kopecks = Gauge("kruzhok_ledger_kopecks", "On all accounts of a kind; together 0", ["account"])
set_aside = Gauge("kruzhok_set_aside_updates", "Updates that could not be taken, until they are purged")
database_bytes = Gauge("kruzhok_database_bytes", "Size of the database")
Trouble = (SQLAlchemyError, OSError, TimeoutError)


class Messenger(Protocol):
    """What is asked of a channel's adapter here."""

    def trouble(self) -> str:
        """What is not well with taking updates; empty when all is."""
        ...


def _told(parts: Mapping[str, str]) -> Response:
    well = not any(parts.values())
    return JSONResponse({part: trouble or "ok" for part, trouble in parts.items()}, 200 if well else 503)


@dataclass
class Figure:
    """Something that the database knows: how to read it, where to show it, and how many seconds it may be old."""

    read: Callable[[Tx], Any]
    show: Callable[[Any], None]
    every: float
    _due: float = float("-inf")

    async def renew(self, desk: Desk) -> None:
        """Read again, if it is time; where the database does not answer the old one stays."""
        clock = asyncio.get_running_loop().time
        began = clock()
        if began < self._due:
            return
        self._due = float("inf")  # by one at a time
        try:
            self.show(await desk.look(self.read))
        except Trouble as trouble:
            log.warning("figures.trouble", read=self.read.__name__, kind=type(trouble).__name__)
        finally:
            self._due = clock() + max(self.every, SHARE * (clock() - began))


@dataclass
class Watch:
    """Looks after the parts of a running service, each by its channel's name."""

    desk: Desk
    intake: Intake
    messengers: Mapping[str, Messenger]
    senders: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    started: bool = False

    def __post_init__(self) -> None:
        self._channels: set[str] = set()
        self._figures = (
            Figure(figures.replies, partial(self._show_queues, "reply"), 5),
            Figure(figures.pushes, partial(self._show_queues, "push"), 5),
            Figure(figures.money, _show_money, 300),
            Figure(figures.troubles, lambda found: set_aside.set(sum(found.values())), 60),
            Figure(figures.size, database_bytes.set, 60),
        )

    def routes(self) -> Sequence[BaseRoute]:
        """For whoever runs the service."""
        return (
            Route("/healthz", self.health),
            Route("/readyz", self.readiness),
            Route("/readyz/here", self.readiness_here),
            Route("/metrics", self.metrics),
        )

    async def health(self, request: Request) -> Response:
        """The process answers."""
        return PlainTextResponse("ok")

    async def readiness(self, request: Request) -> Response:
        """503 while anything is not well, and what."""
        return _told(await self._parts())

    async def readiness_here(self, request: Request) -> Response:
        """503 while this process can take nothing: what a proxy asks. Where a messenger is away, it is away from every replica."""
        parts = await self._parts()
        return _told({part: parts.get(part, "") for part in HERE})

    async def metrics(self, request: Request) -> Response:
        """In Prometheus' words; a database that does not answer takes nothing away but its own figures."""
        await self._parts()
        for figure in self._figures:
            await figure.renew(self.desk)
        waiting_updates.set(self.intake.waiting()[0])
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def _parts(self) -> dict[str, str]:
        """Each part and what is not well with it; empty where all is."""
        parts = {"service": "" if self.started else "starting or stopping"}
        late: Mapping[str, float] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                late = {queue.channel: queue.oldest for queue in await self.desk.look(figures.replies)}
            parts["database"] = ""
        except Trouble as trouble:
            parts["database"] = type(trouble).__name__
        count, seconds = self.intake.waiting()
        parts["turns"] = f"{count} updates wait, the first for {seconds:.0f} s" if seconds > LONGEST_WAIT else ""
        for name, messenger in self.messengers.items():
            parts[f"intake:{name}"] = messenger.trouble()
        for name, task in self.senders.items():
            waits = late.get(name, 0.0)
            parts[f"sender:{name}"] = (
                "it has ended" if task.done() else f"a reply waits for {waits:.0f} s" if waits > LONGEST_REPLY else ""
            )
        for part, unwell in parts.items():
            ready.labels(part).set(not unwell)
        return parts

    def _show_queues(self, kind: str, queues: Sequence[figures.Queue]) -> None:
        found = {queue.channel: queue for queue in queues}
        self._channels |= {*found, *self.senders}
        for channel in self._channels:
            queue = found.get(channel, figures.Queue(channel, 0, 0, 0.0))
            outbox_rows.labels(channel, kind).set(queue.rows)
            outbox_due.labels(channel, kind).set(queue.due)
            outbox_oldest.labels(channel, kind).set(queue.oldest)


def _show_money(sums: Mapping[str, int]) -> None:
    for kind, kopecks in sums.items():
        ledger_kopecks.labels(kind).set(kopecks)
