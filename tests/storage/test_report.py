"""Reports (R10) on both databases: coverage, money, waits, ratings, lists; an operator's own municipality, all for the region."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.calendar import Month, Span
from bot.domain.certificate import CertificateState
from bot.domain.enrollment import EnrollmentState
from bot.domain.ledger import Why
from bot.domain.messages import SYSTEM, NotYours, operator, provider
from bot.domain.money import ZERO, Money
from bot.domain.municipality import Place
from bot.domain.population import Living, PopulationSet, PopulationYears, SetPopulation, WrongPopulation
from bot.domain.provider import ListPrograms
from bot.domain.report import (
    Coverage,
    Covered,
    MoneyByMonth,
    ProvidersByRating,
    ReadScope,
    RequestsByState,
    Sums,
    WhatIsUndone,
)
from bot.storage import schema
from bot.storage.ledger import book, move, refund_lessons, release_hold
from tests.storage.learners import Learners
from tests.storage.money import enrols, lives
from tests.storage.registries import another_town
from tests.storage.town import Town

YEAR = Span(date(2026, 9, 1), date(2027, 5, 31))
SEVEN = date(2019, 3, 14)


def counted(lines: tuple[Covered, ...]) -> dict[str, tuple[int | None, int, int]]:
    return {each.key: (each.living, each.holders, each.using) for each in lines}


def changes(town: Town, table: Any, id: int, **values: Any) -> None:
    town.run(lambda tx: tx.sql(table.update().where(table.c.id == id).values(**values)))


def test_the_population_of_a_year_is_told_and_told_again_in_its_place(town: Town) -> None:
    here = Living(town.district, 7, "f", 100), Living(town.district, 7, "m", 120)
    told = SetPopulation(town.municipality, 2026, here)
    assert town.does(told, town.operator) == PopulationSet(town.municipality, 2026, 220, None)
    assert town.does(told, town.operator) == PopulationSet(town.municipality, 2026, 220, 220)
    fewer = SetPopulation(town.municipality, 2026, (Living(0, 7, "", 90),))
    assert town.does(fewer, town.operator) == PopulationSet(town.municipality, 2026, 90, 220)
    [known] = town.asks(PopulationYears(), town.operator)
    assert (known.year, known.children, known.name) == (2026, 90, "Murmansk")
    sea = another_town(town)
    elsewhere = town.adds(schema.district, municipality=sea, name="Port")
    for wrong in (here[:1] * 2, (Living(elsewhere, 7, "f", 1),), (Living(0, 19, "", 1),), (Living(0, 7, "x", 1),)):
        assert town.does(SetPopulation(town.municipality, 2026, wrong), town.operator) == WrongPopulation()
    assert isinstance(town.does(told, operator(sea)), NotYours)
    assert town.asks(PopulationYears(), operator(sea)) == ()


def test_coverage_by_district_age_sex_and_direction(town: Town) -> None:
    sea = another_town(town)
    told = tuple(
        Living(town.district, age, sex, number)
        for age, sex, number in ((7, "f", 4), (7, "m", 6), (8, "f", 10), (3, "f", 99))
    )
    town.does(SetPopulation(town.municipality, 2026, told), town.operator)
    town.does(SetPopulation(town.municipality, 2027, told[:1]), town.operator)
    girl = town.child(born=SEVEN, sex="f", district=town.district)
    boy = town.child(born=SEVEN, sex="m", district=town.district)
    grown = town.child(born=date(2008, 9, 1), sex="m", district=town.district)
    guest = town.child(born=SEVEN, municipality=sea)
    learning = town.certificate(girl)
    enrols(town, learning)
    enrols(town, learning)
    certificates = {child: town.certificate(child) for child in (boy, grown, guest)}
    for child, values in (
        (grown, {}),
        (boy, {"start": date(2026, 12, 1)}),
        (guest, {"state": "terminated", "reason": "dispute"}),
    ):
        enrols(town, certificates[child], **values)
    foreign = town.certificate(town.child(born=SEVEN), municipality=sea, kopecks=0)
    seen = town.asks(Coverage(YEAR), town.operator)
    assert (seen.day, seen.years, seen.goals) == (date(2026, 9, 1), (2026,), (25, 25))
    assert (seen.all.living, seen.all.holders, seen.all.using, seen.all.percent) == (20, 3, 0, 0)
    town.comes(date(2026, 9, 4))
    seen = town.asks(Coverage(YEAR), town.operator)
    assert (seen.all.holders, seen.all.using, seen.all.percent) == (3, 1, 5), "the grown-up one is no child any more"
    assert counted(seen.districts) == {str(town.district): (20, 2, 1), "": (None, 1, 0)}
    assert counted(seen.ages) == {"7": (10, 3, 1), "8": (10, 0, 0)}
    assert counted(seen.sexes) == {"f": (14, 1, 1), "m": (6, 1, 0), "": (None, 1, 0)}
    assert counted(seen.directions)["technical"] == (20, 0, 1) and counted(seen.directions)["art"] == (20, 0, 0)
    assert foreign and counted(town.asks(Coverage(YEAR), SYSTEM).places) == {
        str(town.municipality): (20, 3, 1),
        str(sea): (None, 1, 0),
    }
    assert town.asks(Coverage(YEAR, sea), town.operator).places == ()
    assert town.asks(Coverage(YEAR), provider(town.provider)).all == Covered("all", "", None, 0, 0)


def test_money_by_month_adds_up_to_what_the_accounts_have(town: Town) -> None:
    town.now = town.now - timedelta(hours=12)  # in Moscow it is midnight: the grant is September's, in UTC August's
    certificate = town.certificate(town.child())
    enrollment = enrols(town, certificate)
    town.comes(date(2026, 9, 4))
    lives(town)
    town.comes(date(2026, 10, 1))
    lives(town)
    lessons = {
        "enrollment": enrollment,
        "month": "2026-10",
        "planned": 8,
        "cancelled": 2,
        "cause": "ill",
        "at": town.now,
    }
    town.adds(schema.cancelled_lessons, **lessons)
    town.run(lambda tx: refund_lessons(tx, enrollment, Month(2026, 10)))
    town.comes(date(2026, 12, 1))
    changes(town, schema.enrollment, enrollment, state="terminated", ends_on=date(2026, 11, 30))
    town.run(lambda tx: release_hold(tx, enrollment, Why.TERMINATED))
    purse, budget = book.certificate(certificate, town.period), book.budget(town.municipality, town.period)
    town.run(lambda tx: move(tx, book.withdraw(purse, budget, Money(30_000), Why.EXPIRY, 1)))
    town.run(lambda tx: move(tx, book.withdraw(purse, budget, Money(20_000), Why.FREEZE, 1)))
    seen = town.asks(MoneyByMonth(YEAR), town.operator)
    assert dict(seen.months) == {
        Month(2026, 9): Sums(
            granted=Money(1_200_000),
            charged=Money(90_000),
            paid=Money(90_000),
            on_hold=Money(300_000),
            free=Money(810_000),
        ),
        Month(2026, 10): Sums(
            charged=Money(100_000),
            refunded=Money(25_000),
            paid=Money(165_000),
            on_hold=Money(200_000),
            free=Money(835_000),
        ),
        Month(2026, 11): Sums(paid=Money(165_000), on_hold=Money(200_000), free=Money(835_000)),
        Month(2026, 12): Sums(expired=Money(30_000), returned=Money(20_000), paid=Money(165_000), free=Money(985_000)),
    }
    assert seen.all.granted == seen.all.paid + seen.all.free + seen.all.expired + seen.all.returned
    assert [(place.id, sums) for place, sums in seen.places] == [(town.municipality, seen.all)]
    sea = another_town(town)
    assert town.asks(MoneyByMonth(YEAR), operator(sea)).all == Sums()
    assert [sums.granted for _place, sums in town.asks(MoneyByMonth(YEAR), SYSTEM).places] == [Money(1_200_000), ZERO]
    planned = Span(date(2029, 6, 1), date(2030, 5, 31))
    its = {"start": planned.start, "stop": planned.stop, "state": "planned"}
    town.adds(schema.funding_period, municipality=town.municipality, name="29", **its)
    for empty in (Span(date(2025, 9, 1), date(2026, 5, 31)), planned):
        assert town.asks(MoneyByMonth(empty), town.operator).months == ()


def test_the_report_of_a_random_town_says_what_its_accounts_have(town: Town) -> None:
    """Whatever has moved there: paid, on hold and free are the balances, what was granted is what the budgets lack."""
    Learners(town, random.Random(5), families=8)
    town.comes(date(2026, 11, 2))
    lives(town)
    rows = town.run(lambda tx: tx.rows(select(schema.account.c.kind, schema.account.c.balance)))
    has: Counter[str] = Counter()
    for row in rows:
        has[row.kind] += row.balance
    seen = town.asks(MoneyByMonth(YEAR), SYSTEM)
    assert (seen.all.paid.kopecks, seen.all.on_hold.kopecks) == (has["provider"], has["hold"])
    assert seen.all.free.kopecks == has["certificate"] and seen.all.charged > ZERO
    assert (seen.all.granted - seen.all.expired - seen.all.returned).kopecks == -has["budget"]
    for name in ("granted", "charged", "refunded", "expired", "returned"):
        for parts in (seen.months, seen.places):
            assert sum(getattr(sums, name).kopecks for _part, sums in parts) == getattr(seen.all, name).kopecks, name
    assert seen.months[-1][1].free == seen.all.free


def test_who_waits_for_what_and_how_long(town: Town) -> None:
    def applied(days: int, **values: Any) -> None:
        town.certificate(town.child(), kopecks=0, submitted_at=town.now - timedelta(days=days), **values)

    applied(0, state="submitted", decide_by=date(2026, 9, 3))
    applied(3, state="submitted", decide_by=date(2026, 8, 31))
    applied(40, state="awaiting_visit", decided_at=town.now - timedelta(days=35), visit_by=date(2026, 8, 30))
    certificate = town.certificate(town.child())
    for days, values in (
        (7, {"state": "requested", "overdue": True}),
        (11, {"state": "accepted"}),
        (2, {"state": "waitlisted"}),
        (2, {"state": "refused"}),
    ):
        enrols(
            town,
            certificate,
            first=0,
            other=0,
            created_at=town.now,
            **{**values, "changed_at": town.now - timedelta(days)},
        )
    disputed = enrols(town, certificate, first=0, other=0)
    town.adds(schema.dispute, enrollment=disputed, about="enrollment", state="open", opened_at=town.now)
    seen = town.asks(RequestsByState(YEAR), town.operator)
    assert {each.of: (each.by_days, each.overdue) for each in seen.waiting if each.count} == {
        CertificateState.SUBMITTED: ((1, 1, 0, 0), 1),
        CertificateState.AWAITING_VISIT: ((0, 0, 0, 1), 1),
        EnrollmentState.REQUESTED: ((0, 0, 1, 0), 1),
        EnrollmentState.ACCEPTED: ((0, 0, 0, 1), 0),
        EnrollmentState.WAITLISTED: ((1, 0, 0, 0), 0),
    }
    assert [(each.of, each.by_days, each.overdue) for each in seen.places] == [
        (Place(town.municipality, "Murmansk", "mur"), (2, 1, 1, 2), 3)
    ]
    assert dict(seen.became)[EnrollmentState.REFUSED] == 1
    town.group(price=None)
    town.group(lessons=())
    town.group(price=None, registry="general")
    [undone] = town.asks(WhatIsUndone(), town.operator)
    lacking = town.asks(ListPrograms(town.municipality, lacking=True), town.operator)
    assert (undone.applications, undone.unvisited, undone.requests, undone.disputes) == (1, 1, 1, 1)
    assert undone.programs == len(lacking) == 2
    sea = another_town(town)
    [theirs] = town.asks(WhatIsUndone(), operator(sea))
    assert (theirs.applications, theirs.unvisited, theirs.requests, theirs.disputes, theirs.programs) == (0, 0, 0, 0, 0)
    assert not any(each.count for each in town.asks(RequestsByState(YEAR), operator(sea)).waiting)


def test_providers_stand_by_their_rating_and_those_that_nobody_rated_last(town: Town) -> None:
    best = town.provider
    rated(town, 5, 4)
    for name, stars in (("Quiet House", ()), ("Loud House", (1,))):
        town.provider = town.adds(schema.provider, municipality=town.municipality, name=name, kind="private")
        rated(town, *stars)
    found = town.asks(ProvidersByRating(), town.operator)
    assert [(each.name, each.stars, each.score) for each in found] == [
        ("House of Arts", (0, 0, 0, 1, 1), 4.5),
        ("Loud House", (1, 0, 0, 0, 0), 1),
        ("Quiet House", (0, 0, 0, 0, 0), None),
    ]
    assert found[0].id == best
    assert town.asks(ProvidersByRating(), operator(another_town(town))) == ()
    assert town.asks(ReadScope(), town.operator).now == YEAR
    assert [place.name for place in town.asks(ReadScope(), SYSTEM).places] == ["Murmansk", "Seaside"]


def rated(town: Town, *stars: int) -> None:
    """A program of the town's provider with these ratings, and a question that nobody has answered."""
    certificate = town.certificate(town.child())
    group = town.group()
    for number in (*stars, None):
        chain = enrols(town, certificate, first=0, other=0)
        of = town.run(lambda tx: tx.sql(schema.program.select().order_by(schema.program.c.id.desc())).first())
        assert of is not None and group
        state = "asked" if number is None else "given"
        town.adds(schema.rating, chain=chain, person=town.person(), program=of.id, state=state, stars=number)
