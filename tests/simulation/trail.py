"""What a transaction has touched, row by row: temporary triggers write it down, beside the tables and gone with a rollback."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

FOLLOWED = {
    "account": ("id", "balance", "balance"),
    "transfer": ("id", "why", ""),
    "enrollment": ("id", "state", "*"),
    "group": ("id", "taken", "taken, seats"),
    "certificate": ("id", "state", "state"),
    "outbox": ("id", "state", "state"),
    "rating": ("id", "state", "*"),
    "dispute": ("enrollment", "state", "state"),
    "set_aside": ("id", "why", ""),
}
"""Table → (its id, the column whose old and new value are kept, the columns whose update counts; * for all)."""


@dataclass(frozen=True)
class Step:
    """One row's change; no old value for a new row, no new one for a row that went."""

    id: int
    old: Any
    new: Any


Trail = dict[str, list[Step]]


def lay(raw: Any) -> None:
    """Begin to write down."""
    raw.execute("CREATE TEMP TABLE touched (what TEXT, id INTEGER, old, new)")
    for table, (key, column, updates) in FOLLOWED.items():
        ways = [("insert", "", "NULL", f"new.{column}"), ("delete", "", f"old.{column}", "NULL")]
        if updates:
            of = "" if updates == "*" else f"OF {updates}"
            ways.append(("update", of, f"old.{column}", f"new.{column}"))
        for way, of, old, new in ways:
            row = "old" if way == "delete" else "new"
            raw.execute(
                f'CREATE TEMP TRIGGER touched_{table}_{way} AFTER {way.upper()} {of} ON main."{table}" '
                f"BEGIN INSERT INTO touched VALUES ('{table}', {row}.{key}, {old}, {new}); END"
            )


def taken(raw: Any) -> Trail:
    """What has been written down since the last time, in order."""
    rows = raw.execute("SELECT what, id, old, new FROM touched ORDER BY rowid").fetchall()
    found: Trail = defaultdict(list)
    if rows:
        raw.execute("DELETE FROM touched")
        for what, *step in rows:
            found[what].append(Step(*step))
    return found
