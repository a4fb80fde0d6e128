"""The gate in front of every reader: what a file is called, how large it may be, and what it is by its first bytes."""

import re
import unicodedata
from enum import StrEnum

from bot.registry import reasons
from bot.registry.reasons import Unclear

MAX_BYTES = 50 * 1024 * 1024
LONGEST_NAME = 80
BEGINNING = 4096
"""Bytes by which a file is known."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx under a password
JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*[\[{]\s*["\[\]{}]')


class Format(StrEnum):
    """How a file is written."""

    WORKBOOK = "workbook"
    JSON = "json"
    TEXT = "text"


def shown_name(name: str) -> str:
    """A file's name as it is kept and shown: no folders, nothing invisible, short; the ending stays."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ").strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > LONGEST_NAME:
        plain = f"{stem[: LONGEST_NAME - 12]}….{ending[:10]}" if dot else f"{plain[: LONGEST_NAME - 1]}…"
    return plain or "file"


def format_of(name: str, content: bytes) -> Format:
    """By the beginning at least. Raises Unclear for what is empty, too big, old or locked."""
    if not content.strip():
        raise Unclear(reasons.EMPTY_FILE)
    if len(content) > MAX_BYTES:
        raise too_big()
    if content.startswith(OLE):
        raise Unclear(reasons.OLD_WORKBOOK)
    if content.startswith(b"PK"):
        return Format.WORKBOOK
    return Format.JSON if JSON.match(content) or name.casefold().endswith(".json") else Format.TEXT


def too_big() -> Unclear:
    """More than MAX_BYTES."""
    return Unclear(reasons.TOO_BIG, f"> {MAX_BYTES // 1024 // 1024} MB")
