"""Words that mean the same to a parent (bot/data/synonyms.txt), by their stems."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.storage.stems import key_of, words_of


@dataclass(frozen=True)
class Synonyms:
    """`meanings`: a word's key → the keys of all that mean the same; `related`: of what is wider or narrower. `instead`: keys of words in a
    row → the words that they are read as. `words`: every word of the file, with its key."""

    meanings: Mapping[str, frozenset[str]]
    related: Mapping[str, frozenset[str]]
    instead: Mapping[tuple[str, ...], tuple[str, ...]]
    words: Mapping[str, str]

    @property
    def longest(self) -> int:
        return max(map(len, self.instead), default=0)


@cache
def synonyms() -> Synonyms:
    """Read once."""
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    related: defaultdict[str, set[str]] = defaultdict(set)
    instead: dict[tuple[str, ...], tuple[str, ...]] = {}
    every: dict[str, str] = {}
    for line in (files("bot") / "data" / "synonyms.txt").read_text("utf-8").splitlines():
        same, _sign, read_as = line.partition("#")[0].partition(">")
        same, _sign, wider = same.partition(";")
        entries = [words for entry in same.split(",") if (words := words_of(entry))]
        every |= {word: key_of(word) for word in (*(word for words in entries for word in words), *words_of(wider))}
        if read_as:
            instead |= {tuple(map(key_of, words)): tuple(words_of(read_as)) for words in entries}
            continue
        keys, others = {key_of(word) for words in entries for word in words}, set(map(key_of, words_of(wider)))
        for key in keys:
            meanings[key] |= keys
            related[key] |= others
        for other in others:
            related[other] |= keys
    return Synonyms(_frozen(meanings), _frozen(related), instead, every)


def _frozen(keys: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(others) for key, others in keys.items()}
