"""What a search asks for, part by part: each can be named, changed or given up by itself."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import time
from typing import Any

from bot.domain.catalogue import Direction, Filters
from bot.domain.money import Money

PARTS: Mapping[str, Filters] = {
    "words": Filters(words="?"),
    "unwanted": Filters(unwanted="?", avoid=Direction.ART),
    "hours": Filters(after=time(17), before=time(18)),
    "days": Filters(days=(1,)),
    "seats": Filters(free_seats=True),
    "cheap": Filters(cheap=True),
    "price": Filters(price="free", child=1, most=Money(1), monthly=True, lesson=True),
    "direction": Filters(direction=Direction.ART),
    "age": Filters(age=7, other_age=9),
    "near": Filters(near=True),
    "place": Filters(district=1, near=True),
}
"""Each part of what is asked, by the fields that it sets; in the order in which parts are given up."""

_NOTHING: Mapping[str, Mapping[str, Any]] = {
    part: {field.name: field.default for field in fields(Filters) if getattr(example, field.name) != field.default}
    for part, example in PARTS.items()
}


def without(filters: Filters, part: str) -> Filters:
    """The filters with one part given up."""
    return Filters(**{**vars(filters), **_NOTHING[part]})


def named(filters: Filters) -> tuple[str, ...]:
    """The parts that are asked for."""
    return tuple(
        part
        for part, nothing in _NOTHING.items()
        if any(getattr(filters, name) != value for name, value in nothing.items())
    )
