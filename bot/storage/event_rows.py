"""An event's row as everybody needs it: with its names and how many come, in its own local time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select

from bot.domain.event import EventLine
from bot.storage.schema import district, event, event_signup, provider
from bot.storage.tx import Tx


def events(*more: Any) -> Select[Any]:
    """Select events with the names of district and provider, the number of sign-ups, and `more`."""
    taken = select(func.count()).where(event_signup.c.event == event.c.id).correlate(event).scalar_subquery()
    return (
        select(
            event,
            district.c.name.label("district_name"),
            provider.c.name.label("provider_name"),
            taken.label("taken"),
            *more,
        )
        .select_from(event)
        .outerjoin(district, district.c.id == event.c.district)
        .outerjoin(provider, provider.c.id == event.c.provider)
    )


def locked(tx: Tx, number: int) -> Row[Any] | None:
    """The event, held until the end of the transaction."""
    tx.sql(select(event.c.id).where(event.c.id == number).with_for_update())
    return tx.row(events().where(event.c.id == number))


def local(tx: Tx, row: Row[Any]) -> datetime:
    """When it starts, in its municipality's zone (R8.1)."""
    starts: datetime = row.starts_at
    return starts.astimezone(ZoneInfo(tx.zone(row.municipality)))


def event_line(tx: Tx, row: Row[Any]) -> EventLine:
    """An event in a list."""
    free = None if row.seats is None else max(row.seats - row.taken, 0)
    place = row.district_name or row.address
    return EventLine(row.id, row.title, local(tx, row), place, row.age_min, row.age_max, free)
