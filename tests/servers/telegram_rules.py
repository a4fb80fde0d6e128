"""What Telegram refuses in an outgoing message (Bot API: Formatting options, sendMessage, the keyboard types)."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from .local import Chat, Json, Refused

TEXT, CAPTION, POPUP = 4096, 1024, 200
BUTTONS, ROW, DATA = 100, 8, 64
ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
}
PRIVATE = {"request_contact", "request_location", "request_poll", "web_app", "request_users", "request_chat"}
STYLES = {"danger", "success", "primary"}
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
MARK = re.compile(
    r"<(/?)([a-zA-Z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|<"
    r"|&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});"
)
ATTRIBUTE = re.compile(r"""\s+([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


def bad(text: str) -> Refused:
    return Refused(400, f"Bad Request: {text}")


def utf16(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def parse_html(text: str) -> tuple[str, list[Json]]:
    """Plain text and entities of parse_mode=HTML."""
    plain: list[str] = []
    entities: list[Json] = []
    open_tags: list[tuple[str, Json]] = []
    size = at = 0
    for mark in MARK.finditer(text):
        piece, at, token = text[at : mark.start()], mark.end(), mark.group()
        if token[0] == "&":
            piece += unescape(token)
        plain.append(piece)
        size += utf16(piece)
        if token[0] == "&":
            continue
        offset = len(text[: mark.start()].encode())
        closing, tag = mark.group(1), (mark.group(2) or "").lower()
        if closing:
            if not open_tags:
                raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
            name, entity = open_tags.pop()
            if tag and tag != name:
                raise bad(
                    f'can\'t parse entities: Unmatched end tag at byte offset {offset}, expected "</{name}>", '
                    f'found "</{tag}>"'
                )
            entity["length"] = size - entity["offset"]
            if entity["length"]:
                entities.append(entity)
        else:
            if tag not in TAGS:
                raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {offset}')
            open_tags.append((tag, {"type": TAGS[tag], "offset": size, **_attributes(tag, mark.group(3), offset)}))
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    plain.append(text[at:])
    return "".join(plain), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _attributes(tag: str, raw: str, offset: int) -> Json:
    given = {name.lower(): unescape(double or single or bare) for name, double, single, bare in ATTRIBUTE.findall(raw)}
    match tag:
        case "span" if given.get("class") != "tg-spoiler":
            raise bad(f'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        case "tg-emoji":
            if not given.get("emoji-id"):
                raise bad("can't parse entities: Custom emoji identifier is not specified")
            return {"custom_emoji_id": given["emoji-id"]}
        case "a":
            return {"url": given.get("href", "")}
        case "blockquote" if "expandable" in given:
            return {"type": "expandable_blockquote"}
    return {}


def formatted(params: Json, field: str, limit: int) -> tuple[str, list[Json]]:
    """The text a person reads, with entities; counted after parsing. Of the parse modes only HTML is spoken here."""
    text, entities = str(params.get(field) or ""), params.get("entities" if field == "text" else "caption_entities")
    mode = params.get("parse_mode")
    if entities:
        for entity in entities:
            if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > utf16(text):
                raise bad("can't parse entities: entity is out of the text")
    elif mode:
        if str(mode).lower() != "html":
            raise bad("unsupported parse_mode")
        text, entities = parse_html(text)
    if field == "text" and not text.strip():
        raise bad("message text is empty")
    if utf16(text) > limit:
        raise bad("message is too long" if field == "text" else "message caption is too long")
    return text, entities or []


def check_markup(markup: Any, private: bool) -> None:
    """Any reply_markup of a message that is being sent."""
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        check_inline(markup)
    elif "keyboard" in markup:
        _check_standing(markup, private)
    elif markup.get("remove_keyboard") is not True and markup.get("force_reply") is not True:
        raise bad("can't parse reply keyboard markup JSON object")


def check_inline(markup: Any) -> None:
    """reply_markup of an edit, and the inline one of a message."""
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    rows = _rows(markup["inline_keyboard"])
    if sum(len(row) for row in rows) > BUTTONS or any(len(row) > ROW for row in rows):
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        used = [name for name in ACTIONS if button.get(name) is not None]
        if len(used) != 1:
            raise bad("can't parse inline keyboard button: exactly one of the optional fields must be used")
        if used == ["callback_data"] and not 1 <= len(str(button["callback_data"]).encode()) <= DATA:
            raise bad("BUTTON_DATA_INVALID")
        if used == ["url"]:
            address = urlsplit(str(button["url"]))
            if address.scheme not in ("http", "https", "tg") or address.scheme != "tg" and "." not in address.netloc:
                raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _check_standing(markup: Json, private: bool) -> None:
    if not _rows(markup["keyboard"]):
        raise bad("reply keyboard must have at least one button")
    hint = markup.get("input_field_placeholder")
    if hint is not None and not 1 <= utf16(str(hint)) <= 64:
        raise bad("input field placeholder must have 1-64 characters")
    for button in (button for row in markup["keyboard"] for button in row if isinstance(button, dict)):
        if not private and any(button.get(name) for name in PRIVATE):
            raise bad(
                "phone number can be requested in private chats only"
                if button.get("request_contact")
                else "BUTTON_TYPE_INVALID"
            )


def _rows(rows: Any) -> list[list[Json]]:
    """Rows of buttons with a label; a standing keyboard may write a button as a bare string."""
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse keyboard: array of arrays of buttons expected")
    named = [[{"text": button} if isinstance(button, str) else button for button in row] for row in rows if row]
    for button in (button for row in named for button in row):
        if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
            raise bad("can't parse keyboard button: Text must be non-empty")
        if button.get("style") is not None and button["style"] not in STYLES:
            raise bad("can't parse keyboard button: invalid button style specified")
    return named


def chat_view(chat: Chat) -> Json:
    return {"id": chat.id, "type": chat.kind, "first_name" if chat.kind == "private" else "title": chat.title}


def whole(params: Json, name: str) -> int:
    """An identifier, which a form brings as digits."""
    value = params.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).lstrip("-").isdecimal():
        raise bad("chat_id is empty" if name == "chat_id" else f"invalid {name} specified")
    return int(value)
