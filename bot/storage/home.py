"""What the menu says, and where else the bot can be opened."""

from typing import Any

from sqlalchemy import func, or_, select

from bot.domain.certificate import CertificateState
from bot.domain.enrollment import EnrollmentState
from bot.domain.home import ChannelLink, HomeNews, News, OtherChannels
from bot.domain.messages import Actor, Command, Query
from bot.storage.desk import Doer, Reader, Tx
from bot.storage.schema import certificate, enrollment, guardianship, setting

TO_ANSWER = (
    EnrollmentState.CLAIMED,
    EnrollmentState.ACCEPTED,
    EnrollmentState.OFFERED,
    EnrollmentState.RENEWAL_OFFERED,
)


def home_news(tx: Tx, query: HomeNews, me: Actor) -> News:
    """Counts over the children of whoever asks; only those who decide are asked for an answer."""
    mine = select(guardianship.c.child).where(guardianship.c.person == me.person)
    decided_by_me = mine.where(guardianship.c.rights == "full")
    states = {
        row.state: row.certificates
        for row in tx.rows(
            select(certificate.c.state, func.count().label("certificates"))
            .where(certificate.c.child.in_(mine))
            .group_by(certificate.c.state)
        )
    }
    waits = or_(enrollment.c.state.in_([state.value for state in TO_ANSWER]), enrollment.c.needs_yes)
    requested = enrollment.c.state == EnrollmentState.REQUESTED.value

    def enrollments(*where: Any) -> int:
        return int(tx.value(select(func.count()).select_from(enrollment).where(*where)))

    return News(
        children=int(tx.value(select(func.count()).select_from(mine.subquery()))),
        deciding=states.get(CertificateState.SUBMITTED.value, 0),
        to_visit=states.get(CertificateState.AWAITING_VISIT.value, 0),
        requested=enrollments(enrollment.c.child.in_(mine), requested, ~enrollment.c.needs_yes),
        to_answer=enrollments(enrollment.c.child.in_(decided_by_me), waits),
    )


def other_channels(tx: Tx, query: OtherChannels, me: Actor) -> tuple[ChannelLink, ...]:
    """The addresses that the service wrote down at its start, as settings `link:vk`; impersonal channels are no help."""
    rows = tx.rows(select(setting).where(setting.c.name.like("link:%")).order_by(setting.c.name))
    links = (ChannelLink(row.name.removeprefix("link:"), row.value) for row in rows)
    return tuple(link for link in links if link.channel not in tx.impersonal)


READERS: dict[type[Query[Any]], Reader] = {HomeNews: home_news, OtherChannels: other_channels}
DOERS: dict[type[Command], Doer] = {}
