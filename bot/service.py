"""The service: one process that takes updates, sends messages, keeps the calendar and serves the pages."""

import asyncio
import gc
import os
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.config import Settings
from bot.handlers.calendar_link import CalendarFeed
from bot.handlers.intake import Intake
from bot.handlers.web import WebChat
from bot.notifications.delivery import Channel
from bot.notifications.sender import Sender
from bot.office.office import Office
from bot.storage import job_keeper, outbox
from bot.storage.calendar import live
from bot.storage.calendar_link import PUBLIC_URL
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.leases import LOOK_EVERY, Keeper
from bot.storage.news import listen
from bot.storage.outbox_rows import OutboxRows
from bot.storage.schema import setting
from bot.storage.tx import Tx
from bot.storage.world import WORLD
from bot.watch import Watch

GRACE = 10
"""Seconds in which everything must have ended after SIGTERM."""
ANSWERING = 6
"""Seconds of them for requests that are under way: what a messenger has posted and nobody has answered it would bring again."""
CUT = 3
"""The exit code of an end that took too long, and was cut."""
LATE = 6 * 60 * 60
"""Seconds by which a minute may be late and still be taken; the tables know what is due, however late it is."""
log = structlog.get_logger()


Pages = Callable[[Desk, WebChat], Sequence[BaseRoute]]
"""What the demo adds: the strip beside the chat."""


class Messenger(Protocol):
    """A messenger's adapter: sends as a channel, takes updates by polling or by routes of its own."""

    @property
    def channel(self) -> Channel: ...
    def routes(self) -> Sequence[BaseRoute]: ...
    def trouble(self) -> str: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...


@dataclass
class Service:
    """Everything that runs; `opened` builds it."""

    settings: Settings
    desk: Desk
    intake: Intake
    web: WebChat
    messengers: list[Messenger] = field(default_factory=list)
    senders: list[Keeper] = field(default_factory=list)
    routes: list[BaseRoute] = field(default_factory=list)


def desk_of(settings: Settings) -> Desk:
    """The desk of the configured database."""
    impersonal = frozenset({"telegram"} if settings.telegram_discretion == "impersonal" else ())
    keys = Keys(settings.secret_key, settings.data_keys)
    return Desk(open_database(settings.database_url), WORLD, keys, impersonal=impersonal)


def messengers_of(settings: Settings, intake: Intake) -> list[Messenger]:
    """The channels whose token is set; what needs no Telegram does not pay for its import."""
    found: list[Messenger] = []
    if settings.telegram_token:
        from bot.handlers.telegram import Telegram

        found.append(Telegram(settings, intake))
    if settings.vk_token:
        from bot.handlers.vk import VK

        found.append(VK(settings, intake))
    return found


@asynccontextmanager
async def opened(settings: Settings, pages: Pages | None = None) -> AsyncIterator[Service]:
    """Start everything, and stop it in order: intake, turns, senders, database."""
    desk = desk_of(settings)
    intake = Intake(desk)
    web = WebChat(settings, desk, intake, strip=pages is not None)
    service = Service(settings, desk, intake, web, [web, *messengers_of(settings, intake)])
    watch = Watch(desk, intake, {messenger.channel.name: messenger for messenger in service.messengers})
    async with AsyncExitStack() as ending:
        ending.push_async_callback(desk.engine.dispose)
        await desk.run(lambda tx: keep_links(tx, settings))
        listening = asyncio.create_task(listen(desk, web.channel.wake))
        ending.callback(listening.cancel)
        service.senders = [keeper_of(desk, messenger.channel) for messenger in service.messengers]
        sending = [asyncio.create_task(sender.run(), name=sender.name) for sender in service.senders]
        watch.senders = dict(zip(watch.messengers, sending, strict=True))
        ending.push_async_callback(_ended, service, sending)
        jobs = job_keeper.keeper(desk)
        ending.push_async_callback(_let_go, jobs, asyncio.create_task(jobs.run(), name=jobs.name))
        ending.push_async_callback(intake.close)
        clock, living = AsyncIOScheduler(timezone="UTC"), asyncio.Lock()
        minute = {"max_instances": 1, "coalesce": True, "misfire_grace_time": LATE}
        clock.add_job(_tick, "cron", second=0, args=(desk, living), **minute)
        clock.start()
        ending.push_async_callback(living.acquire)
        ending.callback(clock.shutdown, wait=False)
        for messenger in service.messengers:
            await messenger.start()
            ending.push_async_callback(messenger.stop)
        service.routes = [
            *watch.routes(),
            *CalendarFeed(desk).routes(),
            *Office(settings, desk).routes(),
            *(route for messenger in service.messengers for route in messenger.routes()),
            *(pages(desk, web) if pages is not None else ()),
        ]
        watch.started = True
        yield service
        watch.started = False


