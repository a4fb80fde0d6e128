"""A sample of any state, fact or value object, made by its field types; children are called so that a leak is seen."""

import types
from base64 import b64decode, b64encode
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.dialogs.application import StartApplication
from bot.dialogs.application_form import Ask, WithForm
from bot.dialogs.codec import KINDS
from bot.dialogs.core import Secret, State
from bot.dialogs.doors import DOORS
from bot.dialogs.enrollment_actions import Decision
from bot.dialogs.home import TOPICS
from bot.domain.application import FullName
from bot.domain.calendar import Month
from bot.domain.gate_refusals import NotEnoughMoney
from bot.domain.messages import Fact
from bot.domain.money import Money

assert DOORS, "every room is imported, so every state is known"
ABSTRACT: frozenset[type[Any]] = frozenset({WithForm, Ask, Decision})
"""What others are built on; they never rest themselves."""
BORN = date(2017, 3, 14)
CHILD = FullName("Зарянкина", "Снежана", "Аркадьевна")
GUARDIAN = FullName("Зарянкина", "Виолетта", "Игоревна")
PHONE, SNILS = "+79161234567", "11223344595"
BY_NAME: dict[str, Any] = {
    "by": "guardian",
    "page": 0,
    "topic": next(iter(TOPICS)),
    "phone": PHONE,
    "address": "ул. Полярная, д. 5, кв. 12",
    "snils": Secret(SNILS),
    "guardian": GUARDIAN,
    "birth_date": BORN,
    "email": "",
    "offer": 0,
}
"""Fields that only some values make sense for."""
BY_TYPE: dict[Any, Any] = {
    int: 1,
    str: "murmansk",
    bool: True,
    date: date(2026, 9, 1),
    datetime: datetime(2026, 9, 1, 12, tzinfo=UTC),
    time: time(15),
    Money: Money(123_456),
    Month: Month(2026, 9),
    Secret: Secret("ABCD2345"),
    FullName: CHILD,
}


class Paper:
    """A cipher that hides nothing and is the same on every day, so that samples can be compared."""

    def encrypt(self, plain: str) -> str:
        return b64encode(plain.encode()).decode()

    def decrypt(self, token: str) -> str:
        return b64decode(token).decode()


def states() -> dict[str, type[State[Any]]]:
    """Every kind of state that may rest in a database, by name."""
    return {
        kind.__name__: kind
        for kind in sorted(_below(State), key=lambda kind: kind.__name__)
        if kind not in ABSTRACT and kind.__module__.startswith("bot.")  # tests have states of their own
    }


def sample(kind: Any) -> Any:
    """A value of this kind with every field filled."""
    hints = get_type_hints(kind)
    filled = {field.name: _value(hints[field.name], field.name) for field in fields(kind) if field.init}
    return kind(**filled)


def _value(kind: Any, name: str) -> Any:
    if name in BY_NAME and _fits(kind, BY_NAME[name]):
        return BY_NAME[name]
    if kind in BY_TYPE:
        return BY_TYPE[kind]
    origin = get_origin(kind) or kind
    if origin in (Union, types.UnionType):
        return _value(next(option for option in get_args(kind) if option is not types.NoneType), name)
    if origin is tuple:
        inside = get_args(kind)
        return (_value(inside[0], name),) if inside[-1] is ... else tuple(_value(part, name) for part in inside)
    if origin is Literal:
        return get_args(kind)[0]
    if origin is State:
        return StartApplication()
    if origin is Fact:
        return sample(NotEnoughMoney)
    if isinstance(origin, type) and issubclass(origin, Enum):
        return next(iter(origin))
    assert is_dataclass(origin) and origin not in KINDS, f"no sample for {kind}"
    return sample(origin)


def _fits(kind: Any, value: Any) -> bool:
    return kind is type(value) or type(value) in get_args(kind)


def _below(kind: type[Any]) -> set[type[Any]]:
    return {found for child in kind.__subclasses__() for found in ({child} | _below(child)) if is_dataclass(found)}
