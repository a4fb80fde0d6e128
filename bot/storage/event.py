"""Events: what is coming, who of my children comes, the reminder on the day before."""

from datetime import UTC, date
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from bot.domain.calendar import DAY, local_midnight
from bot.domain.event import (
    A_PAGE,
    AddEvent,
    CalendarFile,
    CallOffEvent,
    CancelSignup,
    ChildForEvent,
    ChildrenForEvent,
    EventCard,
    EventIsFull,
    EventPlace,
    EventPlaces,
    EventsFound,
    EventTomorrow,
    FindEvents,
    GuestsOf,
    ListEventWork,
    MySignups,
    NotSignedUp,
    OneEvent,
    OneSignup,
    SignedUp,
    SignedUpAlready,
    SignUp,
    SignupCancelled,
    SignupLine,
    SignupSeen,
    fits,
    over,
)
from bot.domain.family import Rights
from bot.domain.messages import Actor, Command, Fact, NotYours, Query, Refusal
from bot.storage.event_rows import event_line, events, local, locked
from bot.storage.event_staff import add, call_off, guests_of, list_work
from bot.storage.family import child_row, rights_of
from bot.storage.jobs import PLACE, Given, Job, those
from bot.storage.schema import Instant, child, district, event, event_signup, guardianship
from bot.storage.tx import Doer, Reader, Tx
from bot.storage.work import Ids

DECIDING = (Rights.FULL, Rights.SELF)
"""Who signs a child up: no money moves, so the child may do it in its own chat (R1.3); the guardians are told."""


# --- finding ----------------------------------------------------------------------------------------------------------


