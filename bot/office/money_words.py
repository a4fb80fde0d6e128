"""What is said of periods, nominals and grants to the staff, in the office and in a terminal."""

from collections.abc import Mapping

from bot.domain.messages import Fact
from bot.domain.movements import Granted
from bot.domain.period import (
    CommittedMore,
    NominalSet,
    NothingToGrant,
    PeriodAdded,
    PeriodIsNot,
    PeriodOpened,
    PeriodOverlaps,
)
from bot.i18n import Words, _, joined, n_

PERIODS: Mapping[str, Words] = {"planned": _("planned"), "open": _("open"), "closed": _("closed")}


def told(fact: Fact) -> Words:
    """What came of a command."""
    match fact:
        case PeriodAdded(period):
            return _("Period {id} is planned.", id=str(period))
        case PeriodOpened(period):
            return _("Period {id} is open; its nominals are granted within a minute.", id=str(period))
        case NominalSet(amount=amount, adjusted=adjusted):
            balances = n_("{count} balance changed.", "{count} balances changed.", adjusted)
            return joined(" ", (_("The nominal is {amount} now.", amount=amount), balances))
        case Granted(amount=amount, left=left):
            return _("Granted {amount}; free on the certificate now: {left}.", amount=amount, left=left)
        case PeriodOverlaps():
            return _(
                "These days belong to another period already, or the first is after the last. See the list of periods."
            )
        case PeriodIsNot(state):
            return _("Not possible now. The period's state: {state}.", state=PERIODS[state])
        case CommittedMore(children):
            return n_(
                "{count} child has committed more already, so the nominal cannot go down so far.",
                "{count} children have committed more already, so the nominal cannot go down so far.",
                children,
            )
        case NothingToGrant():
            return _(
                "Nothing to grant: it is not an active funded certificate, has had this nominal, or its group has none."
            )
    return _("There is no such thing in this municipality.")
