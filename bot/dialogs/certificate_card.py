"""A child's certificate: where the application stands, with its clock; then number, kind, category, valid until, queue place."""

from dataclasses import dataclass

from bot.dialogs.card_code import ShowCard
from bot.dialogs.certificate_words import KINDS, REJECTIONS, REVOCATIONS, refusal
from bot.dialogs.core import (
    CHOOSE,
    Button,
    Event,
    Happened,
    Row,
    Screen,
    Secret,
    State,
    Tapped,
    Turn,
    again,
    ask,
    back,
    go,
)
from bot.domain.card_code import CardCodeMade, MakeCardCode
from bot.domain.certificate import (
    BecameFunded,
    Card,
    CertificateKind,
    CertificateState,
    ConvertCertificate,
    QueuedForFunded,
    ReadCertificate,
    Rejection,
    Revocation,
)
from bot.i18n import Words, _, joined, lines

CONTACTS = Button(_("Contacts"), ">municipality")
NOT_YOURS = _("I do not know this child. Perhaps it is linked to another chat of yours.")


@dataclass(frozen=True)
class ShowCertificate(State[Card | None]):
    """The certificate of one child."""

    child: int
    alone: bool = False
    """The family's only one, or the latest: from here on to another child's."""

    about_child = True
    at_leisure = True

    def needs(self) -> ReadCertificate:
        return ReadCertificate(self.child)

    def show(self, known: Card | None) -> Screen | Turn:
        if known is None:
            return back(NOT_YOURS)
        name = joined(" ", (part for part in (known.surname, known.first_name) if part))
        more = (Button(_("Apply for another child"), ">apply"), Button(_("Link by number"), ">linking"))
        return Screen(lines(name, "", *told(known)), (*buttons(known), *((more,) if self.alone else ())))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("funded"):
                return go(AskForFunded(self.child))
            case Tapped("card"):
                return ask(MakeCardCode(self.child), meanwhile=self)
            case Happened(CardCodeMade(link=link)):
                return go(ShowCard(self.child, Secret(link)))
            case Happened():
                return again(self, _("There is no card of this certificate now."))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class AskForFunded(State[Card | None]):
    """Is it to carry money (R2.3)?"""

    child: int

    about_child = True

    def needs(self) -> ReadCertificate:
        return ReadCertificate(self.child)

    def show(self, known: Card | None) -> Screen | Turn:
        if known is None or not known.may_convert:
            return back(_("This cannot be asked for now."))
        return Screen(
            lines(
                _("A certificate with money pays for clubs. The number of such certificates is limited."),
                _("If one is free, the money comes at once. If not, you get a place in the queue, and I will write."),
            ),
            (Button(_("Yes, with money"), f"{known.id}"),),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(certificate):
                return ask(ConvertCertificate(int(certificate), CertificateKind.FUNDED), meanwhile=self)
            case Happened(BecameFunded()):
                return back(_("Done: the certificate carries money now."))
            case Happened(QueuedForFunded(place=place)):
                return back(_("No certificate with money is free now. Your place in the queue: {place}.", place=place))
            case Happened(fact):
                return back(refusal(fact))
        return again(self, _("Press «Yes, with money» if you want it."))


def told(card: Card) -> tuple[Words | None, ...]:
    """What there is to say of a certificate in its state."""
    if not card.id:
        return (_("There is no certificate yet."),)
    match card.state:
        case CertificateState.SUBMITTED:
            return (_("The application is under review."), clock(card))
        case CertificateState.REJECTED:
            return (
                _("The application was rejected."),
                REJECTIONS[Rejection(card.reason)],
                card.words or None,
                "",
                _("Your answers are kept: correct them and send the application again.")
                if card.rights == "full"
                else None,
            )
        case CertificateState.AWAITING_VISIT:
            return (
                _("The application is accepted."),
                visit(card),
                _("Bring your passport, the child's birth certificate and proof of address."),
                _("For the category «{group}» also bring the document that proves it.", group=card.wanted_group)
                if card.wanted_group
                else None,
            )
        case CertificateState.ACTIVE:
            return (*facts_of(card), *queue_of(card))
        case CertificateState.FROZEN:
            return (
                *facts_of(card),
                "",
                _("The certificate is frozen: no clubs on it for now."),
                _("It can be used again from {day} on. For that, ask the municipality.", day=card.unfreeze_from)
                if card.unfreeze_from
                else _("It can be used again in the next period. For that, ask the municipality."),
            )
        case CertificateState.REVOKED:
            return (
                _("The certificate {number} is revoked.", number=card.number),
                REVOCATIONS[Revocation(card.reason)],
                card.words or None,
                _("Clubs that run go on until the end of the month. Questions are answered by the municipality."),
            )
        case CertificateState.CLOSED_AGE:
            return (
                _("The certificate is closed: it is given up to the age of majority."),
                _("Clubs that run go on."),
            )


def clock(card: Card) -> Words | None:
    """Until when the decision is due (R2.8)."""
    if card.decide_by is None:
        return None
    if card.overdue:
        return _("The decision was due by {day} and is late. You can ask the municipality.", day=card.decide_by)
    return _("You will have the decision by {day}; I will write at once.", day=card.decide_by)


def visit(card: Card) -> Words | None:
    """Until when the originals are awaited (R2.7)."""
    if card.visit_by is None:
        return None
    return _(
        "Please show the originals at the municipality by {day}. The address is under «Contacts».", day=card.visit_by
    )


def facts_of(card: Card) -> tuple[Words | None, ...]:
    """The certificate itself."""
    return (
        _("Certificate {number}", number=card.number),
        _("Kind: {kind}", kind=KINDS[card.kind]),
        _("Category: {group}", group=card.group),
        _("Valid until: {day}", day=card.valid_until) if card.valid_until else None,
    )


def queue_of(card: Card) -> tuple[Words | None, ...]:
    """The way to the money of a certificate that has none (R2.3, R2.4)."""
    if card.kind is CertificateKind.FUNDED:
        return ()
    if card.place:
        return ("", _("In the queue for a certificate with money: place {place}.", place=card.place))
    if card.conversion == "automatic" and not card.may_convert:
        return ("", _("The money comes by itself, with your first request for a club that the certificate pays for."))
    return ()


def _money_of(child: int) -> tuple[Row, ...]:
    return Button(_("What fits the rest"), f">fits:{child}"), Button(_("Money"), f">money:{child}")


def buttons(card: Card) -> tuple[Row, ...]:
    """What can be done now; doors, and the wish for money."""
    decides = card.rights == "full"
    if not card.id:
        return (*((Button(_("Apply"), ">apply"),) if decides else ()), Button(_("Link by number"), ">linking"))
    match card.state:
        case CertificateState.REJECTED:
            again = Button(_("Correct and send again"), f">correct:{card.id}")
            has_one = (Button(_("Link by number"), ">linking"),) if card.reason == Rejection.HAS_ONE else ()
            return (*((again,) if decides else ()), *has_one, CONTACTS)
        case CertificateState.ACTIVE:
            funded = card.kind is CertificateKind.FUNDED
            shows = (Button(_("Card for the club"), "card"),) if card.rights in ("full", "self") else ()
            return (
                *((Button(_("Ask for money"), "funded"),) if card.may_convert else ()),
                *shows,
                *(_money_of(card.child) if funded else ()),
                Button(_("Find a club"), ">search"),
            )
        case CertificateState.SUBMITTED | CertificateState.AWAITING_VISIT:
            return CONTACTS, Button(_("Find a club"), ">search")
        case CertificateState.CLOSED_AGE:
            return (Button(_("My clubs"), ">enrollments"),)
    return (CONTACTS,)
