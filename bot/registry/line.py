"""One line being read: its cells by column, and everything that is wrong with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.money import Money
from bot.registry import reasons, values
from bot.registry.form import Heading
from bot.registry.reasons import Unclear
from bot.registry.workbook import Cell

T = TypeVar("T")
SAME_AS = {"age": "age_min", "age_min": "age", "age_max": "age"}  # an age stands in one column or in two


@dataclass(frozen=True)
class RowError:
    """Why something was not taken: `reason` is a sentence of `reasons` to translate, with `value` for its {value}.

    `row` is the row's number in the spreadsheet, 0 for the whole file; `column` is the header as it stands there.
    """

    row: int
    column: str
    reason: str
    value: str = ""


@dataclass(frozen=True)
class Note(RowError):
    """What was left out although its row, or the file, was taken."""


@dataclass(frozen=True)
class Change:
    """What an import would change: a column of a row's program or group, as it is and as the file has it."""

    row: int
    column: str
    about: str
    before: str
    after: str


class Line:
    """All cells are looked at, so that a clerk sees every mistake at once; a column is blamed once.

    `otherwise` stands for what is absent or wrong; a line with errors is never used.
    """

    def __init__(self, number: int, cells: Sequence[Cell], heading: Heading):
        self.number, self.heading = number, heading
        self.errors: list[RowError] = []
        self.notes: list[Note] = []
        self.cells = {key: cells[index] for key, index in heading.columns.items() if index < len(cells)}
        self.texts: dict[str, str] = {}
        for key, cell in self.cells.items():
            try:
                self.texts[key] = values.text(cell)
            except Unclear as unclear:
                self.blame(key, unclear)

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    def must(self, key: str, parser: Callable[[str], T], otherwise: T) -> T:
        if not self.text(key):
            self.blame(key, Unclear(reasons.MISSING))
        return self.may(key, parser, otherwise)

    def may(self, key: str, parser: Callable[[str], T], otherwise: T) -> T:
        written = self.text(key)
        return self.understand(key, lambda: parser(written), otherwise) if written else otherwise

    def contact(self, key: str, parser: Callable[[str], str]) -> str:
        """A contact that makes no sense is left out with a note: a group is not lost for a telephone."""
        try:
            return parser(self.text(key)) if self.text(key) else ""
        except Unclear as unclear:
            self.notes.append(Note(self.number, self.header(key), unclear.reason, unclear.value))
            return ""

    def price(self, key: str) -> Money | None:
        """Numbers come with a formula's tail of digits, texts as somebody typed them."""
        cell = self.cells.get(key)
        if isinstance(cell, float):
            return self.understand(key, lambda: values.calculated(cell), None)
        return self.may(key, values.money, None)

    def understand(self, key: str, meaning: Callable[[], T], otherwise: T) -> T:
        try:
            return meaning()
        except Unclear as unclear:
            self.blame(key, unclear)
            return otherwise

    def blame(self, key: str, unclear: Unclear) -> None:
        column = self.header(key)
        if column not in (error.column for error in self.errors):
            self.errors.append(RowError(self.number, column, unclear.reason, unclear.value))

    def header(self, key: str) -> str:
        """As the file writes it; as the template does, when the file has no such column."""
        names = self.heading.names
        return names.get(key) or names.get(SAME_AS.get(key, "")) or self.heading.form.name(key)
