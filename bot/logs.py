"""Logs: one JSON object a line, no names, phones, numbers, addresses, tokens or words of people (R9.4).

A turn goes by one id wherever it is spoken of: its intake, a bug in it, its message's delivery. The id is a keyed print of the update's key,
because a key may hold somebody's number in a messenger.
"""

import hashlib
import json
import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

turn: ContextVar[str] = ContextVar("turn", default="")
"""The key of the update that is being taken; stands in every line logged meanwhile."""
REPLY = "reply:"
"""What an outbox row's key has before the key of its turn."""


def set_up(level: str, secret: str = "", *, plain: bool = False) -> None:
    """From `level` on; `secret` makes the turns' ids; `plain` for a person at a terminal, JSON otherwise."""
    structlog.configure(
        processors=[
            _Turns(secret),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False)
            if plain
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        ),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Lines())),
        cache_logger_on_first_use=True,
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(_Library())
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)


def where(bug: BaseException) -> str:
    """The two deepest places in our code, without values: nothing personal."""
    return _deepest(bug.__traceback__)


def _deepest(trace: TracebackType | None) -> str:
    found: list[str] = []
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("bot."):
            found.append(f"{name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(found[-2:])


class _Lines:
    """Where lines go. One that cannot be written (the disk is full) is lost: a log must not bring down what it tells of."""

    def write(self, line: str) -> None:
        with suppress(OSError):
            sys.stderr.write(line)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


class _Turns:
    """Puts the id in the place of a turn's key, only in lines that are written."""

    def __init__(self, secret: str) -> None:
        self._secret = hashlib.sha256(secret.encode()).digest()

    def __call__(self, _logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if key := line.get("turn") or turn.get():
            said = str(key).removeprefix(REPLY).encode()
            line["turn"] = hashlib.blake2s(said, key=self._secret, digest_size=6).hexdigest()
        return line


class _Library(logging.Formatter):
    """A library's warning: whose it is and what kind of error, not its words, which may hold anything."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"event": "library", "library": record.name, "level": record.levelname.lower()}
        if record.exc_info and record.exc_info[0] is not None:
            kind, _bug, trace = record.exc_info
            line |= {"kind": kind.__name__, "where": _deepest(trace)}
        return json.dumps({**line, "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat()})
