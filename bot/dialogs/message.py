"""A screen written down: strings in the reader's language, buttons with their data. What channels send."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.dialogs.core import Button, Document, Screen
from bot.domain.pictures import Picture
from bot.i18n import render

MAX_DATA_BYTES = 64


@dataclass(frozen=True)
class Key:
    """A button as a messenger sees it: `data` comes back when it is pressed, or `url` is opened."""

    label: str
    data: str = ""
    url: str = ""
    spare: bool = False


@dataclass(frozen=True)
class Message:
    """Plain text and rows of keys; every channel fits it to its own limits."""

    text: str
    rows: tuple[tuple[Key, ...], ...] = ()
    wants: Literal["choice", "text", "date", "phone", "secret"] = "choice"
    document: Document | None = None
    picture: Picture | None = None
    language: str = "ru"
    """What it is written in: a channel's own words (a contact button) follow it."""


def written(screen: Screen, language: str, turn: int = 0) -> Message:
    """Write a screen for a reader. A choice travels as `turn:choice`, a door as `>name`; ≤ 64 bytes (Telegram's limit)."""
    return Message(
        render(screen.text, language),
        tuple(tuple(_key(button, language, turn) for button in row) for row in _rows(screen)),
        screen.wants,
        screen.document,
        screen.picture,
        language,
    )


def said(screen: Screen, language: str) -> Screen:
    """The same screen in words of this language only, so that to write it down takes no time any more."""
    rows = (tuple(replace(each, label=render(each.label, language)) for each in row) for row in _rows(screen))
    return replace(screen, text=render(screen.text, language), buttons=tuple(rows))


def labels(screen: Screen, message: Message) -> tuple[tuple[str, str], ...]:
    """The choices a screen offers, with their labels as they were written."""
    return tuple(
        (button.choice, key.label)
        for row, keys in zip(_rows(screen), message.rows, strict=True)
        for button, key in zip(row, keys, strict=True)
        if button.choice
    )


def _rows(screen: Screen) -> Iterator[tuple[Button, ...]]:
    for row in screen.buttons:
        yield row if isinstance(row, tuple) else (row,)


def _key(button: Button, language: str, turn: int) -> Key:
    if button.url:
        return Key(render(button.label, language), url=button.url, spare=button.spare)
    data = button.choice if button.choice.startswith(">") else f"{turn}:{button.choice}"
    assert (len(data) if data.isascii() else len(data.encode())) <= MAX_DATA_BYTES, f"choice too long: {data!r}"
    return Key(render(button.label, language), data, spare=button.spare)
