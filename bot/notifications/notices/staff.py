"""The office's accounts: pushed to nobody."""

from bot.domain.messages import Fact
from bot.domain.staff import SignedOutEverywhere, StaffAdded, StaffChanged
from bot.notifications.notice import Notices

NOTICES: Notices = {}
SILENT: frozenset[type[Fact]] = frozenset({StaffAdded, StaffChanged, SignedOutEverywhere})
