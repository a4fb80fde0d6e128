"""Bills are between a provider and its municipality: no family is told."""

from bot.domain.bill import BillDecided, BillPaid, BillSent
from bot.domain.messages import Fact
from bot.notifications.notice import Notices

NOTICES: Notices = {}
SILENT: frozenset[type[Fact]] = frozenset({BillSent, BillDecided, BillPaid})
