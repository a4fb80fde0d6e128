"""What a local day brings (R3.4, R3.5, R5.9)."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.calendar import ProductionCalendar, YearDays
from bot.domain.policy import Policy
from bot.notifications.scheduler import Due, KnownPeriod, Step, days_passed, due

THIS = KnownPeriod(1, date(2026, 9, 1), date(2027, 5, 31), "open")
COMING = KnownPeriod(2, date(2027, 6, 1), date(2028, 5, 31), "planned")
POLICY = Policy()


def names(day: date, *periods: KnownPeriod, policy: Policy = POLICY) -> list[str]:
    return [one.name for one in due(day, periods, policy)]


def test_an_ordinary_day_charges_those_who_begin() -> None:
    assert names(date(2026, 10, 14), THIS, COMING) == ["grant:1", "charge_starts"]


def test_the_1st_charges_the_month() -> None:
    assert names(date(2026, 10, 1), THIS) == ["grant:1", "charge_month"]


def test_the_first_day_ever_lived_catches_up_like_a_1st() -> None:
    assert due(date(2026, 10, 14), [THIS], POLICY, first=True)[-1] == Due(Step.CHARGE_MONTH)


def test_a_warning_goes_30_14_and_3_days_before_the_end() -> None:
    days = [THIS.stop - timedelta(left) for left in range(40)]
    warned = [(THIS.stop - day).days for day in days if any(one.step is Step.WARN for one in due(day, [THIS], POLICY))]
    assert warned == [3, 14, 30]


def test_the_next_period_opens_30_days_before_and_is_granted() -> None:
    assert "open:2" not in names(date(2027, 5, 1), THIS, COMING)
    assert names(date(2027, 5, 2), THIS, COMING) == ["open:2", "grant:1", "grant:2", "charge_starts"]


def test_the_border_in_the_order_of_r5_9() -> None:
    assert names(date(2027, 6, 1), THIS, COMING) == [
        "catch_up:1",
        "finish:1",
        "release:1",
        "expire:1",
        "close:1",
        "open:2",
        "grant:2",
        "charge_month",
        "lapse_renewals:1",
    ]


def test_a_border_that_was_missed_is_still_a_border() -> None:
    assert names(date(2027, 6, 9), THIS)[:5] == names(date(2027, 6, 1), THIS)[:5]
    assert names(date(2027, 6, 9), replace(THIS, state="closed"), replace(COMING, state="open")) == [
        "grant:2",
        "charge_starts",
    ]


def test_renewals_are_offered_for_five_working_days_and_lapse_up_to_the_border() -> None:
    def asked(day: date, policy: Policy = POLICY) -> list[str]:
        return [one.step.value for one in due(day, [THIS, COMING], policy) if "renewals" in one.step]

    assert asked(date(2027, 5, 23)) == []
    whole = ["lapse_renewals", "remind_renewals", "offer_renewals"]
    assert asked(date(2027, 5, 24)) == asked(date(2027, 5, 31)) == whole
    early = Policy(renewal_deadline_days=11)
    assert asked(date(2027, 5, 12), early) == [], "five working days before the deadline, weekends aside"
    assert asked(date(2027, 5, 13), early) == asked(date(2027, 5, 20), early) == whole
    assert asked(date(2027, 5, 21), early) == asked(date(2027, 6, 1), early) == ["lapse_renewals"]


def test_the_production_calendar_moves_the_first_offers() -> None:
    holidays = ProductionCalendar(
        {2027: YearDays(2027, frozenset({date(2027, 5, 27), date(2027, 5, 28)}), frozenset())}
    )
    offers = [
        day
        for day in (20, 21)
        if Step.OFFER_RENEWALS in [one.step for one in due(date(2027, 5, day), [THIS], POLICY, calendar=holidays)]
    ]
    assert offers == [20, 21]
    assert all(one.step is not Step.OFFER_RENEWALS for one in due(date(2027, 5, 19), [THIS], POLICY, calendar=holidays))


def test_days_passed_over_are_lived_in_order() -> None:
    assert days_passed(None, date(2026, 9, 5)) == [date(2026, 9, 5)]
    assert days_passed(date(2026, 9, 5), date(2026, 9, 5)) == []
    assert days_passed(date(2026, 9, 29), date(2026, 10, 2)) == [
        date(2026, 9, 30),
        date(2026, 10, 1),
        date(2026, 10, 2),
    ]
    assert days_passed(date(2026, 9, 5), date(2026, 9, 1)) == [], "a clock set back lives nothing twice"
