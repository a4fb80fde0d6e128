"""Renewals as they are answered (R6.12): by the family, or by the staff who have it on paper; and how all of them stand."""

from typing import Any

from sqlalchemy import Row, Select, and_, select

from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_refusals import NotNow
from bot.domain.messages import Actor, Command, Fact, NotYours, Query, Refusal
from bot.domain.money import ZERO
from bot.domain.renewal import (
    AcceptRenewal,
    DeclineRenewal,
    GoingOn,
    ListRenewals,
    NoNextPeriod,
    NothingToContinue,
    OneRenewal,
    RenewalConcluded,
    RenewalDeclined,
    RenewalSeen,
)
from bot.storage.enrollment_reading import group_seen
from bot.storage.enrollment_staff import by
from bot.storage.first_request import convert_and_gate, try_gate
from bot.storage.gate import Offer, terms, use
from bot.storage.ledger import reserve
from bot.storage.renewal_run import could_go_on, going_on, next_period
from bot.storage.schema import certificate, child, enrollment, funding_period, group, program
from bot.storage.schema import provider as providers
from bot.storage.seats import become, decides, find, held, left, on_hold, rights, staff, whole
from bot.storage.tx import Doer, Reader, Tx

S = EnrollmentState


# --- the family's -----------------------------------------------------------------------------------------------------


def accept(tx: Tx, command: AcceptRenewal, me: Actor) -> Fact:
    """A yes is the acceptance of the provider's offer: concluded at once, the next period's money set aside (R5.1)."""
    row = _to_answer(tx, command.enrollment, me)
    if isinstance(row, Refusal):
        return row
    before = find(tx, row.renews)
    if before is None or before.state != S.ACTIVE or before.ends_on is not None:
        return NothingToContinue(row.id)
    wish = {"seen": command.seen, "pays": command.pays, "renewing": True, "instead_of": row.id}
    offer = convert_and_gate(tx, row.child, row.group, row.start, **wish)
    if isinstance(offer, Refusal):
        return offer
    today = tx.today(row.municipality)
    become(tx, row, S.ACTIVE, concluded_on=today, requested_by=me.person or None, **terms(offer))
    reserve(tx, row.id)
    use(tx, offer)
    row = held(tx, row.id)
    return RenewalConcluded(row.child, row.id, row.start, on_hold(tx, row.id), left(tx, row))


def decline(tx: Tx, command: DeclineRenewal, me: Actor) -> Fact:
    """No renewal: the seat is free after the last day."""
    row = _to_answer(tx, command.enrollment, me)
    if isinstance(row, Refusal):
        return row
    whose = "guardian" if me.role == "person" else by(me)
    become(tx, row, S.LEFT, ended_by=whose, reason=command.reason or None)
    return RenewalDeclined(row.child, row.id, whose, command.reason)


def _to_answer(tx: Tx, enrollment_id: int, me: Actor) -> Row[Any] | Refusal:
    before = find(tx, enrollment_id)
    if before is None or not (decides(tx, me, before) or staff(me, before)):
        return NotYours()
    row = held(tx, enrollment_id)
    in_time = row.state == S.RENEWAL_OFFERED and tx.today(row.municipality) <= row.until
    return row if in_time else NotNow(row.id, EnrollmentState(row.state))


def one(tx: Tx, query: OneRenewal, me: Actor) -> RenewalSeen | None:
    """The gate looked through, the co-payment taken for granted: it is confirmed apart (R6.4)."""
    row = tx.row(
        _named(providers.c.name.label("provider_name"))
        .join(providers, providers.c.id == program.c.provider)
        .where(enrollment.c.id == query.enrollment, enrollment.c.state == S.RENEWAL_OFFERED.value)
    )
    may = rights(tx, me, row.child) if row is not None else ""
    if row is None or not may:
        return None
    answer = try_gate(tx, row.child, row.group, row.start, renewing=True, instead_of=row.id)
    offer = answer if isinstance(answer, Offer) else None
    return RenewalSeen(
        id=row.id,
        child_name=row.first_name or "",
        program=row.program,
        program_name=row.program_name,
        provider=row.provider_name,
        group=group_seen(tx, row.group),
        start=row.start,
        stop=row.stop,
        until=row.until,
        decides=may == "full",
        quote=offer.quote if offer else None,
        left=offer.balance - offer.quote.certificate.total if offer else ZERO,
        refusal=answer if isinstance(answer, Refusal) else None,
    )


# --- the staff's ------------------------------------------------------------------------------------------------------


def list_renewals(tx: Tx, query: ListRenewals, me: Actor) -> tuple[GoingOn, ...]:
    """Whoever could go on: what was offered and how it stands, or why nothing can be offered now."""
    theirs: dict[str, Any] = {
        "provider": program.c.provider == me.provider,
        "operator": certificate.c.municipality == me.municipality,
        "system": True,
    }
    if me.role not in theirs:
        return ()
    renewal = enrollment.alias("renewal")
    its = and_(renewal.c.renews == enrollment.c.id, renewal.c.group == enrollment.c.group)
    rows = tx.rows(
        _named(
            certificate.c.number,
            child.c.surname,
            group.c.name.label("group_name"),
            renewal.c.id.label("renewal"),
            renewal.c.state.label("renewal_state"),
            renewal.c.until.label("renewal_until"),
        )
        .join(funding_period, funding_period.c.id == enrollment.c.period)
        .outerjoin(renewal, its)
        .where(theirs[me.role], funding_period.c.state == "open", *going_on(funding_period.c.id))
        .order_by(enrollment.c.group, enrollment.c.id)
        .offset(query.skip)
        .limit(query.most)
    )
    periods: dict[int, tuple[Row[Any], Row[Any] | None]] = {}
    for row in rows:
        if row.period not in periods:
            ending = tx.sql(select(funding_period).where(funding_period.c.id == row.period)).one()
            periods[row.period] = ending, next_period(tx, ending)
    return tuple(_going_on(tx, row, *periods[row.period]) for row in rows)


def _going_on(tx: Tx, row: Row[Any], ending: Row[Any], coming: Row[Any] | None) -> GoingOn:
    why: Refusal | None = None
    if not row.renewal:
        answer = could_go_on(tx, row, coming) if coming is not None else NoNextPeriod(ending.stop)
        why = answer if isinstance(answer, Refusal) else None
    return GoingOn(
        row.id,
        row.number or "",
        " ".join(part for part in (row.surname, row.first_name) if part),
        row.program_name,
        row.group_name,
        row.stop,
        row.renewal or 0,
        row.renewal_state or "",
        row.renewal_until,
        why,
    )


def _named(*more: Any) -> Select[Any]:
    return whole(child.c.first_name, program.c.name.label("program_name"), *more).join(
        child, child.c.id == enrollment.c.child
    )


READERS: dict[type[Query[Any]], Reader] = {OneRenewal: one, ListRenewals: list_renewals}
DOERS: dict[type[Command], Doer] = {AcceptRenewal: accept, DeclineRenewal: decline}
