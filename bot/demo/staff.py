"""The demo's staff: accounts whose password is printed, and a door that signs in whoever is to decide."""

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.demo.family import CLUBS
from bot.demo.town import must
from bot.domain.messages import SYSTEM
from bot.domain.staff import AddStaff, StaffAdded, StaffRole
from bot.office.office import COOKIE
from bot.office.page import AT, own_path
from bot.office.passwords import hashed
from bot.storage import sessions
from bot.storage.desk import Desk
from bot.storage.schema import municipality, program, provider, staff
from bot.storage.tx import Tx

PASSWORD = "kruzhok-demo"
NAMES = {
    StaffRole.OPERATOR: "Оператор (демо)",
    StaffRole.PROVIDER: "Поставщик (демо)",
    StaffRole.ADMINISTRATOR: "Администратор региона (демо)",
}


def door(role: StaffRole, at: int, to: str) -> str:
    """Where the strip leads: to a page of the office, signed in as who may decide there."""
    return f"/demo/office?as={role.value}&at={at}&to={AT}{to}"


def doors(desk: Desk) -> BaseRoute:
    """`/demo/office?as=operator&at=1&to=/office/…`; only the demo has it."""

    async def enter(request: Request) -> Response:
        asked = request.query_params
        try:
            role, at = StaffRole(asked.get("as", "operator")), int(asked.get("at", "0"))
            number = await hired(desk, role, at)
        except (ValueError, OverflowError):
            return Response(status_code=404)
        token = await desk.run(lambda tx: sessions.begin(tx, number))
        response = RedirectResponse(f"{AT}{own_path(asked.get('to', ''))}", 303)
        response.set_cookie(COOKIE, token, path=AT, httponly=True, samesite="lax")
        return response

    return Route("/demo/office", enter)


async def hired(desk: Desk, role: StaffRole, at: int = 0) -> int:
    """The account of a municipality's operator, a provider or the administrator; it is made when it is first needed. ValueError for a place that is none.

    `at` 0 is the first municipality, or the provider of the family in mid-year: these have the names of their roles.
    """

    def look(tx: Tx) -> tuple[str, int, int | None]:
        place = at or (_first(tx, role) if role in HOMES else 0)
        login = role.value if place == (_first(tx, role) if role in HOMES else 0) else f"{role.value}-{place}"
        return login, place, tx.value(select(staff.c.id).where(staff.c.login == login))

    login, place, known = await desk.look(look)
    if known is not None:
        return known
    where = {HOMES[role].name: place} if role in HOMES else {}
    if (
        where
        and await desk.look(lambda tx: tx.value(select(HOMES[role].c.id).where(HOMES[role].c.id == place))) is None
    ):
        raise ValueError(f"there is no {role} {place}")
    added = must(await desk.do(AddStaff(login, NAMES[role], role, await hashed(PASSWORD), **where), SYSTEM))
    assert isinstance(added, StaffAdded)
    return added.staff


HOMES = {StaffRole.OPERATOR: municipality, StaffRole.PROVIDER: provider}


def _first(tx: Tx, role: StaffRole) -> int:
    first = {
        StaffRole.OPERATOR: select(municipality.c.id).order_by(municipality.c.id),
        StaffRole.PROVIDER: select(program.c.provider).where(program.c.name == CLUBS[0]).order_by(program.c.id),
    }
    return int(tx.value(first[role].limit(1)))


async def hire(desk: Desk) -> None:
    """The three accounts that are printed."""
    for role in StaffRole:
        await hired(desk, role)
