"""Announcements: who would be told, and telling them a chunk at a time, by SQL that writes the same rows as the desk does for a fact."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Row,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from bot.domain.announcement import (
    AGES,
    LONGEST,
    Announce,
    Announced,
    AnnouncementMade,
    AnnouncementSeen,
    AnnouncementState,
    AnnouncementStopped,
    Audience,
    CountAudience,
    ListAnnouncements,
    NobodyToTell,
    NotGoing,
    OneAnnouncement,
    StopAnnouncement,
    WrongAnnouncement,
)
from bot.domain.catalogue import Direction
from bot.domain.certificate import CertificateKind
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.storage.audience import audience_of
from bot.storage.bulk import IDS, INSERT, all_ids, among, content, given
from bot.storage.outbox import NOWHERE, PUSH, allowed_from
from bot.storage.people import runs
from bot.storage.prefix import begins
from bot.storage.schema import (
    Instant,
    announcement,
    district,
    outbox,
    person,
    run,
)
from bot.storage.tx import Doer, Reader, Tx
from bot.storage.work import Ids, Work

A = AnnouncementState
CHUNK, LEAST = 200, 50
OURS = outbox.c.kind == literal_column("'Announced'")
"""A condition with which the database finds the index of announcements: a parameter would not show it."""


# --- whom -------------------------------------------------------------------------------------------------------------


def count_audience(tx: Tx, query: CountAudience, me: Actor) -> int:
    return _count(tx, me.municipality, query.audience) if me.role == "operator" else 0


def _count(tx: Tx, place: int, whom: Audience) -> int:
    found = audience_of(place, whom, tx.today(place)).subquery()
    return int(tx.value(select(func.count()).select_from(found)))


# --- made, stopped ----------------------------------------------------------------------------------------------------


def announce(tx: Tx, command: Announce, me: Actor) -> Fact:
    """The calendar takes it up within a minute."""
    if not runs(me, command.municipality):
        return NotYours()
    words, english, whom = command.words.strip(), command.words_en.strip(), command.audience
    if what := _wrong(tx, command.municipality, words, english, whom):
        return WrongAnnouncement(what)
    people = _count(tx, command.municipality, whom)
    if not people:
        return NobodyToTell()
    made = tx.insert(
        announcement,
        municipality=command.municipality,
        words=words,
        words_en=english,
        district=whom.district or None,
        direction=whom.direction.value if whom.direction else None,
        kind=whom.kind.value if whom.kind else None,
        age_min=whom.age_min,
        age_max=whom.age_max,
        state=A.GOING.value,
        people=people,
        made_at=tx.now,
    )
    return AnnouncementMade(made, people)


def _wrong(tx: Tx, place: int, words: str, english: str, whom: Audience) -> str:
    if not 0 < len(words) <= LONGEST:
        return "words"
    if len(english) > LONGEST:
        return "words_en"
    here = district.c.id == whom.district, district.c.municipality == place
    if whom.district and tx.value(select(district.c.id).where(*here)) is None:
        return "district"
    ages = [age for age in (whom.age_min, whom.age_max) if age is not None]
    return "" if ages == sorted(ages) and all(age in AGES for age in ages) else "ages"


def stop(tx: Tx, command: StopAnnouncement, me: Actor) -> Fact:
    """At once: what waits in the outbox is dropped when its turn comes."""
    row = tx.row(select(announcement).where(announcement.c.id == command.announcement).with_for_update())
    if row is None or not runs(me, row.municipality):
        return NotYours()
    if row.state != A.GOING:
        return NotGoing(A(row.state))
    tx.sql(announcement.update().where(announcement.c.id == row.id).values(state=A.STOPPED.value))
    return AnnouncementStopped(row.id)


# --- told -------------------------------------------------------------------------------------------------------------


def going(tx: Tx) -> list[int]:
    """Announcements that somebody may still have to be told of."""
    return list(tx.sql(select(announcement.c.id).where(announcement.c.state == A.GOING.value)).scalars())


def telling(tx: Tx, number: int) -> Work:
    """An announcement as work for the calendar: everybody of its audience, a chunk at a time."""
    row = tx.sql(select(announcement).where(announcement.c.id == number)).one()
    today = tx.today(row.municipality)
    people = audience_of(row.municipality, _audience(row), today)
    return Work(
        "announce",
        today,
        f"announcement:{number}",
        lambda tx, after: all_ids(tx, people.where(person.c.id > after)),
        lambda tx, ids: tell(tx, ids, number),
        CHUNK,
        LEAST,
        once=True,
    )


def tell(tx: Tx, ids: Ids, number: int) -> None:
    """A row of the outbox for each of these people, once for ever by its key; nothing once it is stopped."""
    row = tx.sql(select(announcement).where(announcement.c.id == number).with_for_update()).one()
    if row.state != A.GOING:
        return
    dialect = tx.connection.dialect.name
    fact = content(dialect, tx.keys, Announced, person=person.c.id, announcement=number, language=person.c.language)
    told = {
        "key": literal(f"{Announced(0, number, '').cause}:g") + cast(person.c.id, Text),
        "kind": literal(Announced.__name__),
        "person": person.c.id,
        "content": fact,
        "priority": literal(PUSH),
        "state": literal("queued"),
        "not_before": bindparam("from", type_=Instant),
        "created_at": bindparam("now", type_=Instant),
    }
    rows = INSERT[dialect](outbox).from_select(list(told), select(*told.values()).where(among(dialect, person.c.id)))
    when = {"from": allowed_from(tx, row.municipality), "now": tx.now}
    tx.sql(rows.on_conflict_do_nothing(), {IDS: given(tx, ids), **when})
    tx.has_mail = True


def settle(tx: Tx) -> None:
    """Each minute: what has gone out to the last is counted for good, before the outbox forgets it (R9.4)."""
    queued = select(run.c.key).where(
        run.c.key == literal("announcement:") + cast(announcement.c.id, Text), run.c.state == "done"
    )
    over = announcement.c.ended_at.is_(None) & or_(announcement.c.state == A.STOPPED.value, queued.exists())
    for row in tx.rows(select(announcement.c.id, announcement.c.state).where(over)):
        waits = and_(outbox.c.state.in_(("queued", "sending")), func.coalesce(outbox.c.channel, "") != NOWHERE)
        if tx.value(select(outbox.c.id).where(OURS, _its_keys(tx, row.id), waits).limit(1)) is None:
            sent, unsent = _counts(tx, row.id)
            state = A.DONE.value if row.state == A.GOING else row.state
            values = {"state": state, "sent": sent, "unsent": unsent, "ended_at": tx.now}
            tx.sql(announcement.update().where(announcement.c.id == row.id).values(**values))
            tx.sql(run.delete().where(run.c.key == f"announcement:{row.id}"))


def _counts(tx: Tx, number: int) -> tuple[int, int]:
    """(sent, failed), as the outbox knows it now."""
    by_state = (
        select(outbox.c.state, func.count().label("rows")).where(OURS, _its_keys(tx, number)).group_by(outbox.c.state)
    )
    counts = {row.state: int(row.rows) for row in tx.rows(by_state)}
    return counts.get("sent", 0), counts.get("failed", 0)


def _its_keys(tx: Tx, number: int) -> Any:
    return begins(tx, outbox.c.key, f"{Announced(0, number, '').cause}:g")


# --- seen -------------------------------------------------------------------------------------------------------------


def list_announcements(tx: Tx, query: ListAnnouncements, me: Actor) -> tuple[AnnouncementSeen, ...]:
    """The operator's own."""
    if me.role != "operator":
        return ()
    found = _named().where(announcement.c.municipality == me.municipality).order_by(announcement.c.id.desc())
    return tuple(_seen(tx, row) for row in tx.rows(found.offset(query.skip).limit(query.most)))


