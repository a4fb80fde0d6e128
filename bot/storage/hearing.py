"""A parent's line in the catalogue's own words: a wrong keyboard layout, typos, places by any case form and their short names (R1.2)."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne
from sqlalchemy import select

from bot.domain.catalogue import SearchPlace, SearchPlaces
from bot.domain.letters import LAYOUT, in_cyrillic, in_latin
from bot.domain.messages import Actor
from bot.domain.understanding import Heard, HearLine, Line, direction_of, folded, over, understand
from bot.domain.understanding_words import A_CLUB, IDLE, KEYWORDS
from bot.storage.places import MADE_OF, search_places
from bot.storage.schema import municipality, stem
from bot.storage.stems import stem_of, words_of
from bot.storage.tx import Tx
from bot.storage.vocabulary import A_LONG_WORD, FAR, Vocabulary, vocabulary

LONGEST = 200
"""Characters of a line; the rest is not read."""
BEFORE_A_PLACE = frozenset(
    {"в", "во", "на", "у", "из", "от", "около", "возле", "с", "со", "к", "по", "под", "in", "near", "at"}
)
KINDS = frozenset(
    re.findall(
        r"\w+",
        "город города городе г район района районе р н округ округа округе окр поселок поселка поселке пос пгт п село села селе с деревня деревне "
        "станция станции зато герой героя герое муниципальный муниципального муниципальном okrug rayon gorod poselok city district town village микрорайон мкр",
    )
)
"""What a place is, beside its name."""
LIKE_AN_ADJECTIVE = re.compile(r".*(?:ый|ий|ой|ая|ое|ые)$")
"""«Северный», «Полярный»: also said of clubs, so that something must show that the place is meant."""


LONGEST_NAME = 3
"""Words of a municipality's name."""
ENDING = 4
"""Letters in which a slip is none of the place's stem."""
SAID = sorted(word for word in IDLE if len(word) >= 4)
"""Words of requests that may be misspelt; for these a word of the catalogue is not given up as lightly as for the rules' words."""


@dataclass(frozen=True)
class Name:
    """A place with its name's words as they are compared. Without an id: the municipality itself, which is everywhere."""

    place: int
    stems: tuple[str, ...]
    doubtful: bool


def hear_line(tx: Tx, query: HearLine, me: Actor) -> Heard:
    """The same line is understood in the same way as long as the catalogue's words and places are the same."""
    text, today = query.text[:LONGEST], tx.today(me.municipality)
    key = "heard", text, me.municipality, today
    line, empty, elsewhere = tx.memory.recall(key, (*MADE_OF, stem), lambda: _heard(tx, text, me))
    any_club = empty and any(map(A_CLUB.match, line.rest))
    return Heard(over(query.filters, line), line.odd_age, empty, any_club, elsewhere)


def _heard(tx: Tx, text: str, me: Actor) -> tuple[Line, bool, str]:
    """All that the line asks for, its place and its words too; whether nothing of it means anything; and a place that is out of reach."""
    known, names = vocabulary(tx), _names(tx, me)
    text = folded(_typed_right(text, known, names))
    line = understand(text)
    wrong = {word: right for word in line.rest if (right := _spelled(word, known, names)) != word}
    if wrong:
        line = understand(re.sub(r"\w+", lambda found: wrong.get(found[0], found[0]), text))
    place, rest = _place(line.rest, names, known)
    elsewhere, rest = ("", rest) if place is not None else _elsewhere(tx, rest, me)
    line = replace(line, asked=line.asked if place is None else {**line.asked, "district": place}, rest=rest)
    line.asked.update(_unwanted(line.unwanted, known))
    direction = direction_of(line.words)
    empty = not (line.asked or line.odd_age or direction or any(_meant(word, known) for word in line.words))
    if direction is not None:
        line.asked.update(direction=direction, words="")
    elif line.words:
        line.asked.update(words=" ".join(line.words))
    return line, empty, elsewhere


def _unwanted(words: tuple[str, ...], known: Vocabulary) -> dict[str, Any]:
    """What it is not to be about: «не спорт» a direction, «не танцы» a kind of club; «не умеет» tells nothing of clubs."""
    avoid = next((found for word in words if (found := direction_of((word,)))), None)
    kinds = [word for word in words if known.knows(word) and word not in IDLE and direction_of((word,)) is None]
    return {**({"avoid": avoid} if avoid else {}), **({"unwanted": " ".join(kinds)} if kinds else {})}


def _meant(word: str, known: Vocabulary) -> bool:
    return any(known.knows(part) or known.slips(part) < FAR for part in words_of(word))


# --- layout and spelling ----------------------------------------------------------------------------------------------


def _typed_right(text: str, known: Vocabulary, names: Sequence[Name]) -> str:
    """«hbcjdfybt lkz 7 ktn» was typed in the other layout: it is read so if that makes a word of what is none. «risovanie dlya 7 let» without a
    Russian one: each word is read so that is one then."""
    if not re.search("[a-zA-Z]", text):
        return text
    parts = text.casefold().split()
    wrong = [not _means(part, known, names) for part in parts]
    other = [part.translate(LAYOUT) for part in parts]
    if any(bad and _better(part, there, known, names) for part, bad, there in zip(parts, wrong, other, strict=True)):
        return " ".join(there if bad else part for part, bad, there in zip(parts, wrong, other, strict=True))
    spelled = [in_cyrillic(part) for part in parts]
    return " ".join(
        there if bad and _means(there, known, names) else part
        for part, bad, there in zip(parts, wrong, spelled, strict=True)
    )


