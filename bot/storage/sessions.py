"""Who is signed in to the office. The cookie's token is kept as a keyed hash only; names that were tried wrongly are counted as prints."""

import hmac
from base64 import b32decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import or_, select

from bot.domain.staff import IDLE, LOCKED_FOR, LONGEST, WRONG_TRIES, StaffSeen
from bot.storage import trail
from bot.storage.schema import municipality, sign_in_try, staff, staff_session
from bot.storage.staff import account, accounts
from bot.storage.tx import Tx

STEP = 30
"""Seconds that a code of an authenticator app lives (RFC 6238); one step earlier and later is taken too: clocks differ."""
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """A signed-in member of the staff. `proved`: the second factor too, where there is one; `municipality`: where an administrator is at work."""

    print: str
    staff: StaffSeen
    municipality: int
    place: str
    """The name of what it works for at present; empty: the region."""
    proved: bool
    seen_at: datetime
    note: str


@dataclass(frozen=True)
class Lock:
    """A login's password hash and its account, or that it is locked until then; an unknown login has neither."""

    staff: int = 0
    password_hash: str = ""
    until: datetime | None = None


def print_of(tx: Tx, token: str) -> str:
    """A cookie's keyed hash."""
    return tx.keys.print(f"office:{token}")


def lock_of(tx: Tx, login: str) -> Lock:
    """What a password has to open."""
    tries = sign_in_try.c.print == tx.keys.print(f"login:{login}"), sign_in_try.c.at > tx.now - LOCKED_FOR
    recent: Sequence[datetime] = (
        tx.sql(select(sign_in_try.c.at).where(*tries).order_by(sign_in_try.c.at)).scalars().all()
    )
    if len(recent) >= WRONG_TRIES:
        return Lock(until=recent[-WRONG_TRIES] + LOCKED_FOR)
    row = tx.row(select(staff.c.id, staff.c.password_hash).where(staff.c.login == login, staff.c.disabled_at.is_(None)))
    return Lock(row.id, row.password_hash) if row is not None else Lock()


def count_wrong(tx: Tx, login: str) -> None:
    """One more wrong try of this name, known or not; the old ones are forgotten."""
    tx.sql(sign_in_try.delete().where(sign_in_try.c.at <= tx.now - LOCKED_FOR))
    tx.insert(sign_in_try, print=tx.keys.print(f"login:{login}"), at=tx.now)


def begin(tx: Tx, number: int) -> str:
    """Sign in, and forget sessions that are over; the cookie's token. With a second factor it has yet to be proved."""
    over = or_(staff_session.c.seen_at <= tx.now - IDLE, staff_session.c.began_at <= tx.now - LONGEST)
    tx.sql(staff_session.delete().where(over))
    token = tx.token(32)
    seen = account(tx.sql(accounts().where(staff.c.id == number)).one())
    now = {"began_at": tx.now, "seen_at": tx.now}
    tx.sql(staff_session.insert().values(print=print_of(tx, token), staff=number, proved=not seen.second_factor, **now))
    trail.note(tx, seen.at_work(), "SignIn", {}, "staff", number)
    return token


def session_of(tx: Tx, token: str) -> Session | None:
    """The session that a cookie opens; None if there is none, or it is over, or its account is not in use."""
    where = staff_session.c.print == print_of(tx, token), staff_session.c.seen_at > tx.now - IDLE
    row = tx.row(select(staff_session).where(*where, staff_session.c.began_at > tx.now - LONGEST))
    if row is None:
        return None
    seen = account(tx.sql(accounts().where(staff.c.id == row.staff)).one())
    if seen.disabled:
        return None
    place = tx.value(select(municipality.c.name).where(municipality.c.id == row.municipality)) or seen.place
    note = tx.keys.decrypt(row.note) if row.note else ""
    return Session(row.print, seen, row.municipality, place, row.proved, row.seen_at, note)


def keep_alive(tx: Tx, session: Session, note_was_read: bool) -> None:
    """It was used just now."""
    values = {"seen_at": tx.now, **({"note": ""} if note_was_read else {})}
    tx.sql(staff_session.update().where(staff_session.c.print == session.print).values(**values))


def leave_note(tx: Tx, session: Session, words: str) -> None:
    """What came of a form, for the next page."""
    here = staff_session.c.print == session.print
    tx.sql(staff_session.update().where(here).values(note=tx.keys.encrypt(words), seen_at=tx.now))


def work_in(tx: Tx, session: Session, place: int) -> None:
    """Where an administrator is at work from now on."""
    tx.sql(staff_session.update().where(staff_session.c.print == session.print).values(municipality=place))


def end(tx: Tx, session: Session) -> None:
    """Sign out here."""
    tx.sql(staff_session.delete().where(staff_session.c.print == session.print))


def prove(tx: Tx, session: Session, code: str) -> bool:
    """Whether the code is the second factor's; each of its steps is taken once."""
    row = tx.sql(
        select(staff.c.second_factor, staff.c.last_step).where(staff.c.id == session.staff.staff).with_for_update()
    ).one()
    step = matching_step(tx.keys.decrypt(row.second_factor), code, tx.now)
    if step is None or step <= row.last_step:
        return False
    tx.sql(staff.update().where(staff.c.id == session.staff.staff).values(last_step=step))
    tx.sql(staff_session.update().where(staff_session.c.print == session.print).values(proved=True))
    return True


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The step (30 s since 1970) whose code this is, of the present one and its neighbours."""
    totp = TOTP(b32decode(secret), 6, SHA1(), STEP, enforce_key_length=False)
    present = int(now.timestamp()) // STEP
    written = code.replace(" ", "").encode()
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate(step * STEP), written):
            return step
    return None
