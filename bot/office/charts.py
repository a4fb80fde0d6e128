"""Data → a picture as inline SVG: a row a bar, of one part or several, against a goal if there is one.

Widths are in per cent and letters in pixels, so the same picture is read on a telephone and on a desk. Parts differ by
pattern as well as by colour; each row says its value; the picture's title and description are read aloud. No script, no
style sheet, and every word escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten, wrap

from markupsafe import Markup

from bot.i18n import Value, Words, render

TRACK = 60
"""Per cent of the width that the widest bar takes; the rest is for its value."""
LETTER, LINE, THICK, GAP = 14, 18, 16, 14
"""Pixels: a letter's size, a line of words, a bar, the room between rows."""
LABEL = 36
"""Letters of a line of words at 360 px; a label has two lines at most."""
INKS = ("#1d5fa7", "#c96a00", "#1b7f6b", "#8b3f8f", "#5b6470")
SHADE = (
    "",
    '<path d="M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4" stroke="#fff" stroke-width="2.5"/>',
    '<circle cx="2" cy="2" r="1.5" fill="#fff"/><circle cx="6" cy="6" r="1.5" fill="#fff"/>',
    '<path d="M2,0 v8 M6,0 v8" stroke="#fff" stroke-width="1.5"/>',
    '<path d="M0,2 h8 M0,6 h8 M2,0 v8 M6,0 v8" stroke="#fff" stroke-width="1"/>',
)
"""Patterns of the parts in their order: plain, slanted, dotted, upright, crossed."""


@dataclass(frozen=True)
class Bar:
    """A row: what it is, the size of each part in one unit for all rows, its value as it is read."""

    label: Value
    parts: tuple[float, ...]
    value: Value


@dataclass(frozen=True)
class Goal:
    """A mark across each bar."""

    at: float
    words: Words


@dataclass(frozen=True)
class Chart:
    """`says`: what there is to see, in a sentence or two. `parts`: what the parts are, when there are several.

    `whole`: the most that a bar can be, where there is such a number; the longest bar is as wide as can be otherwise.
    """

    title: Words
    says: Words
    bars: tuple[Bar, ...]
    parts: tuple[Words, ...] = ()
    goal: Goal | None = None
    whole: float = 0


def svg(chart: Chart, name: str, language: str) -> Markup:
    """The picture; `name` is its own on the page."""
    most = max((chart.whole, *(sum(bar.parts) for bar in chart.bars), chart.goal.at if chart.goal else 0)) or 1
    legend, y = _legend(chart.parts, name, language)
    drawn = [legend]
    mark = TRACK * chart.goal.at / most if chart.goal else None
    if chart.goal:
        y += LINE
        drawn.append(_words(f"{mark:.2f}%", y, render(chart.goal.words, language), "middle"))
    for bar in chart.bars:
        label = render(bar.label, language)
        for line in wrap(shorten(label, 2 * LABEL - 2, placeholder="…"), LABEL):
            y += LINE
            drawn.append(_words(0, y, line))
        drawn.append(_row(bar, label, y + 2, most, mark, name, language))
        y += THICK + GAP
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{name}-title {name}-says" width="100%" height="{height}" '
        'font-size="{letter}" fill="currentColor"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-says">{says}</desc><defs>{patterns}</defs>{drawn}</svg>'
    ).format(
        name=name,
        height=y,
        letter=LETTER,
        title=render(chart.title, language),
        says=render(chart.says, language),
        patterns=_patterns(max(1, len(chart.parts)), name),
        drawn=Markup().join(drawn),
    )


def _patterns(count: int, name: str) -> Markup:
    one = Markup(
        '<pattern id="{name}-{number}" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect width="8" height="8" fill="{ink}"/>{shade}</pattern>'
    )
    return Markup().join(
        one.format(name=name, number=number, ink=INKS[number], shade=Markup(SHADE[number])) for number in range(count)
    )


def _legend(parts: Sequence[Words], name: str, language: str) -> tuple[Markup, int]:
    """A line a part, and where it ends."""
    swatch = Markup('<rect x="0" y="{y}" width="24" height="{high}" fill="url(#{name}-{number})"/>')
    found, y = [], 0
    for number, part in enumerate(parts):
        found.append(swatch.format(y=y + 2, high=LETTER, name=name, number=number))
        for line in wrap(render(part, language), LABEL - 5):
            y += LINE
            found.append(_words(32, y, line))
    return Markup().join(found), y + (GAP if parts else 0)


def _words(x: int | str, bottom: int, words: str, anchor: str = "start") -> Markup:
    return Markup('<text x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>').format(
        x=x, y=bottom - 4, words=words, anchor=anchor
    )


def _row(bar: Bar, label: str, y: int, most: float, mark: float | None, name: str, language: str) -> Markup:
    """A track as long as the widest bar, the parts on it, the goal across it, the value behind it."""
    value = render(bar.value, language)
    part = Markup('<rect x="{at:.2f}%" y="{y}" width="{wide:.2f}%" height="{high}" fill="url(#{name}-{number})"/>')
    parts, at = [], 0.0
    for number, size in enumerate(bar.parts):
        wide = TRACK * size / most
        if wide:
            parts.append(part.format(at=at, y=y, wide=wide, high=THICK, name=name, number=number))
        at += wide
    return Markup(
        '<g><title>{label}: {value}</title><rect y="{y}" width="{track}%" height="{high}" fill-opacity=".08"/>{parts}{goal}'
        '<text x="{track}%" dx="8" y="{base}">{value}</text></g>'
    ).format(
        label=label,
        value=value,
        y=y,
        track=TRACK,
        high=THICK,
        parts=Markup().join(parts),
        goal=_goal(mark, y) if mark is not None else "",
        base=y + THICK - 3,
    )


def _goal(mark: float, y: int) -> Markup:
    """White under black: it is seen on any part and on any ground."""
    line = Markup('<line x1="{at:.2f}%" x2="{at:.2f}%" y1="{top}" y2="{bottom}" stroke="{ink}" stroke-width="{wide}"/>')
    ends = {"at": mark, "top": y - 2, "bottom": y + THICK + 2}
    return line.format(**ends, ink="#fff", wide=5) + line.format(**ends, ink="#111", wide=2)
