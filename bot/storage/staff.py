"""The staff's accounts. Passwords arrive hashed and leave as hashes: hashing takes its time and is done outside transactions."""

import re
from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.domain.staff import (
    LOGIN,
    AddStaff,
    DisableStaff,
    ListStaff,
    SetPassword,
    SetSecondFactor,
    SignedOutEverywhere,
    SignOutEverywhere,
    StaffAdded,
    StaffChanged,
    StaffRole,
    StaffSeen,
    WrongStaff,
)
from bot.storage.schema import municipality, provider, staff, staff_session
from bot.storage.tx import Doer, Reader, Tx


def accounts() -> Select[Any]:
    """Accounts with the name of what each works for, and when it was last seen."""
    seen = select(func.max(staff_session.c.seen_at)).where(staff_session.c.staff == staff.c.id).scalar_subquery()
    place = func.coalesce(provider.c.name, municipality.c.name, "")
    homes = staff.outerjoin(municipality, municipality.c.id == staff.c.municipality)
    return select(staff, place.label("place"), seen.label("seen_at")).select_from(
        homes.outerjoin(provider, provider.c.id == staff.c.provider)
    )


def account(row: Row[Any]) -> StaffSeen:
    """A row of `accounts`."""
    return StaffSeen(
        row.id,
        row.login,
        row.name,
        StaffRole(row.role),
        row.municipality or 0,
        row.provider or 0,
        row.place,
        second_factor=row.second_factor is not None,
        disabled=row.disabled_at is not None,
        seen_at=row.seen_at,
    )


def list_staff(tx: Tx, query: ListStaff, me: Actor) -> tuple[StaffSeen, ...]:
    """By login. Words are looked for here: SQL's lower case knows no Cyrillic."""
    if not _manages(me):
        return ()
    words = query.words.casefold()
    found = (account(row) for row in tx.rows(accounts().order_by(staff.c.login)))
    return tuple(each for each in found if words in f"{each.login}\n{each.name}\n{each.place}".casefold())


def add_staff(tx: Tx, command: AddStaff, me: Actor) -> Fact:
    """An operator belongs to a municipality, a provider's member of staff to a provider, an administrator to neither."""
    if not _manages(me):
        return NotYours()
    for wrong in _wrong(tx, command):
        return WrongStaff(wrong)
    new = tx.insert(
        staff,
        login=command.login,
        name=command.name.strip(),
        role=command.role.value,
        municipality=command.municipality or None,
        provider=command.provider or None,
        password_hash=command.password_hash,
        created_at=tx.now,
    )
    return StaffAdded(new)


def _wrong(tx: Tx, command: AddStaff) -> list[str]:
    homes = {"municipality": (municipality, StaffRole.OPERATOR), "provider": (provider, StaffRole.PROVIDER)}
    wrong = ["login"] if not re.fullmatch(LOGIN, command.login) else []
    if not 1 <= len(command.name.strip()) <= 100:
        wrong.append("name")
    for field, (table, role) in homes.items():
        number = getattr(command, field)
        there = bool(number) and tx.value(select(table.c.id).where(table.c.id == number)) is not None
        if there != (command.role is role):
            wrong.append(field)
    if tx.value(select(staff.c.id).where(staff.c.login == command.login)) is not None:
        wrong.append("taken")
    return wrong


def set_password(tx: Tx, command: SetPassword, me: Actor) -> Fact:
    """Whoever else was signed in with the old one is signed out."""
    if not _may(tx, command.staff, me):
        return NotYours()
    _change(tx, command.staff, password_hash=command.password_hash)
    end_sessions(tx, command.staff, keep=command.keep)
    return StaffChanged(command.staff)


def set_second_factor(tx: Tx, command: SetSecondFactor, me: Actor) -> Fact:
    """One's own, to set or to take off; the administrator may only take it off (a telephone was lost)."""
    if not _may(tx, command.staff, me) or (command.secret and command.staff != me.staff):
        return NotYours()
    secret = tx.keys.encrypt(command.secret) if command.secret else None
    _change(tx, command.staff, second_factor=secret, last_step=0)
    return StaffChanged(command.staff)


def disable_staff(tx: Tx, command: DisableStaff, me: Actor) -> Fact:
    """Nobody locks themselves out."""
    if not _manages(me) or command.staff == me.staff or not _may(tx, command.staff, me):
        return NotYours()
    _change(tx, command.staff, disabled_at=tx.now if command.disabled else None)
    end_sessions(tx, command.staff)
    return StaffChanged(command.staff)


def sign_out_everywhere(tx: Tx, command: SignOutEverywhere, me: Actor) -> Fact:
    """One's own sessions, or by the administrator somebody's."""
    if not _may(tx, command.staff, me):
        return NotYours()
    return SignedOutEverywhere(command.staff, end_sessions(tx, command.staff))


def end_sessions(tx: Tx, number: int, keep: str = "") -> int:
    """All of an account but the one with the print `keep`; how many there were."""
    return tx.sql(staff_session.delete().where(staff_session.c.staff == number, staff_session.c.print != keep)).rowcount


def _manages(me: Actor) -> bool:
    return me.role in ("administrator", "system")


def _may(tx: Tx, number: int, me: Actor) -> bool:
    there = tx.value(select(staff.c.id).where(staff.c.id == number)) is not None
    return there and (_manages(me) or (me.staff == number and number > 0))


def _change(tx: Tx, number: int, **values: Any) -> None:
    tx.sql(staff.update().where(staff.c.id == number).values(**values))


READERS: dict[type[Query[Any]], Reader] = {ListStaff: list_staff}
DOERS: dict[type[Command], Doer] = {
    AddStaff: add_staff,
    SetPassword: set_password,
    SetSecondFactor: set_second_factor,
    DisableStaff: disable_staff,
    SignOutEverywhere: sign_out_everywhere,
}
