"""The certificate as a card with a code that a club scans (R6.7); the code can be made invalid at any time."""

from dataclasses import dataclass

from bot.dialogs.core import CHOOSE, Button, Event, Happened, Screen, Secret, State, Tapped, Turn, again, ask, back
from bot.domain.card_code import CardCodeRevoked, RevokeCardCode
from bot.domain.certificate import Card, ReadCertificate
from bot.domain.pictures import CertificateCard
from bot.i18n import _, joined, lines


@dataclass(frozen=True)
class ShowCard(State[Card | None]):
    """The card; `link` is what its code says, empty where there is no office to scan it."""

    child: int
    link: Secret

    about_child = True
    at_leisure = True

    def needs(self) -> ReadCertificate:
        return ReadCertificate(self.child)

    def show(self, known: Card | None) -> Screen | Turn:
        if known is None or not known.number:
            return back(_("There is no card of this certificate now."))
        name = " ".join(part for part in (known.surname, known.first_name) if part)
        scanned = bool(self.link.value)
        return Screen(
            lines(
                joined(" · ", (name, known.number)),
                _("Category: {group}", group=known.group),
                _("Valid until: {day}", day=known.valid_until) if known.valid_until else None,
                "",
                _("Show the card at the club: its staff scan the code, or type the number, and ask you here whether it was you."),
                _("The code says nothing to anybody else. Earlier cards of yours are not valid any more.") if scanned else None,
            ),
            (Button(_("Make the code invalid"), "revoke"),) if scanned else (),
            picture=CertificateCard(name, known.number, known.group, known.valid_until, self.link.value),
        )  # fmt: skip

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("revoke"):
                return ask(RevokeCardCode(self.child), meanwhile=self)
            case Happened(CardCodeRevoked()):
                return back(_("The code is not valid any more. The number still is."))
            case Happened():
                return back(_("There is no card of this certificate now."))
        return again(self, CHOOSE)
