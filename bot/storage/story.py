"""A child's history as its municipality reads it: the trail, the transfers and the enrollments, put into one order of time."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, exists, select

from bot.domain.application import FullName
from bot.domain.enrollment import LIVING, EnrollmentState
from bot.domain.messages import Actor, Command, Query
from bot.domain.money import Money
from bot.domain.story import EnrollmentsOf, Happening, Learned, Step, Story, StoryOf, Turning
from bot.storage.balances import line_of, movements_of
from bot.storage.family import may_see
from bot.storage.schema import certificate, child, dispute, enrollment, group, program, provider
from bot.storage.seats import whole
from bot.storage.trail import lines_about
from bot.storage.tx import Doer, Reader, Tx


def enrollments_of(tx: Tx, query: EnrollmentsOf, me: Actor) -> tuple[Learned, ...]:
    """Of a child that the operator may see."""
    if me.role == "person" or not may_see(tx, me, query.child):
        return ()
    disputed = exists().where(dispute.c.enrollment == enrollment.c.id, dispute.c.state == "open").label("disputed")
    names = program.c.name.label("program_name"), provider.c.name.label("provider_name"), group.c.name.label("named")
    rows = tx.rows(
        whole(*names, disputed)
        .join(provider, provider.c.id == program.c.provider)
        .where(enrollment.c.child == query.child)
        .order_by(enrollment.c.id.desc())
    )
    return tuple(_learned(tx, row) for row in rows)


def _learned(tx: Tx, row: Row[Any]) -> Learned:
    zone = ZoneInfo(tx.zone(row.municipality))
    rest = max(row.months - 1, 0)
    return Learned(
        row.id,
        row.program_name,
        row.provider_name,
        row.named,
        EnrollmentState(row.state),
        row.by,
        row.start,
        row.stop,
        row.ends_on,
        Money(row.first + row.other * rest),
        Money(row.parent_first + row.parent_other * rest),
        row.ended_by or "",
        row.reason or "",
        bool(row.disputed),
        row.created_at.astimezone(zone),
        row.concluded_on,
        row.changed_at.astimezone(zone),
    )


def story_of(tx: Tx, query: StoryOf, me: Actor) -> Story | None:
    """All of it is read and put in order: a childhood is some hundred lines."""
    if me.role == "person" or not may_see(tx, me, query.child):
        return None
    kid = tx.sql(select(child).where(child.c.id == query.child)).one()
    zone = ZoneInfo(tx.zone(kid.municipality))
    learned = reversed(enrollments_of(tx, EnrollmentsOf(query.child), me))
    happened = [
        *(step for each in learned for step in _steps(each, zone)),
        *(
            Happening(row.at.astimezone(zone), line_of(row, str(zone)))
            for row in tx.rows(movements_of(query.child).order_by("id"))
        ),
        *(Happening(line.at, line) for line in reversed(lines_about(tx, me, query.child))),
    ]
    happened.sort(key=lambda each: each.at)
    happened.reverse()
    until = None if query.most is None else query.skip + query.most
    latest = select(certificate.c.id).where(certificate.c.child == kid.id).order_by(certificate.c.id.desc())
    name = str(FullName(kid.surname or "", kid.first_name or "", kid.patronymic or ""))
    return Story(kid.id, name, tx.value(latest) or 0, tuple(happened[query.skip : until]))


def _steps(learned: Learned, zone: ZoneInfo) -> list[Happening]:
    steps = [Happening(learned.made_at, Step(learned, Turning.MADE))]
    if learned.concluded_on is not None:
        at = datetime.combine(learned.concluded_on, time(), zone)
        steps.append(Happening(max(at, learned.made_at), Step(learned, Turning.CONCLUDED)))
    if learned.state not in LIVING:
        steps.append(Happening(learned.changed_at, Step(learned, Turning.ENDED)))
    return steps


READERS: dict[type[Query[Any]], Reader] = {EnrollmentsOf: enrollments_of, StoryOf: story_of}
DOERS: dict[type[Command], Doer] = {}
