"""What fits the rest: every proposed set can be requested as it stands, to the kopeck; and nothing that cannot is proposed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, time

import pytest

from bot.domain import ledger as book
from bot.domain.catalogue import Filters
from bot.domain.enrollment import EndEnrollment
from bot.domain.enrollment_facts import Requested
from bot.domain.enrollment_seen import Offered
from bot.domain.fitting import SetsFor, SetsSeen
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.ledger import move
from tests.storage.families import Family
from tests.storage.registries import on_the_shelf
from tests.storage.town import Town

MON, TUE, WED, THU = (1,), (2,), (3,), (4,)


@pytest.fixture
def family(town: Town) -> Family:
    return Family(town, kopecks=1_000_000, first_name="Anna", district=town.district)


def fits(family: Family, without: int = 0, filters: Filters | None = None) -> SetsSeen:
    on_the_shelf(family.town)
    seen = family.town.asks(SetsFor(family.child, without, filters), family.guardian)
    assert isinstance(seen, SetsSeen)
    return seen


def names(seen: SetsSeen) -> Sequence[set[str]]:
    return [{club.program_name for club in each.clubs} for each in seen.sets]


def test_sets_are_paid_to_the_end_and_do_not_clash(town: Town, family: Family) -> None:
    town.group(name="Robots", price=600_000, lessons=TUE)
    town.group(name="Chess", price=400_000, lessons=TUE)
    town.group(name="Dance", price=300_000, lessons=WED)
    town.group(name="Opera", price=1_300_000, lessons=THU)
    seen = fits(family)
    assert (seen.free, seen.days and seen.days.stop) == (Money(1_000_000), date(2027, 5, 31))
    found = names(seen)
    assert {"Robots", "Dance"} in found and {"Chess", "Dance"} in found
    assert not [each for each in found if {"Robots", "Chess"} <= each or "Opera" in each]
    assert found[0] == {"Robots", "Dance"}, "the less burns, the better"


def test_each_set_tells_something_new(town: Town, family: Family) -> None:
    """A set whose clubs are all in a better one is not proposed, and no club is in all of them."""
    for number in range(6):
        town.group(name=f"Club {number}", price=300_000 - number, lessons=(number + 1,))
    found = names(fits(family))
    assert {len(each) for each in found} == {1, 2, 3}
    assert not [(one, other) for place, one in enumerate(found) for other in found[:place] if one <= other]
    assert max(Counter(club for each in found for club in each).values()) == 2


def test_every_set_can_be_requested_as_it_stands_to_the_kopeck(town: Town, family: Family) -> None:
    prices = (333_333, 300_029), (271_829, 300_000), (314_159, None), (999, None)
    for number, (price, normative) in enumerate(prices):
        town.group(name=f"Club {number}", price=price, normative=normative, lessons=(number + 1,))
    seen = fits(family)
    assert names(seen)[0] == {"Club 0", "Club 1", "Club 2"}
    largest = max(seen.sets, key=lambda each: each.cost)
    for club in largest.clubs:
        offered = family.sees(club.group)
        assert isinstance(offered, Offered) and offered.start == club.course.days.start
        assert (offered.clashes, offered.quote.parent.total, offered.quote.certificate.total) == (
            (),
            club.own,
            club.cost,
        )
        fact = family.requests(club.group, pays=True)
        assert isinstance(fact, Requested)
    assert family.left == largest.left and largest.own > ZERO


def test_what_the_gate_would_refuse_is_not_proposed(town: Town, family: Family) -> None:
    def never(**how: object) -> int:
        return town.group(price=1_000, name="Never", **how)  # type: ignore[arg-type]

    never(seats=0)
    never(ages=(13, 17))
    never(lessons=())
    never(registry="commercial")
    never(start=date(2026, 6, 1), stop=date(2026, 8, 31))
    never(start=date(2027, 9, 1), stop=date(2028, 5, 31))
    closed, queued, foreign = never(), never(), never()
    town.run(lambda tx: tx.sql(schema.group.update().where(schema.group.c.id == closed).values(is_open=False)))
    other = Family(town)
    module = town.run(lambda tx: tx.sql(schema.group.select().where(schema.group.c.id == queued)).one().module)
    nothing = dict.fromkeys(("price", "first", "other", "parent_first", "parent_other", "months"), 0)
    wish = {"child": other.child, "certificate": other.certificate, "group": queued, "module": module, "by": "guardian"}
    times = {"created_at": town.now, "changed_at": town.now}
    town.adds(schema.enrollment, state="waitlisted", place=1, **wish, **times, **nothing)
    stranger = town.adds(schema.provider, municipality=town.municipality, name="No agreement", kind="private")
    move = schema.program.update().where(
        schema.program.c.id == schema.module.c.program, schema.module.c.id == schema.group.c.module
    )
    town.run(lambda tx: tx.sql(move.where(schema.group.c.id == foreign).values(provider=stranger)))
    family.learns(town.group(price=1_000, name="Never", lessons=MON))
    town.group(name="Fits", price=1_000, lessons=WED)
    assert names(fits(family)) == [{"Fits"}]


def test_where_no_paid_club_fits_the_free_ones_are_proposed(town: Town, family: Family) -> None:
    town.group(name="Opera", price=1_400_000, lessons=THU)
    town.group(name="Choir", price=0, lessons=MON)
    town.group(name="Studio", price=500_000, registry="general", lessons=TUE)
    town.group(name="Fitness", price=0, registry="commercial", lessons=WED)
    seen = fits(family)
    assert {"Choir", "Studio"} in names(seen) and all(each.cost == ZERO for each in seen.sets)
    assert {club.program_name for each in seen.sets for club in each.clubs} == {"Choir", "Studio"}
    town.group(name="Chess", price=1_000, lessons=WED)
    assert names(fits(family)) == [{"Chess"}], "what the money is for comes first"


def test_lessons_of_the_child_and_the_way_count_and_siblings_only_weigh(town: Town, family: Family) -> None:
    family.learns(town.group(name="Robots", price=100_000, lessons=TUE))
    boris = Family(town)
    town.run(
        lambda tx: tx.sql(
            schema.guardianship.update()
            .where(schema.guardianship.c.child == boris.child)
            .values(person=family.guardian)
        )
    )
    boris.guardian = family.guardian
    boris.learns(town.group(name="Swimming", price=100_000, lessons=WED, seats=1))
    far = town.adds(schema.district, municipality=town.municipality, name="Far")
    for name, weekday, start in (("Too far", 2, time(16, 10)), ("Later", 2, time(17)), ("Torn", 3, time(15))):
        group = town.group(name=name, price=1_000, lessons=())
        town.adds(schema.lesson, group=group, weekday=weekday, start=start, stop=time(18))
        at = schema.group.update().where(schema.group.c.id == group).values(district=far, address="Far street, 9")
        town.run(lambda tx, at=at: tx.sql(at))  # type: ignore[misc]
    clubs = {club.program_name: club for each in fits(family).sets for club in each.clubs}
    assert set(clubs) == {"Later", "Torn"}
    assert (clubs["Torn"].torn, clubs["Later"].torn, clubs["Later"].near) == (True, False, False)


def test_leaving_a_club_gives_its_money_back_and_keeps_its_lessons_to_the_last_day(town: Town, family: Family) -> None:
    robots = family.learns(town.group(name="Robots", price=900_000, lessons=TUE))
    town.comes(date(2026, 9, 10))
    town.group(name="Chess", price=800_000, lessons=TUE)
    town.group(name="Later", price=800_000, lessons=TUE, start=date(2026, 10, 1))
    assert names(fits(family)) == []
    seen = fits(family, without=robots)
    assert seen.leaving == "Robots" and seen.free < Money(1_000_000), "September is charged first"
    assert names(seen) == [{"Later"}], "in September Robots still meets on Tuesdays"
    town.does(EndEnrollment(robots, date(2026, 9, 30)), family.guardian)
    assert family.left == seen.free
    again = fits(family)
    assert (again.sets, again.leaving) == (seen.sets, "")


def test_only_what_a_search_found_is_looked_at(town: Town, family: Family) -> None:
    town.group(name="Robots", price=600_000, lessons=TUE)
    town.group(name="Chess", price=300_000, lessons=WED)
    on_the_shelf(town)
    assert names(fits(family, filters=Filters(days=WED))) == [{"Chess"}]
    assert names(fits(family, filters=Filters(days=THU))) == []


def test_without_money_the_reason_is_named_and_strangers_see_nothing(town: Town) -> None:
    kinds = {"accounting": {}, "no_money": {"kind": "funded"}, "pending": {"state": "submitted"}}
    for why, values in kinds.items():
        guardian = town.person()
        child = town.child(guardian)
        town.certificate(child, kopecks=0, **values)
        seen = town.asks(SetsFor(child), guardian)
        assert seen is not None and seen.why == why
        assert town.asks(SetsFor(child), town.person()) is None
    guardian = town.person()
    seen = town.asks(SetsFor(town.child(guardian)), guardian)
    assert seen is not None and seen.why == "no_certificate"


def test_money_that_comes_with_the_first_request_is_fitted(town: Town) -> None:
    """R2.3; without a vacancy the queue is named."""
    town.policy(conversion="automatic")
    family = Family(town, 0, first_name="Anna", district=town.district)
    group = town.group(name="Robots", price=600_000, lessons=TUE)
    seen = fits(family)
    assert (seen.first, seen.free, names(seen)) == (True, Money(1_200_000), [{"Robots"}])
    offered = family.sees(group)
    assert isinstance(offered, Offered) and seen.sets[0].cost == offered.quote.certificate.total
    assert family.left == ZERO, "a look converts nothing"
    town.run(lambda tx: tx.sql(schema.nominal.update().values(certificates=0)))
    assert fits(family) == SetsSeen(family.child, "Anna", None, ZERO, why="queued")


def test_the_next_periods_money_is_fitted_when_this_ones_is_spent(town: Town, family: Family) -> None:
    family.learns(town.group(price=2_000_000, lessons=TUE), pays=True)
    assert fits(family) == SetsSeen(family.child, "Anna", None, ZERO, why="no_money")
    span = {"start": date(2027, 6, 1), "stop": date(2028, 5, 31), "state": "open", "name": "2027/28"}
    period = town.adds(schema.funding_period, municipality=town.municipality, **span)
    budget, purse = book.budget(town.municipality, period), book.certificate(family.certificate, period)
    town.run(lambda tx: move(tx, book.grant(budget, purse, Money(1_000_000), 1)))
    town.group(name="Now", price=1_000, lessons=WED)
    town.group(name="Then", price=1_000, lessons=WED, start=date(2027, 9, 1), stop=date(2028, 5, 31))
    seen = fits(family)
    assert (seen.days and seen.days.start, names(seen)) == (date(2027, 6, 1), [{"Then"}])
