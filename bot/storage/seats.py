"""An enrollment's row and the seat that goes with it: `taken` of a group is always the number of its rows that hold one (R6.1).

Locks are taken in one order everywhere: the group's row, then the certificate's account; only then is anything decided.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, or_, select

from bot.domain import ledger as book
from bot.domain.enrollment import LEADS_TO, SEATED, EnrollmentState
from bot.domain.messages import Actor
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.ledger import balance, lock, make_charges_due
from bot.storage.schema import certificate, enrollment, group, guardianship, module, program
from bot.storage.shelf import count_room
from bot.storage.tx import Tx

S = EnrollmentState


def whole(*more: Any) -> Select[Any]:
    """Select enrollments with what every decision needs: the payer's municipality, the program, the provider; and `more`."""
    return (
        select(enrollment, certificate.c.municipality, program.c.id.label("program"), program.c.provider, *more)
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .join(module, module.c.id == enrollment.c.module)
        .join(program, program.c.id == module.c.program)
        .join(group, group.c.id == enrollment.c.group)
    )


def find(tx: Tx, enrollment_id: int) -> Row[Any] | None:
    """An enrollment as it is, nothing locked."""
    return tx.row(whole().where(enrollment.c.id == enrollment_id))


def held(tx: Tx, enrollment_id: int, *groups: int) -> Row[Any]:
    """The enrollment, its group (and others, by id) and its money locked, its charges made due (R5.3)."""
    before = tx.sql(whole().where(enrollment.c.id == enrollment_id)).one()
    lock_groups(tx, before.group, *groups)
    lock_money(tx, before.certificate, before.period)
    make_charges_due(tx, enrollment_id)
    return tx.sql(whole().where(enrollment.c.id == enrollment_id)).one()


def lock_groups(tx: Tx, *groups: int) -> None:
    """Hold the groups' rows, by id, until the end of the transaction."""
    tx.rows(select(group.c.id).where(group.c.id.in_(groups)).order_by(group.c.id).with_for_update())


def lock_money(tx: Tx, certificate_id: int, period: int | None) -> Money:
    """Hold a certificate's money of a period, and say what there is; nothing where there is no period."""
    return lock(tx, book.certificate(certificate_id, period)) if period else ZERO


def left(tx: Tx, row: Row[Any]) -> Money:
    """What the certificate has left to spend in the enrollment's period."""
    return balance(tx, book.certificate(row.certificate, row.period)) if row.period else ZERO


def on_hold(tx: Tx, enrollment_id: int) -> Money:
    """What is put aside for an enrollment."""
    return balance(tx, book.hold(enrollment_id))


def enter(tx: Tx, seat: bool = True, **values: Any) -> int:
    """A new enrollment and its seat; it begins a chain of its own unless it renews another (R7.1). The group is locked."""
    made = tx.insert(enrollment, holds_seat=seat, created_at=tx.now, changed_at=tx.now, **values)
    if not values.get("chain"):
        tx.sql(enrollment.update().where(enrollment.c.id == made).values(chain=made))
    if seat:
        _count(tx, values["group"], +1)
    return made


def become(tx: Tx, row: Row[Any], state: EnrollmentState, **values: Any) -> None:
    """The enrollment in another state; its seat is taken or freed with it. AssertionError where R6 knows no such way."""
    assert state in LEADS_TO[EnrollmentState(row.state)], f"{row.state} does not lead to {state}"
    seat = state in SEATED and (row.holds_seat or not _inherits(tx, row, row.group))
    if seat and not row.holds_seat:
        _count(tx, row.group, +1)
    values = {"holds_seat": seat, "overdue": False, "needs_yes": False, "until": None, **values}
    values["changed_at"] = tx.now
    tx.sql(enrollment.update().where(enrollment.c.id == row.id).values(state=state.value, **values))
    if row.holds_seat and not seat:
        _free(tx, row)


def free_seat(tx: Tx, row: Row[Any]) -> None:
    """The seat of an enrollment whose last day is over, though a dispute keeps it open (R5.8)."""
    if row.holds_seat:
        tx.sql(enrollment.update().where(enrollment.c.id == row.id).values(holds_seat=False))
        _free(tx, row)


