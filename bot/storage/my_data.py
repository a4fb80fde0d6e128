"""«What do you know about me?» (R9.2): every record of a person and of the children they may see, and of nobody else."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, or_, select

from bot.domain.ledger import AccountKind
from bot.domain.messages import Actor
from bot.domain.money import Money
from bot.domain.privacy import AllAboutMe, Chapter, Entry, MyData, Value
from bot.storage.people import language_of
from bot.storage.schema import (
    account,
    calendar_link,
    certificate,
    certificate_group,
    chat,
    child,
    consent,
    dispute,
    district,
    enrollment,
    event,
    event_signup,
    group,
    guardianship,
    module,
    municipality,
    muted_topic,
    person,
    program,
    provider,
    rating,
    saved_search,
    transfer,
)
from bot.storage.tx import Tx

AMOUNTS = {"price", "amount"}


def my_data(tx: Tx, query: MyData, me: Actor) -> AllAboutMe:
    """Chapter by chapter; what is empty is left out. Of a SNILS only the end is shown: a file is easily forwarded (R9.4)."""
    zone = ZoneInfo(tx.zone(me.municipality))
    chapters = (
        Chapter(kind, tuple(Entry(tuple(fields(tx, row, zone))) for row in tx.rows(records)))
        for kind, records in asked(me)
    )
    return AllAboutMe(language_of(tx, me), tuple(chapter for chapter in chapters if chapter.entries))


def fields(tx: Tx, row: Row[Any], zone: ZoneInfo) -> Iterator[tuple[str, Value]]:
    """A record as a person reads it: rubles, local time, no secrets."""
    for name, value in row._mapping.items():
        if value is None or value == "":
            continue
        if name in AMOUNTS:
            yield name, Money(value)
        elif name == "snils":
            yield name, f"•••-•••-{tx.keys.decrypt(value)[-4:]}"
        elif name == "search":
            asked = json.loads(value)
            yield name, ", ".join(str(asked[each]) for each in asked if asked[each] and each != "district")
        elif isinstance(value, datetime):
            yield name, value.astimezone(zone)
        else:
            yield name, value


def asked(me: Actor) -> Iterator[tuple[str, Select[Any]]]:
    """The chapters with what is selected for each; the columns are named as the file's lines are."""
    children = select(guardianship.c.child).where(guardianship.c.person == me.person)
    named = child.c.first_name.label("child")
    yield (
        "person",
        select(
            person.c.surname,
            person.c.first_name,
            person.c.patronymic,
            person.c.phone,
            person.c.email,
            municipality.c.name.label("municipality"),
            person.c.language,
            person.c.created_at.label("known_since"),
        )
        .outerjoin(municipality, municipality.c.id == person.c.municipality)
        .where(person.c.id == me.person),
    )
    yield (
        "chats",
        select(chat.c.channel, chat.c.linked_at, chat.c.dead_at, chat.c.cut_at)
        .where(chat.c.person == me.person)
        .order_by(chat.c.id),
    )
    yield (
        "searches",
        select(
            program.c.name.label("program"),
            district.c.name.label("district"),
            saved_search.c.filters.label("search"),
            saved_search.c.created_at.label("saved_at"),
        )
        .select_from(saved_search)
        .outerjoin(program, program.c.id == saved_search.c.program)
        .outerjoin(district, district.c.id == saved_search.c.district)
        .where(saved_search.c.person == me.person)
        .order_by(saved_search.c.id),
    )
    yield "calendar", select(calendar_link.c.made_at).where(calendar_link.c.person == me.person)
    yield "topics", select(muted_topic.c.topic).where(muted_topic.c.person == me.person).order_by(muted_topic.c.topic)
    yield (
        "consents",
        select(consent.c.purpose, consent.c.version, consent.c.hash, consent.c.given_at, consent.c.withdrawn_at)
        .where(consent.c.person == me.person)
        .order_by(consent.c.id),
    )
    yield (
        "children",
        select(
            child.c.surname,
            child.c.first_name,
            child.c.patronymic,
            child.c.birth_date,
            child.c.sex,
            district.c.name.label("district"),
            child.c.address,
            child.c.snils,
            child.c.contact,
            guardianship.c.rights,
            guardianship.c.since.label("linked_at"),
        )
        .join(guardianship, guardianship.c.child == child.c.id)
        .outerjoin(district, district.c.id == child.c.district)
        .where(guardianship.c.person == me.person)
        .order_by(child.c.id),
    )
    yield (
        "certificates",
        select(
            named,
            certificate.c.number,
            certificate.c.kind,
            certificate.c.state.label("certificate_state"),
            certificate_group.c.name.label("group"),
            certificate.c.submitted_at,
            certificate.c.activated_at,
            certificate.c.valid_until,
        )
        .join(child, child.c.id == certificate.c.child)
        .join(certificate_group, certificate_group.c.id == certificate.c.certificate_group)
        .where(certificate.c.child.in_(children))
        .order_by(certificate.c.id),
    )
    yield (
        "enrollments",
        select(
            named,
            program.c.name.label("program"),
            provider.c.name.label("provider"),
            group.c.name.label("learning_group"),
            enrollment.c.state.label("enrollment_state"),
            enrollment.c.start,
            enrollment.c.stop,
            enrollment.c.price,
            enrollment.c.created_at,
        )
        .join(child, child.c.id == enrollment.c.child)
        .join(group, group.c.id == enrollment.c.group)
        .join(module, module.c.id == enrollment.c.module)
        .join(program, program.c.id == module.c.program)
        .join(provider, provider.c.id == program.c.provider)
        .where(enrollment.c.child.in_(children))
        .order_by(enrollment.c.id),
    )
    yield "movements", movements(children, named)
    yield (
        "disputes",
        select(
            named, dispute.c.words, dispute.c.state.label("dispute_state"), dispute.c.opened_at, dispute.c.decided_at
        )
        .join(enrollment, enrollment.c.id == dispute.c.enrollment)
        .join(child, child.c.id == enrollment.c.child)
        .where(dispute.c.opened_by == me.person)
        .order_by(dispute.c.id),
    )
    yield (
        "ratings",
        select(program.c.name.label("program"), rating.c.stars, rating.c.comment, rating.c.given_at)
        .join(program, program.c.id == rating.c.program)
        .where(rating.c.person == me.person, rating.c.state == "given")
        .order_by(rating.c.id),
    )
    yield (
        "events",
        select(named, event.c.title.label("event"), event.c.starts_at, event_signup.c.at.label("signed_up_at"))
        .join(event, event.c.id == event_signup.c.event)
        .join(child, child.c.id == event_signup.c.child)
        .where(event_signup.c.child.in_(children))
        .order_by(event_signup.c.id),
    )


def movements(children: Select[Any], named: Any) -> Select[Any]:
    """Transfers from or to the certificates and the holds of the children (R3.2)."""
    own = (
        select(account.c.id.label("account"), certificate.c.child)
        .join(certificate, certificate.c.id == account.c.owner)
        .where(account.c.kind == AccountKind.CERTIFICATE.value, certificate.c.child.in_(children))
        .union_all(
            select(account.c.id, enrollment.c.child)
            .join(enrollment, enrollment.c.id == account.c.owner)
            .where(account.c.kind == AccountKind.HOLD.value, enrollment.c.child.in_(children))
        )
        .subquery()
    )
    touched = or_(own.c.account == transfer.c.source, own.c.account == transfer.c.target)
    return (
        select(
            named,
            transfer.c.at,
            transfer.c.why,
            transfer.c.kopecks.label("amount"),
            transfer.c.month,
            transfer.c.id.label("record"),
        )
        .join(own, touched)
        .join(child, child.c.id == own.c.child)
        .distinct()
        .order_by(transfer.c.id)
    )
