"""Personal data at rest (R9): consents with their texts' hashes, withdrawal, deletion. The file is in my_data.py."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, or_, select, true

from bot.domain.certificate import CertificateState, Revocation
from bot.domain.certificate_staff import Revoke
from bot.domain.enrollment import LIVING
from bot.domain.messages import SYSTEM, Actor, Command, Fact, NotYours, Query, Refusal
from bot.domain.privacy import (
    ConsentChanged,
    ConsentGiven,
    ConsentText,
    ConsentWithdrawn,
    ConsentWords,
    Deleted,
    DeleteMe,
    Deletion,
    GiveConsent,
    MyConsents,
    MyData,
    NoConsent,
    Purpose,
    StillRunning,
    WhatDeletionTakes,
    WithdrawConsent,
)
from bot.i18n import LANGUAGES
from bot.storage import schema
from bot.storage.ledger import adjust_to
from bot.storage.my_data import my_data
from bot.storage.people import language_of
from bot.storage.schema import certificate, certificate_group, chat, child, consent, enrollment, guardianship, person
from bot.storage.tx import Doer, Reader, Tx

TEXTS = Path(__file__).resolve().parent.parent / "data" / "consent"
IN_FORCE = {"certificate": "1", "health": "1"}
"""The version of each consent that is given now; earlier texts stay in the package as the proof of what was agreed to."""


# --- consents (R9.1) --------------------------------------------------------------------------------------------------


def text(purpose: str, version: str, language: str) -> str:
    """The words of a consent."""
    return (TEXTS / f"{purpose}-{version}.{language}.txt").read_text(encoding="utf-8")


def consent_words(tx: Tx, query: ConsentWords, me: Actor) -> ConsentText:
    """The text in force, in the reader's language."""
    version, language = IN_FORCE[query.purpose], language_of(tx, me)
    return ConsentText(query.purpose, version, language, text(query.purpose, version, language))


def give_consent(tx: Tx, command: GiveConsent, me: Actor) -> Fact:
    """Kept with its moment and the hash of the very words that were read; a second «yes» changes nothing."""
    if me.role != "person" or command.language not in LANGUAGES:
        return NotYours()
    if command.version != IN_FORCE[command.purpose]:
        return ConsentChanged()
    given = (
        consent.c.person == me.person,
        consent.c.purpose == command.purpose,
        consent.c.version == command.version,
        consent.c.withdrawn_at.is_(None),
    )
    if tx.row(select(consent.c.id).where(*given)) is None:
        words = text(command.purpose, command.version, command.language)
        tx.insert(
            consent,
            person=me.person,
            purpose=command.purpose,
            version=command.version,
            hash=hashlib.sha256(words.encode()).hexdigest(),
            given_at=tx.now,
        )
    return ConsentGiven(me.person, command.purpose)


def withdraw_consent(tx: Tx, command: WithdrawConsent, me: Actor) -> Fact:
    """Certificates, contracts and payments stay, as the law demands."""
    given = my_consents(tx, MyConsents(), me)
    if command.purpose not in given:
        return NoConsent()
    if "health" in given:
        leave_category(tx, me)
    mine = (consent.c.person == me.person, consent.c.withdrawn_at.is_(None))
    which = consent.c.purpose == "health" if command.purpose == "health" else true()
    tx.sql(consent.update().where(*mine, which).values(withdrawn_at=tx.now))
    if command.purpose == "certificate":
        fall_silent(tx, me)
    return ConsentWithdrawn(me.person, command.purpose)


def my_consents(tx: Tx, query: MyConsents, me: Actor) -> tuple[Purpose, ...]:
    """In the order in which they were given."""
    mine = (consent.c.person == me.person, consent.c.withdrawn_at.is_(None))
    rows = tx.rows(select(consent.c.purpose).where(*mine).order_by(consent.c.id))
    return tuple(dict.fromkeys(row.purpose for row in rows))


def leave_category(tx: Tx, me: Actor) -> None:
    """R2.5: without the consent no category by health, unless another guardian of the child has given theirs."""
    consented = select(consent.c.person).where(
        consent.c.purpose == "health", consent.c.withdrawn_at.is_(None), consent.c.person != me.person
    )
    responsible = select(guardianship.c.child).where(guardianship.c.rights == "full")
    theirs = responsible.where(guardianship.c.person.in_(consented))
    by_health = select(certificate_group.c.id).where(certificate_group.c.code == "disability")
    for row in tx.rows(
        select(certificate.c.id, certificate.c.certificate_group, certificate.c.municipality).where(
            certificate.c.child.in_(responsible.where(guardianship.c.person == me.person)),
            certificate.c.child.not_in(theirs),
            or_(certificate.c.certificate_group.in_(by_health), certificate.c.wanted_group.in_(by_health)),
        )
    ):
        everyone = tx.value(
            select(certificate_group.c.id).where(
                certificate_group.c.municipality == row.municipality, certificate_group.c.code == "all"
            )
        )
        adjust_to(tx, row.id, everyone)
        tx.sql(certificate.update().where(certificate.c.id == row.id).values(wanted_group=None))


def fall_silent(tx: Tx, me: Actor) -> None:
    """No message that waits is sent any more, none is asked for, every chat becomes a stranger's, and the calendar's link leads nowhere."""
    waiting = (schema.outbox.c.person == me.person, schema.outbox.c.state == "queued", schema.outbox.c.kind != "reply")
    tx.sql(delete(schema.outbox).where(*waiting))
    for theirs in (schema.saved_search, schema.card_code):
        tx.sql(delete(theirs).where(theirs.c.person == me.person))
    tx.sql(chat.update().where(chat.c.person == me.person, chat.c.cut_at.is_(None)).values(cut_at=tx.now))
    tx.sql(delete(schema.calendar_link).where(schema.calendar_link.c.person == me.person))


