"""The town as those see it who act in it: its tables, its clock, its messengers, the process of the service that runs just now."""

import json
import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from bot.domain.messages import Actor, Command, Fact, Query, Refusal, person
from bot.handlers.turn import Update
from bot.storage.tx import Doer, Tx
from bot.storage.world import WORLD
from tests.simulation.clock import Clock
from tests.simulation.founding import FIRST
from tests.simulation.house import House, Process
from tests.simulation.messengers import Messenger, Page, Phone, Post
from tests.simulation.trail import Trail
from tests.simulation.watch import Watch

T = TypeVar("T")


class Town:
    """Everything is drawn from one seed."""

    def __init__(self, seed: int, families: int = 60, quiet: float = 0.0) -> None:
        """`quiet`: how often, when time passes, weeks go by in which nobody writes."""
        self.seed, self.chance = seed, random.Random(seed)
        self.trace: deque[str] = deque(maxlen=60)
        self.shared = 0
        self.clock = Clock(FIRST)
        doers = {command: self._counted(command, doer) for command, doer in WORLD.doers.items()}
        world = replace(WORLD, doers=doers, queue=lambda tx, told: self.watch.queue(tx, told))
        impersonal = frozenset({"telegram"}) if self.chance.random() < 0.3 else frozenset()
        self.house = House(world, self.clock, random.Random(seed + 1), impersonal)
        self.post = Post(self.house, self.chance)
        self.watch = Watch(self.house, self.post)
        self.places: list[int] = []
        self.codes: list[tuple[str, str]] = []
        self.later: list[tuple[Command, Actor]] = []
        self.late: list[Update] = []
        self.acknowledged: dict[str, datetime] = {}
        """Key of an update → when it was taken."""
        self.touched: Trail = {}
        self.keys = 0
        self.process = self._starts()
        self.families, self.quiet, self.before = families, quiet, 0

    @property
    def done(self) -> Counter[str]:
        """Commands → how often each was done with success."""
        return self.house.done

    @property
    def steps(self) -> int:
        """So far, the foundation aside."""
        return self.house.commits + self.shared - self.before

    def does(self, wish: Command, me: Actor) -> Fact:
        """One command in a transaction of its own."""
        self.note("does", f"{me.role} {me.person or me.provider or me.municipality}", repr(wish)[:160])
        fact: Fact = self._run(lambda tx: tx.do(wish, me))
        self.note("  →", type(fact).__name__)
        return fact

    def asks(self, query: Query[T], me: Actor) -> T:
        return self.house.read(lambda tx: tx.read(query, me))

    def run(self, work: Callable[[Tx], T]) -> T:
        answer: T = self._run(work)
        return answer

    def _run(self, work: Callable[[Tx], Any]) -> Any:
        async def done() -> Any:
            answer = await self.process.desk.run(work)
            self.touched = self.watch.trail
            return answer

        return self.process.does(done())

    def adds(self, table: Any, **values: Any) -> int:
        """A row as it is."""
        return int(self._run(lambda tx: tx.insert(table, **values)))

    def rows(self, question: str, *values: Any) -> list[Any]:
        return self.house.rows(question, *values)

    def one(self, question: str, *values: Any) -> Any:
        """One of the rows, by chance; None if there is none."""
        rows = self.rows(question, *values)
        return self.chance.choice(rows) if rows else None

    def value(self, question: str, *values: Any) -> Any:
        return self.house.value(question, *values)

    @property
    def today(self) -> date:
        """In UTC; nobody's in particular."""
        return self.clock.now.date()

    def today_in(self, place: int) -> date:
        return self.clock.now.astimezone(self.zones[self.places.index(place)]).date()

    def enrollment(self, condition: str, *values: Any) -> dict[str, Any] | None:
        """One of those that meet the condition, one of the newest rather."""
        names = ("id", "state", "child", "group", "module", "stop", "payer", "provider")
        found = self.rows(
            'SELECT e.id, e.state, e.child, e."group", e.module, e.stop, c.municipality, p.provider FROM enrollment e '
            "JOIN certificate c ON c.id = e.certificate JOIN module m ON m.id = e.module JOIN program p ON p.id = m.program "
            f"WHERE {condition} ORDER BY e.id DESC LIMIT 40",
            *values,
        )
        return dict(zip(names, self.chance.choice(found), strict=True)) if found else None

    def guardian(self, child: int) -> Actor | None:
        """Whoever decides for a child, most times; now and then anybody who sees it."""
        found = self.rows("SELECT g.person, p.municipality FROM guardianship g JOIN person p ON p.id = g.person "
                          "WHERE g.child = ? ORDER BY g.rights <> 'full', g.id", child)  # fmt: skip
        if not found:
            return None
        return person(*(found[0] if self.chance.random() < 0.8 else self.chance.choice(found)))

    def state_of(self, phone: Phone) -> str:
        """What a chat is asked now: whoever holds the phone can read."""
        talk = self.value("SELECT t.talk FROM conversation t JOIN chat c ON c.id = t.chat WHERE c.channel = ? AND c.address = ?",
                          phone.channel, phone.address)  # fmt: skip
        return json.loads(talk)["state"]["is"] if talk else ""

    def own_doors(self, phone: Phone) -> list[str]:
        """Doors to what is theirs."""
        who = self.value("SELECT person FROM chat WHERE channel = ? AND address = ?", phone.channel, phone.address)
        children = [row[0] for row in self.rows("SELECT child FROM guardianship WHERE person = ? ORDER BY id", who)]
        doors = [
            f"{room}:{child}" for child in children for room in ("certificate", "money", "people", "child", "history")
        ]
        marks = ",".join("?" * len(children))
        for number, state in self.rows(
            f"SELECT id, state FROM enrollment WHERE child IN ({marks}) ORDER BY id", *children
        ):
            doors.append(f"enrollment:{number}")
            doors += [f"rate:{number}"] * 2 if state in ("completed", "terminated") else []
            doors += [f"renewal:{number}"] * 2 if state == "renewal_offered" else []
            doors += [f"waiting:{number}"] * 2 if state in ("waitlisted", "offered") else []
        return doors

    def seen_codes(self) -> list[str]:
        """Codes that stand on some screen."""
        return [phone.codes[-1] for phone in self.post.phones.values() if phone.codes][-6:]

    def born(self, number: str) -> date:
        day = self.value(
            "SELECT k.birth_date FROM certificate c JOIN child k ON k.id = c.child WHERE c.number = ?", number
        )
        return date.fromisoformat(day or "2017-03-14")

    # --- crashes ---

    def _starts(self) -> Process:
        post = self.post
        return Process(self.house, lambda desk: [Messenger("telegram", post), Messenger("vk", post), Page(desk, post)])

    def _starts_again(self) -> None:
        self.note("crash")
        self.process.is_gone()
        self.post.crashed()
        self.house.dead, self.house.fuse = False, None
        self.clock.passes(self.chance.choice((1, 30, 200)))
        self.process = self._starts()

    # --- how ---

    def note(self, *what: str) -> None:
        self.trace.append(f"{self.steps:>6} {self.clock.now:%Y-%m-%d %H:%M:%S} {' · '.join(what)}")

    def _counted(self, command: type[Command], doer: Doer) -> Doer:
        def does(tx: Tx, wish: Any, me: Actor) -> Fact:
            fact = doer(tx, wish, me)
            self.house.did += [command.__name__] * (not isinstance(fact, Refusal))
            return fact

        return does
