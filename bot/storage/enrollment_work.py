"""What the staff sees of enrollments beyond what waits: rosters, a search, one enrollment's file, the price before a claim."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, or_, select

from bot.domain.application import FullName, folded_name
from bot.domain.calendar import Span
from bot.domain.enrollment import SEATED, EnrollmentState, last_day
from bot.domain.enrollment_refusals import UnknownCertificate
from bot.domain.enrollment_seen import Waiting
from bot.domain.enrollment_work import (
    REACHED,
    Claimable,
    EnrollmentFile,
    FindEnrollments,
    Learner,
    OneForStaff,
    Roster,
    RosterOf,
    WeighClaim,
)
from bot.domain.messages import Actor, NotYours, Query, Refusal
from bot.domain.money import Money
from bot.domain.pricing import Installments
from bot.storage.catalogue_work import part
from bot.storage.enrollment_reading import plan
from bot.storage.gate import gate
from bot.storage.past_timetable import timetables
from bot.storage.people import runs
from bot.storage.schema import (
    cancelled_lessons,
    certificate,
    child,
    dispute,
    enrollment,
    group,
    guardianship,
    person,
    program,
)
from bot.storage.seats import on_hold, staff, whole, words
from bot.storage.tx import Reader, Tx

S = EnrollmentState


def theirs(me: Actor) -> Any | None:
    """The condition that an enrollment is the provider's own, or paid by the operator's municipality; None for others."""
    return {
        "provider": program.c.provider == me.provider,
        "operator": certificate.c.municipality == me.municipality,
    }.get(me.role)


def staff_lines() -> Any:
    """Enrollments with what a line of the staff's lists shows."""
    in_dispute = exists(select(dispute.c.id).where(dispute.c.enrollment == enrollment.c.id, dispute.c.state == "open"))
    return whole(
        certificate.c.number,
        child.c.first_name,
        child.c.surname,
        program.c.name.label("program_name"),
        group.c.name.label("group_name"),
        in_dispute.label("disputed"),
    ).join(child, child.c.id == enrollment.c.child)


def waiting(row: Row[Any]) -> Waiting:
    """A row of `staff_lines` as a line."""
    return Waiting(
        row.id,
        EnrollmentState(row.state),
        row.number or "",
        name_of(row),
        row.program_name,
        row.group_name,
        row.start,
        row.until,
        row.overdue,
        row.needs_yes,
        row.disputed,
        row.ends_on,
    )


def name_of(row: Row[Any]) -> str:
    return " ".join(part for part in (row.surname, row.first_name) if part)


def roster(tx: Tx, query: RosterOf, me: Actor) -> Roster | None:
    row = part(tx, "group", query.group)
    own = row is not None and me.role == "provider" and row.provider == me.provider
    mine = theirs(me)
    if row is None or mine is None or not (own or runs(me, row.municipality)):
        return None
    program_name = tx.value(select(program.c.name).where(program.c.id == row.program))
    seated = mine, enrollment.c.group == row.id, enrollment.c.state.in_(words(SEATED))
    learners = tx.rows(staff_lines().where(*seated).order_by(child.c.surname, child.c.first_name, enrollment.c.id))
    reached = phones(tx, learners)
    return Roster(
        row.id,
        row.name,
        row.program,
        program_name,
        row.provider,
        Span(row.start, row.stop),
        timetables(tx, row.id),
        row.address,
        row.teacher,
        row.seats,
        row.taken,
        tx.today(row.municipality),
        _not_held(tx, row.id),
        tuple(
            Learner(
                each.id,
                name_of(each),
                each.number or "",
                EnrollmentState(each.state),
                each.start,
                each.ends_on or each.stop,
                reached.get(each.id, ""),
            )
            for each in learners
        ),
    )


