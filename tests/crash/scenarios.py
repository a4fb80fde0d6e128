"""The runs: each builds a town, lets something happen to it, and is counted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.crash.count import Report, count
from tests.crash.house import PATIENCE, House, opened
from tests.crash.kills import burst, kill_at_moments, stream
from tests.crash.process import GRACE, Nursery, Process


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    seed: int = 1
    kills: int = 200
    cold: int = 8
    families: int = 50


async def killed(nursery: Nursery, database: str, folder: Path, scale: Scale, by_hook: bool = False) -> Report:
    """A burst and a stream on both messengers, and SIGKILL at random moments."""
    async with opened(nursery, database, folder, seed=scale.seed, count=scale.families, by_hook=by_hook) as house:
        await begun(house)
        await burst(house)
        async with stream(house):
            await kill_at_moments(house, scale.kills, scale.cold)
        return await ended(house, await house.start())


async def begun(house: House) -> None:
    """The first life: both messengers know the bot, one family has shown how it goes; then it is killed, too."""
    process = await house.start()
    if house.by_hook:
        await house.until(lambda: bool(house.telegram.updates.webhook))
        about = house.environment
        await house.vk.call_back(about["VK_CALLBACK_URL"], about["VK_SECRET"], about["VK_CONFIRMATION"])
        for delivery in (house.telegram.updates.delivery, house.vk.events.delivery):
            delivery.stop()
            delivery.at_once = 8
            delivery.chance, delivery.repeated = house.chance, 0.05
            delivery.start()
    await house.learn()
    await process.killed()
    house.kills.append(house.now())


async def ended(house: House, process: Process, uncertain: int = 0) -> Report:
    """Everything that waits is done, the service is asked to end, and the run is counted."""
    settled = await house.settled(4 * PATIENCE)
    code, seconds = await process.ends()
    report = await count(house, uncertain)
    report.figures["seconds from SIGTERM to the end"] = round(seconds, 2)
    report.faults |= {
        "did not settle": int(not settled),
        "SIGTERM: not in order, or above 10 s": int(code != 0 or seconds > GRACE),
        "ledger differences (`audit`)": int(await house.command("audit") != 0),
    }
    return report


Scenario = Callable[[Nursery, str, Path, Scale], Awaitable[Report]]


async def killed_by_hook(nursery: Nursery, database: str, folder: Path, scale: Scale) -> Report:
    """The same by webhook and Callback API, eight posts at once, one in twenty repeated."""
    return await killed(nursery, database, folder, scale, by_hook=True)


SCENARIOS: dict[str, Scenario] = {"polling": killed, "webhook": killed_by_hook}
