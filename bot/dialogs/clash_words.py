"""What clashes, in lines: the child's own lessons, and those of brothers and sisters whom the same adult brings."""

from collections.abc import Iterator

from bot.dialogs.timetable import WEEKDAYS, WEEKS
from bot.domain.clashes import Clash
from bot.i18n import Words, _, joined, n_

MOST_SHOWN = 4


def warned(clashes: tuple[Clash, ...], torn: tuple[Clash, ...]) -> Iterator[Words]:
    """Paragraphs for a screen that asks for a decision; nothing where nothing clashes."""
    if clashes:
        yield _("Attention, the lessons clash with others of the same child:")
        yield from _some(tuple(_own(clash) for clash in clashes))
        yield ""
    if torn:
        yield _("If one adult brings both children, there is not enough time:")
        yield from _some(tuple(_torn(clash) for clash in torn))
        yield ""


def _some(told: tuple[Words, ...]) -> Iterator[Words]:
    for line in told[:MOST_SHOWN]:
        yield joined("", ("• ", line))
    if len(told) > MOST_SHOWN:
        yield n_("and {count} more", "and {count} more", len(told) - MOST_SHOWN)


def _own(clash: Clash) -> Words:
    if clash.lesson.start < clash.other.stop and clash.other.start < clash.lesson.stop:
        return _("{when}: at that time there is «{program}», {theirs}.", **_values(clash))
    return _(
        "{when}: «{program}» is {theirs} elsewhere, and the way takes about {minutes} minutes.",
        minutes=clash.minutes,
        **_values(clash),
    )


def _torn(clash: Clash) -> Words:
    return _("{when}: {child} at «{program}», {theirs}.", child=clash.course.child_name, **_values(clash))


def _values(clash: Clash) -> dict[str, Words]:
    mine, other = clash.lesson, clash.other
    when: Words = _("{weekday} {start}–{stop}", weekday=WEEKDAYS[mine.weekday], start=mine.start, stop=mine.stop)
    weeks = WEEKS[mine.weeks] or WEEKS[other.weeks]
    if weeks:
        when = joined(" ", (when, joined("", ("(", weeks, ")"))))
    theirs = _("{start}–{stop}", start=other.start, stop=other.stop)
    return {"when": when, "program": clash.course.program, "theirs": theirs}
