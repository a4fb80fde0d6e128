"""One turn of a conversation, once for all dialogs: back, home, stale taps, doors, typed words, gates, hops and history.

`converse` is a generator: it yields the queries and commands that the dialogs need, is sent their answers, and returns the Reply. So the
same turn runs in a test (answers from a dictionary) and in a transaction (answers from the database), and knows neither.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Union

from bot.dialogs.catalogue import LONGEST_LINE, ReadLine
from bot.dialogs.consent import GiveConsent
from bot.dialogs.core import (
    AnyState,
    Button,
    Contact,
    Event,
    Happened,
    Screen,
    Secret,
    Started,
    Tapped,
    Turn,
    Typed,
    Unreadable,
    again,
    go,
    home,
)
from bot.dialogs.doors import open_door
from bot.dialogs.hello import ChooseMunicipality
from bot.dialogs.home import Help, Home, OpenElsewhere
from bot.dialogs.link_code import EnterCode
from bot.dialogs.message import Message, labels, said, written
from bot.dialogs.typed import (
    ANSWERS,
    CANCEL,
    GREETINGS,
    QUESTION,
    THANKS,
    WORDS,
    begins,
    cleaned,
    folded,
    folded_label,
    meanings,
)
from bot.domain.linking import code_among
from bot.domain.messages import Command, Query
from bot.i18n import Words, _, lines, render

BACK, MENU = Button(_("Back"), "<"), Button(_("Menu"), ">menu")
MAX_HOPS = 6
"""Wishes and skipped screens in one turn."""
MAX_HISTORY = 20
DRAWN = 5_000
"""Screens that are kept for whoever asks the same; about 3 KB each."""
LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class Pressed:
    """A button's data as the messenger brings it: `turn:choice` or `>door`."""

    data: str


Heard = Union[Event, Pressed]


@dataclass(frozen=True)
class Reader:
    """Who reads the screen, and where."""

    language: str = "ru"
    municipality: int = 0
    """0 until it is chosen (R1.2)."""
    consented: bool = False
    impersonal: bool = False
    """The channel may carry nothing about a child (R9.3)."""


@dataclass(frozen=True)
class WhoReads(Query[Reader]):
    """The person behind this chat, as the database knows them now."""


@dataclass(frozen=True)
class Talk:
    """A conversation at rest."""

    state: AnyState
    history: tuple[AnyState, ...] = ()
    draft: AnyState | None = None
    turn: int = 0
    offered: tuple[tuple[str, str], ...] = ()
    """The present screen's choices with their labels as they were shown: nothing else can be tapped."""


@dataclass(frozen=True)
class Reply:
    """What a turn leaves: the conversation, the message to send, and a word for the messenger's popup."""

    talk: Talk
    message: Message
    popup: str = ""
    in_place: bool = False
    """The message takes the place of the one that was tapped."""


Steps = Generator[Query[Any] | Command, Any, Reply]


class TooManyHops(Exception):
    """A dialog that asks in a circle: a bug."""


def converse(talk: Talk, heard: Heard) -> Steps:
    """Take one event and return the reply; raises whatever a dialog raises (bugs), and TooManyHops."""
    popup: Words | None = None
    note: Words | None = None
    event = hear(talk, heard)
    if event is None:
        popup = _("That button is from an earlier screen. This is where we are now.")
        turn = Turn("again", talk.state)
    else:
        turn = answer(talk, event)
    for _hop in range(MAX_HOPS + 1):
        if turn.how == "ask":
            assert turn.state is not None and turn.wish is not None
            fact = yield turn.wish
            turn = turn.state.on(Happened(fact))
            continue
        talk, note = moved(talk, turn), turn.note if turn.note is not None else note
        reader: Reader = yield WhoReads()
        talk = gated(talk, reader)
        needed = talk.state.needs()
        known = (yield needed) if needed is not None else None
        shown = drawn(talk.state, known, reader.language)
        if isinstance(shown, Screen):
            break
        turn = shown
    else:
        raise TooManyHops(type(talk.state).__name__)
    return reply(
        talk, shown, note, popup, reader, in_place=isinstance(heard, Pressed) and not heard.data.startswith(">")
    )


def hear(talk: Talk, heard: Heard) -> Event | None:
    """What was meant: a tap that this screen offered, a door, a text that names a button; None for a stale or forged tap."""
    match heard:
        case Pressed(data) if data.startswith(">"):
            return Tapped(data) if data == ">continue" or open_door(data[1:]) else None
        case Pressed(data):
            turn, _colon, choice = data.partition(":")
            if turn != str(talk.turn) or choice not in dict(talk.offered):
                return None
            return Tapped(choice)
        case Typed(text):
            text = cleaned(text)
            if not text:
                return Unreadable("empty")
            if len(text) > LONGEST_TEXT:
                return Unreadable("long")
            for meant in meanings(text):
                named = [choice for choice, label in talk.offered if folded_label(label) == meant]
                begun = [choice for choice, label in talk.offered if begins(folded_label(label), meant)]
                if meant_one := named[:1] or (begun if len(begun) == 1 else []):
                    return Tapped(meant_one[0])
            return Typed(text)
        case Contact() if not talk.state.takes_contact:
            return Unreadable("contact")
    return heard


