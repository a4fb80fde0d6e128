"""What a search asks for in words, part by part, and a button for each."""

from collections.abc import Iterator, Mapping
from datetime import time

from bot.dialogs.catalogue_words import DIRECTIONS, ages
from bot.dialogs.core import Button
from bot.dialogs.timetable import weekdays
from bot.domain.catalogue import Filters
from bot.domain.money import Money
from bot.i18n import Words, _, joined, n_


def each_chosen(filters: Filters) -> dict[str, Words]:
    """The filters that ask for something, in words, by the names of `parts.PARTS`; a district's name is not known here."""
    told: dict[str, Words | None] = {
        "words": f"«{filters.words}»" if filters.words else None,
        "unwanted": unwanted(filters),
        "hours": hours(filters.after, filters.before),
        "days": weekdays(filters.days) if filters.days else None,
        "seats": _("with free places") if filters.free_seats else None,
        "cheap": _("the cheaper ones first") if filters.cheap else None,
        "price": price(filters),
        "direction": DIRECTIONS[filters.direction] if filters.direction else None,
        "age": of_age(filters.age, filters.other_age) if filters.age else None,
        "near": (_("and near it") if filters.district else _("near: which place?")) if filters.near else None,
    }
    return {name: words for name, words in told.items() if words is not None}


def told(filters: Filters, place: str) -> dict[str, Words]:
    """What is asked for, the place first and the words last."""
    return {**({"place": place} if place else {}), **dict(reversed(each_chosen(filters).items()))}


def hours(after: time | None, before: time | None) -> Words | None:
    """«after 17:00», «before 12:00», «from 15:00 to 19:00»."""
    if after is None or before is None:
        return _("after {time}", time=after) if after else _("before {time}", time=before) if before else None
    return _("from {start} to {stop}", start=after, stop=before)


def unwanted(filters: Filters) -> Words | None:
    """«but not: dances»."""
    kinds = (DIRECTIONS[filters.avoid] if filters.avoid else "", filters.unwanted)
    named = joined(", ", filter(None, kinds))
    return _("but not: {kinds}", kinds=named) if named.parts else None


def of_age(age: int, other: int) -> Words:
    """Of one child, or of two who are to go there together."""
    return n_("ages {age} and {count}", "ages {age} and {count}", other, age=age) if other else ages(age, age)


def price(filters: Filters) -> Words | None:
    """How dear it may be, and what that pays for."""
    if filters.most:
        return _("up to {sum} a lesson", sum=filters.most) if filters.lesson else up_to(filters.most, filters.monthly)
    return {"free": _("free of charge"), "fits": _("within the balance"), "": None}[filters.price]


def up_to(most: Money, monthly: bool) -> Words:
    """A sum with what it is for: a month, or a group from its first day to its last."""
    return _("up to {sum} a month", sum=most) if monthly else _("up to {sum} in all", sum=most)


def buttons(asked: Mapping[str, Words]) -> Iterator[tuple[Button, ...]]:
    """What is asked for, two in a row: a tap asks for it anew, and lets it go. Spare: the filters do so too.

    Nothing but words have none: they are written anew."""
    if asked.keys() - {"words"}:
        row = [Button(changed(words), f"part:{part}", spare=True) for part, words in asked.items()]
        yield from (tuple(row[at : at + 2]) for at in range(0, len(row), 2))


def changed(part: Words) -> Words:
    """What a tap changes."""
    return _("✎ {part}", part=part)
