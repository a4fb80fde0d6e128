"""What a word that somebody asks for may mean: its stem, its synonyms, words that begin so, the nearest one after a typo."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from weakref import WeakKeyDictionary

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from sqlalchemy import Engine, func, select

from bot.domain.understanding_words import IDLE
from bot.storage.desk import Tx
from bot.storage.schema import stem
from bot.storage.stems import SAID_OF_ALL, key_of, words_of
from bot.storage.synonyms import synonyms

A_BEGINNING = 3
"""From so many letters on, the beginning of a word finds it."""
MOST_WORDS, MOST_STEMS = 6, 100
A_ROOT, OF_THE_WORD = 4, 0.6
"""«шахматистки» is about «шахматы»: a known stem that a word begins with, so long and so much of it."""


@dataclass(frozen=True)
class Term:
    """A word that was asked for: its own stem, its synonyms, all that it may mean; and how it was read if it had a typo."""

    own: tuple[int, ...] = ()
    alike: tuple[int, ...] = ()
    stems: tuple[int, ...] = ()
    read_as: str = ""


@dataclass
class Vocabulary:
    """All stems in memory, sorted by their beginnings and by their ends."""

    last: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    backwards: list[str] = field(default_factory=list)
    _near: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def knows(self, word: str) -> bool:
        """Whether the word means something as it is."""
        key = key_of(word)
        return key in self.ids or key in synonyms().meanings or bool(self._begin(key))

    def term(self, word: str) -> Term:
        """The word itself and its synonyms for sure, words that begin so perhaps; if there are none, what is a slip of the finger away."""
        key = key_of(word)
        if (known := self._means(key)).stems:
            return known
        read = self._nearest(key)
        if not read:
            return Term()
        means = [self._means(each) for each in read]
        own, alike, stems = (
            tuple(dict.fromkeys(number for each in means for number in getattr(each, name)))
            for name in ("own", "alike", "stems")
        )
        return Term(own, alike, stems[:MOST_STEMS], self.shown.get(read[0], read[0]))

    def phrase(self, meaning: Iterable[str]) -> Term:
        """Several words that mean one thing."""
        return self._all((), meaning, ())

    def slips(self, word: str) -> int:
        """How far the nearest known word is; 9 if there is none near."""
        key = key_of(word)
        found = self._nearest(key)
        return int(OSA.distance(key, found[0])) if found else 9

    def _means(self, key: str) -> Term:
        meaning = synonyms().meanings.get(key, frozenset())
        short = len(key) <= A_BEGINNING and not self.ids.keys().isdisjoint({key, *meaning})
        return self._all((key,), meaning - {key}, () if short else self._begin(key))

    def _all(self, own: Iterable[str], alike: Iterable[str], begin: Iterable[str]) -> Term:
        first, second, third = (
            tuple(self.ids[each] for each in sorted(words) if each in self.ids) for words in (own, alike, begin)
        )
        return Term(first, second, tuple(dict.fromkeys((*first, *second, *third)))[:MOST_STEMS])

    def _begin(self, key: str) -> list[str]:
        return _beginning(self.words, key)[:MOST_STEMS] if len(key) >= A_BEGINNING else []

    def _nearest(self, key: str) -> tuple[str, ...]:
        """Stems and synonyms one slip away, else a root of the word, else two slips away; those with the same first letter before others."""
        if key not in self._near:
            if len(self._near) > 10_000:
                self._near.clear()
            found = self._slipped(key, 1) or self._root(key) or (self._slipped(key, 2) if len(key) > 5 else ())
            self._near[key] = tuple(sorted(found, key=lambda each: (each[0] != key[0], each))[:MOST_STEMS])
            same = tuple(each for each in self._near[key] if each[0] == key[0])
            self._near[key] = same or self._near[key]
        return self._near[key]

    def _slipped(self, key: str, slips: int) -> tuple[str, ...]:
        """A slip leaves the beginning or the end of a word as it is: only words with one of them are compared."""
        kept = max(1, len(key) // (slips + 1) - (slips == 1))
        if len(key) < A_BEGINNING:
            return ()
        like = {*_beginning(self.words, key[:kept])}
        like |= {each[::-1] for each in _beginning(self.backwards, key[: -kept - 1 : -1])}
        like = {each for each in like if abs(len(each) - len(key)) <= slips}
        near = extract(key, like, scorer=OSA.distance, score_cutoff=slips, limit=None)
        least = min((distance for _each, distance, _place in near), default=0)
        return tuple(each for each, distance, _place in near if distance == least)

    def _root(self, key: str) -> tuple[str, ...]:
        for length in range(len(key) - 1, max(A_ROOT, int(len(key) * OF_THE_WORD)) - 1, -1):
            if key[:length] in self.ids or key[:length] in synonyms().meanings:
                return (key[:length],)
        return ()


def _beginning(words: Sequence[str], begins: str) -> list[str]:
    first = bisect_left(words, begins)
    return list(takewhile(lambda each: each.startswith(begins), words[first:]))


_vocabularies: WeakKeyDictionary[Engine, Vocabulary] = WeakKeyDictionary()
"""What is known of each database's stems. They are only ever added, so the last id says whether anything is new."""
LAST = select(func.max(stem.c.id))


def vocabulary(tx: Tx) -> Vocabulary:
    """The stems as they are now; read again only when there are new ones."""
    engine = tx.connection.engine
    known = _vocabularies.get(engine, Vocabulary())
    last = tx.memory.recall("last stem", (stem,), lambda: tx.value(LAST) or 0)
    if known.last != last:
        rows = tx.rows(select(stem.c.id, stem.c.word, stem.c.shown))
        ids = {row.word: row.id for row in rows}
        every = ids.keys() | (synonyms().meanings.keys() if ids else set())
        known = Vocabulary(
            last, ids, {row.word: row.shown for row in rows}, sorted(every), sorted(each[::-1] for each in every)
        )
        _vocabularies[engine] = known
    return known


@dataclass(frozen=True)
class Asked:
    """What typed words ask for: their terms, how they were read if that differs, and the words that nothing is known of."""

    terms: tuple[Term, ...]
    read_as: str = ""
    unknown: str = ""


def asked(tx: Tx, words: str) -> Asked:
    """Typed words, all of them at once."""
    return tx.memory.recall(("asked", words), (stem,), lambda: _asked(vocabulary(tx), words))


def _asked(known: Vocabulary, text: str) -> Asked:
    every = words_of(text)
    words = [word for word in every if word not in SAID_OF_ALL and word not in IDLE][:MOST_WORDS] or every[:MOST_WORDS]
    keys = [key_of(word) for word in words]
    terms, read, unknown = [], [], []
    at = 0
    while at < len(words):
        length = synonyms().phrase(keys, at) or 1
        its = words[at : at + length]
        term = known.phrase(synonyms().phrases[tuple(keys[at : at + length])]) if length > 1 else known.term(its[0])
        if not term.stems and length > 1:
            term, length, its = known.term(its[0]), 1, its[:1]
        if term.stems:
            terms.append(term)
            read.append(term.read_as or " ".join(its))
        else:
            unknown += its
        at += length
    typos = any(term.read_as for term in terms)
    return Asked(tuple(terms), " ".join(read) if typos else "", " ".join(unknown))
