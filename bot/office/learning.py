"""What of the municipality's learning waits for the operator: what is late, disputes, claims without an answer; waiting lists; renewals (R5.8, R6)."""

from starlette.responses import Response

from bot.domain.enrollment import DecideDispute
from bot.domain.enrollment_seen import ListRequests, OneDispute
from bot.domain.enrollment_work import OneForStaff
from bot.domain.renewal import AcceptRenewal, DeclineRenewal, ListRenewals
from bot.domain.waiting import ListWaiting
from bot.i18n import _
from bot.office.enrollment_words import STATES, told, why
from bot.office.page import OPERATOR, Visit, form, page
from bot.office.paging import part, sliced

LONGEST_REASON = 500


async def waits(visit: Visit) -> Response:
    """Past their clock, or disputed; `?all=1`: everything that is not concluded yet."""
    late = not visit.asked("all")
    path = "/enrollments/waiting-for-us"
    found = await part(visit, path, lambda skip, most: ListRequests(overdue=late, skip=skip, most=most))
    return visit.page("waits.html", _("What waits for us"), found=found, late=late, states=STATES)


async def dispute(visit: Visit) -> Response:
    """The family's words, what was charged, and the decision."""
    it = visit.found(await visit.read(OneDispute(visit.id("enrollment"))))
    file = visit.found(await visit.read(OneForStaff(it.enrollment)))
    return visit.page("dispute.html", _("Dispute: {name}", name=file.line.child_name), it=it, file=file, states=STATES)


async def decide(visit: Visit) -> Response:
    """With words that the family reads."""
    decision = visit.entry.one_of("decision", {"upheld": True, "rejected": False}, False)
    reason = visit.entry.text("reason", most=LONGEST_REASON, least=3)
    command = DecideDispute(visit.id("enrollment"), decision, reason)
    return await visit.does(command, told, "/enrollments/waiting-for-us", dispute)


async def lists(visit: Visit) -> Response:
    """Group by group, each in its order."""
    found = sliced(visit, "/enrollments/waiting", await visit.read(ListWaiting()))
    return visit.page("lists.html", _("Waiting lists"), found=found)


async def renewals(visit: Visit) -> Response:
    """Who could go on in the next period: what was offered and answered, or why nothing can be offered."""
    found = await part(visit, "/enrollments/renewals", ListRenewals)
    return visit.page("renewals.html", _("Next period"), found=found, states=STATES, why=why)


async def accept(visit: Visit) -> Response:
    """The family's yes was signed on paper."""
    command = AcceptRenewal(visit.id("renewal"), pays=visit.entry.ticked("pays"))
    return await visit.does(command, told, "/enrollments/renewals", renewals)


async def decline(visit: Visit) -> Response:
    """The family does not go on."""
    command = DeclineRenewal(visit.id("renewal"), visit.entry.text("reason", most=LONGEST_REASON))
    return await visit.does(command, told, "/enrollments/renewals", renewals)


PAGES = (
    page("/enrollments/waiting-for-us", waits, OPERATOR),
    page("/enrollments/waiting", lists, OPERATOR),
    page("/enrollments/renewals", renewals, OPERATOR),
    form("/enrollments/renewals/{renewal:int}/accept", accept, OPERATOR),
    form("/enrollments/renewals/{renewal:int}/decline", decline, OPERATOR),
    page("/enrollments/{enrollment:int}/dispute", dispute, OPERATOR),
    form("/enrollments/{enrollment:int}/dispute", decide, OPERATOR),
)
