"""Samples of whatever dialogs, facts and answers are made of, built from their types: a value first, then one change at a time.

So a new state, answer or notice is in the gallery and under the tests of texts as soon as it exists. Where a type says too little
(a string that is a code, a number that is an id), the field's name decides, in sample_values.py.
"""

import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from importlib import import_module
from itertools import chain
from pkgutil import iter_modules
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin, get_type_hints

import bot.dialogs
import bot.domain
from bot.dialogs.application_form import Form
from bot.dialogs.core import AnyState, Secret, State
from bot.domain.calendar import Month, Span
from bot.domain.certificate import Card, CertificateState, Rejection, Revocation
from bot.domain.enrollment import OPEN, EnrollmentState
from bot.domain.enrollment_seen import EnrollmentSeen
from bot.domain.messages import Fact, NotYours, Query, Refusal
from bot.domain.money import Money
from tests.sample_values import (
    AMOUNTS,
    COUNTS,
    DAYS,
    GATE,
    HOME,
    IDS,
    NUMBERS,
    REASONS,
    REFUSALS,
    SHOWN_FIRST,
    SPECIAL,
    WORDS,
)

for _package in (bot.dialogs, bot.domain):
    for _module in iter_modules(_package.__path__):
        import_module(f"{_package.__name__}.{_module.name}")


CROSSED = {
    "Form": "answered",
    "EnrollmentSeen": "state",
    "Card": "state",
    "EnrollmentLine": "state",
    "BalanceSeen": "kind",
    "Line": "why",
}
"""Classes that say something else in each of their states: one change at a time in every state."""
ENDED = {EnrollmentState.REFUSED, EnrollmentState.TERMINATED, EnrollmentState.WITHDRAWN, EnrollmentState.LEFT}
BEGUN = {EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.TERMINATED}
TIMED = {*OPEN, EnrollmentState.RENEWAL_OFFERED}
REJECTED, REVOKED = CertificateState.REJECTED, CertificateState.REVOKED


def _may_be_seen(seen: EnrollmentSeen) -> bool:
    return (
        (not seen.reason or seen.state in ENDED)
        and (not seen.needs_yes or seen.state is EnrollmentState.REQUESTED)
        and (not any(month.charged for month in seen.months) or seen.state in BEGUN)
        and (seen.until is not None or seen.state not in TIMED)
        and (seen.offer_until is not None or seen.state is not EnrollmentState.OFFERED)
    )


def _may_be_card(card: Card) -> bool:
    reasons: dict[CertificateState, tuple[str, ...]] = {REJECTED: tuple(Rejection), REVOKED: tuple(Revocation)}
    return card.reason in reasons.get(card.state, ("",))


def _may_be_form(form: Form) -> bool:
    return not form.answered or all((form.child, form.birth_date, form.address, form.guardian, form.phone))


POSSIBLE: dict[str, Callable[[Any], bool]] = {
    "Card": _may_be_card,
    "EnrollmentSeen": _may_be_seen,
    "Form": _may_be_form,
    "Basis": lambda basis: bool(basis.groups),
    "SetsSeen": lambda seen: seen.days is not None or bool(seen.why),
}
"""Which combinations can be."""


@cache
def variants(kind: Any, name: str = "", owner: str = "") -> tuple[Any, ...]:
    """Samples of a type: the plainest first, then each with one thing changed. `name` and `owner`: the field they are for."""
    if (owner, name) in SPECIAL:
        return SPECIAL[owner, name]
    origin = get_origin(kind) or kind
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(kind) if option is not type(None)]
        found = tuple(chain.from_iterable(variants(option, name, owner) for option in options))
        return (*found, None) if type(None) in get_args(kind) else found
    if origin is Literal:
        return get_args(kind)
    if origin is tuple:
        inside = get_args(kind)
        if len(inside) == 2 and inside[1] is ...:
            return _several(variants(inside[0], name, owner))
        return (tuple(variants(part, name, owner)[0] for part in inside),)
    if isinstance(origin, ForwardRef | str):
        raise TypeError(f"{owner}.{name}: {kind} is not resolved")
    if not isinstance(origin, type):
        return (HOME,)
    return _of_class(origin, name, owner)


