"""The consent before anything about a child (R9.1): in short, in full, agreed or not."""

from dataclasses import dataclass, replace
from typing import Literal

from bot.dialogs.core import (
    AnyState,
    Button,
    Event,
    Happened,
    Screen,
    State,
    Tapped,
    Turn,
    again,
    ask,
    back,
    go,
    instead,
)
from bot.dialogs.home import Home
from bot.dialogs.reading import pages, turned, turning, within
from bot.domain import privacy
from bot.domain.privacy import ConsentChanged, ConsentGiven, ConsentText, ConsentWords
from bot.i18n import Words, _, lines


@dataclass(frozen=True)
class GiveConsent(State[ConsentText]):
    """The consent, a document of its own (R9.1); agreed or not, the conversation goes on."""

    then: AnyState | None = None
    purpose: Literal["certificate", "health"] = "certificate"
    refused: AnyState | None = None
    """Where «not now» leads; one step back if not said."""

    def needs(self) -> ConsentWords:
        return ConsentWords(self.purpose)

    def show(self, known: ConsentText) -> Screen:
        return Screen(
            lines(*SHORT[self.purpose]),
            (
                Button(_("I agree"), f"agree:{known.version}:{known.language}"),
                Button(_("Read the full text"), "read"),
                Button(_("Not now"), "no"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("read"):
                return go(ReadConsent(self.purpose))
            case Tapped("no"):
                return instead(self.refused, AS_YOU_LIKE) if self.refused else back(AS_YOU_LIKE)
            case Tapped(choice):
                _agree, version, language = choice.split(":")
                return ask(privacy.GiveConsent(self.purpose, version, language), meanwhile=self)
            case Happened(ConsentGiven()):
                return instead(
                    self.then or Home(), _("Thank you. The consent is kept; you can withdraw it under «Settings».")
                )
            case Happened(ConsentChanged()):
                return again(self, _("The text of the consent has just changed. Please look at it once more."))
        return again(self, _("Please choose: agree, read the full text, or not now."))


AS_YOU_LIKE = _("All right. Finding a club and advice work without the consent too.")

SHORT: dict[str, tuple[Words, ...]] = {
    "certificate": (
        _("To get and use a certificate I need data about you and the child: names, birth date, address, phone."),
        _("They are used only for the certificate and the clubs, by the municipality and by the clubs you choose."),
        _("You can withdraw the consent at any time. Do you agree?"),
    ),
    "health": (
        _("A higher certificate for a child with a disability needs one more consent: it says something about health."),
        _("Only the category is kept, no diagnosis and no picture of a document. Only the municipality sees why."),
        _("You can withdraw the consent at any time. Do you agree?"),
    ),
}


@dataclass(frozen=True)
class ReadConsent(State[ConsentText]):
    """The consent's full text."""

    purpose: Literal["certificate", "health"]
    page: int = 0

    def needs(self) -> ConsentWords:
        return ConsentWords(self.purpose)

    def show(self, known: ConsentText) -> Screen:
        leaves = pages(known.body)
        return Screen(leaves[within(self.page, len(leaves))], turning(self.page, len(leaves)))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
        return again(self, _("Press «Back» to agree or not."))
