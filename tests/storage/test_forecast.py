"""The calendar of money tells to the kopeck what the ledger then does (R4, R5): charges, what burns, what leaving changes."""

from datetime import date

import pytest

from bot.domain import ledger as book
from bot.domain.calendar import Month
from bot.domain.enrollment import EndEnrollment, WithdrawRequest
from bot.domain.enrollment_facts import NoticeGiven, RequestWithdrawn
from bot.domain.enrollment_seen import OneEnrollment
from bot.domain.forecast import Expected, Forecast, ForecastSeen, Leaving
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.ledger import make_charges_due
from tests.storage.families import Family, held
from tests.storage.money import charged, enrols, has, lives
from tests.storage.town import Town

DECEMBER = date(2026, 12, 31)


@pytest.fixture
def family(town: Town) -> Family:
    return Family(town, kopecks=1_000_000, first_name="Anna")


def ahead(family: Family) -> ForecastSeen:
    seen = family.town.asks(Forecast(family.child), family.guardian)
    assert seen is not None
    return seen


def purse(family: Family) -> int:
    return has(family.town, book.certificate(family.certificate, family.town.period))


def called_off(town: Town, enrollment: int, month: str, cancelled: int, planned: int) -> None:
    values = {"planned": planned, "cancelled": cancelled, "cause": "frost", "at": town.now}
    town.adds(schema.cancelled_lessons, enrollment=enrollment, month=month, **values)


def test_the_payments_to_come_with_their_days(town: Town, family: Family) -> None:
    robots = enrols(town, family.certificate, parent_first=5_000, parent_other=6_000, price=413_000)
    town.comes(date(2026, 10, 1))
    town.run(lambda tx: make_charges_due(tx, robots))
    called_off(town, robots, "2026-12", 1, 3)
    october, november, december = (Month(2026, number) for number in (10, 11, 12))
    by = (date(2026, 11, 10), date(2026, 12, 10), date(2027, 1, 10))
    seen = ahead(family)
    assert seen.expected == (
        Expected(october, robots, "Robots", ZERO, Money(6_000), date(2026, 10, 1), by[0]),
        Expected(november, robots, "Robots", Money(100_000), Money(6_000), date(2026, 11, 1), by[1]),
        Expected(december, robots, "Robots", Money(100_000), Money(4_000), date(2026, 12, 1), by[2], Money(33_333)),
    )
    [period] = seen.purses
    assert (period.available, period.held, period.burns) == (Money(610_000), Money(200_000), Money(643_333))
    town.adds(schema.dispute, enrollment=robots, about="enrollment", state="open", opened_at=town.now)
    waiting = ahead(family)
    assert (waiting.expected, waiting.purses[0].burns) == ((), Money(610_000)), "a dispute waits for its decision"
    assert town.asks(Forecast(family.child), town.person()) is None


def test_what_is_foretold_is_what_the_ledger_then_does(town: Town, family: Family) -> None:
    """R4.6 and a free place: every charge on its day, then the border of the period as the calendar lives it."""
    for price, stop in ((879_206, DECEMBER), (99_999, date(2027, 5, 31)), (0, DECEMBER)):
        family.learns(town.group(price=price, stop=stop, start=date(2026, 9, 4)))
    family.asks_for(town.group(price=20_001, stop=DECEMBER, start=date(2026, 10, 5)))
    pending = [one for one in ahead(family).expected if not one.settled]
    assert pending and all(one.day >= date(2026, 10, 5) for one in pending)
    town.policy(request_days=300)
    [open_one] = {one.enrollment for one in pending}
    town.does(WithdrawRequest(open_one), family.guardian)
    foretold = ahead(family)
    first = foretold.expected[0].enrollment
    called_off(town, first, "2026-11", 3, 9)
    foretold = ahead(family)
    for day in sorted({one.day for one in foretold.expected}):
        town.comes(day)
        town.run(lambda tx: make_charges_due(tx, *{one.enrollment for one in foretold.expected}))
        due = [one for one in foretold.expected if one.day <= day]
        for enrollment in {one.enrollment for one in due}:
            told = [(str(one.month), one.certificate.kopecks) for one in due if one.enrollment == enrollment]
            assert charged(town, enrollment) == told, f"on {day}"
        back = sum(one.back.kopecks for one in due)
        assert purse(family) == foretold.purses[0].available.kopecks + back, f"on {day}"
    town.comes(date(2027, 5, 31))
    lives(town)
    assert purse(family) == foretold.purses[0].burns.kopecks
    before = has(town, book.budget(town.municipality, town.period))
    town.comes(date(2027, 6, 1))
    lives(town)
    assert purse(family) == 0
    assert has(town, book.budget(town.municipality, town.period)) - before == foretold.purses[0].burns.kopecks


@pytest.mark.parametrize(
    "day",
    [date(2026, 9, 3), date(2026, 9, 4), date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 31)],
    ids=["before it begins", "the first day", "the month's last day", "a new month, not charged yet", "the last day"],
)
def test_leaving_gives_back_what_was_foretold(town: Town, family: Family, day: date) -> None:
    robots = family.learns(town.group(price=879_206, stop=DECEMBER, start=date(2026, 9, 4)))
    called_off(town, robots, "2026-10", 2, 9)
    town.comes(day)
    [told] = ahead(family).leaving
    card = town.asks(OneEnrollment(robots), family.guardian)
    assert card is not None and card.leaving == told
    before = has(town, book.provider(town.provider))
    if told.last is None:
        fact = town.does(WithdrawRequest(robots), family.guardian)
        assert isinstance(fact, RequestWithdrawn)
    else:
        fact = town.does(EndEnrollment(robots, told.last), family.guardian)
        assert isinstance(fact, NoticeGiven) and fact.last == told.last
    assert (fact.amount, fact.left, held(town, robots)) == (told.returns, told.left, ZERO)
    assert has(town, book.provider(town.provider)) - before == told.due.kopecks
    assert purse(family) == told.left.kopecks
    left = ahead(family)
    assert (left.leaving, left.purses[0].burns) == ((), told.left)


def test_leaving_while_a_dispute_is_open_returns_nothing_and_a_reader_is_not_asked(town: Town, family: Family) -> None:
    robots = family.learns(town.group(price=879_206, stop=DECEMBER))
    town.comes(date(2026, 9, 20))
    town.adds(schema.dispute, enrollment=robots, about="enrollment", state="open", opened_at=town.now)
    free = Money(purse(family))
    told = Leaving(robots, "Robots", date(2026, 9, 30), ZERO, ZERO, free, date(2027, 5, 31))
    assert ahead(family).leaving == (told,)
    fact = town.does(EndEnrollment(robots, date(2026, 9, 30)), family.guardian)
    assert isinstance(fact, NoticeGiven) and (fact.amount, fact.left) == (ZERO, free)
    grandmother = town.person()
    town.adds(schema.guardianship, person=grandmother, child=family.child, rights="read", since=town.now)
    family.learns(town.group(price=10_000))
    seen = town.asks(Forecast(family.child), grandmother)
    assert seen is not None and seen.leaving == () and seen.expected
