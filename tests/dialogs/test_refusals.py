"""Whatever a wish is refused with, the dialog that wished it tells the reason and goes on.

The wishes are found by pressing every button of every sample of every state, and by writing what some state waits for; what a wish may
be refused with is read from its doer and from whatever that calls.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from bot.dialogs.core import AnyState, Contact, Event, Happened, Screen, Tapped, Turn, Typed, Unreadable
from bot.domain.gate_refusals import DifferentNow
from bot.domain.linking import TooYoungForChat
from bot.domain.messages import Command, NotYours, Refusal
from bot.storage.world import WORLD
from tests.samples import answers, state_kinds, variants

SAID: tuple[Event, ...] = (
    *map(Typed, ("ABCE-2345", "+7 916 123-45-67", "Дочке понравилось.", "5")),
    Contact("+79161234567", own=True),
)
NEVER: dict[str, set[type[Refusal]]] = {
    "SetMunicipality": {NotYours},
    "SetLanguage": {NotYours},
    "SwitchTopic": {NotYours},
    "GiveConsent": {NotYours},
    "DeleteMe": {NotYours},
    "MakeLinkCode-LinkChats": {NotYours, TooYoungForChat},
}
"""What no chat meets: wishes about oneself are refused to staff only, and a code for one's own chat is about no child."""


@cache
def wishes() -> dict[str, tuple[type[Command], AnyState]]:
    """Each wish with the state that its answer comes to."""
    found = {f"{type(turn.wish).__name__}-{type(turn.state).__name__}": turn for turn in turns() if turn.wish}
    return {name: (type(turn.wish), turn.state) for name, turn in found.items() if turn.wish and turn.state}


def turns() -> Iterator[Turn]:
    """What every state does with what it offers, and with the answers that some state waits for."""
    for kind in state_kinds():
        for state in (*variants(kind), *without_offer(variants(kind)[0])):
            query = state.needs()
            for known in (None,) if query is None else answers(query):
                shown = state.show(known)
                if isinstance(shown, Turn):
                    yield shown
                else:
                    yield from (
                        state.on(event) for event in (*offered(shown), *(SAID if shown.wants != "choice" else ()))
                    )


def without_offer(state: Any) -> tuple[AnyState, ...]:
    """The same for a request as such, when no place of a waiting list is taken by it."""
    return (replace(state, offer=0),) if hasattr(state, "offer") else ()


def offered(screen: Screen) -> Iterator[Tapped]:
    for row in screen.buttons:
        for button in row if isinstance(row, tuple) else (row,):
            if button.choice and button.choice != "<" and not button.choice.startswith(">"):
                yield Tapped(button.choice)


@cache
def refusals(wish: type[Command]) -> frozenset[type[Refusal]]:
    """Every refusal that the doer, or a function of the product that it calls, names."""
    found: set[type[Refusal]] = set()
    seen: set[Any] = set()
    waiting: list[Any] = [WORLD.doers[wish]]
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, FunctionType | type) or thing in seen:
            continue
        seen.add(thing)
        if isinstance(thing, FunctionType) and thing.__module__.startswith("bot."):
            waiting += [value for name in names(thing.__code__) for value in meant(thing, name)]
        elif isinstance(thing, type) and issubclass(thing, Refusal) and thing is not Refusal:
            found.add(thing)
    return frozenset(found)


def names(code: CodeType) -> set[str]:
    """Names that code uses, in its inner functions as well."""
    inner = [names(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*inner)


def meant(function: FunctionType, name: str) -> Iterator[Any]:
    """What a name may be: the module's own, a list of functions, or something of a module that it imports."""
    space = function.__globals__
    modules = [thing for thing in space.values() if isinstance(thing, ModuleType) and thing.__name__.startswith("bot.")]
    for thing in (space.get(name), *(getattr(module, name, None) for module in modules)):
        if isinstance(thing, tuple):
            yield from thing
        elif isinstance(thing, FunctionType | type):
            yield thing


def test_the_walk_finds_the_wishes_and_what_may_refuse_them() -> None:
    asked = {wish for wish, _state in wishes().values()}
    assert len(asked) >= 30
    assert {kind.__name__ for kind in refusals(next(w for w in asked if w.__name__ == "RequestEnrollment"))} >= {
        "NoFreeSeat",
        "NotEnoughMoney",
        "NotYours",
    }


def test_every_refusal_of_a_wish_is_told_with_its_reason() -> None:
    """One test for all: who collects tests need not walk through every dialog to name them."""
    for name, (wish, state) in wishes().items():
        generic = state.on(Unreadable("sticker"))
        for kind in refusals(wish) - NEVER.get(name, set()) - NEVER.get(wish.__name__, set()):
            for refusal in variants(kind):
                turn = state.on(Happened(refusal))
                assert turn != generic, f"{name}: {refusal} is answered as if it were not understood"
                told_before = (
                    turn.how == "back" and kind is DifferentNow
                )  # the screen there sees the other price, and says so
                assert turn.note is not None or turn.state is not None or told_before, f"{name}: {refusal}"
