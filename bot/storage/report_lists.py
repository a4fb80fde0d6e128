"""What waits and for how long, providers by rating, and how much of each list of R10.2 a municipality has."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from bot.domain.calendar import local_midnight
from bot.domain.catalogue import Registry
from bot.domain.certificate import CertificateState
from bot.domain.enrollment import EnrollmentState
from bot.domain.messages import Actor
from bot.domain.municipality import Place
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
from bot.storage.report_scope import visible
from bot.storage.schema import certificate, dispute, enrollment, group, lesson, module, program, provider, rating
from bot.storage.tx import Tx

C, E = CertificateState, EnrollmentState


def requests_by_state(tx: Tx, query: RequestsByState, me: Actor) -> RequestsSeen:
    """What waits now does so whatever the span; of the span are the enrollments that begin in it, or were asked for where none knows when."""
    places = visible(tx, me, query.municipality)
    if not places:
        return RequestsSeen()
    zone = tx.zone(places[0].id)
    start, stop = local_midnight(query.span.start, zone), local_midnight(query.span.stop + timedelta(days=1), zone)
    begins = enrollment.c.start.between(query.span.start, query.span.stop)
    created = enrollment.c.created_at
    asked = and_(enrollment.c.start.is_(None), created >= start, created < stop)
    became = (
        select(enrollment.c.state, func.count().label("number"))
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .where(certificate.c.municipality.in_([place.id for place in places]), or_(begins, asked))
        .group_by(enrollment.c.state)
    )
    counted = {EnrollmentState(row.state): int(row.number) for row in tx.rows(became)}
    waiting, by_place = _waiting(tx, places)
    return RequestsSeen(waiting, by_place, tuple((state, counted[state]) for state in E if state in counted))


def _waiting(tx: Tx, places: Sequence[Place]) -> tuple[tuple[Waits, ...], tuple[Waits, ...]]:
    """By state and by municipality, whoever waits since when: an applicant since it was sent, or accepted; in a queue since the beginning."""
    ids, submitted = [place.id for place in places], certificate.c.state == C.SUBMITTED.value
    applying = select(
        certificate.c.municipality,
        certificate.c.state,
        _kind(tx, case((submitted, certificate.c.submitted_at), else_=certificate.c.decided_at)),
        case((_late_here(tx, places), 1), else_=0).label("overdue"),
    ).where(certificate.c.municipality.in_(ids), certificate.c.state.in_(_words(CertificateState)))
    queued = enrollment.c.state == E.WAITLISTED.value
    enrolling = (
        select(
            certificate.c.municipality,
            enrollment.c.state,
            _kind(tx, case((queued, enrollment.c.created_at), else_=enrollment.c.changed_at)),
            case((enrollment.c.overdue, 1), else_=0).label("overdue"),
        )
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .where(certificate.c.municipality.in_(ids), enrollment.c.state.in_(_words(EnrollmentState)))
    )
    days: dict[Waiting | int, Counter[int]] = defaultdict(Counter)
    overdue: Counter[Waiting | int] = Counter()
    for states, statement in ((CertificateState, applying), (EnrollmentState, enrolling)):
        each = statement.subquery()
        which = each.c.municipality, each.c.state, each.c.kind
        counts = func.count().label("number"), func.sum(each.c.overdue).label("overdue")
        for row in tx.rows(select(*which, *counts).group_by(*which)):
            for of in (states(row.state), row.municipality):
                days[of][row.kind] += int(row.number)
                overdue[of] += int(row.overdue)

    def waits(of: Waiting | Place) -> Waits:
        key = of.id if isinstance(of, Place) else of
        return Waits(of, tuple(days[key][kind] for kind in range(len(WAITS) + 1)), overdue[key])

    return tuple(map(waits, WAITING)), tuple(map(waits, places))


def _words(kind: type[CertificateState] | type[EnrollmentState]) -> list[str]:
    return [state.value for state in WAITING if isinstance(state, kind)]


def _kind(tx: Tx, since: ColumnElement[Any]) -> ColumnElement[Any]:
    """Which of the kinds of WAITS a wait is."""
    ends = [(since >= tx.now - timedelta(days=days), number) for number, days in enumerate(WAITS)]
    return case(*ends, else_=len(WAITS)).label("kind")


def _late_here(tx: Tx, places: Sequence[Place]) -> ColumnElement[bool]:
    """An application past its clock, on each municipality's own day."""
    undecided, unvisited = (certificate.c.state == state.value for state in (C.SUBMITTED, C.AWAITING_VISIT))
    days = [(certificate.c.municipality == place.id, tx.today(place.id)) for place in places]
    late = [
        and_(
            here, or_(and_(undecided, certificate.c.decide_by < today), and_(unvisited, certificate.c.visit_by < today))
        )
        for here, today in days
    ]
    return or_(false(), *late)


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
    """A statement a list."""
    places = visible(tx, me, query.municipality)
    here = certificate.c.municipality.in_([place.id for place in places])
    mine = certificate.c.municipality.label("place")
    by_enrollment = select(mine).select_from(enrollment).join(certificate, certificate.c.id == enrollment.c.certificate)
    priced = select(module.c.id).where(module.c.program == program.c.id, module.c.price.is_not(None)).exists()
    on_budget = program.c.registry.in_([each.value for each in Registry if each.on_budget])
    running = select(group.c.id).join(module, module.c.id == group.c.module).join(lesson, lesson.c.group == group.c.id)
    timed = running.where(module.c.program == program.c.id, group.c.state == "active").exists()
    lists = {
        "applications": select(mine).where(here, certificate.c.state == C.SUBMITTED.value, _late_here(tx, places)),
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
