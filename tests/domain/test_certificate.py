"""The certificate's rules (R2.1, R2.4, R2.6, R2.11)."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.certificate import blocked_until, has_vacancy, number_of, valid_until

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_it_is_valid_until_the_eighteenth_birthday():
    assert valid_until(date(2017, 3, 14), 18) == date(2035, 3, 14)
    assert valid_until(date(2016, 2, 29), 18) == date(2034, 3, 1)


def test_a_vacancy_is_limited_by_number_and_by_money():
    assert has_vacancy(10, 1_000, None, None)
    assert has_vacancy(9, 1_000, 10, None)
    assert not has_vacancy(10, 1_000, 10, None)
    assert has_vacancy(9, 1_000, None, 10_000)
    assert not has_vacancy(10, 1_000, 100, 10_000)


def test_a_number_is_ten_digits_however_it_is_typed():
    assert number_of("№ 5101 123-456") == "5101123456"
    assert [number_of(typed) for typed in ("510112345", "51011234567", "number", "")] == [None] * 4


def test_every_fifth_wrong_try_blocks_for_an_hour():
    tries = [NOON + MINUTE * n for n in range(5)]
    assert blocked_until(tries[:4], NOON + MINUTE * 4) is None
    assert blocked_until(tries, NOON + MINUTE * 5) == NOON + MINUTE * 64
    assert blocked_until(tries, NOON + MINUTE * 64) is None
    assert blocked_until([*tries, *(NOON + MINUTE * n for n in range(70, 74))], NOON + MINUTE * 74) is None
