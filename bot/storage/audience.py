"""Whom a municipality can write to: people of its own, or families with a child that fits."""

from datetime import date
from typing import Any

from sqlalchemy import Select, exists, or_, select, true

from bot.domain.announcement import Audience, born_between
from bot.domain.topics import Topic
from bot.storage.schema import certificate, chat, child, enrollment, guardianship, module, muted_topic, person, program


def audience_of(place: int, whom: Audience, today: date) -> Select[tuple[int]]:
    """People with a chat that works, who have not switched these messages off; a child's own chat is no family."""
    working = exists().where(chat.c.person == person.c.id, chat.c.dead_at.is_(None), chat.c.cut_at.is_(None))
    muted = exists().where(muted_topic.c.person == person.c.id, muted_topic.c.topic == Topic.TOWN.value)
    theirs = _their_child(place, whom, today)
    here = or_(person.c.municipality == place, theirs) if whom.all else theirs
    return select(person.c.id).where(person.c.deleted_at.is_(None), working, ~muted, here)


def _their_child(place: int, whom: Audience, today: date) -> Any:
    after, until = born_between(today, whom.age_min, whom.age_max)
    learns = enrollment.join(module, module.c.id == enrollment.c.module).join(program, program.c.id == module.c.program)
    fits = (
        (child.c.district == whom.district) if whom.district else true(),
        (child.c.birth_date > after) if after is not None else true(),
        (child.c.birth_date <= until) if until is not None else true(),
        exists()
        .select_from(learns)
        .where(
            enrollment.c.child == child.c.id,
            enrollment.c.state == "active",
            program.c.direction == whom.direction.value,
        )
        if whom.direction is not None
        else true(),
        exists().where(
            certificate.c.child == child.c.id, certificate.c.state == "active", certificate.c.kind == whom.kind.value
        )
        if whom.kind is not None
        else true(),
    )
    return exists().where(
        guardianship.c.person == person.c.id,
        guardianship.c.child == child.c.id,
        guardianship.c.rights != "self",
        child.c.municipality == place,
        child.c.deleted_at.is_(None),
        *fits,
    )
