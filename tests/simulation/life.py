"""The life of a seed: families, staff, the calendar and the messengers take turns; crashes come between and in the middle.

Everything is drawn from one `random.Random(seed)`, so a seed lives the same life again. A step is a transaction, or one of the updates that share
a transaction: after each, what it has touched is checked.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError

from bot.dialogs.conversation import Pressed
from bot.handlers.turn import Answered, Blocked, Returned, Update
from bot.storage.transcript import mark_read, said
from bot.storage.tx import Tx
from tests.simulation import agreement
from tests.simulation.clubs import Clubs
from tests.simulation.family import Family
from tests.simulation.founding import Founding
from tests.simulation.house import AT_COMMIT, Bug, Crash, Violation, outage
from tests.simulation.imports import Imports
from tests.simulation.office import Office
from tests.simulation.parents import EAGER, Parents
from tests.simulation.staff import Staff
from tests.simulation.town import Town

T = TypeVar("T")
EVERYTHING_EVERY = 1_000
LONG = 5_000
"""Steps in which there has been something of everything that is checked."""
GIVES_UP = timedelta(days=2)
"""No messenger repeats an update for longer; the service remembers them for a month (R9.4)."""


class Life(Town):
    """One seed."""

    # --- what happens ---

    def lives(self, steps: int, progress: Callable[[int], None] = lambda steps: None) -> "Life":
        """So many steps and the end, when everything that is on its way arrives. AssertionError with the trace if anything is wrong."""
        self.wanted = steps
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
        self.parents, self.family = Parents(self), Family(self)
        self.staff, self.clubs = Staff(self, founding), Clubs(self)
        self.office, self.imports = Office(self), Imports(self)
        self.zones = [ZoneInfo(zone) for (zone,) in self.rows("SELECT zone FROM municipality ORDER BY id")]
        self.before = self.house.commits

    def _happens(self) -> None:
        deeds = (
            self._somebody_writes,
            self.parents.acts,
            self.family.acts,
            self.staff.acts,
            self.clubs.acts,
            self.office.acts,
            self.imports.acts,
            self._time_passes,
            self._sends,
            self._comes_late,
            self._wish_comes_late,
            self._meets_a_bug,
        )
        deed = self.chance.choices(deeds, (16, 24, 6, 21, 4, 1.5, 1.2, 4, 6, 4, 1, 2))[0]
        try:
            if self.chance.random() < 0.003:
                self._dies_everywhere(self._somebody_writes)
            else:
                self._may_die(deed)
        except Crash:
            self._starts_again()

    def _may_die(self, deed: Callable[[], None], share: float = 0.07) -> None:
        """Or the database fails for a moment."""
        if self.chance.random() < share:
            self.house.blows = self.chance.choices((Crash, outage), (3, 1))[0]
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

    def _meets_a_bug(self) -> None:
        """Somebody wishes something, and in the middle of it is a defect: the wish is undone whole, and apologised for."""
        wishing = [
            (phone, data)
            for phone in self.post.phones.values()
            for data in phone.keys
            if data.partition(":")[2].partition(":")[0] in EAGER
        ]
        if wishing:
            phone, data = self.chance.choice(wishing)
            self.keys += 1
            self.house.blows, self.house.fuse = Bug, self.chance.randrange(10, 50)
            self._taken([Update(f"{phone.channel}:{self.keys}", phone.channel, phone.address, Pressed(data))])

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
        by_senders = {id for (id,) in self.rows("SELECT id FROM outbox WHERE key LIKE '%:full'")}
        effects = [
            step
            for what, steps in self.touched.items()
            for step in steps
            if what != "outbox" or (step.old is None and step.id not in by_senders)
        ]
        if (
            not fresh and effects
        ):  # senders may share the transaction: they write how their rows fare, and what goes elsewhere in full
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
        self.post.slept()
        if self.quiet and self.chance.random() < self.quiet:
            self._weeks_pass()
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

    def _weeks_pass(self) -> None:
        """A summer: the calendar is alone."""
        for _day in range(self.chance.randrange(20, 70)):
            self.clock.passes(86_400)
            self._calendar()
            self._sends()

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
        if self.steps >= LONG and (blind := self.watch.blind()):
            raise Violation(f"all these steps, and never {blind}")


class Found(AssertionError):
    """Something is wrong: what, how to live it again, and the last steps before it."""

    def __init__(self, life: Life, wrong: BaseException) -> None:
        self.seed, self.steps, self.wrong = life.seed, life.steps, wrong
        what = f"{type(wrong).__name__}: {wrong}"
        town = f"--seed {life.seed} --families {life.families} --quiet {life.quiet}"
        again = f'make simulate ARGS="{town} --steps {life.wanted}"'
        super().__init__("\n".join([what, *life.trace, f"seed {life.seed}, step {life.steps}: {what}", again]))
