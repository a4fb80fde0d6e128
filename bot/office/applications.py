"""Applications: to be decided, one or many, with their clock (R2.8); looked at beside those that they resemble (R2.10); the visit (R2.7)."""

from starlette.responses import Response

from bot.dialogs.certificate_words import REJECTIONS, STATES
from bot.domain.certificate import Rejection
from bot.domain.certificate_staff import (
    AcceptApplication,
    ConfirmVisit,
    JoinApplication,
    ListApplications,
    OneApplication,
    RejectApplication,
    Stage,
)
from bot.domain.messages import Command, Fact, Refusal
from bot.i18n import Words, _, n_
from bot.office.certificate_words import told
from bot.office.page import OPERATOR, Visit, form, page
from bot.office.paging import part

REASONS = [(reason.value, words) for reason, words in REJECTIONS.items() if reason is not Rejection.NO_VISIT]
LONGEST_WORDS = 500


async def to_decide(visit: Visit) -> Response:
    """The oldest first, each with its clock."""
    return await _listed(visit, Stage.DECIDE, "", _("Applications"))


async def visits(visit: Visit) -> Response:
    """Who is to come with the originals, the nearest last day first."""
    return await _listed(visit, Stage.VISIT, "/visits", _("Visits to come"))


async def unvisited(visit: Visit) -> Response:
    """Whose application lapsed because nobody came, the latest first."""
    return await _listed(visit, Stage.UNVISITED, "/unvisited", _("Not come in time"))


async def _listed(visit: Visit, stage: Stage, path: str, title: Words) -> Response:
    place = visit.me.municipality
    found = await part(visit, f"/applications{path}", lambda skip, most: ListApplications(place, stage, skip, most))
    return visit.page("applications.html", title, found=found, stage=stage, reasons=REASONS)


async def accept_all(visit: Visit) -> Response:
    """The ticked ones, all or none; what resembles another child has no tick and is looked at by itself."""
    return await _decide_all(visit, [AcceptApplication(each) for each in visit.entry.numbers("certificate")])


async def reject_all(visit: Visit) -> Response:
    """The ticked ones, for one reason."""
    reason, words = _reason(visit)
    return await _decide_all(
        visit, [RejectApplication(each, reason, words) for each in visit.entry.numbers("certificate")]
    )


async def _decide_all(visit: Visit, commands: list[Command]) -> Response:
    if not commands:
        visit.trouble = _("Nothing is ticked: tick the applications first.")
        return await to_decide(visit)

    def say(facts: list[Fact]) -> Words:
        if isinstance(facts[0], Refusal):
            return told(facts[0])
        return n_("{count} application is decided.", "{count} applications are decided.", len(facts))

    return await visit.do_all(commands, say, to="/applications", again=to_decide)


async def one(visit: Visit) -> Response:
    """Everything that was entered, beside every application and certificate that it resembles."""
    found = visit.found(await visit.read(OneApplication(visit.id("certificate"))))
    known = {"work": found, "it": found.application, "states": STATES, "reasons": REASONS, "rejections": REJECTIONS}
    return visit.page("application.html", _("Application: {name}", name=found.application.seen.name), **known)


async def accept(visit: Visit) -> Response:
    """One; `another`: the operator has looked and sees another child."""
    command = AcceptApplication(visit.id("certificate"), visit.entry.ticked("another"))
    return await visit.does(command, told, _of(visit), one)


async def reject(visit: Visit) -> Response:
    """One, before the decision or at the visit."""
    return await visit.does(RejectApplication(visit.id("certificate"), *_reason(visit)), told, _of(visit), one)


async def join(visit: Visit) -> Response:
    """It is the same child: the applicant becomes one more guardian, the double goes away."""
    to = visit.entry.number("to", most=2**62)
    return await visit.does(JoinApplication(visit.id("certificate"), to), told, f"/certificates/{to}", one)


async def confirm(visit: Visit) -> Response:
    """The originals were shown; with or without the category's proof."""
    command = ConfirmVisit(visit.id("certificate"), visit.entry.ticked("category"))
    return await visit.does(command, told, f"/certificates/{visit.id('certificate')}", one)


def _reason(visit: Visit) -> tuple[Rejection, str]:
    return visit.entry.choice("reason", Rejection), visit.entry.text("words", most=LONGEST_WORDS)


def _of(visit: Visit) -> str:
    return f"/applications/{visit.id('certificate')}"


PAGES = (
    page("/applications", to_decide, OPERATOR),
    page("/applications/visits", visits, OPERATOR),
    page("/applications/unvisited", unvisited, OPERATOR),
    page("/applications/{certificate:int}", one, OPERATOR),
    form("/applications/accept", accept_all, OPERATOR),
    form("/applications/reject", reject_all, OPERATOR),
    form("/applications/{certificate:int}/accept", accept, OPERATOR),
    form("/applications/{certificate:int}/reject", reject, OPERATOR),
    form("/applications/{certificate:int}/join", join, OPERATOR),
    form("/applications/{certificate:int}/visit", confirm, OPERATOR),
)
