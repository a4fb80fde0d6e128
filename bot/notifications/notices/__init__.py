"""Every feature's notices as one table: each module of this package exports NOTICES and SILENT."""

from importlib import import_module
from pkgutil import iter_modules

from bot.domain.messages import Fact
from bot.notifications.notice import Notices

_rooms = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]

NOTICES: Notices = {fact: notice for room in _rooms for fact, notice in room.NOTICES.items()}
"""Fact → how it is told."""
SILENT: frozenset[type[Fact]] = frozenset(fact for room in _rooms for fact in room.SILENT)
"""Facts that are told to nobody: whoever caused them saw them on the screen, and they concern nobody else."""
