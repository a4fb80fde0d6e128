"""The shelf: what the search looks at, kept beside the tables that it is made of. Whoever changes those calls `shelve`, and `count_room` for a seat."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import Integer, Row, and_, bindparam, case, select

from bot.domain.catalogue import Registry
from bot.storage import ranking
from bot.storage.jobs import PLACE, Given, Job, those
from bot.storage.schema import group, lesson, module, program, shelf
from bot.storage.tx import Tx

AT_ONCE = 1_000
"""Programs."""


def shelve(tx: Tx, programs: Collection[int]) -> None:
    """Put these programs' active groups on the shelf as they are now; an archived program leaves it. Four statements."""
    if not programs:
        return
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
            program.c.rating_sum,
            program.c.rating_count,
            group.c.start,
            group.c.stop,
            and_(group.c.is_open, group.c.taken < group.c.seats).label("room"),
        )
        .join(module, module.c.program == program.c.id)
        .join(group, group.c.module == module.c.id)
        .where(*active)
        .order_by(group.c.id)
        .with_for_update(of=group)  # a seat that is taken meanwhile waits, and counts on what is written here
    )
    tx.sql(shelf.delete().where(shelf.c.program.in_(programs)))
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
                    "price": _price(row),
                    "normative": row.normative,
                    "start": row.start.toordinal(),
                    "stop": row.stop.toordinal(),
                    "weekdays": weekdays[row.id],
                    "starts": min(hours[row.id], default=None),
                    "ends": max(hours[row.id], default=None),
                    **_standing(tx, row, bool(weekdays[row.id])),
                }
                for row in rows
            ],
        )


def _standing(tx: Tx, row: Row[Any], timetable: bool) -> dict[str, Any]:
    soon = row.start <= tx.today(row.municipality) + timedelta(ranking.SOON)
    rating = ranking.rating(row.rating_sum, row.rating_count, tx.policy(row.municipality).rating_shown_from)
    standing = ranking.standing(row.room, soon, timetable, rating, _price(row))
    age = ranking.age(row.age_min, row.age_max)
    return {"room": row.room, "soon": soon, "standing": standing, "standing_for_age": standing + age}


def _price(row: Row[Any]) -> int | None:
    return 0 if Registry(row.registry).on_budget else row.price


def shelve_rated(tx: Tx, municipality: int) -> None:
    """From how many ratings on a score counts is another number now (R7.3)."""
    rated = select(program.c.id).where(program.c.municipality == municipality, program.c.rating_count > 0)
    programs = [row.id for row in tx.rows(rated)]
    for at in range(0, len(programs), AT_ONCE):
        shelve(tx, programs[at : at + AT_ONCE])


def count_room(tx: Tx, group_id: int, room: bool) -> None:
    """A group's last seat was taken, or it has one again; whoever says so holds its row."""
    points = case((shelf.c.soon, ranking.SEATS), else_=ranking.LATER) * (1 if room else -1)
    its = select(module.c.program).join(group, group.c.module == module.c.id).where(group.c.id == group_id)
    here = shelf.c.program == its.scalar_subquery(), shelf.c.group == group_id, shelf.c.room != room
    standing = {name: shelf.c[name] + points for name in ("standing", "standing_for_age")}
    tx.sql(shelf.update().where(*here).values(room=room, **standing))


NEAR = ~shelf.c.soon, shelf.c.start <= bindparam("soon", type_=Integer)
DRAWN_NEAR = select(shelf.c.program).where(shelf.c.municipality == PLACE, *NEAR).distinct()
"""Programs with a group that is not far away any more."""


def _soon(_tx: Tx, municipality: int, today: date) -> Given:
    return {"place": municipality, "soon": (today + timedelta(ranking.SOON)).toordinal()}


daily = Job("groups_draw_near", those(DRAWN_NEAR, _soon), lambda tx, ids, _municipality, _today: shelve(tx, ids))


def day_bit(weekday: int) -> int:
    """1 = Monday … 7."""
    return 1 << weekday
