"""The strip beside the demo's chat: what waits in the office, and the calendar. Everything goes through the desk."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.demo.family import join_family
from bot.demo.staff import door, doors
from bot.demo.time import move_to, today
from bot.domain.calendar import Month
from bot.domain.certificate import CertificateState
from bot.domain.certificate_staff import ListApplications
from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_seen import ListRequests
from bot.domain.messages import operator
from bot.domain.staff import StaffRole
from bot.handlers.web import COOKIE, WebChat
from bot.i18n import Words, _, guess_language, joined, render
from bot.storage.desk import Desk
from bot.storage.schema import enrollment, funding_period, module, municipality, program
from bot.storage.tx import Tx

TO_DECIDE = (EnrollmentState.REQUESTED, EnrollmentState.ACCEPTED)


@dataclass(frozen=True)
class Card:
    """Something that waits for the staff, and the page of the office where it is decided."""

    title: Words
    door: str


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
    return [card for place in places for card in (*_applications(tx, place), *_requests(tx, place))]


def _applications(tx: Tx, place: int) -> Iterator[Card]:
    for seen in tx.read(ListApplications(place), operator(place)):
        visit = seen.state is CertificateState.AWAITING_VISIT
        title = (
            _("{name}: originals are to be shown", name=seen.name)
            if visit
            else _("Application: {name}", name=seen.name)
        )
        yield Card(title, door(StaffRole.OPERATOR, place, f"/applications/{seen.certificate}"))


def _requests(tx: Tx, place: int) -> Iterator[Card]:
    for seen in tx.read(ListRequests(), operator(place)):
        about = {"child": seen.child_name, "program": seen.program}
        page = f"/enrollments/{seen.id}"
        if seen.disputed:
            yield Card(_("«This was not us»: {child}, {program}", **about), door(StaffRole.OPERATOR, place, page))
        elif seen.state in TO_DECIDE and not seen.needs_yes:
            yield Card(
                _("Request: {child}, {program}", **about), door(StaffRole.PROVIDER, _provider(tx, seen.id), page)
            )


def _provider(tx: Tx, number: int) -> int:
    teaches = enrollment.join(module, module.c.id == enrollment.c.module).join(
        program, program.c.id == module.c.program
    )
    return int(tx.value(select(program.c.provider).select_from(teaches).where(enrollment.c.id == number)))


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
    days = groupby(sorted(found, key=lambda one: one[1]), key=lambda one: one[1])
    return [(joined(", ", [what for what, _day in all_of_it]), day) for day, all_of_it in days]


def _shown(cards: Sequence[Card], now: date, days: Sequence[tuple[Words, date]], say: Callable[[Words], str]) -> Any:
    """The strip as its page reads it."""
    decisions = [
        {
            "title": say(card.title),
            "buttons": [{"label": say(_("Decide in the office")), "href": card.door}],
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
    offices = [
        {"label": say(words), "href": door(role, 0, "/")}
        for role, words in (
            (StaffRole.OPERATOR, _("Operator's office")),
            (StaffRole.PROVIDER, _("Provider's office")),
            (StaffRole.ADMINISTRATOR, _("Region's office")),
        )
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
                "cards": [*decisions, {"title": "", "buttons": offices}],
            },
            {"title": say(_("Today is {day}", day=now)), "words": [], "cards": calendar},
            {"title": say(_("Another beginning")), "words": [], "cards": [family]},
        ]
    }
