"""What VK brings, in our words (VK API 5.199: events of a community)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.dialogs.conversation import Heard, Pressed
from bot.dialogs.core import Started, Typed, Unreadable
from bot.handlers.turn import Blocked, Returned, Update
from bot.i18n import guess_language

CHATS = 2_000_000_000
"""Conversations of many have numbers above it."""
EVENTS = ("message_new", "message_event", "message_allow", "message_deny")
"""What the community's settings must let out; `message_edit` is welcome."""
LANGUAGES = {3: "en", 4: "es", 5: "fi", 6: "de", 7: "it", 12: "pt", 16: "fr"}
"""VK's numbers of languages that are clearly not read beside Russian."""


@dataclass(frozen=True)
class Tap:
    """A callback button that waits for an answer."""

    event: str
    person: int
    peer: int


@dataclass(frozen=True)
class Brought:
    """One event: what it means for us, if anything, and whom else to answer."""

    key: str = ""
    update: Update | None = None
    tap: Tap | None = None
    group: int = 0
    """A conversation of many in which somebody has spoken to the community."""
    language: str = "ru"


class Unparsed(Exception):
    """Not an event as VK describes it."""


def read(raw: Any, group_id: int) -> Brought:
    """Read one event. Raises Unparsed, which says only what kind of defect it was."""
    try:
        return _read(raw, group_id)
    except (KeyError, TypeError, ValueError, AttributeError) as defect:
        raise Unparsed(f"{type(defect).__name__}: {defect.args[0] if isinstance(defect, KeyError) else ''}") from None


def _read(raw: Mapping[str, Any], group_id: int) -> Brought:
    about, key = raw["object"], f"vk:{raw.get('event_id')}"
    match raw["type"]:
        case "message_new":
            return _message(about["message"], group_id, _language(about.get("client_info") or {}))
        case "message_event":
            return _tap(about, f"vk:{raw['event_id']}")
        case "message_edit" if _hers(about) and int(about["peer_id"]) < CHATS and about.get("text"):
            return Brought(key, Update(f"vk:{raw['event_id']}", "vk", str(int(about["peer_id"])), Unreadable("edited")))
        case "message_deny":
            return Brought(key, Update(f"vk:{raw['event_id']}", "vk", str(int(about["user_id"])), Blocked()))
        case "message_allow":
            return Brought(key, Update(f"vk:{raw['event_id']}", "vk", str(int(about["user_id"])), Returned()))
    return Brought(key)


def _message(message: Mapping[str, Any], group_id: int, language: str) -> Brought:
    """A message has the same key in an event and in a conversation's history."""
    peer = int(message["peer_id"])
    key = f"vk:m:{peer}:{int(message['conversation_message_id'])}"
    if not _hers(message):
        return Brought(key)
    if peer > CHATS:
        spoken_to = f"[club{group_id}|" in str(message.get("text") or "")
        return Brought(key, group=peer if spoken_to else 0, language=language)
    return Brought(key, Update(key, "vk", str(peer), _said(message), language))


def _hers(message: Mapping[str, Any]) -> bool:
    """Written by a person, not by a community (ourselves among them)."""
    return not message.get("out") and int(message["from_id"]) > 0


def _said(message: Mapping[str, Any]) -> Heard:
    payload = _payload(message.get("payload"))
    if isinstance(payload.get("d"), str):  # a client that knows no callback buttons sends their payload as a message
        return Pressed(payload["d"])
    if payload.get("command") == "start" or message.get("ref"):
        return Started(str(message.get("ref") or ""))
    kinds = [str(one["type"]) for one in message.get("attachments") or () if one["type"] != "link"]
    if message.get("geo"):
        kinds.append("location")
    if kinds:
        return Unreadable(kinds[0])
    forwarded = [str(one.get("text") or "") for one in message.get("fwd_messages") or ()]
    text = str(message.get("text") or "") or "\n".join(filter(None, forwarded))
    return Typed(text) if text else Unreadable("empty")


def _payload(raw: Any) -> Mapping[str, Any]:
    """A button's payload; whoever wrote one that is no object of ours has said only the text."""
    try:
        found = orjson.loads(raw) if isinstance(raw, str) else raw
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _tap(about: Mapping[str, Any], key: str) -> Brought:
    peer = int(about["peer_id"])
    tap = Tap(str(about["event_id"]), int(about["user_id"]), peer)
    data = _payload(about.get("payload")).get("d")
    if peer > CHATS or not isinstance(data, str):
        return Brought(key, tap=tap)
    return Brought(key, Update(key, "vk", str(peer), Pressed(data), tapped=str(about["conversation_message_id"])), tap)


def _language(client: Mapping[str, Any]) -> str:
    return guess_language(LANGUAGES.get(client.get("lang_id", 0)))
