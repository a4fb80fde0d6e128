"""Doors: names that open a state from anywhere — the menu, a deep link, a push's button. A door changes nothing by itself."""

import re
from collections.abc import Callable, Mapping

from bot.dialogs import (
    catalogue,
    certificate,
    contact,
    enrollment,
    event,
    family,
    fitting,
    forecast,
    guardians,
    hello,
    home,
    linking,
    money,
    municipality,
    rating,
    renewal,
    saved_search,
    settings,
    waiting,
    week,
)
from bot.dialogs.core import AnyState

DOORS: Mapping[str, Callable[[str], AnyState]] = {
    name: opens
    for room in (
        hello,
        home,
        family,
        guardians,
        linking,
        contact,
        certificate,
        catalogue,
        enrollment,
        money,
        forecast,
        fitting,
        rating,
        event,
        municipality,
        settings,
        waiting,
        renewal,
        saved_search,
        week,
    )
    for name, opens in room.DOORS.items()
}
"""Each room's doors: a name and what opens it; the argument is what follows `:` (in deep links, which know fewer signs, `_`)."""

TOO_BIG = re.compile(r"\d{19}")
"""No id has so many digits, and no database takes them."""


def open_door(name: str) -> AnyState | None:
    """The state behind `enrollment:5` or `enrollment_5`; None if there is no such door."""
    room, _sign, argument = name.replace("_", ":", 1).partition(":")
    opens = DOORS.get(room)
    if TOO_BIG.search(argument):
        return None
    try:
        return opens(argument) if opens else None
    except ValueError:
        return None
