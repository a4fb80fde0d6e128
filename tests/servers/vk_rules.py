"""What VK refuses: error codes and words, keyboards, the code of `execute` (VK API 5.199)."""

import re
from typing import Any

import orjson

from .local import Json, Refused

CHATS = 2_000_000_000  # a conversation's peer_id is this plus its number
TEXT, PAYLOAD, LABEL, SNACKBAR, EVENT_DATA, CALLS = 4096, 255, 40, 90, 1000, 25
INLINE, STANDING = (10, 5, 6), (40, 5, 10)  # buttons, in a row, rows
LABELLED = {"text", "callback", "open_link", "open_app"}
COLOURED = {"text", "callback"}
COLOURS = {"primary", "secondary", "default", "negative", "positive"}
WORDS = {
    3: "Unknown method passed",
    5: "User authorization failed",
    6: "Too many requests per second",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    12: "Unable to compile code",
    13: "Runtime error occurred during code invocation",
    15: "Access denied",
    18: "User was deleted or banned",
    27: "Group authorization failed",
    28: "Application authorization failed",
    29: "Rate limit reached",
    100: "One of the parameters specified was missing or invalid",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    909: "Can't edit this message, because it's too old",
    911: "Keyboard format is invalid",
    914: "Message is too long",
    917: "You don't have access to this chat",
    920: "Can't edit this kind of message",
    924: "Can't delete this message for everybody",
}


def no(code: int, why: str = "") -> Refused:
    return Refused(code, f"{WORDS.get(code, 'Unknown error occurred')}{': ' if why else ''}{why}")


def whole(params: Json, name: str, default: int | None = None) -> int:
    """A whole number; a form brings digits."""
    value = params.get(name)
    if value in (None, ""):
        if default is None:
            raise no(100, f"{name} is undefined")
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise no(100, f"{name} should be integer") from None


def numbers(params: Json, name: str, most: int) -> list[int]:
    """Whole numbers separated by commas."""
    parts = [part for part in str(params.get(name) or "").split(",") if part.strip()]
    if len(parts) > most:
        raise no(100, f"{name} has more than {most} elements")
    try:
        return [int(part) for part in parts]
    except ValueError:
        raise no(100, f"{name} should be integers") from None


def keyboard(raw: str, check: bool = True) -> Json:
    """The keyboard of a message, or error 911."""
    try:
        board = orjson.loads(raw)
    except ValueError:
        raise no(911, "not a JSON") from None
    if check:
        _check_keyboard(board)
    return board  # type: ignore[no-any-return]


def _check_keyboard(board: Any) -> None:
    rows = board.get("buttons") if isinstance(board, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        raise no(911, "buttons should be an array of non-empty arrays")
    inline = board.get("inline", False)
    if not isinstance(inline, bool) or not isinstance(board.get("one_time", False), bool):
        raise no(911, "inline and one_time should be boolean")
    if inline and (board.get("one_time") or not rows):
        raise no(911, "an inline keyboard has buttons and cannot be one_time")
    most, in_row, most_rows = INLINE if inline else STANDING
    if len(rows) > most_rows or any(len(row) > in_row for row in rows) or sum(len(row) for row in rows) > most:
        raise no(911, f"more than {most} buttons, {in_row} in a row or {most_rows} rows")
    for row in rows:
        for button in row:
            _check_button(button, alone=len(row) == 1)


def _check_button(button: Any, alone: bool) -> None:
    action = button.get("action") if isinstance(button, dict) else None
    if not isinstance(action, dict) or action.get("type") not in LABELLED | {"location", "vkpay"}:
        raise no(911, "button.action.type is invalid")
    kind = action["type"]
    if kind in LABELLED and not (isinstance(action.get("label"), str) and 1 <= len(action["label"]) <= LABEL):
        raise no(911, f"label should have 1 to {LABEL} characters")
    if kind not in LABELLED and (not alone or "label" in action):
        raise no(911, f"a {kind} button takes a whole row and has no label")
    if kind == "open_link" and not str(action.get("link", "")).startswith(("https://", "http://")):
        raise no(911, "link is invalid")
    if "color" in button and (kind not in COLOURED or button["color"] not in COLOURS):
        raise no(911, "color is invalid")
    if "payload" in action:
        _check_payload(action["payload"])


def _check_payload(payload: Any) -> None:
    if not isinstance(payload, str | dict):
        raise no(911, "payload should be JSON")
    try:
        text = payload if isinstance(payload, str) else orjson.dumps(payload).decode()
        orjson.loads(text)
    except ValueError:
        raise no(911, "payload should be JSON") from None
    if len(text) > PAYLOAD:
        raise no(911, f"payload is longer than {PAYLOAD}")


def check_event_data(raw: str) -> Json:
    """What a callback button does: a snackbar, a link or an application."""
    try:
        data = orjson.loads(raw)
    except ValueError:
        raise no(100, "event_data is not a JSON") from None
    kind = data.get("type") if isinstance(data, dict) else None
    if len(raw) > EVENT_DATA or kind not in ("show_snackbar", "open_link", "open_app"):
        raise no(100, "event_data is invalid")
    if kind == "show_snackbar" and not 1 <= len(str(data.get("text") or "")) <= SNACKBAR:
        raise no(100, f"event_data.text should have 1 to {SNACKBAR} characters")
    if kind == "open_link" and not str(data.get("link", "")).startswith(("https://", "http://")):
        raise no(100, "event_data.link is invalid")
    return data  # type: ignore[no-any-return]


STRING = r'"(?:[^"\\]|\\.)*"'
CALL = re.compile(r"\s*API\.([A-Za-z]+\.[A-Za-z]+)\(\s*(\{(?:" + STRING + r'|[^"{}])*\})?\s*\)\s*')
BARE_KEY = re.compile(STRING + r"|([A-Za-z_]\w*)(\s*:)")


def compiled(code: str) -> list[tuple[str, Json]]:
    """The calls in `return [API.messages.send({...}), ...];`, the one form of VKScript that is spoken here."""
    body = code.strip().removesuffix(";").strip()
    if not re.match(r"return\s*\[", body) or not body.endswith("]"):
        raise no(12, "only return [API.…({…}), …]; is understood")
    calls: list[tuple[str, Json]] = []
    at, end = body.index("[") + 1, len(body) - 1
    while body[at:end].strip():
        found = CALL.match(body, at, end)
        if not found or found.end() < end and body[found.end()] != ",":
            raise no(12, f"syntax error near {body[at : at + 40]!r}")
        written = BARE_KEY.sub(lambda key: f'"{key[1]}"{key[2]}' if key[1] else key[0], found[2] or "{}")
        try:
            calls.append((found[1], orjson.loads(written)))
        except ValueError:
            raise no(12, f"arguments of API.{found[1]} cannot be read") from None
        at = min(found.end() + 1, end)
    if len(calls) > CALLS:
        raise no(13, "too many API calls")
    return calls
