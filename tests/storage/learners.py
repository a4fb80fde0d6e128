"""A random town for the runs of money: whatever may stand in the tables when a month, a grant or an expiry comes."""

import json
import random
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain import ledger as book
from bot.domain.ledger import Why
from bot.domain.money import Money
from bot.storage import schema
from bot.storage.ledger import balance, make_charges_due, move, reserve
from bot.storage.tx import Tx
from tests.storage.town import Town

DAY = date(2026, 11, 1)
"""The day of the runs; the town's clock stands in its night."""
FAR = {"code": "far", "name": "Anadyr", "zone": "Asia/Anadyr", "number_prefix": "8701"}


class Learners:
    """Two municipalities in different zones, and families of every kind in both."""

    def __init__(self, town: Town, chance: random.Random, families: int = 12) -> None:
        self.town, self.chance = town, chance
        self.town.comes(DAY - timedelta(days=1), hour=22)  # 01:00 in Moscow, 10:00 in Anadyr
        town.policy(quiet_from=f"{chance.choice((0, 21, 23)):02}:00:00", prorate_grant=chance.random() < 0.3)
        far = town.adds(
            schema.municipality, policy=json.dumps({"quiet_from": "08:00:00", "quiet_until": "12:00:00"}), **FAR
        )
        span = {"start": date(2026, 9, 1), "stop": date(2027, 5, 31), "state": "open", "name": "far"}
        self.places = {town.municipality: town.period, far: town.adds(schema.funding_period, municipality=far, **span)}
        self.groups = {
            town.municipality: [town.everyone, self.group(town.municipality, "poor", None)],
            far: [self.group(far, "all", 700_000), self.group(far, "rich", 3_000_001)],
        }
        self.modules = [self.module(place) for place in (*self.places, far)]
        self.enrollments: list[int] = []
        self.certificates: list[int] = []
        for _each in range(families):
            self.family()

    def group(self, place: int, code: str, nominal: int | None) -> int:
        made = self.town.adds(schema.certificate_group, municipality=place, code=code, name=code)
        if nominal is not None:
            values = {"period": self.places[place], "kopecks": nominal}
            self.town.adds(schema.nominal, certificate_group=made, **values)
        return made

    def module(self, place: int) -> tuple[int, int]:
        """(group, module) of a provider of its own."""
        provider = self.town.adds(
            schema.provider, municipality=place, name=f"House {self.chance.random()}", kind="state"
        )
        group = self.town.group(price=1)
        found = select(schema.group.c.module, schema.module.c.program).join(
            schema.module, schema.module.c.id == schema.group.c.module
        )
        row = self.town.run(lambda tx: tx.sql(found.where(schema.group.c.id == group)).one())
        program = schema.program.update().where(schema.program.c.id == row.program)
        self.town.run(lambda tx: tx.sql(program.values(provider=provider)))
        return group, row.module

    def family(self) -> None:
        """A child of up to three guardians; its certificate of any kind, its enrollments of any kind."""
        chance, town = self.chance, self.town
        place = chance.choice(tuple(self.places))
        guardians = [town.person() for _each in range(chance.choice((0, 1, 1, 2, 3)))]
        lives = place if chance.random() < 0.85 else sum(self.places) - place
        child = town.child(*guardians, municipality=lives)
        certificate = town.adds(
            schema.certificate,
            child=child,
            municipality=place,
            certificate_group=chance.choice(self.groups[place]),
            number=f"99{child:08}",
            kind=chance.choice(("funded", "funded", "funded", "accounting")),
            state=chance.choice(("active", "active", "active", "frozen")),
            conversion=chance.choice((0, 1, 2)),
        )
        self.certificates.append(certificate)
        if chance.random() < 0.7:
            given = book.open_balance(self.budget(place), self.purse(certificate, place), Money(5_000_000))
            town.run(lambda tx: move(tx, given))
            for club in chance.sample(self.modules, chance.choice((0, 1, 1, 2, 3))):
                self.enrolls(child, certificate, place, *club)
        if chance.random() < 0.2:
            town.run(lambda tx: self.moved_before(tx, certificate, place))

    def rarely(self, usual: Any, *others: Any) -> Any:
        return self.chance.choice(others) if self.chance.random() < 0.1 else usual

    def budget(self, place: int) -> book.Account:
        return book.budget(place, self.places[place])

    def purse(self, certificate: int, place: int) -> book.Account:
        return book.certificate(certificate, self.places[place])

    def moved_before(self, tx: Tx, certificate: int, place: int) -> None:
        """It had its grant, or an expiry, of this conversion already."""
        table = schema.certificate
        number = tx.value(select(table.c.conversion).where(table.c.id == certificate))
        purse, budget = self.purse(certificate, place), self.budget(place)
        move(tx, book.grant(budget, purse, Money(self.chance.randrange(1, 1000)), number))
        if self.chance.random() < 0.5:
            move(tx, book.withdraw(purse, budget, Money(1), Why.EXPIRY, number))

    def enrolls(self, child: int, certificate: int, place: int, group: int, module: int) -> None:
        chance, town = self.chance, self.town
        start = date(2026, chance.choice((9, 9, 10, 11)), chance.choice((1, 1, 4, 30)))
        stop = chance.choice((date(2026, 11, 1), date(2026, 12, 31), date(2027, 5, 31), date(2027, 5, 31), start))
        months = (stop.year - start.year) * 12 + stop.month - start.month + 1
        first, other = (self.rarely(chance.randrange(100_000), 0, 1) for _part in range(2))
        other = other if months > 1 else 0
        values = {
            "concluded_on": self.rarely(min(start, date(2026, 10, 31)), start, date(2026, 11, 1), date(2026, 11, 2)),
            "ends_on": self.rarely(None, date(2026, 10, 31), date(2026, 11, 30)),
        }
        made = town.run(
            lambda tx: tx.insert(
                schema.enrollment,
                child=child,
                certificate=certificate,
                group=group,
                module=module,
                period=self.places[place],
                state="refused",
                by="guardian",
                start=start,
                stop=stop,
                price=first + other * (months - 1),
                first=first,
                other=other,
                parent_first=0,
                parent_other=0,
                months=months,
                created_at=tx.now,
                changed_at=tx.now,
                **values,
            )
        )
        self.enrollments.append(made)
        town.run(lambda tx: self.past(tx, made, certificate, place))

    def past(self, tx: Tx, made: int, certificate: int, place: int) -> None:
        """What was put aside, paid, disputed, cancelled so far."""
        chance, table = self.chance, schema.enrollment
        reserve(tx, made)
        mine = table.update().where(table.c.id == made)
        tx.sql(mine.values(state="active"))
        paid_by = self.rarely(date(2026, 10, 31), None, date(2026, 9, 30), DAY)
        if paid_by is not None:
            tx.living = paid_by
            make_charges_due(tx, made)
            tx.living = None
        self.short(tx, made, self.purse(certificate, place))
        tx.sql(mine.values(state=self.rarely("active", "accepted", "requested", "terminated")))
        if chance.random() < 0.15:
            state = chance.choice(("open", "open", "rejected"))
            tx.insert(schema.dispute, enrollment=made, about="enrollment", state=state, opened_at=tx.now)
        for month in ("2026-10", "2026-11", "2026-11"):
            if chance.random() < 0.1:
                values: dict[str, Any] = {
                    "planned": 9,
                    "cancelled": chance.randrange(1, 9),
                    "cause": str(chance.random()),
                }
                tx.insert(schema.cancelled_lessons, enrollment=made, month=month, at=tx.now, **values)

    def short(self, tx: Tx, made: int, purse: book.Account) -> None:
        """A hold with less than the plan says, which the books do not forbid; not by whole months, as if those were paid."""
        row = tx.sql(select(schema.enrollment).where(schema.enrollment.c.id == made)).one()
        held = balance(tx, book.hold(made)).kopecks
        if held and row.other > 1 and self.chance.random() < 0.15:
            rest = row.other * self.chance.randrange(held // row.other + 1) + self.chance.randrange(1, row.other)
            if rest < held and (rest - row.first) % row.other:
                move(tx, book.release(book.hold(made), purse, Money(held - rest), Why.WITHDRAWN))
