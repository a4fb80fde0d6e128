"""What the database says of itself to whoever runs it."""

from datetime import timedelta
from typing import Any

from bot.domain.calendar import Month
from bot.domain.money import Money
from bot.domain.movements import Charged
from bot.storage import figures, schema
from bot.storage.figures import Queue
from bot.storage.outbox import PUSH, REPLY
from tests.storage.town import Town


def row(town: Town, key: str, **values: Any) -> None:
    """A row of the outbox, written now."""
    usual = {"content": "", "priority": REPLY, "state": "queued", "not_before": town.now, "created_at": town.now}
    town.adds(schema.outbox, key=key, kind="reply", **{**usual, **values})


def test_replies_wait_in_their_chats_channel_since_they_were_written(town: Town) -> None:
    me = town.person()
    vk = town.adds(schema.chat, channel="vk", address="7", person=me, linked_at=town.now)
    row(town, "answered in vain", person=me, chat=vk, tries=3, not_before=town.now + timedelta(minutes=15))
    row(town, "under way", person=me, chat=vk, state="sending")
    row(town, "sent", person=me, chat=vk, state="sent")
    row(town, "given up", person=me, chat=vk, state="failed", trouble="403")
    town.passes(minutes=10)
    assert town.run(figures.replies) == [Queue("vk", 2, 1, 600.0)]
    assert town.run(figures.failures) == {"403": 1}


def test_pushes_wait_where_they_would_go_and_not_before_they_may(town: Town) -> None:
    both, web, nobody = town.person(), town.person(), town.adds(schema.person, language="en", created_at=town.now)
    town.adds(schema.chat, channel="vk", address="7", person=both, linked_at=town.now, preferred=True)
    for who in (both, web, nobody):
        row(town, f"a notice for {who}", person=who, priority=PUSH)
    row(town, "in the morning", person=web, priority=PUSH, not_before=town.now + timedelta(hours=9))
    town.passes(minutes=1)
    found = {queue.channel: queue for queue in town.run(figures.pushes)}
    assert found == {
        "vk": Queue("vk", 1, 1, 60.0),
        "web": Queue("web", 2, 1, 60.0),
        "nowhere": Queue("nowhere", 1, 1, 60.0),
    }
    assert town.run(figures.replies) == []


def test_a_notice_that_the_desk_has_told_is_seen_too(town: Town) -> None:
    child = town.child(town.person())
    paid = Money(100), Money(0), Money(0)
    town.run(lambda tx: tx.tell(Charged(child, 1, Month(2026, 9), *paid, day=town.now.date(), key="charge:1:2026-09")))
    assert [(queue.channel, queue.rows) for queue in town.run(figures.pushes)] == [("web", 1)]


def test_the_money_of_all_accounts_of_a_kind_makes_nothing_together(town: Town) -> None:
    child = town.child(town.person())
    town.certificate(child, 1_000_000)
    sums = town.run(figures.money)
    assert sums["certificate"] == 1_000_000
    assert sum(sums.values()) == 0


def test_the_size_of_a_database_is_more_than_nothing(town: Town) -> None:
    assert town.run(figures.size) > 100_000
