"""What the staff does with events: publishes them, looks who comes, calls them off."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from bot.domain.calendar import age_on
from bot.domain.event import (
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    AddEvent,
    CallOffEvent,
    EventAdded,
    EventCalledOff,
    EventLost,
    EventWork,
    Guest,
    GuestsOf,
    ListEventWork,
    ReasonForFamilies,
    WrongEvent,
    over,
)
from bot.domain.messages import Actor, Fact, NotYours
from bot.storage.event_rows import event_line, events, local, locked
from bot.storage.people import runs
from bot.storage.schema import child, district, event, event_signup, person, provider
from bot.storage.tx import Tx


def add(tx: Tx, command: AddEvent, me: Actor) -> Fact:
    """By the municipality; or by a provider, whose own event it is then, in its own municipality."""
    if me.role == "provider":
        home = tx.value(select(provider.c.municipality).where(provider.c.id == me.provider)) or 0
        command = replace(command, municipality=home, provider=me.provider)
    if not (runs(me, command.municipality) or (me.role == "provider" and command.municipality)):
        return NotYours()
    zone = ZoneInfo(tx.zone(command.municipality))
    starts = command.starts.replace(tzinfo=zone).astimezone(UTC)
    place = _district(tx, command)
    if what := _wrong(tx, command, starts, place):
        return WrongEvent(what)
    return EventAdded(
        tx.insert(
            event,
            municipality=command.municipality,
            title=command.title.strip(),
            description=command.description.strip(),
            address=command.address.strip(),
            starts_at=starts,
            age_min=command.age_min,
            age_max=command.age_max,
            seats=command.seats,
            district=place,
            provider=command.provider or None,
        )
    )


def _district(tx: Tx, command: AddEvent) -> int | None:
    named = district.c.municipality == command.municipality, district.c.name == command.district.strip()
    found: int | None = tx.value(select(district.c.id).where(*named))
    return found


def _wrong(tx: Tx, command: AddEvent, starts: datetime, place: int | None) -> str:
    """The field that makes no sense, or nothing."""
    if not 0 < len(command.title.strip()) <= LONGEST_TITLE:
        return "title"
    if len(command.description) > LONGEST_DESCRIPTION or len(command.address) > LONGEST_TITLE:
        return "description"
    if starts <= tx.now:
        return "starts"
    if not 0 <= command.age_min <= command.age_max:
        return "ages"
    if command.seats is not None and command.seats < 1:
        return "seats"
    if command.district and place is None:
        return "district"
    known = provider.c.id == command.provider, provider.c.municipality == command.municipality
    if command.provider and tx.value(select(provider.c.id).where(*known)) is None:
        return "provider"
    return ""


def call_off(tx: Tx, command: CallOffEvent, me: Actor) -> Fact:
    """Each signed-up child's family is told; the sign-ups stay, marked by the event."""
    row = locked(tx, command.event)
    if row is None or not _theirs(me, row):
        return NotYours()
    if (refusal := over(row.id, row.starts_at, tx.now, row.state == "cancelled")) is not None:
        return refusal
    reason = command.reason.strip()
    if not reason:
        return ReasonForFamilies(row.id)
    tx.sql(event.update().where(event.c.id == row.id).values(state="cancelled"))
    coming = event_signup.c.event == row.id
    children = [each.child for each in tx.rows(select(event_signup.c.child).where(coming).order_by(event_signup.c.id))]
    tx.tell(*(EventLost(each, row.id, local(tx, row), reason) for each in children))
    return EventCalledOff(row.id, len(children))


def list_work(tx: Tx, query: ListEventWork, me: Actor) -> tuple[EventWork, ...]:
    mine = {"operator": event.c.municipality == me.municipality, "provider": event.c.provider == me.provider}
    if me.role not in mine:
        return ()
    when = event.c.starts_at <= tx.now if query.past else event.c.starts_at > tx.now
    wanted = event.c.id == query.only if query.only else when
    order = event.c.starts_at.desc() if query.past else event.c.starts_at
    found = events().where(mine[me.role], wanted).order_by(order, event.c.id).offset(query.skip).limit(query.most)
    return tuple(
        EventWork(
            event_line(tx, row),
            row.district_name or "",
            row.provider_name or "",
            row.state == "cancelled",
            row.taken,
        )
        for row in tx.rows(found)
    )


def guests_of(tx: Tx, query: GuestsOf, me: Actor) -> tuple[Guest, ...] | None:
    row = tx.row(events().where(event.c.id == query.event))
    if row is None or not _theirs(me, row):
        return None
    day = local(tx, row).date()
    coming = tx.rows(
        select(child.c.first_name, child.c.surname, child.c.birth_date, person.c.phone)
        .join(event_signup, event_signup.c.child == child.c.id)
        .join(person, person.c.id == event_signup.c.person)
        .where(event_signup.c.event == row.id, child.c.deleted_at.is_(None))
        .order_by(event_signup.c.id)
    )
    return tuple(
        Guest(" ".join(filter(None, (each.first_name, each.surname))), age_on(each.birth_date, day), each.phone or "")
        for each in coming
    )


def _theirs(me: Actor, row: Row[Any]) -> bool:
    own = me.role == "provider" and row.provider is not None and row.provider == me.provider
    return own or runs(me, row.municipality)
