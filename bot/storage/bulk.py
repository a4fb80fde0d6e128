"""What one command does to one row, done to a chunk of rows by a few statements: movements of money and their notices (R3.2, R3.9).

A run describes its movements once, as a SELECT over the ids of a chunk; here it becomes the statements that write them. They leave
what `move_all` and `queue` leave, row for row: equal keys, equal notices, every balance moved with its transfer.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Executable,
    Row,
    Select,
    String,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.dialogs.codec import Cipher, encode
from bot.domain.ledger import AccountKind, Why
from bot.domain.messages import Fact
from bot.storage.outbox import PUSH
from bot.storage.schema import Instant, account, guardianship, outbox, transfer
from bot.storage.tx import Tx

IDS, INSTANT, NOT_BEFORE, LAST = "ids", "instant", "allowed_from", "last"
"""What changes from chunk to chunk; everything else of a run's statements stays, so that they are built once."""
PAGE = 5000
LAST_TRANSFER = select(func.max(transfer.c.id))
ONE_BY_ONE = 100
"""How many of a chunk go by themselves at most: what a chat never waits for longer than a few hundredths of a second."""
AS_A_CHUNK = text(
    "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('synchronous_commit', 'off', true)"
)
"""A plan made for any ids looks each one up; one made for these thousand reads whole tables, the longer the older they are.

Nobody waits for a chunk's commit to reach the disk: a crash may take the last chunks back, each whole, and the run does them again. Whatever
is built on them reaches the disk behind them: a notice is marked as being sent by a commit that waits.
"""
Ids = Sequence[int]
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


# --- ids, by the thousand ---------------------------------------------------------------------------------------------


def among(dialect: str, column: Any) -> ColumnElement[bool]:
    """The column is one of the ids, which come as one parameter, IDS."""
    if dialect == "sqlite":
        return ColumnElement.in_(column, select(func.json_each(bindparam(IDS)).table_valued("value").c.value))
    return ColumnElement.__eq__(column, any_(bindparam(IDS, type_=ARRAY(BigInteger))))


def given(tx: Tx, ids: Ids) -> Any:
    """Ids as the parameter of `among`."""
    return json.dumps(list(ids)) if tx.connection.dialect.name == "sqlite" else list(ids)


def all_ids(tx: Tx, found: Select[tuple[int]]) -> Ids:
    """Every id of a select, in order."""
    return ids_of(tx, pages(tx.connection.dialect.name, found))


def pages(dialect: str, found: Select[tuple[int]]) -> Select[Any]:
    """Ids travel by the page: a row each would take a second, all at once would stop every other thread."""
    ids = found.subquery().c[0]
    page = func.row_number().over(order_by=ids) // PAGE
    numbered = select(ids.label("id"), page.label("page")).subquery()
    listed = func.json_group_array if dialect == "sqlite" else func.array_agg
    return select(listed(numbered.c.id)).group_by(numbered.c.page).order_by(numbered.c.page)


def ids_of(tx: Tx, pages: Select[Any], given: Mapping[str, Any] | None = None) -> Ids:
    """Every id of all pages, in order."""
    read: Callable[[Any], Ids] = json.loads if tx.connection.dialect.name == "sqlite" else list
    return [each for page in tx.sql(pages, given).scalars() for each in sorted(read(page))]


# --- a chunk's movements ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bulk:
    """A run's statements, which repeat for each chunk.

    `locks` come first. `families` are the ids with the certificate that they belong to; `plain` is when exactly what `posting` does to one
    of them is due. What the others need is done to them one by one.
    """

    locks: tuple[Executable, ...]
    families: Select[tuple[int, int]]
    plain: ColumnElement[bool]
    posting: "Posting"

    def do(self, tx: Tx, ids: Ids, told_from: datetime, one_by_one: Callable[[Ids], object]) -> int:
        """Do what is due to these ids; how many of them, from the first, are done."""
        chunk = {IDS: given(tx, ids)}
        if tx.connection.dialect.name == "postgresql":  # SQLite's one writer holds everything
            tx.sql(AS_A_CHUNK)
            for lock in self.locks:
                tx.sql(lock, chunk)
        others = tx.sql(self._others, chunk).all()
        if others:
            others = self._with_families(tx, chunk, others)
            if len(others) > ONE_BY_ONE:
                ids = ids[: ids.index(others[ONE_BY_ONE].id)]
                others = others[:ONE_BY_ONE]
            alone = {row.id for row in others}
            plain = [each for each in ids if each not in alone]
            chunk = {IDS: given(tx, plain)}
        if len(others) < len(ids):
            self.posting.make(tx, chunk, len(ids) - len(others), told_from)
        for together in _in_turn(others):
            one_by_one(together)
        return len(ids)

    @cached_property
    def _others(self) -> Select[Any]:
        return self.families.where(case((self.plain, 0), else_=1) == 1)  # unknown is not plain

    def _with_families(self, tx: Tx, chunk: dict[str, Any], others: Sequence[Row[Any]]) -> list[Row[Any]]:
        """And those of the same families behind them: what comes back to one is left by the next one's notice."""
        [_id, family] = self.families.selected_columns
        first: dict[int, int] = {}
        for row in others:
            first.setdefault(row.family, row.id)
        alike = tx.sql(self.families.where(family.in_(first)), chunk)
        return [row for row in alike if row.id >= first[row.family]]


