"""How fast: against a messenger that counts every second strictly, on a virtual clock."""

import pytest

from tests.notifications.imitation import Messenger, Sending


@pytest.mark.parametrize("seed", range(3))
def test_the_limit_is_used_and_no_second_has_more_whatever_the_way_takes(seed: int) -> None:
    messenger = Messenger()
    sending = Sending(messenger, seed=seed)
    sending.put(range(1200))
    sending.run(36)
    assert messenger.violations == []
    assert messenger.rate(3, 33) >= 0.96 * 30


def test_a_chat_gets_one_message_a_second_and_does_not_slow_the_others() -> None:
    messenger = Messenger()
    sending = Sending(messenger)
    sending.put([7] * 10)
    sending.put(range(100, 700))
    sending.run(20)
    assert messenger.violations == []
    assert sum(address == "7" for _at, address in messenger.accepted) == 10
    assert len(messenger.accepted) >= 0.96 * 30 * 19


def test_a_reply_is_there_within_a_second_in_the_midst_of_a_fan_out() -> None:
    sending = Sending(Messenger())
    sending.put(range(2000))
    asked = {}
    for number in range(100):
        asked[2000 + number] = 2 + number / 5
        sending.at(asked[2000 + number], sending.put, [10_000 + number], False)
    sending.run(30)
    waits = sorted(sending.sent[row] - at for row, at in asked.items())
    assert waits[94] <= 1.0


def test_chats_that_refuse_are_asked_less_and_less_and_the_others_keep_their_pace() -> None:
    messenger = Messenger(poisoned={str(chat) for chat in range(0, 3000, 100)})
    sending = Sending(messenger)
    sending.put(range(3000))
    sending.run(65)
    assert messenger.violations == []
    assert sending.pace.limit == 30
    assert messenger.rate(3, 63) >= 0.95 * 0.97 * 30


@pytest.mark.parametrize("limit", [5, 10, 20])
def test_a_limit_that_sinks_is_found_with_few_violations(limit: int) -> None:
    messenger = Messenger()
    sending = Sending(messenger)
    sending.put(range(3000))
    sending.at(15.2, messenger.set_limit, limit)
    sending.run(70)
    assert len(messenger.violations) <= (3 if limit == 20 else 6)
    assert messenger.rate(25.2, 65.2) >= 0.95 * limit


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("allowed", "sunk", "says_which"), [(30, 20, False), (20, 14, True)])
def test_at_most_three_calls_are_refused_when_a_limit_sinks_by_a_third(
    allowed: int, sunk: int, says_which: bool, seed: int
) -> None:
    """Though one chat in a hundred of those who do not say whose limit it is refuses for reasons of its own."""
    messenger = Messenger(limit=allowed, says_which=says_which)
    messenger.poisoned = set() if says_which else {str(chat) for chat in range(seed, 2000, 100)}
    sending = Sending(messenger, allowed=allowed, seed=seed)
    sending.put(range(2000))
    sending.at(12 + seed / 7, messenger.set_limit, sunk)
    sending.run(45)
    assert len(messenger.violations) <= 3
    assert messenger.rate(24, 45) >= (0.95 if says_which else 0.95 * 0.97) * sunk


def test_a_limit_that_sinks_a_little_is_felt_by_refusals_here_and_there() -> None:
    messenger = Messenger()
    sending = Sending(messenger)
    sending.put(range(3000))
    sending.at(15.2, messenger.set_limit, 28)
    sending.run(70)
    assert len(messenger.violations) <= 20
    assert messenger.rate(30, 70) >= 0.9 * 28


def test_a_limit_that_has_risen_again_is_found_again() -> None:
    messenger = Messenger()
    sending = Sending(messenger)
    sending.put(range(9000))
    sending.at(15.2, messenger.set_limit, 20)
    sending.at(45.0, messenger.set_limit, 30)
    sending.run(200)
    assert len(messenger.violations) <= 3
    assert messenger.rate(150, 200) >= 0.96 * 30


def test_a_limit_that_stays_low_is_tried_seldom() -> None:
    messenger = Messenger()
    sending = Sending(messenger)
    sending.put(range(40_000))
    sending.at(15.2, messenger.set_limit, 20)
    sending.run(1000)
    assert len(messenger.violations) <= 3 + 4 * 4
    assert messenger.rate(30, 1000) >= 0.95 * 20


def test_a_longer_way_costs_nothing_once_it_is_known() -> None:
    messenger = Messenger()
    sending = Sending(messenger)
    sending.put(range(12_000))
    sending.at(10.0, setattr, messenger, "way", (0.1, 0.1))
    sending.run(250)
    assert messenger.violations == []
    assert messenger.rate(200, 250) >= 0.96 * 30


@pytest.mark.parametrize("limit", [14, 17])
def test_where_a_messenger_says_whose_limit_it_is_any_new_one_is_found_within_seconds(limit: int) -> None:
    messenger = Messenger(limit=20, says_which=True)
    sending = Sending(messenger, allowed=20)
    sending.put(range(2000))
    sending.at(15.2, messenger.set_limit, limit)
    sending.run(60)
    assert len(messenger.violations) <= 3
    assert messenger.rate(25.2, 60) >= 0.95 * limit
