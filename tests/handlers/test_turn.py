"""A turn on a real database: once for each update, whole or not at all, and never in silence."""

import json
from collections.abc import Sequence
from time import monotonic

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from bot.dialogs import home
from bot.dialogs.conversation import Pressed
from bot.dialogs.core import Started, Typed
from bot.domain.home import HomeNews
from bot.domain.messages import Actor, Fact
from bot.domain.settings import SetLanguage
from bot.handlers import intake
from bot.handlers.intake import Intake
from bot.handlers.turn import Answered, Blocked, Returned, Update
from bot.notifications.delivery import Delivery
from bot.storage import schema
from bot.storage.due import claim
from bot.storage.outbox import take_up
from bot.storage.tx import Tx
from bot.storage.world import WORLD
from tests.storage.town import Town


def brings(town: Town, *updates: Update) -> Sequence[Answered]:
    async def take() -> Sequence[Answered]:
        return await Intake(town.desk).take(updates)

    return town.runner.run(take())


def said(town: Town, channel: str = "telegram") -> list[str]:
    """What waits to be sent there, as the sender would take it."""
    return [delivery.message.text for delivery in town.run(lambda tx: claim(tx, channel, 100))]


def hello(key: str = "telegram:1", address: str = "7", language: str = "en") -> Update:
    return Update(key, "telegram", address, Started(), language)


def test_a_newcomer_is_greeted_whatever_they_say_first(town: Town) -> None:
    brings(town, Update("telegram:1", "telegram", "7", Typed("what is this?"), "en"))
    (greeting,) = said(town)
    assert "Hello!" in greeting
    assert "What would you like to do?" in greeting or "certificate pays" in greeting


def test_the_desk_knows_when_somebody_has_last_talked(town: Town) -> None:
    began = monotonic()
    assert town.desk.last_turn < began
    brings(town, hello())
    assert began <= town.desk.last_turn <= monotonic()


def test_an_update_that_comes_twice_is_taken_once(town: Town) -> None:
    brings(town, hello())
    brings(town, hello())
    brings(town, hello("telegram:2", "8"), hello("telegram:2", "8"))
    assert len(said(town)) == 2


def test_the_order_inside_a_chat_is_kept_when_updates_are_taken_together(town: Town) -> None:
    brings(
        town,
        hello(),
        Update("telegram:2", "telegram", "7", Typed("help")),
        Update("telegram:3", "telegram", "7", Typed("back")),
    )
    rows = town.run(lambda tx: tx.rows(select(schema.outbox.c.key).order_by(schema.outbox.c.id)))
    assert [row.key for row in rows] == ["reply:telegram:1", "reply:telegram:2", "reply:telegram:3"]


def test_replies_go_from_hand_to_hand_where_their_sender_is_and_are_taken_up_after_a_crash(town: Town) -> None:
    handed: list[Delivery] = []
    town.desk.hand_to("telegram", handed.extend)
    brings(town, hello(), Update("telegram:2", "telegram", "7", Typed("help")), Update("web:1", "web", "7", Started()))
    assert [(one.key, one.address) for one in handed] == [("reply:telegram:1", "7"), ("reply:telegram:2", "7")]
    assert said(town) == []
    assert len(said(town, "web")) == 1
    town.run(lambda tx: take_up(tx, "telegram"))
    assert said(town) == [one.message.text for one in handed]


def test_a_reply_does_not_overtake_one_that_waits_to_be_claimed(town: Town) -> None:
    handed: list[Delivery] = []
    brings(town, hello())
    town.desk.hand_to("telegram", handed.extend)
    brings(town, Update("telegram:2", "telegram", "7", Typed("help")), hello("telegram:3", "8"))
    assert [one.key for one in handed] == ["reply:telegram:3"]


def test_a_bug_undoes_its_own_update_only_and_apologises(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_about: object) -> None:
        raise ZeroDivisionError

    brings(town, hello(), hello("telegram:2", "8"))
    said(town)
    monkeypatch.setattr(home.Help, "show", breaks)
    brings(
        town, Update("telegram:3", "telegram", "7", Typed("help")), Update("telegram:4", "telegram", "8", Typed("menu"))
    )
    aside = town.run(lambda tx: tx.rows(select(schema.set_aside)))
    assert [(row.key, row.why.split()[0]) for row in aside] == [("telegram:3", "ZeroDivisionError")]
    town.run(lambda tx: tx.sql(schema.outbox.update().values(state="queued")))
    texts = said(town)
    town.run(lambda tx: tx.sql(schema.outbox.update().where(schema.outbox.c.state == "sending").values(state="sent")))
    texts += said(town)
    assert sum("Something went wrong" in text for text in texts) == 1


