"""Whatever a dialog writes fits every messenger, and nothing is lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.core import Document
from bot.dialogs.message import Key, Message
from bot.handlers.channel import TELEGRAM, VK, WEB, Limits, split, utf16
from bot.handlers.keyboard import parts

words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=60).filter(
    str.strip
)
texts = st.lists(words, min_size=1, max_size=400).map(" \n".join)
rows = st.lists(st.lists(words, min_size=1, max_size=7), max_size=14)


def row(*labels: str) -> tuple[Key, ...]:
    return tuple(Key(label, label) for label in labels)


def board(message: Message) -> list[list[str]]:
    return [[key.label for key in keys] for keys in message.rows]


@pytest.mark.parametrize("limits", [TELEGRAM, VK])
@given(text=texts, labels=rows)
def test_any_screen_fits_and_keeps_every_word_and_every_answer_in_order(
    limits: Limits, text: str, labels: list[list[str]]
) -> None:
    message = Message(text, tuple(row(*line) for line in labels))
    found = parts(message, limits)
    for part in found:
        assert 0 < limits.length(part.text) <= limits.text
        assert len(part.rows) <= limits.rows
        assert sum(map(len, part.rows)) <= limits.buttons
        assert all(0 < len(keys) <= limits.per_row for keys in part.rows)
        assert all(len(key.label) <= limits.label for keys in part.rows for key in keys)
    asked = [key.data for keys in message.rows for key in keys]
    assert [key.data for part in found for keys in part.rows for key in keys] == asked
    said = "".join(part.text for part in found if not part.rows or part.text != "…")
    assert "".join(said.split()) == "".join(text.split())


def test_an_ordinary_screen_is_one_message_with_its_rows_as_written() -> None:
    message = Message("Choose", (row("Robots"), row("Chess"), row("Back", "Menu")))
    assert parts(message, VK) == (message,)


def test_eight_rows_become_six_in_vk_by_joining_the_shortest_neighbours() -> None:
    (fitted,) = parts(
        Message(
            "Which age?",
            (
                *(row(name) for name in ("5", "6", "Any age at all", "Younger", "Older", "A rather long one", "None")),
                row("Back", "Menu"),
            ),
        ),
        VK,
    )
    assert board(fitted) == [
        ["5", "6"],
        ["Any age at all"],
        ["Younger", "Older"],
        ["A rather long one"],
        ["None"],
        ["Back", "Menu"],
    ]


def test_the_eleventh_button_in_vk_goes_into_a_second_message() -> None:
    first, second = parts(Message("Which one?", (*(row(str(number)) for number in range(10)), row("Back", "Menu"))), VK)
    assert sum(map(len, first.rows)) == 10
    assert (second.text, board(second)) == ("…", [["Back", "Menu"]])


def test_a_row_of_seven_is_broken_where_five_fit() -> None:
    (fitted,) = parts(Message("Which day?", (row("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),)), VK)
    assert board(fitted) == [["Mo", "Tu", "We", "Th", "Fr"], ["Sa", "Su"]]


def test_what_is_spare_is_left_out_where_there_is_no_room_for_it() -> None:
    spare = tuple(Key(f"✎ {part}", part, spare=True) for part in ("age 7", "Kola"))
    screen = Message("Found", (*(row(str(number)) for number in range(7)), spare, row("Filters"), row("Back", "Menu")))
    (fitted,) = parts(screen, VK)
    assert [key for keys in fitted.rows for key in keys] == [
        key for keys in screen.rows for key in keys if not key.spare
    ]
    assert parts(screen, TELEGRAM) == (screen,)


def test_a_row_that_a_phone_would_cut_is_broken() -> None:
    wide = Message("Filters", (row("✎ 8 лет", "✎ Туризм и краеведение"), row("Back", "Menu")))
    for limits in (TELEGRAM, VK):
        assert board(parts(wide, limits)[0]) == [["✎ 8 лет"], ["✎ Туризм и краеведение"], ["Back", "Menu"]]
    assert parts(wide, WEB) == (wide,)


def test_a_long_label_is_cut_where_a_reader_sees_it() -> None:
    (fitted,) = parts(Message("Which one?", (row("Робототехника и программирование для самых маленьких"),)), VK)
    assert board(fitted) == [["Робототехника и программирование для са…"]]


def test_a_long_text_is_parted_between_paragraphs_then_sentences_then_words() -> None:
    narrow = Limits(text=40, label=9, buttons=9, rows=9, per_row=9, popup=9, readable=30)
    assert split("First paragraph here, short.\n\nSecond one. It goes on.", narrow) == (
        "First paragraph here, short.",
        "Second one. It goes on.",
    )
    assert split("This is the first sentence. And this is the second.", narrow) == (
        "This is the first sentence.",
        "And this is the second.",
    )
    assert split("one two three four five six seven eight nine", narrow) == (
        "one two three four five six seven eight",
        "nine",
    )
    assert split("x" * 90, narrow) == ("x" * 40, "x" * 40, "x" * 10)


def test_telegram_counts_an_emoji_twice() -> None:
    assert utf16("🎨a") == 3
    assert [utf16(piece) for piece in split("🎨" * 3000, TELEGRAM)] == [4096, 1904]


def test_a_file_is_a_message_of_its_own_after_the_buttons() -> None:
    document = Document("my-data.json", "{}")
    words, file = parts(Message("Your data", (row("Back"),), document=document), TELEGRAM)
    assert (words.document, board(words)) == (None, [["Back"]])
    assert (file.document, file.rows) == (document, ())
