"""Three replicas of the service behind a proxy, on one PostgreSQL; they are killed in turn while parents write, and started again."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from bot.storage import schema
from tests.crash.count import Report, count
from tests.crash.house import PATIENCE, House, free_port, opened
from tests.crash.kills import burst, stream
from tests.crash.process import LATE, Nursery, Process, ends_faults
from tests.replicas.proxy import proxy

REPLICAS = 3


@dataclass
class Fleet:
    """The replicas of a house, by their ports."""

    house: House
    living: dict[int, Process] = field(default_factory=dict)

    async def start(self, port: int) -> None:
        """The next life of one replica."""
        self.house.lives += 1
        self.living[port] = await self.house.nursery.fork({**self.house.environment, "WEB_PORT": str(port)}, "run")

    async def kill(self, port: int) -> None:
        """SIGKILL, and it is started again at once, as an orchestrator does."""
        assert self.living[port].alive, "it has ended by itself; see the log"
        os.kill(self.living[port].pid, signal.SIGKILL)
        await self.living[port].gone
        self.house.kills.append(self.house.now())
        await self.start(port)

    async def holders(self) -> dict[str, int]:
        """Lease by lease: the port of the replica that holds it; 0 for none of the living."""
        table = schema.lease
        rows = await self.house.desk.look(lambda tx: tx.rows(select(table.c.name, table.c.holder)))
        ports = {str(process.pid): port for port, process in self.living.items()}
        return {row.name: ports.get(row.holder.partition(".")[0], 0) for row in rows}


@asynccontextmanager
async def fleet(nursery: Nursery, database: str, folder: Path, *, seed: int, families: int) -> AsyncIterator[Fleet]:
    """A town with its replicas at work; both messengers post to the proxy, eight at once, one in twenty repeated."""
    async with opened(nursery, database, folder, seed=seed, count=families, by_hook=True) as house:
        here = Fleet(house)
        ports = [free_port() for _ in range(REPLICAS)]
        async with proxy(int(house.environment["WEB_PORT"]), ports):
            for port in ports:
                await here.start(port)
            await house.until(lambda: bool(house.telegram.updates.webhook))
            about = house.environment
            await house.vk.call_back(about["VK_CALLBACK_URL"], about["VK_SECRET"], about["VK_CONFIRMATION"])
            for delivery in (house.telegram.updates.delivery, house.vk.events.delivery):
                delivery.stop()
                delivery.at_once = 8
                delivery.chance, delivery.repeated = house.chance, 0.05
                delivery.start()
            await house.learn()
            yield here
            for process in here.living.values():
                await process.killed()


async def killed_in_turn(here: Fleet, kills: int, life: tuple[float, float]) -> Report:
    """A burst and a stream while the replicas die one after another, `life` seconds apart; then all is settled, ended and counted."""
    house = here.house
    await burst(house)
    async with stream(house):
        for number in range(kills):
            await asyncio.sleep(house.chance.uniform(*life))
            await here.kill(list(here.living)[number % REPLICAS])
    settled = await house.settled(4 * PATIENCE)
    ends = [await process.ends() for process in here.living.values()]
    report = await count(house)
    held = [name for name, port in (await here.holders()).items() if port]
    report.faults |= ends_faults(ends)
    report.faults |= {
        "did not settle": int(not settled),
        "leases that were not given back": 0 if report.faults[LATE] else len(held),
        "ledger differences (`audit`)": int(await house.command("audit") != 0),
    }
    return report
