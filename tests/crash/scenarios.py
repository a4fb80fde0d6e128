"""The runs: each builds a town, lets something happen to it, and is counted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from bot.service import CUT, GRACE
from tests.crash import posts
from tests.crash.count import Report, count
from tests.crash.house import PATIENCE, House, opened
from tests.crash.kills import burst, kill_at_moments, stream
from tests.crash.month import months
from tests.crash.process import Process, ends_faults
from tests.crash.stage import Scale, Stage, on_a_small_disk, on_postgres, on_sqlite
from tests.crash.troubles import disk_is_full, faults, forgotten, imports, locked, uncertain


async def killed(stage: Stage, by_hook: bool = False) -> Report:
    """A burst and a stream by polling, and SIGKILL at random moments."""
    async with at_work(stage, by_hook) as house:
        async with stream(house):
            await kill_at_moments(house, stage.scale.kills, stage.scale.cold)
        return await ended(house, await house.start())


async def killed_by_hook(stage: Stage) -> Report:
    """The same by webhook and Callback API: eight posts at once, one in twenty repeated."""
    return await killed(stage, by_hook=True)


async def faulty(stage: Stage) -> Report:
    """Messengers that answer 429, 500, HTML, late or not at all, before and after they have acted; a kill in the middle of it."""
    async with at_work(stage) as house:
        async with stream(house):
            process = await house.start()
            await asyncio.gather(faults(house, stage.scale.seconds / 2), asyncio.sleep(stage.scale.seconds / 4))
            await house.kills_now(process)
            process = await house.start()
            await faults(house, stage.scale.seconds / 2)
        return await ended(house, process)


async def beside(stage: Stage) -> Report:
    """Another process holds the database locked; `python -m bot import` works beside the service, and is killed at it."""
    async with at_work(stage) as house:
        process = await house.start()
        async with stream(house):
            await locked(house, 1)
            await locked(house, 12)
            code = await imports(house, stage.folder, programs=600, kills=3)
            await house.kills_now(process)
            process = await house.start()
        report = await ended(house, process)
        report.faults["import not finished"] = code
        return report


async def full(stage: Stage) -> Report:
    """The disk is full, again and again, and there is room again."""
    async with at_work(stage) as house:
        process = await house.start()
        async with stream(house):
            for seconds in (1, 3, 6):
                await asyncio.sleep(2)
                await disk_is_full(house, seconds)
        return await ended(house, process)


async def forgetful(stage: Stage) -> Report:
    """VK's long poll fails with 1, 2 and 3, and has forgotten what was written while the bot was down."""
    async with at_work(stage, types=True) as house:  # what VK forgets of taps nobody can ask for
        process = await house.start()
        async with stream(house):
            await forgotten(house)
            await house.kills_now(process)
            await asyncio.sleep(2)
            house.vk.events.forget()
            process = await house.start()
            await asyncio.sleep(2)
        return await ended(house, process)


async def asked_to_end(stage: Stage) -> Report:
    """SIGTERM under load, again and again: whatever was taken is done, and needs no second delivery."""
    return await _asked_to_end(stage, by_hook=False)


async def asked_to_end_by_hook(stage: Stage) -> Report:
    """The same by webhook and Callback API."""
    return await _asked_to_end(stage, by_hook=True)


async def _asked_to_end(stage: Stage, by_hook: bool) -> Report:
    async with at_work(stage, by_hook) as house:
        ends: list[tuple[int, float]] = []
        left: set[str] = set()
        again = 0
        async with stream(house):
            for _time in range(ENDS):
                process = await house.start()
                await house.serves()
                await asyncio.sleep(house.chance.random() * 3)
                ends.append(await process.ends())
                waiting = await house.waits_for_redelivery()
                if ends[-1][0]:  # it took too long, and was cut: that is a kill
                    house.kills.append(house.now())
                    left |= waiting
                else:
                    again += len(waiting - left)
        stuck = await _stuck(house)
        report = await ended(house, await house.start())
        report.figures["slowest end"] = round(max(seconds for _code, seconds in ends), 2)
        report.faults |= ends_faults(ends) | {
            "taken, and delivered again": again,
            "a stuck end was not cut": int(not stuck),
        }
        return report


