"""What a new registry changes for children who are enrolled already."""

from bot.dialogs.core import Button, Screen
from bot.domain.catalogue_staff import GroupSaved, ModuleSaved, ProgramDecided, ProgramSaved
from bot.domain.messages import Fact
from bot.domain.provider import (
    AgreementEnded,
    AgreementMade,
    GroupDropped,
    ProviderStateSet,
    TimetableChanged,
)
from bot.i18n import _, lines
from bot.notifications.notice import About, Notice, Notices, Topic


def timetable_changed(fact: TimetableChanged, about: About) -> Screen:
    """Other days, hours, dates or another address."""
    return Screen(
        lines(
            _(
                "{child}, «{program}»: the timetable, the dates or the address have changed.",
                child=about.child,
                program=about.program,
            ),
            _("Please look when and where the lessons are now."),
        ),
        (Button(_("Open"), f">enrollment:{fact.enrollment}"),),
    )


def group_dropped(fact: GroupDropped, about: About) -> Screen:
    """R6.13: running ones live on, no renewal."""
    return Screen(
        lines(
            _(
                "{child}, «{program}»: the group takes no new children any more.",
                child=about.child,
                program=about.program,
            ),
            _("Nothing changes for you: the lessons go on as agreed. There will be no renewal for the next period."),
        ),
        (Button(_("Open"), f">enrollment:{fact.enrollment}"), Button(_("Find a club"), ">search")),
    )


NOTICES: Notices = {
    TimetableChanged: Notice(Topic.ENROLLMENT, timetable_changed),
    GroupDropped: Notice(Topic.ENROLLMENT, group_dropped),
}
SILENT: frozenset[type[Fact]] = frozenset(
    {AgreementMade, AgreementEnded, ProviderStateSet, GroupSaved, ModuleSaved, ProgramSaved, ProgramDecided}
)
