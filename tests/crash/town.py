"""The town of a run: every family has a child with a certificate, a guardian who does everything and one who is told of it.

All children have one name and as much money, so that all families read the same words. It is noon, by an offset in the database: no
quiet hours, no midnight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from bot.demo.time import set_day
from bot.demo.town import everyone, must
from bot.domain import ledger as movements
from bot.domain.messages import SYSTEM, operator
from bot.domain.money import Money
from bot.domain.municipality import AddMunicipality, MunicipalityAdded
from bot.domain.period import AddPeriod, OpenPeriod, PeriodAdded, SetNominal
from bot.registry.template import workbook
from bot.storage import schema
from bot.storage.calendar import live
from bot.storage.desk import Desk
from bot.storage.imports import import_registry
from bot.storage.ledger import move
from bot.storage.tx import Tx
from tests.year.town import club

YEAR = (date(2026, 9, 1), date(2027, 5, 31))
TODAY = date(2026, 10, 14)
NOMINAL = Money(30_000_000)
CLUBS = (club(1, "Шахматы", price="9 000", stop=YEAR[1], seats=999),)
ACTOR, LISTENER = 1_000, 500_000
"""Numbers of people in the messengers: a family's own is added."""


@dataclass(frozen=True)
class Family:
    """`actor` and `listener` are (channel, number)."""

    number: int
    actor: tuple[str, int]
    listener: tuple[str, int]
    child: int = 0
    certificate: int = 0


def families(count: int, channels: Sequence[str]) -> list[Family]:
    """Half of the listeners are on the other channel."""
    found = []
    for number in range(count):
        mine, other = channels[number % len(channels)], channels[(number + number // 2) % len(channels)]
        found.append(Family(number, (mine, ACTOR + number), (other, LISTENER + number)))
    return found


async def found(desk: Desk, wanted: Sequence[Family]) -> list[Family]:
    """The town with these families; the same with the ids of children and certificates."""
    await set_day(desk, TODAY)
    added = must(await desk.do(AddMunicipality("murmansk", "Мурманск", "Europe/Moscow", "5101"), SYSTEM))
    assert isinstance(added, MunicipalityAdded)
    me = operator(added.municipality)
    group = await desk.look(lambda tx: everyone(tx, added.municipality))
    period = must(await desk.do(AddPeriod("year", *YEAR), me))
    assert isinstance(period, PeriodAdded)
    must(await desk.do(SetNominal(group, period.period, NOMINAL), me))
    must(await desk.do(OpenPeriod(period.period), me))
    read = await import_registry(desk, "clubs.xlsx", workbook(CLUBS), agreements=True)
    assert not read.errors, read.errors
    await live(desk)
    return await desk.run(lambda tx: [_settle(tx, family, added.municipality, group) for family in wanted])


def _settle(tx: Tx, family: Family, municipality: int, group: int) -> Family:
    period = tx.value(select(schema.funding_period.c.id))
    child = tx.insert(
        schema.child,
        municipality=municipality,
        surname="Смирнова",
        first_name="Вера",
        folded_name=f"смирнова вера {family.number}",
        birth_date=date(2017, 3, 14),
        created_at=tx.now,
    )
    for channel, number in (family.actor, family.listener):
        person = tx.insert(schema.person, municipality=municipality, language="ru", created_at=tx.now)
        tx.insert(schema.chat, channel=channel, address=str(number), person=person, linked_at=tx.now)
        tx.insert(schema.consent, person=person, purpose="certificate", version="1", hash="x", given_at=tx.now)
        tx.insert(schema.guardianship, person=person, child=child, rights="full", since=tx.now)
    certificate = tx.insert(
        schema.certificate,
        child=child,
        municipality=municipality,
        certificate_group=group,
        number=f"5101{family.number:06}",
        kind="funded",
        state="active",
        conversion=1,
        activated_at=tx.now,
    )
    budget, purse = movements.budget(municipality, period), movements.certificate(certificate, period)
    move(tx, movements.grant(budget, purse, NOMINAL, 1))
    return Family(family.number, family.actor, family.listener, child, certificate)
