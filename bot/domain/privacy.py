"""Personal data (R9): consents, the file of what is known, deletion."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Union

from bot.domain.messages import AboutPerson, Command, Query, Refusal
from bot.domain.money import Money

Purpose = Literal["certificate", "health"]
"""One consent each (R9.1); health is a special category of data (R2.5)."""


@dataclass(frozen=True)
class ConsentText:
    """The document as it is read: its version and language name the words that are agreed to."""

    purpose: Purpose
    version: str
    language: str
    body: str


@dataclass(frozen=True)
class ConsentWords(Query[ConsentText]):
    """The consent's full text now in force, in the reader's language."""

    purpose: Purpose


@dataclass(frozen=True)
class GiveConsent(Command):
    """Agree to exactly the text that was shown."""

    purpose: Purpose
    version: str
    language: str


@dataclass(frozen=True)
class ConsentGiven(AboutPerson):
    """Kept with its moment and the text's hash."""

    purpose: Purpose


@dataclass(frozen=True)
class ConsentChanged(Refusal):
    """Another text is in force by now: it must be read first."""


@dataclass(frozen=True)
class MyConsents(Query[tuple[Purpose, ...]]):
    """Which consents of mine are in force?"""


@dataclass(frozen=True)
class WithdrawConsent(Command):
    """Take a consent back (R9.1).

    certificate: every consent goes, messages stop, the chats are cut, what the law requires is kept.
    health: the children's certificates go back to the category «all children» (R2.5), the rest stays.
    """

    purpose: Purpose


@dataclass(frozen=True)
class ConsentWithdrawn(AboutPerson):
    """A consent is withdrawn, with the consequences that `WithdrawConsent` names."""

    purpose: Purpose


@dataclass(frozen=True)
class NoConsent(Refusal):
    """There is nothing to withdraw."""


@dataclass(frozen=True)
class Deletion:
    """What deleting would do: children whose data go, children that another guardian keeps, and what must end before."""

    children: int
    kept_by_others: int
    running: int


@dataclass(frozen=True)
class WhatDeletionTakes(Query[Deletion]):
    """What would be deleted with me?"""


@dataclass(frozen=True)
class DeleteMe(Command):
    """Empty my rows, and those of the children that nobody else is responsible for (R9.2). Sums and ids stay."""


@dataclass(frozen=True)
class Deleted(AboutPerson):
    """A person's rows are empty."""


@dataclass(frozen=True)
class StillRunning(Refusal):
    """Requests and clubs must be ended first, by their own rules, so that the money finds its way back."""

    count: int


Value = Union[str, int, bool, date, datetime, Money]


@dataclass(frozen=True)
class Entry:
    """One record that is kept: the name of each field with its value; what is empty is left out."""

    fields: tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Chapter:
    """Records of one kind: person, chats, consents, children, certificates, enrollments, movements, ratings, events."""

    kind: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class AllAboutMe:
    """Everything that is known, and the language to write it in."""

    language: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class MyData(Query[AllAboutMe]):
    """What do you know about me? (R9.2) Never anything of another guardian."""
