"""The life of a seed: families, staff, the calendar and the messengers take turns; crashes come between and in the middle.

Everything is drawn from one `random.Random(seed)`, so a seed lives the same life again. A step is a transaction, or one of the updates that share
a transaction: after each, what it has touched is checked.
"""

import asyncio
import json
import random
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError

from bot.domain.messages import Actor, Command, Fact, Query, Refusal
from bot.handlers.turn import Answered, Blocked, Returned, Update
from bot.storage.desk import Doer, Tx
from bot.storage.transcript import mark_read, said
from bot.storage.world import WORLD
from tests.simulation import agreement
from tests.simulation.clock import Clock
from tests.simulation.founding import FIRST, Founding
from tests.simulation.house import AT_COMMIT, Bug, Crash, House, Process, Violation, outage
from tests.simulation.messengers import Messenger, Page, Phone, Post
from tests.simulation.parents import Parents
from tests.simulation.staff import Staff
from tests.simulation.trail import Trail
from tests.simulation.watch import Watch

T = TypeVar("T")
EVERYTHING_EVERY = 1_000
GIVES_UP = timedelta(days=2)
"""No messenger repeats an update for longer; the service remembers them for a month (R9.4)."""


class Life:
    """One seed."""

    def __init__(self, seed: int, families: int = 60) -> None:
        self.seed, self.chance = seed, random.Random(seed)
        self.trace: deque[str] = deque(maxlen=60)
        self.done: Counter[str] = Counter()
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
        self.families, self.before = families, 0

    @property
    def steps(self) -> int:
        """So far, the foundation aside."""
        return self.house.commits + self.shared - self.before

    # --- what happens ---

    def lives(self, steps: int, progress: Callable[[int], None] = lambda steps: None) -> "Life":
        """So many steps and the end, when everything that is on its way arrives. AssertionError with the trace if anything is wrong."""
        try:
            self._is_founded()
            checked = 0
            while self.steps < steps:
                self._happens()
                if self.steps // EVERYTHING_EVERY > checked:
                    checked = self.steps // EVERYTHING_EVERY
                    self._everything()
                    progress(self.steps)
            self._ends()
        except (Exception, Violation) as wrong:
            raise Found(self, wrong) from wrong
        finally:
            self.house.dead = True
            self.process.is_gone()
        return self

    def _is_founded(self) -> None:
        founding = Founding(self, self.families)
        self.parents, self.staff = Parents(self), Staff(self, founding)
        self.zones = [ZoneInfo(zone) for (zone,) in self.rows("SELECT zone FROM municipality ORDER BY id")]
        self.before = self.house.commits

    def _happens(self) -> None:
        deeds = (
            self._somebody_writes,
            self.parents.acts,
            self.staff.acts,
            self._time_passes,
            self._sends,
            self._comes_late,
            self._wish_comes_late,
        )
        deed = self.chance.choices(deeds, (16, 24, 24, 4, 6, 4, 1))[0]
        try:
            if self.chance.random() < 0.003:
                self._dies_everywhere(self._somebody_writes)
            else:
                self._may_die(deed)
        except Crash:
            self._starts_again()

    def _may_die(self, deed: Callable[[], None], share: float = 0.07) -> None:
        """Or the database fails for a moment; or, in a turn, there is a bug."""
        if self.chance.random() < share:
            self.house.blows = self.chance.choices((Crash, outage, Bug), (6, 2, deed == self._somebody_writes))[0]
            self.house.fuse = self.chance.randrange(self.chance.choice((8, AT_COMMIT, 300)))
            self.note(f"{self.house.blows.__name__} after {self.house.fuse} statements")
        try:
            deed()
        except OperationalError:
            self.note("the database failed")  # whoever wished it is told, and nothing has happened
        finally:
            self.house.fuse, self.house.blows = None, Crash

    def _dies_everywhere(self, deed: Callable[[], None]) -> None:
        """At the first statement, and again at the second, …, behind the COMMIT: each time the update comes again."""
        for statement in range(3 * AT_COMMIT):
            self.house.fuse = statement
            try:
                deed()
            except Crash:
                self._starts_again()
                deed = self._comes_late
            else:
                break
        self.house.fuse = None

    def _somebody_writes(self) -> None:
        """An update or a few, of one chat or of several, perhaps the same one twice."""
        phones = list(self.post.phones.values())
        batch = []
        for _each in range(self.chance.choice((1, 1, 2, 4, 8, 16))):
            if self.chance.random() < 0.004:
                phone = self.post.phone(self.chance.choice(("telegram", "vk", "web")), f"n{self.keys}")
            else:
                phone = self.chance.choice(phones[-80:] if self.chance.random() < 0.5 else phones)
            heard = self.parents.hears(phone)
            self.keys += 1
            tapped = phone.ref if phone.channel != "web" else ""
            batch.append(Update(f"{phone.channel}:{self.keys}", phone.channel, phone.address, heard, "ru", tapped))
        if self.chance.random() < 0.08:
            self.late.append(batch.pop())
        if batch and self.chance.random() < 0.1:
            batch.append(self.chance.choice(batch))
        self._taken(batch)
        if batch and self.chance.random() < 0.06:
            self.late.append(self.chance.choice(batch))

    def _comes_late(self) -> None:
        """What was not acknowledged before a crash, what was held up, what is delivered twice."""
        batch, self.late = self.late[:8], self.late[8:]
        self._taken(
            [
                update
                for update in batch
                if self.clock.now - self.acknowledged.get(update.key, self.clock.now) < GIVES_UP
            ]
        )

    def _taken(self, batch: Sequence[Update]) -> None:
        if not batch:
            return
        self.note("taken", *(f"{update.key} {update.address} {update.heard!r:.60}" for update in batch))
        fresh = {update.key: update for update in batch if update.key not in self.acknowledged}

        try:
            answers = self.process.does(self._brings(batch))
        except Crash:
            self.late[:0] = batch
            raise
        except OperationalError:
            self.late[:0] = batch
            return
        self.shared += len(batch) - 1
        if [answer.key for answer in answers] != [update.key for update in batch]:
            raise Violation("an update was not acknowledged")
        effects = [
            step for what, steps in self.touched.items() for step in steps if what != "outbox" or step.old is None
        ]
        if not fresh and effects:  # senders may share the transaction, and write down how their rows fare
            raise Violation(f"a repeated update changed {effects}")
        for key, update in fresh.items():
            replies = self.rows("SELECT state FROM outbox WHERE key = ?", f"reply:{key}")
            if len(replies) != (not isinstance(update.heard, Blocked | Returned)):
                raise Violation(f"{key} has {len(replies)} replies")
        self.acknowledged.update(dict.fromkeys(fresh, self.clock.now))

    async def _brings(self, batch: Sequence[Update]) -> list[Answered]:
        """In one piece, as a poll does, or one by one at the same time, as webhooks do; the web's page also keeps what was said."""
        intake = self.process.intake
        keep = [update for update in batch if update.channel == "web"]

        def also(tx: Tx) -> None:
            for update in keep:
                said(tx, update.address, update.key, "…")

        if self.chance.random() < 0.6:
            answered = list(await intake.take(batch, ("vk:ts", batch[-1].key), also))
        else:
            pieces = await asyncio.gather(*(intake.take([update]) for update in batch))
            answered = [answer for piece in pieces for answer in piece]
        self.touched = self.watch.trail
        return answered

    def _time_passes(self) -> None:
        """Minutes, hours, days; now and then to the very border of a local day. Then the calendar comes, or it is down."""
        luck = self.chance.random()
        if luck < 0.45:
            self.clock.passes(self.chance.randrange(60, 30_000))
        elif luck < 0.7:
            zone = self.chance.choice(self.zones)
            tomorrow = self.clock.now.astimezone(zone).date() + timedelta(days=1)
            if self.chance.random() < 0.3:
                tomorrow = (tomorrow.replace(day=1) + timedelta(days=32)).replace(day=1)
                tomorrow = min(tomorrow, self.today + timedelta(days=9))
            seconds = self.chance.choice((-2, 0, 1, 180))
            self.clock.comes(datetime.combine(tomorrow, time(), zone) + timedelta(seconds=seconds))
        else:
            self.clock.passes(86_400 * self.chance.choice((0.7, 1, 1, 2, 4)) + self.chance.randrange(3_600))
        if self.chance.random() < 0.75:
            self._calendar()

    def _calendar(self) -> bool:
        self.note("calendar")
        return self.process.lives()

    def _sends(self) -> None:
        self.note("senders")
        self.process.sends(self.chance.choices((0.4, 1.5, 20.0), (6, 3, 0.3))[0])
        for phone in self.post.phones.values():
            if phone.channel == "web" and self.chance.random() < 0.05:
                self._run(lambda tx, phone=phone: mark_read(tx, phone.address, 2**40))
                break

    def _wish_comes_late(self) -> None:
        if self.later:
            self.does(*self.later.pop(self.chance.randrange(len(self.later))))

    # --- crashes ---

    def _starts(self) -> Process:
        post = self.post
        return Process(self.house, lambda desk: [Messenger("telegram", post), Messenger("vk", post), Page(desk, post)])

    def _starts_again(self) -> None:
        self.note("crash")
        self.process.is_gone()
        self.watch.told.clear()
        self.post.crashed()
        self.house.dead, self.house.fuse = False, None
        self.clock.passes(self.chance.choice((1, 30, 200)))
        self.process = self._starts()

    # --- checks ---

    def _everything(self) -> None:
        lived = False
        while not lived:
            lived = self._calendar()
            self.clock.passes(0 if lived else 130)
        agreement.agrees(self.house, self.post, True)

    def _ends(self) -> None:
        """Everybody is well; what waits is taken and sent; then all is told again."""
        self.post.calm = True
        while self.late:
            self._comes_late()
        self._everything()
        for _quarter in range(12):
            self.process.sends(4.0)
            self.clock.passes(4 * 3_600)
        agreement.delivered(self.house, self.post)
        self._everything()

    # --- for those who act ---

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

    # --- how ---

    def note(self, *what: str) -> None:
        self.trace.append(f"{self.steps:>6} {self.clock.now:%Y-%m-%d %H:%M:%S} {' · '.join(what)}")

    def _counted(self, command: type[Command], doer: Doer) -> Doer:
        def does(tx: Tx, wish: Any, me: Actor) -> Fact:
            fact = doer(tx, wish, me)
            self.done[command.__name__] += not isinstance(fact, Refusal)
            return fact

        return does


class Found(AssertionError):
    """Something is wrong: what, how to live it again, and the last steps before it."""

    def __init__(self, life: Life, wrong: BaseException) -> None:
        self.seed, self.steps, self.wrong = life.seed, life.steps, wrong
        what = f"{type(wrong).__name__}: {wrong}"
        again = f'make simulate ARGS="--seed {life.seed} --steps {life.steps + 1}"'
        super().__init__("\n".join([what, *life.trace, f"seed {life.seed}, step {life.steps}: {what}", again]))
