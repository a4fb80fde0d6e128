"""What the staff arrange for all, and where a person lives: pushed to nobody."""

from bot.domain.messages import Fact
from bot.domain.municipality import (
    CalendarYearSet,
    DistrictAdded,
    DistrictRenamed,
    MunicipalityAdded,
    MunicipalityChanged,
    MunicipalitySet,
    PolicySet,
)
from bot.domain.population import PopulationSet
from bot.domain.published import TextAdded, TextChanged, TextRemoved
from bot.notifications.notice import Notices

NOTICES: Notices = {}
SILENT: frozenset[type[Fact]] = frozenset(
    {
        CalendarYearSet,
        DistrictAdded,
        DistrictRenamed,
        MunicipalityAdded,
        MunicipalityChanged,
        MunicipalitySet,
        PolicySet,
        TextAdded,
        TextChanged,
        PopulationSet,
        TextRemoved,
    }
)
