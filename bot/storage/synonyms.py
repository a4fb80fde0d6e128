"""Words that mean the same to a parent (bot/data/synonyms.txt), by their stems."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.storage.stems import key_of, words_of

LONGEST_PHRASE = 4


@dataclass(frozen=True)
class Synonyms:
    """A word's key, or those of a whole phrase → the stems that the registry may have in its place."""

    meanings: Mapping[str, frozenset[str]]
    phrases: Mapping[tuple[str, ...], frozenset[str]]

    def phrase(self, keys: Sequence[str], at: int) -> int:
        """How many words from here on are understood as a whole; 0 or at least two."""
        lengths = range(min(LONGEST_PHRASE, len(keys) - at), 1, -1)
        return next((length for length in lengths if tuple(keys[at : at + length]) in self.phrases), 0)


@cache
def synonyms() -> Synonyms:
    """Read once."""
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    phrases: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    text = (files("bot") / "data" / "synonyms.txt").read_text("utf-8")
    for line in text.splitlines():
        entries = [tuple(map(key_of, words_of(entry))) for entry in line.partition("#")[0].split(",")]
        single = {entry[0] for entry in entries if len(entry) == 1}
        for entry in entries:
            if len(entry) == 1:
                meanings[entry[0]] |= single
            elif entry:
                phrases[entry] |= single
    return Synonyms(
        {word: frozenset(stems) for word, stems in meanings.items()},
        {phrase: frozenset(stems) for phrase, stems in phrases.items()},
    )
