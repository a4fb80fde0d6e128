"""How a provider is reached and told apart: telephone, site, e-mail, tax number. All raise Unclear."""

import re

import phonenumbers

from bot.registry import reasons
from bot.registry.reasons import Unclear

INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def phone(written: str) -> str:
    """The first number, as +7 …, with its extension."""
    for part in re.split(r"[;\n]|,(?! ?доб)", written):
        try:
            number = phonenumbers.parse(part, "RU")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + (
                f" ext. {number.extension}" if number.extension else ""
            )
    raise Unclear(reasons.NOT_A_PHONE, written)


def email(written: str) -> str:
    if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}", written):
        raise Unclear(reasons.NOT_AN_EMAIL, written)
    return written


def site(written: str) -> str:
    """With https:// when the clerk left it out."""
    address = written if re.match(r"https?://", written, re.IGNORECASE) else f"https://{written}"
    if not re.fullmatch(r"https?://[^\s/.@<>\"]+(\.[^\s/.@<>\"]+)+(/[^\s<>\"]*)?", address, re.IGNORECASE):
        raise Unclear(reasons.NOT_A_SITE, written)
    return address


def inn(written: str) -> str:
    """10 digits, or 12 of an entrepreneur, with their check digits; a zero that a spreadsheet ate is put back."""
    plain = written.replace(" ", "")
    if re.fullmatch(r"\d{9,12}", plain, re.ASCII):
        plain = plain.zfill(10 if len(plain) <= 10 else 12)
        digits = [int(digit) for digit in plain]
        if all(_check(digits, position) == digits[position] for position in ((9,) if len(digits) == 10 else (10, 11))):
            return plain
    raise Unclear(reasons.NOT_AN_INN, written)


def _check(digits: list[int], position: int) -> int:
    return sum(digit * weight for digit, weight in zip(digits, INN_WEIGHTS[11 - position :], strict=False)) % 11 % 10
