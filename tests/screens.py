"""Every screen, answer and notice of the samples, as a reader would get it: what the gallery shows and test_texts reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.dialogs.conversation import Pressed, Reader, Talk, WhoReads, converse
from bot.dialogs.core import AnyState, Contact, Event, Happened, Screen, Typed
from bot.dialogs.home import Home
from bot.dialogs.message import Message, written
from bot.domain.messages import Command, Query
from bot.i18n import LANGUAGES, Text, Words, render
from bot.notifications.notices import NOTICES
from tests.sample_values import ABOUTS, LONG, SHORT
from tests.samples import answers, facts, sample, state_kinds, variants

TYPED: tuple[Event, ...] = (
    Typed("§"),
    Typed("42"),
    Typed("03.04.05"),
    Typed("32.13.2026"),
    Typed("14.03.2030"),
    Typed("Ким Анна Сергеевна Младшая"),
    Typed("Ким Анна4"),
    Typed("ж" * 1_500),
    Contact("79161234567", own=False),
)
"""What no dialog understands, each in its own way."""


@dataclass(frozen=True)
class Shown:
    """One screen or notice in every language. `room` is the module, `title` the state or fact that is behind it."""

    room: str
    title: str
    messages: tuple[tuple[str, Message], ...]

    @property
    def form(self) -> tuple[object, ...]:
        """What makes it another one than the next: its sentences and its number of buttons, not the values in them."""
        message = dict(self.messages)["en"]
        labels = tuple(_form(key.label) for row in message.rows for key in row)
        return self.title, _form(message.text), labels


def _form(text: str) -> str:
    return re.sub(r"[\d.,\s-]+", " ", text.replace(LONG, SHORT).replace(LONG[:20], SHORT))


@dataclass(frozen=True)
class Said:
    """A sentence that answers an event, above the next screen."""

    room: str
    title: str
    words: Words

    def in_language(self, language: str) -> str:
        return render(self.words, language)


def screens() -> Iterator[Shown]:
    """Each state in its variants; the plainest one also with every variant of what it needs to know."""
    for kind in state_kinds():
        first, *others = variants(kind)
        query = first.needs()
        known: tuple[Any, ...] = answers(query) if query is not None else (None,)
        yield from (shown for answer in known if (shown := screen(first, answer)) is not None)
        yield from (shown for state in others if (shown := screen(state)) is not None)


def screen(state: AnyState, answer: Any = None) -> Shown | None:
    """The state as a conversation shows it, one step away from the menu; None where it wishes something without a screen."""
    told = [(language, shown) for language in LANGUAGES if (shown := _conversed(state, answer, language)) is not None]
    if len(told) < len(LANGUAGES):
        return None
    kind = type(told[0][1][0])
    return Shown(_room(kind), kind.__name__, tuple((language, message) for language, (_state, message) in told))


def _conversed(state: AnyState, answer: Any, language: str) -> tuple[AnyState, Message] | None:
    history = () if isinstance(state, Home) else (Home(),)
    steps = converse(Talk(state, history=history), Pressed("stale"))
    given: Any = None
    question = state.needs()
    try:
        while True:
            wanted = steps.send(given)
            if isinstance(wanted, Command):
                return None
            if isinstance(wanted, WhoReads):
                given = Reader(language, municipality=1, consented=True)
            else:
                given = answer if answer is not None and _alike(wanted, question) else _answer(wanted)
    except StopIteration as stop:
        return stop.value.talk.state, stop.value.message


def _alike(asked: Query[Any], question: Query[Any] | None) -> bool:
    return type(asked) is type(question)


@cache
def _answer(query: Query[Any]) -> Any:
    return answers(query)[0]


def notices() -> Iterator[Shown]:
    """Each fact that is told, in its variants, with the names that are known."""
    for fact in facts():
        notice = NOTICES.get(type(fact))
        for about in ABOUTS if notice else ():
            assert notice is not None
            drawn: Screen = notice.says(fact, about)
            yield Shown(
                notice.says.__module__.rpartition(".")[2],
                type(fact).__name__,
                tuple((language, written(drawn, language)) for language in LANGUAGES),
            )


def said() -> Iterator[Said]:
    """Each sentence that answers something understood, refused, or not understood."""
    heard: tuple[Event, ...] = (*TYPED, *(Happened(fact) for fact in facts()))
    for kind in state_kinds():
        state, told = sample(kind), set[object]()
        for event in heard:
            words = _answered(state, event)
            if words is not None and _sentence(words) not in told:
                told.add(_sentence(words))
                yield Said(_room(kind), kind.__name__, words)


def _answered(state: AnyState, event: Event) -> Words | None:
    try:
        return state.on(event).note
    except NotImplementedError:
        return None  # a state that only leads on: nobody ever sees it
    except TypeError as error:
        if isinstance(event, Happened) and str(error) == type(event.fact).__name__:
            return None  # a fact that never answers this state's wishes
        raise


def _sentence(words: Words) -> object:
    """A sentence without its values."""
    match words:
        case Text(msgid):
            return msgid
        case str():
            return words
    return tuple(map(_sentence, words.parts))


def _room(kind: type) -> str:
    return kind.__module__.rpartition(".")[2]


def distinct(shown: Iterator[Shown]) -> list[Shown]:
    """One of each form, in order."""
    found: dict[tuple[object, ...], Shown] = {}
    for each in shown:
        found.setdefault(each.form, each)
    return list(found.values())
