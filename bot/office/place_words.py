"""What is said of municipalities, their texts, policies and days to the staff, in the office and in a terminal."""

from collections.abc import Mapping

from bot.domain.messages import Fact, NotYours
from bot.domain.municipality import (
    CalendarYearSet,
    DistrictAdded,
    DistrictExists,
    DistrictRenamed,
    MunicipalityAdded,
    MunicipalityChanged,
    PolicySet,
    WrongCalendar,
    WrongMunicipality,
    WrongPolicy,
)
from bot.domain.published import EmptyText, TextAdded, TextChanged, TextExists, TextRemoved
from bot.i18n import Words, _, lines

WRONG: Mapping[str, Words] = {
    "code": _("The code is letters a–z, digits and hyphens, 30 at most."),
    "name": _("The name is empty."),
    "zone": _("There is no such time zone. Write it as Europe/Moscow."),
    "number_prefix": _("The prefix is four digits: two for the region, two for the municipality."),
    "taken": _("Another municipality already has this code or prefix."),
}


def told(fact: Fact) -> Words:
    """What came of it."""
    match fact:
        case MunicipalityAdded(number):
            return _("The municipality is added, its number is {number}.", number=str(number))
        case MunicipalityChanged():
            return _("Changed.")
        case WrongMunicipality(what):
            return WRONG[what]
        case DistrictAdded(number):
            return _("The district is added, its number is {number}.", number=str(number))
        case DistrictRenamed():
            return _("The district has its new name.")
        case DistrictExists():
            return _("There is a district of that name already, or the name is empty.")
        case PolicySet(changes=()):
            return _("The policy was so already.")
        case PolicySet(changes=changes):
            return lines(*(f"{each.field}: {each.before} → {each.after}" for each in changes))
        case WrongPolicy(why):
            return _("The policy would make no sense: {why}.", why=why)
        case TextAdded(number):
            return _("The text is published, its number is {number}.", number=str(number))
        case EmptyText():
            return _("A text needs a title, words, and one of the languages ru and en.")
        case TextChanged():
            return _("The text is changed.")
        case TextExists():
            return _("Another text has this title already.")
        case TextRemoved():
            return _("The text is taken down.")
        case CalendarYearSet(year):
            return _("The working days of {year} are known now.", year=str(year))
        case WrongCalendar(why):
            return _("This is not a calendar of a year: {why}.", why=why)
        case NotYours():
            return _("This is not available.")
    raise TypeError(type(fact).__name__)
