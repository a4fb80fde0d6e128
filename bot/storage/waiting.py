"""What a family does about a waiting list: join, take what is offered, skip it, leave (R6.11); and what the staff sees of it."""

from datetime import timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from bot.domain.enrollment import EnrollmentState, Reason
from bot.domain.enrollment_facts import Requested
from bot.domain.enrollment_refusals import NotNow
from bot.domain.messages import Actor, Command, Fact, NotYours, Query, Refusal
from bot.domain.waiting import (
    MENDABLE,
    InLine,
    LeaveWaitingList,
    ListWaiting,
    OfferIsOver,
    PlaceNotTaken,
    PlaceSkipped,
    SeatIsFree,
    SkipPlace,
    StrikeFromList,
    TakePlace,
    ToWaitFor,
    WaitForPlace,
    Waitlisted,
    WeighWaiting,
    not_taken,
)
from bot.storage.enrollment_reading import group_seen
from bot.storage.enrollment_staff import by
from bot.storage.first_request import convert_and_gate
from bot.storage.gate import gate, terms, use
from bot.storage.ledger import reserve
from bot.storage.schema import certificate, child, enrollment, group, module, program
from bot.storage.schema import provider as providers
from bot.storage.seats import become, enter, find, held, left, on_hold, rights, staff, whole
from bot.storage.tx import Doer, Reader, Tx
from bot.storage.waiting_queue import ahead, join_line, leave, place_in_line, waiting_go_first

S = EnrollmentState


def join(tx: Tx, command: WaitForPlace, me: Actor) -> Fact:
    """R6.11: the whole gate but for seat and money; those who wait already are offered what is free first."""
    if rights(tx, me, command.child) not in ("full", "self"):
        return NotYours()
    waiting_go_first(tx, command.group)
    answer = gate(tx, command.child, command.group, waiting=True)
    if isinstance(answer, Refusal):
        return answer
    target = tx.sql(_groups().where(group.c.id == command.group)).one()
    if target.taken < target.seats:
        return SeatIsFree(target.program, command.child, command.group)
    nothing = dict.fromkeys(("price", "first", "other", "parent_first", "parent_other", "months"), 0)
    made = enter(
        tx,
        seat=False,
        child=command.child,
        certificate=answer.certificate,
        group=command.group,
        module=answer.module,
        state=S.WAITLISTED.value,
        by="guardian",
        requested_by=me.person,
        place=join_line(tx, command.group),
        **nothing,
    )
    use(tx, answer)
    return Waitlisted(command.child, made, ahead(tx, command.group))


def take(tx: Tx, command: TakePlace, me: Actor) -> Fact:
    """R6.11: through the whole gate into a request. What no other look would mend costs the offer, the place is kept once."""
    row = mine(tx, command.enrollment, me, S.OFFERED)
    if isinstance(row, Refusal):
        return row
    if row.offer_until <= tx.now:
        return OfferIsOver(row.id)
    wish = {"seen": command.seen, "pays": command.pays, "all_the_same": command.all_the_same, "instead_of": row.id}
    offer = convert_and_gate(tx, row.child, row.group, command.start, me.person, **wish)
    if isinstance(offer, MENDABLE):
        return offer
    if isinstance(offer, Refusal):
        return PlaceNotTaken(row.child, row.id, offer, _pass_on(tx, row) == S.WAITLISTED)
    policy = tx.policy(offer.municipality)
    needs_yes = rights(tx, me, row.child) == "self" and policy.child_requests_need_guardian
    until = tx.today(offer.municipality) + timedelta(days=policy.request_days)
    taken = {"until": until, "needs_yes": needs_yes, "requested_by": me.person or row.requested_by}
    become(tx, row, S.REQUESTED, offer_until=None, **taken, **terms(offer))
    reserve(tx, row.id)
    use(tx, offer)
    row = held(tx, row.id)
    return Requested(row.child, row.id, on_hold(tx, row.id), left(tx, row), until, needs_yes)


def skip(tx: Tx, command: SkipPlace, me: Actor) -> Fact:
    """Once the place is kept; whoever skips again leaves the list."""
    row = mine(tx, command.enrollment, me, S.OFFERED)
    if isinstance(row, Refusal):
        return row
    if not_taken(row.skipped) == S.LEFT:
        return leave(tx, row, "guardian", Reason.NOT_TAKEN.value)
    _pass_on(tx, row)
    return PlaceSkipped(row.child, row.id, place_in_line(tx, tx.sql(whole().where(enrollment.c.id == row.id)).one()))


def leave_list(tx: Tx, command: LeaveWaitingList, me: Actor) -> Fact:
    """At any time; a seat that was offered goes to the next family."""
    row = mine(tx, command.enrollment, me, S.WAITLISTED, S.OFFERED)
    return row if isinstance(row, Refusal) else leave(tx, row, "guardian", "")


