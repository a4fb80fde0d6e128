"""Why an answer cannot be taken, and what to write instead (R2.2, R2.8)."""

from bot.dialogs.core import Secret
from bot.domain.application import (
    LONGEST_NAME,
    FullName,
    NameTrouble,
    NotBornYet,
    TooOldForCertificate,
    TooYoungForCertificate,
    WrongName,
    is_latin,
)
from bot.domain.messages import Fact
from bot.i18n import Words, _, lines


def wrong_name(wrong: WrongName) -> Words:
    """What is wrong with a name."""
    match wrong.trouble:
        case NameTrouble.TOO_FEW:
            return _("Please write at least the surname and the first name, in one line.")
        case NameTrouble.UNCLEAR:
            return _("I cannot tell the parts apart. Please put commas between them: surname, first name, patronymic.")
        case NameTrouble.TOO_LONG:
            return _("One part of a name has at most {max} characters. Please write it shorter.", max=LONGEST_NAME)
        case NameTrouble.SIGN:
            return _(
                "«{part}»: a name has only letters, and inside them single spaces, hyphens or apostrophes.",
                part=wrong.part,
            )
        case NameTrouble.ALPHABETS:
            return _("«{part}»: please write it all in Russian letters, or all in Latin ones.", part=wrong.part)


def parts_of(name: FullName) -> Words:
    """How a name was understood, so that a wrong order or keyboard is seen at once."""
    parts = {"surname": name.surname, "first_name": name.first_name}
    return lines(
        _("Surname {surname}, first name {first_name}, patronymic {patronymic}.", patronymic=name.patronymic, **parts)
        if name.patronymic
        else _("Surname {surname}, first name {first_name}.", **parts),
        _("These are Latin letters. If it is Russian in the document, press «Back» and write it again.")
        if is_latin(name)
        else None,
    )


def wrong_age(refusal: Fact) -> Words:
    """Why a child of that birth date has no certificate, and when it can."""
    match refusal:
        case TooYoungForCertificate(day):
            return _("The child is still too young for a certificate. You can apply from {day} on.", day=day)
        case TooOldForCertificate(years):
            return _(
                "A certificate is given up to the age of {years}. If the birth date is wrong, write it again.",
                years=years,
            )
        case NotBornYet():
            return _("That day is still to come. Please check the birth date.")
    raise TypeError(type(refusal).__name__)


def masked(snils: Secret) -> str:
    """A SNILS by its last digits only (R9.4)."""
    return f"•••-•••-••{snils.value[8]} {snils.value[9:]}"
