"""What is said of a child's guardians to the staff, in the office and in a terminal."""

from bot.domain.family import GuardianCut, Rights
from bot.domain.linking import LinkCodeMade
from bot.domain.messages import Fact, NotYours
from bot.i18n import Words, _, lines

RIGHTS: dict[Rights, Words] = {
    Rights.FULL: _("decides"),
    Rights.READ: _("only sees"),
    Rights.SELF: _("the child's own chat"),
}


def told(fact: Fact) -> Words:
    """What came of it."""
    match fact:
        case LinkCodeMade(code=code, until=until):
            return lines(
                _("The code is {code}; it is good once, until {until}.", code=f"{code[:4]}-{code[4:]}", until=until),
                _("They just write it to the bot in the new chat."),
            )
        case GuardianCut():
            return _("The link is cut.")
        case NotYours():
            return _("Nobody with that number belongs to this municipality's families.")
    raise TypeError(type(fact).__name__)
