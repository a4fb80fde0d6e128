"""A provider's requests with their clocks: take one or many, refuse with a reason; offers, claims and disputes beside them (R6)."""

from collections.abc import Callable, Sequence

from starlette.responses import Response

from bot.domain.enrollment import REFUSING, AcceptRequest, EnrollmentState, Reason, RefuseRequest
from bot.domain.enrollment_seen import ListRequests, Waiting
from bot.domain.messages import Command, Fact, Refusal
from bot.i18n import Words, _, n_
from bot.office.page import PROVIDER, Visit, form, page
from bot.office.paging import part
from bot.office.provider_words import OWN_WORDS, choices, told

S = EnrollmentState


async def requests(visit: Visit) -> Response:
    """What waits for somebody, the nearest clock first."""
    found = await part(visit, "/requests", lambda skip, most: ListRequests(skip=skip, most=most))
    disputed = [each for each in found.lines if each.disputed]
    of = {state: _in(found.lines, state) for state in (S.REQUESTED, S.CLAIMED, S.ACCEPTED)}
    known = {
        "requests": of[S.REQUESTED],
        "claims": of[S.CLAIMED],
        "offers": of[S.ACCEPTED],
        "disputed": disputed,
        "found": found,
    }
    return visit.page("requests.html", _("Requests"), **known, reasons=choices(REFUSING))


async def accept(visit: Visit) -> Response:
    """Those that are ticked, all or none."""
    return await _decide(visit, [AcceptRequest(number) for number in _ticked(visit)], _taken)


async def refuse(visit: Visit) -> Response:
    """Those that are ticked, for one reason."""
    why = reason(visit, REFUSING)
    return await _decide(visit, [RefuseRequest(number, why) for number in _ticked(visit)], _refused)


def reason(visit: Visit, reasons: Sequence[Reason]) -> str:
    """One of the list, or the words that the family will read."""
    chosen = visit.entry.one_of("reason", {each: each for each in (OWN_WORDS, *(its.value for its in reasons))}, "")
    return visit.entry.text("words", most=500, least=3) if chosen == OWN_WORDS else chosen


def _in(lines: Sequence[Waiting], state: EnrollmentState) -> list[Waiting]:
    return [each for each in lines if each.state is state and not each.disputed]


def _ticked(visit: Visit) -> list[int]:
    chosen = visit.entry.numbers("enrollment")
    if not chosen:
        visit.entry.wrong["enrollment"] = _("Tick at least one.")
    return chosen


async def _decide(visit: Visit, commands: Sequence[Command], done: Callable[[list[Fact]], Words]) -> Response:
    return await visit.do_all(list(commands), done, to="/requests", again=requests)


def _taken(facts: list[Fact]) -> Words:
    if isinstance(facts[0], Refusal):
        return told(facts[0])
    return n_(
        "{count} child is taken; the family has been asked to accept.",
        "{count} children are taken; the families have been asked to accept.",
        len(facts),
    )


def _refused(facts: list[Fact]) -> Words:
    if isinstance(facts[0], Refusal):
        return told(facts[0])
    return n_("{count} request is refused.", "{count} requests are refused.", len(facts))


PAGES = (
    page("/requests", requests, PROVIDER),
    form("/requests/accept", accept, PROVIDER),
    form("/requests/refuse", refuse, PROVIDER),
)
