"""Every screen, answer and notice of the samples reads well, in every language and within every messenger's limits."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from bot.dialogs.message import MAX_DATA_BYTES, Message
from bot.domain.calendar import Span
from bot.handlers.channel import TELEGRAM, VK, WEB, Limits
from bot.handlers.keyboard import parts
from bot.i18n import LANGUAGES, render
from tests import screens
from tests.screens import Shown
from tools.texts import complaints, updated

CHANNELS: tuple[Limits, ...] = (TELEGRAM, VK, WEB)
KNOWN_LATIN = re.compile(
    r"https?://\S+|\S+@\S+|\w+-\d+\.ics|[\w-]+\.txt|SHA-256|Telegram|VK|English|[A-Z]{4}-?[0-9]{4}|BEGIN:VCALENDAR"
)
"""Names and codes that are written the same in Russian."""
ABBREVIATED = re.compile(r"ул\.,|А\. К\.,")
"""Stops that belong to a word of the samples, not to a sentence."""
AT_HOME = {"Home"}


@cache
def shown() -> tuple[Shown, ...]:
    return tuple(screens.screens())


@cache
def pushed() -> tuple[Shown, ...]:
    return tuple(screens.notices())


@cache
def texts() -> tuple[tuple[str, str, str], ...]:
    """(what it is, language, text) of everything that is read: texts, labels and answers, each once."""
    found: dict[tuple[str, str, str], None] = {}
    for each in (*shown(), *pushed()):
        for language, message in each.messages:
            found |= dict.fromkeys((each.title, language, text) for text in _read(message))
    for said in screens.said():
        found |= {(said.title, language, said.in_language(language)): None for language in LANGUAGES}
    return tuple(found)


def _read(message: Message) -> Iterator[str]:
    yield message.text
    if message.document is not None:
        yield message.document.content
    for row in message.rows:
        yield from (key.label for key in row)


def fitted() -> Iterator[tuple[str, Limits, Message]]:
    """Every message as every channel sends it."""
    for each in (*shown(), *pushed()):
        for _language, message in each.messages:
            for limits in CHANNELS:
                yield from ((each.title, limits, part) for part in parts(message, limits))


def test_the_samples_reach_every_state_that_has_a_screen():
    reached = {each.title for each in shown()}
    only_leads_on = {"Arrive", "CorrectApplication", "FindSimilar", "OpenSaved", "ReadLine", "TakeOffered"}
    assert {kind.__name__ for kind in screens.state_kinds()} - reached <= only_leads_on


def test_the_samples_reach_every_notice():
    assert {each.title for each in pushed()} == {kind.__name__ for kind in screens.NOTICES}


def test_every_message_fits_every_channel():
    for title, limits, part in fitted():
        assert limits.length(part.text) <= limits.text, title
        assert len(part.rows) <= limits.rows, title
        assert sum(map(len, part.rows)) <= limits.buttons, title
        for row in part.rows:
            assert 0 < len(row) <= limits.per_row, title
            for key in row:
                assert 0 < len(key.label) <= limits.label, (title, key.label)
                assert len(key.data.encode()) <= MAX_DATA_BYTES, (title, key.data)


def test_no_screen_is_empty():
    assert not [each.title for each in (*shown(), *pushed()) for _lang, message in each.messages if not message.text]


def test_buttons_of_a_screen_have_names_of_their_own():
    for each in (*shown(), *pushed()):
        for language, message in each.messages:
            labels = [key.label for row in message.rows for key in row]
            assert len(labels) == len(set(labels)), (each.title, language, labels)


def test_every_screen_leads_back_and_to_the_menu():
    for each in shown():
        buttons = {key.data.rpartition(":")[2] for row in dict(each.messages)["en"].rows for key in row}
        wanted = set() if each.title in AT_HOME else {"<", ">menu"}
        assert wanted <= buttons, (each.title, buttons)


def test_no_placeholder_is_left_in_a_text():
    assert not [(title, text) for title, _language, text in texts() if re.search(r"\{\w*\}", text)]


def test_no_text_has_doubled_stops_or_spaces():
    wrong = re.compile(r"\.\.|  |\s[.,;:!?](\s|$)|[.,:;][,;:]| $|^ |»«", re.MULTILINE)
    assert not [(title, text) for title, _language, text in texts() if wrong.search(ABBREVIATED.sub("x", text))]


def test_russian_texts_have_no_english_words():
    for title, language, text in texts():
        if language == "ru":
            assert not re.search(r"[A-Za-z]+", KNOWN_LATIN.sub("", text)), (title, text)


def test_the_russian_catalog_is_complete():
    assert not list(complaints(updated()))


@pytest.mark.parametrize(
    ("start", "stop", "russian", "english"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16–22 ноября 2026", "November 16–22, 2026"),
        (date(2026, 9, 1), date(2026, 12, 31), "1 сентября – 31 декабря 2026", "September 1 – December 31, 2026"),
        (date(2026, 9, 1), date(2027, 5, 31), "1 сентября 2026 – 31 мая 2027", "September 1, 2026 – May 31, 2027"),
        (date(2026, 9, 1), date(2026, 9, 1), "1 сентября 2026", "September 1, 2026"),
    ],
)
def test_what_two_days_have_in_common_is_said_once(start: date, stop: date, russian: str, english: str) -> None:
    assert (render(Span(start, stop), "ru"), render(Span(start, stop), "en")) == (russian, english)
