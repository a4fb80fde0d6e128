"""The audit trail: who did what, the latest first; of one child, or of one object."""

from starlette.responses import Response

from bot.domain.trail import ListTrail
from bot.i18n import _
from bot.office.page import EVERYBODY, Visit, page


async def trail(visit: Visit) -> Response:
    """`?child=`, `?subject=&object=`, `?before=` for the next page."""
    query = ListTrail(
        visit.asked_number("child"), visit.asked("subject"), visit.asked_number("object"), visit.asked_number("before")
    )
    return visit.page("trail.html", _("Who did what"), asked=query, trail=await visit.read(query))


PAGES = (page("/trail", trail, *EVERYBODY, menu=_("Who did what")),)
