"""A phone as people type it."""

import phonenumbers


def normal_phone(typed: str) -> str | None:
    """E.164, «8 (916) …» read as a Russian number; None if nobody can have that number. A contact detail, never proof (R1.3)."""
    try:
        number = phonenumbers.parse(typed, "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def told_phone(written: str) -> str:
    """A registry's phone as people read it; as it was written if nobody can have that number."""
    phone = normal_phone(written)
    return shown_phone(phone) if phone else written


def shown_phone(phone: str) -> str:
    """An E.164 number as people read it: +7 916 123-45-67."""
    number = phonenumbers.parse(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
