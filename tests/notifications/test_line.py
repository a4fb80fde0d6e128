"""Who is sent next."""

from hypothesis import given
from hypothesis import strategies as st

from bot.notifications.line import Line
from tests.notifications.imitation import journey


def test_replies_go_before_pushes_and_a_chat_waits_for_its_own() -> None:
    line = Line(per_chat=1)
    for one in (journey(1, 7, push=True), journey(2, 8, push=True), journey(3, 9), journey(4, 9)):
        line.join(one, 0)
    first = line.take(0, 10)
    assert [one.delivery.row for one in first] == [3, 1, 2]
    assert line.take(0.5, 10) == []
    line.done(first[0], 0.1, 0.5)
    assert line.take(1.0, 10) == []
    assert [one.delivery.row for one in line.take(1.1, 10)] == [4]


def test_a_reply_overtakes_the_push_of_its_own_chat_but_not_a_message_that_has_begun() -> None:
    line = Line(per_chat=1000)
    begun = journey(3, 7, push=True)
    begun.begun = True
    for one in (journey(1, 7, push=True), journey(2, 7), begun):
        line.join(one, 0)
    rows = []
    for step in range(3):
        (one,) = line.take(step, 1)
        rows.append(one.delivery.row)
        line.done(one, step, step)
    assert rows == [3, 2, 1]


def test_what_has_to_wait_keeps_its_chat_waiting_and_goes_first_afterwards() -> None:
    line = Line(per_chat=1)
    line.join(journey(1, 7), 0)
    (put_off,) = line.take(0, 10)
    line.join(journey(2, 7), 0)
    line.join(journey(3, 8), 0)
    line.done(put_off, 0.1, 0.1, rest=5)
    line.join(put_off, 0.1)
    assert [one.delivery.row for one in line.take(4, 10)] == [3]
    assert [one.delivery.row for one in line.take(5.1, 10)] == [1]


def test_the_pushes_of_a_chat_can_go_home_while_its_replies_stay() -> None:
    line = Line(per_chat=1)
    for one in (journey(1, 7), journey(2, 7, push=True), journey(3, 7), journey(4, 8, push=True)):
        line.join(one, 0)
    assert [one.delivery.row for one in line.leave("7")] == [2]
    assert [one.delivery.row for one in line.take(0, 10)] == [1, 4]


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=60), st.integers(1, 5))
def test_everybody_is_sent_once_a_chats_replies_in_order_and_apart(who: list[tuple[int, bool]], at_once: int) -> None:
    line, now, rows = Line(per_chat=2), 0.0, []
    for row, (chat, push) in enumerate(who):
        line.join(journey(row, chat, push), now)
    chats: dict[str, list[float]] = {}
    while len(rows) < len(who):
        for one in line.take(now, at_once):
            rows.append(one.delivery.row)
            chats.setdefault(one.delivery.address, []).append(now)
            line.done(one, now, now)
        now += max(line.wait(now), 0.001) if len(rows) < len(who) else 0
    assert sorted(rows) == list(range(len(who)))
    assert line.wait(now) == float("inf")
    assert all(
        later - earlier >= 0.5 - 1e-9 for sent in chats.values() for earlier, later in zip(sent, sent[1:], strict=False)
    )
    for address in chats:
        replies = [number for number in rows if who[number] == (int(address), False)]
        assert replies == sorted(replies)