def _not_held(tx: Tx, group_id: int) -> tuple[date, ...]:
    """Causes that are days of the timetable; others are a provider's words."""
    causes = select(cancelled_lessons.c.cause).join(enrollment, enrollment.c.id == cancelled_lessons.c.enrollment)
    days = set()
    for cause in tx.sql(causes.where(enrollment.c.group == group_id).distinct()).scalars():
        with suppress(ValueError):
            days.add(date.fromisoformat(cause))
    return tuple(sorted(days))


def phones(tx: Tx, rows: Collection[Row[Any]]) -> Mapping[int, str]:
    """Enrollment → a guardian's who decides, whoever asked for the place first; only of children that the provider has taken."""
    taken = [row for row in rows if row.state in REACHED]
    deciding = guardianship.c.rights == "full", person.c.deleted_at.is_(None), person.c.phone.is_not(None)
    theirs = guardianship.c.child.in_({row.child for row in taken})
    found: dict[int, dict[int, str]] = defaultdict(dict)
    joined = select(guardianship.c.child, person.c.id, person.c.phone).join(
        person, person.c.id == guardianship.c.person
    )
    for each in tx.rows(joined.where(theirs, *deciding).order_by(person.c.id)) if taken else ():
        found[each.child][each.id] = each.phone
    return {
        row.id: found[row.child].get(row.requested_by) or next(iter(found[row.child].values()), "") for row in taken
    }


def find(tx: Tx, query: FindEnrollments, me: Actor) -> tuple[Waiting, ...]:
    mine = theirs(me)
    if mine is None:
        return ()
    wanted = [mine, *_named(query.words)]
    if query.state is not None:
        wanted.append(enrollment.c.state == query.state.value)
    if query.group:
        wanted.append(enrollment.c.group == query.group)
    found = staff_lines().where(*wanted).order_by(enrollment.c.id.desc())
    return tuple(waiting(row) for row in tx.rows(found.offset(query.skip).limit(query.most)))


def _named(typed: str) -> list[Any]:
    """Each word is in the child's name, or begins the certificate's number."""
    folded = folded_name(FullName(typed, "")).split()
    return [
        or_(child.c.folded_name.contains(word, autoescape=True), certificate.c.number.startswith(word, autoescape=True))
        for word in folded[:5]
    ]


def one_for_staff(tx: Tx, query: OneForStaff, me: Actor) -> EnrollmentFile | None:
    row = tx.row(staff_lines().where(enrollment.c.id == query.enrollment))
    if row is None or not staff(me, row):
        return None
    today = tx.today(row.municipality)
    running = row.state == S.ACTIVE and row.ends_on is None
    return EnrollmentFile(
        line=waiting(row),
        child=row.child,
        group=row.group,
        program=row.program,
        provider=row.provider,
        stop=row.stop,
        by=row.by,
        ended_by=row.ended_by or "",
        reason=row.reason or "",
        phone=phones(tx, [row]).get(row.id, ""),
        certificate=Installments(Money(row.first), Money(row.other), row.months),
        parent=Installments(Money(row.parent_first), Money(row.parent_other), row.months),
        months=plan(tx, row),
        held=on_hold(tx, row.id),
        last_day=(last_day(today, row.stop) if today >= row.start else row.start) if running else None,
    )


def weigh_claim(tx: Tx, query: WeighClaim, me: Actor) -> Claimable | Refusal:
    """The group is this provider's, the number one of an active certificate: then what the gate says."""
    row = part(tx, "group", query.group)
    own = row is not None and me.role == "provider" and row.provider == me.provider
    if row is None or not (own or runs(me, row.municipality)):
        return NotYours()
    known = certificate.c.number == query.number, certificate.c.state == "active"
    mine = tx.value(select(certificate.c.child).where(*known))
    if mine is None:
        return UnknownCertificate(query.number)
    offer = gate(tx, mine, query.group, query.start, pays=True, locked=False)
    return offer if isinstance(offer, Refusal) else Claimable(offer.start, offer.stop, offer.quote)


READERS: dict[type[Query[Any]], Reader] = {
    RosterOf: roster,
    FindEnrollments: find,
    OneForStaff: one_for_staff,
    WeighClaim: weigh_claim,
}
