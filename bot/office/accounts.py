"""The staff's accounts, for the region's administrator: who may sign in, as what, and what to do when a password or a telephone is lost."""

import secrets
from collections.abc import Callable

from starlette.responses import Response

from bot.domain.messages import SYSTEM, Fact, Refusal
from bot.domain.municipality import Municipalities
from bot.domain.provider import ListProviders
from bot.domain.staff import (
    AddStaff,
    DisableStaff,
    ListStaff,
    SetPassword,
    SetSecondFactor,
    SignOutEverywhere,
    StaffRole,
)
from bot.i18n import Words, _, lines
from bot.office.page import ADMINISTRATOR, Visit, form, page
from bot.office.paging import sliced
from bot.office.passwords import hashed
from bot.office.staff_words import ROLES, told


async def accounts(visit: Visit) -> Response:
    """Everybody, or those with `?words=` in the login, the name or the place; and a form for one more."""
    words = visit.asked("words").strip()
    found = sliced(visit, "/staff", await visit.read(ListStaff(words)))
    places = (await visit.desk.read(Municipalities(), SYSTEM)).all
    providers = [
        (each.id, f"{each.name} · {each.place}")
        for each in await visit.desk.read(ListProviders(0, everywhere=True), SYSTEM)
    ]
    known = {"found": found, "words": words, "roles": ROLES, "places": places, "providers": providers}
    return visit.page("accounts.html", _("Staff"), **known)


async def add(visit: Visit) -> Response:
    """The password is made here and shown once."""
    role = visit.entry.choice("role", StaffRole)
    password = secrets.token_urlsafe(12)
    command = AddStaff(
        visit.entry.text("login", most=60, least=2).lower(),
        visit.entry.text("name", most=100, least=1),
        role,
        await hashed(password),
        visit.entry.number("municipality", most=2**62) if role is StaffRole.OPERATOR else 0,
        visit.entry.number("provider", most=2**62) if role is StaffRole.PROVIDER else 0,
    )
    return await visit.does(command, _with_password(password), to="/staff", again=accounts)


async def password(visit: Visit) -> Response:
    """A new one, shown once."""
    fresh = secrets.token_urlsafe(12)
    command = SetPassword(visit.id("staff"), await hashed(fresh))
    return await visit.does(command, _with_password(fresh), to="/staff", again=accounts)


async def disable(visit: Visit) -> Response:
    """No more signing in; or in use again."""
    return await visit.does(DisableStaff(visit.id("staff"), not visit.entry.ticked("again")), told, "/staff", accounts)


async def forget_factor(visit: Visit) -> Response:
    """A telephone was lost."""
    return await visit.does(SetSecondFactor(visit.id("staff"), ""), told, "/staff", accounts)


async def sign_out(visit: Visit) -> Response:
    """Somebody's sessions end."""
    return await visit.does(SignOutEverywhere(visit.id("staff")), told, "/staff", accounts)


def _with_password(password: str) -> Callable[[Fact], Words]:
    def say(fact: Fact) -> Words:
        if isinstance(fact, Refusal):
            return told(fact)
        return lines(told(fact), _("Password: {password}", password=password), _("It is shown only now."))

    return say


PAGES = (
    page("/staff", accounts, ADMINISTRATOR),
    form("/staff", add, ADMINISTRATOR),
    form("/staff/{staff:int}/password", password, ADMINISTRATOR),
    form("/staff/{staff:int}/disable", disable, ADMINISTRATOR),
    form("/staff/{staff:int}/forget-second-factor", forget_factor, ADMINISTRATOR),
    form("/staff/{staff:int}/sign-out", sign_out, ADMINISTRATOR),
)
