"""What a notice is: a fact, told in a screen with doors to its cause, under a topic that a parent may switch off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogs.core import Screen
from bot.domain.messages import Fact
from bot.domain.topics import Topic as Topic


@dataclass(frozen=True)
class About:
    """The names behind a fact's ids, looked up at the moment of sending; empty where the fact has no such id, or it is gone."""

    child: str = ""
    program: str = ""
    provider: str = ""
    address: str = ""
    event: str = ""
    programs: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Of a fact with several programs those that are still there, each with its provider."""
    municipality: str = ""
    announcement: tuple[str, str] = ("", "")
    """Its Russian and English words."""
    words: str = ""
    """What the staff added to a certificate's reason."""
    called_back: bool = False
    """It was stopped before it was told."""


@dataclass(frozen=True)
class Notice:
    """How a fact is told."""

    topic: Topic
    says: Callable[[Any, About], Screen]


Notices = dict[type[Fact], Notice]
