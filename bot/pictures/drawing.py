"""Typst draws: a page in its own language (`pages/*.typ`) and the values that it shows, which it reads as data, never as markup.

The engine and its fonts come in one wheel; they are loaded when something is drawn for the first time (decision 0048).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from bot.i18n import Words, render

PAGES = Path(__file__).parent / "pages"
SHARPNESS = 144
"""Pixels an inch of a picture: two for each point, as phones show it."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""A file of equal contents is equal: it says nothing of when it was made."""
Values = Mapping[str, Any]


def drawn(page: str, values: Values, language: str, form: Literal["png", "pdf", "svg"] = "png") -> bytes:
    """The page with these values: numbers, plain texts, words (in the reader's language), lists and mappings of them."""
    import typst  # the engine and its fonts are 40 MB of memory, for what few ask for

    said = json.dumps(_plain(values, language), ensure_ascii=False)
    found: bytes = typst.compile(
        PAGES / f"{page}.typ",
        format=form,
        ppi=SHARPNESS,
        ignore_system_fonts=True,
        timestamp=int(LONG_AGO.timestamp()),
        sys_inputs={"values": said, "language": language},
    )
    return found


def _plain(value: Any, language: str) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {name: _plain(each, language) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each, language) for each in value]
    words: Words = value
    return render(words, language)


@lru_cache(maxsize=200)
def qr(content: str) -> str:
    """A QR code as SVG, with the quiet zone that scanners need."""
    import segno

    found = BytesIO()
    segno.make(content, error="m", micro=False).save(found, kind="svg", border=4, dark="#000", light="#fff")
    return found.getvalue().decode()
