"""The outbox's rows as the sender takes them."""

from datetime import timedelta

from sqlalchemy import Engine, event, select

from bot.dialogs.message import Message
from bot.domain.calendar import Month
from bot.domain.money import Money
from bot.domain.movements import Charged
from bot.notifications.delivery import Delivery, Gone, Later, Sent, Unreachable
from bot.storage import schema
from bot.storage.conversations import mark_dead, revive
from bot.storage.due import claim
from bot.storage.outbox import NOWHERE, record
from tests.storage.test_retention import forgets
from tests.storage.town import Town


def test_a_notice_that_cannot_be_told_fails_alone_and_the_next_one_goes(town: Town) -> None:
    me = town.person()
    child = town.child(me)

    def charged(month: int) -> Charged:
        paid = Money(100), Money(0), Money(0)
        return Charged(child, 1, Month(2026, month), *paid, day=town.now.date(), key=f"charge:1:{month}")

    town.run(lambda tx: tx.tell(charged(9)))
    town.run(lambda tx: tx.sql(schema.outbox.update().values(content='{"is":"FactOfTomorrow"}')))
    town.run(lambda tx: tx.tell(charged(10)))
    (sent,) = town.run(lambda tx: claim(tx, "web", 10))
    assert "October" in sent.message.text
    kept = select(schema.outbox.c.state, schema.outbox.c.trouble).order_by(schema.outbox.c.id)
    assert town.run(lambda tx: list(tx.rows(kept))) == [("failed", "bug: CannotLoad"), ("sending", None)]


def test_an_id_is_never_given_twice_even_after_a_purge(town: Town) -> None:
    me = town.person()
    row = {"kind": "reply", "person": me, "content": "", "priority": 0, "state": "sent", "not_before": town.now}
    first = town.adds(schema.outbox, key="a", created_at=town.now, **row)
    town.passes(days=40)
    forgets(town)
    assert town.adds(schema.outbox, key="b", created_at=town.now, **row) > first, (
        "VK drops what has a number that it knows"
    )


def test_what_an_impersonal_channel_hints_at_goes_in_full_where_it_may(town: Town) -> None:
    town.desk.impersonal = frozenset({"telegram"})
    me = town.person()
    later = town.now + timedelta(minutes=1)
    town.adds(schema.chat, channel="telegram", address="7", person=me, linked_at=later)
    child = town.child(me)
    paid = Money(100), Money(0), Money(0)
    charged = Charged(child, 1, Month(2026, 10), *paid, day=town.now.date(), key="charge:1:2026-10")
    town.run(lambda tx: tx.tell(charged))
    (hint,) = town.run(lambda tx: claim(tx, "telegram", 10))
    assert "news for your family" in hint.message.text
    assert "October" not in hint.message.text
    (full,) = town.run(lambda tx: claim(tx, "web", 10))
    assert "October" in full.message.text
    assert town.run(lambda tx: claim(tx, "telegram", 10)) == []


def test_a_notice_without_a_live_chat_waits_aside_until_there_is_one(town: Town) -> None:
    me = town.person()
    child = town.child(me)
    paid = Money(100), Money(0), Money(0)
    town.run(lambda tx: mark_dead(tx, "web", [tx.value(select(schema.chat.c.address))]))
    town.run(lambda tx: tx.tell(Charged(child, 1, Month(2026, 10), *paid, day=town.now.date(), key="charge:1:2026-10")))
    assert town.run(lambda tx: claim(tx, "web", 10)) == []
    assert town.run(lambda tx: tx.value(select(schema.outbox.c.channel))) == NOWHERE
    town.run(lambda tx: revive(tx, "web", tx.value(select(schema.chat.c.address))))
    assert len(town.run(lambda tx: claim(tx, "web", 10))) == 1


def test_a_notice_follows_its_reader_to_the_channel_chosen_meanwhile(town: Town) -> None:
    me = town.person()
    vk = town.adds(schema.chat, channel="vk", address="7", person=me, linked_at=town.now + timedelta(minutes=1))
    child = town.child(me)
    paid = Money(100), Money(0), Money(0)
    town.run(lambda tx: tx.tell(Charged(child, 1, Month(2026, 10), *paid, day=town.now.date(), key="charge:1:2026-10")))
    assert town.run(lambda tx: claim(tx, "telegram", 10)) == []
    assert town.run(lambda tx: tx.value(select(schema.outbox.c.channel))) == "vk"
    town.run(lambda tx: tx.sql(schema.chat.update().values(preferred=schema.chat.c.id != vk)))
    assert town.run(lambda tx: claim(tx, "vk", 10)) == []
    assert len(town.run(lambda tx: claim(tx, "web", 10))) == 1


def test_what_is_given_back_unbegun_keeps_its_place(town: Town) -> None:
    place = town.adds(schema.chat, channel="vk", address="7", person=town.person(), linked_at=town.now)
    row = {"kind": "reply", "chat": place, "channel": "vk", "content": "", "priority": 0, "state": "queued"}

    def said(key: str) -> int:
        town.passes(minutes=1)
        return town.adds(schema.outbox, key=key, not_before=town.now, created_at=town.now, **row)

    first, second = said("a"), said("b")
    town.passes(minutes=1)
    town.run(lambda tx: record(tx, [(Delivery(first, "a", "vk", "7", Message("")), Later(0))]))
    waiting = select(schema.outbox.c.id).order_by(schema.outbox.c.not_before)
    assert list(town.run(lambda tx: tx.sql(waiting).scalars().all())) == [first, second]


def test_what_came_of_a_batch_is_kept_with_as_many_statements_as_of_one(town: Town) -> None:
    def statements(number: int) -> int:
        ids = [town.adds(schema.outbox, key=f"{number}:{each}", **row) for each in range(4 * number)]
        outcomes = (Sent("1"), Gone("blocked"), Later(5), Unreachable("no answer"))
        ends = [(Delivery(id, "", "web", str(id), Message("")), outcomes[id % 4]) for id in ids]
        run: list[str] = []
        listen = lambda *about: run.append(about[2])  # noqa: E731
        event.listen(Engine, "before_cursor_execute", listen)
        town.run(lambda tx: record(tx, ends))
        event.remove(Engine, "before_cursor_execute", listen)
        return len(run)

    row = {"kind": "reply", "content": "", "priority": 0, "state": "sending", "not_before": town.now}
    row["created_at"] = town.now
    assert statements(1) == statements(10)


def test_a_push_that_fell_due_before_the_quiet_hours_and_finds_the_messenger_in_them_waits_for_the_morning(
    town: Town,
) -> None:
    me = town.person()
    child = town.child(me)
    paid = Money(100), Money(0), Money(0)
    town.run(lambda tx: tx.tell(Charged(child, 1, Month(2026, 10), *paid, day=town.now.date(), key="charge:1:2026-10")))
    town.comes(town.now.date(), hour=19)  # 22:00 in Moscow: the channel was out of reach since noon
    assert town.run(lambda tx: claim(tx, "web", 10)) == []
    town.passes(hours=10, minutes=59)
    assert town.run(lambda tx: claim(tx, "web", 10)) == []
    town.passes(minutes=1)
    assert len(town.run(lambda tx: claim(tx, "web", 10))) == 1
