"""What a word that somebody asks for may mean: its stem, its synonyms, words that begin so, the nearest one after a typo."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from rapidfuzz.distance import OSA
from sqlalchemy import Engine, func, select

from bot.domain.understanding_words import IDLE
from bot.storage.nearby import Nearby, nearest
from bot.storage.schema import stem
from bot.storage.stems import SAID_OF_ALL, key_of, words_of
from bot.storage.synonyms import synonyms
from bot.storage.tx import Tx

A_BEGINNING = 3
"""From so many letters on, the beginning of a word finds it."""
MOST_WORDS, MOST_STEMS = 6, 100
A_ROOT, OF_THE_WORD = 4, 0.6
"""«танцовщица» is about «танцы»: a known stem that a word begins with, so long and so much of it."""
A_LONG_WORD = 5
"""From so many letters on, an unknown word that begins like another may be a typo of a third."""
FAR = 9
"""Slips: not near at all."""
MOST_READ = 10_000


@dataclass(frozen=True)
class Term:
    """A word that was asked for: its own stem, its synonyms, all that it may mean; and how it was read if it had a typo."""

    own: tuple[int, ...] = ()
    alike: tuple[int, ...] = ()
    stems: tuple[int, ...] = ()
    read_as: str = ""


@dataclass
class Vocabulary:
    """All stems in memory, and the words of the synonyms."""

    last: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    stems: Nearby = field(default_factory=Nearby)
    whole: Nearby = field(default_factory=Nearby)
    _keys: dict[str, str] = field(default_factory=dict)
    _read: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, last: int, ids: dict[str, int], shown: dict[str, str]) -> "Vocabulary":
        """`shown`: a stem → a whole word of it."""
        keys = {word: key for key, word in shown.items()} | (dict(synonyms().words) if ids else {})
        return cls(last, ids, shown, Nearby.of({*ids, *keys.values()}), Nearby.of(keys), keys)

    def knows(self, word: str) -> bool:
        """Whether it is a word of the catalogue or of the synonyms."""
        return self._exact(key_of(word)) or word in self._keys

    def slips(self, word: str) -> int:
        """How far the nearest known word is, 1 for one of the same root; FAR if none is near."""
        if self._root(key_of(word)):
            return 1
        read = self._typo(word)
        return min((int(OSA.distance(word, each)) for each in read), default=FAR)

    def spelled(self, word: str) -> str:
        """The word of the synonyms that an unknown word is a slip away from; else the word itself."""
        if self._exact(key_of(word)) or word in self._keys or len(word) < A_LONG_WORD - bool(not self._begin(word)):
            return word
        return next((each for each in self.whole.near(word, 1) if each in synonyms().words), word)

    def term(self, word: str) -> Term:
        """The word itself and its synonyms, words that begin so; if it is none that is known, what is a slip of the finger away as well."""
        key = key_of(word)
        begin = self._begin(key)
        if self._exact(key):
            return self._means((key,), begin)
        near = self._typo(word) if len(word) >= A_LONG_WORD or not begin else ()
        if not near:
            return self._means((), begin)
        read_as = "" if begin else self.shown.get(self._keys.get(near[0], near[0]), near[0])
        return self._means([self._keys.get(each, each) for each in near], begin, read_as)

    def _exact(self, key: str) -> bool:
        return key in self.ids or key in synonyms().meanings

    def _means(self, keys: Sequence[str], begin: Iterable[str], read_as: str = "") -> Term:
        own = self._ids(keys)
        alike = self._ids(sorted({each for key in keys for each in synonyms().meanings.get(key, ())} - {*keys}))
        wider = self._ids(sorted({each for key in keys for each in synonyms().related.get(key, ())}))
        if not own and not alike:
            alike, wider = wider, []
        short = all(len(key) <= A_BEGINNING for key in keys) and keys and (own or alike)
        every = tuple(dict.fromkeys((*own, *alike, *wider, *(() if short else self._ids(begin)))))
        return Term(tuple(own), tuple(alike), every[:MOST_STEMS], read_as)

    def _ids(self, keys: Iterable[str]) -> list[int]:
        return [self.ids[key] for key in keys if key in self.ids]

    def _begin(self, key: str) -> list[str]:
        return list(self.stems.beginning(key)[:MOST_STEMS]) if len(key) >= A_BEGINNING else []

    def _typo(self, word: str) -> tuple[str, ...]:
        """Whole words or stems a slip away, else a root of the word, else two slips away; those that parents say before others."""
        if word not in self._read:
            if len(self._read) > MOST_READ:
                self._read.clear()
            key = key_of(word)
            near = {*self.whole.near(word, 1), *self.stems.near(key, 1)}
            if len(word) <= A_BEGINNING:  # «бкс» lacks a letter, «дом» is no «том»
                near = {each for each in near if len(each) > len(word)}
            found = self._of_use(near) or self._of_use(self._root(key))
            if not found and len(key) > A_LONG_WORD:
                far = self.stems.near(key, 2) or self.whole.near(word, 2) or nearest(word, synonyms().words, 2)
                found = self._of_use(far)
            self._read[word] = tuple(found[:MOST_STEMS])
        return self._read[word]

    def _of_use(self, words: Iterable[str]) -> list[str]:
        """Those that find something; of these what parents say, if there is any."""
        found = sorted(each for each in words if self._means((self._keys.get(each, each),), ()).stems)
        return [each for each in found if self._keys.get(each, each) in synonyms().words.values()] or found

    def _root(self, key: str) -> list[str]:
        shortest = max(A_ROOT, int(len(key) * OF_THE_WORD))
        return [key[:length] for length in range(len(key) - 1, shortest - 1, -1) if self._exact(key[:length])][:1]


vocabularies: WeakKeyDictionary[Engine, Vocabulary] = WeakKeyDictionary()
"""What is known of each database's stems. They are only ever added, so the last id says whether anything is new."""
LAST = select(func.max(stem.c.id))


