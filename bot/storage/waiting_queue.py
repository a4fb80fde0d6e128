"""Free seats go to those who wait, in order (R6.11): each minute, and before anybody new is let through to a group.

So nobody overtakes the list, whatever freed the seat: a withdrawal, a last day, an import, another group, an offer that lapsed.
"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, case, func, or_, select

from bot.domain.certificate import CertificateState
from bot.domain.enrollment import EnrollmentState, Reason
from bot.domain.messages import Refusal
from bot.domain.waiting import LeftWaitingList, PlaceLapsed, PlaceOffered, answer_by
from bot.storage.gate import gate
from bot.storage.jobs import PLACE, TODAY, Job, those
from bot.storage.outbox import allowed_from
from bot.storage.schema import certificate, enrollment, group, program
from bot.storage.schema import provider as providers
from bot.storage.seats import become, lock_groups, whole
from bot.storage.tx import Tx
from bot.storage.work import Ids

S = EnrollmentState
GROUPS_A_MINUTE = 50
"""What a chat never waits for long; the rest has its turn in the next minute."""
NOT_NOW = or_(enrollment.c.skipped_at.is_(None), enrollment.c.skipped_at < group.c.freed_at)
"""Whoever skipped a seat is asked again when the next one frees, not for this one."""


def minutely(tx: Tx) -> None:
    """Offers whose time is up lapse; free seats are offered to whoever is next. Again at once, it finds nothing more."""
    late = enrollment.c.state == S.OFFERED.value, enrollment.c.offer_until <= tx.now
    lapsing = tx.rows(select(enrollment.c.group).where(*late).distinct().limit(GROUPS_A_MINUTE))
    freed = tx.rows(
        select(enrollment.c.group)
        .join(group, group.c.id == enrollment.c.group)
        .where(enrollment.c.state == S.WAITLISTED.value, NOT_NOW, group.c.is_open, group.c.taken < group.c.seats)
        .distinct()
        .limit(GROUPS_A_MINUTE)
    )
    groups = sorted({row.group for row in (*lapsing, *freed)})
    lock_groups(tx, *groups)
    for row in tx.rows(whole().where(*late, enrollment.c.group.in_(groups)).order_by(enrollment.c.id)):
        become(tx, row, S.LAPSED, ended_by="system", reason=Reason.NO_ANSWER.value, offer_until=None)
        tx.tell(PlaceLapsed(row.child, row.id))
    for number in groups:
        _offer(tx, number)


def waiting_go_first(tx: Tx, group_id: int) -> None:
    """Lock the group and offer its free seats to those who wait for it; what is left then is anybody's."""
    lock_groups(tx, group_id)
    _offer(tx, group_id)


def _offer(tx: Tx, group_id: int) -> None:
    """The group is locked. Whoever cannot come now, such as a frozen certificate, is passed over and keeps the place."""
    free = tx.value(select(group.c.seats - group.c.taken).where(group.c.id == group_id))
    if not free or free < 0:
        return
    waits = enrollment.c.group == group_id, enrollment.c.state == S.WAITLISTED.value, NOT_NOW
    for row in tx.rows(whole().where(*waits).order_by(enrollment.c.place)):
        if isinstance(gate(tx, row.child, group_id, waiting=True, instead_of=row.id, locked=False), Refusal):
            continue
        until = answer_by(allowed_from(tx, row.municipality), tx.policy(row.municipality).offer_hours)
        become(tx, row, S.OFFERED, offer_until=until)
        tx.tell(PlaceOffered(row.child, row.id, until.astimezone(ZoneInfo(tx.zone(row.municipality)))))
        free -= 1
        if not free:
            return


def _hopeless(municipality: Any, today: Any) -> Select[Any]:
    """Those who wait for what cannot come, and why: a group that is over, a provider that is closed, a certificate that has ended."""
    why = case(
        (or_(group.c.stop <= today, group.c.state != "active", program.c.state != "active"), Reason.GROUP_OVER.value),
        (providers.c.state != "active", Reason.PROVIDER_CLOSED.value),
        (certificate.c.state == CertificateState.REVOKED.value, Reason.REVOCATION.value),
        (certificate.c.state == CertificateState.CLOSED_AGE.value, Reason.EIGHTEEN.value),
    )
    waits = certificate.c.municipality == municipality, enrollment.c.state == S.WAITLISTED.value
    found = whole(why.label("why")).join(providers, providers.c.id == program.c.provider)
    return found.where(*waits, why.is_not(None))


def _give_up(tx: Tx, ids: Ids, municipality: int, today: date) -> None:
    found = _hopeless(municipality, today).where(enrollment.c.id.in_(ids))
    lock_groups(tx, *{row.group for row in tx.rows(found)})
    for row in tx.rows(found.order_by(enrollment.c.id)):
        tx.tell(leave(tx, row, "system", row.why))


daily = Job("give_up_waiting", those(_hopeless(PLACE, TODAY).with_only_columns(enrollment.c.id)), _give_up)


def leave(tx: Tx, row: Row[Any], by: str, reason: str) -> LeftWaitingList:
    """Out of the list, whether a seat was offered or not. The group is locked."""
    become(tx, row, S.LEFT, ended_by=by, reason=reason or None, offer_until=None)
    return LeftWaitingList(row.child, row.id, by, reason)


def join_line(tx: Tx, group_id: int) -> int:
    """The order number of whoever comes last. The group is locked."""
    last = tx.value(select(func.max(enrollment.c.place)).where(enrollment.c.group == group_id))
    return int(last or 0) + 1


def place_in_line(tx: Tx, row: Row[Any]) -> int:
    """1 for the next one; 0 for whoever does not wait."""
    if row.state != S.WAITLISTED:
        return 0
    return 1 + ahead(tx, row.group, enrollment.c.place < row.place)


def ahead(tx: Tx, group_id: int, *where: Any) -> int:
    """How many wait for a group."""
    waits = enrollment.c.group == group_id, enrollment.c.state == S.WAITLISTED.value
    return int(tx.value(select(func.count()).select_from(enrollment).where(*waits, *where)))
