"""Registries that an operator brings in while their clubs go on: previewed, applied or stopped, and taken up after a crash in any chunk."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any

from bot.domain.job import ApplyImport, JobKind, Missing, OneJob, StartImport, StopJob
from bot.domain.messages import operator
from bot.registry.columns import COLUMNS
from bot.registry.parts import File
from bot.registry.reader import READERS, Wish
from bot.storage.files import keep
from bot.storage.job_keeper import LEASE, Jobs
from bot.storage.leases import take

HEADERS = {column.key: column.header for column in COLUMNS}
HOLDER = "simulation:1:jobs"
"""After a crash the same name again: nobody waits for the dead one's lease."""


async def read_here(wish: Wish) -> File:
    """Where there are no processes."""
    return READERS[wish.kind](wish)


class Imports:
    """One file after the other; its job goes on whenever somebody looks after it."""

    def __init__(self, town: Any) -> None:
        self.town, self.chance = town, town.chance

    def acts(self) -> None:
        """A file comes; what is going goes on; what was previewed is applied, most times."""
        found = self.town.one(
            "SELECT id, municipality, state, hash FROM job WHERE state IN ('going', 'ready') ORDER BY id"
        )
        if found is None:
            self._brings(self.chance.choice(self.town.places))
        elif self.chance.random() < 0.1:
            self.town.does(StopJob(found[0]), operator(found[1]))
        elif found[2] == "ready":
            missing = self.chance.choice((Missing.KEEP, Missing.KEEP, Missing.ARCHIVE))
            self.town.does(ApplyImport(found[0], found[3], missing), operator(found[1]))
        else:
            self.town.note("jobs")
            self.town.process.does(self._works())
            self.town.asks(OneJob(found[0]), operator(found[1]))

    async def _works(self) -> None:
        desk = self.town.process.desk
        if await desk.run(lambda tx: take(tx, LEASE, HOLDER)):
            await Jobs(desk, HOLDER, read_here).work()

    def _brings(self, place: int) -> None:
        content = self._registry(place).encode()
        hash = self.town.process.does(keep(self.town.process.desk, content))
        self.town.does(StartImport(JobKind.REGISTRY, "registry.csv", hash), operator(place))

    def _registry(self, place: int) -> str:
        """What stands in the catalogue, and what the registry says otherwise now: prices, seats, days; some groups are not in it."""
        written = StringIO()
        lines = csv.DictWriter(written, HEADERS.values(), lineterminator="\n", delimiter=";")
        lines.writeheader()
        prices: dict[str, int] = {}
        for row in self.town.rows(CATALOGUE, place):
            line = dict(zip(ROW, row, strict=True))
            if self.chance.random() < 0.06:
                continue
            if self.chance.random() < 0.1:
                line["seats"] = self.chance.randrange(1, 6)
            if self.chance.random() < 0.1:
                line["stop"] = date.fromisoformat(line["stop"]) + timedelta(days=self.chance.randrange(-20, 40))
            line["price"] = (
                line["price"] and line["price"] * prices.setdefault(line["module_id"], self._percent()) // 100
            )
            for money in ("price", "normative"):
                line[money] = "" if line[money] is None else f"{line[money] // 100},{line[money] % 100:02}"
            lines.writerow({HEADERS[key]: value for key, value in line.items()})
        return written.getvalue()

    def _percent(self) -> int:
        return self.chance.choice((100, 100, 100, self.chance.randrange(80, 125)))


ROW = ("program_id", "module_id", "group_id", "municipality", "provider", "kind", "program", "registry", "direction",
       "age_min", "age_max", "module", "price", "normative", "group", "address", "start", "stop", "seats", "settlement", "timetable")  # fmt: skip
CATALOGUE = (
    "SELECT p.external_id, m.external_id, g.external_id, t.name, v.name, 'муниципальная', p.name, "
    "CASE p.registry WHEN 'certified' THEN 'сертифицированная' WHEN 'significant' THEN 'значимая' ELSE 'общеразвивающая' END, "
    "CASE p.direction WHEN 'technical' THEN 'Техническая' WHEN 'science' THEN 'Естественнонаучная' "
    "WHEN 'sport' THEN 'Физкультурно-спортивная' WHEN 'art' THEN 'Художественная' "
    "WHEN 'tourism' THEN 'Туристско-краеведческая' ELSE 'Социально-гуманитарная' END, "
    "p.age_min, p.age_max, m.name, m.price, m.normative, g.name, g.address, g.start, g.stop, g.seats, d.name, 'Пн, Ср 15:00–16:00' "
    'FROM "group" g JOIN module m ON m.id = g.module JOIN program p ON p.id = m.program JOIN provider v ON v.id = p.provider '
    "JOIN municipality t ON t.id = p.municipality JOIN district d ON d.id = g.district "
    "WHERE t.id = ? AND NOT p.own AND NOT g.own ORDER BY g.id"
)
"""A line for each group that a registry has told."""
