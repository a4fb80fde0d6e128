"""Applying for a certificate (R2.8–R2.10)."""

from typing import Any

from sqlalchemy import Row, exists, false, or_, select

from bot.domain import application as rules
from bot.domain.application import (
    ALL_CHILDREN,
    DISABILITY,
    AlreadyApplied,
    ApplicationBasis,
    ApplicationHeld,
    ApplicationSubmitted,
    Basis,
    Choice,
    Entered,
    FullName,
    HealthConsentMissing,
    Plan,
    Question,
    ReadApplication,
    SubmitApplication,
    WrongAnswer,
    age_refusal,
    folded_name,
    sex_of,
    wrong_answer,
)
from bot.domain.certificate import CertificateKind, CertificateState, valid_until
from bot.domain.messages import Actor, Fact, NotYours, Refusal
from bot.storage.certificate_rows import NO_MORE, change
from bot.storage.family import may_decide
from bot.storage.municipality import production_calendar
from bot.storage.schema import (
    certificate,
    certificate_group,
    child,
    consent,
    district,
    guardianship,
    municipality,
    person,
)
from bot.storage.tx import Tx


def read_basis(tx: Tx, query: ApplicationBasis, me: Actor) -> Basis:
    """What an application of this parent starts from; questions whose answer is known or has no choice are left out."""
    who = tx.sql(select(person).where(person.c.id == me.person)).one()
    place, policy, today = who.municipality, tx.policy(who.municipality), tx.today(who.municipality)
    districts = _choices(tx, district, place)
    groups = tuple(
        Choice(row.id, row.name, row.code == DISABILITY)
        for row in tx.rows(
            select(certificate_group).where(certificate_group.c.municipality == place).order_by(certificate_group.c.id)
        )
    )
    named = bool(who.surname and who.first_name)
    asked = {
        Question.DISTRICT: bool(districts),
        Question.SNILS: policy.snils != "absent",
        Question.GUARDIAN: not named,
        Question.PHONE: not who.phone,
        Question.EMAIL: not named and not who.email,
        Question.GROUP: len(groups) > 1,
    }
    return Basis(
        Plan(tuple(q for q in Question if asked.get(q, True)), today, policy.min_age, policy.max_age),
        tx.value(select(municipality.c.name).where(municipality.c.id == place)),
        districts,
        groups,
        FullName(who.surname, who.first_name, who.patronymic or "") if named else None,
        who.phone or "",
        who.email or "",
        _agreed_on_health(tx, me.person),
        policy.snils == "required",
        policy.decision_working_days,
        policy.blackout.stop if policy.blackout is not None and today in policy.blackout else None,
    )


def read_application(tx: Tx, query: ReadApplication, me: Actor) -> Entered | None:
    """What was entered in a rejected application, for a guardian who decides (R2.9)."""
    row = tx.row(select(certificate).where(certificate.c.id == query.certificate))
    if row is None or row.state != CertificateState.REJECTED or not may_decide(tx, me, row.child):
        return None
    who = tx.sql(select(person).where(person.c.id == me.person)).one()
    kid = tx.sql(select(child).where(child.c.id == row.child)).one()
    return Entered(
        FullName(kid.surname or "", kid.first_name or "", kid.patronymic or ""),
        kid.birth_date,
        kid.district or 0,
        kid.address or "",
        FullName(who.surname or "", who.first_name or "", who.patronymic or ""),
        who.phone or "",
        who.email or "",
        row.wanted_group or row.certificate_group,
        tx.keys.decrypt(kid.snils) if kid.snils else "",
    )


def submit(tx: Tx, command: SubmitApplication, me: Actor) -> Fact:
    """Apply, or apply again after a rejection; a child of one's own that has applied already is not doubled (R2.10)."""
    if me.role != "person":
        return NotYours()
    place = tx.value(select(person.c.municipality).where(person.c.id == me.person))
    if refusal := _refusal(tx, command.entered, place, me):
        return refusal
    tx.sql(select(municipality.c.id).where(municipality.c.id == place).with_for_update())  # twins wait for each other
    before = _rejected(tx, command.certificate, me) if command.certificate else None
    if command.certificate and before is None:
        return NotYours()
    mine = _mine(tx, command.entered, me)
    if mine is not None and (before is None or mine.child != before.child):
        if mine.state is not None and mine.state != CertificateState.REJECTED:
            return AlreadyApplied(mine.child)
        before = mine
    return _written(tx, command.entered, place, before, me)


def likeness(tx: Tx, child_id: int) -> tuple[str, tuple[int, ...]]:
    """Certificates of other children with the same SNILS (`snils`), else the same folded name and birth date (`name`), R2.10."""
    me = tx.sql(select(child).where(child.c.id == child_id)).one()
    alike = {
        "snils": (child.c.snils_print == me.snils_print) if me.snils_print else false(),
        "name": (child.c.folded_name == me.folded_name) & (child.c.birth_date == me.birth_date),
    }
    for why, condition in alike.items():
        found = tx.rows(
            select(certificate.c.id)
            .join(child, child.c.id == certificate.c.child)
            .where(condition, child.c.id != child_id, child.c.deleted_at.is_(None))
            .order_by(certificate.c.id)
        )
        if found:
            return why, tuple(row.id for row in found)
    return "", ()


