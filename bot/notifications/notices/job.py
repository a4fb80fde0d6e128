"""Jobs of the office: whoever began one looks at its page."""

from bot.domain.job import JobStarted, JobStopped
from bot.domain.messages import Fact
from bot.notifications.notice import Notices

NOTICES: Notices = {}
SILENT: frozenset[type[Fact]] = frozenset({JobStarted, JobStopped})
