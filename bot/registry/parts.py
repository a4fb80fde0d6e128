"""A registry in the portions in which it is imported: for each municipality who teaches, where, which groups, and the rows by the batch.

Batches are pickled: the one that is at work is a few rows, the others are bytes, in which no collector of garbage looks around.
"""

import pickle
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Generic, TypeVar

from bot.registry import reasons
from bot.registry.certificates import CertificateRow
from bot.registry.line import Note, RowError
from bot.registry.rows import Kind, ProviderRow, Row, folded
from bot.registry.sheet import Reading

T = TypeVar("T")
A_BATCH = 10
"""Programs, or other things, of a batch."""
Program = tuple[Row, ...]
"""All rows of a program."""


@dataclass(frozen=True)
class Batches(Generic[T]):
    """Things by the batch, each unpacked when it is asked for."""

    packed: tuple[bytes, ...] = ()

    def __len__(self) -> int:
        return len(self.packed)

    def some(self, first: int, count: int) -> list[T]:
        """Whatever is in these batches."""
        return [each for batch in self.packed[first : first + count] for each in pickle.loads(batch)]


def batches(things: Iterable[T], size: int = A_BATCH) -> Batches[T]:
    """So many in a batch."""
    rest, packed = iter(things), []
    while batch := list(islice(rest, size)):
        packed.append(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL))
    return Batches(tuple(packed))


@dataclass(frozen=True)
class Told:
    """A provider as all its rows together tell it: the first name and kind, of each contact the first that is there."""

    key: str
    name: str
    kind: Kind
    inn: str
    contacts: Mapping[str, str]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Keys:
    """Which programs and groups a file has: 8 bytes of each one's keys, in order."""

    prints: "array[int]"

    def have(self, *keys: str) -> bool:
        """A program's key; or those of a group: its program's, its module's and its own."""
        wanted = _print(keys)
        at = bisect_left(self.prints, wanted)
        return at < len(self.prints) and self.prints[at] == wanted


@dataclass(frozen=True)
class Part:
    """A municipality's part of a file; `places` are names of districts, each once."""

    municipality: int
    lines: int
    providers: tuple[Told, ...]
    places: tuple[str, ...]
    keys: Keys
    programs: Batches[Program]


@dataclass(frozen=True)
class File:
    """A file that has been read: how many lines can be taken; what is wrong with the others, by the batch, for it may be much."""

    lines: int = 0
    errors: Batches[RowError] = field(default_factory=Batches)
    notes: Batches[Note] = field(default_factory=Batches)
    wrong: int = 0
    """How many errors there are."""


@dataclass(frozen=True)
class Parts(File):
    """A registry, by municipality."""

    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class CertificateFile(File):
    """Certificates with balances."""

    rows: Batches[CertificateRow] = field(default_factory=Batches)


def certificate_file(reading: Reading[CertificateRow]) -> CertificateFile:
    """By the batch."""
    errors, notes = batches(reading.errors), batches(reading.notes)
    return CertificateFile(len(reading.rows), errors, notes, len(reading.errors), batches(reading.rows))


def parts(reading: Reading[Row], known: Mapping[str, int], only: int = 0) -> Parts:
    """`known`: municipalities by folded name; `only`: the one whose rows are taken, or 0 for all."""
    rows: dict[int, list[Row]] = {}
    errors, notes, others = list(reading.errors), list(reading.notes), 0
    for row in reading.rows:
        name = row.program.municipality
        its = known.get(folded(name))
        if its is None:
            errors.append(RowError(row.number, "Муниципалитет", reasons.UNKNOWN_MUNICIPALITY, name))
        elif only and its != only:
            others += 1
        else:
            rows.setdefault(its, []).append(row)
    if others:
        notes.append(Note(0, "", reasons.OTHER_MUNICIPALITIES, str(others)))
    found = tuple(_part(number, its) for number, its in rows.items())
    lines = sum(part.lines for part in found)
    return Parts(lines, batches(errors), batches(notes), len(errors), found)


def _part(municipality: int, rows: Sequence[Row]) -> Part:
    programs: dict[str, list[Row]] = {}
    places: dict[str, str] = {}
    for row in rows:
        programs.setdefault(row.program.key, []).append(row)
        places.setdefault(folded(place_of(row)), place_of(row))
    keys = {(row.program.key, row.module_key, row.group_key) for row in rows} | {(key,) for key in programs}
    return Part(
        municipality,
        len(rows),
        tuple(_told(rows)),
        tuple(places.values()),
        Keys(array("Q", sorted(map(_print, keys)))),
        batches(map(tuple, programs.values())),
    )


def _told(rows: Sequence[Row]) -> Iterator[Told]:
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        by_key.setdefault(row.program.provider_key, []).append(row)
    for key, its in by_key.items():
        tellers = [row.program.provider for row in its]
        contacts = {name: _first(tellers, name) for name in ("inn", "phone", "email", "site")}
        yield Told(key, tellers[0].name, tellers[0].kind, tellers[0].inn, contacts, tuple(row.number for row in its))


def _first(tellers: Sequence[ProviderRow], name: str) -> str:
    return next((value for each in tellers if (value := getattr(each, name))), "")


def place_of(row: Row) -> str:
    """R1.2: a district is a city district, else the settlement."""
    return row.group.district or row.group.settlement


def _print(keys: tuple[str, ...]) -> int:
    return int.from_bytes(blake2b("\x1f".join(keys).encode(), digest_size=8).digest(), "little")
