"""What a family sees of its money, and nobody else (R3.9, R6.8)."""

from datetime import date

import pytest

from bot.domain.calendar import Month
from bot.domain.forecast import Forecast
from bot.domain.ledger import Why
from bot.domain.messages import Actor, operator, provider
from bot.domain.money import ZERO, Money
from bot.domain.movements import (
    Balance,
    BalanceSeen,
    ChargeSeen,
    History,
    HistoryPage,
    OneCharge,
)
from bot.storage import schema
from bot.storage.ledger import make_charges_due, refund_lessons, release_hold
from tests.storage.money import enrols
from tests.storage.town import Town


@pytest.fixture
def mother(town: Town) -> int:
    return town.person()


@pytest.fixture
def child(town: Town, mother: int) -> int:
    return town.child(mother, first_name="Anna")


@pytest.fixture
def enrollment(town: Town, child: int) -> int:
    """Robots, two months charged, a lesson of October cancelled."""
    enrollment = enrols(
        town, town.certificate(child, kopecks=1_000_000), parent_first=5_000, parent_other=6_000, price=413_000
    )
    town.comes(date(2026, 10, 1))
    town.run(lambda tx: make_charges_due(tx, enrollment))
    values = {"planned": 8, "cancelled": 2, "cause": "frost", "at": town.now}
    town.adds(schema.cancelled_lessons, enrollment=enrollment, month="2026-10", **values)
    town.run(lambda tx: refund_lessons(tx, enrollment, Month(2026, 10)))
    return enrollment


def test_the_balance_tells_what_is_free_put_aside_and_paid(
    town: Town, mother: int, child: int, enrollment: int
) -> None:
    seen = town.asks(Balance(child), mother)
    assert seen is not None and (seen.first_name, seen.kind) == ("Anna", "funded")
    [period] = seen.periods
    assert (period.available, period.held, period.charged) == (Money(635_000), Money(200_000), Money(165_000))
    assert (period.start, period.until) == (date(2026, 9, 1), date(2027, 5, 31))


def test_a_closed_period_is_not_shown(town: Town, mother: int, child: int, enrollment: int) -> None:
    town.run(lambda tx: tx.sql(schema.funding_period.update().values(state="closed")))
    seen = town.asks(Balance(child), mother)
    assert seen is not None and seen.periods == ()


def test_a_certificate_without_money_is_said_to_be_so(town: Town, mother: int) -> None:
    kinds = []
    for values in ({}, {"state": "submitted"}, {"kind": "funded"}):
        child = town.child(mother)
        town.certificate(child, kopecks=0, **values)
        seen = town.asks(Balance(child), mother)
        assert isinstance(seen, BalanceSeen) and seen.periods == ()
        kinds.append(seen.kind)
    assert kinds == ["accounting", "pending", "funded"]
    assert town.asks(Balance(child := town.child(mother)), mother) == BalanceSeen(child, f"Anna{town._names}", 0, "")


def test_a_stranger_sees_nothing(town: Town, child: int, enrollment: int) -> None:
    strangers: list[Actor | int] = [town.person(), operator(town.municipality + 1), provider(town.provider)]
    for query in (Balance(child), History(child), Forecast(child), OneCharge(enrollment, Month(2026, 10))):
        assert [town.asks(query, stranger) for stranger in strangers] == [None, None, None]
        assert town.asks(query, town.operator) is not None


def test_the_history_tells_every_movement_newest_first(town: Town, mother: int, child: int, enrollment: int) -> None:
    town.adds(schema.dispute, enrollment=enrollment, about="2026-09", state="open", opened_at=town.now)
    pages = [town.asks(History(child, number), mother) for number in (0, 1, 7)]
    assert all(isinstance(page, HistoryPage) and page.pages == 2 for page in pages)
    assert pages[1] == pages[2], "beyond the last page is the last one"
    found = [
        (line.why, line.amount.kopecks, line.program, line.disputed)
        for page in pages[:2]
        if page
        for line in page.lines
    ]
    assert found == [
        (Why.LESSONS, 25_000, "Robots", False),
        (Why.CHARGE, 100_000, "Robots", False),
        (Why.CHARGE, 90_000, "Robots", True),
        (Why.RESERVE, -390_000, "Robots", False),
        (Why.GRANT, 1_000_000, "", False),
    ]


def test_one_payment_and_who_may_question_it(town: Town, mother: int, child: int, enrollment: int) -> None:
    grandmother = town.person()
    town.adds(schema.guardianship, person=grandmother, child=child, rights="read", since=town.now)
    seen = town.asks(OneCharge(enrollment, Month(2026, 10)), mother)
    assert isinstance(seen, ChargeSeen)
    assert (seen.program, seen.provider, seen.amount, seen.refunded) == (
        "Robots",
        "House of Arts",
        Money(100_000),
        Money(25_000),
    )
    assert seen.may_dispute and not seen.disputed
    theirs = town.asks(OneCharge(enrollment, Month(2026, 10)), grandmother)
    assert theirs is not None and not theirs.may_dispute
    town.adds(schema.dispute, enrollment=enrollment, about="2026-10", state="open", opened_at=town.now)
    seen = town.asks(OneCharge(enrollment, Month(2026, 10)), mother)
    assert seen is not None and seen.disputed and not seen.may_dispute
    assert town.asks(OneCharge(enrollment, Month(2026, 11)), mother) is None


def test_what_returned_is_free_again(town: Town, mother: int, child: int, enrollment: int) -> None:
    town.run(lambda tx: release_hold(tx, enrollment, Why.TERMINATED))
    seen = town.asks(Balance(child), mother)
    assert seen is not None and (seen.periods[0].available, seen.periods[0].held) == (Money(835_000), ZERO)
