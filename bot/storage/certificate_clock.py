"""What the calendar does with certificates each local day (R2.4, R2.7, R2.13, R8.5). Each step may be repeated: it finds no more."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, exists, select

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
from bot.storage.certificate_conversion import become_accounting, fill_places
from bot.storage.certificate_rows import NO_MORE, change, locked, settle
from bot.storage.desk import Tx
from bot.storage.enrollment_ends import end_running_at_month_end, refuse_open
from bot.storage.schema import account, certificate, enrollment

S = CertificateState
LEFT_OVER = {S.CLOSED_AGE: Why.AGE, S.REVOKED: Why.REVOCATION, S.FROZEN: Why.FREEZE}
"""Why what is left on a certificate goes back; from an active accounting one because it carries no money (R2.3)."""


def daily(tx: Tx, municipality: int, today: date) -> None:
    """A municipality's day; overdue decisions need no step: the operator's list compares their clock with today."""
    close_unvisited(tx, municipality, today)
    close_grown_up(tx, municipality, today)
    settle_ended(tx, municipality)
    if tx.policy(municipality).unused_days:
        convert_unused(tx, municipality, today)
    fill_places(tx, municipality)


def close_unvisited(tx: Tx, municipality: int, today: date) -> None:
    """Originals were not shown in time: rejected, with the way back (R2.7, R2.9)."""
    for row in _those(tx, municipality, certificate.c.state == S.AWAITING_VISIT, certificate.c.visit_by < today):
        change(tx, row.id, state=S.REJECTED.value, reason=Rejection.NO_VISIT.value, reason_words=None)
        tx.tell(ApplicationRejected(row.child, row.id, Rejection.NO_VISIT))


def close_grown_up(tx: Tx, municipality: int, today: date) -> None:
    """From the 18th birthday nothing new; what runs lives to its end, or to month end (PP `on_18`, R8.5)."""
    alive = certificate.c.state.notin_([state.value for state in NO_MORE])
    for row in _those(tx, municipality, alive, certificate.c.valid_until <= today):
        change(tx, row.id, state=S.CLOSED_AGE.value, queue_place=None)
        refuse_open(tx, row.id, Reason.EIGHTEEN)
        if tx.policy(municipality).on_18 == "month_end":
            end_running_at_month_end(tx, row.id, Reason.EIGHTEEN)
        settle(tx, row.id, Why.AGE)
        tx.tell(CertificateClosed(row.child, row.id))


def settle_ended(tx: Tx, municipality: int) -> None:
    """What certificates that carry no money any more still have, or got back, goes to the budget once nothing runs on them."""
    has_money = exists().where(
        account.c.kind == "certificate", account.c.owner == certificate.c.id, account.c.balance > 0
    )
    spending = (certificate.c.state == S.ACTIVE.value) & (certificate.c.kind == CertificateKind.FUNDED.value)
    for row in _those(tx, municipality, ~spending, has_money):
        settle(tx, row.id, LEFT_OVER.get(S(row.state), Why.CONVERSION))


def convert_unused(tx: Tx, municipality: int, today: date) -> None:
    """R2.13: funded and not used for so many days becomes accounting, at least 7 days (PP) after the warning."""
    policy = tx.policy(municipality)
    funded = (certificate.c.kind == CertificateKind.FUNDED, certificate.c.state == S.ACTIVE)
    used = exists().where(
        enrollment.c.certificate == certificate.c.id, enrollment.c.state.in_([state.value for state in LIVING])
    )
    fresh = used | certificate.c.used_on.is_(None)
    touched = certificate.update().where(certificate.c.municipality == municipality, *funded, fresh)
    tx.sql(touched.values(used_on=today, unused_warned_at=None))
    notice = timedelta(days=policy.unused_warning_days)
    long_ago = today - timedelta(days=policy.unused_days) + notice
    for row in _those(tx, municipality, *funded, ~used, certificate.c.used_on <= long_ago):
        if row.unused_warned_at is None:
            change(tx, row.id, unused_warned_at=tx.now)
            tx.tell(
                UnusedSoon(row.child, row.id, max(row.used_on + timedelta(days=policy.unused_days), today + notice))
            )
        elif _warned_on(tx, row) + notice <= today:
            tx.tell(become_accounting(tx, row, unused=True))


def _warned_on(tx: Tx, row: Row[Any]) -> date:
    return local_date(row.unused_warned_at, tx.zone(row.municipality))


def _those(tx: Tx, municipality: int, *conditions: Any) -> list[Row[Any]]:
    """Certificates of a municipality, each locked."""
    found = tx.rows(
        select(certificate.c.id)
        .where(certificate.c.municipality == municipality, *conditions)
        .order_by(certificate.c.id)
    )
    rows = (locked(tx, each.id) for each in found)
    return [row for row in rows if row is not None]
