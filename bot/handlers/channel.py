"""What a messenger can show, as data, and long texts in pieces that fit: nothing is ever cut silently."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


def utf16(text: str) -> int:
    """Length as Telegram counts it: an emoji is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True)
class Limits:
    """A messenger's borders for one message."""

    text: int
    """Units of `length`."""
    label: int
    """Characters on a button; a longer label is cut with «…», which is what a reader sees anyway."""
    buttons: int
    rows: int
    per_row: int
    popup: int
    """Characters of the word that pops up over a tapped button."""
    readable: int
    """Characters that a row of several buttons shows on a phone, all of them as wide as the widest."""
    length: Callable[[str], int] = len


TELEGRAM = Limits(text=4096, label=64, buttons=100, rows=100, per_row=8, popup=200, readable=34, length=utf16)
"""Bot API: sendMessage, InlineKeyboardMarkup, answerCallbackQuery. Labels have no limit there; 64 is more than a phone shows."""
VK = Limits(text=4096, label=40, buttons=10, rows=6, per_row=5, popup=90, readable=34)
"""VK API 5.199: messages.send, inline keyboard, show_snackbar."""
WEB = Limits(text=20_000, label=200, buttons=200, rows=200, per_row=8, popup=200, readable=10_000)
"""Our own page, whose labels go on in the next line."""

BORDERS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))
"""Where a text may be parted, best first: paragraphs, lines, sentences, words."""


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, the last one «…» if something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def split(text: str, limits: Limits) -> tuple[str, ...]:
    """The whole text in as few pieces as its borders allow; joined again only white space at the borders differs."""
    return tuple(_pieces(text.strip(), limits)) or ("",)


def _pieces(text: str, limits: Limits) -> Iterator[str]:
    while limits.length(text) > limits.text:
        end = _fitting(text, limits)
        head = text[:end]
        cut = next((found for border in BORDERS if (found := _last(border, head))), end)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _fitting(text: str, limits: Limits) -> int:
    """How many characters of a text that is too long fit."""
    low, high = 1, min(len(text), limits.text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if limits.length(text[:middle]) <= limits.text else (low, middle - 1)
    return low


def _last(border: re.Pattern[str], head: str) -> int:
    """The end of the last border in the second half of `head` (a piece of three words helps nobody); 0 if none."""
    return max((found.end() for found in border.finditer(head) if found.start() >= len(head) // 2), default=0)
