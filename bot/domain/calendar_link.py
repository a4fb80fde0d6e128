"""A link by which a phone's calendar reads the family's week by itself: unguessable, made anew at will, cut at will."""

from dataclasses import dataclass
from datetime import date

from bot.domain.messages import AboutPerson, Command, Query, Refusal


@dataclass(frozen=True)
class CalendarLinkSeen:
    """`possible`: the service has an address on the Internet. `made_on`: of the link that works; it is not shown again."""

    possible: bool
    made_on: date | None = None
    has_children: bool = True


@dataclass(frozen=True)
class MyCalendarLink(Query[CalendarLinkSeen]):
    """Is there a link of mine, and can there be one?"""


@dataclass(frozen=True)
class MakeCalendarLink(Command):
    """A new link; one that was made before stops working."""


@dataclass(frozen=True)
class CutCalendarLink(Command):
    """My link stops working."""


@dataclass(frozen=True)
class CalendarLinkMade(AboutPerson):
    """The whole address; only its keyed print is kept, so this is the only time that anybody can read it."""

    url: str


@dataclass(frozen=True)
class CalendarLinkCut(AboutPerson):
    """The link leads nowhere any more."""


@dataclass(frozen=True)
class NoAddress(Refusal):
    """The service has no address on the Internet (PUBLIC_URL), so no link can lead to it."""
