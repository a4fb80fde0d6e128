"""Find a program: where? -> how old? (search_questions.py) -> the list, with filters above it -> a program's card (program_card.py). Or in one line,
from anywhere here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from bot.dialogs import saved_search, search_filters, search_parts, search_questions
from bot.dialogs.catalogue_words import ages, price_words, score_words
from bot.dialogs.certificate import ShowCertificates
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
    back,
    go,
    instead,
)
from bot.dialogs.fitting import ChooseWhoseRest
from bot.dialogs.program_card import ReadProgram
from bot.dialogs.reading import turned, turning
from bot.domain.catalogue import (
    A_PAGE,
    OLDEST,
    YOUNGEST,
    Filters,
    FindPrograms,
    Found,
    Looser,
    ProgramLine,
)
from bot.domain.parts import without
from bot.domain.saved_search import SearchSaved
from bot.domain.understanding import Heard, HearLine
from bot.i18n import Words, _, joined, lines, n_

LONGEST_WORDS, LONGEST_LINE = 100, 200
LABEL = 40


def telling(saved: int) -> Button:
    """The wish to be told of news; or the way to it, when this search was `saved`."""
    return Button(_("Saved ✓"), "saved") if saved else Button(_("Tell me of news"), "tell")


# --- a line -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReadLine(State[Heard]):
    """What does this line ask for? Shows nothing itself: the list tells how it was understood. `asked_at`: where it was
    written; from the menu and wherever nothing is asked it may turn out to be no search."""

    text: str
    filters: Filters = Filters()
    asked_at: Literal["list", "place", "menu"] = "list"

    def needs(self) -> HearLine:
        return HearLine(self.text, self.filters)

    def show(self, known: Heard) -> Turn:
        if known.any_club and self.asked_at in ("menu", "place"):
            return instead(search_questions.ChooseDistrict(self.filters), _elsewhere(known))
        if known.empty and self.asked_at == "place":
            return instead(search_questions.ChooseDistrict(self.filters, self.text, lost=True))
        if known.empty and self.asked_at == "menu":
            return back(
                _("I did not understand that. Choose a button, or write what club you look for, for example «drawing».")
            )
        note = (
            _("Certificates are for children from {min} to {max}.", min=YOUNGEST, max=OLDEST)
            if known.odd_age
            else _elsewhere(known)
        )
        if self.asked_at == "menu" and known.filters == Filters(price="fits"):
            return instead(ShowCertificates())  # «где мой сертификат?» looks for no club
        if known.filters.price == "fits" and not known.filters.child:
            return instead(search_filters.ChooseChildsBalance(known.filters), note)
        return instead(browse(known.filters), note)


def _elsewhere(known: Heard) -> Words | None:
    """A place whose clubs cannot be shown."""
    if not known.elsewhere:
        return None
    return _(
        "{place} is another municipality: your certificate pays there only where there is an agreement, so I show the clubs within "
        "its reach. If you have moved, change the municipality under «Settings».",
        place=known.elsewhere,
    )


# --- the list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BrowsePrograms(State[Found]):
    """What was found, a page at a time. A typed line searches anew. `saved`: the number that it was saved under."""

    filters: Filters
    page: int = 0
    saved: int = 0

    shared: ClassVar[bool] = True

    def needs(self) -> FindPrograms:
        return FindPrograms(self.filters, self.page)

    def show(self, known: Found) -> Screen:
        told = search_parts.told(self.filters, known.place)
        asked = _("Looking for: {parts}", parts=joined(" · ", told.values())) if told else None
        if not known.total:
            return Screen(
                lines(
                    _("Nothing was found."),
                    asked,
                    _("I do not know «{words}».", words=known.unknown) if known.unknown else None,
                    "",
                    _("There is something if you ask for less:")
                    if known.looser
                    else _("Ask for less, or write other words."),
                ),
                (*self._fewer(known.looser), (Button(_("Filters"), "filters"), telling(self.saved))),
                wants="text",
            )
        numbered = tuple(enumerate(known.lines, start=known.page * A_PAGE + 1))
        return Screen(
            lines(
                _("More than {count} programs found", count=known.total)
                if known.more
                else n_("{count} program found", "{count} programs found", known.total),
                asked,
                _("I looked for «{words}».", words=known.read_as) if known.read_as else None,
                _("I do not know «{words}».", words=known.unknown) if known.unknown else None,
                _("No program has all these words: these have some of them.") if known.partly else None,
                page_words(known),
                *(part for number, line in numbered for part in ("", program_line(number, line))),
                "",
                None if self.filters.words else _("Write words to search by, for example «robots»."),
            ),
            (
                *(Button(label(f"{number}. {line.name}"), str(line.id)) for number, line in numbered),
                *turning(known.page, known.pages),
                *(self._ways(told) if not known.page else (Button(_("Filters"), "filters"),)),
            ),
            wants="text",
        )

    def _ways(self, asked: Mapping[str, Words]) -> Iterator[Row]:
        """What may follow; on a page of five VK has room for five more buttons."""
        yield from search_parts.buttons(asked)
        fits = () if self.filters.price == "free" else (Button(_("Fits the rest"), "fits", spare=True),)
        yield (Button(_("Filters"), "filters"), *fits)
        yield telling(self.saved)

    def _fewer(self, looser: Sequence[Looser]) -> Iterator[Button]:
        """What finds something when it is given up, with how much."""
        words = search_parts.each_chosen(self.filters)
        said = {
            "near": _("Places near too"),
            "place": _("Look everywhere"),
            **{part: _("Without: {filter}", filter=told) for part, told in words.items() if part != "near"},
        }
        for each in looser:
            if each.part in said:
                told = _("more than {count}", count=each.total) if each.more else each.total
                words_and_count = _("{what} — {count}", what=said[each.part], count=told)
                yield Button(words_and_count, f"drop:{each.part}")

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("filters"):
                return go(search_filters.ChooseFilters(self.filters))
            case Tapped("drop:near"):
                return instead(browse(replace(self.filters, near=True)))
            case Tapped("fits"):
                return go(ChooseWhoseRest(self.filters))
            case Tapped("tell"):
                return saved_search.tell_me(self, self.filters)
            case Tapped("saved"):
                return go(saved_search.ShowSavedSearches(chosen=self.saved))
            case Happened(SearchSaved(number) as fact):
                return saved_search.saved(replace(self, saved=number), fact)
            case Happened(fact):
                return saved_search.saved(self, fact)
            case Tapped(choice) if choice.startswith("drop:"):
                return instead(browse(without(self.filters, choice[5:])))
            case Tapped(choice) if choice.startswith("part:"):
                return go(search_filters.question(choice[5:], self.filters))
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(program):
                return go(ReadProgram(int(program), self.filters.child, asked=self.filters))
            case Typed(text) if (age := search_questions.age_in(text)) in search_questions.EVERY_AGE:
                return instead(browse(replace(self.filters, age=age, other_age=0)))
            case Typed(text):
                return instead(ReadLine(text[:LONGEST_LINE], self.filters))
        return again(self, _("Write words to search by, or choose a program."))


@dataclass(frozen=True)
class BrowseForChild(BrowsePrograms):
    """The same, when a child's balance is among the filters: what it finds tells about the balance."""

    shared: ClassVar[bool] = False
    about_child: ClassVar[bool] = True


