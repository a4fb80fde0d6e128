"""What is said about the staff's accounts, in the office and in a terminal."""

from bot.domain.messages import Fact
from bot.domain.staff import SignedOutEverywhere, StaffAdded, StaffChanged, StaffRole, WrongStaff
from bot.i18n import Words, _, n_

ROLES: dict[StaffRole, Words] = {
    StaffRole.ADMINISTRATOR: _("the region's administrator"),
    StaffRole.OPERATOR: _("operator"),
    StaffRole.PROVIDER: _("provider"),
}
WRONG: dict[str, Words] = {
    "login": _("A login is 2 to 60 Latin letters, digits, dots, hyphens or @."),
    "name": _("The person's name is missing."),
    "municipality": _("An operator belongs to a municipality, and nobody else does."),
    "provider": _("A provider's account belongs to a provider, and nobody else's does."),
    "taken": _("This login exists already."),
}


def told(fact: Fact) -> Words:
    """What came of a command on an account."""
    match fact:
        case StaffAdded():
            return _("The account is there.")
        case StaffChanged():
            return _("Changed.")
        case SignedOutEverywhere(sessions=count):
            return n_("Signed out: {count} session.", "Signed out: {count} sessions.", count)
        case WrongStaff(field):
            return WRONG[field]
    return _("There is no such account.")
