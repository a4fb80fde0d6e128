"""A large statement put together once and kept as text: SQLAlchemy goes through all of one each time, to see whether it knows it already.

Lists go in as one value each, so that the text is the same for a list of any length, and the database keeps its own plan of it.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Dialect, Select, Text, bindparam, column, text
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.sql.selectable import TextualSelect

DIALECTS: Mapping[str, Dialect] = {
    "postgresql": PGDialect(paramstyle="named"),  # type: ignore[no-untyped-call]
    "sqlite": SQLiteDialect(paramstyle="named"),
}
A_LIST = re.compile(r" (NOT )?IN \(__\[POSTCOMPILE_(\w+)\]\)")


def ready(statement: Select[Any], dialect: str) -> TextualSelect:
    """The same question with the same named values, its lists as `listed` gives them. Constants stand in the text."""
    compiled = statement.compile(dialect=DIALECTS[dialect])
    written = A_LIST.sub(lambda found: _in(dialect, found[2], bool(found[1])), str(compiled))
    values: list[Any] = []
    for name, bind in compiled.binds.items():
        if bind.expanding:
            values.append(bindparam(name, type_=ARRAY(BigInteger) if dialect == "postgresql" else Text))
        elif bind.required:
            values.append(bindparam(name, type_=bind.type))
        else:
            written = re.sub(rf":{name}\b", _constant(bind.value), written)
    columns = [column(each.name, each.type) for each in statement.selected_columns if isinstance(each, ColumnElement)]
    return text(written).bindparams(*values).columns(*columns)


def _constant(value: object) -> str:
    return f"{value:d}" if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _in(dialect: str, name: str, negated: bool) -> str:
    if dialect == "postgresql":
        return f" <> ALL (:{name})" if negated else f" = ANY (:{name})"
    return f"{' NOT' if negated else ''} IN (SELECT value FROM json_each(:{name}))"


def listed(values: Mapping[str, Any], dialect: str) -> dict[str, Any]:
    """Lists of numbers as the text takes them."""
    if dialect == "postgresql":
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {
        name: f"[{','.join(map(str, value))}]" if isinstance(value, list | tuple) else value
        for name, value in values.items()
    }
