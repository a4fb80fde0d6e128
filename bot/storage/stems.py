"""Words as programs are found by them: Russian stems, ё = е, each with what it is worth by where it stands."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from snowballstemmer import stemmer
from sqlalchemy import select

from bot.storage.schema import program_stem, stem
from bot.storage.tx import Tx

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
_russian, _english = stemmer("russian"), stemmer("english")


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """A folded word's stem."""
    return str(_russian.stemWord(word))


@lru_cache(maxsize=100_000)
def key_of(word: str) -> str:
    """What a word that somebody asks for is compared by: Latin letters are English."""
    return str(_english.stemWord(word)) if word.isascii() else stem_of(word)


def words_of(text: str) -> list[str]:
    """Folded words."""
    return WORD.findall(text.casefold().replace("ё", "е"))


def words_in(text: str) -> list[str]:
    """Folded words, without those that are said of all programs."""
    return [word for word in words_of(text) if word not in SAID_OF_ALL]


def weighed(name: str, activity: str, provider: str, description: str) -> dict[str, tuple[int, str]]:
    """Stem → the weight of the best place where it stands, and the word as it was written there."""
    found: dict[str, tuple[int, str]] = {}
    for text, weight in ((name, NAME), (activity, ACTIVITY), (provider, PROVIDER), (description, DESCRIPTION)):
        for word in words_in(text):
            found.setdefault(stem_of(word), (weight, word))
    return found


def index(
    tx: Tx, municipality: int, programs: Mapping[int, Mapping[str, tuple[int, str]]], known: Collection[int]
) -> None:
    """Let these programs of a municipality be found by these stems; of the `known` ones, by no others any more."""
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
        {"municipality": municipality, "stem": ids[word], "program": program, "weight": weight}
        for program, stems in programs.items()
        for word, (weight, _as_written) in stems.items()
    ]
    if rows:
        tx.sql(program_stem.insert(), rows)


def _ids(tx: Tx, words: Collection[str]) -> dict[str, int]:
    return {row.word: row.id for row in tx.rows(select(stem.c.word, stem.c.id).where(stem.c.word.in_(words)))}
