"""The words a dialog is written in: events come in, a State shows a Screen and answers with a Turn.

A state is a frozen dataclass named by what the parent is doing. It never waits, sends or stores: `needs` says in data what its screen
must know, `show` draws it, `on` answers an event.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar, Union

from bot.domain.messages import Command, Fact, Query
from bot.domain.pictures import Picture
from bot.i18n import Words, _

Known = TypeVar("Known")


@dataclass(frozen=True)
class Tapped:
    """A button of the present screen; `choice` is one that this screen offered."""

    choice: str


@dataclass(frozen=True)
class Typed:
    """Text, already stripped; never empty."""

    text: str


@dataclass(frozen=True)
class Contact:
    """A shared contact; `own` only when the messenger says that it is the sender's (R1.3: still no proof of who they are)."""

    phone: str
    own: bool


@dataclass(frozen=True)
class Unreadable:
    """What is not text: sticker, voice, photo, location, file, a message of 4 000 characters."""

    kind: str


@dataclass(frozen=True)
class Started:
    """The first contact or a deep link; `link` is a door's name such as `program_12`, or empty."""

    link: str = ""


@dataclass(frozen=True)
class Happened:
    """The answer to a wish."""

    fact: Fact


Event = Union[Tapped, Typed, Contact, Unreadable, Started, Happened]


@dataclass(frozen=True)
class Secret:
    """A value that is encrypted wherever it rests (R9.4), such as a SNILS. Its repr is masked, so that no log shows it."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Button:
    """`choice` comes back as `Tapped(choice)`; `>name:arg` opens a door instead, at any time; `url` opens a page.

    `spare`: only a shorter way to what other buttons lead to; left out where a messenger has no room for it.
    """

    label: Words
    choice: str = ""
    url: str = ""
    spare: bool = False


Row = Union[Button, tuple[Button, ...]]


@dataclass(frozen=True)
class Document:
    """A file for the parent."""

    name: str
    content: str


@dataclass(frozen=True)
class Screen:
    """What a parent sees: plain text, buttons (a tuple inside is one row), Back and Home are added by the conversation.

    `wants` says what an answer looks like, so that a channel can offer its own way: Telegram a contact button, the web a date field.
    """

    text: Words
    buttons: tuple[Row, ...] = ()
    wants: Literal["choice", "text", "date", "phone", "secret"] = "choice"
    document: Document | None = None
    picture: Picture | None = None
    """Comes behind the text, which says the same in words: a picture may not load, and not everybody sees it."""


@dataclass(frozen=True)
class Turn:
    """Where the conversation goes; built by the functions below."""

    how: Literal["go", "instead", "again", "done", "back", "home", "ask", "forget"]
    state: "State[Any] | None" = None
    note: Words | None = None
    wish: Command | None = None


class State(Generic[Known]):
    """One thing a parent is doing. Subclasses are frozen dataclasses whose fields the codec can keep."""

    about_child: ClassVar[bool] = False
    """Shows or asks anything about a child: needs the consent (R9.1), never appears on an impersonal channel (R9.3)."""
    personal: ClassVar[bool] = False
    """Shows or asks the reader's own data: needs no consent, never appears on an impersonal channel (R9.3)."""
    draft: ClassVar[Words | None] = None
    """Answers that must not be lost: going Home keeps this state, and Home offers this button to continue."""
    continues: ClassVar[bool] = False
    """Offers to go on with a draft, as Home does."""
    at_leisure: ClassVar[bool] = False
    """Tells, and asks nothing that is answered in words: what is typed looks for a club, as at the menu."""
    takes_contact: ClassVar[bool] = False
    """Understands a shared contact; elsewhere one is answered like a sticker."""
    shared: ClassVar[bool] = False
    """Shows the same answer alike to whoever asks, and many do: it is drawn once (decision 0050)."""
    before_hello: ClassVar[bool] = False
    """May be shown before the parent has named the municipality (R1.2)."""

    def needs(self) -> Query[Known] | None:
        """What the screen must know; None if nothing."""
        return None

    def show(self, known: Known) -> "Screen | Turn":
        """Draw the screen; or skip it with a Turn, when what is known already answers the question."""
        raise NotImplementedError(type(self).__name__)

    def on(self, event: Event) -> Turn:
        """Answer an event."""
        raise NotImplementedError(type(self).__name__)

    def resumed(self, left: "State[Any]") -> "State[Any]":
        """Back has returned here from `left`: a form takes over what was answered there."""
        return self


AnyState = State[Any]


def go(state: "State[Any]", note: Words | None = None) -> Turn:
    """Forward; Back returns here."""
    return Turn("go", state, note)


def instead(state: "State[Any]", note: Words | None = None) -> Turn:
    """Forward without a step for Back: another page, another filter."""
    return Turn("instead", state, note)


CHOOSE = _("Please choose one of the buttons.")
"""What is said where only buttons mean something."""


def again(state: "State[Any]", note: Words) -> Turn:
    """The same question once more, with the reason."""
    return Turn("again", state, note)


def ask(wish: Command, meanwhile: "State[Any]") -> Turn:
    """Wish something; the fact comes to `meanwhile.on` as Happened."""
    return Turn("ask", meanwhile, wish=wish)


def done(state: "State[Any] | None" = None, note: Words | None = None) -> Turn:
    """Finished: no way back behind it. Without a state, Home."""
    return Turn("done", state, note)


def back(note: Words | None = None) -> Turn:
    """One step back."""
    return Turn("back", note=note)


def home(note: Words | None = None) -> Turn:
    """To the menu."""
    return Turn("home", note=note)


def forget(note: Words) -> Turn:
    """To the menu, and nothing of the conversation is kept: no way back, no draft (R9.2)."""
    return Turn("forget", note=note)