def strike(tx: Tx, command: StrikeFromList, me: Actor) -> Fact:
    """The staff takes a family off the list."""
    before = find(tx, command.enrollment)
    if before is None or not staff(me, before):
        return NotYours()
    row = held(tx, command.enrollment)
    if row.state not in (S.WAITLISTED, S.OFFERED):
        return NotNow(row.id, EnrollmentState(row.state))
    return leave(tx, row, by(me), command.reason)


def mine(tx: Tx, enrollment_id: int, me: Actor, *states: EnrollmentState) -> Row[Any] | Refusal:
    """The enrollment, locked, if it is in one of these states and `me` may answer for the child; or why not.

    A child of 14 and more answers for what it joined itself (R1.3).
    """
    before = find(tx, enrollment_id)
    may = rights(tx, me, before.child) if before is not None else ""
    if before is None or not (may == "full" or (may == "self" and before.requested_by == me.person)):
        return NotYours()
    row = held(tx, enrollment_id)
    return row if row.state in states else NotNow(row.id, EnrollmentState(row.state))


def _pass_on(tx: Tx, row: Row[Any]) -> EnrollmentState:
    """The offered seat goes on; the place in the list is kept once."""
    state = not_taken(row.skipped)
    reason = Reason.NOT_TAKEN.value if state == S.LEFT else None
    values = {"skipped": row.skipped + 1, "skipped_at": tx.now, "offer_until": None}
    become(tx, row, state, reason=reason, ended_by="system" if reason else None, **values)
    return state


# --- what is seen -----------------------------------------------------------------------------------------------------


def weigh(tx: Tx, query: WeighWaiting, me: Actor) -> ToWaitFor | Refusal:
    """The gate without seat and money, looked through."""
    if rights(tx, me, query.child) not in ("full", "self"):
        return NotYours()
    answer = gate(tx, query.child, query.group, waiting=True, locked=False)
    if isinstance(answer, Refusal):
        return answer
    target = tx.sql(_groups().where(group.c.id == query.group)).one()
    before = ahead(tx, query.group)
    if target.taken < target.seats and not before:
        return SeatIsFree(target.program, query.child, query.group)
    return ToWaitFor(
        tx.value(select(child.c.first_name).where(child.c.id == query.child)) or "",
        target.program_name,
        target.provider_name,
        group_seen(tx, query.group),
        before,
        tx.policy(answer.municipality).offer_hours,
    )


def _groups() -> Any:
    return (
        select(
            group,
            program.c.id.label("program"),
            program.c.name.label("program_name"),
            providers.c.name.label("provider_name"),
        )
        .join(module, module.c.id == group.c.module)
        .join(program, program.c.id == module.c.program)
        .join(providers, providers.c.id == program.c.provider)
    )


def list_waiting(tx: Tx, query: ListWaiting, me: Actor) -> tuple[InLine, ...]:
    """The lists of my groups, each in its order; whoever is offered a seat stands first."""
    theirs: dict[str, Any] = {
        "provider": program.c.provider == me.provider,
        "operator": certificate.c.municipality == me.municipality,
        "system": True,
    }
    if me.role not in theirs:
        return ()
    rows = tx.rows(
        whole(
            certificate.c.number,
            child.c.first_name,
            child.c.surname,
            program.c.name.label("program_name"),
            group.c.name.label("group_name"),
        )
        .join(child, child.c.id == enrollment.c.child)
        .where(
            theirs[me.role],
            enrollment.c.state.in_([S.WAITLISTED.value, S.OFFERED.value]),
            *([enrollment.c.group == query.group] if query.group else []),
        )
        .order_by(enrollment.c.group, enrollment.c.place)
    )
    return tuple(
        InLine(
            row.id,
            row.group,
            row.program_name,
            row.group_name,
            row.number or "",
            " ".join(part for part in (row.surname, row.first_name) if part),
            place,
            row.offer_until.astimezone(ZoneInfo(tx.zone(row.municipality))) if row.offer_until else None,
            bool(row.skipped),
        )
        for _group_id, line in groupby(rows, key=lambda row: int(row.group))
        for place, row in enumerate(sorted(line, key=lambda row: (row.state == S.WAITLISTED, row.place)), 1)
    )


READERS: dict[type[Query[Any]], Reader] = {WeighWaiting: weigh, ListWaiting: list_waiting}
DOERS: dict[type[Command], Doer] = {
    WaitForPlace: join,
    TakePlace: take,
    SkipPlace: skip,
    LeaveWaitingList: leave_list,
    StrikeFromList: strike,
}
