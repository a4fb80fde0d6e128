"""What the operator sees of applications and certificates: lists, the search, one application with those that it looks like."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select

from bot.domain.application import FullName, folded_name
from bot.domain.calendar import local_date
from bot.domain.certificate import TRIES_ON_NUMBER, CertificateKind, CertificateState, Rejection, number_of
from bot.domain.certificate_staff import (
    ApplicationSeen,
    ApplicationWork,
    CategorySeen,
    CertificateSeen,
    FindCertificate,
    FindCertificates,
    ListApplications,
    ListAttackedNumbers,
    ListCategories,
    ListQueue,
    OneApplication,
    Stage,
)
from bot.domain.messages import Actor
from bot.storage.application import likeness
from bot.storage.certificate_conversion import place_in_queue
from bot.storage.people import runs
from bot.storage.prefix import begins
from bot.storage.schema import (
    certificate,
    certificate_group,
    child,
    consent,
    district,
    municipality,
    person,
    wrong_try,
)
from bot.storage.tx import Tx

S = CertificateState
MOST_WORDS = 4
"""A name has no more parts; each is looked for at the beginning of the others."""


def list_applications(tx: Tx, query: ListApplications, me: Actor) -> tuple[CertificateSeen, ...]:
    """Applications and visits, the nearest clock first."""
    clock = case((certificate.c.state == S.SUBMITTED, certificate.c.decide_by), else_=certificate.c.visit_by)
    states = certificate.c.state
    stages = {
        None: states.in_([S.SUBMITTED.value, S.AWAITING_VISIT.value]),
        Stage.DECIDE: states == S.SUBMITTED.value,
        Stage.VISIT: states == S.AWAITING_VISIT.value,
        Stage.UNVISITED: and_(states == S.REJECTED.value, certificate.c.reason == Rejection.NO_VISIT.value),
    }
    order = certificate.c.decided_at.desc() if query.stage is Stage.UNVISITED else clock
    found = _named().where(_of(query.municipality), stages[query.stage]).order_by(order, certificate.c.id)
    return _seen(tx, query.municipality, me, found.offset(query.skip).limit(query.most))


def list_queue(tx: Tx, query: ListQueue, me: Actor) -> tuple[CertificateSeen, ...]:
    """By category, then by place (R2.4)."""
    waiting = certificate.c.queue_place.is_not(None) & certificate.c.state.in_([S.ACTIVE.value, S.FROZEN.value])
    order = certificate.c.certificate_group, certificate.c.queue_place
    found = _named().where(_of(query.municipality), waiting).order_by(*order)
    return _seen(tx, query.municipality, me, found.offset(query.skip).limit(query.most))


def find(tx: Tx, query: FindCertificate, me: Actor) -> CertificateSeen | None:
    """By its number, else by its id as the lists show it."""
    if not query.number.isascii() or not query.number.isdecimal():
        return None
    numbered = len(query.number) == 10
    it = certificate.c.number == query.number if numbered else certificate.c.id == int(query.number[:18])
    found = _seen(tx, query.municipality, me, _named().where(it, certificate.c.municipality + 0 == query.municipality))
    return found[0] if found else None


def find_all(tx: Tx, query: FindCertificates, me: Actor) -> tuple[CertificateSeen, ...]:
    """A number is looked for as one; other words are parts of a name, in any order, the child's name folded as R2.10 compares it.

    The page's ids are found first, by the index that knows them, so that nothing else of a hundred thousand is put together and sorted.
    «+ 0»: SQLite, which counts nothing beforehand, would begin with everybody of the municipality.
    """
    wanted: list[Any] = [certificate.c.municipality + 0 == me.municipality]
    if query.state is not None:
        wanted.append(certificate.c.state == query.state.value)
    if query.kind is not None:
        wanted.append(certificate.c.kind == query.kind.value)
    kids: list[Any] = [child.c.birth_date == query.born] if query.born is not None else []
    number = number_of(query.words)
    if number is not None:
        wanted.append(certificate.c.number == number)
    elif query.words:
        kids.append(_is_called(tx, folded_name(FullName(query.words, ""))))
    if kids:
        theirs = select(child.c.id, child.c.folded_name).where(*kids).subquery()
        ids = select(certificate.c.id).join(theirs, theirs.c.id == certificate.c.child)
        ids = ids.order_by(theirs.c.folded_name, certificate.c.id)
    else:
        ids = select(certificate.c.id).order_by(certificate.c.id.desc())
    page = list(tx.sql(ids.where(*wanted).offset(query.skip).limit(query.most)).scalars())
    if not page:
        return ()
    seen = _seen(tx, me.municipality, me, _named().where(certificate.c.id.in_(page)))
    return tuple(sorted(seen, key=lambda each: page.index(each.certificate)))


def _is_called(tx: Tx, words: str) -> Any:
    """One of the words begins the name, and so stands in the index; the others are somewhere in it."""
    parts = words.split()[:MOST_WORDS]
    held = {part: child.c.folded_name.contains(part, autoescape=True) for part in parts}
    return or_(
        *(
            and_(begins(tx, child.c.folded_name, part), *(has for other, has in held.items() if other != part))
            for part in parts
        )
    )


def one_application(tx: Tx, query: OneApplication, me: Actor) -> ApplicationWork | None:
    """Of the operator's own municipality; of a like one elsewhere only where it is."""
    seen = _applications(tx, me, [query.certificate])
    if not seen:
        return None
    like_by, others = likeness(tx, seen[0].seen.child)
    places = (
        select(municipality.c.name)
        .join(certificate, certificate.c.municipality == municipality.c.id)
        .where(certificate.c.id.in_(others), municipality.c.id != me.municipality)
        .distinct()
    )
    elsewhere = tuple(tx.sql(places.order_by(municipality.c.name)).scalars()) if others else ()
    return ApplicationWork(seen[0], _applications(tx, me, others), elsewhere, like_by)


