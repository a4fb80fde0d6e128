"""How certificates are spoken of: kinds, states, reasons, and every refusal with its next step."""

from bot.domain.application import TooOldForCertificate
from bot.domain.certificate import CertificateKind, CertificateState, LinkBlocked, LinkRefused, Rejection, Revocation
from bot.domain.certificate_staff import (
    AlreadyQueued,
    AlreadyThatKind,
    CategoryExists,
    ConversionByRequestOnly,
    DecisionsSuspended,
    LooksLikeAnotherChild,
    NoCertificateVacancy,
    NotInThatState,
    NotTheSameChild,
    OpenRequestInTheWay,
    RunningEnrollmentInTheWay,
    TooEarlyToUnfreeze,
)
from bot.domain.messages import Fact
from bot.i18n import Text, Words, _, joined, n_

STATES: dict[CertificateState, Text] = {
    CertificateState.SUBMITTED: _("application sent"),
    CertificateState.REJECTED: _("application rejected"),
    CertificateState.AWAITING_VISIT: _("originals to be shown"),
    CertificateState.ACTIVE: _("in use"),
    CertificateState.FROZEN: _("frozen"),
    CertificateState.REVOKED: _("revoked"),
    CertificateState.CLOSED_AGE: _("closed: the child has come of age"),
}
KINDS: dict[CertificateKind, Text] = {
    CertificateKind.FUNDED: _("with money"),
    CertificateKind.ACCOUNTING: _("without money: for free clubs"),
}
REJECTIONS: dict[Rejection, Text] = {
    Rejection.NOT_RESIDENT: _("By the data given, the child does not live in this municipality."),
    Rejection.WRONG_DATA: _("The data do not agree with the documents."),
    Rejection.WRONG_AGE: _("The child's age does not fit."),
    Rejection.HAS_ONE: _(
        "The child has a certificate already. Link it by its number, or ask the other parent for an invitation."
    ),
    Rejection.NO_PROOF: _("The documents that were shown are not enough."),
    Rejection.NO_VISIT: _("The originals were not shown in time."),
    Rejection.OTHER: _("The municipality could not accept it."),
}
REVOCATIONS: dict[Revocation, Text] = {
    Revocation.MOVED_AWAY: _("The child has moved away from the municipality."),
    Revocation.ASKED: _("The family asked for it."),
    Revocation.MISTAKE: _("It was issued by mistake."),
    Revocation.OTHER: _("The municipality has decided so."),
}


def refusal(fact: Fact) -> Words:
    """Why it was not done, and what can be done instead."""
    match fact:
        case LinkRefused(left):
            return joined(
                " ",
                (
                    _("Number, birth date and code do not belong together. Please check all three."),
                    n_("{count} try is left, then there is a pause of an hour.",
                       "{count} tries are left, then there is a pause of an hour.", left),
                ),
            )  # fmt: skip
        case LinkBlocked(until):
            return _(
                "Too many tries. You can try again at {time}; or ask the municipality for a new code.",
                time=until.time(),
            )
        case NotInThatState(state):
            return _("Not possible now. The certificate's state: {state}.", state=STATES[state])
        case DecisionsSuspended(until):
            return _("No decisions are made until {day}. Please decide after that.", day=until)
        case LooksLikeAnotherChild("snils", others):
            return _(
                "The same SNILS is in certificate {ids}. Compare them, then join the applications or say that it is another child.",
                ids=ids(others),
            )
        case LooksLikeAnotherChild(_name, others):
            return _(
                "The same name and birth date are in certificate {ids}. Compare them, then join the applications or say that it is another child.",
                ids=ids(others),
            )
        case NotTheSameChild():
            return _("Neither SNILS nor name and birth date agree with that certificate. Check its id.")
        case TooOldForCertificate(years):
            return _("The child is {years} already. Reject the application because of the age.", years=years)
        case AlreadyThatKind(kind):
            return _("The certificate is of that kind already: {kind}.", kind=KINDS[kind])
        case AlreadyQueued(place):
            return _(
                "It is in the queue already, place {place}. When a place becomes free, you will hear of it.",
                place=place,
            )
        case ConversionByRequestOnly():
            return _("Here the money comes by itself, with the first request for a club that the certificate pays for.")
        case OpenRequestInTheWay(count):
            return n_("{count} request for a club is still open. Wait for its answer or withdraw it first.",
                      "{count} requests for clubs are still open. Wait for their answers or withdraw them first.", count)  # fmt: skip
        case RunningEnrollmentInTheWay(count):
            return n_("The child still learns in {count} club on this certificate. That has to end first.",
                      "The child still learns in {count} clubs on this certificate. That has to end first.", count)  # fmt: skip
        case NoCertificateVacancy():
            return _("There is no vacancy in this category. Set more of them, or wait until a place becomes free.")
        case CategoryExists():
            return _("There is a category of that code already, or the code or name is empty.")
        case TooEarlyToUnfreeze(None):
            return _(
                "A frozen certificate can be unfrozen in the next period, and that is not planned yet. Add it first."
            )
        case TooEarlyToUnfreeze(day):
            assert day is not None
            return _("A frozen certificate can be unfrozen in the next period, from {day} on.", day=day)
    return _("This is not available.")


def ids(certificates: tuple[int, ...]) -> str:
    """Several ids in a line."""
    return ", ".join(map(str, certificates))