def find(tx: Tx, query: FindEvents, me: Actor) -> EventsFound:
    wanted = [event.c.municipality == me.municipality, event.c.state == "planned", event.c.starts_at > tx.now]
    if query.district:
        wanted.append(event.c.district == query.district)
    if query.age:
        wanted += [event.c.age_min <= query.age, event.c.age_max >= query.age]
    total = int(tx.value(select(func.count()).select_from(event).where(*wanted)))
    pages = -(-total // A_PAGE)
    page = max(min(query.page, pages - 1), 0)
    in_order = events().where(*wanted).order_by(event.c.starts_at, event.c.id)
    place = tx.value(select(district.c.name).where(district.c.id == query.district)) if query.district else None
    rows = tx.rows(in_order.limit(A_PAGE).offset(page * A_PAGE))
    return EventsFound(total, page, pages, tuple(event_line(tx, row) for row in rows), place or "")


def places(tx: Tx, query: EventPlaces, me: Actor) -> tuple[EventPlace, ...]:
    coming = event.c.municipality == me.municipality, event.c.state == "planned", event.c.starts_at > tx.now
    here = select(event.c.district).where(*coming)
    rows = tx.rows(select(district.c.id, district.c.name).where(district.c.id.in_(here)).order_by(district.c.name))
    return tuple(EventPlace(row.id, row.name) for row in rows)


def one(tx: Tx, query: OneEvent, me: Actor) -> EventCard | None:
    row = tx.row(events().where(event.c.id == query.event))
    return None if row is None else _card(tx, row)


def _card(tx: Tx, row: Row[Any]) -> EventCard:
    return EventCard(event_line(tx, row), row.description, row.address, row.provider_name or "", _over(tx, row))


def _over(tx: Tx, row: Row[Any]) -> Refusal | None:
    return over(row.id, row.starts_at, tx.now, row.state == "cancelled")


def calendar_file(tx: Tx, query: CalendarFile, me: Actor) -> str:
    """One VEVENT without an end: when it is over, nobody has said (RFC 5545, 3.6.1 allows it). It names no child."""
    row = tx.row(events().where(event.c.id == query.event))
    if row is None:
        return ""
    from icalendar import Calendar  # a fifteenth of the start, for what few ask for
    from icalendar import Event as CalendarEvent

    entry = CalendarEvent()
    entry.add("uid", f"event-{row.id}@kruzhok")
    entry.add("dtstamp", tx.now)
    entry.add("dtstart", row.starts_at.astimezone(UTC))
    entry.add("summary", row.title)
    for name, value in (("location", _where(row)), ("description", row.description)):
        if value:
            entry.add(name, value)
    entry.add("status", "CANCELLED" if row.state == "cancelled" else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Kruzhok//Events//RU")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written.decode()


def _where(row: Row[Any]) -> str:
    return ", ".join(filter(None, (row.district_name, row.address)))


# --- a family's -------------------------------------------------------------------------------------------------------


def children(tx: Tx, query: ChildrenForEvent, me: Actor) -> tuple[ChildForEvent, ...]:
    row = tx.row(events().where(event.c.id == query.event))
    if row is None:
        return ()
    mine = tx.rows(
        select(child)
        .join(guardianship, guardianship.c.child == child.c.id)
        .where(
            guardianship.c.person == me.person,
            guardianship.c.rights.in_([rights.value for rights in DECIDING]),
            child.c.deleted_at.is_(None),
        )
        .order_by(guardianship.c.id)
    )
    signed_up = set(_signed_up(tx, row.id))
    return tuple(
        ChildForEvent(
            each.id,
            each.first_name or "",
            SignedUpAlready(row.id, each.id) if each.id in signed_up else _fits(tx, row, each.birth_date),
        )
        for each in mine
    )


def _signed_up(tx: Tx, number: int) -> list[int]:
    return [row.child for row in tx.rows(select(event_signup.c.child).where(event_signup.c.event == number))]


def _fits(tx: Tx, row: Row[Any], born: date) -> Refusal | None:
    return fits(row.id, born, local(tx, row).date(), row.age_min, row.age_max)


def one_signup(tx: Tx, query: OneSignup, me: Actor) -> SignupSeen | None:
    rights = rights_of(tx, me.person, query.child)
    row = tx.row(events().where(event.c.id == query.event))
    if row is None or rights is None or query.child not in _signed_up(tx, row.id):
        return None
    name = tx.value(select(child.c.first_name).where(child.c.id == query.child)) or ""
    card = _card(tx, row)
    return SignupSeen(query.child, name, card, rights in DECIDING and card.why_not is None)


def my_signups(tx: Tx, query: MySignups, me: Actor) -> tuple[SignupLine, ...]:
    rows = tx.rows(
        events(event_signup.c.child, child.c.first_name)
        .join(event_signup, event_signup.c.event == event.c.id)
        .join(child, child.c.id == event_signup.c.child)
        .join(guardianship, guardianship.c.child == child.c.id)
        .where(guardianship.c.person == me.person, child.c.deleted_at.is_(None), event.c.starts_at > tx.now)
        .order_by(event.c.starts_at, event_signup.c.id)
    )
    return tuple(
        SignupLine(row.id, row.child, row.first_name or "", row.title, local(tx, row), row.state == "cancelled")
        for row in rows
    )


def sign_up(tx: Tx, command: SignUp, me: Actor) -> Fact:
    """The event's row is held while its seats are counted: the last one goes to one child."""
    row = locked(tx, command.event)
    if row is None or not _decides(tx, me, command.child):
        return NotYours()
    if (refusal := _over(tx, row)) is not None:
        return refusal
    signed_up = _signed_up(tx, row.id)
    if command.child in signed_up:
        return SignedUpAlready(row.id, command.child)
    whose = child_row(tx, command.child)
    assert whose is not None
    if (refusal := _fits(tx, row, whose.birth_date)) is not None:
        return refusal
    if row.seats is not None and len(signed_up) >= row.seats:
        return EventIsFull(row.id)
    tx.insert(event_signup, event=row.id, child=command.child, person=me.person, at=tx.now)
    return SignedUp(command.child, row.id, local(tx, row))


def cancel_signup(tx: Tx, command: CancelSignup, me: Actor) -> Fact:
    row = locked(tx, command.event)
    if row is None or not _decides(tx, me, command.child):
        return NotYours()
    if command.child not in _signed_up(tx, row.id):
        return NotSignedUp(row.id)
    if (refusal := _over(tx, row)) is not None:
        return refusal
    theirs = event_signup.c.event == row.id, event_signup.c.child == command.child
    tx.sql(event_signup.delete().where(*theirs))
    return SignupCancelled(command.child, row.id)


def _decides(tx: Tx, me: Actor, number: int) -> bool:
    return me.role == "person" and rights_of(tx, me.person, number) in DECIDING


# --- the day before ---------------------------------------------------------------------------------------------------


TOMORROW = (
    events(event_signup.c.id.label("signup"), event_signup.c.child)
    .join(event_signup, event_signup.c.event == event.c.id)
    .where(
        event.c.municipality == PLACE,
        event.c.state == "planned",
        event.c.starts_at >= bindparam("begins", type_=Instant),
        event.c.starts_at < bindparam("ends", type_=Instant),
        event.c.starts_at > bindparam("now", type_=Instant),
        event_signup.c.reminded_at.is_(None),
    )
)
"""Sign-ups for tomorrow's events, not reminded of yet; what has begun when a missed day is caught up with is left alone."""


def _tomorrow(tx: Tx, municipality: int, today: date) -> Given:
    zone = tx.zone(municipality)
    begins, ends = local_midnight(today + DAY, zone), local_midnight(today + 2 * DAY, zone)
    return {"place": municipality, "begins": begins, "ends": ends, "now": tx.now}


def _remind(tx: Tx, signups: Ids, municipality: int, today: date) -> None:
    found = TOMORROW.where(event_signup.c.id.in_(signups)).order_by(event_signup.c.id)
    rows = tx.rows(found, _tomorrow(tx, municipality, today))
    for row in rows:
        tx.tell(EventTomorrow(row.child, row.id, local(tx, row)))
    reminded = event_signup.c.id.in_([row.signup for row in rows])
    tx.sql(event_signup.update().where(reminded).values(reminded_at=tx.now))


daily = Job("remind_event", those(TOMORROW.with_only_columns(event_signup.c.id), _tomorrow), _remind)


READERS: dict[type[Query[Any]], Reader] = {
    FindEvents: find,
    EventPlaces: places,
    OneEvent: one,
    CalendarFile: calendar_file,
    ChildrenForEvent: children,
    OneSignup: one_signup,
    MySignups: my_signups,
    ListEventWork: list_work,
    GuestsOf: guests_of,
}
DOERS: dict[type[Command], Doer] = {
    SignUp: sign_up,
    CancelSignup: cancel_signup,
    AddEvent: add,
    CallOffEvent: call_off,
}
