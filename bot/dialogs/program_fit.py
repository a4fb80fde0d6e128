"""Why a program fits what was asked: a line or two on its card, so that nobody has to compare it with the question.

What the card says in so many words beside it (that it is free, how families rate it) is not said again."""

from collections.abc import Iterator

from bot.dialogs.catalogue_words import DIRECTIONS
from bot.dialogs.timetable import in_words
from bot.domain.catalogue import (
    Filters,
    GroupLine,
    ProgramCard,
)
from bot.domain.parts import without
from bot.domain.understanding import folded
from bot.i18n import Words, _, joined, n_

SAME_ROOT = 4
"""Letters with which two forms of a word begin alike, or all of a shorter one."""


def why(card: ProgramCard, asked: Filters) -> Words | None:
    """The reasons in one sentence; None when nothing in particular was asked, or none of it shows on the card. A price and an hour are those of
    groups that can be entered, if there is one."""
    if asked == Filters():
        return None
    fitting = [group for group in card.groups if _fits(group, asked)]
    groups = [group for group in fitting if group.is_open and group.free] or fitting
    reasons = tuple(_reasons(card, groups, asked))
    return _("Why it fits: {reasons}.", reasons=joined("; ", reasons)) if reasons else None


def _reasons(card: ProgramCard, groups: list[GroupLine], asked: Filters) -> Iterator[Words]:
    said = [word for word in folded(asked.words).split() if _stands_in(word, f"{card.name} {card.activity}")]
    if said:
        yield _("it is about «{words}»", words=" ".join(said))
    if asked.other_age and card.age_min <= asked.age and asked.other_age <= card.age_max:
        yield _("for both children")
    elif asked.age and card.age_min <= asked.age <= card.age_max:
        yield n_("for the age of {count}", "for the age of {count}", asked.age)
    if asked.direction is card.direction:
        yield DIRECTIONS[card.direction]
    timed = asked.days or asked.after or asked.before
    if timed and groups:
        yield _("it meets {timetable}", timetable=in_words(groups[0].timetable))
    prices = [group.price for group in groups if group.price]
    if prices and asked.price == "fits":
        yield _("the certificate pays all of it")
    elif prices and (asked.most or asked.cheap):
        yield _("it costs {price}", price=min(prices))
    free = sum(group.free for group in groups if group.is_open)
    if free and len(card.groups) > 1:
        yield n_("{count} free place", "{count} free places", free)


def _fits(group: GroupLine, asked: Filters) -> bool:
    """Whether the group meets when it was asked to; one without a timetable does not, when that matters."""
    lessons = group.timetable
    if without(without(asked, "days"), "hours") == asked:
        return True
    return bool(lessons) and all(
        (not asked.days or lesson.weekday in asked.days)
        and (asked.after is None or lesson.start >= asked.after)
        and (asked.before is None or lesson.stop <= asked.before)
        for lesson in lessons
    )


def _stands_in(word: str, text: str) -> bool:
    root = word[: max(SAME_ROOT, len(word) - 3)]
    return any(each.startswith(root) for each in folded(text).replace("«", " ").replace("»", " ").split())
