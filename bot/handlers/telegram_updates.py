"""What Telegram brings, in our words (Bot API: Update)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogs.conversation import Heard, Pressed
from bot.dialogs.core import Contact, Started, Typed, Unreadable
from bot.handlers.turn import Blocked, Returned, Update
from bot.i18n import guess_language

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
START = re.compile(r"/start(?:@\w+)?(?:\s+(\S+))?\s*")
KINDS = (
    "sticker",
    "voice",
    "photo",
    "video",
    "video_note",
    "animation",
    "audio",
    "document",
    "location",
    "venue",
    "poll",
    "dice",
    "game",
    "story",
    "paid_media",
    "checklist",
)
"""What a person can send besides text and contacts. Anything else is Telegram's own note (a pinned message, a timer), not hers."""


@dataclass(frozen=True)
class Brought:
    """One update: what it means for us, if anything, and whom else to answer."""

    number: int
    update: Update | None = None
    query: str = ""
    """The callback query that waits for an answer."""
    group: int = 0
    """A group in which somebody has spoken to the bot."""
    language: str = "ru"


class Unparsed(Exception):
    """Not an update as the Bot API describes it."""


def read(raw: Any, username: str = "") -> Brought:
    """Read one update; `username` is the bot's own. Raises Unparsed, which says only what kind of defect it was."""
    try:
        return _read(raw, username)
    except (KeyError, TypeError, ValueError, AttributeError) as defect:
        raise Unparsed(f"{type(defect).__name__}: {defect.args[0] if isinstance(defect, KeyError) else ''}") from None


def _read(raw: Mapping[str, Any], username: str) -> Brought:
    number = int(raw["update_id"])
    if tap := raw.get("callback_query"):
        return _tap(number, tap)
    if change := raw.get("my_chat_member"):
        heard = _membership(change["new_chat_member"]["status"])
        private = change["chat"]["type"] == "private"
        return Brought(number, _update(number, change, heard) if private and heard else None)
    edited = raw.get("edited_message")
    message = edited or raw.get("message")
    if message is None:
        return Brought(number)
    if message["chat"]["type"] != "private":
        spoken_to = not edited and addressed(message, username)
        return Brought(number, group=int(message["chat"]["id"]) if spoken_to else 0, language=_language(message))
    said = (Unreadable("edited") if "text" in message else None) if edited else _said(message)
    return Brought(number, _update(number, message, said) if said else None)


def _tap(number: int, tap: Mapping[str, Any]) -> Brought:
    query, message = str(tap["id"]), tap.get("message")
    if message is None or message["chat"]["type"] != "private" or "data" not in tap:
        return Brought(number, query=query)
    heard = Pressed(str(tap["data"]))
    update = Update(
        _key(number), "telegram", str(int(message["chat"]["id"])), heard, _language(tap), str(message["message_id"])
    )
    return Brought(number, update, query)


def _said(message: Mapping[str, Any]) -> Heard | None:
    """What a private message says; None if it is a note of Telegram's own."""
    text = message.get("text")
    if text is not None:
        start = START.fullmatch(str(text))
        return Started(start[1] or "") if start else Typed(str(text))
    if contact := message.get("contact"):
        own = contact.get("user_id") is not None and contact["user_id"] == message["from"]["id"]
        return Contact(str(contact["phone_number"]), own)
    kind = next((kind for kind in KINDS if kind in message), None)
    return Unreadable(kind) if kind else None


def _membership(status: str) -> Blocked | Returned | None:
    match status:
        case "kicked" | "left":
            return Blocked()
        case "member":
            return Returned()
    return None


def _update(number: int, about: Mapping[str, Any], heard: Heard | Blocked | Returned) -> Update:
    return Update(_key(number), "telegram", str(int(about["chat"]["id"])), heard, _language(about))


def _key(number: int) -> str:
    return f"telegram:{number}"


def _language(about: Mapping[str, Any]) -> str:
    return guess_language((about.get("from") or {}).get("language_code"))


def addressed(message: Mapping[str, Any], username: str) -> bool:
    """Whether a group's message speaks to the bot: a command for it, or its name (R9.5: only then it answers)."""
    text = str(message.get("text") or message.get("caption") or "")
    name = f"@{username}".casefold()
    if text.startswith("/"):
        command = text.split(maxsplit=1)[0].casefold()
        return "@" not in command or command.endswith(name)
    return bool(username) and name in text.casefold()
