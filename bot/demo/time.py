"""The demo's time: an offset in the database, so that every process agrees; each day that is passed over is lived."""

import asyncio
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import clock
from bot.domain.staff import IDLE
from bot.storage.calendar import live
from bot.storage.desk import Desk
from bot.storage.schema import setting, staff_session
from bot.storage.tx import Tx

ZONE = ZoneInfo("Europe/Moscow")
MORNING = time(9)
"""Pushes are not held back by quiet hours then (R8.2)."""


async def set_day(desk: Desk, day: date) -> None:
    """It is 09:00 of that day, and time goes on from there; whoever is at work in the office goes on too."""
    morning = datetime.combine(day, MORNING, ZONE)
    seconds = {"name": "demo_offset", "value": str(int((morning - clock.now()).total_seconds()))}

    def leap(tx: Tx) -> None:
        at_work = staff_session.c.seen_at > tx.now - IDLE
        tx.sql(staff_session.update().where(at_work).values(began_at=morning, seen_at=morning))
        tx.upsert(setting, [seconds], "name")

    await desk.run(leap)


async def today(desk: Desk) -> date:
    """The demo's date."""
    return await desk.look(lambda tx: tx.now.astimezone(ZONE).date())


async def move_to(desk: Desk, day: date) -> None:
    """Live every day up to `day`, each on its own morning."""
    passed = await today(desk)
    while passed < day:
        passed += timedelta(days=1)
        await wake_on(desk, passed)


async def wake_on(desk: Desk, day: date) -> None:
    """As after a rest: it is the morning of `day`, and the days since the last one are caught up with, in order."""
    await set_day(desk, day)
    while not await live(desk):  # noqa: ASYNC110  # the service's own clock is at it, maybe in another process
        await asyncio.sleep(0.05)
