"""A family's week for whoever has its link: a phone's calendar. A link that was cut, or never made, is not found."""

from collections.abc import Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.storage.calendar_link import linked_week
from bot.storage.desk import Desk

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
LONGEST = 100


class CalendarFeed:
    """The one address that needs no cookie: the link itself is the key."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> Sequence[BaseRoute]:
        """`/calendar/<token>.ics`."""
        return (Route("/calendar/{token}.ics", self.read),)

    async def read(self, request: Request) -> Response:
        """The calendar as it is now."""
        token = request.path_params["token"]
        found = await self._desk.look(partial(linked_week, token=token)) if len(token) <= LONGEST else None
        if found is None:
            return PlainTextResponse("Not found", 404, headers=HEADERS)
        return Response(found, media_type="text/calendar", headers=HEADERS)
