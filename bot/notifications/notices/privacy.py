"""Consents, deletion and settings: each is done by the person on the screen, and concerns nobody else."""

from bot.domain.messages import Fact
from bot.domain.privacy import ConsentGiven, ConsentWithdrawn, Deleted
from bot.domain.settings import ChatCut, ChatPreferred, LanguageSet, TopicSwitched
from bot.notifications.notice import Notices

NOTICES: Notices = {}
SILENT: frozenset[type[Fact]] = frozenset(
    {ConsentGiven, ConsentWithdrawn, Deleted, LanguageSet, TopicSwitched, ChatPreferred, ChatCut}
)
