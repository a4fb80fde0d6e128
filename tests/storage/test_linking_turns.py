"""Linking as it happens in the chats: whole turns, on both databases; and two people at once."""

import asyncio
from typing import Any

from sqlalchemy import select

from bot.dialogs.codec import decode
from bot.dialogs.conversation import Pressed
from bot.dialogs.core import Started, Typed
from bot.dialogs.message import Message
from bot.domain.family import CutGuardian, MyChildren
from bot.domain.linking import CodeKind, LinkCodeMade, MakeLinkCode, UseLinkCode
from bot.domain.messages import Command, Fact
from bot.handlers.turn import Update, take
from bot.storage import schema
from bot.storage.desk import Desk
from tests.storage.town import Town


class Chat:
    """A chat that talks through whole turns and shows the last reply."""

    def __init__(self, town: Town, address: str) -> None:
        self.town, self.address, self.count = town, address, 0

    def hears(self, heard: Any) -> str:
        """Takes one update; the reply's text."""
        self.count += 1
        update = Update(f"{self.address}:{self.count}", "web", self.address, heard, "en")
        self.town.run(lambda tx: take(tx, [update]))
        return self.last().text

    def taps(self, label: str) -> str:
        """Presses the button of the last reply whose label begins so."""
        (data,) = [key.data for row in self.last().rows for key in row if key.label.startswith(label)]
        return self.hears(Pressed(data))

    def last(self) -> Any:
        """The last reply."""
        outbox, chat = schema.outbox, schema.chat

        def read(tx: Any) -> Any:
            content = tx.value(
                select(outbox.c.content)
                .join(chat, chat.c.id == outbox.c.chat)
                .where(outbox.c.kind == "reply", chat.c.address == self.address)
                .order_by(outbox.c.id.desc())
                .limit(1)
            )
            return decode(Message, tx.keys.decrypt(content), tx.keys)

        return self.town.run(read)

    @property
    def person(self) -> int:
        """Whose chat it is now."""
        query = select(schema.chat.c.person).where(schema.chat.c.address == self.address)
        return int(self.town.run(lambda tx: tx.value(query)))


def code(town: Town, kind: CodeKind, me: int, child: int = 0) -> str:
    made = town.does(MakeLinkCode(kind, child), me)
    assert isinstance(made, LinkCodeMade)
    return made.code


def test_a_new_chat_becomes_the_guardians_own_within_its_turn(town: Town):
    mother = town.person()
    town.child(mother, first_name="Anna", surname="Petrova")
    chat = Chat(town, "new")
    said = chat.hears(Started("link_" + code(town, CodeKind.CHANNEL, mother)))
    assert "You made this code in another chat?" in said
    assert chat.person != mother

    assert "Both chats are yours now" in chat.taps("Yes, it is me")
    assert chat.person == mother
    assert "Anna Petrova" in chat.hears(Pressed(">children"))


def test_a_grandparent_joins_from_the_very_first_message(town: Town):
    mother = town.person()
    town.child(mother, first_name="Anna", surname="Petrova")
    town.adds(schema.municipality, code="apt", name="Apatity", zone="Europe/Moscow", number_prefix="5102")
    (child,) = [seen.id for seen in town.asks(MyChildren(), mother)]
    chat = Chat(town, "grandmother")
    said = chat.hears(Started("link_" + code(town, CodeKind.READ, mother, child)))
    assert "Do you agree?" in said
    assert "Anna" not in said
    assert "see everything about Anna" in chat.taps("I agree")
    assert "Anna Petrova, 9 years old" in chat.taps("Yes, join")
    assert [who for who, _kind, _values in town.notices("GuardianJoined")] == [mother]


def test_a_wrong_code_in_a_chat_counts_and_blocks(town: Town):
    mother = town.person()
    child = town.child(mother)
    word = code(town, CodeKind.READ, mother, child)
    chat = Chat(town, "guesser")
    chat.hears(Started("link"))
    chat.taps("Enter a code")
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try", "for an hour"):
        assert left in chat.hears(Typed("AAAA-AAAA"))
    assert "try again in 60 minutes" in chat.hears(Typed(word))


def at_once(town: Town, *wishes: tuple[Command, int]) -> list[str]:
    """Each wish through a desk of its own, as two processes would; the facts' names in order."""

    async def all_of_them() -> list[Fact]:
        desks = [Desk(town.engine, town.desk.world, town.desk.keys, lambda: town.now) for _wish in wishes]
        doing = (desk.do(command, town.actor(me)) for desk, (command, me) in zip(desks, wishes, strict=True))
        return list(await asyncio.gather(*doing))

    return sorted(type(fact).__name__ for fact in town.runner.run(all_of_them()))


def test_two_people_with_one_code_at_once_only_one_joins(town: Town):
    mother, father, friend = town.person(), town.person(), town.person()
    word = code(town, CodeKind.GUARDIAN, mother, town.child(mother))
    assert at_once(town, (UseLinkCode(word), father), (UseLinkCode(word), friend)) == ["CodeRefused", "GuardianJoined"]


def test_two_guardians_cutting_each_other_at_once_leave_one(town: Town):
    mother, father = town.person(), town.person()
    child = town.child(mother, father)
    wishes = ((CutGuardian(child, father), mother), (CutGuardian(child, mother), father))
    assert at_once(town, *wishes) == ["GuardianCut", "NotYours"]
    assert len(town.run(lambda tx: tx.rows(select(schema.guardianship)))) == 1
