"""What happens to an application and a certificate (R2) is told with a door to the certificate."""

from bot.dialogs.certificate_words import REJECTIONS, REVOCATIONS
from bot.dialogs.core import Button, Row, Screen
from bot.domain.application import ApplicationHeld, ApplicationSubmitted
from bot.domain.card_code import CardCodeMade, CardCodeRevoked
from bot.domain.certificate import (
    AboutCertificate,
    ApplicationAccepted,
    ApplicationRejected,
    BecameAccounting,
    BecameFunded,
    CertificateClosed,
    CertificateFrozen,
    CertificateIssued,
    CertificateLinked,
    CertificateRevoked,
    CertificateUnfrozen,
    GroupChanged,
    GuardianAdded,
    LinkingCodeIssued,
    NumberAttacked,
    QueuedForFunded,
    QueueMoved,
    UnusedSoon,
)
from bot.domain.certificate_staff import CategoryAdded
from bot.domain.messages import Fact
from bot.i18n import Words, _, lines
from bot.notifications.notice import About, Notice, Notices, Topic


def card(
    fact: AboutCertificate | ApplicationSubmitted | ApplicationHeld, *said: Words | None, more: tuple[Row, ...] = ()
) -> Screen:
    """Some lines with the door to the child's certificate."""
    return Screen(lines(*said), (*more, Button(_("Certificate"), f">certificate:{fact.child}")))


def submitted(fact: ApplicationSubmitted | ApplicationHeld, about: About) -> Screen:
    """To the other guardians; a held one is told no differently (R2.10)."""
    return card(
        fact,
        _("An application for {child}'s certificate was sent.", child=about.child),
        _("You will have the decision by {day}.", day=fact.decide_by),
    )


def accepted(fact: ApplicationAccepted, about: About) -> Screen:
    """Originals are awaited."""
    return card(
        fact,
        _("The application for {child} is accepted.", child=about.child),
        _(
            "Please show the originals at the municipality by {day}. What to bring is under «Certificate».",
            day=fact.visit_by,
        ),
        more=(Button(_("Contacts"), ">municipality"),),
    )


def rejected(fact: ApplicationRejected, about: About) -> Screen:
    """With its reason and the way back (R2.9)."""
    return card(
        fact,
        _("The application for {child} was rejected.", child=about.child),
        REJECTIONS[fact.reason],
        about.words or None,
        _("Your answers are kept: correct them and send the application again."),
        more=(Button(_("Correct and send again"), f">correct:{fact.certificate}"),),
    )


def issued(fact: CertificateIssued, about: About) -> Screen:
    """The number is on the card."""
    return card(
        fact,
        _("{child} has a certificate now.", child=about.child),
        _("Its number, and how it gets money for clubs, is under «Certificate»."),
        more=(Button(_("Find a club"), ">search"),),
    )


def funded(fact: BecameFunded, about: About) -> Screen:
    """The sum is told by the grant."""
    return card(
        fact,
        _("{child}'s certificate carries money now: it can pay for clubs.", child=about.child),
        more=(Button(_("Find a club"), ">search"), Button(_("Money"), f">money:{fact.child}")),
    )


def accounting(fact: BecameAccounting, about: About) -> Screen:
    """Why the money is gone."""
    why = (
        _("It was not used for long, so its money went back to the budget.")
        if fact.unused
        else _("The municipality has decided so; what was left of its money went back to the budget.")
    )
    return card(
        fact,
        _("{child}'s certificate carries no money any more.", child=about.child),
        why,
        _("Free clubs stay open to it. You can ask for money again under «Certificate»."),
    )


def queued(fact: QueuedForFunded, about: About) -> Screen:
    """To the other guardians."""
    return card(
        fact,
        _("{child} is in the queue for a certificate with money: place {place}.", child=about.child, place=fact.place),
        _("I will write when your turn comes."),
    )


def moved(fact: QueueMoved, about: About) -> Screen:
    """Nearer."""
    return card(
        fact,
        _(
            "The queue for certificates with money has moved: {child} is at place {place} now.",
            child=about.child,
            place=fact.place,
        ),
    )


