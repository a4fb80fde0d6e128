"""Renewals by the calendar (R6.12): offered to who learns in a group that goes on, reminded of, lapsing at the deadline.

The runs (runs.py) find whom it concerns and call `offer_all`, `remind_all` and `lapse_all` in chunks.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, exists, or_, select

from bot.domain.enrollment import EnrollmentState, Reason
from bot.domain.gate_refusals import PeriodNotOpen
from bot.domain.messages import Refusal
from bot.domain.renewal import REMINDED_DAYS, RenewalLapsed, RenewalOffered, RenewalReminded, window
from bot.storage.enrollment_ends import holding
from bot.storage.gate import Offer, gate, terms
from bot.storage.municipality import production_calendar
from bot.storage.schema import certificate, dispute, enrollment, funding_period, group, module, program
from bot.storage.seats import become, enter
from bot.storage.tx import Tx

S = EnrollmentState
renewed = enrollment.alias("renewed")


def going_on(period: Any) -> tuple[Any, ...]:
    """Running enrollments of a period whose group goes on after it. Joined: group, program, funding_period."""
    disputed = exists().where(dispute.c.enrollment == enrollment.c.id, dispute.c.state == "open")
    return (
        enrollment.c.period == period,
        enrollment.c.state == S.ACTIVE.value,
        enrollment.c.ends_on.is_(None),
        group.c.stop > funding_period.c.stop,
        group.c.state == "active",
        program.c.state == "active",
        ~disputed,
    )


def to_offer(municipality: int, period: int) -> Select[tuple[int]]:
    """Those who have not been offered a renewal in their group; after a switch it is offered anew (R6.9)."""
    renewal = enrollment.alias("renewal")
    offered = exists().where(renewal.c.renews == enrollment.c.id, renewal.c.group == enrollment.c.group)
    return (
        select(enrollment.c.id)
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .join(group, group.c.id == enrollment.c.group)
        .join(module, module.c.id == enrollment.c.module)
        .join(program, program.c.id == module.c.program)
        .join(funding_period, funding_period.c.id == enrollment.c.period)
        .where(certificate.c.municipality == municipality, *going_on(period), ~offered)
    )


def to_remind(period: int, day: date) -> Select[tuple[int]]:
    """Those whose deadline is near."""
    return _unanswered(period).where(enrollment.c.until == day + timedelta(days=REMINDED_DAYS))


def to_lapse(period: int, day: date) -> Select[tuple[int]]:
    """Those whose deadline is over, or that continue nothing any more: it ends, or goes on in another group."""
    nothing = or_(
        renewed.c.state != S.ACTIVE.value, renewed.c.ends_on.is_not(None), renewed.c.group != enrollment.c.group
    )
    return _unanswered(period).where(or_(enrollment.c.until < day, nothing))


def _unanswered(period: int) -> Select[tuple[int]]:
    return (
        select(enrollment.c.id)
        .join(renewed, renewed.c.id == enrollment.c.renews)
        .where(enrollment.c.state == S.RENEWAL_OFFERED.value, renewed.c.period == period)
    )


def offer_all(tx: Tx, ids: Sequence[int], period: int) -> None:
    """Offer a renewal to each of these running enrollments of a period that can go on."""
    ending = tx.sql(select(funding_period).where(funding_period.c.id == period)).one()
    coming = next_period(tx, ending)
    if coming is None:
        return
    until = window(ending.stop, tx.policy(ending.municipality), production_calendar(tx, ending.municipality)).deadline
    for row in holding(
        tx, enrollment.c.id.in_(ids), enrollment.c.state == S.ACTIVE.value, enrollment.c.ends_on.is_(None)
    ):
        offer = could_go_on(tx, row, coming)
        if isinstance(offer, Refusal):
            continue
        made = enter(
            tx,
            seat=not row.holds_seat,  # one child, one seat: it passes on with the last day (R6.1)
            child=row.child,
            certificate=row.certificate,
            group=row.group,
            module=row.module,
            state=S.RENEWAL_OFFERED.value,
            by="guardian",
            until=until,
            renews=row.id,
            chain=row.chain or row.id,
            **terms(offer),
        )
        tx.tell(RenewalOffered(row.child, made, until))


def could_go_on(tx: Tx, row: Row[Any], coming: Row[Any]) -> Refusal | Offer:
    """The gate of a renewal before anybody has answered: no age, no seat, no money; but money must have been given."""
    offer = gate(tx, row.child, row.group, coming.start, renewing=True, waiting=True, instead_of=row.id, locked=False)
    if isinstance(offer, Offer) and not offer.free_of_charge and coming.state != "open":
        return PeriodNotOpen(coming.start)
    return offer


def remind_all(tx: Tx, ids: Sequence[int]) -> None:
    """No answer yet."""
    waiting = enrollment.c.id.in_(ids), enrollment.c.state == S.RENEWAL_OFFERED.value
    for row in tx.rows(select(enrollment).where(*waiting).order_by(enrollment.c.id)):
        tx.tell(RenewalReminded(row.child, row.id, row.until))


def lapse_all(tx: Tx, ids: Sequence[int]) -> None:
    """Nobody answered in time, which is told; or there is nothing to continue in this group, which the family knows."""
    for row in holding(tx, enrollment.c.id.in_(ids), enrollment.c.state == S.RENEWAL_OFFERED.value):
        silent = row.until < tx.today(row.municipality)
        reason = Reason.NO_ANSWER if silent else Reason.NOT_CONTINUED
        become(tx, row, S.LAPSED, ended_by="system", reason=reason.value)
        if silent:
            tx.tell(RenewalLapsed(row.child, row.id))


def next_period(tx: Tx, ending: Row[Any]) -> Row[Any] | None:
    """The first period of the same municipality after this one."""
    theirs = funding_period.c.municipality == ending.municipality, funding_period.c.start > ending.stop
    return tx.row(select(funding_period).where(*theirs).order_by(funding_period.c.start))