def everyones_group(tx: Tx, place: int) -> int:
    """«All children», the group of every certificate until another one's proof is seen (R2.5)."""
    table = certificate_group
    return int(tx.value(select(table.c.id).where(table.c.municipality == place, table.c.code == ALL_CHILDREN)))


def _choices(tx: Tx, table: Any, place: int) -> tuple[Choice, ...]:
    rows = tx.rows(select(table.c.id, table.c.name).where(table.c.municipality == place).order_by(table.c.name))
    return tuple(Choice(row.id, row.name) for row in rows)


def _agreed_on_health(tx: Tx, who: int) -> bool:
    given = exists().where(consent.c.person == who, consent.c.purpose == "health", consent.c.withdrawn_at.is_(None))
    return bool(tx.value(select(given)))


def _refusal(tx: Tx, entered: Entered, place: int, me: Actor) -> Refusal | None:
    policy = tx.policy(place)
    if question := wrong_answer(entered, policy.snils):
        return WrongAnswer(question)
    districts = {choice.id for choice in _choices(tx, district, place)}
    if entered.district not in (districts or {0}):
        return WrongAnswer(Question.DISTRICT)
    table = certificate_group
    code = tx.value(select(table.c.code).where(table.c.id == entered.group, table.c.municipality == place))
    if code is None:
        return WrongAnswer(Question.GROUP)
    if code == DISABILITY and not _agreed_on_health(tx, me.person):
        return HealthConsentMissing()
    return age_refusal(entered.birth_date, tx.today(place), policy.min_age, policy.max_age)


def _rejected(tx: Tx, certificate_id: int, me: Actor) -> Row[Any] | None:
    row = tx.row(
        select(certificate.c.child, certificate.c.id, certificate.c.state)
        .where(certificate.c.id == certificate_id, certificate.c.state == CertificateState.REJECTED)
        .with_for_update()
    )
    return row if row is not None and may_decide(tx, me, row.child) else None


def _mine(tx: Tx, entered: Entered, me: Actor) -> Row[Any] | None:
    """This parent's own child of that name and birth date, with its certificate's id and state if it has one."""
    alive = certificate.c.state.notin_([state.value for state in NO_MORE])
    return tx.row(
        select(child.c.id.label("child"), certificate.c.id, certificate.c.state)
        .join(guardianship, guardianship.c.child == child.c.id)
        .outerjoin(certificate, (certificate.c.child == child.c.id) & alive)
        .where(
            guardianship.c.person == me.person,
            or_(guardianship.c.rights == "full", certificate.c.state != CertificateState.REJECTED),
            child.c.folded_name == folded_name(entered.child),
            child.c.birth_date == entered.birth_date,
        )
    )


def _written(tx: Tx, entered: Entered, place: int, before: Row[Any] | None, me: Actor) -> Fact:
    """The child, the guardian and the certificate as they were entered; over the rows of an earlier application."""
    values = _child_values(tx, entered, place)
    if before is None:
        child_id = tx.insert(child, **values, created_at=tx.now)
        tx.insert(guardianship, person=me.person, child=child_id, rights="full", since=tx.now)
    else:
        child_id = before.child
        tx.sql(child.update().where(child.c.id == child_id).values(**values))
    _remember_guardian(tx, entered, me)
    held_for, _others = likeness(tx, child_id)
    policy, today = tx.policy(place), tx.today(place)
    by = rules.decide_by(today, policy.decision_working_days, production_calendar(tx, place), policy.blackout)
    everyone = everyones_group(tx, place)
    submitted = {
        "municipality": place,
        "certificate_group": everyone,
        "wanted_group": entered.group if entered.group != everyone else None,
        "kind": CertificateKind.ACCOUNTING.value,
        "state": CertificateState.SUBMITTED.value,
        "reason": None,
        "reason_words": None,
        "applicant": me.person,
        "held_for": held_for or None,
        "submitted_at": tx.now,
        "decide_by": by,
        "visit_by": None,
        "valid_until": valid_until(entered.birth_date, policy.max_age),
    }
    if before is None or before.id is None:
        certificate_id = tx.insert(certificate, child=child_id, **submitted)
    else:
        certificate_id = before.id
        change(tx, certificate_id, **submitted)
    return (ApplicationHeld if held_for else ApplicationSubmitted)(child_id, certificate_id, by)


def _child_values(tx: Tx, entered: Entered, place: int) -> dict[str, Any]:
    return {
        "municipality": place,
        "district": entered.district or None,
        "surname": entered.child.surname,
        "first_name": entered.child.first_name,
        "patronymic": entered.child.patronymic or None,
        "folded_name": folded_name(entered.child),
        "birth_date": entered.birth_date,
        "sex": sex_of(entered.child),
        "address": entered.address,
        "snils": tx.keys.encrypt(entered.snils) if entered.snils else None,
        "snils_print": tx.keys.print(entered.snils) if entered.snils else None,
    }


def _remember_guardian(tx: Tx, entered: Entered, me: Actor) -> None:
    tx.sql(
        person.update()
        .where(person.c.id == me.person)
        .values(
            surname=entered.guardian.surname,
            first_name=entered.guardian.first_name,
            patronymic=entered.guardian.patronymic or None,
            phone=entered.phone,
            email=entered.email or None,
        )
    )
