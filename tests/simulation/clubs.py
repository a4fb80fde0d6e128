"""What a provider does with its own catalogue and its bills, and what its municipality does with these (0039, R5.10)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from bot.domain import bill as bills
from bot.domain import catalogue_staff as catalogue
from bot.domain.calendar import Month
from bot.domain.catalogue import Direction, Registry
from bot.domain.lessons import Lesson
from bot.domain.messages import operator
from bot.domain.messages import provider as provider_of
from bot.domain.money import Money


class Clubs:
    """Each deed picks what it is about from the tables, wishes it, and looks no further."""

    def __init__(self, town: Any) -> None:
        self.town, self.chance = town, town.chance

    def acts(self) -> None:
        """One deed."""
        deeds = list(DEEDS)
        self.chance.choices(deeds, [DEEDS[deed] for deed in deeds])[0](self)

    def changes_a_group(self) -> None:
        """Seats, days, hours; most of it is refused now and then, because somebody learns there."""
        found = self.town.one('SELECT g.id, p.provider FROM "group" g JOIN module m ON m.id = g.module JOIN program p ON p.id = m.program '
                          "ORDER BY g.id DESC LIMIT 12")  # fmt: skip
        me = provider_of(found[1])
        tree = self.town.asks(catalogue.OneTree("group", found[0]), me)
        its = next(each for part in tree.modules for each in part.groups if each.id == found[0])
        days = timedelta(days=self.chance.randrange(-20, 40))
        wish: Any = catalogue.ChangeGroup(its.id, self.chance.choice((
            replace(its.written, seats=max(1, its.written.seats + self.chance.randrange(-2, 3))),
            replace(its.written, stop=its.written.stop + days),
            replace(its.written, timetable=(Lesson(self.chance.randrange(1, 8), time(15), time(16)),)),
            replace(its.written, is_open=not its.written.is_open),
        )))  # fmt: skip
        self.town.does(wish, me)

    def changes_a_price(self) -> None:
        """R6.10: what was requested keeps its own."""
        found = self.town.one("SELECT m.id, m.name, m.price, p.provider, p.municipality FROM module m JOIN program p ON p.id = m.program "
                          "WHERE m.price > 0 ORDER BY m.id")  # fmt: skip
        if found:
            if self.chance.random() < 0.3:
                norm = self.chance.choice((None, Money(found[2] - 1)))
                self.town.does(catalogue.SetNormative(found[0], norm), operator(found[4]))
            price = Money(found[2] * self.chance.randrange(80, 125) // 100 + 1)
            self.town.does(
                catalogue.ChangeModule(found[0], catalogue.ModuleWritten(found[1], price)), provider_of(found[3])
            )

    def proposes(self) -> None:
        """Or the municipality decides what was proposed."""
        found = self.town.one("SELECT id, municipality FROM program WHERE state = 'proposed' ORDER BY id")
        if found:
            into = self.chance.choice((None, Registry.CERTIFIED, Registry.GENERAL))
            self.town.does(catalogue.DecideProgram(found[0], into, "допишите"), operator(found[1]))
            return
        club = self.town.one("SELECT id FROM provider ORDER BY id")
        if self.town.value("SELECT count(*) FROM program") < 30:
            written = catalogue.ProgramWritten("Шахматы", Direction.SPORT, Registry.CERTIFIED, 5, 17)
            self.town.does(catalogue.ProposeProgram(written), provider_of(club[0]))

    def builds(self) -> None:
        """Other words for a program, one more module or group in it; the operator may where a normative is missing."""
        found = self.town.one("SELECT id, provider, municipality FROM program ORDER BY id")
        its = self.town.asks(catalogue.OneTree("program", found[0]), provider_of(found[1]))
        modules = [each for each in its.modules if each.groups]
        wishes: list[Any] = [
            catalogue.ChangeProgram(its.id, replace(its.written, description=f"Ждём вас, {self.town.today}.")),
            catalogue.AddModule(its.id, catalogue.ModuleWritten("Ещё один", Money(90_000))),
        ]
        if modules:
            part = self.chance.choice(modules)
            written = replace(part.groups[0].written, start=self.town.today, stop=self.town.today + timedelta(days=90))
            wishes.append(catalogue.AddGroup(part.id, replace(written, name="Ещё одна", seats=2)))
        me = self.chance.choice((provider_of(found[1]), operator(found[2])))
        self.town.does(self.chance.choice(wishes), me)

    def archives(self) -> None:
        """R6.13; a program comes back by a change, which is decided anew, its groups one by one."""
        gone = self.town.one('SELECT g.id, p.provider FROM "group" g JOIN module m ON m.id = g.module '
                             "JOIN program p ON p.id = m.program WHERE g.state = 'archived' ORDER BY g.id")  # fmt: skip
        if gone and self.chance.random() < 0.6:
            self.town.does(catalogue.RestoreGroup(gone[0]), provider_of(gone[1]))
            return
        found = self.town.one("SELECT m.id, p.id, p.provider, p.state, g.id FROM \"group\" g JOIN module m ON m.id = g.module "
                              "JOIN program p ON p.id = m.program ORDER BY g.id")  # fmt: skip
        me = provider_of(found[2])
        if found[3] == "archived":
            its = self.town.asks(catalogue.OneTree("program", found[1]), me)
            self.town.does(catalogue.ChangeProgram(its.id, its.written), me)
        else:
            wishes = (
                catalogue.ArchiveGroup(found[4]),
                catalogue.ArchiveModule(found[0]),
                catalogue.ArchiveProgram(found[1]),
            )
            self.town.does(self.chance.choices(wishes, (3, 2, 1))[0], me)

    def sends_a_bill(self) -> None:
        """The month before; or an advance on this one."""
        club = self.town.one("SELECT id FROM provider ORDER BY id")
        me = provider_of(club[0])
        drafts = [each for each in self.town.asks(bills.ListBills(), me) if not each.state.fixed]
        if drafts and self.chance.random() < 0.8:
            its = self.chance.choice(drafts)
            self.town.does(bills.SendBill(its.municipality, its.month, its.total), me)
            return
        place, month = self.chance.choice(self.town.places), Month.of(self.town.today)
        weighed = self.town.asks(bills.WeighAdvance(club[0], place, month), me)
        if weighed and weighed.limit:
            self.town.does(bills.AskAdvance(place, month, weighed.limit), me)

    def decides_a_bill(self) -> None:
        found = self.town.one(
            "SELECT id, municipality, state FROM bill WHERE state IN ('sent', 'accepted') ORDER BY id"
        )
        if found is None:
            return
        me, yes = operator(found[1]), self.chance.random() < 0.7
        wish: Any = bills.DecideBill(found[0], yes, "проверьте сентябрь")
        if found[2] == "accepted":
            wish = bills.MarkBillPaid(found[0], self._today(found[1]))
        self.town.does(wish, me)

    def _today(self, place: int) -> date:
        today: date = self.town.today_in(place)
        return today


DEEDS: Mapping[Callable[[Clubs], None], float] = {
    Clubs.changes_a_group: 1,
    Clubs.changes_a_price: 0.5,
    Clubs.proposes: 0.6,
    Clubs.builds: 1,
    Clubs.archives: 0.5,
    Clubs.sends_a_bill: 3,
    Clubs.decides_a_bill: 3,
}
"""What is done → how often, against each other."""
