"""Passwords: argon2id, made and checked beside the loop, for it takes a twentieth of a second by design."""

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

HASHER = PasswordHasher()


@cache
def nobodys() -> str:
    """A hash that nothing opens: an unknown login takes as long as a known one."""
    return HASHER.hash(secrets.token_urlsafe())


async def hashed(password: str) -> str:
    """What is kept of a password."""
    return await asyncio.to_thread(HASHER.hash, password)


async def opens(password_hash: str, password: str) -> bool:
    """Whether the password is the one; an empty hash is nobody's."""

    def check() -> bool:
        try:
            return HASHER.verify(password_hash or nobodys(), password) and bool(password_hash)
        except (Argon2Error, InvalidHashError):
            return False

    return await asyncio.to_thread(check)
