"""What waits for a municipality's operator today, counted."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select

from bot.domain.certificate import CertificateState
from bot.domain.certificate_staff import ListAttackedNumbers
from bot.domain.enrollment import EnrollmentState
from bot.domain.messages import Actor, Command, Query
from bot.domain.rating import CommentState
from bot.domain.today import Pile, TodaySeen, Waits, WhatWaits
from bot.storage.certificate_lists import list_attacked
from bot.storage.municipality import production_calendar
from bot.storage.schema import (
    announcement,
    bill,
    certificate,
    dispute,
    enrollment,
    funding_period,
    nominal,
    program,
    rating,
)
from bot.storage.tx import Doer, Reader, Tx

SOON = timedelta(days=45)
"""So long before a year or a period begins it is said that it is not known yet."""


def what_waits(tx: Tx, query: WhatWaits, me: Actor) -> TodaySeen:
    """One small statement a pile."""
    if me.role != "operator":
        return TodaySeen((), 0, None)
    today = tx.today(me.municipality)
    found = [pile for pile in _piles(tx, me, today) if pile.count]
    found.sort(key=lambda each: (not each.late, each.until or date.max))
    year = (today + SOON).year
    unpublished = year if not production_calendar(tx, me.municipality).published(year) else 0
    return TodaySeen(tuple(found), unpublished, _ending(tx, me.municipality, today))


def _piles(tx: Tx, me: Actor, today: date) -> Iterator[Waits]:
    place = me.municipality
    here = certificate.c.municipality == place
    submitted = here, certificate.c.state == CertificateState.SUBMITTED.value
    yield _clocked(tx, Pile.APPLICATIONS, certificate.c.decide_by, today, *submitted)
    yield _counted(tx, Pile.ALIKE, select(certificate.c.id).where(*submitted, certificate.c.held_for.is_not(None)))
    visit = certificate.c.state == CertificateState.AWAITING_VISIT.value
    yield _clocked(tx, Pile.VISITS, certificate.c.visit_by, today, here, visit)
    ours = select(enrollment.c.id).join(certificate, certificate.c.id == enrollment.c.certificate).where(here)
    turns = {
        Pile.REQUESTS: EnrollmentState.REQUESTED,
        Pile.CLAIMS: EnrollmentState.CLAIMED,
        Pile.OFFERS: EnrollmentState.ACCEPTED,
    }
    for pile, state in turns.items():
        yield _counted(tx, pile, ours.where(enrollment.c.state == state.value, enrollment.c.overdue), late=True)
    disputed = ours.join(dispute, dispute.c.enrollment == enrollment.c.id).where(dispute.c.state == "open")
    yield _counted(tx, Pile.DISPUTES, disputed)
    commented = select(rating.c.id).join(program, program.c.id == rating.c.program)
    waiting = rating.c.comment_state == CommentState.WAITING.value
    yield _counted(tx, Pile.COMMENTS, commented.where(waiting, program.c.municipality == place))
    proposed = program.c.municipality == place, program.c.state == "proposed"
    yield _counted(tx, Pile.PROPOSALS, select(program.c.id).where(*proposed))
    yield _counted(tx, Pile.BILLS, select(bill.c.id).where(bill.c.municipality == place, bill.c.state == "sent"))
    yield Waits(Pile.ATTACKED, len(list_attacked(tx, ListAttackedNumbers(place), me)))
    going = announcement.c.municipality == place, announcement.c.state == "going"
    yield _counted(tx, Pile.ANNOUNCEMENTS, select(announcement.c.id).where(*going))


def _clocked(tx: Tx, pile: Pile, clock: Any, today: date, *which: Any) -> Waits:
    late = func.coalesce(func.sum(case((clock < today, 1), else_=0)), 0)
    sums = select(func.count().label("all"), late.label("late"), func.min(clock).label("until"))
    row = tx.sql(sums.where(*which)).one()
    return Waits(pile, row.all, int(row.late), row.until)


def _counted(tx: Tx, pile: Pile, found: Select[Any], late: bool = False) -> Waits:
    count = int(tx.value(select(func.count()).select_from(found.subquery())))
    return Waits(pile, count, count if late else 0)


def _ending(tx: Tx, place: int, today: date) -> date | None:
    """The last day of a period that nothing follows, or nothing with a nominal."""
    table = funding_period
    mine = table.c.municipality == place
    last: date | None = tx.value(
        select(func.max(table.c.stop)).where(mine, table.c.start <= today, table.c.stop >= today)
    )
    if last is None or last > today + SOON:
        return None
    next_one = select(table.c.id).join(nominal, nominal.c.period == table.c.id).where(mine, table.c.start > last)
    return last if tx.value(next_one.limit(1)) is None else None


READERS: dict[type[Query[Any]], Reader] = {WhatWaits: what_waits}
DOERS: dict[type[Command], Doer] = {}
