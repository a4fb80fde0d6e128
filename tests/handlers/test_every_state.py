"""Whatever comes, in whatever place of the conversation: a reply, and never an apology for a bug of ours.

A family with a certificate, a club and an event (the home of test_leaks). For each state that a chat can rest in many chats
rest in it, and each hears one kind of mischief; the same with ids that are nobody's. Then a monkey presses and writes through the bot.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import make_url, select

from bot.dialogs.codec import decode
from bot.dialogs.conversation import Heard, Pressed, Talk
from bot.dialogs.core import AnyState, Typed
from bot.dialogs.doors import DOORS
from bot.dialogs.home import Home as AtHome
from bot.dialogs.message import Message
from bot.handlers.turn import Update, take
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.conversations import save, take_seats
from bot.storage.tx import Tx
from tests.conftest import create
from tests.mischief import EVENTS, FORGED, OTHERWISE, TYPED
from tests.sample_values import IDS
from tests.stored_states.samples import sample, states
from tests.test_leaks import CHAT, Home

NOBODY = 987_654
STEPS = 120


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(database(request, tmp_path_factory.mktemp("states")))
    home.runner.run(home.open.run(chats_come))
    yield home
    home.close()


def database(request: pytest.FixtureRequest, folder: Path) -> str:
    """An empty database of this kind."""
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'home.db'}"
    import asyncio

    url: str = request.getfixturevalue("postgres")
    asyncio.run(create(url, "states"))
    return make_url(url).set(database="states").render_as_string(hide_password=False)


def chats_come(tx: Tx) -> None:
    """As many chats of the same guardian as there are kinds of mischief."""
    who = tx.value(
        select(schema.chat.c.person).where(schema.chat.c.channel == CHAT[0], schema.chat.c.address == CHAT[1])
    )
    rows = [
        {"channel": "vk", "address": str(at), "person": who, "linked_at": tx.now}
        for at in range(max(len(EVENTS), len(FORGED)))
    ]
    tx.sql(schema.chat.insert(), rows)


def hear(tx: Tx, state: AnyState, events: Sequence[Heard]) -> None:
    """Each event comes to a chat of its own that rests in this state; all in one batch, as they would from a messenger."""
    places = [("vk", str(at), "ru") for at in range(len(events))]
    (first, *_others) = seats = list(take_seats(tx, places, state).values())
    first.talk = Talk(state, (AtHome(),), turn=1)
    save(tx, [first])
    take(tx, [Update("vk:first", "vk", "0", Pressed("stale"), "ru")])
    (rests,) = take_seats(tx, places[:1], state).values()
    for seat in seats:
        seat.talk = replace(rests.talk, turn=1)
    save(tx, seats)
    take(tx, [Update(f"vk:{at}", "vk", str(at), event, "ru") for at, event in enumerate(events)])
    aside = {row.key: row.why for row in tx.rows(select(schema.set_aside.c.key, schema.set_aside.c.why))}
    assert not aside, [(aside[f"vk:{at}"], event) for at, event in enumerate(events) if f"vk:{at}" in aside][:10]
    replies = tx.rows(select(schema.outbox.c.content).where(schema.outbox.c.key.startswith("reply:vk:")))
    assert len(replies) == len(events) + 1
    assert all(decode(Message, tx.keys.decrypt(row.content), tx.keys).text.strip() for row in replies)
    lost = [seat.talk.state for seat in take_seats(tx, places, state).values() if seat.forgot]
    assert not lost, "what was stored can be loaded"


@pytest.mark.parametrize("name", states())
def test_whatever_comes_is_answered_in_every_state(home: Home, name: str) -> None:
    """Every text, as each state reads them in its own way; of all else, which hardly any state reads itself, a fifth, another one in each state.

    A dialog does not know its database: on the other one an eighth of all, another one in each state.
    """
    at = list(states()).index(name)
    all_of_it = home.open.engine.dialect.name == "sqlite"
    events = (*TYPED, *OTHERWISE[at % 5 :: 5]) if all_of_it else EVENTS[at % 8 :: 8]
    home.tries(home.open, lambda tx: hear(tx, sample(states()[name]), events))


@pytest.mark.parametrize("name", states())
def test_a_state_about_what_is_not_there_says_so(home: Home, name: str) -> None:
    about = sample(states()[name])
    ids = {
        field.name: NOBODY for field in fields(about) if field.name in IDS and type(getattr(about, field.name)) is int
    }
    home.tries(home.open, lambda tx: hear(tx, replace(about, **ids), (Pressed("1:stale"), Typed("?!"))))


def test_forged_buttons_and_doors_open_nothing_that_breaks(home: Home) -> None:
    home.tries(home.open, lambda tx: hear(tx, AtHome(), FORGED))


ANSWERS = (
    "14.03.2017",
    "Ким Пётр Ильич",
    "ул. Полярная, д. 5",
    "+7 916 123-45-67",
    "112-233-445 95",
    "anna@example.ru",
    "9",
    "роботы",
    "Дочке понравилось.",
    "Мурманск",
    "назад",
)
"""What some state waits for."""


@pytest.mark.parametrize("seed", range(4))
def test_a_monkey_presses_and_writes_through_the_bot_and_is_always_answered(home: Home, seed: int) -> None:
    home.tries(home.open, lambda tx: play(tx, Random(seed)))


def play(tx: Tx, chance: Random) -> None:
    """Mostly presses what is offered, sometimes writes an answer, sometimes mischief; now and then comes in by a door."""
    for step in range(STEPS):
        (seat,) = take_seats(tx, [(*CHAT, "ru")], AtHome()).values()
        choices = [choice for choice, _label in seat.talk.offered if choice != "<"]
        match chance.random():
            case lot if lot < 0.7 and choices:
                choice = chance.choice(choices)
                event: Heard = Pressed(choice if choice.startswith(">") else f"{seat.talk.turn}:{choice}")
            case lot if lot < 0.85:
                event = Typed(chance.choice(ANSWERS))
            case lot if lot < 0.95:
                event = chance.choice(EVENTS)
            case _:
                event = Pressed(f">{chance.choice([*DOORS])}:1")
        take(tx, [Update(f"telegram:monkey{step}", *CHAT, event, "ru")])
        aside = tx.rows(select(schema.set_aside.c.why))
        assert not aside, f"{aside} after {event} in {seat.talk.state}"
        assert tx.row(select(schema.outbox.c.id).where(schema.outbox.c.key == f"reply:telegram:monkey{step}"))
    tx.write()
    assert audit(tx) == []
