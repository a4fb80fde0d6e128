"""Links to a family's calendar: the table keeps only keyed prints, so nobody can read a link out of it."""

from typing import Any

from sqlalchemy import select

from bot.domain.calendar import local_date
from bot.domain.calendar_link import (
    CalendarLinkCut,
    CalendarLinkMade,
    CalendarLinkSeen,
    CutCalendarLink,
    MakeCalendarLink,
    MyCalendarLink,
    NoAddress,
)
from bot.domain.family import MyChildren
from bot.domain.messages import Actor, Command, Fact, NotYours, Query, person
from bot.storage.schema import calendar_link, setting
from bot.storage.schema import person as persons
from bot.storage.tx import Doer, Reader, Tx
from bot.storage.week import week_file

PUBLIC_URL = "public_url"
"""The setting that the service writes at its start; empty without an address."""
BYTES = 24


def my_link(tx: Tx, query: MyCalendarLink, me: Actor) -> CalendarLinkSeen:
    made = tx.value(select(calendar_link.c.made_at).where(calendar_link.c.person == me.person))
    made_on = local_date(made, tx.zone(me.municipality)) if made else None
    return CalendarLinkSeen(bool(public_url(tx)), made_on, bool(tx.read(MyChildren(), me)))


def make(tx: Tx, command: MakeCalendarLink, me: Actor) -> Fact:
    if me.role != "person" or not tx.read(MyChildren(), me):
        return NotYours()
    address = public_url(tx)
    if not address:
        return NoAddress()
    tx.sql(select(persons.c.id).where(persons.c.id == me.person).with_for_update())
    token = tx.token(BYTES)
    tx.sql(calendar_link.delete().where(calendar_link.c.person == me.person))
    tx.insert(calendar_link, person=me.person, print=_print(tx, token), made_at=tx.now)
    return CalendarLinkMade(me.person, f"{address}/calendar/{token}.ics")


def cut(tx: Tx, command: CutCalendarLink, me: Actor) -> Fact:
    tx.sql(calendar_link.delete().where(calendar_link.c.person == me.person))
    return CalendarLinkCut(me.person)


def one_link(tx: Tx, newcomer: int, owner: int) -> None:
    """Two people become one: the owner's link stays. A newcomer's shows nothing, as they have no children."""
    if tx.value(select(calendar_link.c.id).where(calendar_link.c.person == owner)):
        tx.sql(calendar_link.delete().where(calendar_link.c.person == newcomer))


def linked_week(tx: Tx, token: str) -> str | None:
    """What the link of this token shows now; None for one that was never made, or was cut."""
    owner = tx.row(
        select(persons.c.id, persons.c.municipality)
        .join(calendar_link, calendar_link.c.person == persons.c.id)
        .where(calendar_link.c.print == _print(tx, token), persons.c.deleted_at.is_(None))
    )
    return None if owner is None else week_file(tx, person(owner.id, owner.municipality or 0), always=True)


def _print(tx: Tx, token: str) -> str:
    return tx.keys.print(f"calendar:{token}")


def public_url(tx: Tx) -> str:
    """The service's address on the Internet, without a slash at its end; empty without one."""
    return tx.value(select(setting.c.value).where(setting.c.name == PUBLIC_URL)) or ""


READERS: dict[type[Query[Any]], Reader] = {MyCalendarLink: my_link}
DOERS: dict[type[Command], Doer] = {MakeCalendarLink: make, CutCalendarLink: cut}
