"""Two at once for the last seat or the last money: exactly one succeeds, the other is told why (R6.5); one enrollment a wish (R6.6)."""

import asyncio
from datetime import date

import pytest
from cryptography.fernet import Fernet

from bot.domain import enrollment_facts as facts
from bot.domain import gate_refusals as gate
from bot.domain.enrollment import RequestEnrollment, WithdrawRequest
from bot.domain.enrollment_seen import Offered
from bot.domain.messages import Command, Fact, person
from bot.domain.money import Money
from bot.storage import schema
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.world import WORLD
from tests.storage.families import Family, held, taken
from tests.storage.town import Town

ROUNDS = 5


def at_once(town: Town, url: str, *wishes: tuple[Command, int]) -> list[Fact]:
    """Each wish at a desk of its own, with an engine of its own, as in separate processes."""

    async def race() -> list[Fact]:
        engines = [open_database(url) for _wish in wishes]
        keys = Keys("test", [Fernet.generate_key().decode()])
        desks = [Desk(engine, WORLD, keys, lambda: town.now) for engine in engines]
        try:
            people = [person(who, town.municipality) for _wish, who in wishes]
            return await asyncio.gather(
                *(desk.do(wish, who) for desk, (wish, _who), who in zip(desks, wishes, people, strict=True))
            )
        finally:
            for engine in engines:
                await engine.dispose()

    return town.runner.run(race())


def wish(family: Family, group: int) -> RequestEnrollment:
    seen = family.sees(group, date(2026, 9, 1))
    assert isinstance(seen, Offered), seen
    return RequestEnrollment(family.child, group, seen.start, seen.quote)


def kinds(told: list[Fact]) -> list[str]:
    return sorted(type(fact).__name__ for fact in told)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_the_last_seat_goes_to_exactly_one(town: Town, database_url: str, _round: int) -> None:
    group = town.group(seats=1)
    families = [Family(town) for _each in range(4)]
    told = at_once(town, database_url, *((wish(each, group), each.guardian) for each in families))
    assert kinds(told) == ["NoFreeSeat"] * 3 + ["Requested"]
    assert taken(town, group) == 1
    assert sorted(each.left for each in families) == [Money(300_000)] + [Money(1_200_000)] * 3


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_the_last_money_is_held_exactly_once(town: Town, database_url: str, _round: int) -> None:
    family = Family(town, 900_000)
    other_guardian = town.person()
    town.adds(schema.guardianship, person=other_guardian, child=family.child, rights="full", since=town.now)
    groups = town.group(price=900_000), town.group(price=900_000)
    told = at_once(
        town, database_url, (wish(family, groups[0]), family.guardian), (wish(family, groups[1]), other_guardian)
    )
    assert kinds(told)[1] == "Requested" and isinstance(
        next(fact for fact in told if not isinstance(fact, facts.Requested)), gate.NoMoney | gate.DifferentNow
    )
    assert family.left == Money(0)
    assert sum(taken(town, group) for group in groups) == 1


def test_one_wish_delivered_many_times_makes_one_request(town: Town, database_url: str) -> None:
    family, group = Family(town, 1_200_000), town.group(price=100_000)
    same = wish(family, group)
    told = at_once(town, database_url, *[(same, family.guardian)] * 5)
    assert kinds(told) == ["AlreadyEnrolled"] * 4 + ["Requested"]
    assert taken(town, group) == 1


def test_a_free_place_is_requested_once_though_no_money_is_locked(town: Town, database_url: str) -> None:
    family, group = Family(town, 0), town.group(price=0)
    same = wish(family, group)
    told = at_once(town, database_url, *[(same, family.guardian)] * 4)
    assert kinds(told) == ["AlreadyEnrolled"] * 3 + ["Requested"]


def test_everything_returns_once_though_it_is_withdrawn_twice_at_once(town: Town, database_url: str) -> None:
    family, group = Family(town), town.group(price=900_000)
    made = family.asks_for(group, date(2026, 9, 1))
    told = at_once(town, database_url, *[(WithdrawRequest(made), family.guardian)] * 3)
    assert kinds(told) == ["NotNow", "NotNow", "RequestWithdrawn"]
    assert family.left == Money(1_200_000) and held(town, made) == Money(0) and taken(town, group) == 0
