"""Enrollments of a provider, or of those whom a municipality pays for: a search, and each one's file with what can be decided."""

from starlette.responses import Response

from bot.domain.enrollment import (
    ENDING,
    REFUSING,
    AcceptRequest,
    ConcludeOnPaper,
    ConfirmClaim,
    DenyClaim,
    EnrollmentState,
    RefuseRequest,
    RevokeOffer,
    TerminateEnrollment,
)
from bot.domain.enrollment_work import FindEnrollments, OneForStaff
from bot.domain.messages import Command
from bot.domain.waiting import StrikeFromList
from bot.i18n import Words, _
from bot.office.enrollment_words import STATES, reason_words
from bot.office.page import OPERATOR, PROVIDER, Handler, Visit, form, page
from bot.office.paging import part
from bot.office.provider_words import BY, choices, told
from bot.office.requests import reason

STAFF = (PROVIDER, OPERATOR)


async def enrollments(visit: Visit) -> Response:
    """By name or number, state, group."""
    asked_state = visit.asked("state")
    state = EnrollmentState(asked_state) if asked_state in list(EnrollmentState) else None
    words, group = visit.asked("words"), visit.asked_number("group")
    found = await part(visit, "/enrollments", lambda skip, most: FindEnrollments(words, state, group, skip, most))
    states: list[tuple[str, Words]] = [("", _("any")), *((each.value, words) for each, words in STATES.items())]
    known = {
        "found": found,
        "states": states,
        "words": STATES,
        "asked": {"words": words, "group": group, "state": asked_state},
    }
    return visit.page("enrollments.html", _("Learning"), **known)


async def enrollment(visit: Visit) -> Response:
    """One of them, with its months and what can be done now."""
    file = visit.found(await visit.read(OneForStaff(visit.id("enrollment"))))
    known = {"file": file, "state": STATES[file.line.state], "by": BY, "why": reason_words(file.reason)}
    reasons = {"refusing": choices(REFUSING), "ending": choices(ENDING)}
    return visit.page("enrollment.html", file.line.child_name or _("Enrollment"), **known, **reasons)


def _plain(wish: type[AcceptRequest | ConcludeOnPaper | ConfirmClaim | DenyClaim]) -> Handler:
    """A decision that needs no word."""

    async def decide(visit: Visit) -> Response:
        return await _does(visit, wish(visit.id("enrollment")))

    return decide


async def refuse(visit: Visit) -> Response:
    return await _does(visit, RefuseRequest(visit.id("enrollment"), reason(visit, REFUSING)))


async def revoke(visit: Visit) -> Response:
    """The offer is taken back."""
    return await _does(visit, RevokeOffer(visit.id("enrollment"), reason(visit, REFUSING)))


async def terminate(visit: Visit) -> Response:
    """The end of this month is the last day (R5.5)."""
    return await _does(visit, TerminateEnrollment(visit.id("enrollment"), reason(visit, ENDING)))


async def strike(visit: Visit) -> Response:
    """Off the waiting list."""
    return await _does(visit, StrikeFromList(visit.id("enrollment"), reason(visit, REFUSING)))


async def _does(visit: Visit, command: Command) -> Response:
    return await visit.does(command, told, to=f"/enrollments/{visit.id('enrollment')}", again=enrollment)


AT = "/enrollments/{enrollment:int}"
PAGES = (
    page("/enrollments", enrollments, *STAFF),
    page(AT, enrollment, *STAFF),
    form(f"{AT}/accept", _plain(AcceptRequest), *STAFF),
    form(f"{AT}/refuse", refuse, *STAFF),
    form(f"{AT}/conclude", _plain(ConcludeOnPaper), *STAFF),
    form(f"{AT}/confirm", _plain(ConfirmClaim), OPERATOR),
    form(f"{AT}/deny", _plain(DenyClaim), OPERATOR),
    form(f"{AT}/revoke", revoke, *STAFF),
    form(f"{AT}/terminate", terminate, *STAFF),
    form(f"{AT}/strike", strike, *STAFF),
)
