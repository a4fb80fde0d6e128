"""What waits for a provider or a municipality: requests, claims, offers and disputes with their clocks (R6, R10.2)."""

from typing import Any

from sqlalchemy import exists, or_, select, true

from bot.domain.enrollment import OPEN, EnrollmentState
from bot.domain.enrollment_seen import ListRequests, Waiting
from bot.domain.messages import Actor, Query
from bot.storage.enrollment_work import READERS as WORK
from bot.storage.enrollment_work import staff_lines, theirs, waiting
from bot.storage.schema import dispute, enrollment
from bot.storage.seats import words
from bot.storage.tx import Reader, Tx

S = EnrollmentState


def requests(tx: Tx, query: ListRequests, me: Actor) -> tuple[Waiting, ...]:
    """The staff's own, by clock; nobody else sees any."""
    mine = true() if me.role == "system" else theirs(me)
    if mine is None:
        return ()
    in_dispute = exists(select(dispute.c.id).where(dispute.c.enrollment == enrollment.c.id, dispute.c.state == "open"))
    if query.running:
        wanted: Any = enrollment.c.state == S.ACTIVE.value
    elif query.overdue:
        wanted = or_(enrollment.c.overdue, in_dispute)
    else:
        wanted = or_(enrollment.c.state.in_(words(OPEN)), in_dispute)
    found = staff_lines().where(mine, wanted).order_by(enrollment.c.until, enrollment.c.id)
    rows = tx.rows(found.offset(query.skip).limit(query.most))
    return tuple(waiting(row) for row in rows)


READERS: dict[type[Query[Any]], Reader] = {ListRequests: requests, **WORK}
