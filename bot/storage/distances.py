"""How far places are from one another, as the crow flies, by bot/data/places.csv; of a place that is not there only its municipality is known."""

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt

from bot.domain.catalogue import SearchPlace
from bot.domain.understanding import folded

EARTH = 6_371
"""Its radius, kilometres."""
RINGS = (0, 10, 40)
"""Kilometres: the place itself, a bus ride, within reach of a car."""


@cache
def _coordinates() -> dict[str, tuple[float, float]]:
    with (files("bot") / "data" / "places.csv").open(encoding="utf-8") as file:
        return {folded(row["place"]): (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def kilometres(one: str, other: str) -> float | None:
    """Between two places by their names; None where one of them is not known."""
    first, second = _coordinates().get(folded(one)), _coordinates().get(folded(other))
    if first is None or second is None:
        return None
    (lat, lon), (to_lat, to_lon) = (tuple(map(radians, place)) for place in (first, second))
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))


def rings(center: SearchPlace, places: Iterable[SearchPlace]) -> tuple[list[int], ...]:
    """Places by how near they are, a list for each of RINGS; a municipality's own count as near where nobody knows better."""
    found: tuple[list[int], ...] = tuple([] for _ring in RINGS)
    for place in places:
        away = 0 if place.id == center.id else kilometres(center.name, place.name)
        if away is None and place.municipality == center.municipality:
            away = RINGS[-1]
        ring = next((number for number, reach in enumerate(RINGS) if away is not None and away <= reach), None)
        if ring is not None:
            found[ring].append(place.id)
    return found