def test_what_a_wish_had_changed_is_undone_with_the_turn_that_met_a_bug(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    does, broken = WORLD.doers[SetLanguage], []

    def breaks_the_first(tx: Tx, wish: SetLanguage, me: Actor) -> Fact:
        fact = does(tx, wish, me)
        if not broken:
            broken.append(me.person)
            raise ZeroDivisionError
        return fact

    monkeypatch.setitem(WORLD.doers, SetLanguage, breaks_the_first)
    chats = ("7", "8")
    for turn, tapped in enumerate(("", ">settings", "2:language", "3:language:ru")):
        brings(town, *(Update(f"telegram:{turn}{chat}", "telegram", chat, Pressed(tapped), "en") for chat in chats))
    languages = select(schema.chat.c.address, schema.person.c.language).join(schema.person)
    told = {row.address: row.language for row in town.run(lambda tx: tx.rows(languages))}
    assert len(broken) == 1 and told == {"7": "en", "8": "ru"}


def test_a_database_in_trouble_is_tried_again_and_nothing_is_lost(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = intake.take
    troubles = [OperationalError("INSERT", {}, Exception("disk I/O error"))] * 2

    def sometimes(tx: object, batch: object) -> list[Answered]:
        if troubles:
            raise troubles.pop()
        return taken(tx, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "take", sometimes)
    assert brings(town, hello()) == [Answered("telegram:1")]
    assert len(said(town)) == 1


def test_a_lasting_trouble_is_not_acknowledged(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(tx: object, batch: object) -> list[Answered]:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(intake, "take", never)
    with pytest.raises(OperationalError):
        brings(town, hello())


def test_a_parent_who_has_blocked_the_bot_is_not_written_to(town: Town) -> None:
    brings(town, hello(), Update("telegram:2", "telegram", "7", Blocked()))
    assert said(town) == []
    brings(town, Update("telegram:3", "telegram", "7", Typed("menu")))
    assert len(said(town)) == 1


def test_a_stored_place_that_cannot_be_loaded_becomes_home_with_an_apology(town: Town) -> None:
    brings(town, hello())
    broken = json.dumps({"state": {"is": "NoSuchState"}, "turn": 4})
    town.run(lambda tx: tx.sql(schema.conversation.update().values(talk=broken, turn=4)))
    town.run(lambda tx: tx.sql(schema.outbox.delete()))
    brings(town, Update("telegram:2", "telegram", "7", Pressed("4:x")))
    (text,) = said(town)
    assert "we have lost the place" in text


def test_a_forged_tap_shows_the_present_screen(town: Town) -> None:
    brings(town, hello())
    (answered,) = brings(town, Update("telegram:2", "telegram", "7", Pressed("1:drop table")))
    assert "earlier screen" in answered.popup


def test_the_position_of_a_messenger_is_stored_with_its_updates(town: Town) -> None:
    async def story() -> str | None:
        intake = Intake(town.desk)
        await intake.take([hello()], position=("vk:ts", "17"))
        await intake.take([], position=("vk:ts", "18"))
        return await intake.position("vk:ts")

    assert town.runner.run(story()) == "18"


def test_a_repeat_inside_a_batch_does_not_change_the_order(town: Town) -> None:
    first, second = hello(), Update("telegram:2", "telegram", "7", Typed("help"))
    brings(town, first, second, first)
    rows = town.run(lambda tx: tx.rows(select(schema.outbox.c.key).order_by(schema.outbox.c.id)))
    assert [row.key for row in rows] == ["reply:telegram:1", "reply:telegram:2"]


def test_a_parent_who_lets_the_bot_in_again_gets_what_waited(town: Town) -> None:
    brings(town, hello(), Update("telegram:2", "telegram", "7", Blocked()))
    brings(town, Update("telegram:3", "telegram", "7", Returned()))
    dead = town.run(lambda tx: tx.value(select(schema.chat.c.dead_at)))
    assert dead is None


def test_a_statement_that_fails_is_a_bug_of_its_own_update_only(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def asks_nonsense(tx: Tx, _query: object, _me: object) -> None:
        tx.sql(text("SELECT nothing FROM nowhere"))

    brings(town, hello(), hello("telegram:2", "8"))
    said(town)
    monkeypatch.setitem(WORLD.readers, HomeNews, asks_nonsense)
    brings(
        town, Update("telegram:3", "telegram", "7", Typed("menu")), Update("telegram:4", "telegram", "8", Typed("help"))
    )
    aside = town.run(lambda tx: tx.rows(select(schema.set_aside)))
    assert [row.key for row in aside] == ["telegram:3"]
    waiting = select(schema.outbox.c.key).where(schema.outbox.c.state == "queued").order_by(schema.outbox.c.id)
    assert [row.key for row in town.run(lambda tx: tx.rows(waiting))] == ["reply:telegram:3", "reply:telegram:4"]
