"""Words that mean the same to a parent (bot/data/synonyms.txt), by their stems."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.storage.stems import key_of, words_of


@dataclass(frozen=True)
class Synonyms:
    """`meanings`: a word's key → the keys of all that mean the same. `instead`: keys of words in a row → the words that they are read as.
    `words`: every word of the file, with its key."""

    meanings: Mapping[str, frozenset[str]]
    instead: Mapping[tuple[str, ...], tuple[str, ...]]
    words: Mapping[str, str]

    @property
    def longest(self) -> int:
        return max(map(len, self.instead), default=0)


@cache
def synonyms() -> Synonyms:
    """Read once."""
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    instead: dict[tuple[str, ...], tuple[str, ...]] = {}
    every: dict[str, str] = {}
    for line in (files("bot") / "data" / "synonyms.txt").read_text("utf-8").splitlines():
        same, _sign, read_as = line.partition("#")[0].partition(">")
        entries = [words for entry in same.split(",") if (words := words_of(entry))]
        every |= {word: key_of(word) for words in entries for word in words}
        if read_as:
            instead |= {tuple(map(key_of, words)): tuple(words_of(read_as)) for words in entries}
        else:
            keys = {key_of(word) for words in entries for word in words}
            for key in keys:
                meanings[key] |= keys
    return Synonyms({key: frozenset(keys) for key, keys in meanings.items()}, instead, every)
