"""A small town for storage tests: a real database, a clock that can be set, families and programs in one line each."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain import ledger as movements
from bot.domain.messages import Actor, Command, Fact, Query, operator, person
from bot.domain.money import Money
from bot.storage import schema
from bot.storage.database import Work
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.ledger import move
from bot.storage.tx import Tx
from bot.storage.world import WORLD

T = TypeVar("T")


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is SQLite's own, or the same SQL as that of other tests."""


class Town:
    """One municipality with a school year, an operator, a provider; everything else is added by the test."""

    def __init__(
        self, engine: AsyncEngine, runner: asyncio.Runner, today: date = date(2026, 9, 1), work: Work | None = None
    ) -> None:
        """The clock stands at 09:00 UTC (noon in Moscow) of `today`."""
        self.engine, self.runner = engine, runner
        self.now = datetime(today.year, today.month, today.day, 9, tzinfo=UTC)
        self.desk = Desk(engine, WORLD, Keys("test", [Fernet.generate_key().decode()]), lambda: self.now, work=work)
        self._names = 0
        self.run(self._founded)
        self.operator = operator(self.municipality)

    def _founded(self, tx: Tx) -> None:
        self.municipality = tx.insert(
            schema.municipality, code="mur", name="Murmansk", zone="Europe/Moscow", number_prefix="5101", policy="{}"
        )
        self.district = tx.insert(schema.district, municipality=self.municipality, name="Leninsky")
        self.everyone = tx.insert(
            schema.certificate_group, municipality=self.municipality, code="all", name="All children"
        )
        self.period = tx.insert(
            schema.funding_period,
            municipality=self.municipality,
            name="2026/27",
            start=date(2026, 9, 1),
            stop=date(2027, 5, 31),
            state="open",
        )
        tx.insert(
            schema.nominal,
            certificate_group=self.everyone,
            period=self.period,
            kopecks=1_200_000,
            certificates=None,
            sum=None,
        )
        self.provider = tx.insert(
            schema.provider, municipality=self.municipality, name="House of Arts", kind="municipal"
        )
        tx.insert(
            schema.agreement, municipality=self.municipality, provider=self.provider, start=date(2026, 1, 1), stop=None
        )

    def run(self, work: Callable[[Tx], T]) -> T:
        """One transaction."""
        return self.runner.run(self.desk.run(work))

    def does(self, command: Command, me: Actor | int) -> Fact:
        """One command; a number is a person."""
        return self.run(lambda tx: tx.do(command, self.actor(me)))

    def asks(self, query: Query[T], me: Actor | int) -> T:
        """One query; a number is a person."""
        return self.run(lambda tx: tx.read(query, self.actor(me)))

    def actor(self, me: Actor | int) -> Actor:
        """A person's number as an actor."""
        return person(me, self.municipality) if isinstance(me, int) else me

    def passes(self, **time: float) -> None:
        """Time goes on: `town.passes(days=1)`."""
        self.now += timedelta(**time)

    def comes(self, day: date, hour: int = 9) -> None:
        """The clock is set, hours in UTC."""
        self.now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

    def adds(self, table: Any, **values: Any) -> int:
        """A row as it is."""
        return self.run(lambda tx: tx.insert(table, **values))

    def policy(self, **fields: Any) -> None:
        """Changes the municipality's policy."""
        self.run(
            lambda tx: tx.sql(
                schema.municipality.update()
                .where(schema.municipality.c.id == self.municipality)
                .values(policy=json.dumps(fields))
            )
        )

    def person(self, **values: Any) -> int:
        """A guardian with a web chat and the consent given."""
        self._names += 1
        who = self.adds(
            schema.person, **{"municipality": self.municipality, "language": "en", "created_at": self.now, **values}
        )
        self.adds(schema.chat, channel="web", address=f"w{self._names}", person=who, linked_at=self.now)
        self.adds(schema.consent, person=who, purpose="certificate", version="1", hash="x", given_at=self.now)
        return who

    def child(self, *guardians: int, born: date = date(2017, 3, 14), rights: str = "full", **values: Any) -> int:
        """A child of these guardians, 9 years old unless said otherwise."""
        self._names += 1
        child = self.adds(
            schema.child,
            **{
                "municipality": self.municipality,
                "surname": "Petrova",
                "first_name": f"Anna{self._names}",
                "folded_name": f"petrova anna{self._names}",
                "birth_date": born,
                "created_at": self.now,
                **values,
            },
        )
        for guardian in guardians:
            self.adds(schema.guardianship, person=guardian, child=child, rights=rights, since=self.now)
        return child

    def certificate(self, child: int, kopecks: int = 1_200_000, **values: Any) -> int:
        """An active certificate; funded with `kopecks` in the open period, an accounting one for 0."""
        self._names += 1
        certificate = self.adds(
            schema.certificate,
            **{
                "child": child,
                "municipality": self.municipality,
                "certificate_group": self.everyone,
                "number": f"5101{self._names:06}",
                "kind": "funded" if kopecks else "accounting",
                "state": "active",
                "conversion": 1 if kopecks else 0,
                "activated_at": self.now,
                **values,
            },
        )
        if kopecks:
            transfer = movements.grant(
                movements.budget(self.municipality, self.period),
                movements.certificate(certificate, self.period),
                Money(kopecks),
                1,
            )
            self.run(lambda tx: move(tx, transfer))
        return certificate

    def group(
        self,
        price: int | None = 900_000,
        normative: int | None = None,
        seats: int = 10,
        start: date = date(2026, 9, 1),
        stop: date = date(2027, 5, 31),
        ages: tuple[int, int] = (7, 12),
        name: str = "Robots",
        registry: str = "certified",
        lessons: tuple[int, ...] = (2, 4),
    ) -> int:
        """A group of a new program of the town's provider; its module and program are found through the tables."""
        self._names += 1
        program = self.adds(
            schema.program,
            provider=self.provider,
            municipality=self.municipality,
            external_id=f"p{self._names}",
            name=name,
            registry=registry,
            direction="technical",
            age_min=ages[0],
            age_max=ages[1],
        )
        module = self.adds(
            schema.module, program=program, external_id="m", name="Year", price=price, normative=normative
        )
        group = self.adds(
            schema.group,
            module=module,
            district=self.district,
            external_id="g",
            name="Group 1",
            address="Lenin street, 1",
            start=start,
            stop=stop,
            seats=seats,
        )
        for weekday in lessons:
            self.adds(schema.lesson, group=group, weekday=weekday, start=time(15), stop=time(16))
        return group

    def notices(self, kind: str | None = None) -> list[tuple[int, str, dict[str, Any]]]:
        """What waits in the outbox: (person, kind, values), oldest first."""
        table = schema.outbox
        rows = self.run(lambda tx: tx.rows(select(table).where(table.c.kind != "reply").order_by(table.c.id)))
        found = [(row.person, row.kind, json.loads(row.content)) for row in rows]
        return [notice for notice in found if kind in (None, notice[1])]