def regrouped(fact: GroupChanged, about: About) -> Screen:
    """The category itself is on the card."""
    return card(fact, _("The category of {child}'s certificate has changed.", child=about.child))


def frozen(fact: CertificateFrozen, about: About) -> Screen:
    """No clubs for now."""
    return card(
        fact,
        _("{child}'s certificate is frozen.", child=about.child),
        _("No clubs on it for now; what was left of its money went back to the budget."),
        _("It can be used again in the next period. For that, ask the municipality."),
        more=(Button(_("Contacts"), ">municipality"),),
    )


def unfrozen(fact: CertificateUnfrozen, about: About) -> Screen:
    """In use again."""
    return card(
        fact,
        _("{child}'s certificate can be used again.", child=about.child),
        more=(Button(_("Find a club"), ">search"),),
    )


def revoked(fact: CertificateRevoked, about: About) -> Screen:
    """With the reason, and what becomes of the clubs (R2.7)."""
    return card(
        fact,
        _("{child}'s certificate is revoked.", child=about.child),
        REVOCATIONS[fact.reason],
        about.words or None,
        _("Clubs that run go on until the end of the month. Questions are answered by the municipality."),
        more=(Button(_("Contacts"), ">municipality"),),
    )


def closed(fact: CertificateClosed, about: About) -> Screen:
    """Of age (R8.5)."""
    return card(
        fact,
        _("{child} has come of age, so the certificate is closed.", child=about.child),
        _("Clubs on it are under «My clubs»; new ones are not possible on it."),
        more=(Button(_("My clubs"), ">enrollments"),),
    )


def unused(fact: UnusedSoon, about: About) -> Screen:
    """A week's warning (R2.13)."""
    return card(
        fact,
        _("{child}'s certificate is not used.", child=about.child),
        _(
            "On {day} its money goes back to the budget. To keep it, send a request for any club before that.",
            day=fact.on,
        ),
        more=(Button(_("Find a club"), ">search"),),
    )


def linked(fact: CertificateLinked | GuardianAdded, about: About) -> Screen:
    """One more who may decide (R1.3)."""
    return Screen(
        lines(
            _("One more guardian sees {child} now and decides: they have shown documents.", child=about.child),
            _("If you do not know of it, open the page and cut the link, or ask the municipality."),
        ),
        (Button(_("Who may see this"), f">people:{fact.child}"), Button(_("Contacts"), ">municipality")),
    )


NOTICES: Notices = {
    ApplicationSubmitted: Notice(Topic.CERTIFICATE, submitted),
    ApplicationHeld: Notice(Topic.CERTIFICATE, submitted),
    ApplicationAccepted: Notice(Topic.CERTIFICATE, accepted),
    ApplicationRejected: Notice(Topic.CERTIFICATE, rejected),
    CertificateIssued: Notice(Topic.CERTIFICATE, issued),
    BecameFunded: Notice(Topic.CERTIFICATE, funded),
    BecameAccounting: Notice(Topic.CERTIFICATE, accounting),
    QueuedForFunded: Notice(Topic.CERTIFICATE, queued),
    QueueMoved: Notice(Topic.CERTIFICATE, moved),
    GroupChanged: Notice(Topic.CERTIFICATE, regrouped),
    CertificateFrozen: Notice(Topic.CERTIFICATE, frozen),
    CertificateUnfrozen: Notice(Topic.CERTIFICATE, unfrozen),
    CertificateRevoked: Notice(Topic.CERTIFICATE, revoked),
    CertificateClosed: Notice(Topic.CERTIFICATE, closed),
    UnusedSoon: Notice(Topic.CERTIFICATE, unused),
    CertificateLinked: Notice(Topic.ALWAYS, linked),
    GuardianAdded: Notice(Topic.ALWAYS, linked),
}
SILENT: frozenset[type[Fact]] = frozenset(
    {LinkingCodeIssued, NumberAttacked, CategoryAdded, AboutCertificate, CardCodeMade, CardCodeRevoked}
)
"""A card's code and a linking code, for the eyes of whoever asked; an attack that stands in the operator's list, a category; and the
common form of the others, which never happens by itself."""
