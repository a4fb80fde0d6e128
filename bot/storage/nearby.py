"""Words that are a slip of the finger away from another: a letter more, less, other, or two swapped."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

SHORTEST = 3
LAST = "\U0010ffff"
"""Behind every letter."""


@dataclass
class Nearby:
    """Words sorted by their beginnings and by their ends: a slip leaves one of the two as it is, so few have to be compared."""

    words: list[str] = field(default_factory=list)
    backwards: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, words: Iterable[str]) -> "Nearby":
        forwards = sorted(words)
        return cls(forwards, sorted(word[::-1] for word in forwards))

    def beginning(self, begins: str) -> Sequence[str]:
        """Words that begin so, in order."""
        return _beginning(self.words, begins)

    def near(self, word: str, slips: int) -> list[str]:
        """The nearest words at most so many slips away; with two, a word that is damaged at both ends is not found."""
        if len(word) < SHORTEST:
            return []
        kept = max(1, (len(word) - 1) // (slips + 1))
        shortest, longest = len(word) - slips, len(word) + slips
        like = {each for each in _beginning(self.words, word[:kept]) if shortest <= len(each) <= longest}
        ends = _beginning(self.backwards, word[::-1][:kept])
        like |= {each[::-1] for each in ends if shortest <= len(each) <= longest}
        return nearest(word, list(like), slips)


def nearest(word: str, words: Iterable[str], slips: int) -> list[str]:
    """Of these words the nearest at most so many slips away: all of them are compared."""
    found = extract(word, list(words), scorer=OSA.distance, score_cutoff=slips, limit=None)
    return sorted(each for each, distance, _place in found if distance == found[0][1])


def _beginning(words: Sequence[str], begins: str) -> Sequence[str]:
    return words[bisect_left(words, begins) : bisect_left(words, begins + LAST)]
