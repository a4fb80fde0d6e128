"""The municipality's own words: contacts, questions and answers, documents, as its operators wrote them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.dialogs.core import CHOOSE, AnyState, Button, Event, Screen, State, Tapped, Turn, again, go, instead
from bot.dialogs.reading import count, on_page, pages, turned, turning, within
from bot.domain.published import Counted, MyMunicipality, OneText, Published, PublishedText, Shelf, TextKind
from bot.i18n import Words, _, lines

A_PAGE = 4
LABEL = 40
KINDS: Mapping[TextKind, Words] = {
    TextKind.CONTACTS: _("Contacts"),
    TextKind.QUESTION: _("Questions and answers"),
    TextKind.DOCUMENT: _("Documents"),
}
NOTHING: Mapping[TextKind, Words] = {
    TextKind.CONTACTS: _("The municipality has not written its contacts here yet."),
    TextKind.QUESTION: _("The municipality has not written answers here yet. Look under «Help»."),
    TextKind.DOCUMENT: _("The municipality has not put documents here yet."),
}


@dataclass(frozen=True)
class ShowMunicipality(State[Counted]):
    """What the municipality has to say."""

    at_leisure = True

    def needs(self) -> MyMunicipality:
        return MyMunicipality()

    def show(self, known: Counted) -> Screen:
        return Screen(
            lines(known.municipality, _("What would you like to know?")),
            tuple(Button(label, kind.value) for kind, label in KINDS.items()),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(kind):
                return go(ListTexts(TextKind(kind)))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ListTexts(State[Shelf]):
    """The texts of one kind; a single one is opened at once."""

    kind: TextKind
    page: int = 0

    def needs(self) -> Published:
        return Published(self.kind)

    def show(self, known: Shelf) -> Screen | Turn:
        if not known.titles:
            return Screen(NOTHING[self.kind])
        if len(known.titles) == 1:
            return instead(ReadText(known.titles[0].id))
        shown = on_page(known.titles, self.page, A_PAGE)
        return Screen(
            lines(KINDS[self.kind], "", *(_("• {title}", title=text.title) for text in shown)),
            (
                *(Button(short(text.title), str(text.id)) for text in shown),
                *turning(self.page, count(known.titles, A_PAGE)),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(text):
                return go(ReadText(int(text)))
        return again(self, _("Please choose what to read."))


def short(title: str) -> str:
    """For a button."""
    return title if len(title) <= LABEL else f"{title[: LABEL - 1].rstrip()}…"


@dataclass(frozen=True)
class ReadText(State[PublishedText | None]):
    """One text, a page at a time if it is long."""

    text: int
    page: int = 0

    def needs(self) -> OneText:
        return OneText(self.text)

    def show(self, known: PublishedText | None) -> Screen:
        if known is None:
            return Screen(_("The municipality has taken this text down."))
        leaves = pages(known.body)
        return Screen(lines(known.title, "", leaves[within(self.page, len(leaves))]), turning(self.page, len(leaves)))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
        return again(self, _("Press «Back» to choose another text."))


DOORS: dict[str, Callable[[str], AnyState]] = {"municipality": lambda _argument: ShowMunicipality()}