def _better(part: str, other: str, known: Vocabulary, names: Sequence[Name]) -> bool:
    """In the other layout it is a word, or at least nearly one while it is nothing like one as it stands."""
    if _means(other, known, names):
        return True
    return len(other) >= A_LONG_WORD and other.isalpha() and known.slips(other) == 1 and known.slips(part) > 1


def _means(part: str, known: Vocabulary, names: Sequence[Name]) -> bool:
    words = words_of(part)
    return bool(words) and all(
        word.isdecimal()
        or word in KEYWORDS
        or word in IDLE
        or direction_of((word,))
        or known.knows(word)
        or _named(word, names)
        for word in words
    )


def _named(word: str, names: Sequence[Name]) -> bool:
    return any(stem_of(word) in name.stems for name in names)


def _spelled(word: str, known: Vocabulary, names: Sequence[Name]) -> str:
    """A word of the rules with a slip of the finger, unless it is nearer to one of the catalogue's."""
    if len(word) < 4 or not word.isalpha() or _means(word, known, names):
        return word
    slips = 1 if len(word) < 8 else 2
    for words, nearer in ((KEYWORDS, 1), (SAID, 0)):
        found = extractOne(word, words, scorer=OSA.distance, score_cutoff=slips)
        if found is not None and found[1] < known.slips(word) + nearer:
            return str(found[0])
    return word


# --- places -----------------------------------------------------------------------------------------------------------


def _names(tx: Tx, me: Actor) -> Sequence[Name]:
    key = "place names", me.municipality, tx.today(me.municipality)
    return tx.memory.recall(key, MADE_OF, lambda: _read_names(tx, me))


def _read_names(tx: Tx, me: Actor) -> Sequence[Name]:
    mine = tx.value(select(municipality.c.name).where(municipality.c.id == me.municipality))
    own = [SearchPlace(0, mine or "")] if mine else []
    found = []
    for place in (*search_places(tx, SearchPlaces(), me), *own):
        for name in (place.name, *_short_names().get(_bare(place.name), ()), in_latin(place.name.casefold())):
            words = [word for word in _bare(name).split() if word]
            if words:
                doubtful = any(LIKE_AN_ADJECTIVE.match(word) for word in words)
                found.append(Name(place.id, tuple(map(stem_of, words)), doubtful))
    return sorted(found, key=lambda name: -len(name.stems))


def _bare(name: str) -> str:
    """«Ленинский округ» is «Ленинский», «Северный-2» «северный 2»."""
    words = [re.sub("[iy]y$", "y", word) for word in words_of(name)]
    return " ".join([word for word in words if word not in KINDS] or words)


@cache
def _short_names() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with (files("bot") / "data" / "short_names.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[_bare(row["name"])] = (*found.get(_bare(row["name"]), ()), row["short"])
    return found


def _place(rest: tuple[str, ...], names: Sequence[Name], known: Vocabulary) -> tuple[int | None, tuple[str, ...]]:
    """The place that is named, and the words without it; the longest name, one's own municipality before others."""
    words = [part for word in rest for part in words_of(word)]
    stems = [stem_of(word) for word in words]
    alone = sum(word not in IDLE and word not in KINDS for word in words)
    for slips in (0, 1):
        for name in names:
            for at in range(len(words) - len(name.stems) + 1):
                stop = at + len(name.stems)
                if not _same(stems[at:stop], words[at:stop], name.stems, slips, known):
                    continue
                before, after = _around(words, at, stop)
                told = before < at or after > stop or alone == len(name.stems)
                if told or not (name.doubtful and any(known.knows(word) for word in words[at:stop])) and not slips:
                    return name.place, (*words[:before], *words[after:])
    return None, rest


def _elsewhere(tx: Tx, rest: tuple[str, ...], me: Actor) -> tuple[str, tuple[str, ...]]:
    """Another municipality that is named, exactly and behind «в» or with what it is; and the words without it."""
    others = tx.memory.recall(("elsewhere", me.municipality), (municipality,), lambda: _read_others(tx, me))
    words = [part for word in rest for part in words_of(word)]
    stems = [stem_of(word) for word in words]
    for length in range(1, LONGEST_NAME + 1):
        for at in range(len(words) - length + 1):
            if name := others.get(tuple(stems[at : at + length])):
                before, after = _around(words, at, at + length)
                if before < at or after > at + length:
                    return name, (*words[:before], *words[after:])
    return "", rest


def _read_others(tx: Tx, me: Actor) -> Mapping[tuple[str, ...], str]:
    rows = tx.rows(select(municipality.c.name).where(municipality.c.id != me.municipality).order_by(municipality.c.id))
    return {tuple(map(stem_of, _bare(row.name).split())): row.name for row in rows}


def _same(stems: Sequence[str], words: Sequence[str], wanted: Sequence[str], slips: int, known: Vocabulary) -> bool:
    if not slips:
        return tuple(stems) == tuple(wanted)
    if any(len(word) < A_LONG_WORD + known.knows(word) for word in words):
        return False
    return all(
        OSA.distance(one, other, score_cutoff=slips) <= slips
        or (word.startswith(other) and len(word) <= len(other) + ENDING)
        for word, one, other in zip(words, stems, wanted, strict=True)
    )


def _around(words: Sequence[str], at: int, stop: int) -> tuple[int, int]:
    """The kind of place and the preposition that belong to a name."""
    before, after = at, stop
    if after < len(words) and words[after] in KINDS and len(words[after]) > 1:
        after += 1
    while before > 0 and words[before - 1] in KINDS - BEFORE_A_PLACE:
        before -= 1
    while before > 0 and words[before - 1] in BEFORE_A_PLACE:
        before -= 1
    return before, after
