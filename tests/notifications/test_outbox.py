"""The life of an outbox row: what each outcome makes of it."""

from datetime import UTC, datetime, timedelta

from bot.notifications.delivery import Gone, Later, Refused, Sent, Unreachable
from bot.notifications.outbox import MAX_TRIES, Next, RowState, after, backoff

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)


def test_what_is_sent_keeps_its_number() -> None:
    assert after(Sent("42"), 0, NOW) == Next(RowState.SENT, 0, NOW, ref="42")


def test_being_asked_to_wait_is_honoured_and_is_no_failure() -> None:
    assert after(Later(17), 3, NOW) == Next(RowState.QUEUED, 3, NOW + timedelta(seconds=17))


def test_a_dead_address_says_so() -> None:
    end = after(Gone("blocked"), 0, NOW)
    assert (end.state, end.address_dead, end.trouble) == (RowState.FAILED, True, "blocked")


def test_what_the_messenger_will_never_take_fails_at_once() -> None:
    assert after(Refused("914"), 0, NOW) == Next(RowState.FAILED, 0, NOW, trouble="914")


def test_no_answer_is_tried_again_later_and_later_and_a_night_is_survived() -> None:
    assert [backoff(tries) for tries in (1, 2, 3, 10, 11, 99)] == [1, 2, 4, 512, 900, 900]
    assert after(Unreachable("cut"), 1, NOW) == Next(RowState.QUEUED, 2, NOW + timedelta(seconds=2), trouble="cut")
    assert timedelta(hours=12) < timedelta(seconds=sum(map(backoff, range(1, MAX_TRIES)))) < timedelta(hours=24)


def test_nothing_is_tried_for_ever() -> None:
    assert after(Unreachable("cut"), MAX_TRIES - 1, NOW) == Next(RowState.FAILED, MAX_TRIES, NOW, trouble="cut")
