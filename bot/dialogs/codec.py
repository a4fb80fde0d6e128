"""States at rest: any frozen dataclass to JSON and back, by its field types. Facts and commands use the same form.

What is stored must load in every later version: a field added later has a default, a rename adds a line to RENAMED, and
`tests/stored_states/` proves it. A Secret is encrypted on the way (R9.4).
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Literal, Protocol, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

from bot.dialogs.core import Secret, State
from bot.domain.calendar import Month
from bot.domain.messages import Command, Fact
from bot.domain.money import Money
from bot.domain.pictures import Picture

RENAMED: Mapping[str, str] = {}
"""Old name of a stored class → its name now."""

KINDS = (State, Fact, Command, Picture)


class Cipher(Protocol):
    """Encrypts what is marked Secret."""

    def encrypt(self, plain: str) -> str: ...
    def decrypt(self, token: str) -> str: ...


class CannotLoad(Exception):
    """What was stored cannot be understood by this version; carries only the class's name."""


T = TypeVar("T")


def encode(value: object, cipher: Cipher) -> str:
    """To JSON. A State, Fact, Command or Picture carries its class's name under "is"."""
    return orjson.dumps(_kept(value, cipher)).decode()


Keeper = Callable[[Any, Cipher], Any]
PLAIN = frozenset({type(None), str, bool, int})


def _kept(value: object, cipher: Cipher) -> Any:
    kind = type(value)
    return value if kind in PLAIN else _keeper(cast(Any, kind))(value, cipher)


@cache
def _keeper(kind: type) -> Keeper:
    """How values of a class are kept: found out once."""
    if kind is Secret:
        return lambda value, cipher: {"secret": cipher.encrypt(value.value)}
    if kind is Money:
        return lambda value, _cipher: value.kopecks
    if kind is Month:
        return lambda value, _cipher: str(value)
    if issubclass(kind, Enum):
        return lambda value, _cipher: value.value
    if issubclass(kind, date | time):
        return lambda value, _cipher: value.isoformat()
    if issubclass(kind, tuple):
        return lambda value, cipher: [_kept(item, cipher) for item in value]
    if not is_dataclass(kind):
        raise TypeError(f"cannot keep a {kind.__name__}")
    names = [field.name for field in fields(kind)]
    hints = get_type_hints(kind)
    others = [name for name in names if not _simple(hints[name])]
    named = {"is": kind.__name__} if issubclass(kind, KINDS) else {}

    def keep(value: Any, cipher: Cipher) -> Any:
        kept = named | {name: getattr(value, name) for name in names}
        for name in others:
            kept[name] = _kept(kept[name], cipher)
        return kept

    return keep


@cache
def _simple(hint: Any) -> bool:
    """Whether orjson by itself, and faster, writes a type as it is stored: what is plain, and what is made of nothing else."""
    origin = get_origin(hint) or hint
    if origin in (Union, types.UnionType, tuple):
        return all(part is ... or _simple(part) for part in get_args(hint))
    if not isinstance(origin, type):
        return origin is Literal
    if is_dataclass(origin) and not issubclass(origin, (*KINDS, Secret, Money, Month)):
        return all(map(_simple, get_type_hints(origin).values()))
    return origin in PLAIN or issubclass(origin, Enum | date | time)


def decode(kind: type[T], stored: str | bytes, cipher: Cipher) -> T:
    """From JSON; raises CannotLoad."""
    name = kind.__name__
    try:
        found = orjson.loads(stored)
        if isinstance(found, dict):
            name = found.get("is", name)
        return cast(T, _loader(cast(Any, kind))(found, cipher))
    except CannotLoad:
        raise
    except Exception as error:
        raise CannotLoad(str(name)) from error


Loader = Callable[[Any, Cipher], Any]


@cache
def _loader(kind: Any) -> Loader:
    origin = get_origin(kind) or kind
    if origin in (Union, types.UnionType):
        options = [_loader(option) for option in get_args(kind) if option is not type(None)]
        return lambda stored, cipher: None if stored is None else _first(options, stored, cipher)
    if origin is tuple:
        inside = get_args(kind)
        if set(inside) <= {str, int}:
            return lambda stored, cipher: tuple(_plain(kind, part) for kind, part in zip(inside, stored, strict=True))
        if len(inside) == 2 and inside[1] is ...:
            item = _loader(inside[0])
            return lambda stored, cipher: tuple(item(part, cipher) for part in stored)
        items = [_loader(part) for part in inside]
        return lambda stored, cipher: tuple(load(part, cipher) for load, part in zip(items, stored, strict=True))
    if origin is Secret:
        return lambda stored, cipher: Secret(cipher.decrypt(stored["secret"]))
    if origin is Money:
        return lambda stored, cipher: Money(stored)
    if origin is Month:
        return lambda stored, cipher: Month.parse(stored)
    if isinstance(origin, type) and issubclass(origin, Enum):
        return lambda stored, cipher: origin(stored)
    if origin in (datetime, date, time):
        return lambda stored, cipher: origin.fromisoformat(stored)
    if origin in KINDS:
        return lambda stored, cipher: _loader(_named(origin, stored["is"]))(stored, cipher)
    if is_dataclass(origin):
        return _dataclass_loader(cast(type, origin))
    return lambda stored, cipher: _plain(origin, stored)


def _dataclass_loader(kind: type) -> Loader:
    hints = get_type_hints(kind)
    plain = {field.name: hints[field.name] for field in fields(kind) if hints[field.name] in PLAIN}
    loaders = {field.name: _loader(hints[field.name]) for field in fields(kind) if field.name not in plain}

    def load(stored: Any, cipher: Cipher) -> Any:
        found = {}
        for name, part in stored.items():
            if name in plain:
                found[name] = part if type(part) is plain[name] else _plain(plain[name], part)
            elif name in loaders:
                found[name] = loaders[name](part, cipher)
        return kind(**found)

    return load


def _first(options: list[Loader], stored: Any, cipher: Cipher) -> Any:
    for option in options[:-1]:
        try:
            return option(stored, cipher)
        except (CannotLoad, TypeError, ValueError, KeyError, AttributeError):
            continue
    return options[-1](stored, cipher)


def _plain(kind: Any, stored: Any) -> Any:
    if kind is Any or getattr(kind, "__name__", "") == "Literal" or not isinstance(kind, type):
        return stored
    if not isinstance(stored, kind):
        raise TypeError(kind.__name__)
    return stored


def _named(base: type, name: str) -> type:
    found = _classes(base).get(RENAMED.get(name, name))
    if found is None:
        raise CannotLoad(name)
    return found


@cache
def _classes(base: type) -> dict[str, type]:
    found: dict[str, type] = {}
    waiting: list[type] = list(base.__subclasses__())
    while waiting:
        kind = waiting.pop()
        assert found.get(kind.__name__, kind) is kind, f"two kinds of {base.__name__} are called {kind.__name__}"
        found[kind.__name__] = kind
        waiting.extend(kind.__subclasses__())
    return found
