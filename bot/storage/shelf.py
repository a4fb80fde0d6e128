"""The shelf: what the search looks at, kept beside the tables that it is made of. Whoever changes those calls `shelve`."""

from collections import defaultdict
from collections.abc import Collection
from datetime import time

from sqlalchemy import select

from bot.domain.catalogue import Registry
from bot.storage.desk import Tx
from bot.storage.schema import group, lesson, module, program, shelf


def shelve(tx: Tx, programs: Collection[int]) -> None:
    """Put these programs' active groups on the shelf as they are now; an archived program leaves it. Four statements."""
    if not programs:
        return
    tx.sql(shelf.delete().where(shelf.c.program.in_(programs)))
    active = program.c.id.in_(programs), program.c.state == "active", group.c.state == "active"
    rows = tx.rows(
        select(
            program.c.municipality,
            group.c.district,
            group.c.id,
            module.c.program,
            program.c.provider,
            program.c.age_min,
            program.c.age_max,
            program.c.direction,
            program.c.registry,
            module.c.price,
            module.c.normative,
            group.c.start,
            group.c.stop,
        )
        .join(module, module.c.program == program.c.id)
        .join(group, group.c.module == module.c.id)
        .where(*active)
    )
    weekdays: defaultdict[int, int] = defaultdict(int)
    hours: defaultdict[int, list[time]] = defaultdict(list)
    for row in tx.rows(
        select(lesson.c.group, lesson.c.weekday, lesson.c.start, lesson.c.stop)
        .join(group, group.c.id == lesson.c.group)
        .join(module, module.c.id == group.c.module)
        .where(module.c.program.in_(programs))
    ):
        weekdays[row.group] |= day_bit(row.weekday)
        hours[row.group] += (row.start, row.stop)
    if rows:
        tx.sql(
            shelf.insert(),
            [
                {
                    "municipality": row.municipality,
                    "district": row.district or 0,
                    "group": row.id,
                    "program": row.program,
                    "provider": row.provider,
                    "age_min": row.age_min,
                    "age_max": row.age_max,
                    "direction": row.direction,
                    "registry": row.registry,
                    "price": 0 if Registry(row.registry).on_budget else row.price,
                    "normative": row.normative,
                    "start": row.start.toordinal(),
                    "stop": row.stop.toordinal(),
                    "weekdays": weekdays[row.id],
                    "starts": min(hours[row.id], default=None),
                    "ends": max(hours[row.id], default=None),
                }
                for row in rows
            ],
        )


def day_bit(weekday: int) -> int:
    """1 = Monday … 7."""
    return 1 << weekday
