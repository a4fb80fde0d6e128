"""What a municipality publishes for its families: contacts, questions with answers, documents."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.messages import Command, Fact, Query, Refusal


class TextKind(StrEnum):
    """What operators publish."""

    CONTACTS = "contacts"
    QUESTION = "question"
    DOCUMENT = "document"


@dataclass(frozen=True)
class TextTitle:
    """A published text in a list."""

    id: int
    title: str


@dataclass(frozen=True)
class Shelf:
    """A municipality's published texts of one kind."""

    municipality: str
    titles: tuple[TextTitle, ...]


@dataclass(frozen=True)
class Published(Query[Shelf]):
    """What the reader's municipality has published, in the reader's language; in Russian where there is nothing in it."""

    kind: TextKind


@dataclass(frozen=True)
class Counted:
    """The municipality's name and how many texts of each kind there are."""

    municipality: str
    contacts: int
    questions: int
    documents: int


@dataclass(frozen=True)
class MyMunicipality(Query[Counted]):
    """The reader's municipality at a glance."""


@dataclass(frozen=True)
class PublishedText:
    """A text to read."""

    title: str
    body: str


@dataclass(frozen=True)
class OneText(Query[PublishedText | None]):
    """A published text of the reader's municipality; None if it is gone."""

    id: int


@dataclass(frozen=True)
class TextSeen:
    """A published text as the staff see it."""

    id: int
    kind: TextKind
    language: str
    title: str
    position: int
    body: str


@dataclass(frozen=True)
class ReadText(Query["TextSeen | None"]):
    """A published text of the operator's municipality, to be changed; None if there is none."""

    text: int


@dataclass(frozen=True)
class TextsOf(Query[tuple[TextSeen, ...]]):
    """Everything that a municipality has published."""

    municipality: int


@dataclass(frozen=True)
class AddText(Command):
    """Publish a text, or replace the one with the same title."""

    municipality: int
    kind: TextKind
    language: str
    title: str
    body: str
    position: int = 0


@dataclass(frozen=True)
class TextAdded(Fact):
    """A text is published."""

    text: int


@dataclass(frozen=True)
class ChangeText(Command):
    """Other words, another title or place in the list; its kind and language stay."""

    text: int
    title: str
    body: str
    position: int = 0


@dataclass(frozen=True)
class TextChanged(Fact):
    """A text reads otherwise now."""

    text: int


@dataclass(frozen=True)
class TextExists(Refusal):
    """Another text of that kind and language has this title."""


@dataclass(frozen=True)
class EmptyText(Refusal):
    """A text needs a title and words."""


@dataclass(frozen=True)
class RemoveText(Command):
    """Take a text down."""

    text: int


@dataclass(frozen=True)
class TextRemoved(Fact):
    """A text is gone."""

    text: int
