"""What a kind of file has: its columns, how clerks call them, and which of the first rows is the header."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

UNITS = re.compile(r"\b(?:руб|рублей|рубли|р|лет|чел|человек|шт|при наличии|обязательное поле|обязательно)\b")
HEADER_ROWS = 20  # the header is one of the first


class Column(NamedTuple):
    """`key` is the column's name in the code, `header` the one in the template; `format` tells a clerk."""

    key: str
    header: str
    required: bool
    format: str


@dataclass(frozen=True)
class Form:
    """A form that clerks fill in. `keys`: plain names → keys; `instead`: what may stand in the place of a required column."""

    columns: tuple[Column, ...]
    keys: Mapping[str, str]
    instead: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def heading(self, cells: Sequence[object]) -> "Heading":
        """Reads a row as a header; a row of something else has few known columns or none."""
        columns: dict[str, int] = {}
        names: dict[str, str] = {}
        unknown: list[str] = []
        repeated: list[str] = []
        for index, cell in enumerate(cells):
            name = " ".join(str(cell).split())
            key = self._key(name)
            if key is None:
                unknown += [name] if name else []
            elif key in columns:
                repeated.append(name)
            else:
                columns[key], names[key] = index, name
        return Heading(self, columns, names, tuple(unknown), tuple(repeated))

    def header(self, rows: Sequence[Sequence[object]]) -> "tuple[int, Heading]":
        """Where the header is (0-based): the first rows' best, since clerks put titles above it."""
        headings = [self.heading(row) for row in rows[:HEADER_ROWS]]
        best = max(headings, key=lambda each: len(each.columns), default=Heading(self))
        return (headings.index(best) if headings else 0), best

    def name(self, key: str) -> str:
        """The template's header."""
        return next(column.header for column in self.columns if column.key == key)

    def _key(self, name: str) -> str | None:
        """Tried as written, then without what stands in brackets, then without units («руб.», «лет»)."""
        bare = re.sub(r"\(.*?\)", " ", name)
        for tried in (read(it) for read in (_plain, _without_units) for it in (name, bare)):
            if tried in self.keys:
                return self.keys[tried]
        return None


@dataclass(frozen=True)
class Heading:
    """What a header row says: where each known column stands, how it is called there, and what was not understood."""

    form: Form
    columns: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    def missing(self) -> tuple[str, ...]:
        """The template's headers of required columns that are not here, nor anything instead of them."""
        here, instead = set(self.columns), self.form.instead
        absent = [column for column in self.form.columns if column.required and column.key not in here]
        return tuple(column.header for column in absent if not instead.get(column.key, frozenset()) & here)


def form(columns: tuple[Column, ...], names: str, instead: Mapping[str, frozenset[str]] | None = None) -> Form:
    """`names`: lines of «key: name, name…», how else the columns are called; case, ё, punctuation and units make no difference."""
    keys = {_plain(column.header): column.key for column in columns}
    for key, _, others in (line.partition(": ") for line in names.strip().split("\n")):
        keys |= {_plain(name): key for name in others.split(", ")}
    return Form(columns, keys, instead or {})


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold().replace("ё", "е")).split())


def _without_units(name: str) -> str:
    return _plain(UNITS.sub("", _plain(name)))
