"""What is forgotten in time (R9.4), a chunk at a time, once a day."""

from typing import Any

import pytest
from sqlalchemy import func, select

from bot.dialogs.conversation import Pressed
from bot.handlers.intake import Intake
from bot.handlers.turn import Update
from bot.storage import retention, schema
from bot.storage.due import claim
from bot.storage.outbox import NOWHERE
from bot.storage.retention import forget
from bot.storage.tx import Tx
from tests.storage.families import Family
from tests.storage.town import Town


def forgets(town: Town) -> list[str]:
    """A day's walk; the tables of its transactions."""
    steps: list[str] = []

    def note(tx: Tx) -> None:
        steps.append("step")

    town.runner.run(forget(town.desk, note))
    return steps


def chat_of(town: Town, person: int) -> int:
    return int(town.run(lambda tx: tx.value(select(schema.chat.c.id).where(schema.chat.c.person == person))))


def talks(town: Town, chat: int, turn: int = 7, talk: str = "{}") -> None:
    row = {"chat": chat, "turn": turn, "talk": talk, "changed_at": town.now}
    town.run(lambda tx: tx.sql(schema.conversation.insert().values(**row)))


def count(town: Town, table: Any) -> int:
    return int(town.run(lambda tx: tx.value(select(func.count()).select_from(table))))


def sent(town: Town, who: int, key: str, state: str = "sent") -> int:
    row = {"kind": "reply", "person": who, "content": "", "priority": 0, "not_before": town.now}
    return town.adds(schema.outbox, key=key, state=state, created_at=town.now, **row)


def test_keys_of_updates_and_words_go_after_the_retention_and_what_still_waits_stays(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 3)
    me = town.person()
    waits = sent(town, me, "waits", "queued")
    nobody = sent(town, me, "nobody", "queued")
    town.run(lambda tx: tx.sql(schema.outbox.update().where(schema.outbox.c.id == nobody).values(channel=NOWHERE)))
    for number in range(7):
        sent(town, me, f"old {number}")
        town.run(lambda tx, n=number: tx.sql(schema.seen_update.insert().values(key=f"old {n}", at=tx.now)))
    town.adds(schema.set_aside, key="x", channel="vk", why="?", raw="", at=town.now)
    town.passes(days=29)
    new = sent(town, me, "new")
    town.run(lambda tx: tx.sql(schema.seen_update.insert().values(key="new", at=tx.now)))
    forgets(town)
    assert count(town, schema.outbox) == 10
    town.passes(days=1, hours=1)
    assert len(forgets(town)) > len(retention.WALKS), "a table is walked in chunks"
    assert town.run(lambda tx: list(tx.sql(select(schema.outbox.c.id).order_by("id")).scalars())) == [waits, new]
    assert town.run(lambda tx: list(tx.sql(select(schema.seen_update.c.key)).scalars())) == ["new"]
    assert count(town, schema.set_aside) == 0


def test_a_day_is_walked_once_and_taken_up_where_it_was_left(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    me = town.person()
    for number in range(6):
        sent(town, me, f"old {number}")
    town.passes(days=40)

    class Dies(Exception):
        pass

    def dies_at_the_third(tx: Tx, steps: list[int] = []) -> None:  # noqa: B006
        steps.append(1)
        if len(steps) == 3:
            raise Dies

    with pytest.raises(Dies):
        town.runner.run(forget(town.desk, dies_at_the_third))
    assert count(town, schema.outbox) == 2
    forgets(town)
    assert count(town, schema.outbox) == 0
    assert forgets(town) == []
    town.passes(days=1)
    assert forgets(town) != []


def test_the_transcript_and_what_a_cut_chat_leaves_go_after_the_retention(town: Town) -> None:
    me = town.person()
    place = chat_of(town, me)
    said = {"chat": place, "who": "bot", "content": "x", "at": town.now}
    first = town.adds(schema.web_message, outbox_key="a", **said)
    talks(town, place)
    town.run(lambda tx: tx.sql(schema.chat.update().where(schema.chat.c.id == place).values(cut_at=tx.now)))
    town.passes(days=40)
    new = town.adds(schema.web_message, outbox_key="b", **{**said, "at": town.now, "replaces": first})
    forgets(town)
    assert town.run(lambda tx: list(tx.sql(select(schema.web_message.c.id)).scalars())) == [new]
    assert count(town, schema.conversation) == 0
    assert town.run(lambda tx: tx.value(select(schema.chat.c.address))) == f"cut:{place}"


def test_a_conversation_that_nobody_goes_on_with_is_forgotten_by_the_policy_of_the_municipality(town: Town) -> None:
    town.policy(conversation_days=200)
    other = town.adds(schema.municipality, code="o", name="O", zone="Europe/Moscow", number_prefix="5102", policy="{}")
    long, short, nowhere = (
        chat_of(town, town.person(municipality=place)) for place in (town.municipality, other, None)
    )
    for place in (long, short, nowhere):
        talks(town, place)
    town.passes(days=100)
    forgets(town)
    kept = select(schema.conversation.c.chat, schema.conversation.c.talk).order_by(schema.conversation.c.chat)
    assert [tuple(row) for row in town.run(lambda tx: tx.rows(kept))] == [(long, "{}"), (short, ""), (nowhere, "")]


def test_where_a_conversation_is_forgotten_the_button_of_a_push_still_opens_its_door(town: Town) -> None:
    family = Family(town)
    made = family.learns(town.group())
    address = town.run(lambda tx: tx.value(select(schema.chat.c.address)))
    talks(town, chat_of(town, family.guardian))
    town.passes(days=100)
    forgets(town)

    def presses(key: str, data: str) -> str:
        town.runner.run(Intake(town.desk).take([Update(key, "web", address, Pressed(data))]))
        replies = [one.message.text for one in town.run(lambda tx: claim(tx, "web", 10)) if not one.push]
        town.run(lambda tx: tx.sql(schema.outbox.update().values(state="sent")))
        return replies[0]

    assert "Robots" in presses("web:1", f">enrollment:{made}")
    turn = select(schema.conversation.c.turn)
    assert town.run(lambda tx: tx.value(turn)) == 8, "the number of the turn goes on: older buttons are known to be old"