def vocabulary(tx: Tx) -> Vocabulary:
    """The stems as they are now; read again only when there are new ones."""
    engine = tx.connection.engine
    known = vocabularies.get(engine, Vocabulary())
    last = tx.memory.recall("last stem", (stem,), lambda: tx.value(LAST) or 0)
    if known.last != last:
        rows = tx.rows(select(stem.c.id, stem.c.word, stem.c.shown))
        known = Vocabulary.of(last, {row.word: row.id for row in rows}, {row.word: row.shown for row in rows})
        vocabularies[engine] = known
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


def stems_of(tx: Tx, words: str, alike: bool) -> tuple[int, ...]:
    """Stems of these words, and of what means the same."""
    terms = map(vocabulary(tx).term, words_of(words))
    return tuple(stem for term in terms for stem in (*term.own, *(term.alike if alike else ())))


def _asked(known: Vocabulary, text: str) -> Asked:
    every = words_of(text)
    typed = [word for word in every if word not in SAID_OF_ALL and word not in IDLE][:MOST_WORDS] or every[:MOST_WORDS]
    spelled = [known.spelled(word) for word in typed]
    terms, read, unknown = [], [], []
    for word in _instead(spelled):
        term = known.term(word)
        if term.read_as in IDLE:
            continue
        if term.stems:
            terms.append(term)
            read.append(term.read_as or word)
        else:
            unknown.append(word)
    typos = spelled != typed or any(term.read_as for term in terms)
    return Asked(tuple(terms), " ".join(read) if typos else "", " ".join(unknown))


def _instead(words: list[str]) -> list[str]:
    """Words in a row that are read as others, the longest row first."""
    known, keys, at = synonyms(), [key_of(word) for word in words], 0
    read: list[str] = []
    while at < len(words):
        rows = (tuple(keys[at : at + length]) for length in range(known.longest, 0, -1))
        row = next((row for row in rows if row in known.instead), None)
        read += known.instead[row] if row else [words[at]]
        at += len(row) if row else 1
    return read