# --- deletion (R9.2) --------------------------------------------------------------------------------------------------


def children_at_stake(tx: Tx, me: Actor) -> tuple[list[int], list[int]]:
    """My children for whom nobody else is responsible, and those whom another guardian, or the child itself, keeps."""
    responsible = guardianship.c.rights.in_(("full", "self"))
    mine = [
        row.child
        for row in tx.rows(select(guardianship.c.child).where(guardianship.c.person == me.person, responsible))
    ]
    others = {
        row.child
        for row in tx.rows(
            select(guardianship.c.child).where(
                guardianship.c.child.in_(mine), guardianship.c.person != me.person, responsible
            )
        )
    }
    return [each for each in mine if each not in others], [each for each in mine if each in others]


def still_running(tx: Tx, children: list[int]) -> int:
    """Requests, clubs and waiting places that must find their own end first."""
    living = enrollment.c.state.in_([state.value for state in LIVING])
    return int(tx.value(select(func.count()).select_from(enrollment).where(enrollment.c.child.in_(children), living)))


def what_deletion_takes(tx: Tx, query: WhatDeletionTakes, me: Actor) -> Deletion:
    """Counted before anything is asked."""
    alone, kept = children_at_stake(tx, me)
    return Deletion(len(alone), len(kept), still_running(tx, alone))


def delete_me(tx: Tx, command: DeleteMe, me: Actor) -> Fact:
    """Names, addresses, documents and talks go; ids, dates and sums stay, so that every account still adds up."""
    if me.role != "person":
        return NotYours()
    tx.sql(select(person.c.id).where(person.c.id == me.person).with_for_update())
    alone, _kept = children_at_stake(tx, me)
    if count := still_running(tx, alone):
        return StillRunning(count)
    tx.sql(delete(guardianship).where(guardianship.c.person == me.person))
    for each in alone:
        empty_child(tx, each)
    empty_person(tx, me)
    return Deleted(me.person)


def empty_child(tx: Tx, which: int) -> None:
    """The certificate ends by the rules of a revocation; of the birth date only the year stays, for the statistics."""
    tx.sql(delete(guardianship).where(guardianship.c.child == which))
    unborn = (CertificateState.SUBMITTED.value, CertificateState.REJECTED.value, CertificateState.AWAITING_VISIT.value)
    asked = {"state": CertificateState.REVOKED.value, "reason": Revocation.ASKED.value}
    tx.sql(certificate.update().where(certificate.c.child == which, certificate.c.state.in_(unborn)).values(**asked))
    living = (CertificateState.ACTIVE.value, CertificateState.FROZEN.value)
    for row in tx.rows(select(certificate.c.id).where(certificate.c.child == which, certificate.c.state.in_(living))):
        ended = tx.do(Revoke(row.id, Revocation.ASKED), SYSTEM)
        assert not isinstance(ended, Refusal), ended
    tx.sql(delete(schema.event_signup).where(schema.event_signup.c.child == which))
    tx.sql(delete(schema.link_code).where(schema.link_code.c.child == which))
    tx.sql(delete(schema.card_code).where(schema.card_code.c.child == which))
    born: date = tx.value(select(child.c.birth_date).where(child.c.id == which))
    nameless = dict.fromkeys(
        (
            "surname",
            "first_name",
            "patronymic",
            "folded_name",
            "sex",
            "address",
            "snils",
            "snils_print",
            "district",
            "contact",
        )
    )
    year = date(born.year, 1, 1)
    tx.sql(child.update().where(child.c.id == which).values(**nameless, birth_date=year, deleted_at=tx.now))


def empty_person(tx: Tx, me: Actor) -> None:
    """The chats are cut, what was said in them is gone; consents stay as the proof that they were given."""
    own = select(chat.c.id).where(chat.c.person == me.person)
    fall_silent(tx, me)
    tx.sql(delete(schema.conversation).where(schema.conversation.c.chat.in_(own)))
    tx.sql(delete(schema.web_message).where(schema.web_message.c.chat.in_(own)))
    tx.sql(delete(schema.muted_topic).where(schema.muted_topic.c.person == me.person))
    tx.sql(delete(schema.link_code).where(schema.link_code.c.person == me.person))
    tx.sql(delete(schema.wrong_try).where(schema.wrong_try.c.person == me.person))
    sent = (schema.outbox.c.person == me.person, schema.outbox.c.state.in_(("sent", "failed")))
    tx.sql(schema.outbox.update().where(*sent).values(content="", words=None))
    comments = {"comment": None, "comment_state": None}
    tx.sql(schema.rating.update().where(schema.rating.c.person == me.person).values(**comments))
    tx.sql(schema.dispute.update().where(schema.dispute.c.opened_by == me.person).values(words=""))
    unwithdrawn = (consent.c.person == me.person, consent.c.withdrawn_at.is_(None))
    tx.sql(consent.update().where(*unwithdrawn).values(withdrawn_at=tx.now))
    nameless = dict.fromkeys(("surname", "first_name", "patronymic", "phone", "email"))
    tx.sql(person.update().where(person.c.id == me.person).values(**nameless, deleted_at=tx.now))


READERS: dict[type[Query[Any]], Reader] = {
    ConsentWords: consent_words,
    MyConsents: my_consents,
    WhatDeletionTakes: what_deletion_takes,
    MyData: my_data,
}
DOERS: dict[type[Command], Doer] = {
    GiveConsent: give_consent,
    WithdrawConsent: withdraw_consent,
    DeleteMe: delete_me,
}
