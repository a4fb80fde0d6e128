"""Words as they are searched by: Russian stems, ё = е; beginnings of words count, and a typo finds the nearest stem."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from weakref import WeakKeyDictionary

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from snowballstemmer import stemmer
from sqlalchemy import Engine, func, select

from bot.storage.desk import Tx
from bot.storage.schema import program_stem, stem

NAME, ACTIVITY, PROVIDER, DESCRIPTION = 4, 3, 2, 1
"""What a word is worth by where it stands."""
WORD = re.compile(r"[^\W_]+")
SAID_OF_ALL = frozenset(
    {
        *("и", "в", "во", "на", "с", "со", "по", "для", "от", "до", "из", "у", "к", "о", "об", "а", "не", "или", "но"),
        *("при", "за", "под", "над", "без", "же", "ли", "the", "of", "and", "for", "to", "in"),
        *("кружок", "кружки", "секция", "секции", "занятие", "занятия", "программа", "дети", "детей", "детский"),
        *("ребенок", "ребенка", "школьников", "обучение"),
    }
)
"""Words that tell programs apart from nothing."""
A_BEGINNING = 3
"""From so many letters on, the beginning of a word finds it."""
MOST_WORDS, MOST_STEMS = 6, 100
_russian = stemmer("russian")


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """A folded word's stem."""
    return str(_russian.stemWord(word))


def words_in(text: str) -> list[str]:
    """Folded words, without those that are said of all programs."""
    return [word for word in WORD.findall(text.casefold().replace("ё", "е")) if word not in SAID_OF_ALL]


def weighed(name: str, activity: str, provider: str, description: str) -> dict[str, tuple[int, str]]:
    """Stem → the weight of the best place where it stands, and the word as it was written there."""
    found: dict[str, tuple[int, str]] = {}
    for text, weight in ((name, NAME), (activity, ACTIVITY), (provider, PROVIDER), (description, DESCRIPTION)):
        for word in words_in(text):
            found.setdefault(stem_of(word), (weight, word))
    return found


def index(tx: Tx, programs: Mapping[int, Mapping[str, tuple[int, str]]], known: Collection[int]) -> None:
    """Let these programs be found by these stems; of the `known` ones, by no others any more."""
    if not programs:
        return
    if known:
        tx.sql(program_stem.delete().where(program_stem.c.program.in_(known)))
    tx.rows(select(stem.c.id).order_by(stem.c.id).limit(1).with_for_update())  # stems are added by one at a time
    shown = {word: as_written for stems in programs.values() for word, (_weight, as_written) in stems.items()}
    ids = _ids(tx, shown)
    missing = [{"word": word, "shown": as_written} for word, as_written in shown.items() if word not in ids]
    if missing:
        ids |= {row.word: row.id for row in tx.sql(stem.insert().returning(stem.c.id, stem.c.word), missing)}
    rows = [
        {"stem": ids[word], "program": program, "weight": weight}
        for program, stems in programs.items()
        for word, (weight, _as_written) in stems.items()
    ]
    if rows:
        tx.sql(program_stem.insert(), rows)


def _ids(tx: Tx, words: Collection[str]) -> dict[str, int]:
    return {row.word: row.id for row in tx.rows(select(stem.c.word, stem.c.id).where(stem.c.word.in_(words)))}


@dataclass(frozen=True)
class Term:
    """A word that was asked for: the stems that it may mean, and how it was read if it had a typo."""

    stems: tuple[int, ...]
    read_as: str = ""


@dataclass
class Vocabulary:
    """All stems in memory, sorted."""

    last: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def term(self, word: str) -> Term:
        """The stems that begin like the word; else those that are one or two slips of the finger away."""
        wanted = stem_of(word)
        if begin := self._beginning(wanted):
            return Term(tuple(self.ids[each] for each in begin))
        slips = 1 if len(wanted) <= 5 else 2
        if len(wanted) < A_BEGINNING:
            return Term(())
        near = extract(wanted, self.words, scorer=OSA.distance, score_cutoff=slips, limit=MOST_STEMS)
        best = [each for each, distance, _place in near if distance == near[0][1]]
        return Term(tuple(self.ids[each] for each in best), self.shown[best[0]] if best else "")

    def _beginning(self, wanted: str) -> list[str]:
        if len(wanted) < A_BEGINNING:
            return [wanted] if wanted in self.ids else []
        first = bisect_left(self.words, wanted)
        return list(takewhile(lambda each: each.startswith(wanted), self.words[first : first + MOST_STEMS]))


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
        known = Vocabulary(last, ids, {row.word: row.shown for row in rows}, sorted(ids))
        _vocabularies[engine] = known
    return known


def terms(tx: Tx, words: str) -> tuple[tuple[Term, ...], str]:
    """What typed words ask for, all of them at once; and how they were read, if that differs."""
    return tx.memory.recall(("terms", words), (stem,), lambda: _terms(tx, words))


def _terms(tx: Tx, words: str) -> tuple[tuple[Term, ...], str]:
    asked = words_in(words)[:MOST_WORDS] or WORD.findall(words.casefold().replace("ё", "е"))[:MOST_WORDS]
    known = vocabulary(tx)
    found = tuple(known.term(word) for word in asked)
    if not any(term.read_as for term in found):
        return found, ""
    return found, " ".join(term.read_as or word for term, word in zip(found, asked, strict=True))
