"""What the menu says, and where else the bot can be opened."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select

from bot.domain.certificate import CertificateState
from bot.domain.enrollment import EnrollmentState
from bot.domain.home import ChannelLink, HomeNews, News, OtherChannels
from bot.domain.messages import Actor, Command, Query
from bot.storage.schema import certificate, enrollment, guardianship, setting
from bot.storage.tx import Doer, Reader, Together, Tx

TO_ANSWER = (
    EnrollmentState.CLAIMED,
    EnrollmentState.ACCEPTED,
    EnrollmentState.OFFERED,
    EnrollmentState.RENEWAL_OFFERED,
)

_who = guardianship.c.person
_theirs = _who.in_(bindparam("people", expanding=True))
CHILDREN = select(_who, func.count().label("children")).where(_theirs).group_by(_who)
CERTIFICATES = (
    select(_who, certificate.c.state, func.count().label("certificates"))
    .join(certificate, certificate.c.child == guardianship.c.child)
    .where(_theirs, certificate.c.state.in_((CertificateState.SUBMITTED.value, CertificateState.AWAITING_VISIT.value)))
    .group_by(_who, certificate.c.state)
)
_waits = or_(enrollment.c.state.in_([state.value for state in TO_ANSWER]), enrollment.c.needs_yes)
_requested = and_(enrollment.c.state == EnrollmentState.REQUESTED.value, ~enrollment.c.needs_yes)
_decides = guardianship.c.rights == "full"
ENROLLMENTS = (
    select(
        _who,
        func.sum(case((_requested, 1), else_=0)).label("requested"),
        func.sum(case((and_(_decides, _waits), 1), else_=0)).label("to_answer"),
    )
    .join(enrollment, enrollment.c.child == guardianship.c.child)
    .where(_theirs)
    .group_by(_who)
)


def home_news(tx: Tx, asked: Sequence[tuple[HomeNews, Actor]]) -> list[News]:
    """Counts over the children of each who asks; only those who decide are asked for an answer. Three statements."""
    people = {"people": sorted({me.person for _query, me in asked})}
    children = {row.person: row.children for row in tx.sql(CHILDREN, people)}
    deciding, to_visit = Counter[int](), Counter[int]()
    for row in tx.sql(CERTIFICATES, people):
        (deciding if row.state == CertificateState.SUBMITTED.value else to_visit)[row.person] += row.certificates
    waiting = {row.person: row for row in tx.sql(ENROLLMENTS, people)}
    return [
        News(
            children=children.get(me.person, 0),
            deciding=deciding[me.person],
            to_visit=to_visit[me.person],
            requested=int(waiting[me.person].requested) if me.person in waiting else 0,
            to_answer=int(waiting[me.person].to_answer) if me.person in waiting else 0,
        )
        for _query, me in asked
    ]


def other_channels(tx: Tx, query: OtherChannels, me: Actor) -> tuple[ChannelLink, ...]:
    """The addresses that the service wrote down at its start, as settings `link:vk`; impersonal channels are no help."""
    rows = tx.rows(select(setting).where(setting.c.name.like("link:%")).order_by(setting.c.name))
    links = (ChannelLink(row.name.removeprefix("link:"), row.value) for row in rows)
    return tuple(link for link in links if link.channel not in tx.impersonal)


READERS: dict[type[Query[Any]], Reader] = {HomeNews: Together(home_news), OtherChannels: other_channels}
DOERS: dict[type[Command], Doer] = {}
