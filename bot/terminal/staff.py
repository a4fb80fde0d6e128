"""The office's accounts: who may sign in at /office."""

import asyncio
import secrets
from typing import Annotated

import typer

from bot.domain.messages import SYSTEM
from bot.domain.staff import (
    SHORTEST_PASSWORD,
    AddStaff,
    DisableStaff,
    ListStaff,
    SetPassword,
    SetSecondFactor,
    SignOutEverywhere,
    StaffRole,
    StaffSeen,
)
from bot.i18n import Words, _, joined
from bot.office.passwords import hashed
from bot.office.staff_words import ROLES, told
from bot.terminal.acting import act, look, say
from bot.terminal.places import operator_of

app = typer.Typer(help=__doc__, no_args_is_help=True)
Login = Annotated[str, typer.Argument(help="the name to sign in with")]
Prompted = Annotated[
    bool, typer.Option("--password", help="ask for the password; without it one is made and shown once")
]


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Argument(help="the person's name")],
    role: Annotated[StaffRole, typer.Option(help="what the account is for")] = StaffRole.OPERATOR,
    municipality: Annotated[str, typer.Option("--municipality", "-m", help="the municipality's code")] = "",
    provider: Annotated[int, typer.Option(help="the provider's number, see `catalogue providers`")] = 0,
    prompt: Prompted = False,
) -> None:
    """A new account; its password is shown once."""
    place = operator_of(municipality).municipality if municipality else 0
    password = chosen(prompt)
    at = place if role is StaffRole.OPERATOR else 0
    act(AddStaff(login.lower(), name, role, asyncio.run(hashed(password)), at, provider), SYSTEM, told)
    if not prompt:
        say(_("Password: {password}", password=password))


@app.command("list")
def list_() -> None:
    """All accounts."""
    for each in look(ListStaff(), SYSTEM):
        state = _("disabled") if each.disabled else _("second factor") if each.second_factor else ""
        parts: tuple[Words, ...] = (each.login, each.name, ROLES[each.role], each.place, state)
        say(joined(" · ", (part for part in parts if part)))


@app.command()
def password(login: Login, prompt: Prompted = False) -> None:
    """Another password; whoever was signed in is signed out."""
    fresh = chosen(prompt)
    act(SetPassword(found(login).staff, asyncio.run(hashed(fresh))), SYSTEM, told)
    if not prompt:
        say(_("Password: {password}", password=fresh))


@app.command()
def disable(login: Login, again: Annotated[bool, typer.Option("--not", help="in use again")] = False) -> None:
    """No more signing in; or again."""
    act(DisableStaff(found(login).staff, not again), SYSTEM, told)


@app.command()
def forget_second_factor(login: Login) -> None:
    """A telephone was lost: the password is enough again."""
    act(SetSecondFactor(found(login).staff, ""), SYSTEM, told)


@app.command()
def sign_out(login: Login) -> None:
    """All sessions of the account end."""
    act(SignOutEverywhere(found(login).staff), SYSTEM, told)


def found(login: str) -> StaffSeen:
    """The account with this login. BadParameter if there is none."""
    for each in look(ListStaff(), SYSTEM):
        if each.login == login.lower():
            return each
    raise typer.BadParameter(f"there is no account {login!r}")


def chosen(prompt: bool) -> str:
    """What is typed, or something that nobody guesses."""
    if not prompt:
        return secrets.token_urlsafe(12)
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(typed) < SHORTEST_PASSWORD:
        raise typer.BadParameter(f"at least {SHORTEST_PASSWORD} characters")
    return typed
