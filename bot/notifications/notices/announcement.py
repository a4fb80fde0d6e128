"""The municipality's words to a chosen audience."""

from bot.dialogs.core import Button, Screen
from bot.domain.announcement import Announced, AnnouncementMade, AnnouncementStopped
from bot.domain.messages import Fact
from bot.i18n import _, lines
from bot.notifications.notice import About, Notice, Notices, Topic


def announced(fact: Announced, about: About) -> Screen:
    """Under the municipality's name; English where it was written and the reader reads it."""
    russian, english = about.announcement
    return Screen(
        lines(
            _("{municipality} writes:", municipality=about.municipality),
            "",
            english if english and fact.language == "en" else russian,
        ),
        ((Button(_("The municipality"), ">municipality"), Button(_("Settings"), ">settings")),),
    )


NOTICES: Notices = {Announced: Notice(Topic.TOWN, announced)}
SILENT: frozenset[type[Fact]] = frozenset({AnnouncementMade, AnnouncementStopped})
