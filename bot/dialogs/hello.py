"""The first contact: language → municipality (R1.2) → what was wanted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.dialogs import catalogue
from bot.dialogs.core import (
    AnyState,
    Button,
    Event,
    Happened,
    Row,
    Screen,
    State,
    Tapped,
    Turn,
    Typed,
    again,
    ask,
    instead,
)
from bot.dialogs.home import Home
from bot.dialogs.reading import count, on_page, turned, turning
from bot.dialogs.typed import folded, meanings
from bot.domain.municipality import Municipalities, MunicipalitySet, Place, Places, SetMunicipality
from bot.domain.settings import LanguageSet, SetLanguage
from bot.i18n import Words, _, lines

A_PAGE = 6
SHORTEST_PART = 4
"""Letters that may stand for a name."""
CLOSE = 5
"""Names that a slip of the finger may have meant."""
GREETING = lines(
    _("Hello! I help to find a club for a child and to pay for it with the certificate."),
    _("The certificate is free: the budget pays for the clubs."),
)
LANGUAGES = (Button("Русский", "language:ru"), Button("English", "language:en"))


@dataclass(frozen=True)
class ChooseMunicipality(State[Places]):
    """Where do you live? Skipped where there is only one; then goes on to what was wanted (`then`, else the menu)."""

    then: AnyState | None = None
    words: str = ""
    page: int = 0
    skipped: bool = False

    before_hello = True

    def needs(self) -> Municipalities:
        return Municipalities()

    def show(self, known: Places) -> Screen | Turn:
        if not known.all:
            return Screen(
                lines(GREETING, "", _("No municipality has joined me yet. Please come back later.")), (LANGUAGES,)
            )
        if len(known.all) == 1:
            return ask(SetMunicipality(known.all[0].id), meanwhile=replace(self, skipped=True))
        if meant := meant_by(known.all, self.words):
            return ask(SetMunicipality(meant.id), meanwhile=self)
        found = named(known.all, self.words)
        wish = catalogue.ReadLine(self.words[: catalogue.LONGEST_LINE], asked_at="menu")
        if is_line := not found and " " in self.words:
            if self.then != wish:
                return instead(replace(self, then=wish))
            found = mentioned(known.all, self.words)
        told = asked(self.words, found, is_line)
        return Screen(
            told if self.words else lines(GREETING, "", told), (*choices(found or known.all, self.page), LANGUAGES)
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Happened(MunicipalitySet()):
                return instead(self.then or Home(), GREETING if self.skipped else None)
            case Happened(LanguageSet()):
                return instead(self)
            case Tapped("language:ru" | "language:en" as choice):
                return ask(SetLanguage(choice[-2:]), meanwhile=self)
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(choice):
                return ask(SetMunicipality(int(choice)), meanwhile=self)
            case Typed(words):
                return instead(replace(self, words=words, page=0))
        return again(self, _("Please choose the place where you live."))


def named(places: tuple[Place, ...], words: str) -> tuple[Place, ...]:
    """Those whose name, code or settlement contains the words, whatever the case, ё or е; else those with a word that is nearly
    the same; else in the other keyboard layout."""
    names = [answers_to(place) for place in places]
    for wanted in meanings(words):
        within = tuple(place for place in places if wanted in called(place) or wanted in map(folded, place.parts))
        close = get_close_matches(wanted, sorted(set().union(*names)), n=CLOSE, cutoff=0.8) if not within else ()
        if found := within or tuple(place for place, its in zip(places, names, strict=True) if its.intersection(close)):
            return found
    return ()


def meant_by(places: tuple[Place, ...], words: str) -> Place | None:
    """The one place of exactly that name, else the only one whose name or code contains it."""
    for wanted in meanings(words):
        same = [place for place in places if folded(place.name) == wanted]
        within = [place for place in places if len(wanted) >= SHORTEST_PART and wanted in called(place)]
        if meant := next((found[0] for found in (same, within) if len(found) == 1), None):
            return meant
    return None


def called(place: Place) -> str:
    """What a place answers to: its code is its name in Latin letters."""
    return folded(f"{place.name} {place.code}")


def answers_to(place: Place) -> set[str]:
    """Words that a slip of the finger may stand for."""
    return {*called(place).split(), *map(folded, place.parts)}


def mentioned(places: tuple[Place, ...], line: str) -> tuple[Place, ...]:
    """Those with a name that begins a word of the line, its ending aside: «в Апатитах»."""
    words = folded(line).split()

    def is_meant(place: Place) -> bool:
        beginnings = tuple(name[: max(SHORTEST_PART, len(name) - 2)] for name in answers_to(place))
        return any(word.startswith(beginnings) for word in words)

    return tuple(filter(is_meant, places))


def asked(words: str, found: tuple[Place, ...], is_line: bool = False) -> Words:
    """The question, or what came of the typed words; `is_line`: they are a search, which waits."""
    if is_line:
        return _(
            "I do not know a place called «{words}». Choose where you live, and I will look for that.", words=words
        )
    if not found:
        return _(
            "I do not know a place called «{words}». Choose from the list, or write its name in another way.",
            words=words,
        )
    return _("Where do you live? Choose the place, or write its name.")


def choices(places: tuple[Place, ...], page: int) -> tuple[Row, ...]:
    """A page of places, with the pages below it: fits VK with the languages and the way back."""
    shown = (Button(place.name, str(place.id)) for place in on_page(places, page, A_PAGE))
    return (*shown, *turning(page, count(places, A_PAGE)))


@dataclass(frozen=True)
class Arrive(State[Places]):
    """A link of one municipality (R1.2): it is chosen, unless the parent has chosen before."""

    code: str

    before_hello = True

    def needs(self) -> Municipalities:
        return Municipalities()

    def show(self, known: Places) -> Screen | Turn:
        if known.mine:
            return instead(Home())
        here = [place for place in known.all if place.code == self.code]
        return ask(SetMunicipality(here[0].id), meanwhile=self) if here else instead(ChooseMunicipality())

    def on(self, event: Event) -> Turn:
        return instead(Home(), GREETING)


DOORS: dict[str, Callable[[str], AnyState]] = {"in": lambda code: Arrive(code)}
