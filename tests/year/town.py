"""The town where the year is lived: one municipality, two periods, four clubs; its staff decides through the desk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import uvicorn
from cryptography.fernet import Fernet
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.config import Settings
from bot.demo.time import move_to, set_day
from bot.demo.town import everyone, must
from bot.domain.certificate_staff import AcceptApplication, ConfirmVisit, ListApplications
from bot.domain.enrollment import AcceptRequest
from bot.domain.enrollment_seen import ListRequests
from bot.domain.messages import SYSTEM, operator, provider
from bot.domain.money import Money
from bot.domain.municipality import AddMunicipality, MunicipalityAdded, SetPolicy
from bot.domain.period import AddPeriod, PeriodAdded, SetNominal
from bot.registry.template import Line, workbook
from bot.service import Service, desk_of, opened
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.calendar import live
from bot.storage.desk import Desk
from bot.storage.imports import import_registry
from bot.storage.migrating import migrate
from bot.storage.outbox import depth
from tests.patience import PATIENCE

KEY = Fernet.generate_key().decode()
SUMMER = date(2026, 8, 27)
AUTUMN = (date(2026, 9, 1), date(2026, 11, 30))
WINTER = (date(2026, 12, 1), date(2027, 5, 31))
NOMINAL = Money(1_500_000)


def club(number: int, name: str, **fields: Any) -> Line:
    """A line of the registry."""
    usual: dict[str, Any] = {
        "program_id": f"P{number}",
        "module_id": f"M{number}",
        "group_id": f"G{number}",
        "municipality": "Мурманск",
        "provider": "Дом творчества",
        "kind": "муниципальная",
        "program": name,
        "registry": "сертифицированная",
        "direction": "Техническая",
        "age": "7–12",
        "group": "Группа 1",
        "start": AUTUMN[0],
        "stop": AUTUMN[1],
        "seats": 12,
        "settlement": "Мурманск",
        "district": "Ленинский",
        "address": "ул. Полярная, д. 1",
        "timetable": "Вт, Чт 15:00–16:30",
    }
    return {**usual, **fields}


CHESS, ROBOTS = "Шахматы для начинающих", "Робототехника"
CLUBS = (
    club(1, CHESS, price="12 345,67", stop=date(2026, 12, 31), direction="Физкультурно-спортивная"),
    club(2, ROBOTS, price="7 000", address="ул. Полярная, д. 2"),
    club(3, "Юный актёр", price="5 000", direction="Художественная", district="Октябрьский"),
    club(4, "Анимация для подростков", price="5 000", age="13–17"),
)
"""Chess goes on over the border of the periods; robots cost more than is left; the others are elsewhere or for others."""


async def found(desk: Desk, neighbour: bool = False, clubs: bool = True) -> None:
    """The town in the summer before: its periods open by the calendar, its clubs come from a file.

    With a neighbour a parent has to say where she lives; without `clubs` the file has yet to be brought.
    """
    await set_day(desk, SUMMER)
    added = must(await desk.do(AddMunicipality("murmansk", "Мурманск", "Europe/Moscow", "5101"), SYSTEM))
    assert isinstance(added, MunicipalityAdded)
    must(await desk.do(SetPolicy(added.municipality, (("rating_shown_from", "1"),)), SYSTEM))
    me = operator(added.municipality)
    group = await desk.look(lambda tx: everyone(tx, added.municipality))
    for name, days in (("autumn", AUTUMN), ("winter", WINTER)):
        period = must(await desk.do(AddPeriod(name, *days), me))
        assert isinstance(period, PeriodAdded)
        must(await desk.do(SetNominal(group, period.period, NOMINAL), me))
    if clubs:
        read = await import_registry(desk, "clubs.xlsx", workbook(CLUBS), agreements=True)
        assert not read.errors, read.errors
    if neighbour:
        must(await desk.do(AddMunicipality("kola", "Кола", "Europe/Moscow", "5102"), SYSTEM))
    await live(desk)


class Staff:
    """Whoever decides in the municipality and in the club, with the domain's commands."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def accepts_the_application(self) -> None:
        """The municipality's operator agrees."""
        (waiting,) = await self.desk.read(ListApplications(1), operator(1))
        must(await self.desk.do(AcceptApplication(waiting.certificate), operator(1)))

    async def has_seen_the_originals(self) -> None:
        """The parent came with the documents."""
        (waiting,) = await self.desk.read(ListApplications(1), operator(1))
        must(await self.desk.do(ConfirmVisit(waiting.certificate, category_proved=True), operator(1)))

    async def takes_the_child(self, program: str) -> None:
        """The club accepts the request."""
        me = provider(await self.desk.look(lambda tx: tx.value(select(schema.provider.c.id))))
        asked = await self.desk.read(ListRequests(), me)
        (number,) = [waiting.id for waiting in asked if waiting.program == program and waiting.state == "requested"]
        must(await self.desk.do(AcceptRequest(number), me))

    async def lets_time_pass_until(self, day: date) -> None:
        """Every day in between is lived; it is morning."""
        await move_to(self.desk, day)

    async def finds_everything_in_order(self) -> None:
        """The books agree, every message was delivered, no update was set aside."""
        async with asyncio.timeout(PATIENCE):
            while await self.desk.look(depth):
                await asyncio.sleep(0.05)
        assert await self.desk.look(audit) == []
        failed = schema.outbox.select().where(schema.outbox.c.state == "failed")
        assert await self.desk.look(lambda tx: list(tx.rows(failed))) == []
        aside = select(schema.set_aside.c.channel, schema.set_aside.c.why)
        assert await self.desk.look(lambda tx: list(tx.rows(aside))) == []
        assert await self.desk.look(lambda tx: tx.value(select(func.count()).select_from(schema.transfer)))


def settings(database: str, **channels: Any) -> Settings:
    """A service on this database with these channels."""
    return Settings(database_url=database, secret_key="year", data_keys=[KEY], **channels)


@asynccontextmanager
async def town(about: Settings, neighbour: bool = False, clubs: bool = True) -> AsyncIterator[Service]:
    """The town in an empty database, and the service at work in it."""
    desk = desk_of(about)
    await migrate(desk.engine)
    await found(desk, neighbour, clubs)
    await desk.engine.dispose()
    async with opened(about) as service:
        yield service


class Address:
    """A free port of this machine, known before anything is served on it: a messenger's webhook needs it."""

    def __init__(self) -> None:
        self.app = Starlette()
        self.url = ""

    def serves(self, routes: list[BaseRoute]) -> None:
        """What answers there."""
        self.app.routes.extend(routes)


@asynccontextmanager
async def address() -> AsyncIterator[Address]:
    """An HTTP server for the time of a test."""
    here = Address()
    config = uvicorn.Config(here.app, "127.0.0.1", 0, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    here.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield here
    server.should_exit = True
    await running
