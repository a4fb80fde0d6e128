"""A family is at the provider in person: entered by the certificate's number, after a look at the price (R6.7)."""

from starlette.responses import Response

from bot.domain.card_code import ScannedCode
from bot.domain.catalogue_staff import MyPrograms
from bot.domain.certificate import number_of
from bot.domain.enrollment import ClaimEnrollment
from bot.domain.enrollment_work import Claimable, WeighClaim
from bot.domain.messages import NotYours, Refusal
from bot.i18n import _, joined
from bot.office.page import PROVIDER, NotFound, Visit, form, page
from bot.office.provider_words import told


async def claim(visit: Visit) -> Response:
    """The number, the group, the first day."""
    return await _shown(visit, None)


async def scanned(visit: Visit) -> Response:
    """The code on a family's card: the same page, with its number. To anybody else it says nothing (card_code.py)."""
    number = await visit.read(ScannedCode(visit.request.path_params["code"]))
    return await _shown(visit, None, visit.found(number))


async def look(visit: Visit) -> Response:
    """The price for this child, before anything is entered; what was refused is looked at once more."""
    number, group = _number(visit), visit.entry.number("group", most=2**62)
    start = visit.entry.day_or_none("start")
    if visit.entry.wrong:
        return await _shown(visit, None)
    seen = await visit.read(WeighClaim(number, group, start))
    if isinstance(seen, NotYours):
        raise NotFound
    if isinstance(seen, Refusal):
        visit.trouble = told(seen)
        return await _shown(visit, None)
    return await _shown(visit, seen)


async def enter(visit: Visit) -> Response:
    """Seat and money are held, the family is asked."""
    wish = ClaimEnrollment(
        _number(visit), visit.entry.number("group", most=2**62), visit.entry.day("start"), visit.entry.ticked("pays")
    )
    return await visit.does(wish, told, to="/requests", again=look)


async def _shown(visit: Visit, seen: Claimable | None, number: str = "") -> Response:
    groups = [
        (group.id, joined(" · ", (program.written.name, module.written.name, group.written.name)))
        for program in await visit.read(MyPrograms())
        if program.state == "active"
        for module in program.modules
        for group in module.groups
        if group.active and not group.over
    ]
    return visit.page("claim.html", _("In person"), groups=groups, seen=seen, number=number)


def _number(visit: Visit) -> str:
    number = number_of(visit.entry.text("number", most=20))
    if number is None:
        visit.entry.wrong["number"] = _("A certificate's number has ten digits.")
    return number or ""


PAGES = (
    page("/claim", claim, PROVIDER),
    page("/card/{code}", scanned, PROVIDER),
    form("/claim/look", look, PROVIDER),
    form("/claim", enter, PROVIDER),
)
