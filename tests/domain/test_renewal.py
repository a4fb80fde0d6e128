"""The days around a period's end on which renewals are offered, reminded of, and lapse (R6.12)."""

from datetime import date

from bot.domain.calendar import ProductionCalendar, YearDays
from bot.domain.policy import Policy
from bot.domain.renewal import window

MONDAY = date(2027, 5, 31)
UNPUBLISHED = ProductionCalendar({})


def test_five_working_days_are_left_when_it_is_offered() -> None:
    days = window(MONDAY, Policy(), UNPUBLISHED)
    assert (days.offered_from, days.reminded_on, days.deadline) == (date(2027, 5, 24), date(2027, 5, 29), MONDAY)


def test_holidays_move_the_offer_and_the_policy_moves_the_deadline() -> None:
    off = frozenset({date(2027, 5, 27), date(2027, 5, 28)})
    assert window(MONDAY, Policy(), ProductionCalendar({2027: YearDays(2027, off, frozenset())})).offered_from == date(
        2027, 5, 20
    )
    early = window(MONDAY, Policy(renewal_deadline_days=10, renewal_offer_working_days=1), UNPUBLISHED)
    assert (early.offered_from, early.deadline) == (date(2027, 5, 20), date(2027, 5, 21))
