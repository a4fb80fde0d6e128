"""What waits for a provider or a municipality: requests, claims, offers and disputes with their clocks (R6, R10.2)."""

from typing import Any

from sqlalchemy import exists, or_, select

from bot.domain.enrollment import OPEN, EnrollmentState
from bot.domain.enrollment_seen import ListRequests, Waiting
from bot.domain.messages import Actor, Query
from bot.storage.desk import Reader, Tx
from bot.storage.schema import certificate, child, dispute, enrollment, group, program
from bot.storage.seats import whole, words

S = EnrollmentState


def requests(tx: Tx, query: ListRequests, me: Actor) -> tuple[Waiting, ...]:
    """The staff's own, by clock; nobody else sees any."""
    theirs: dict[str, Any] = {
        "provider": program.c.provider == me.provider,
        "operator": certificate.c.municipality == me.municipality,
        "system": True,
    }
    if me.role not in theirs:
        return ()
    in_dispute = exists(select(dispute.c.id).where(dispute.c.enrollment == enrollment.c.id, dispute.c.state == "open"))
    if query.running:
        wanted: Any = enrollment.c.state == S.ACTIVE.value
    elif query.overdue:
        wanted = or_(enrollment.c.overdue, in_dispute)
    else:
        wanted = or_(enrollment.c.state.in_(words(OPEN)), in_dispute)
    rows = tx.rows(
        whole(
            certificate.c.number,
            child.c.first_name,
            child.c.surname,
            program.c.name.label("program_name"),
            group.c.name.label("group_name"),
            in_dispute.label("disputed"),
        )
        .join(child, child.c.id == enrollment.c.child)
        .where(theirs[me.role], wanted)
        .order_by(enrollment.c.until, enrollment.c.id)
    )
    return tuple(
        Waiting(
            row.id,
            EnrollmentState(row.state),
            row.number or "",
            " ".join(part for part in (row.surname, row.first_name) if part),
            row.program_name,
            row.group_name,
            row.start,
            row.until,
            row.overdue,
            row.needs_yes,
            row.disputed,
            row.ends_on,
        )
        for row in rows
    )


READERS: dict[type[Query[Any]], Reader] = {ListRequests: requests}