async def _stuck(house: House) -> bool:
    """Whether an end that waits for the database in vain is cut in time."""
    process = await house.start()
    await house.serves()
    holding = asyncio.create_task(locked(house, 1.2 * GRACE))
    await asyncio.sleep(1)
    code, seconds = await process.ends()
    house.kills.append(house.now())
    await holding
    return code == CUT and seconds <= GRACE


async def disordered(stage: Stage) -> Report:
    """Posts to the webhooks in any order, one in three repeated; a kill in the middle of it."""
    async with at_work(stage, by_hook=True) as house:
        for delivery in (house.telegram.updates.delivery, house.vk.events.delivery):
            delivery.disordered, delivery.repeated = True, 0.3
        process = await house.start()
        async with stream(house):
            await asyncio.sleep(3)
            await house.kills_now(process)
            process = await house.start()
            await asyncio.sleep(3)
        report = await posts.counted(house)
        await process.ends()
        return report


async def restarted(stage: Stage) -> Report:
    """PostgreSQL restarts in the middle of turns, as after a crash."""
    async with at_work(stage) as house:
        process = await house.start()
        await house.serves()  # a service whose database is away at its start ends
        async with stream(house):
            for _time in range(3):
                await asyncio.sleep(1 + 2 * house.chance.random())
                await asyncio.to_thread(stage.restarts)
        return await ended(house, process)


@asynccontextmanager
async def at_work(stage: Stage, by_hook: bool = False, types: bool = False) -> AsyncIterator[House]:
    """A town in the middle of a burst, of taps or of what is typed instead, and the bot just killed."""
    scale = stage.scale
    how = {"seed": scale.seed, "count": scale.families, "by_hook": by_hook, "per_chat": scale.per_chat}
    async with opened(stage.nursery, stage.database, stage.folder, **how) as house:
        await begun(house)
        for parent in house.parents:
            parent.types = types
        await burst(house)
        yield house


async def begun(house: House) -> None:
    """The first life: both messengers know the bot, one family has shown how it goes; then it is killed, too."""
    process = await house.start()
    if house.by_hook:
        await house.until(lambda: bool(house.telegram.updates.webhook))
        await house.serves()
        about = house.environment
        await house.vk.call_back(about["VK_CALLBACK_URL"], about["VK_SECRET"], about["VK_CONFIRMATION"])
        for delivery in (house.telegram.updates.delivery, house.vk.events.delivery):
            delivery.stop()
            delivery.at_once = 8
            delivery.chance, delivery.repeated = house.chance, 0.05
            delivery.start()
    else:
        await house.listens()
    await house.learn()
    await house.kills_now(process)


async def ended(house: House, process: Process) -> Report:
    """Everything that waits is done, the service is asked to end, and the run is counted."""
    settled = await house.settled(4 * PATIENCE)
    end = await process.ends()
    report = await count(house, uncertain(house))
    report.figures |= {
        "faults met": sum(len(server.faults.met) for server in house.servers.values()),
        "seconds from SIGTERM to the end": round(end[1], 2),
    }
    report.faults |= ends_faults([end]) | {
        "did not settle": int(not settled),
        "ledger differences (`audit`)": int(await house.command("audit") != 0),
    }
    return report


ENDS = 10
"""Times that the service is asked to end."""
Scenario = Callable[[Stage], Awaitable[Report]]
Ground = Callable[[Path, Scale], AbstractAsyncContextManager[Stage]]
SCENARIOS: dict[str, tuple[Scenario, Ground]] = {
    "polling": (killed, on_sqlite),
    "webhook": (killed_by_hook, on_sqlite),
    "postgres": (killed, on_postgres),
    "month": (months, on_sqlite),
    "month-postgres": (months, on_postgres),
    "faults": (faulty, on_sqlite),
    "forgotten": (forgetful, on_sqlite),
    "posts": (disordered, on_sqlite),
    "beside": (beside, on_sqlite),
    "disk": (full, on_a_small_disk),
    "restart": (restarted, on_postgres),
    "sigterm": (asked_to_end, on_sqlite),
    "sigterm-webhook": (asked_to_end_by_hook, on_sqlite),
}
KILLS_AT_RANDOM = {"polling", "webhook", "postgres"}
