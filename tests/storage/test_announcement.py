"""A municipality writes to a chosen audience: whom it reaches, once each, and not those for whom it was stopped."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.dialogs.codec import encode
from bot.domain.announcement import (
    Announce,
    Announced,
    AnnouncementMade,
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
from bot.domain.messages import NotYours, operator, provider
from bot.domain.settings import SwitchTopic
from bot.domain.topics import Topic
from bot.notifications.delivery import Delivery, Sent
from bot.storage import schema
from bot.storage.calendar import live
from bot.storage.due import claim
from bot.storage.outbox import record
from bot.storage.tx import Tx
from tests.storage.families import Family
from tests.storage.town import Town

EVERYBODY = Audience()
WORDS = "The water is off on Monday: clubs are closed."


def announce(town: Town, audience: Audience = EVERYBODY, words: str = WORDS, english: str = "") -> object:
    return town.does(Announce(town.municipality, words, english, audience), town.operator)


def claimed_impersonally(tx: Tx) -> list[Delivery]:
    """On a channel that may carry nothing about a child (R9.3): these are words to all."""
    tx.impersonal = frozenset({"web"})
    return claim(tx, "web", 1)


def told(town: Town) -> list[int]:
    return sorted(person for person, _kind, _values in town.notices("Announced"))


def test_an_audience_is_everybody_or_the_families_whose_child_fits(town: Town) -> None:
    near = town.adds(schema.district, municipality=town.municipality, name="Pervomaysky")
    alone, pair = town.person(), Family(town)
    small = Family(town, kopecks=0, born=datetime(2020, 9, 1).date(), district=near)
    pair.learns(town.group())
    silent, gone = town.person(), town.person()
    town.does(SwitchTopic(Topic.TOWN, muted=True), silent)
    town.run(lambda tx: tx.sql(schema.chat.update().where(schema.chat.c.person == gone).values(dead_at=tx.now)))
    teenager = town.person(municipality=None)
    town.adds(schema.guardianship, person=teenager, child=pair.child, rights="self", since=town.now)

    def count(audience: Audience) -> int:
        return town.asks(CountAudience(audience), town.operator)

    assert count(Audience()) == len({alone, pair.guardian, small.guardian})
    assert count(Audience(district=near)) == 1
    assert count(Audience(direction=Direction.TECHNICAL)) == 1
    assert count(Audience(direction=Direction.ART)) == 0
    assert count(Audience(kind=CertificateKind.ACCOUNTING)) == 1
    assert count(Audience(age_min=6, age_max=6)) == 1
    assert count(Audience(age_min=7)) == 1
    assert count(Audience(age_max=5)) == 0
    assert town.asks(CountAudience(Audience()), provider(town.provider)) == 0
    assert announce(town, Audience(direction=Direction.ART)) == NobodyToTell()
    assert announce(town, Audience(district=near + 7)) == WrongAnnouncement("district")
    assert announce(town, Audience(age_min=9, age_max=8)) == WrongAnnouncement("ages")
    assert announce(town, words=" ") == WrongAnnouncement("words")
    assert announce(town, english="x" * 3001) == WrongAnnouncement("words_en")
    assert town.does(Announce(town.municipality, "x", "", Audience()), operator(9)) == NotYours()


def test_everybody_is_told_once_as_the_desk_itself_would_tell_them(town: Town) -> None:
    people = [town.person(), town.person(language="ru")]
    made = announce(town)
    assert made == AnnouncementMade(1, 2)
    town.runner.run(live(town.desk))
    town.runner.run(live(town.desk))
    rows = town.run(lambda tx: tx.rows(select(schema.outbox).order_by(schema.outbox.c.person)))
    assert [row.key for row in rows] == [f"announcement:1:g{person}" for person in people]
    facts = [Announced(people[0], 1, "en"), Announced(people[1], 1, "ru")]
    keys = town.desk.keys
    assert [row.content for row in rows] == [encode(fact, keys) for fact in facts]
    seen = town.asks(OneAnnouncement(1), town.operator)
    assert seen is not None and (seen.people, seen.sent, seen.left) == (2, 0, 2)


def test_it_keeps_quiet_hours(town: Town) -> None:
    town.person()
    town.now = datetime(2026, 9, 1, 19, 30, tzinfo=UTC)
    announce(town)
    town.runner.run(live(town.desk))
    due = town.run(lambda tx: tx.value(select(schema.outbox.c.not_before)))
    assert due == datetime(2026, 9, 2, 6, tzinfo=UTC)


def test_it_is_stopped_while_it_goes_out_and_what_came_of_it_is_kept(town: Town) -> None:
    for _each in range(3):
        town.person()
    announce(town, english="The water is off.")
    town.runner.run(live(town.desk))
    [first] = town.run(claimed_impersonally)
    assert first.message.text == "Murmansk writes:\n\nThe water is off."
    town.run(lambda tx: record(tx, [(first, Sent("1"))]))
    assert town.does(StopAnnouncement(1), operator(town.municipality + 1)) == NotYours()
    assert town.does(StopAnnouncement(1), town.operator) == AnnouncementStopped(1)
    assert town.run(lambda tx: claim(tx, "web", 5)) == []
    town.runner.run(live(town.desk))
    town.run(lambda tx: tx.sql(schema.outbox.delete()))
    [seen] = town.asks(ListAnnouncements(), town.operator)
    assert (seen.state, seen.sent, seen.unsent, seen.left) == ("stopped", 1, 2, 0)
    assert town.does(StopAnnouncement(1), town.operator) == NotGoing(seen.state)
    announce(town)
    town.does(StopAnnouncement(2), town.operator)
    town.runner.run(live(town.desk))
    assert told(town) == []


def test_one_that_cannot_be_told_keeps_no_other_from_its_readers(town: Town) -> None:
    reader = town.person()
    announce(town, words="The first one.")
    announce(town)
    broken, _whole = town.run(lambda tx: tx.rows(select(schema.announcement.c.id).order_by(schema.announcement.c.id)))
    table = schema.announcement
    town.run(lambda tx: tx.sql(table.update().where(table.c.id == broken.id).values(kind="no such kind")))
    with pytest.raises(ValueError, match="no such kind"):
        town.runner.run(live(town.desk))
    assert told(town) == [reader]
