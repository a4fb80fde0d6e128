"""What is said of agreements and whether a provider may teach to the staff, in the office and in a terminal."""

from bot.domain.messages import Fact, NotYours
from bot.domain.provider import AgreementEnded, AgreementMade, NoAgreementToEnd, ProviderState, ProviderStateSet
from bot.i18n import Words, _

STATES: dict[ProviderState, Words] = {
    ProviderState.ACTIVE: _("takes children"),
    ProviderState.BANNED: _("banned"),
    ProviderState.NO_LICENSE: _("without a license"),
}


def told(fact: Fact) -> Words:
    """What came of it."""
    match fact:
        case AgreementMade(_municipality, _provider, start):
            return _("The agreement is in force from {day} on.", day=start)
        case AgreementEnded(_municipality, _provider, stop):
            return _("The agreement's last day is {day}.", day=stop)
        case ProviderStateSet(_provider, state):
            return _("The provider is now {state}.", state=STATES[state])
        case NoAgreementToEnd():
            return _("There is no agreement with this provider that could end on that day. See the list of providers.")
        case NotYours():
            return _("There is no such provider in this municipality. See the list of providers.")
    raise TypeError(fact)
