"""The audit trail as the office reads it: who did what to whom, when, from what to what."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.messages import Query


@dataclass(frozen=True)
class TrailLine:
    """One decision. `did` is a command's name; `wish` its fields, `changes` (field, from, to) of the `subject` whose id is `object`."""

    id: int
    at: datetime
    """In the reader's municipality's zone; UTC for the region's administrator."""
    who: str
    role: str
    did: str
    subject: str
    object: int
    child: int
    wish: tuple[tuple[str, str], ...]
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ListTrail(Query[tuple[TrailLine, ...]]):
    """The latest first, a page of 50: all that is the reader's business, or about one child, or about one object; older than line `before`."""

    child: int = 0
    subject: str = ""
    object: int = 0
    before: int = 0
