"""What a family does with an enrollment: request, yes, withdrawal, acceptance, notice, another group (R5, R6)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from bot.domain.calendar import Span
from bot.domain.enrollment import (
    ApproveRequest,
    ConcludeOffer,
    EndEnrollment,
    EnrollmentState,
    RequestEnrollment,
    SwitchGroup,
    WithdrawRequest,
    last_day,
)
from bot.domain.enrollment_facts import GroupSwitched, RequestApproved, Requested
from bot.domain.enrollment_refusals import LastDayMoved, NotNow, OtherModule
from bot.domain.gate_refusals import (
    GroupClosed,
    LessonsClash,
    NoFreeSeat,
    OutsideGroupDates,
)
from bot.domain.messages import Actor, Command, Fact, NotYours, Query, Refusal
from bot.storage import claims, dispute, enrollment_lists, enrollment_reading, enrollment_staff, lessons
from bot.storage.enrollment_reading import clashes_after_switch
from bot.storage.enrollment_steps import begin, give_back, give_notice
from bot.storage.first_request import convert_and_gate
from bot.storage.gate import take_place
from bot.storage.schema import enrollment, group
from bot.storage.seats import decides, find, has_seat, held, left, move_seat, on_hold, rights
from bot.storage.tx import Doer, Reader, Tx
from bot.storage.waiting_queue import waiting_go_first

S = EnrollmentState


def request(tx: Tx, command: RequestEnrollment, me: Actor) -> Fact:
    """R5.1, R6.2: through the gate, then the seat and the whole certificate part in one transaction."""
    may = rights(tx, me, command.child)
    if may not in ("full", "self"):
        return NotYours()
    waiting_go_first(tx, command.group)
    wish = {"seen": command.seen, "pays": command.pays, "all_the_same": command.all_the_same}
    offer = convert_and_gate(tx, command.child, command.group, command.start, me.person, **wish)
    if isinstance(offer, Refusal):
        return offer
    policy = tx.policy(offer.municipality)
    needs_yes = may == "self" and policy.child_requests_need_guardian
    answer_by = tx.today(offer.municipality) + timedelta(days=policy.request_days)
    made = take_place(
        tx,
        offer,
        S.REQUESTED,
        by="guardian",
        requested_by=me.person,
        until=answer_by,
        needs_yes=needs_yes,
    )
    row = held(tx, made)
    return Requested(command.child, made, on_hold(tx, made), left(tx, row), answer_by, needs_yes)


def approve(tx: Tx, command: ApproveRequest, me: Actor) -> Fact:
    """R1.3: the guardian's yes; the provider's clock begins."""
    row = mine(tx, command.enrollment, me)
    if isinstance(row, Refusal):
        return row
    if not (row.state == S.REQUESTED and row.needs_yes):
        return NotNow(row.id, EnrollmentState(row.state))
    answer_by = tx.today(row.municipality) + timedelta(days=tx.policy(row.municipality).request_days)
    yes = {"needs_yes": False, "until": answer_by, "overdue": False, "changed_at": tx.now}
    tx.sql(enrollment.update().where(enrollment.c.id == row.id).values(**yes))
    return RequestApproved(row.child, row.id, answer_by)


def withdraw(tx: Tx, command: WithdrawRequest, me: Actor) -> Fact:
    """R5.6: a request or an offer is given back, everything returns; a child may take its own unanswered wish back."""
    row = mine(tx, command.enrollment, me, own_wish=True)
    if isinstance(row, Refusal):
        return row
    before_start = row.state == S.ACTIVE and tx.today(row.municipality) < row.start
    if row.state not in (S.REQUESTED, S.ACCEPTED) and not before_start:
        return NotNow(row.id, EnrollmentState(row.state))
    return give_back(tx, row, "guardian", "")


def conclude(tx: Tx, command: ConcludeOffer, me: Actor) -> Fact:
    """R5.2: the family accepts the offer; the first month is paid on that day or on the start, whichever is later."""
    row = mine(tx, command.enrollment, me)
    return row if isinstance(row, Refusal) else begin(tx, row)


def end(tx: Tx, command: EndEnrollment, me: Actor) -> Fact:
    """R5.5: the family's notice, for the last day that it was shown."""
    row = mine(tx, command.enrollment, me)
    if isinstance(row, Refusal):
        return row
    if row.state != S.ACTIVE:
        return NotNow(row.id, EnrollmentState(row.state))
    last = last_day(tx.today(row.municipality), row.stop)
    if row.ends_on is None and tx.today(row.municipality) >= row.start and last != command.last:
        return LastDayMoved(last)
    return give_notice(tx, row, "guardian", "")


def switch(tx: Tx, command: SwitchGroup, me: Actor) -> Fact:
    """R6.9: another group of the module that has a seat for the child and covers the days that are left; price and money stay."""
    before = find(tx, command.enrollment)
    if before is None or not decides(tx, me, before):
        return NotYours()
    row = held(tx, command.enrollment, command.group)
    over = row.ends_on is not None or (row.stop is not None and tx.today(row.municipality) > row.stop)
    if row.state not in (S.REQUESTED, S.ACCEPTED, S.ACTIVE) or over:
        return NotNow(row.id, EnrollmentState(row.state))
    waiting_go_first(tx, command.group)
    to = tx.row(select(group, has_seat(row).label("has_seat")).where(group.c.id == command.group))
    if to is None or to.module != row.module or to.id == row.group:
        return OtherModule(command.group)
    if not to.is_open or to.state != "active":
        return GroupClosed(to.id)
    days = Span(to.start, to.stop)
    if max(row.start, tx.today(row.municipality)) not in days or row.stop not in days:
        return OutsideGroupDates(to.start, to.stop)
    if to.taken >= to.seats and not to.has_seat:
        return NoFreeSeat(to.id)
    clashing = () if command.all_the_same else clashes_after_switch(tx, row, to)
    if clashing:
        return LessonsClash(tuple(dict.fromkeys(clash.course.enrollment for clash in clashing)))
    move_seat(tx, row, to.id)
    return GroupSwitched(row.child, row.id, to.id)


def mine(tx: Tx, enrollment_id: int, me: Actor, own_wish: bool = False) -> Row[Any] | Refusal:
    """The enrollment, locked and charged up to today, if `me` may decide about it; or why not."""
    before = find(tx, enrollment_id)
    if before is None:
        return NotYours()
    wisher = own_wish and before.needs_yes and rights(tx, me, before.child) == "self"
    return held(tx, enrollment_id) if wisher or decides(tx, me, before) else NotYours()


READERS: dict[type[Query[Any]], Reader] = {
    **enrollment_reading.READERS,
    **enrollment_lists.READERS,
    **dispute.READERS,
}
DOERS: dict[type[Command], Doer] = {
    RequestEnrollment: request,
    ApproveRequest: approve,
    WithdrawRequest: withdraw,
    ConcludeOffer: conclude,
    EndEnrollment: end,
    SwitchGroup: switch,
    **enrollment_staff.DOERS,
    **claims.DOERS,
    **dispute.DOERS,
    **lessons.DOERS,
}
