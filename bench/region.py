"""A region that learns: children with certificates and clubs by the hundred thousand, written by a statement a table."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection

NOW = datetime(2026, 9, 30, 21, 1, tzinfo=UTC)
"""A minute into the 1st of October in Moscow: nobody is told before nine in the morning."""
THIS, COMING = 1, 2
"""The periods."""
NOMINAL, FIRST, OTHER, MONTHS = 1_200_000, 90_000, 100_000, 9
WHOLE = FIRST + OTHER * (MONTHS - 1)
OF_A_GROUP, OF_A_PROGRAM, OF_A_PROVIDER = 20, 100, 1000
"""Children."""


def fill(connection: Connection, children: int) -> None:
    """Every child has a certificate, and learns since September, which is paid; every third has two guardians."""
    for table, count, rows in _rows(children):
        numbers = f"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {count})"
        connection.exec_driver_sql(f"INSERT INTO {table} {numbers} {rows}")


def _rows(children: int) -> Iterator[tuple[str, int, str]]:
    """(table and columns, how many, their select from the numbers `n`)."""
    groups, programs, providers = (-(-children // each) for each in (OF_A_GROUP, OF_A_PROGRAM, OF_A_PROVIDER))
    at = "'2026-09-01 06:00:00.000000'"
    yield (
        "municipality (id, code, name, zone, number_prefix)",
        1,
        "SELECT x, 'm', 'City', 'Europe/Moscow', '5101' FROM n",
    )
    yield "certificate_group (id, municipality, code, name)", 1, "SELECT x, 1, 'all', 'All' FROM n"
    periods = "SELECT 1, 1, 'this', '2026-09-01', '2027-05-31', 'open'"
    yield "funding_period (id, municipality, name, start, stop, state)", 1, periods
    periods = "SELECT 2, 1, 'next', '2027-06-01', '2028-05-31', 'open'"
    yield "funding_period (id, municipality, name, start, stop, state)", 1, periods
    yield "nominal (certificate_group, period, kopecks)", 2, f"SELECT 1, x, {NOMINAL} FROM n"
    yield "provider (id, municipality, name, kind)", providers, "SELECT x, 1, 'House ' || x, 'municipal' FROM n"
    yield (
        "program (id, provider, municipality, external_id, name, registry, direction, age_min, age_max)",
        programs,
        f"SELECT x, (x - 1) * {OF_A_PROGRAM} / {OF_A_PROVIDER} + 1, 1, 'p' || x, 'Club', 'certified', 'technical', 5, 17 FROM n",
    )
    yield "module (id, program, external_id, name, price)", programs, f"SELECT x, x, 'm', 'Year', {WHOLE} FROM n"
    yield (
        '"group" (id, module, external_id, name, start, stop, seats, taken)',
        groups,
        f"SELECT x, (x - 1) * {OF_A_GROUP} / {OF_A_PROGRAM} + 1, 'g' || x, 'Group', '2026-09-01', '2027-05-31', 30, {OF_A_GROUP}"
        " FROM n",
    )
    yield "person (id, municipality, language, created_at)", children * 4 // 3, f"SELECT x, 1, 'ru', {at} FROM n"
    yield "child (id, municipality, birth_date, created_at)", children, f"SELECT x, 1, '2017-03-14', {at} FROM n"
    yield "guardianship (person, child, rights, since)", children, f"SELECT x, x, 'full', {at} FROM n"
    second = f"SELECT {children} + x, 3 * x, 'full', {at} FROM n"
    yield "guardianship (person, child, rights, since)", children // 3, second
    yield (
        "certificate (id, child, municipality, certificate_group, number, kind, state, conversion)",
        children,
        "SELECT x, x, 1, 1, '' || (5101000000 + x), 'funded', 'active', 1 FROM n",
    )
    yield (
        'enrollment (id, child, certificate, "group", module, period, state, "by", start, stop, price, first, other,'
        " parent_first, parent_other, months, holds_seat, created_at, changed_at, concluded_on)",
        children,
        f"SELECT x, x, x, (x - 1) / {OF_A_GROUP} + 1, (x - 1) / {OF_A_PROGRAM} + 1, 1, 'active', 'guardian', '2026-09-04',"
        f" '2027-05-31', {WHOLE}, {FIRST}, {OTHER}, 0, 0, {MONTHS}, true, {at}, {at}, '2026-09-02' FROM n",
    )
    account = "account (kind, owner, period, balance)"
    yield account, 1, f"SELECT 'budget', 1, x, -{NOMINAL * children} FROM n"
    yield account, children, f"SELECT 'certificate', x, 1, {NOMINAL - WHOLE} FROM n"
    yield account, children, f"SELECT 'hold', x, 0, {WHOLE - FIRST} FROM n"
    learning = (
        "enrollment JOIN module ON module.id = enrollment.module JOIN program ON program.id = module.program"
        " JOIN account hold ON hold.kind = 'hold' AND hold.owner = enrollment.id"
    )
    yield account, 1, f"SELECT 'provider', provider, 0, {FIRST} * count(*) FROM {learning} GROUP BY provider"
    transfer = 'transfer ("key", source, target, kopecks, why, about, month, at)'
    purse = "JOIN account purse ON purse.kind = 'certificate' AND purse.owner ="
    yield (
        transfer,
        1,
        f"SELECT 'grant:' || purse.owner || ':1:1', budget.id, purse.id, {NOMINAL}, 'grant', NULL, NULL, {at}"
        " FROM account budget JOIN account purse ON purse.kind = 'certificate' WHERE budget.kind = 'budget'",
    )
    yield (
        transfer,
        1,
        f"SELECT 'reserve:' || hold.owner, purse.id, hold.id, {WHOLE}, 'reserve', hold.owner, NULL, {at}"
        f" FROM account hold {purse} hold.owner WHERE hold.kind = 'hold'",
    )
    yield (
        transfer,
        1,
        f"SELECT 'charge:' || hold.owner || ':2026-09', hold.id, paid.id, {FIRST}, 'charge', hold.owner, '2026-09', {at}"
        f" FROM {learning} JOIN account paid ON paid.kind = 'provider' AND paid.owner = program.provider",
    )
    yield "lease (name, holder, until)", 1, f"SELECT 'calendar', '', {at} FROM n"
