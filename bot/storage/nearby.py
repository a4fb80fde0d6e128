"""Words that are a slip of the finger away from another: a letter more, less, other, or two swapped."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

SHORTEST = 3


@dataclass
class Nearby:
    """Words sorted by their beginnings and by their ends: a slip leaves one of the two as it is, so few have to be compared."""

    words: list[str] = field(default_factory=list)
    backwards: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, words: Iterable[str]) -> "Nearby":
        forwards = sorted(words)
        return cls(forwards, sorted(word[::-1] for word in forwards))

    def beginning(self, begins: str) -> Iterable[str]:
        """Words that begin so, in order."""
        return _beginning(self.words, begins)

    def near(self, word: str, slips: int) -> list[str]:
        """The nearest words at most so many slips away; with two, a word that is damaged at both ends is not found."""
        if len(word) < SHORTEST:
            return []
        kept = max(1, len(word) // (slips + 1) - (slips == 1))
        like = {*_beginning(self.words, word[:kept])}
        like |= {each[::-1] for each in _beginning(self.backwards, word[::-1][:kept])}
        found = extract(
            word,
            [each for each in like if abs(len(each) - len(word)) <= slips],
            scorer=OSA.distance,
            score_cutoff=slips,
            limit=None,
        )
        return sorted(each for each, distance, _place in found if distance == found[0][1])


def _beginning(words: Sequence[str], begins: str) -> Iterable[str]:
    first = bisect_left(words, begins)
    return takewhile(lambda each: each.startswith(begins), (words[at] for at in range(first, len(words))))
