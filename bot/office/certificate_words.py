"""What is said of applications and certificates to the staff, in the office and in a terminal."""

from bot.dialogs.certificate_words import refusal
from bot.domain.certificate import (
    ApplicationAccepted,
    ApplicationRejected,
    BecameAccounting,
    BecameFunded,
    CertificateFrozen,
    CertificateIssued,
    CertificateRevoked,
    CertificateUnfrozen,
    GroupChanged,
    GuardianAdded,
    LinkingCodeIssued,
    QueuedForFunded,
)
from bot.domain.certificate_staff import CategoryAdded
from bot.domain.messages import Fact
from bot.i18n import Words, _, lines


def told(fact: Fact) -> Words:
    """What came of it."""
    match fact:
        case ApplicationAccepted(visit_by=day):
            return _("Accepted. The originals are awaited until {day}.", day=day)
        case ApplicationRejected():
            return _("Rejected; the parent is told the reason and may correct the application.")
        case GuardianAdded():
            return _("Joined: whoever applied is one more guardian of the same child now.")
        case CertificateIssued():
            return _("The certificate is active.")
        case BecameFunded():
            return _("The certificate carries money now.")
        case BecameAccounting():
            return _("The certificate carries no money now.")
        case QueuedForFunded(place=place):
            return _("No vacancy: place {place} in the queue.", place=place)
        case GroupChanged():
            return _("The category is changed.")
        case CertificateFrozen():
            return _("Frozen.")
        case CertificateUnfrozen():
            return _("In use again.")
        case CertificateRevoked():
            return _("Revoked.")
        case CategoryAdded(number):
            return _("The category is added, its number is {number}.", number=str(number))
        case LinkingCodeIssued(code=code, until=until):
            return lines(_("Code: {code}", code=code), _("Good once, until {moment}.", moment=until))
    return refusal(fact)
