"""What a report reckons before anything is drawn: ages, what a transfer is, where the money is."""

from datetime import date, timedelta

import pytest

from bot.domain.application import FullName, sex_of
from bot.domain.calendar import Span, age_on, born_by
from bot.domain.ledger import ROUTES, AccountKind
from bot.domain.money import Money
from bot.domain.report import Covered, Flow, NamedSpan, chosen_span, flow, running

YEAR = Span(date(2026, 9, 1), date(2027, 5, 31))
NEXT = Span(date(2027, 6, 1), date(2028, 5, 31))


@pytest.mark.parametrize("day", [date(2026, 11, 16), date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 1)])
def test_born_by_that_day_is_exactly_who_is_so_old(day: date) -> None:
    for years in range(19):
        born = born_by(day, years)
        assert age_on(born, day) >= years > age_on(born + timedelta(days=1), day)


def test_the_period_of_today_is_chosen_else_the_last_that_has_begun_else_the_first_that_will() -> None:
    spans = (NamedSpan("2027/28", NEXT), NamedSpan("2026/27", YEAR))
    assert chosen_span(spans, date(2026, 11, 16)) == YEAR
    assert chosen_span(spans, date(2027, 6, 1)) == chosen_span(spans, date(2029, 1, 1)) == NEXT
    assert chosen_span(spans, date(2026, 1, 1)) == YEAR
    assert chosen_span((), date(2026, 11, 16)) == Span(date(2026, 1, 1), date(2026, 12, 31))


def test_every_movement_that_the_ledger_knows_is_something_in_a_report() -> None:
    """Whatever moves between four accounts, granted = paid + on hold + free + expired + returned."""
    for why, ways in ROUTES.items():
        for source, target in ways:
            what, sign = flow(source, target, why)
            [sums] = running([{what: sign * 100}])
            at = {AccountKind.CERTIFICATE: sums.free, AccountKind.HOLD: sums.on_hold, AccountKind.PROVIDER: sums.paid}
            moved = {kind: Money(100 * ((kind is target) - (kind is source))) for kind in at}
            assert at == moved, (why, source, target)
            assert sums.granted == sums.paid + sums.on_hold + sums.free + sums.expired + sums.returned


def test_months_follow_each_other() -> None:
    first, second = running(
        [
            {Flow.GRANTED: 1000, Flow.HELD: 600, Flow.CHARGED: 200},
            {Flow.CHARGED: 200, Flow.REFUNDED: 50, Flow.EXPIRED: 300},
        ]
    )
    assert (first.paid, first.on_hold, first.free) == (Money(200), Money(400), Money(400))
    assert (second.charged, second.refunded, second.expired) == (Money(200), Money(50), Money(300))
    assert (second.paid, second.on_hold, second.free) == (Money(350), Money(200), Money(150))


def test_coverage_is_a_part_of_those_who_live_there_where_that_is_known() -> None:
    assert Covered("1", "Leninsky", 400, 150, 100).percent == 25
    assert Covered("1", "Leninsky", None, 150, 100).percent is None
    assert Covered("", "", 400, 0, 0).percent is None, "a district that nobody has told has no coverage"


@pytest.mark.parametrize(
    ("patronymic", "sex"),
    [
        ("Павловна", "f"),
        ("Ильинична", "f"),
        ("Ильич", "m"),
        ("Петрович", "m"),
        ("Расим кызы", "f"),
        ("Расим оглы", "m"),
        ("", None),
        ("Нгуен", None),
    ],
)
def test_the_patronymic_says_the_sex_or_nobody_does(patronymic: str, sex: str | None) -> None:
    assert sex_of(FullName("Образцова", "Саша", patronymic)) == sex