def answer(talk: Talk, event: Event) -> Turn:
    """The words and buttons that mean the same everywhere; the rest is the dialog's."""
    match event:
        case Started(link):
            door = open_door(link) if link else None
            return Turn("go", door) if door else home()
        case Tapped(">continue"):
            return Turn("go", talk.draft) if talk.draft else home()
        case Tapped(">menu"):
            return home()
        case Tapped(choice) if choice.startswith(">"):
            return Turn("go", open_door(choice[1:]))
        case Tapped("<"):
            return Turn("back")
        case Typed(text) if known := [WORDS[meant] for meant in meanings(text) if meant in WORDS]:
            return known[0]
        case Typed(text) if CANCEL.intersection(meanings(text)):
            return cancelled(talk)
        case Unreadable("long"):
            return again(talk.state, _("That message is too long. Please write it shorter."))
        case Unreadable("edited"):
            return again(
                talk.state, _("I have already read that message, so changing it changes nothing. Please write again.")
            )
        case Unreadable():
            return again(talk.state, _("I understand only text and buttons here."))
        case Typed(text) if (talk.state.at_leisure or isinstance(talk.state, ChooseMunicipality)) and (
            code := code_among(text)
        ):
            return go(EnterCode(Secret(code)))
        case Typed(text) if talk.state.at_leisure and folded(text).rstrip("!. ") in THANKS:
            return again(talk.state, _("Always glad to help."))
        case Typed(text) if talk.state.at_leisure and folded(text).rstrip("!. ") in GREETINGS | ANSWERS:
            return home()
        case Typed(text) if talk.state.at_leisure and QUESTION.match(folded(text)):
            return go(
                Help(), _("That looks like a question. Choose it here; if it is not among these, ask the municipality.")
            )
        case Typed(text) if talk.state.at_leisure:
            return go(ReadLine(text[:LONGEST_LINE], asked_at="menu"))
    return talk.state.on(event)


def cancelled(talk: Talk) -> Turn:
    """Out of whatever it is; what was answered is thrown away only by a second «cancel», written at the menu."""
    if any(state.draft is not None for state in (*talk.history, talk.state)):
        return home(_("Stopped. Your answers are kept; to throw them away, write «cancel» once more."))
    if talk.draft is not None and isinstance(talk.state, Home):
        return Turn("forget", note=_("What was not finished is thrown away."))
    return home()


def moved(talk: Talk, turn: Turn) -> Talk:
    """The conversation after a turn: what Back returns to, what Home keeps."""
    match turn.how:
        case "go" if not isinstance(turn.state, Home):
            assert turn.state is not None
            if turn.state == talk.state:
                return talk
            kept = None if turn.state == talk.draft else talk.draft
            return replace(talk, state=turn.state, history=(*talk.history, talk.state)[-MAX_HISTORY:], draft=kept)
        case "instead" | "again":
            assert turn.state is not None
            return replace(talk, state=turn.state)
        case "back" if talk.history:
            return replace(talk, state=talk.history[-1].resumed(talk.state), history=talk.history[:-1])
        case "done":
            kept = talk.draft if talk.state.draft is None else None
            return replace(talk, state=turn.state or Home(), history=(), draft=kept)
        case "forget":
            return Talk(Home(), turn=talk.turn)
    drafts = [state for state in (*talk.history, talk.state) if state.draft is not None]
    return replace(talk, state=Home(), history=(), draft=drafts[-1] if drafts else talk.draft)


def gated(talk: Talk, reader: Reader) -> Talk:
    """What must come first: the municipality (R1.2), another channel (R9.3), the consent (R9.1)."""
    state = talk.state
    if not reader.municipality and not state.before_hello:
        return replace(talk, state=ChooseMunicipality(then=state))
    if isinstance(state, Home):
        return replace(talk, state=Home(discreet=reader.impersonal))
    if (state.about_child or state.personal) and reader.impersonal:
        return replace(talk, state=OpenElsewhere())
    if state.about_child and not reader.consented:
        return replace(talk, state=GiveConsent(then=state))
    return talk


def drawn(state: AnyState, known: Any, language: str) -> Screen | Turn:
    """What a state shows of an answer; a screen that many see is drawn and put into words once for all (decision 0050)."""
    return _drawn(state, known, language) if state.shared else state.show(known)


@lru_cache(DRAWN)
def _drawn(state: AnyState, known: Any, language: str) -> Screen | Turn:
    shown = state.show(known)
    return said(shown, language) if isinstance(shown, Screen) else shown


def reply(talk: Talk, screen: Screen, note: Words | None, popup: Words | None, reader: Reader, in_place: bool) -> Reply:
    """Write the screen down in the reader's language, with Back and Home, and remember what it offers."""
    text = lines(note, "", screen.text) if note is not None else screen.text
    buttons = screen.buttons
    if talk.state.continues and talk.draft is not None and talk.draft.draft is not None:
        buttons = (Button(talk.draft.draft, ">continue"), *buttons)
    away = not isinstance(talk.state, Home) and bool(reader.municipality)
    way = tuple(button for button, wanted in ((BACK, bool(talk.history)), (MENU, away)) if wanted)
    screen = replace(screen, text=text, buttons=(*buttons, way) if way else buttons)
    number = talk.turn + 1
    message = written(screen, reader.language, number)
    said = render(popup, reader.language) if popup is not None else ""
    return Reply(replace(talk, turn=number, offered=labels(screen, message)), message, said, in_place)
