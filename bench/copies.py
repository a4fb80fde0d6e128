"""A registry of any size out of one city's (bench/registry.py): copies of it, a statement a table, on SQLite and PostgreSQL alike.

Rows lie as imports would have brought them, one program after another; on PostgreSQL keys are built at the end, as nobody waits for an index that is
filled at random.

Municipalities are as unequal as real ones: the largest has as much as the second and the third together (Zipf). A large one holds several copies,
each of providers of its own; districts are a municipality's. The vocabulary grows too, by invented words that only stand in the list of stems,
as names and rare words do that no reader here can find.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from random import Random

from sqlalchemy import Connection, func, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import AddConstraint, DropConstraint

from bench import registry
from bench.town import KEYS, found
from bot.storage import schema
from bot.storage.database import async_url, open_database
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.migrating import migrate
from bot.storage.tx import Tx
from bot.storage.world import WORLD

TABLES = ("district", "provider", "program", "module", "group", "lesson", "shelf", "program_stem")
A_MUNICIPALITY = 2_000
"""Programs of one, on average."""
RARE_WORDS = 0.2
"""Invented stems to a program."""
GUESTS = 3
"""Providers of the capital that each other municipality has an agreement with."""


def homes_of(programs: int, base: int) -> list[int]:
    """For each copy the municipality, from 1, that it goes to; the first is the city itself."""
    copies, places = max(1, round(programs / base)), max(1, programs // A_MUNICIPALITY)
    weights = [1 / place for place in range(1, places + 1)]
    shares = [weight * copies / sum(weights) for weight in weights]
    found: list[int] = []
    owed = 0.0
    for place, share in enumerate(shares, start=1):
        owed += share
        while len(found) < copies and owed >= 0.5:
            found.append(place)
            owed -= 1
    return [1, *found[1:]] + [1] * (copies - len(found))


async def build_city(url: str) -> int:
    """The base, through the import as ever; how many programs it has."""
    engine = open_database(url)
    await migrate(engine)
    desk = Desk(engine, WORLD, Keys(KEYS["SECRET_KEY"], [KEYS["DATA_KEYS"]]))
    await found(desk, ["Город 1"], registry.rows())
    count = await desk.look(_programs)
    await engine.dispose()
    return count


def _programs(tx: Tx) -> int:
    return int(tx.value(select(func.count()).select_from(schema.program)))


async def multiply(url: str, homes: Sequence[int]) -> None:
    """The copies, in one transaction without checks; then, on PostgreSQL, what autovacuum would have learnt by now."""
    engine = create_async_engine(async_url(url), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            for setting in (
                "session_replication_role = replica",
                "synchronous_commit = off",
                "maintenance_work_mem = '512MB'",
                "work_mem = '512MB'",
            ):
                await connection.execute(text(f"SET {setting}"))
            await connection.run_sync(_fill, homes)
            await connection.execute(text("VACUUM ANALYZE"))
        else:
            for setting in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -200000"):
                await connection.exec_driver_sql(f"PRAGMA {setting}")
            await connection.exec_driver_sql("BEGIN")
            await connection.run_sync(_fill, homes)
            await connection.exec_driver_sql("COMMIT")
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    await engine.dispose()


def _fill(connection: Connection, homes: Sequence[int]) -> None:
    with nullcontext() if connection.dialect.name == "sqlite" else _keys_at_last(connection):
        for statement in _statements(connection, homes):
            connection.exec_driver_sql(statement)
    known = set(connection.execute(select(schema.stem.c.word)).scalars())
    words = sorted(_invented(round(RARE_WORDS * len(homes) * 2_041)) - known)
    for at in range(0, len(words), 10_000):
        connection.execute(schema.stem.insert(), [{"word": word, "shown": word} for word in words[at : at + 10_000]])


@contextmanager
def _keys_at_last(connection: Connection) -> Iterator[None]:
    """Indexes, and the keys that no other table needs, are built when all rows are there."""
    tables = [schema.metadata.tables[name] for name in TABLES]
    indexes = [index for table in tables for index in table.indexes]
    keys = [table.primary_key for table in tables if "id" not in table.c]
    for index in indexes:
        index.drop(connection)
    for key in keys:
        connection.execute(DropConstraint(key, isolate_from_table=False))
    yield
    for key in keys:
        connection.execute(AddConstraint(key, isolate_from_table=False))
    for index in indexes:
        index.create(connection)


def _statements(connection: Connection, homes: Sequence[int]) -> Iterator[str]:
    places = max(homes)
    spans: dict[str, int] = {}
    for name in TABLES:
        table = schema.metadata.tables[name]
        if "id" in table.c:
            spans[name] = int(connection.exec_driver_sql(f'SELECT max(id) FROM "{name}"').scalar_one())
    yield "CREATE TEMPORARY TABLE copies (k bigint, m bigint)"
    listed = ", ".join(f"({number}, {home})" for number, home in enumerate(homes) if number)
    if listed:
        yield f"INSERT INTO copies VALUES {listed}"
    yield "CREATE TEMPORARY TABLE places (m bigint)"
    if places > 1:
        yield f"INSERT INTO places VALUES {', '.join(f'({place})' for place in range(2, places + 1))}"
    yield (
        "INSERT INTO municipality (id, code, name, zone, number_prefix, policy)"
        " SELECT m, 'm' || m, 'Город ' || m, 'Europe/Moscow', 'p' || m, '{}' FROM places"
    )
    for name in TABLES:
        table = schema.metadata.tables[name]
        columns = [f'"{column.name}"' for column in table.c]
        values = [_copied(name, column.name, spans) for column in table.c]
        source = "places c" if name == "district" else "copies c"
        order = "1" if "id" in table.c else "c.k, t.program"
        yield (
            f'INSERT INTO "{name}" ({", ".join(columns)})'
            f' SELECT {", ".join(values)} FROM "{name}" t CROSS JOIN {source} ORDER BY {order}'
        )
    yield (
        "INSERT INTO agreement (municipality, provider, start)"
        f" SELECT p.m, a.provider, a.start FROM places p CROSS JOIN (SELECT provider, start FROM agreement ORDER BY provider LIMIT {GUESTS}) a"
    )


def _copied(table: str, column: str, spans: dict[str, int]) -> str:
    """A copy's value: its own ids, the districts and the municipality of its place, names of providers of its own."""
    if column == "municipality":
        return "c.m"
    if column == "district" or (table == "district" and column == "id"):
        return f't."{column}" + (c.m - 1) * {spans["district"]}'
    of = table if column == "id" else column
    if of in spans:
        return f't."{column}" + c.k * {spans[of]}'
    if table == "provider" and column in ("name", "external_id", "inn"):
        return f"t.\"{column}\" || ' ' || c.k"
    return f't."{column}"'


def _invented(count: int) -> set[str]:
    chance = Random(7)
    syllables = [one + two for one in "бвгджзклмнпрстфхцчш" for two in "аеиоуыюя"]
    found: set[str] = set()
    while len(found) < count:
        found.add(
            "".join(chance.choice(syllables) for _ in range(chance.randint(2, 5))) + chance.choice("бвгджклмнпрст")
        )
    return found
