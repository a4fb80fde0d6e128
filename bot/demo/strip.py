"""The strip beside the demo's chat: the staff's decisions in one tap each, and the calendar. Everything goes through the desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.demo.family import join_family
from bot.demo.staff import doors
from bot.demo.time import move_to, today
from bot.domain.calendar import Month
from bot.domain.certificate import CertificateState, Rejection
from bot.domain.certificate_staff import (
    AcceptApplication,
    CertificateSeen,
    ConfirmVisit,
    ListApplications,
    RejectApplication,
)
from bot.domain.enrollment import (
    AcceptRequest,
    ConcludeOnPaper,
    DecideDispute,
    EnrollmentState,
    RefuseRequest,
)
from bot.domain.enrollment_seen import ListRequests, Waiting
from bot.domain.messages import Command, operator
from bot.handlers.web import COOKIE, WebChat
from bot.i18n import Words, _, guess_language, render
from bot.storage.desk import Desk, Tx
from bot.storage.schema import enrollment, funding_period, municipality

Choice = tuple[Words, str, Command]
"""A button's label, its name, and the command that it stands for."""


@dataclass(frozen=True)
class Card:
    """Something that waits for the staff, and what may be decided."""

    title: Words
    municipality: int
    choices: tuple[Choice, ...]


def strip_routes(desk: Desk, web: WebChat) -> Sequence[BaseRoute]:
    """The strip's page and its two addresses."""

    async def state(request: Request) -> Response:
        language = guess_language(request.headers.get("Accept-Language"))
        cards = await desk.look(waiting)
        now = await today(desk)
        days = await desk.look(lambda tx: next_days(tx, now))
        return JSONResponse(_shown(cards, now, days, lambda words: render(words, language)))

    async def act(request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        match asked:
            case {"move": str(day)}:
                await move_to(desk, date.fromisoformat(day))
            case {"decide": str(name)}:
                for card in await desk.look(waiting):
                    for _label, known, command in card.choices:
                        if known == name:
                            await desk.do(command, operator(card.municipality, "demo"))
            case {"family": True}:
                await join_family(desk, web.address(request.cookies.get(COOKIE, "")))
        return JSONResponse({})

    async def script(request: Request) -> Response:
        return FileResponse(Path(__file__).parent / "strip.js", headers={"Cache-Control": "no-cache"})

    return (
        doors(desk),
        Route("/demo/strip.js", script),
        Route("/demo/state", state),
        Route("/demo/act", act, methods=["POST"]),
    )


def waiting(tx: Tx) -> list[Card]:
    """Whatever waits for an operator or a provider, in every municipality of the demo."""
    places = [row.id for row in tx.rows(select(municipality.c.id).order_by(municipality.c.id))]
    applications = [(place, seen) for place in places for seen in tx.read(ListApplications(place), operator(place))]
    requests = [(place, seen) for place in places for seen in tx.read(ListRequests(), operator(place))]
    cards = [Card(_application(seen), place, _decisions(seen)) for place, seen in applications]
    cards += [Card(_request(seen), place, _answers(seen)) for place, seen in requests]
    return [card for card in cards if card.choices]


def _application(seen: CertificateSeen) -> Words:
    if seen.state is CertificateState.AWAITING_VISIT:
        return _("{name}: originals are to be shown", name=seen.name)
    return _("Application: {name}", name=seen.name)


def _decisions(seen: CertificateSeen) -> tuple[Choice, ...]:
    number = seen.certificate
    if seen.state is CertificateState.AWAITING_VISIT:
        return ((_("Originals seen"), f"visit:{number}", ConfirmVisit(number, category_proved=True)),)
    accept = AcceptApplication(number, another_child=bool(seen.held_for))
    reject = RejectApplication(number, Rejection.WRONG_DATA)
    return ((_("Accept"), f"accept:{number}", accept), (_("Reject"), f"reject:{number}", reject))


def _request(seen: Waiting) -> Words:
    if seen.disputed:
        return _("«This was not us»: {child}, {program}", child=seen.child_name, program=seen.program)
    return _("Request: {child}, {program}", child=seen.child_name, program=seen.program)


def _answers(seen: Waiting) -> tuple[Choice, ...]:
    number = seen.id
    if seen.disputed:
        uphold = DecideDispute(number, upheld=True, reason="demo")
        reject = DecideDispute(number, upheld=False, reason="demo")
        return ((_("Uphold"), f"uphold:{number}", uphold), (_("Reject"), f"deny:{number}", reject))
    if seen.state is EnrollmentState.REQUESTED and not seen.needs_yes:
        accept, refuse = AcceptRequest(number), RefuseRequest(number, "full")
        return ((_("Accept"), f"take:{number}", accept), (_("Refuse"), f"refuse:{number}", refuse))
    if seen.state is EnrollmentState.ACCEPTED:
        return ((_("Contract signed on paper"), f"paper:{number}", ConcludeOnPaper(number)),)
    return ()


def next_days(tx: Tx, now: date) -> list[tuple[Words, date]]:
    """The days on which something happens: tomorrow, the month's start, the next end of a club, the period's border."""
    found: list[tuple[Words, date]] = [
        (_("tomorrow"), now + timedelta(days=1)),
        (_("the month begins"), Month.of(now).next.first),
    ]
    end = tx.value(
        select(enrollment.c.stop)
        .where(enrollment.c.state == "active", enrollment.c.stop >= now)
        .order_by(enrollment.c.stop)
        .limit(1)
    )
    if end is not None:
        found.append((_("the next club has ended"), end + timedelta(days=1)))
    border = tx.value(
        select(funding_period.c.stop).where(funding_period.c.stop >= now).order_by(funding_period.c.stop).limit(1)
    )
    if border is not None:
        opens = border - timedelta(days=30)
        if opens > now:
            found.append((_("the next period opens"), opens))
        found.append((_("the next period begins"), border + timedelta(days=1)))
    return sorted(found, key=lambda one: one[1])


def _shown(cards: Sequence[Card], now: date, days: Sequence[tuple[Words, date]], say: Callable[[Words], str]) -> Any:
    """The strip as its page reads it."""
    decisions = [
        {
            "title": say(card.title),
            "buttons": [{"label": say(label), "action": {"decide": name}} for label, name, _command in card.choices],
        }
        for card in cards
    ]
    calendar = [
        {
            "title": "",
            "buttons": [{"label": say(_("{day}: {what}", what=what, day=day)), "action": {"move": day.isoformat()}}],
        }
        for what, day in days
    ]
    family = {
        "title": say(_("A family in the middle of its year: a certificate, two clubs, three months of charges.")),
        "buttons": [{"label": say(_("Be this family")), "action": {"family": True}}],
    }
    return {
        "sections": [
            {
                "title": say(_("Waits for the staff")),
                "words": []
                if decisions
                else [say(_("Nothing now. Apply for a certificate, or send a request to a club."))],
                "cards": decisions,
            },
            {"title": say(_("Today is {day}", day=now)), "words": [], "cards": calendar},
            {"title": say(_("Another beginning")), "words": [], "cards": [family]},
        ]
    }
