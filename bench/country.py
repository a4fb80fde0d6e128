"""A country that learns, on PostgreSQL: municipalities of 20 000 children each, written by a statement a table.

One municipality's catalogue comes from the sample registry by the import; the others are copies of it. A child has a guardian with a chat, a
certificate and a club since two and a half months, with four months charged; a month of messages lies behind everybody: three updates with their answers,
and a notice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from secrets import token_bytes

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.town import KEYS, Size, build
from bot.dialogs.codec import encode
from bot.dialogs.conversation import Talk
from bot.dialogs.home import Home
from bot.storage import schema
from bot.storage.database import async_url
from bot.storage.keys import Keys

CHILDREN, PROGRAMS = 20_000, 200
"""Of a municipality."""
NOMINAL, FIRST, OTHER, MONTHS = 6_000_000, 90_000, 100_000, 9
WHOLE = FIRST + OTHER * (MONTHS - 1)
CHANNEL = "CASE WHEN x % 10 < 5 THEN 'telegram' WHEN x % 10 < 9 THEN 'vk' ELSE 'web' END"
TABLES = ("provider", "district", "agreement", "program", "module", "group", "lesson", "shelf", "program_stem")
"""The catalogue; a copy's ids are as far from the first's as all ids of their table together."""


@dataclass(frozen=True)
class Country:
    """How large; children come in whole municipalities, or in half of one."""

    children: int

    @property
    def municipalities(self) -> int:
        return -(-self.children // CHILDREN)


async def found(url: str, country: Country) -> None:
    """Fill an empty database; the school year is in its fourth month."""
    await build(url, Size(1, PROGRAMS, 0))
    engine = create_async_engine(async_url(url), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for setting in (
            "session_replication_role = replica",
            "synchronous_commit = off",
            "maintenance_work_mem = '512MB'",
        ):
            await connection.execute(text(f"SET {setting}"))
        await connection.run_sync(_fill, country)
        await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


def _fill(connection: Connection, country: Country) -> None:
    for statement in (*_municipalities(connection, country), *_families(country), *_money(country), *_past(country)):
        connection.exec_driver_sql(statement)
    for table in schema.metadata.sorted_tables:
        if table.autoincrement_column is not None and "id" in table.c:
            counter = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
            connection.exec_driver_sql(f'SELECT setval({counter}, max(id)) FROM "{table.name}" HAVING max(id) > 0')


def _municipalities(connection: Connection, country: Country) -> Iterator[str]:
    others = f"generate_series(1, {country.municipalities - 1}) AS copy"
    yield (
        "INSERT INTO municipality (id, code, name, zone, number_prefix, policy)"
        f" SELECT 1 + copy, 'c' || copy, 'Город ' || copy, 'Europe/Moscow', lpad((5200 + copy)::text, 4, '0'), '{{}}' FROM {others}"
    )
    yield (
        "INSERT INTO certificate_group (id, municipality, code, name)"
        f" SELECT (SELECT max(id) FROM certificate_group) + copy, 1 + copy, 'all', 'Все дети' FROM {others}"
    )
    yield (
        "INSERT INTO funding_period (id, municipality, name, start, stop, state)"
        " SELECT id, id, 'year', date_trunc('month', now())::date - 75, date_trunc('month', now())::date + 200, 'open' FROM municipality"
    )
    yield f"INSERT INTO nominal (certificate_group, period, kopecks) SELECT id, municipality, {NOMINAL} FROM certificate_group"
    spans: dict[str, int] = {"municipality": 1, "stem": 0}
    for name in TABLES:
        table = schema.metadata.tables[name]
        if "id" in table.c:
            spans[name] = int(connection.exec_driver_sql(f'SELECT max(id) FROM "{name}"').scalar_one())
        refs = {"id": name} if "id" in table.c else {}
        refs |= {column.name: column.name for column in table.c if column.name in spans and column.name != "id"}
        columns = [f'"{column.name}"' for column in table.c]
        values = [
            f'"{column.name}" + copy * {spans[refs[column.name]]}' if column.name in refs else f'"{column.name}"'
            for column in table.c
        ]
        yield f'INSERT INTO "{name}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM "{name}", {others}'
    yield (
        "CREATE TEMP TABLE clubs AS SELECT g.id AS club, g.module, p.id AS program, p.provider, p.municipality,"
        " row_number() OVER (PARTITION BY p.municipality ORDER BY g.id) - 1 AS place, count(*) OVER (PARTITION BY p.municipality) AS clubs"
        ' FROM "group" g JOIN module m ON m.id = g.module JOIN program p ON p.id = m.program'
    )


def _families(country: Country) -> Iterator[str]:
    everybody = f"generate_series(1, {country.children}) AS x"
    here, at = f"(x - 1) / {CHILDREN} + 1", "date_trunc('month', now()) - interval '70 days'"
    yield (
        "INSERT INTO person (id, municipality, language, surname, first_name, phone, created_at)"
        f" SELECT x, {here}, 'ru', 'Фамилия' || x, 'Имя', '+7900' || lpad(x::text, 7, '0'), {at} FROM {everybody}"
    )
    yield (
        "INSERT INTO child (id, municipality, surname, first_name, folded_name, birth_date, created_at)"
        f" SELECT x, {here}, 'Фамилия' || x, 'Имя', 'фамилия' || x || ' имя', '2017-03-14', {at} FROM {everybody}"
    )
    yield f"INSERT INTO guardianship (person, child, rights, since) SELECT x, x, 'full', {at} FROM {everybody}"
    yield f"INSERT INTO consent (person, purpose, version, hash, given_at) SELECT x, 'certificate', '1', 'x', {at} FROM {everybody}"
    yield (
        "INSERT INTO certificate (id, child, municipality, certificate_group, number, kind, state, conversion, applicant, activated_at)"
        f" SELECT x, x, {here}, g.id, (5100000000 + x)::text, 'funded', 'active', 1, x, {at}"
        f" FROM {everybody} JOIN certificate_group g ON g.municipality = {here}"
    )
    yield (
        "INSERT INTO chat (id, channel, address, person, linked_at) SELECT x,"
        f" {CHANNEL}, (1000000 + x)::text, x, {at} FROM {everybody}"
    )
    talk = encode(Talk(Home(), turn=1), Keys(KEYS["SECRET_KEY"], [KEYS["DATA_KEYS"]]))
    yield f"INSERT INTO conversation (chat, turn, talk, changed_at) SELECT x, 1, '{talk}', now() FROM {everybody}"
    yield (
        'INSERT INTO enrollment (id, child, certificate, "group", module, period, state, "by", requested_by, start, stop, price, first, other,'
        " parent_first, parent_other, months, holds_seat, created_at, changed_at, concluded_on, chain)"
        f" SELECT x, x, x, club, module, {here}, 'active', 'guardian', x, f.start + 3, f.stop, {WHOLE}, {FIRST}, {OTHER}, 0, 0, {MONTHS},"
        f" true, {at}, {at}, f.start, x FROM {everybody} JOIN clubs c ON c.municipality = {here} AND c.place = x % c.clubs"
        f" JOIN funding_period f ON f.id = {here}"
    )
    yield (
        'UPDATE "group" SET taken = held, seats = held + 500'
        ' FROM (SELECT "group" AS its, count(*) AS held FROM enrollment GROUP BY 1) e WHERE id = its'
    )


def _money(country: Country) -> Iterator[str]:
    """Granted, reserved, four months charged; the accounts are what their transfers make them."""
    everybody = f"generate_series(1, {country.children}) AS x"
    here = f"(x - 1) / {CHILDREN} + 1"
    accounts, paid = "INSERT INTO account (kind, owner, period, balance)", FIRST + 3 * OTHER
    yield f"{accounts} SELECT 'budget', id, id, -{NOMINAL}::bigint * {min(CHILDREN, country.children)} FROM municipality"
    yield f"{accounts} SELECT 'certificate', x, {here}, {NOMINAL - WHOLE} FROM {everybody}"
    yield f"{accounts} SELECT 'hold', x, 0, {WHOLE - paid} FROM {everybody}"
    yield (
        f"{accounts} SELECT 'provider', provider, 0, {paid}::bigint * count(*) FROM enrollment e JOIN clubs ON club = e.\"group\" GROUP BY provider"
    )
    transfers = 'INSERT INTO transfer ("key", source, target, kopecks, why, about, month, at)'
    purse = (
        "JOIN account purse ON purse.kind = 'certificate' AND purse.owner = e.certificate AND purse.period = e.period"
    )
    hold = "JOIN account hold ON hold.kind = 'hold' AND hold.owner = e.id AND hold.period = 0"
    yield (
        f"{transfers} SELECT 'grant:' || e.certificate || ':' || e.period || ':1', b.id, purse.id, {NOMINAL}, 'grant', NULL, NULL, e.created_at"
        f" FROM enrollment e {purse} JOIN account b ON b.kind = 'budget' AND b.owner = e.period AND b.period = e.period"
    )
    yield (
        f"{transfers} SELECT 'reserve:' || e.id, purse.id, hold.id, {WHOLE}, 'reserve', e.id, NULL, e.created_at FROM enrollment e {purse} {hold}"
    )
    yield (
        f"{transfers} SELECT 'charge:' || e.id || ':' || month, hold.id, p.id, CASE n WHEN 0 THEN {FIRST} ELSE {OTHER} END, 'charge', e.id,"
        " month, e.created_at FROM enrollment e CROSS JOIN LATERAL (SELECT n, to_char(e.start + n * interval '1 month', 'YYYY-MM') AS month"
        f" FROM generate_series(0, 3) AS n) m {hold} JOIN clubs ON club = e.\"group\" JOIN account p ON p.kind = 'provider' AND p.owner = provider"
    )


def _past(country: Country) -> Iterator[str]:
    """The last month's updates and messages, as long as real ones are, and spread over its days."""
    everybody, days = f"generate_series(1, {country.children}) AS x", "(x * 7 + n * 11) % 30 * interval '1 day'"
    words = Keys(KEYS["SECRET_KEY"], [KEYS["DATA_KEYS"]])
    tokens = ", ".join(f"({n}, '{words.encrypt(token_bytes(250).hex())}')" for n in range(64))
    yield "CREATE TEMP TABLE said (n int, token text)"
    yield f"INSERT INTO said VALUES {tokens}"
    yield f"INSERT INTO seen_update SELECT 'telegram:' || (100000000 + x * 3 + n), now() - {days} FROM {everybody}, generate_series(0, 2) AS n"
    outbox = 'INSERT INTO outbox ("key", kind, person, chat, channel, content, priority, state, not_before, sent_ref, words, created_at, sent_at)'
    then = f"now() - {days.replace('n *', 'm.n *')}"
    yield (
        f"{outbox} SELECT 'reply:telegram:' || (100000000 + x * 3 + m.n), 'reply', x, x, {CHANNEL}, token, 0, 'sent', {then}, '1', NULL, {then}, {then}"
        f" FROM {everybody}, generate_series(0, 2) AS m(n), said WHERE said.n = x % 64 ORDER BY {then}"
    )
    told = "'charge:' || x || ':last:g' || x"
    old = "now() - interval '2 days'"
    yield (
        f"{outbox} SELECT {told}, 'Charged', x, x, {CHANNEL}, left(token, 300), 1, 'sent', {old}, '1', left(token, 500), {old}, {old}"
        f" FROM {everybody}, said WHERE said.n = x % 64"
    )
    yield (
        "INSERT INTO web_message (chat, who, content, outbox_key, at, read_at)"
        f" SELECT x, 'bot', left(token, 500), {told}, {old}, CASE WHEN x % 50 = 9 THEN NULL ELSE now() END"
        f" FROM {everybody}, said WHERE said.n = x % 64 AND x % 10 = 9"
    )