def keeper_of(desk: Desk, channel: Channel) -> Keeper:
    """A channel's sender, wherever its lease is: at work here while it is ours."""
    return Keeper(
        desk,
        f"sender:{channel.name}",
        lambda lease: Sender(channel, OutboxRows(desk, lease), lease.ours),
        lambda tx: outbox.take_up(tx, channel.name),
    )


async def _tick(desk: Desk, living: asyncio.Lock) -> None:
    """Each minute: what the tables say falls due (the clock itself knows nothing). Trouble is tried again a minute later.

    While another process is at it we wait: it may die.
    """
    async with living:
        try:
            while not await live(desk):  # noqa: ASYNC110  # it is in the database that something happens
                await asyncio.sleep(LOOK_EVERY)
        except Exception as trouble:
            log.error(
                "calendar.trouble",
                kind=type(trouble).__name__,
                causes=[type(one).__name__ for one in getattr(trouble, "exceptions", ())],
            )


async def _let_go(keeper: Keeper, working: "asyncio.Task[None]") -> None:
    """What it has begun is taken up where it stopped, here or in another process."""
    await keeper.stop()
    await asyncio.wait({working}, timeout=GRACE)


async def _ended(service: Service, sending: Sequence["asyncio.Task[None]"]) -> None:
    """All senders together have GRACE seconds to end and to give their leases back."""
    for sender in service.senders:
        await sender.stop()
    await asyncio.wait(sending, timeout=GRACE)
    for messenger in service.messengers:
        await messenger.channel.close()


def keep_links(tx: Tx, settings: Settings) -> None:
    """Where this bot can be opened: for invitations, for channels that may carry nothing about a child, for calendars."""
    public = settings.public_url.rstrip("/")
    tx.upsert(setting, [{"name": PUBLIC_URL, "value": public}], "name")
    if public:
        tx.upsert(setting, [{"name": "link:web", "value": f"{public}/chat"}], "name")


def spare_the_long_lived() -> None:
    """What the start has made stays for ever: the garbage collector need not look through it again and again, in the middle of a turn."""
    gc.collect()
    gc.freeze()


async def serve(settings: Settings, pages: Pages | None = None) -> None:
    """Run until SIGTERM or Ctrl+C; everything has ended within 10 s after it, or is cut: a kill loses nothing either."""
    began = time.monotonic()
    late = threading.Timer(GRACE - 1, _cut)
    late.daemon = True
    async with opened(settings, pages) as service:
        app = Starlette(routes=service.routes)
        config = uvicorn.Config(
            app, settings.web_host, settings.web_port, log_config=None, timeout_graceful_shutdown=ANSWERING
        )
        server = Server(config)

        def stop() -> None:
            server.should_exit = True
            service.web.let_go()
            if not late.is_alive():
                late.start()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        address = f"http://{settings.web_host}:{settings.web_port}/chat"
        spare_the_long_lived()
        log.info("service.ready", url=address, seconds=round(time.monotonic() - began, 1))
        await server.serve()
    late.cancel()


def is_busy(host: str, port: int) -> bool:
    """Whether the address cannot be had: another program has it, most likely another of us."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _cut() -> None:
    """In a thread of its own: whatever keeps the loop from its end keeps this from nothing."""
    log.error("service.cut", seconds=GRACE - 1)
    os._exit(CUT)


class Server(uvicorn.Server):
    """Leaves the signals to us: uvicorn raises them once more when it ends, before the senders have."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ours are set already."""
        yield
