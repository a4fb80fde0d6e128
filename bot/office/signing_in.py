"""Signing in and out: a login and a password, then a code of the second factor where there is one. One's own account."""

import secrets
from base64 import b32encode

import segno
from starlette.responses import RedirectResponse, Response

from bot.domain.messages import Fact
from bot.domain.staff import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    SetPassword,
    SetSecondFactor,
    SignedOutEverywhere,
    SignOutEverywhere,
)
from bot.i18n import LANGUAGES, Words, _, n_
from bot.office.page import AT, EVERYBODY, Visit, form, own_path, page
from bot.office.passwords import hashed, opens
from bot.storage import sessions

SECRET = 32
"""Characters of a second factor's secret: 20 bytes (RFC 4226)."""


async def ask(visit: Visit) -> Response:
    """The form; its CSRF token belongs to a cookie that it brings along, so that nobody is signed in by another site."""
    if visit.session is not None:
        return visit.go("/" if visit.session.proved else "/sign-in/code")
    if not visit.csrf:
        visit.remember(secrets.token_hex(32))
    return visit.page("sign_in.html", _("Sign in"), to=own_path(visit.asked("to")))


async def sign_in(visit: Visit) -> Response:
    """Wrong name or wrong password: the answer is the same, and both are counted."""
    login, password = visit.entry.raw("login").lower()[:100], str(visit.said.get("password", ""))[:LONGEST_PASSWORD]
    lock = await visit.desk.look(lambda tx: sessions.lock_of(tx, login))
    if lock.until is not None:
        visit.trouble = _("Too many wrong tries. Please try again in a quarter of an hour, or ask your administrator.")
        return await ask(visit)
    if not await opens(lock.password_hash, password):
        await visit.desk.run(lambda tx: sessions.count_wrong(tx, login))
        visit.trouble = _("The login or the password is wrong.")
        return await ask(visit)
    visit.remember(await visit.desk.run(lambda tx: sessions.begin(tx, lock.staff)))
    return visit.go(own_path(visit.entry.raw("to")))


async def ask_code(visit: Visit) -> Response:
    """The second factor."""
    if visit.at.proved:
        return visit.go("/")
    return visit.page("sign_in_code.html", _("The code from your app"))


async def sign_in_code(visit: Visit) -> Response:
    """A wrong code is counted as a wrong password is."""
    login, code = visit.at.staff.login, visit.entry.raw("code")[:20]
    lock = await visit.desk.look(lambda tx: sessions.lock_of(tx, login))
    if lock.until is None and await visit.desk.run(lambda tx: sessions.prove(tx, visit.at, code)):
        return visit.go("/")
    await visit.desk.run(lambda tx: sessions.count_wrong(tx, login))
    visit.trouble = _(
        "This code does not fit. Please wait for the next one; after five wrong codes the account rests for a quarter of an hour."
    )
    return await ask_code(visit)


async def sign_out(visit: Visit) -> Response:
    """Here."""
    if visit.session is not None:
        session = visit.session
        await visit.desk.run(lambda tx: sessions.end(tx, session))
    return visit.go("/sign-in")


async def language(visit: Visit) -> Response:
    """The pages' language, kept by the browser."""
    response = RedirectResponse(f"{AT}{own_path(visit.entry.raw('to'))}", 303)
    wanted = visit.entry.raw("language")
    if wanted in LANGUAGES:
        response.set_cookie("kruzhok_language", wanted, path=AT, max_age=365 * 24 * 3600, samesite="lax")
    return response


# --- one's own account ------------------------------------------------------------------------------------------------


async def account(visit: Visit) -> Response:
    """Password, second factor, sessions."""
    return visit.page("account.html", _("My account"), shortest=SHORTEST_PASSWORD)


async def change_password(visit: Visit) -> Response:
    """With the old one; all other sessions end."""
    lock = await visit.desk.look(lambda tx: sessions.lock_of(tx, visit.at.staff.login))
    new = str(visit.said.get("new", ""))
    if lock.until is not None or not await opens(lock.password_hash, str(visit.said.get("old", ""))[:LONGEST_PASSWORD]):
        await visit.desk.run(lambda tx: sessions.count_wrong(tx, visit.at.staff.login))
        visit.entry.wrong["old"] = _("This is not your present password.")
    if len(new) < SHORTEST_PASSWORD:
        visit.entry.wrong["new"] = n_("This has {count} character.", "This has {count} characters.", len(new))
    if len(new) > LONGEST_PASSWORD:
        visit.entry.wrong["new"] = _(
            "At most {most} characters, these are {count}.", most=LONGEST_PASSWORD, count=len(new)
        )
    if visit.entry.wrong:
        return await account(visit)
    command = SetPassword(visit.me.staff, await hashed(new), visit.at.print)
    return await visit.does(command, told, to="/account", again=account)


async def offer_factor(visit: Visit) -> Response:
    """A secret to be photographed by an authenticator app; it counts only when a code has proved that the app knows it."""
    secret = visit.entry.raw("secret")[:SECRET] or b32encode(secrets.token_bytes(20)).decode()
    address = f"otpauth://totp/Kruzhok:{visit.at.staff.login}?secret={secret}&issuer=Kruzhok"
    picture = segno.make(address, micro=False).svg_data_uri(scale=4, dark="#000", light="#fff")
    return visit.page("second_factor.html", _("Second factor"), secret=secret, picture=picture)


async def set_factor(visit: Visit) -> Response:
    """The app's first code."""
    secret, code = visit.entry.raw("secret"), visit.entry.raw("code")[:20]
    try:
        step = await visit.desk.look(lambda tx: sessions.matching_step(secret, code, tx.now))
    except ValueError:
        step, secret = None, ""
    if step is None:
        visit.entry.wrong["code"] = _("This code does not fit. Please wait for the next one.")
        return await offer_factor(visit)
    return await visit.does(SetSecondFactor(visit.me.staff, secret), told, to="/account", again=account)


async def remove_factor(visit: Visit) -> Response:
    """Signed in with it, one may take it off."""
    return await visit.does(SetSecondFactor(visit.me.staff, ""), told, to="/account", again=account)


async def sign_out_everywhere(visit: Visit) -> Response:
    """Here too."""
    await visit.desk.do(SignOutEverywhere(visit.me.staff), visit.me)
    return visit.go("/sign-in")


def told(fact: Fact) -> Words:
    """What came of it."""
    return _("Signed out everywhere.") if isinstance(fact, SignedOutEverywhere) else _("Changed.")


PAGES = (
    page("/sign-in", ask),
    form("/sign-in", sign_in),
    page("/sign-in/code", ask_code),
    form("/sign-in/code", sign_in_code),
    form("/sign-out", sign_out),
    form("/language", language),
    page("/account", account, *EVERYBODY),
    form("/account/password", change_password, *EVERYBODY),
    form("/account/second-factor", offer_factor, *EVERYBODY),
    form("/account/second-factor/prove", set_factor, *EVERYBODY),
    form("/account/second-factor/remove", remove_factor, *EVERYBODY),
    form("/account/sign-out", sign_out_everywhere, *EVERYBODY),
)
