"""What tables are made of: names of constraints, kinds of columns, rows that stay for ever."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.event import listen

INSTANTS = 16
"""Written lately."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite forgets zones, so they are taken off and put back."""

    impl = DateTime
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """The rows of a transaction say the same instant again and again."""
        process: Callable[[datetime | None], Any] | None = super().bind_processor(dialect)
        assert process is not None
        return lru_cache(INSTANTS)(process)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC."""
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """To aware UTC."""
        return value.replace(tzinfo=UTC) if value is not None else None


def identity() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def ref(name: str, table: str, *, null: bool = False, **how: Any) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(f"{table}.id", **how), nullable=null)


def instant(name: str, *, null: bool = True) -> Column[datetime]:
    return Column(name, Instant, nullable=null)


def kopecks(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


def word(name: str, *, null: bool = False, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=null, server_default=default)


def flag(name: str, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("true" if default else "false"))


def for_ever(table: str) -> list[tuple[str, str]]:
    """(dialect, statement): rows that the database itself refuses to edit or delete. A migration that rebuilds the table runs them again."""
    return [
        statement
        for wish in ("update", "delete")
        for statement in (
            (
                "sqlite",
                f"CREATE TRIGGER {table}_no_{wish} BEFORE {wish.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'a {table} is never {wish}d'); END",
            ),
            (
                "postgresql",
                f"CREATE OR REPLACE FUNCTION {table}_no_{wish}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'a {table} is never {wish}d'; END $$",
            ),
            (
                "postgresql",
                f"CREATE TRIGGER {table}_no_{wish} BEFORE {wish.upper()} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_no_{wish}()",
            ),
        )
    ]


def keep_for_ever(table: Table) -> None:
    """Have the database refuse from the beginning."""
    for dialect, statement in for_ever(table.name):
        listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]  # SQLAlchemy does not type it
