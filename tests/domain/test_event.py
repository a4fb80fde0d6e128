"""Until when an event takes children, and of what age."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.event import AgeDoesNotFitEvent, EventIsCalledOff, EventIsOver, fits, over

STARTS = datetime(2026, 10, 3, 8, tzinfo=UTC)


def test_an_event_takes_children_until_it_begins() -> None:
    assert over(1, STARTS, STARTS - timedelta(seconds=1), called_off=False) is None
    assert over(1, STARTS, STARTS, called_off=False) == EventIsOver(1)


def test_an_event_that_is_called_off_says_so_even_afterwards() -> None:
    assert over(1, STARTS, STARTS - timedelta(days=1), called_off=True) == EventIsCalledOff(1)
    assert over(1, STARTS, STARTS + timedelta(days=1), called_off=True) == EventIsCalledOff(1)


def test_the_age_counts_on_the_day_of_the_event() -> None:
    born = date(2019, 10, 3)
    assert fits(1, born, date(2026, 10, 2), 7, 10) == AgeDoesNotFitEvent(1, 6, 7, 10)
    assert fits(1, born, date(2026, 10, 3), 7, 10) is None
    assert fits(1, born, date(2030, 10, 2), 7, 10) is None
    assert fits(1, born, date(2030, 10, 3), 7, 10) == AgeDoesNotFitEvent(1, 11, 7, 10)
