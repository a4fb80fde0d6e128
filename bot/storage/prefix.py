"""What begins so, as a range of an index. On PostgreSQL the index is one of `text_pattern_ops`."""

from typing import Any

from bot.storage.tx import Tx

LAST_LETTER = "\U0010ffff"


def begins(tx: Tx, column: Any, part: str) -> Any:
    """PostgreSQL has operators for it that know no alphabet's order; SQLite compares so anyway."""
    if tx.connection.dialect.name == "postgresql":
        return column.bool_op("~>=~")(part) & column.bool_op("~<~")(part + LAST_LETTER)
    return (column >= part) & (column < part + LAST_LETTER)
