"""The first page: what waits for whoever has signed in; an administrator chooses where to work."""

from collections.abc import Mapping

from starlette.responses import Response

from bot.domain.messages import SYSTEM
from bot.domain.municipality import Municipalities
from bot.domain.today import Pile, WhatWaits
from bot.i18n import Words, _
from bot.office import provider_home
from bot.office.page import ADMINISTRATOR, EVERYBODY, Visit, form, page
from bot.storage import sessions

PILES: Mapping[Pile, tuple[Words, str]] = {
    Pile.APPLICATIONS: (_("Applications to decide"), "/applications"),
    Pile.ALIKE: (_("Applications that resemble another child"), "/applications"),
    Pile.VISITS: (_("Visits with the originals"), "/applications/visits"),
    Pile.REQUESTS: (_("Requests that a provider has not answered"), "/enrollments/waiting-for-us"),
    Pile.CLAIMS: (_("Children entered in person whose family has not answered"), "/enrollments/waiting-for-us"),
    Pile.OFFERS: (_("Offers that a family has not accepted"), "/enrollments/waiting-for-us"),
    Pile.DISPUTES: (_("Disputes"), "/enrollments/waiting-for-us"),
    Pile.COMMENTS: (_("Comments to check"), "/comments"),
    Pile.PROPOSALS: (_("Proposed programs"), "/proposals"),
    Pile.BILLS: (_("Bills to accept"), "/bills"),
    Pile.ATTACKED: (_("Numbers that somebody tries to guess"), "/certificates/attacked"),
    Pile.ANNOUNCEMENTS: (_("Announcements that go out now"), "/announcements"),
}


async def home(visit: Visit) -> Response:
    """What there is to do."""
    if visit.me.role == "provider":
        return await provider_home.home(visit)
    places = await visit.desk.read(Municipalities(), SYSTEM)
    known = {"places": places.all, "today": await visit.read(WhatWaits()), "piles": PILES}
    return visit.page("home.html", _("Today"), **known)


async def work_in(visit: Visit) -> Response:
    """An administrator is at work in a municipality, or in the region again (0)."""
    places = {str(place.id): place.id for place in (await visit.desk.read(Municipalities(), SYSTEM)).all}
    chosen = visit.entry.one_of("municipality", {"0": 0, **places}, 0)
    if visit.entry.wrong:
        return await home(visit)
    await visit.desk.run(lambda tx: sessions.work_in(tx, visit.at, chosen))
    return visit.go("/")


PAGES = (page("/", home, *EVERYBODY), form("/work-in", work_in, ADMINISTRATOR))
