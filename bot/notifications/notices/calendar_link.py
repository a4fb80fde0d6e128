"""Links to a family's calendar: told on the screen of whoever made them, and to nobody else."""

from bot.domain.calendar_link import CalendarLinkCut, CalendarLinkMade
from bot.domain.messages import Fact
from bot.notifications.notice import Notices

NOTICES: Notices = {}
SILENT: frozenset[type[Fact]] = frozenset({CalendarLinkMade, CalendarLinkCut})
