"""The first page: what waits for whoever has signed in; an administrator chooses where to work."""

from starlette.responses import Response

from bot.domain.messages import SYSTEM
from bot.domain.municipality import Municipalities
from bot.i18n import _
from bot.office.page import ADMINISTRATOR, EVERYBODY, Visit, form, page
from bot.storage import sessions


async def home(visit: Visit) -> Response:
    """What there is to do."""
    places = await visit.desk.read(Municipalities(), SYSTEM)
    return visit.page("home.html", _("Office"), places=places.all)


async def work_in(visit: Visit) -> Response:
    """An administrator is at work in a municipality, or in the region again (0)."""
    places = {str(place.id): place.id for place in (await visit.desk.read(Municipalities(), SYSTEM)).all}
    chosen = visit.entry.one_of("municipality", {"0": 0, **places}, 0)
    if visit.entry.wrong:
        return await home(visit)
    await visit.desk.run(lambda tx: sessions.work_in(tx, visit.at, chosen))
    return visit.go("/")


PAGES = (page("/", home, *EVERYBODY, menu=_("Office")), form("/work-in", work_in, ADMINISTRATOR))
