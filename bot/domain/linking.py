"""One-time codes (R1.3): by them people are linked to a child, and a person's chats to each other."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.family import Rights
from bot.domain.home import ChannelLink
from bot.domain.messages import AboutPerson, Command, Fact, Query, Refusal


class CodeKind(StrEnum):
    """What a one-time code opens: a child for another guardian, for a grandparent, for the child itself; or a person for one
    more chat of theirs: CHANNEL they make themselves, RESTORE an operator who has seen a document."""

    GUARDIAN = "guardian"
    READ = "read"
    SELF = "self"
    CHANNEL = "channel"
    RESTORE = "restore"


GIVES = {CodeKind.GUARDIAN: Rights.FULL, CodeKind.READ: Rights.READ, CodeKind.SELF: Rights.SELF}
"""The rights that a code for a child gives."""

LIFE = {kind: timedelta(minutes=10) if kind is CodeKind.CHANNEL else timedelta(hours=48) for kind in CodeKind}
"""A chat is linked at once, with both screens at hand; an invitation must survive a working day and a lost evening."""

# --- the code --------------------------------------------------------------------------------------------------------

ALPHABET = "ABCEHKMPTXY2345679"
"""Letters that look alike in Latin and Russian type, so either keyboard will do; no 0, 1, 8, which look like letters."""
CODE_LENGTH = 8
_SHOWN = re.compile(r"(?<!\S)\w{4}-?\w{4}(?=[\s.,!]|$)")
_TYPED = str.maketrans("АВСЕНКМРТХУЗ8", "ABCEHKMPTXY3B")


def code_from(chance: int) -> str:
    """A code from a random number of at least 64 bits: one of 18⁸."""
    letters = []
    for _place in range(CODE_LENGTH):
        chance, letter = divmod(chance, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def code_of(typed: str) -> str | None:
    """The code as people type it: either alphabet and case, spaces and hyphens anywhere, or among other words; None if there is none."""
    return _read(typed) or code_among(typed)


def code_among(text: str) -> str | None:
    """The code that stands in a text as it was shown, «ABCE-2345»: a hyphen or a digit tells it from a word."""
    found = (_read(piece) for piece in _SHOWN.findall(text) if not piece.isalpha())
    return next(filter(None, found), None)


def _read(typed: str) -> str | None:
    code = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_TYPED)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def deep_link(way: ChannelLink, code: str) -> str:
    """The address that opens the bot with this code: Telegram's and the web chat's `start`, VK's `ref`."""
    return f"{way.url}?{'ref' if way.channel == 'vk' else 'start'}=link_{code}"


# --- questions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invitation:
    """What a right code opens. `first_name` is empty where it opens a person, not a child."""

    kind: CodeKind
    first_name: str = ""


@dataclass(frozen=True)
class ReadInvitation(Query["Invitation | None"]):
    """What this code opens; None when it is not, or no longer, good. Ask only for a code that TryCode has found."""

    code: str


@dataclass(frozen=True)
class WaysIn(Query[tuple[ChannelLink, ...]]):
    """The channels on which a code of this kind can be used: for a child only those that may carry its data (R9.3)."""

    kind: CodeKind


# --- wishes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MakeLinkCode(Command):
    """A one-time code that I hand on: for a child of mine, or (CHANNEL) for one more chat of my own."""

    kind: CodeKind
    child: int = 0


@dataclass(frozen=True)
class IssueRestoreCode(Command):
    """Staff: a code for a person whose last chat is lost, after a document was seen (R1.3)."""

    person: int


@dataclass(frozen=True)
class TryCode(Command):
    """Is this code good? Wrong ones count (R2.11)."""

    code: str


@dataclass(frozen=True)
class UseLinkCode(Command):
    """Join with this code; it is used up."""

    code: str


# --- what happens -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LinkCodeMade(Fact):
    """For the eyes of whoever asked for it; used once, until that instant (in the reader's zone)."""

    kind: CodeKind
    code: str
    until: datetime


@dataclass(frozen=True)
class CodeFound(Fact):
    """The code is good."""

    kind: CodeKind


@dataclass(frozen=True)
class ChatLinked(AboutPerson):
    """One more chat is this person's."""


@dataclass(frozen=True)
class PersonRestored(AboutPerson):
    """By an operator's code a chat has become this person's; notices go there from now on."""


# --- what stands in the way -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CodeRefused(Refusal):
    """Unknown, used or too old: which, is never told (R2.11)."""

    left: int
    """Tries before the block; 0: blocked from now on."""


@dataclass(frozen=True)
class CodeBlocked(Refusal):
    """Too many wrong tries (R2.11)."""

    minutes: int
    """Until one may try again."""


@dataclass(frozen=True)
class TooYoungForChat(Refusal):
    """A child has a chat of its own from 14 on (R1.3)."""

    on: date
    """The 14th birthday."""


@dataclass(frozen=True)
class AlreadyLinked(Refusal):
    """Whoever entered the code may see this child, or is this person, already."""


@dataclass(frozen=True)
class HasOwnChildren(Refusal):
    """This chat has children of its own, so it cannot become another person's."""
