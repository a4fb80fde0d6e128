"""Many enrollments end at once: a certificate frozen or revoked, a provider closed (R2.12, R2.7, R6.13)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from bot.domain.enrollment import OPEN, EnrollmentState
from bot.storage.enrollment_steps import give_notice, refuse
from bot.storage.schema import certificate, enrollment, program
from bot.storage.seats import held, lock_groups, whole, words
from bot.storage.tx import Tx

S = EnrollmentState


def refuse_open(tx: Tx, certificate_id: int, reason: str) -> int:
    """All that a certificate has requested and not concluded is refused, its money returned (R2.12); how many."""
    mine = certificate.c.id == certificate_id, enrollment.c.state.in_(words(OPEN))
    found = holding(tx, *mine)
    for row in found:
        tx.tell(refuse(tx, row, "municipality", reason))
    return len(found)


def end_running_at_month_end(tx: Tx, certificate_id: int, reason: str, by: str = "municipality") -> int:
    """All running enrollments of a certificate end at month end (R2.7, R6.13, R8.5); how many."""
    mine = certificate.c.id == certificate_id, enrollment.c.state == S.ACTIVE.value, enrollment.c.ends_on.is_(None)
    found = holding(tx, *mine)
    for row in found:
        tx.tell(give_notice(tx, row, by, reason))
    return len(found)


def close_provider(tx: Tx, provider: int, reason: str, municipality: int | None = None) -> int:
    """R6.13: agreement ended (with one municipality), or the provider banned: nothing new, the running ends at month end.

    Returns how many enrollments it concerned.
    """
    theirs = [program.c.provider == provider]
    if municipality is not None:
        theirs.append(certificate.c.municipality == municipality)
    waiting = holding(tx, *theirs, enrollment.c.state.in_(words(OPEN)))
    for row in waiting:
        tx.tell(refuse(tx, row, "municipality", reason))
    running = holding(tx, *theirs, enrollment.c.state == S.ACTIVE.value, enrollment.c.ends_on.is_(None))
    for row in running:
        tx.tell(give_notice(tx, row, "municipality", reason))
    return len(waiting) + len(running)


def holding(tx: Tx, *where: Any, given: Mapping[str, Any] | None = None) -> list[Row[Any]]:
    """The enrollments that meet all of `where`, whose parameters are `given`, each held; all groups are locked first, in one order."""
    found = tx.rows(whole().where(*where).order_by(enrollment.c.group, enrollment.c.id), given)
    lock_groups(tx, *{row.group for row in found})
    still = enrollment.c.id.in_([row.id for row in found])
    kept = tx.rows(whole().where(*where, still).order_by(enrollment.c.id), given)
    return [held(tx, row.id) for row in kept]