def _in_turn(others: Sequence[Row[Any]]) -> Iterator[Ids]:
    """Together, but one of a family at a time."""
    while others:
        first = {row.family: row.id for row in reversed(others)}
        yield list(first.values())
        others = [row for row in others if row.id not in first.values()]


@dataclass(frozen=True)
class Posting:
    """The statements that make the movements of a chunk, in their order: what a notice says is read before it changes.

    `accounts` makes those that may be missing; `locks` holds those that were there.
    """

    rows: tuple[Executable, ...]
    balances: Executable
    accounts: Executable | None = None
    locks: tuple[Executable, ...] = ()

    def make(self, tx: Tx, chunk: dict[str, Any], count: int, told_from: datetime) -> None:
        """Move, for so many ids, and tell from then on. IntegrityError if a key has been used; nothing is moved then."""
        if self.accounts is not None and tx.sql(self.accounts, chunk).rowcount < count:
            for lock in self.locks:
                tx.sql(lock, chunk)
        chunk = {**chunk, INSTANT: tx.now, NOT_BEFORE: told_from}
        if tx.connection.dialect.name == "sqlite":
            made = {LAST: tx.value(LAST_TRANSFER) or 0}
            for rows in self.rows:
                tx.sql(rows, chunk)
        else:
            [rows] = self.rows
            made = {IDS: tx.sql(rows, chunk).scalar()}
        tx.sql(self.balances, made)
        tx.has_mail = tx.has_mail or told_from <= tx.now  # before that nobody can send them: no sender need look


def posting(
    dialect: str,
    movements: Select[Any],
    why: Why,
    fact: type[Fact],
    accounts: Executable | None = None,
    locks: tuple[Executable, ...] = (),
) -> Posting:
    """Of a select with key, source, target, kopecks, about, month, child and content, a row for each id (`among`)."""
    moves = movements.subquery("moves") if dialect == "sqlite" else movements.cte("moves")
    reader = guardianship.c.person
    told = {
        "key": moves.c.key + ":g" + cast(reader, Text),
        "kind": literal(fact.__name__),
        "person": reader,
        "content": moves.c.content,
        "priority": literal(PUSH),
        "state": literal("queued"),
        "not_before": bindparam(NOT_BEFORE, type_=Instant),
        "created_at": bindparam(INSTANT, type_=Instant),
    }
    readers = select(*told.values()).where(guardianship.c.child == moves.c.child)
    made = {name: moves.c[name] for name in ("key", "source", "target", "kopecks", "about", "month")}
    made |= {"why": literal(why.value), "at": bindparam(INSTANT, type_=Instant)}
    notices = insert(outbox).from_select(list(told), readers)
    transfers = insert(transfer).from_select(list(made), select(*made.values()))
    if dialect == "sqlite":  # nobody else writes in between
        return Posting((notices, transfers), _balances(transfer.c.id > bindparam(LAST)), accounts, locks)
    new = transfers.returning(transfer.c.id).cte("new")
    both = select(func.array_agg(new.c.id)).add_cte(notices.cte("told"))
    return Posting((both,), _balances(among(dialect, transfer.c.id)), accounts, locks)


def _balances(new: ColumnElement[bool]) -> Executable:
    """What the new transfers change. PostgreSQL too does it behind them: a foreign key's look at a row that has just changed costs five times as much."""
    moved = select(transfer.c.source, transfer.c.target, transfer.c.kopecks).where(new).cte("moved")
    gains = select(moved.c.target.label("account"), moved.c.kopecks.label("kopecks"))
    sides = gains.union_all(select(moved.c.source, -moved.c.kopecks)).subquery()
    sums = select(sides.c.account, func.sum(sides.c.kopecks).label("kopecks")).group_by(sides.c.account).subquery()
    changed = account.c.balance + cast(sums.c.kopecks, BigInteger)
    return update(account).where(account.c.id == sums.c.account).values(balance=changed)


def held_accounts(ids: Select[Any]) -> Executable:
    """Holds the accounts until the end of the transaction, in one order for all; says how many."""
    held = select(account.c.id).where(account.c.id.in_(ids)).order_by(account.c.id).with_for_update()
    return select(func.count()).select_from(held.subquery())


def its_account(kind: AccountKind, owner: Any, period: Any = 0, column: str = "id") -> Any:
    """A column of the account of a row's certificate, enrollment or provider."""
    there, ours = joined(kind, owner, period)
    return select(there.c[column]).where(ours).scalar_subquery()


def joined(kind: AccountKind, owner: Any, period: Any = 0) -> tuple[Any, ColumnElement[bool]]:
    """The account itself, where it is there and more than one of its columns is needed; and the condition to join it by."""
    there = account.alias()
    return there, and_(
        there.c.kind == kind.value, there.c.owner == owner, there.c.period == period, there.c.unit == "money"
    )


def content(dialect: str, cipher: Cipher, fact: type[Fact], **values: Any) -> ColumnElement[str]:
    """A fact's values as the outbox keeps them (codec.encode): each a constant, or a column of numbers or of plain words."""
    assert values.keys() == {field.name for field in fields(fact)}, f"{fact.__name__} has other fields"
    form, columns = f'{{"is":"{fact.__name__}"', []
    for field in fields(fact):
        value = values[field.name]
        if isinstance(value, ColumnElement):
            columns.append(value)
            written = '"%s"' if isinstance(value.type, String) else "%s"
        else:
            written = encode(value, cipher).replace("%", "%%")
        form += f',"{field.name}":{written}'
    print_ = func.printf if dialect == "sqlite" else func.format
    return print_(form + "}", *columns, type_=Text)
