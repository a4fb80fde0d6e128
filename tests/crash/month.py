"""The monthly run, killed in its middle again and again: each month is charged once, and told once."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import select

from bot.demo.time import set_day
from bot.domain import ledger as movements
from bot.domain.calendar import months as months_touched
from bot.domain.ledger import Why
from bot.domain.money import Money
from bot.storage import schema
from bot.storage.ledger import move, reserve
from bot.storage.shelf import shelve
from bot.storage.tx import Tx
from tests.crash.count import Report
from tests.crash.house import PATIENCE, House, opened
from tests.crash.process import GRACE
from tests.crash.stage import Stage
from tests.crash.town import NOMINAL, YEAR

FIRST, OTHER = Money(90_001), Money(100_000)
START = date(2026, 10, 5)
MONTHS = 8
DAYS = (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
READER = 900_000
"""Numbers of guardians in VK."""
KILLS = 3
"""Of each month's run."""


async def months(stage: Stage) -> Report:
    """The months' runs of some thousand enrollments, by `python -m bot month` and by the service's own clock, killed at random, or on a database that crashes."""
    async with opened(stage.nursery, stage.database, stage.folder, seed=stage.scale.seed, count=2) as house:
        enrollments = await house.desk.run(lambda tx: list(_enrolled(tx, stage.scale.enrollments)))
        for number in range(len(enrollments)):
            house.vk.user(READER + number, started=True)
        lived: Counter[str] = Counter()
        for day in DAYS:
            await set_day(house.desk, day)
            for _time in range(KILLS):
                lived["killed"] += await _killed_at_it(house)
            if house.on_postgres:
                lived["database crashed"] += await _database_crashes_at_it(house, stage.restarts)
            else:
                lived["service killed"] += await _service_killed_at_it(house)
            while await house.command("month"):
                await house.forgets_the_dead()
        process = await house.start()
        settled = await house.settled(4 * PATIENCE)
        code, seconds = await process.ends()
        return await _counted(house, enrollments, DAYS[-1], lived, settled and code == 0 and seconds < GRACE)


async def _killed_at_it(house: House) -> bool:
    """Whether it was not quicker than we."""
    process = await house.nursery.fork(house.environment, "month")
    await asyncio.sleep(0.2 + house.chance.random())
    was_alive = process.alive
    await process.killed()
    await house.forgets_the_dead()
    return was_alive


async def _service_killed_at_it(house: House) -> bool:
    """The service lives the days at each full minute."""
    process = await house.start()
    await _full_minute(house)
    was_alive = process.alive
    await house.kills_now(process)
    return was_alive


async def _database_crashes_at_it(house: House, restarts: Callable[[], None]) -> bool:
    """PostgreSQL under the service at its full minute: chunks whose commit had not come to the disk are gone, whole; nothing was sent of them."""
    process = await house.start()
    await _full_minute(house)
    await asyncio.to_thread(restarts)
    await asyncio.sleep(house.chance.random())
    was_alive = process.alive
    await house.kills_now(process)
    await house.forgets_the_dead()
    return was_alive


async def _full_minute(house: House) -> None:
    """The next, and up to a second of it."""
    await asyncio.sleep(60 - datetime.now(UTC).timestamp() % 60 + 0.1 + house.chance.random())


def _enrolled(tx: Tx, count: int) -> Iterator[int]:
    """Children who have begun this month, each with a guardian in VK; what they cost is put aside."""
    place = tx.value(select(schema.municipality.c.id))
    period = tx.value(select(schema.funding_period.c.id))
    group = tx.sql(select(schema.group.c.id, schema.group.c.module)).one()
    category = tx.value(select(schema.certificate_group.c.id))
    for number in range(count):
        person = tx.insert(schema.person, municipality=place, language="ru", created_at=tx.now)
        tx.insert(schema.chat, channel="vk", address=str(READER + number), person=person, linked_at=tx.now)
        child = tx.insert(
            schema.child, municipality=place, surname="Смирнова", first_name="Вера", folded_name=f"смирнова {number}",
            birth_date=date(2017, 3, 14), created_at=tx.now,
        )  # fmt: skip
        tx.insert(schema.guardianship, person=person, child=child, rights="full", since=tx.now)
        certificate = tx.insert(
            schema.certificate, child=child, municipality=place, certificate_group=category, number=f"5102{number:06}",
            kind="funded", state="active", conversion=1, activated_at=tx.now,
        )  # fmt: skip
        move(
            tx, movements.grant(movements.budget(place, period), movements.certificate(certificate, period), NOMINAL, 1)
        )
        enrollment = tx.insert(
            schema.enrollment, child=child, certificate=certificate, group=group.id, module=group.module, period=period,
            state="active", by="guardian", start=START, stop=YEAR[1], price=FIRST.kopecks + 7 * OTHER.kopecks,
            first=FIRST.kopecks, other=OTHER.kopecks, parent_first=0, parent_other=0, months=MONTHS, holds_seat=True,
            created_at=tx.now, changed_at=tx.now, concluded_on=date(2026, 10, 2),
        )  # fmt: skip
        reserve(tx, enrollment)
        yield enrollment
    tx.sql(schema.group.update().where(schema.group.c.id == group.id).values(taken=count))
    shelve(tx, [tx.value(select(schema.program.c.id))])


async def _counted(house: House, enrollments: Sequence[int], last: date, lived: Counter[str], in_order: bool) -> Report:
    moved = schema.transfer
    charged = select(moved.c.about, moved.c.month).where(moved.c.why == Why.CHARGE.value)
    rows = await house.desk.look(lambda tx: [(row.about, row.month) for row in tx.rows(charged)])
    due = [str(month) for month in months_touched(START, last)]
    wanted = {(one, month) for one in enrollments for month in due}
    times = Counter(rows)
    told = {
        (one, month): [
            f">charge:{one}:{month}" in shown.seen[1] for shown in house.galleries["vk"].of(READER + number)
        ].count(True)
        for number, one in enumerate(enrollments)
        for month in due
    }
    return Report(
        {
            "enrollments": len(enrollments),
            "months": len(due),
            "`month` killed at work": lived["killed"],
            "the service killed at its minute": lived["service killed"],
            "its database crashed at its minute": lived["database crashed"],
            "charges": len(rows),
        },
        {
            "not charged": len(wanted - set(times)),
            "charged twice, or not due": sum(times.values()) - len(wanted & set(times)),
            "pushes lost": sum(number == 0 for number in told.values()),
            "messages doubled on VK": sum(number > 1 for number in told.values()),
            "not settled, or not ended in order": int(not in_order),
            "ledger differences (`audit`)": int(await house.command("audit") != 0),
        },
    )