def move_seat(tx: Tx, row: Row[Any], to: int) -> None:
    """The same enrollment in another group (R6.9), and the seat that it holds there; both groups are locked.

    One child, one seat (R6.12): a renewal leaves a seat that was still that of what it renews, and takes none where that one sits.
    """
    inherits, heir = _inherits(tx, row, to), _heir(tx, row, to, seated=True)
    values = {"group": to, "holds_seat": not inherits, "changed_at": tx.now}
    tx.sql(enrollment.update().where(enrollment.c.id == row.id).values(values))
    if heir:
        tx.sql(enrollment.update().where(enrollment.c.id == heir).values(holds_seat=False))
    elif not inherits:
        _count(tx, to, +1)
    if row.holds_seat:
        _free(tx, row)


def has_seat(row: Row[Any]) -> ColumnElement[bool]:
    """Whether the child of an enrollment sits in a group already: by what it renews, or by its renewal (R6.12)."""
    kin = or_(enrollment.c.id == row.renews, enrollment.c.renews == row.id)
    return exists().where(enrollment.c.group == group.c.id, enrollment.c.holds_seat, kin).correlate(group)


def _inherits(tx: Tx, row: Row[Any], at: int) -> bool:
    """A renewal whose seat is still held by what it renews: one child, one seat (R6.12)."""
    renewed = enrollment.c.id == row.renews, enrollment.c.group == at, enrollment.c.holds_seat
    return row.renews is not None and tx.value(select(enrollment.c.id).where(*renewed)) is not None


def _heir(tx: Tx, row: Row[Any], at: int, seated: bool) -> int | None:
    """The renewal of an enrollment in a group, if it has, or waits for, the child's seat there."""
    heir = enrollment.c.renews == row.id, enrollment.c.group == at, enrollment.c.state.in_(words(SEATED))
    found: int | None = tx.value(select(enrollment.c.id).where(*heir, enrollment.c.holds_seat.is_(seated)))
    return found


def _free(tx: Tx, row: Row[Any]) -> None:
    """To the renewal that waits for this very seat (R6.12), else to whoever comes."""
    heir = _heir(tx, row, row.group, seated=False)
    if heir:
        tx.sql(enrollment.update().where(enrollment.c.id == heir).values(holds_seat=True))
    else:
        _count(tx, row.group, -1)


def _count(tx: Tx, group_id: int, seats: int) -> None:
    """A seat that frees is news to those who skipped the one before (R6.11)."""
    freed = {"freed_at": tx.now} if seats < 0 else {}
    counted = group.update().where(group.c.id == group_id).values(taken=group.c.taken + seats, **freed)
    now = tx.sql(counted.returning((group.c.seats - group.c.taken).label("free"), group.c.is_open)).one()
    if now.is_open and (now.free > 0) != (now.free + seats > 0):
        count_room(tx, group_id, now.free > 0)


# --- whose it is ------------------------------------------------------------------------------------------------------


def rights(tx: Tx, me: Actor, child: int) -> str:
    """What a person may do about a child: full | read | self, or nothing (R1.3)."""
    where = guardianship.c.person == me.person, guardianship.c.child == child
    return tx.value(select(guardianship.c.rights).where(*where)) or "" if me.role == "person" else ""


def decides(tx: Tx, me: Actor, row: Row[Any]) -> bool:
    """A guardian who decides for the child, or the calendar."""
    return me.role == "system" or rights(tx, me, row.child) == "full"


def staff(me: Actor, row: Row[Any], *roles: str) -> bool:
    """The provider itself, the municipality that pays, or the calendar; `roles` narrows it."""
    mine = {"provider": me.provider == row.provider, "operator": me.municipality == row.municipality, "system": True}
    return (not roles or me.role in roles) and mine.get(me.role, False)


def disputed(tx: Tx, enrollment_id: int) -> bool:
    """The operator is looking into it (R5.8)."""
    table = schema.dispute
    return bool(tx.value(select(table.c.id).where(table.c.enrollment == enrollment_id, table.c.state == "open")))


def words(states: Collection[EnrollmentState]) -> list[str]:
    """States as the database keeps them."""
    return [state.value for state in states]
