"""What the calendar does with certificates each local day (R2.4, R2.7, R2.13, R8.5). Each step may be repeated: it finds no more."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Row, and_, bindparam, exists, false, func, not_, or_, select

from bot.domain.calendar import local_date
from bot.domain.certificate import (
    ApplicationRejected,
    CertificateClosed,
    CertificateKind,
    CertificateState,
    Rejection,
    UnusedSoon,
)
from bot.domain.enrollment import LIVING, Reason
from bot.domain.ledger import Why
from bot.storage.certificate_conversion import become_accounting, fill_group, queued_groups
from bot.storage.certificate_rows import NO_MORE, change, locked, settle
from bot.storage.enrollment_ends import end_running_at_month_end, refuse_open
from bot.storage.jobs import PLACE, TODAY, Given, Job, When, Which, every_day, those
from bot.storage.schema import account, certificate, enrollment
from bot.storage.tx import Tx
from bot.storage.work import Ids

S = CertificateState
LEFT_OVER = {S.CLOSED_AGE: Why.AGE, S.REVOKED: Why.REVOCATION, S.FROZEN: Why.FREEZE}
"""Why what is left on a certificate goes back; from an active accounting one because it carries no money (R2.3)."""


def each(name: str, which: Which, act: Callable[[Tx, Row[Any], date], None], when: When = every_day) -> Job:
    """A job that does the same to each certificate that meets the conditions, which is locked meanwhile."""
    found = select(certificate.c.id).where(certificate.c.municipality == PLACE, *which)

    def does(tx: Tx, ids: Ids, municipality: int, today: date) -> None:
        if (given := when(tx, municipality, today)) is None:
            return
        again = found.where(certificate.c.id.in_(ids)).order_by(certificate.c.id)
        for number in tx.sql(again, given).scalars().all():
            if (row := locked(tx, number)) is not None:
                act(tx, row, today)

    return Job(name, those(found, when), does)


UNVISITED = certificate.c.state == S.AWAITING_VISIT, certificate.c.visit_by < TODAY


def _reject(tx: Tx, row: Row[Any], _today: date) -> None:
    """Originals were not shown in time: rejected, with the way back (R2.7, R2.9)."""
    change(tx, row.id, state=S.REJECTED.value, reason=Rejection.NO_VISIT.value, reason_words=None)
    tx.tell(ApplicationRejected(row.child, row.id, Rejection.NO_VISIT))


ALIVE = certificate.c.state.notin_([state.value for state in NO_MORE])
GROWN_UP = ALIVE, certificate.c.valid_until <= TODAY


def _close(tx: Tx, row: Row[Any], _today: date) -> None:
    """From the 18th birthday nothing new; what runs lives to its end, or to month end (PP `on_18`, R8.5)."""
    change(tx, row.id, state=S.CLOSED_AGE.value, queue_place=None)
    refuse_open(tx, row.id, Reason.EIGHTEEN)
    if tx.policy(row.municipality).on_18 == "month_end":
        end_running_at_month_end(tx, row.id, Reason.EIGHTEEN)
    settle(tx, row.id, Why.AGE)
    tx.tell(CertificateClosed(row.child, row.id))


SPENDING = (certificate.c.state == S.ACTIVE.value) & (certificate.c.kind == CertificateKind.FUNDED.value)
HAS_MONEY = exists().where(account.c.kind == "certificate", account.c.owner == certificate.c.id, account.c.balance > 0)


def _settle(tx: Tx, row: Row[Any], _today: date) -> None:
    """What a certificate that carries no money any more still has, or got back, goes to the budget once nothing runs on it."""
    settle(tx, row.id, LEFT_OVER.get(S(row.state), Why.CONVERSION))


FUNDED = certificate.c.kind == CertificateKind.FUNDED, certificate.c.state == S.ACTIVE
USED = exists().where(
    enrollment.c.certificate == certificate.c.id, enrollment.c.state.in_([state.value for state in LIVING])
)


NOTED = certificate.c.used_on == TODAY, certificate.c.unused_warned_at.is_(None)
IN_USE = *FUNDED, or_(USED, certificate.c.used_on.is_(None)), not_(func.coalesce(and_(*NOTED), false()))
"""R2.13: those whose use is to be noted."""
UNUSED = *FUNDED, ~USED, certificate.c.used_on <= bindparam("long_ago", type_=Date)


def _looks(tx: Tx, municipality: int, today: date) -> Given | None:
    """None where nothing is converted for want of use (PP)."""
    policy = tx.policy(municipality)
    if not policy.unused_days:
        return None
    long_ago = today - timedelta(days=policy.unused_days - policy.unused_warning_days)
    return {**every_day(tx, municipality, today), "long_ago": long_ago}


def _note_use(tx: Tx, row: Row[Any], today: date) -> None:
    change(tx, row.id, used_on=today, unused_warned_at=None)


def _convert(tx: Tx, row: Row[Any], today: date) -> None:
    """R2.13: funded and not used for so many days becomes accounting, at least 7 days (PP) after the warning."""
    policy = tx.policy(row.municipality)
    notice = timedelta(days=policy.unused_warning_days)
    if row.unused_warned_at is None:
        change(tx, row.id, unused_warned_at=tx.now)
        ends = max(row.used_on + timedelta(days=policy.unused_days), today + notice)
        tx.tell(UnusedSoon(row.child, row.id, ends))
    elif _warned_on(tx, row) + notice <= today:
        tx.tell(become_accounting(tx, row, unused=True))


def _warned_on(tx: Tx, row: Row[Any]) -> date:
    return local_date(row.unused_warned_at, tx.zone(row.municipality))


def _fill(tx: Tx, ids: Ids, municipality: int, _today: date) -> None:
    for group in ids:
        fill_group(tx, municipality, group)


JOBS = (
    each("close_unvisited", UNVISITED, _reject),
    each("close_grown_up", GROWN_UP, _close),
    each("settle_ended", (~SPENDING, HAS_MONEY), _settle),
    each("note_use", IN_USE, _note_use, _looks),
    each("convert_unused", UNUSED, _convert, _looks),
    Job("fill_places", those(queued_groups(PLACE)), _fill),
)
"""A municipality's day; overdue decisions need no step: the operator's list compares their clock with today."""


def daily(tx: Tx, municipality: int, today: date) -> None:
    """The jobs at once."""
    for job in JOBS:
        job(tx, municipality, today)
