"""What waits and for how long, providers by rating, and how much of each list of R10.2 a municipality has."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from bot.domain.calendar import local_midnight
from bot.domain.catalogue import Registry
from bot.domain.certificate import CertificateState
from bot.domain.enrollment import EnrollmentState
from bot.domain.messages import Actor
from bot.domain.rating import STARS
from bot.domain.report import (
    WAITING,
    WAITS,
    ProvidersByRating,
    RatedProvider,
    RequestsByState,
    RequestsSeen,
    Undone,
    Waiting,
    Waits,
    WhatIsUndone,
)
from bot.storage.desk import Tx
from bot.storage.report_scope import visible
from bot.storage.schema import certificate, dispute, enrollment, group, lesson, module, program, provider, rating

C, E = CertificateState, EnrollmentState


def requests_by_state(tx: Tx, query: RequestsByState, me: Actor) -> RequestsSeen:
    """What waits now does so whatever the span; of the span are the enrollments that begin in it, or were asked for where none knows when."""
    places = [place.id for place in visible(tx, me, query.municipality)]
    if not places:
        return RequestsSeen((), ())
    zone = tx.zone(places[0])
    start, stop = local_midnight(query.span.start, zone), local_midnight(query.span.stop + timedelta(days=1), zone)
    begins = enrollment.c.start.between(query.span.start, query.span.stop)
    created = enrollment.c.created_at
    asked = and_(enrollment.c.start.is_(None), created >= start, created < stop)
    became = (
        select(enrollment.c.state, func.count().label("number"))
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .where(certificate.c.municipality.in_(places), or_(begins, asked))
        .group_by(enrollment.c.state)
    )
    counted = {EnrollmentState(row.state): int(row.number) for row in tx.rows(became)}
    return RequestsSeen(_waiting(tx, places), tuple((state, counted[state]) for state in E if state in counted))


def _waiting(tx: Tx, places: list[int]) -> tuple[Waits, ...]:
    """In a few statements, whoever waits since when: an applicant since it was sent, or accepted; in a queue since the beginning."""
    today = tx.today(places[0])
    queued = enrollment.c.state == E.WAITLISTED.value
    applying = select(
        certificate.c.state,
        _kind(
            tx,
            case(
                (certificate.c.state == C.SUBMITTED.value, certificate.c.submitted_at), else_=certificate.c.decided_at
            ),
        ),
        case((_late(today), 1), else_=0).label("overdue"),
    ).where(certificate.c.municipality.in_(places), certificate.c.state.in_(_words(CertificateState)))
    enrolling = (
        select(
            enrollment.c.state,
            _kind(tx, case((queued, enrollment.c.created_at), else_=enrollment.c.changed_at)),
            case((enrollment.c.overdue, 1), else_=0).label("overdue"),
        )
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .where(certificate.c.municipality.in_(places), enrollment.c.state.in_(_words(EnrollmentState)))
    )
    by_state: dict[Waiting, Counter[int]] = defaultdict(Counter)
    overdue: Counter[Waiting] = Counter()
    for kind, statement in ((CertificateState, applying), (EnrollmentState, enrolling)):
        each = statement.subquery()
        counts = select(
            each.c.state, each.c.kind, func.count().label("number"), func.sum(each.c.overdue).label("overdue")
        ).group_by(each.c.state, each.c.kind)
        for row in tx.rows(counts):
            by_state[kind(row.state)][row.kind] += int(row.number)
            overdue[kind(row.state)] += int(row.overdue)
    kinds = range(len(WAITS) + 1)
    return tuple(Waits(state, tuple(by_state[state][each] for each in kinds), overdue[state]) for state in WAITING)


def _words(kind: type[CertificateState] | type[EnrollmentState]) -> list[str]:
    return [state.value for state in WAITING if isinstance(state, kind)]


def _kind(tx: Tx, since: ColumnElement[Any]) -> ColumnElement[Any]:
    """Which of the kinds of WAITS a wait is."""
    ends = [(since >= tx.now - timedelta(days=days), number) for number, days in enumerate(WAITS)]
    return case(*ends, else_=len(WAITS)).label("kind")


def _late(today: Any) -> ColumnElement[bool]:
    undecided = and_(certificate.c.state == C.SUBMITTED.value, certificate.c.decide_by < today)
    return or_(undecided, and_(certificate.c.state == C.AWAITING_VISIT.value, certificate.c.visit_by < today))


# --- ratings ----------------------------------------------------------------------------------------------------------


def providers_by_rating(tx: Tx, query: ProvidersByRating, me: Actor) -> tuple[RatedProvider, ...]:
    """R7.4: over the ratings of their programs; all that have a program in the municipality."""
    places = {place.id: place.name for place in visible(tx, me, query.municipality)}
    given = and_(rating.c.program == program.c.id, rating.c.state == "given")
    rows = tx.rows(
        select(
            provider.c.id,
            provider.c.name,
            program.c.municipality,
            rating.c.stars,
            func.count(rating.c.id).label("number"),
        )
        .join(program, program.c.provider == provider.c.id)
        .outerjoin(rating, given)
        .where(program.c.municipality.in_(places))
        .group_by(provider.c.id, provider.c.name, program.c.municipality, rating.c.stars)
    )
    stars: dict[tuple[int, str, int], Counter[int]] = defaultdict(Counter)
    for row in rows:
        stars[row.id, row.name, row.municipality][row.stars or 0] += row.number
    found = [
        RatedProvider(number, name, places[place], tuple(counted[each] for each in STARS))
        for (number, name, place), counted in stars.items()
    ]
    return tuple(sorted(found, key=lambda each: (-(each.score or 0), -each.count, each.name, each.id)))


# --- what is left undone ----------------------------------------------------------------------------------------------


def what_is_undone(tx: Tx, query: WhatIsUndone, me: Actor) -> tuple[Undone, ...]:
    """A count a list and municipality, in one statement."""
    places = visible(tx, me, query.municipality)
    here = certificate.c.municipality.in_([place.id for place in places])
    mine = certificate.c.municipality.label("place")
    by_enrollment = select(mine).select_from(enrollment).join(certificate, certificate.c.id == enrollment.c.certificate)
    late = _any_of((certificate.c.municipality == place.id) & _late(tx.today(place.id)) for place in places)
    priced = select(module.c.id).where(module.c.program == program.c.id, module.c.price.is_not(None)).exists()
    on_budget = program.c.registry.in_([each.value for each in Registry if each.on_budget])
    running = select(group.c.id).join(module, module.c.id == group.c.module).join(lesson, lesson.c.group == group.c.id)
    timed = running.where(module.c.program == program.c.id, group.c.state == "active").exists()
    lists = {
        "applications": select(mine).where(here, certificate.c.state == C.SUBMITTED.value, late),
        "unvisited": select(mine).where(here, certificate.c.state == C.AWAITING_VISIT.value),
        "requests": by_enrollment.where(here, enrollment.c.overdue),
        "disputes": by_enrollment.join(dispute, dispute.c.enrollment == enrollment.c.id).where(
            here, dispute.c.state == "open"
        ),
        "programs": select(program.c.municipality.label("place")).where(
            program.c.municipality.in_([place.id for place in places]),
            program.c.state == "active",
            or_(and_(~priced, ~on_budget), ~timed),
        ),
    }
    found: Counter[tuple[int, str]] = Counter()
    for name, statement in lists.items():
        each = statement.subquery()
        for row in tx.rows(select(each.c.place, func.count().label("number")).group_by(each.c.place)):
            found[row.place, name] = int(row.number)
    return tuple(Undone(place, *(found[place.id, name] for name in lists)) for place in places)


def _any_of(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(false(), *conditions)