def _of_class(kind: type, name: str, owner: str) -> tuple[Any, ...]:
    if kind is bool:
        return (True, False) if name in SHOWN_FIRST else (False, True)
    if kind is int:
        return NUMBERS.get(name, (7,) if name in IDS else COUNTS)
    if kind is str:
        return REASONS if name == "reason" else WORDS.get(name, ("Лесной",))
    if kind is Money:
        return AMOUNTS
    if kind is Month:
        return (Month(2026, 10),)
    if kind is Span:
        return (Span(DAYS["start"], DAYS["stop"]),)
    if kind is datetime:
        return (datetime(2026, 10, 3, 12, 0),)
    if kind is date:
        return (DAYS.get(name, date(2026, 9, 21)),)
    if kind is time:
        return (time(16, 0) if name == "stop" else time(15, 0),)
    if kind is Secret:
        return tuple(Secret(word) for word in variants(str, name, owner) if word)
    if issubclass(kind, Enum):
        return tuple(kind)
    if issubclass(kind, State) and not is_dataclass(kind):
        return (HOME,)
    if kind is Refusal or kind is Fact:
        return tuple(chain.from_iterable(variants(each) for each in REFUSALS.get(owner, (*GATE[1:], NotYours))))
    return _of_dataclass(kind)


def _of_dataclass(kind: Any) -> tuple[Any, ...]:
    hints = get_type_hints(kind)
    known = {each.name: variants(hints[each.name], each.name, kind.__name__) for each in fields(kind) if each.init}
    plain = kind(**{name: found[0] for name, found in known.items()})
    state = CROSSED.get(kind.__name__)
    changed = [replace(plain, **{name: other}) for name, found in known.items() for other in found[1:]]
    flags = [
        name
        for name in known
        if name != state and not is_dataclass(known[name][0]) and (len(known[name]) <= 3 or name == "reason")
    ]
    crossed = [
        replace(plain, **{state: value, name: other})
        for value in (known[state][1:] if state else ())
        for name in flags
        for other in known[name][1:]
    ]
    possible = POSSIBLE.get(kind.__name__, lambda _each: True)
    return tuple(each for each in dict.fromkeys((plain, *changed, *crossed)) if possible(each))


def _several(items: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
    """Lists: one of each kind alone, none, two, and more than a page."""
    plain = items[0]
    many = tuple(_numbered(plain, at) for at in range(7, 19)) if hasattr(plain, "id") else items[:2]
    return ((plain,), (), many[:2], *((many,) if len(many) > 2 else ()), *((item,) for item in items[1:]))


def _numbered(plain: Any, number: int) -> Any:
    """One of many, with a name or a day of its own."""
    other = {
        name: f"{getattr(plain, name)} {number}" for name in ("name", "title", "first_name") if hasattr(plain, name)
    }
    days = {name: getattr(plain, name) + timedelta(number) for name in ("since",) if hasattr(plain, name)}
    return replace(plain, id=number, **other, **days)


def sample(kind: Any) -> Any:
    """The plainest sample."""
    return variants(kind)[0]


def answers(query: Query[Any]) -> tuple[Any, ...]:
    """What a question of this kind may be answered."""
    return variants(_answer(type(query)), type(query).__name__)


@cache
def _answer(kind: type[Query[Any]]) -> Any:
    asked = next(get_args(base)[0] for base in kind.__orig_bases__ if get_origin(base) is Query)  # type: ignore[attr-defined]
    if isinstance(asked, ForwardRef):
        return eval(asked.__forward_arg__, vars(sys.modules[kind.__module__]))
    return asked


def kinds(of: type) -> Iterator[type]:
    """Every class of the product below this one, by name."""
    found: set[type] = set()
    waiting = [of]
    while waiting:
        below = waiting.pop().__subclasses__()
        found.update(kind for kind in below if kind.__module__.startswith("bot."))
        waiting += below
    yield from sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


FORMS = {"WithForm", "Ask", "Decision"}
"""What several states have in common; no screens of their own."""


def state_kinds() -> tuple[type[AnyState], ...]:
    """Every state that a conversation can be in."""
    return tuple(kind for kind in kinds(State) if kind.__name__ not in FORMS and is_dataclass(kind))


def facts() -> Iterator[Fact]:
    """Everything that can happen, in all its variants."""
    for kind in kinds(Fact):
        yield from variants(kind)
