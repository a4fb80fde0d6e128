"""Certificates: which child's → the card; or apply, or link an existing one: number → birth date → one-time code (R2.11)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.dialogs.application import DOORS as APPLYING
from bot.dialogs.application import StartApplication
from bot.dialogs.certificate_card import ShowCertificate
from bot.dialogs.certificate_words import STATES, refusal
from bot.dialogs.core import (
    CHOOSE,
    AnyState,
    Button,
    Event,
    Happened,
    Screen,
    State,
    Tapped,
    Turn,
    Typed,
    again,
    ask,
    done,
    go,
    instead,
)
from bot.dialogs.dates import NotADate, typed_date
from bot.dialogs.reading import count, on_page, turned, turning
from bot.domain.certificate import CertificateLinked, LinkBlocked, LinkCertificate, number_of
from bot.domain.family import ChildSeen, MyChildren
from bot.domain.linking import code_of
from bot.i18n import Words, _, lines

__all__ = ["DOORS", "ShowCertificate", "StartApplication"]

A_PAGE = 5


@dataclass(frozen=True)
class ShowCertificates(State[tuple[ChildSeen, ...]]):
    """All children's certificates; straight to the card where there is one child."""

    page: int = 0

    about_child = True
    at_leisure = True
    continues = True

    def needs(self) -> MyChildren:
        return MyChildren()

    def show(self, known: tuple[ChildSeen, ...]) -> Screen | Turn:
        ways = (Button(_("Apply"), "apply"), Button(_("Link by number"), "link"))
        if not known:
            return Screen(
                lines(
                    _("There is no certificate here yet."),
                    _("Apply for one; or link it, if the child has one already."),
                ),
                ways,
            )
        if len(known) == 1 and known[0].certificate_id:
            return instead(ShowCertificate(known[0].id, alone=True))
        shown = on_page(known, self.page, A_PAGE)
        return Screen(
            lines(_("Certificates:"), *(in_list(child) for child in shown)),
            (
                *(Button(child.first_name[:40], str(child.id)) for child in shown),
                *turning(self.page, count(known, A_PAGE)),
                ways,
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("apply"):
                return go(StartApplication())
            case Tapped("link"):
                return go(TypeCertificateNumber())
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(choice):
                return go(ShowCertificate(int(choice)))
        return again(self, CHOOSE)


def in_list(child: ChildSeen) -> Words:
    """A child and where its certificate stands."""
    if child.certificate_state is None:
        return _("{name}: no certificate yet", name=child.first_name)
    return _("{name}: {state}", name=child.first_name, state=STATES[child.certificate_state])


@dataclass(frozen=True)
class TypeCertificateNumber(State[None]):
    """The number of an existing certificate."""

    about_child = True

    def show(self, known: None) -> Screen:
        return Screen(
            lines(
                _("You need the certificate's number and a one-time code."),
                _(
                    "The code is given by the municipality, or by the club where the child learns. Take a document with you."
                ),
                "",
                _("What is the number of the certificate? 10 digits."),
            ),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Typed(text) if number := number_of(text):
                return go(TypeCertificateBirthDate(number))
        return again(self, _("The number of a certificate has 10 digits. Please check it."))


@dataclass(frozen=True)
class TypeCertificateBirthDate(State[None]):
    """The child's birth date."""

    number: str

    about_child = True

    def show(self, known: None) -> Screen:
        return Screen(_("The child's birth date? For example {example}.", example="14.03.2017"), wants="date")

    def on(self, event: Event) -> Turn:
        match event:
            case Typed(text):
                try:
                    return go(TypeCertificateCode(self.number, typed_date(text)))
                except NotADate as wrong:
                    return again(self, wrong.why)
        return again(self, _("Please write the answer as text."))


@dataclass(frozen=True)
class TypeCertificateCode(State[None]):
    """The one-time code; then all three are tried at once."""

    number: str
    birth_date: date

    about_child = True

    def show(self, known: None) -> Screen:
        return Screen(_("And the one-time code? 8 letters and digits."), wants="text")

    def on(self, event: Event) -> Turn:
        match event:
            case Typed(text) if code := code_of(text):
                return ask(LinkCertificate(self.number, self.birth_date, code), meanwhile=self)
            case Happened(CertificateLinked(child)):
                return done(ShowCertificate(child), _("Linked: the certificate is in this chat now."))
            case Happened(LinkBlocked() as fact):
                return done(note=refusal(fact))
            case Happened(fact):
                return again(self, refusal(fact))
        return again(self, _("The code has 8 letters and digits. If you have none, ask the municipality for one."))


def certificate(argument: str) -> AnyState:
    """The card of a child, or all certificates. ValueError for what is not a child's number."""
    return ShowCertificate(int(argument)) if argument else ShowCertificates()


DOORS: dict[str, Callable[[str], AnyState]] = {
    **APPLYING,
    "certificate": certificate,
    "linking": lambda _argument: TypeCertificateNumber(),
}