def browse(filters: Filters, saved: int = 0) -> BrowsePrograms:
    """The first page of what the filters find."""
    kind = BrowseForChild if filters.child else BrowsePrograms
    return kind(filters, saved=saved)


def page_words(known: Found) -> Words | None:
    """Nobody has counted the pages of a very long list."""
    if known.more:
        return _("Page {page}", page=known.page + 1)
    return _("Page {page} of {pages}", page=known.page + 1, pages=known.pages) if known.pages > 1 else None


def program_line(number: int, line: ProgramLine) -> Words:
    """A program in a few short lines."""
    facts: tuple[Words | None, ...] = (
        ages(line.age_min, line.age_max),
        price_words(line.registry, line.price, line.several_prices),
        n_("{count} free place", "{count} free places", line.free) if line.free else _("no free places"),
        score_words(line.score) if line.score else None,
    )
    return lines(f"{number}. {line.name}", line.provider, joined(" · ", (fact for fact in facts if fact is not None)))


def label(name: str) -> str:
    """A name that fits a button."""
    return name if len(name) <= LABEL else name[: LABEL - 1].rstrip() + "…"


def _program(argument: str) -> AnyState:
    return ReadProgram(int(argument))


DOORS: dict[str, Callable[[str], AnyState]] = {
    "search": lambda _argument: search_questions.ChooseDistrict(),
    "program": _program,
}
