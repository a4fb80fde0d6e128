"""Long texts and lists, a screen at a time."""

from collections.abc import Sequence
from typing import TypeVar

from bot.dialogs.core import Button

PAGE = 3_500
"""Characters: below every messenger's limit, with room for a title and a note."""

Item = TypeVar("Item")


def pages(text: str) -> tuple[str, ...]:
    """Cut at paragraphs, else lines, else words, so that nothing is longer than PAGE and nothing is lost."""
    found = []
    rest = text.strip()
    while len(rest) > PAGE:
        cuts = (rest.rfind(sign, PAGE // 2, PAGE) for sign in ("\n\n", "\n", " "))
        cut = next((at for at in cuts if at > 0), PAGE)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*found, rest)


def on_page(items: Sequence[Item], page: int, size: int) -> Sequence[Item]:
    """The items of a page; of the last one if there are not so many pages any more."""
    page = within(page, count(items, size))
    return items[page * size : (page + 1) * size]


def count(items: Sequence[Item], size: int) -> int:
    """How many pages; at least one."""
    return max(1, -(-len(items) // size))


def within(page: int, pages: int) -> int:
    """That page, or the nearest one there is."""
    return min(max(page, 0), pages - 1)


def turning(page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    """A row of buttons to the neighbouring pages, as choices `page:1`; no row where there is one page."""
    page = within(page, pages)
    row = tuple(
        Button(sign, f"page:{other}") for sign, other in (("‹", page - 1), ("›", page + 1)) if 0 <= other < pages
    )
    return (row,) if row else ()


def turned(choice: str) -> int | None:
    """The page that a tap on `turning` asks for."""
    return int(choice[5:]) if choice.startswith("page:") else None


def cut(name: str, longest: int = 40) -> str:
    """A name that fits a button."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"