def _applications(tx: Tx, me: Actor, numbers: Sequence[int]) -> tuple[ApplicationSeen, ...]:
    if not numbers or not runs(me, me.municipality):
        return ()
    more = (
        child.c.address,
        child.c.snils,
        district.c.name.label("district"),
        person.c.surname.label("their_surname"),
        person.c.first_name.label("their_first_name"),
        person.c.patronymic.label("their_patronymic"),
        person.c.phone,
        person.c.email,
    )
    rows = tx.rows(
        _named(*more)
        .outerjoin(district, district.c.id == child.c.district)
        .outerjoin(person, person.c.id == certificate.c.applicant)
        .where(certificate.c.id.in_(numbers), certificate.c.municipality + 0 == me.municipality)
        .order_by(certificate.c.id)
    )
    zone = tx.zone(me.municipality)
    given = select(consent.c.purpose, consent.c.given_at).where(consent.c.withdrawn_at.is_(None)).order_by(consent.c.id)
    return tuple(
        ApplicationSeen(
            _as_seen(tx, row),
            row.district or "",
            row.address or "",
            tx.keys.decrypt(row.snils) if row.snils else "",
            str(FullName(row.their_surname or "", row.their_first_name or "", row.their_patronymic or "")),
            row.phone or "",
            row.email or "",
            tuple(
                (each.purpose, local_date(each.given_at, zone))
                for each in tx.rows(given.where(consent.c.person == row.applicant))
            ),
            row.reason or "",
            row.reason_words or "",
        )
        for row in rows
    )


def list_attacked(tx: Tx, query: ListAttackedNumbers, me: Actor) -> tuple[tuple[str, int], ...]:
    """Numbers that somebody tries to guess a way into (R2.11)."""
    if not runs(me, query.municipality):
        return ()
    times = func.count()
    tried = select(wrong_try.c.number, times.label("times")).where(wrong_try.c.at > tx.now - timedelta(days=1))
    often = tried.group_by(wrong_try.c.number).having(times >= TRIES_ON_NUMBER).subquery()
    rows = tx.rows(
        select(certificate.c.number, often.c.times)
        .join(often, often.c.number == certificate.c.number)
        .where(certificate.c.municipality + 0 == query.municipality)
        .order_by(often.c.times.desc())
    )
    return tuple((row.number, row.times) for row in rows)


def list_categories(tx: Tx, query: ListCategories, me: Actor) -> tuple[CategorySeen, ...]:
    """In the order in which they were added."""
    if not runs(me, query.municipality):
        return ()
    table = certificate_group
    here = select(table).where(table.c.municipality == query.municipality).order_by(table.c.id)
    return tuple(CategorySeen(row.id, row.code, row.name) for row in tx.rows(here))


def _of(place: int) -> Any:
    return certificate.c.municipality == place


def _named(*more: Any) -> Select[Any]:
    """Certificates, each with its child and categories."""
    wanted = certificate_group.alias()
    return (
        select(
            certificate,
            child.c.surname,
            child.c.first_name,
            child.c.patronymic,
            child.c.birth_date,
            certificate_group.c.name.label("group"),
            wanted.c.name.label("wanted"),
            *more,
        )
        .join(child, child.c.id == certificate.c.child)
        .join(certificate_group, certificate_group.c.id == certificate.c.certificate_group)
        .outerjoin(wanted, wanted.c.id == certificate.c.wanted_group)
    )


def _seen(tx: Tx, place: int, me: Actor, found: Select[Any]) -> tuple[CertificateSeen, ...]:
    return tuple(_as_seen(tx, row) for row in tx.rows(found)) if runs(me, place) else ()


def _as_seen(tx: Tx, row: Row[Any]) -> CertificateSeen:
    today = tx.today(row.municipality)
    decided = row.state != S.SUBMITTED
    return CertificateSeen(
        row.id,
        row.child,
        row.number or "",
        S(row.state),
        CertificateKind(row.kind),
        str(FullName(row.surname or "", row.first_name or "", row.patronymic or "")),
        row.birth_date,
        row.group,
        row.wanted or "",
        row.submitted_at.date() if row.submitted_at else None,
        None if decided else row.decide_by,
        not decided and row.decide_by is not None and row.decide_by < today,
        row.visit_by,
        row.held_for or "",
        place_in_queue(tx, row.id) if row.queue_place is not None else 0,
    )
