"""What a run has found: printed as it comes, kept in `build/bench.md`."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isnan
from pathlib import Path

from bench.process import ROOT

PLACE = ROOT / "build" / "bench.md"


@dataclass
class Report:
    """Tables and targets, in order."""

    lines: list[str] = field(default_factory=list)
    missed: int = 0

    def __post_init__(self) -> None:
        self.say(f"# Benchmarks, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
        load = os.getloadavg()[0]
        self.say(f"{os.cpu_count()} cores, Python {platform.python_version()}; load before the run: {load:.1f}.")

    def say(self, words: str = "") -> None:
        print(words, flush=True)
        self.lines += [words, ""]

    def table(self, title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """In Markdown; numbers with as many digits as tell something."""
        self.say(f"## {title}")
        cells = [list(headings), *([shown(value) for value in row] for row in rows)]
        widths = [max(len(line[at]) for line in cells) for at in range(len(headings))]
        ruled = [cells[0], ["-" * width for width in widths], *cells[1:]]
        self.say("\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in ruled))

    def target(self, words: str, found: float, wanted: float, at_most: bool = False) -> None:
        """A target of the project: met or missed."""
        met = found <= wanted if at_most else found >= wanted
        self.missed += not met
        self.say(
            f"- {'met   ' if met else 'MISSED'} {words}: {shown(found)} ({'≤' if at_most else '≥'} {shown(wanted)})"
        )

    def keep(self, place: Path = PLACE) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("\n".join(self.lines), encoding="utf-8")
        print(f"Kept in {place.relative_to(ROOT)}")


def shown(value: object) -> str:
    """A cell: words as they are, numbers to three digits, what was not measured as a dash."""
    if not isinstance(value, float):
        return str(value)
    if isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
