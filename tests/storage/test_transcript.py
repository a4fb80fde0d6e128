"""A push on the web that nobody reads goes on to the next channel; what was read, or is asked at night, does not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.dialogs.message import Message
from bot.domain.calendar import Month
from bot.domain.linking import ChatLinked
from bot.domain.money import Money
from bot.domain.movements import Charged
from bot.notifications.delivery import Delivery, Sent
from bot.storage import schema
from bot.storage.due import claim
from bot.storage.outbox import record
from bot.storage.transcript import after, append, mark_read, pass_unread
from tests.storage.town import Town


def guardian(town: Town) -> int:
    """On the web, where notices come, and in VK."""
    who = town.person()
    town.adds(schema.chat, channel="vk", address="7", person=who, linked_at=town.now)
    web = schema.chat.update().where(schema.chat.c.channel == "web", schema.chat.c.person == who).values(preferred=True)
    town.run(lambda tx: tx.sql(web))
    return who


def sent_on_the_web(town: Town, who: int) -> str:
    """A push arrives in the web chat; its address."""
    town.run(lambda tx: tx.tell(ChatLinked(who)))
    (delivery,) = town.run(lambda tx: claim(tx, "web", 10))
    (ref,) = town.run(lambda tx: append(tx, [delivery]))
    town.run(lambda tx: record(tx, [(delivery, Sent(ref))]))
    return delivery.address


def due(town: Town, channel: str) -> list[Delivery]:
    town.run(pass_unread)
    return town.run(lambda tx: claim(tx, channel, 10))


def test_a_push_unread_for_ten_minutes_goes_to_the_next_channel_once(town: Town) -> None:
    sent_on_the_web(town, guardian(town))
    town.passes(minutes=9)
    assert not due(town, "vk")
    town.passes(minutes=2)
    (delivery,) = due(town, "vk")
    town.run(lambda tx: record(tx, [(delivery, Sent("1"))]))
    town.passes(minutes=30)
    assert not due(town, "vk")
    assert not due(town, "web")


def test_a_push_that_was_read_stays_where_it_is(town: Town) -> None:
    address = sent_on_the_web(town, guardian(town))
    town.run(lambda tx: mark_read(tx, address, 1_000))
    town.passes(minutes=11)
    assert not due(town, "vk")


def test_an_unread_push_of_the_evening_waits_for_the_morning(town: Town) -> None:
    town.comes(date(2026, 9, 1), hour=17)
    who = guardian(town)
    town.passes(minutes=55)  # 20:55 in Moscow
    sent_on_the_web(town, who)
    town.passes(minutes=15)
    assert not due(town, "vk"), "quiet hours (R8.2)"
    town.comes(date(2026, 9, 2), hour=6)
    assert len(due(town, "vk")) == 1


@pytest.mark.parametrize("how", ["dead_at", "cut_at"])
def test_a_channel_that_is_gone_is_no_next_channel(town: Town, how: str) -> None:
    who = guardian(town)
    town.run(lambda tx: tx.sql(schema.chat.update().where(schema.chat.c.channel == "vk").values({how: tx.now})))
    sent_on_the_web(town, who)
    town.passes(minutes=11)
    assert not due(town, "vk")
    assert town.run(lambda tx: tx.value(select(schema.outbox.c.state))) == "sent"


def test_a_channel_linked_later_gets_no_old_news(town: Town) -> None:
    who = town.person()
    sent_on_the_web(town, who)
    town.passes(hours=2)
    town.adds(schema.chat, channel="vk", address="7", person=who, linked_at=town.now)
    assert not due(town, "vk")


def test_what_an_impersonal_channel_has_hinted_at_does_not_return_there_unread(town: Town) -> None:
    """The hint is there already; its full text, unread on the web, would only hint again, and so on for ever."""
    town.desk.impersonal = frozenset({"telegram"})
    me = town.person()
    town.adds(schema.chat, channel="telegram", address="7", person=me, linked_at=town.now + timedelta(seconds=1))
    town.passes(minutes=1)
    paid = Money(100), Money(0), Money(0)
    charged = Charged(town.child(me), 1, Month(2026, 10), *paid, day=town.now.date(), key="charge:1:2026-10")
    town.run(lambda tx: tx.tell(charged))
    (hint,) = town.run(lambda tx: claim(tx, "telegram", 10))
    town.run(lambda tx: record(tx, [(hint, Sent("1"))]))
    (full,) = town.run(lambda tx: claim(tx, "web", 10))
    (ref,) = town.run(lambda tx: append(tx, [full]))
    town.run(lambda tx: record(tx, [(full, Sent(ref))]))
    town.passes(minutes=11)
    assert due(town, "telegram") == []


def test_a_page_cannot_take_the_place_of_a_message_in_another_chat(town: Town) -> None:
    town.person()
    town.person()
    first = Delivery(1, "reply:a", "web", "w1", Message("For one family."))
    (foreign,) = town.run(lambda tx: append(tx, [first]))
    forged = Delivery(2, "reply:b", "web", "w2", Message("For another."), edits=foreign)
    own = Delivery(3, "reply:c", "web", "w1", Message("In place."), edits=foreign)
    town.run(lambda tx: append(tx, [forged, own]))
    assert [line.replaces for line in town.run(lambda tx: after(tx, "w2", 0) or ())] == [0]
    assert [line.replaces for line in town.run(lambda tx: after(tx, "w1", 0) or ())] == [0, int(foreign)]
