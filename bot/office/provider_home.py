"""What waits for a provider, each with the page where it is done."""

from starlette.responses import Response

from bot.domain.bill import BillState, ListBills, MyPayers
from bot.domain.catalogue_staff import MyPrograms
from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_seen import ListRequests
from bot.domain.rating import CommentState, ListComments
from bot.i18n import Words, _, n_
from bot.office.page import Visit

S = EnrollmentState


async def home(visit: Visit) -> Response:
    """What is late first."""
    waits = [*await _requests(visit), *await _catalogue(visit), *await _bills(visit), *await _comments(visit)]
    return visit.page("provider_home.html", _("Today"), waits=sorted(waits, key=lambda each: not each[2]))


async def _requests(visit: Visit) -> list[tuple[Words, str, bool]]:
    """(what, where, whether it is late)."""
    lines = [each for each in await visit.read(ListRequests()) if not each.disputed]
    asked = [each for each in lines if each.state is S.REQUESTED and not each.needs_yes]
    late = [each for each in asked if each.overdue]
    offers = [each for each in lines if each.state is S.ACCEPTED]
    claims = [each for each in lines if each.state is S.CLAIMED]
    found: list[tuple[Words, str, bool]] = []
    if late:
        found.append((n_("{count} request is late", "{count} requests are late", len(late)), "/requests", True))
    if len(asked) > len(late):
        words = n_(
            "{count} request waits for your answer", "{count} requests wait for your answer", len(asked) - len(late)
        )
        found.append((words, "/requests", False))
    if offers:
        words = n_("{count} contract is to be concluded", "{count} contracts are to be concluded", len(offers))
        found.append((words, "/requests", any(each.overdue for each in offers)))
    if claims:
        words = n_("{count} family that was here is asked", "{count} families that were here are asked", len(claims))
        found.append((words, "/requests", any(each.overdue for each in claims)))
    return found


async def _catalogue(visit: Visit) -> list[tuple[Words, str, bool]]:
    found: list[tuple[Words, str, bool]] = []
    for program in await visit.read(MyPrograms()):
        where, name = f"/programs/{program.id}", program.written.name
        if program.state == "returned":
            found.append((_("«{program}» was returned by the municipality", program=name), where, True))
        elif program.state == "active" and program.lacks_price:
            found.append((_("«{program}»: a price is not stated", program=name), where, False))
        elif program.state == "active" and program.lacks_timetable:
            found.append((_("«{program}»: a group has no timetable", program=name), where, False))
    return found


async def _bills(visit: Visit) -> list[tuple[Words, str, bool]]:
    """Those of months that are over, and those that came back."""
    this = {each.municipality: each.month for each in await visit.read(MyPayers())}
    found: list[tuple[Words, str, bool]] = []
    for each in await visit.read(ListBills()):
        where = f"/bills/{each.provider}/{each.municipality}/{each.month}"
        to, month = each.municipality_name, each.month
        if each.state is BillState.RETURNED:
            where = where if each.kind == "bill" else where.replace("/bills/", "/advances/", 1)
            found.append(
                (_("{municipality} has returned the bill for {month}", municipality=to, month=month), where, True)
            )
        elif each.state is BillState.DRAFT and month < this.get(each.municipality, month.next):
            found.append(
                (_("The bill to {municipality} for {month} is not sent", municipality=to, month=month), where, False)
            )
    return found


async def _comments(visit: Visit) -> list[tuple[Words, str, bool]]:
    silent = [each for each in await visit.read(ListComments(CommentState.SHOWN)) if not each.reply]
    words = n_("{count} comment has no reply", "{count} comments have no reply", len(silent))
    return [(words, "/ratings", False)] if silent else []
