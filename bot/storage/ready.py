"""A large statement put together once and kept as text: SQLAlchemy goes through all of one each time, to see whether it knows it already."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, bindparam, column, text
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.sql.selectable import TextualSelect

DIALECTS: Mapping[str, Dialect] = {
    "postgresql": PGDialect(paramstyle="named"),  # type: ignore[no-untyped-call]
    "sqlite": SQLiteDialect(paramstyle="named"),
}


def ready(statement: Select[Any], dialect: str) -> TextualSelect:
    """The same question with the same named values. Constants, whole numbers all of them, stand in the text."""
    compiled = statement.compile(dialect=DIALECTS[dialect])
    written = re.sub(r"\(__\[POSTCOMPILE_(\w+)\]\)", r":\1", str(compiled))
    values: list[Any] = []
    for name, bind in compiled.binds.items():
        if bind.required:
            values.append(bindparam(name, type_=bind.type, expanding=bind.expanding))
        else:
            written = re.sub(rf":{name}\b", f"{bind.value:d}", written)
    columns = [column(each.name, each.type) for each in statement.selected_columns if isinstance(each, ColumnElement)]
    return text(written).bindparams(*values).columns(*columns)