def one_announcement(tx: Tx, query: OneAnnouncement, me: Actor) -> AnnouncementSeen | None:
    """Only the operator's own."""
    row = tx.row(_named().where(announcement.c.id == query.announcement))
    return _seen(tx, row) if row is not None and me.role == "operator" and row.municipality == me.municipality else None


def _named() -> Select[Any]:
    return select(announcement, district.c.name.label("place")).outerjoin(
        district, district.c.id == announcement.c.district
    )


def _seen(tx: Tx, row: Row[Any]) -> AnnouncementSeen:
    sent, unsent = (row.sent, row.unsent) if row.ended_at is not None else _counts(tx, row.id)
    return AnnouncementSeen(
        row.id,
        row.words,
        row.words_en,
        _audience(row),
        row.place or "",
        A(row.state),
        row.made_at.astimezone(ZoneInfo(tx.zone(row.municipality))),
        row.people,
        sent,
        unsent,
    )


def _audience(row: Row[Any]) -> Audience:
    return Audience(
        row.district or 0,
        Direction(row.direction) if row.direction else None,
        CertificateKind(row.kind) if row.kind else None,
        row.age_min,
        row.age_max,
    )


READERS: dict[type[Query[Any]], Reader] = {
    CountAudience: count_audience,
    ListAnnouncements: list_announcements,
    OneAnnouncement: one_announcement,
}
DOERS: dict[type[Command], Doer] = {Announce: announce, StopAnnouncement: stop}
