"""What a run is asked afterwards: was anything lost, done twice, said twice or out of order? Told by the database and by the servers."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bot.storage import schema
from bot.storage.tx import Tx
from tests.crash.house import House
from tests.crash.parents import Parent, at_turn, step_of
from tests.crash.shown import Compared, Shown, compared

CHANNELS = ("telegram", "vk")
IN_FLIGHT = 8
"""Messages that Telegram may hear twice for each kill: what was on its way (it knows no idempotent send)."""


@dataclass
class Report:
    """`figures` are told, `faults` must be 0."""

    figures: dict[str, float] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        return not any(self.faults.values())

    def lines(self) -> Iterator[str]:
        for name, figure in self.figures.items():
            yield f"{name:<46} {figure:>10g}"
        for name, number in self.faults.items():
            yield f"{name:<46} {number:>10}{'' if not number else '  !'}"


async def count(house: House, uncertain: int = 0) -> Report:
    """Everything of a run that has settled. `uncertain`: faults after which Telegram may rightly hear a message twice."""
    report = Report()
    effects = await house.desk.look(lambda tx: Effects(tx, house.parents))
    replies = [_replies(house, parent) for parent in house.parents]
    pushes = [(where, found) for parent in house.parents for where, found in _pushes(house, parent, effects)]
    both = [(parent.family.actor[0], found) for parent, found in zip(house.parents, replies, strict=True)] + pushes
    doubled = {
        channel: sorted(at for where, one in both if where == channel for at in one.doubled) for channel in CHANNELS
    }
    taps = sum(len(set(found.lost) & set(parent.tapped)) for found, parent in zip(replies, house.parents, strict=True))
    report.figures = {
        "lives": house.lives,
        "killed": len(house.kills),
        "updates fed": sum(len(parent.keys) for parent in house.parents),
        "of them taps": sum(len(parent.tapped) for parent in house.parents),
        "of them moving money": effects.wished,
        "pushes due": sum(found.due for _where, found in pushes),
        "messages doubled on Telegram": len(doubled["telegram"]),
        "at most for one kill": max(for_each_kill(doubled["telegram"], house.kills)),
        "spinners that nobody stopped (best effort)": len(house.telegram.queries) + len(house.vk.taps),
    }
    report.faults = {
        "updates without effect": effects.missing,
        "effects twice": effects.twice,
        "taps without an answer": taps,
        "other answers lost": sum(len(found.lost) for found in replies) - taps,
        "pushes lost": sum(len(found.lost) for _where, found in pushes),
        "messages doubled on VK": len(doubled["vk"]),
        "doubled on Telegram above 8 a kill": too_many(doubled["telegram"], house.kills, uncertain),
        "out of order in their chat": sum(len(found.disordered) for _where, found in both),
        "messages that nobody expected": sum(len(found.strange) for _where, found in both),
        "updates set aside, messages failed": effects.failed,
    }
    return report


def _replies(house: House, parent: Parent) -> Compared:
    channel = parent.family.actor[0]

    def is_it(shown: Shown, number: int) -> bool:
        return at_turn(shown.seen, number + 1) == house.answers[step_of(number)]

    shown = [one for one in house.galleries[channel].of(parent.person.id) if one.seen[0] not in house.told_too]
    return compared(len(parent.keys), is_it, shown)


def _pushes(house: House, parent: Parent, effects: "Effects") -> Iterator[tuple[str, Compared]]:
    """Of each enrollment the other guardian is told all, the one who acted what is beside the answers; when it was given back, that too."""
    for (channel, number), texts in ((parent.family.listener, house.told), (parent.family.actor, house.told_too)):
        due = [
            (text, id)
            for id, over in effects.enrollments[parent.family.child]
            for text in texts
            if over or text == house.told[0]
        ]

        def is_it(shown: Shown, number: int, due: list[tuple[str, int]] = due) -> bool:
            text, buttons = shown.seen
            return text == due[number][0] and f">enrollment:{due[number][1]}" in buttons

        known = [one for one in house.galleries[channel].of(number) if one.seen[0] in house.told]
        yield channel, compared(len(due), is_it, known)


def for_each_kill(doubled: Sequence[float], kills: Sequence[float]) -> list[int]:
    """How much of what was said twice was said, the first time, in each life; the last life was not killed."""
    lives = [0] * (len(kills) + 1)
    for at in doubled:
        lives[bisect(kills, at)] += 1
    return lives


def too_many(doubled: Sequence[float], kills: Sequence[float], uncertain: int) -> int:
    """By how many the repeats exceed what each kill, and ambiguous faults, allow."""
    *killed, last = for_each_kill(doubled, kills)
    return max(0, sum(max(0, number - IN_FLIGHT) for number in killed) + last - uncertain)


class Effects:
    """What the database says that the updates did."""

    def __init__(self, tx: Tx, parents: Sequence[Parent], in_order: bool = True) -> None:
        self.missing = self.twice = self.wished = 0
        self.enrollments: dict[int, list[tuple[int, bool]]] = {}
        taken = set(tx.sql(select(schema.seen_update.c.key)).scalars())
        answered = set(tx.sql(select(schema.outbox.c.key).where(schema.outbox.c.kind == "reply")).scalars())
        turns = {
            (row.channel, row.address): row.turn
            for row in tx.rows(
                select(schema.chat.c.channel, schema.chat.c.address, schema.conversation.c.turn).join(
                    schema.conversation, schema.conversation.c.chat == schema.chat.c.id
                )
            )
        }
        for parent in parents:
            channel, number = parent.family.actor
            self._compare(turns.get((channel, str(number)), 0), len(parent.keys))
            self.missing += sum(key not in taken for key in parent.keys)
            self.missing += sum(f"reply:{key}" not in answered for key in parent.keys)
            if in_order:
                self._money(tx, parent)
        self.failed = int(
            tx.value(select(func.count()).select_from(schema.outbox).where(schema.outbox.c.state != "sent"))
        ) + int(tx.value(select(func.count()).select_from(schema.set_aside)))

    def _money(self, tx: Tx, parent: Parent) -> None:
        """Each «send» has put money aside once, each «yes» has brought it back once, for an enrollment of its own."""
        table, moved = schema.enrollment, schema.transfer
        sent, back = parent.count("send"), parent.count("yes")
        rows = tx.rows(
            select(table.c.id, table.c.state).where(table.c.child == parent.family.child).order_by(table.c.id)
        )
        self.enrollments[parent.family.child] = [(row.id, row.state == "withdrawn") for row in rows]
        self._compare(len(rows), sent)
        self._compare(sum(row.state == "withdrawn" for row in rows), back)
        whys = list(tx.sql(select(moved.c.why).where(moved.c.about.in_([row.id for row in rows]))).scalars())
        self._compare(whys.count("reserve"), sent)
        self._compare(len(whys) - whys.count("reserve"), back)
        self.wished += sent + back

    def _compare(self, is_so: int, should: int) -> None:
        self.missing += max(0, should - is_so)
        self.twice += max(0, is_so - should)
