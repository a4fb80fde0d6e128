"""The application for a certificate (R2.8): what is entered, what is checked, and how two applications are compared (R2.10)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.calendar import ProductionCalendar, Span, age_on, birthday
from bot.domain.messages import AboutChild, Command, Query, Refusal

LONGEST_NAME = 60
LONGEST_ADDRESS = 200
ALL_CHILDREN = "all"
DISABILITY = "disability"
"""Codes of certificate groups: everyone's, and the one that tells of a child's health (R2.5)."""


class Question(StrEnum):
    """What an application asks, in its order."""

    CHILD = "child"
    BORN = "born"
    DISTRICT = "district"
    ADDRESS = "address"
    SNILS = "snils"
    GUARDIAN = "guardian"
    PHONE = "phone"
    EMAIL = "email"
    GROUP = "group"


@dataclass(frozen=True)
class FullName:
    """A person's name; the patronymic may be absent."""

    surname: str
    first_name: str
    patronymic: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.surname, self.first_name, self.patronymic) if part)


class NameTrouble(StrEnum):
    """Why something typed is not a name (R2.8)."""

    TOO_FEW = "too_few"
    UNCLEAR = "unclear"
    TOO_LONG = "too_long"
    SIGN = "sign"
    ALPHABETS = "alphabets"


class WrongName(ValueError):
    """What was typed is not a name; `part` is the piece that is wrong."""

    def __init__(self, trouble: NameTrouble, part: str) -> None:
        super().__init__(trouble.value)
        self.trouble, self.part = trouble, part


_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_APOSTROPHES = dict.fromkeys(map(ord, "’ʼ`´‘"), "'")
_TWINS = str.maketrans("aceopxykABCEHKMOPTXYëË", "асеорхукАВСЕНКМОРТХУёЁ")
"""Latin letters that cannot be told from Cyrillic ones by eye."""
_FOLDED = str.maketrans("aceopxykmthbë", "асеорхукмтнве")
_SONS_AND_DAUGHTERS = {"оглы", "оглу", "кызы", "гызы", "улы", "уулу"}
_INNER_SIGN = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*")


def read_name(text: str) -> FullName:
    """«Surname First-name Patronymic», or with commas where a part has two words. Raises WrongName."""
    if "," in text:
        parts = [part.strip() for part in text.split(",") if part.strip()]
    else:
        parts = text.split()
        if len(parts) == 4 and parts[-1].lower() in _SONS_AND_DAUGHTERS:
            parts[2:] = [" ".join(parts[2:])]
    if stray := next((part for part in parts if not any(map(str.isalpha, part))), None):
        raise WrongName(NameTrouble.SIGN, stray)
    if len(parts) < 2:
        raise WrongName(NameTrouble.TOO_FEW, text)
    if len(parts) > 3:
        raise WrongName(NameTrouble.UNCLEAR, text)
    return FullName(*map(name_part, parts))


def name_part(text: str) -> str:
    """One part of a name as it is kept: ≤ 60 letters of one alphabet, single inner space, hyphen or apostrophe. Raises WrongName.

    Latin look-alikes inside a Cyrillic word become Cyrillic: nobody can have meant them.
    """
    part = " ".join(text.translate(_HYPHENS).translate(_APOSTROPHES).split())
    if len(part) > LONGEST_NAME:
        raise WrongName(NameTrouble.TOO_LONG, part)
    if not _INNER_SIGN.fullmatch(part):
        raise WrongName(NameTrouble.SIGN, part)
    if len(_alphabets(part)) > 1:
        part = part.translate(_TWINS)
    if _alphabets(part) not in ({"CYRILLIC"}, {"LATIN"}):
        raise WrongName(NameTrouble.ALPHABETS, part)
    return " ".join(map(_capitalised, part.split())) if part in (part.lower(), part.upper()) else part


def _alphabets(part: str) -> set[str]:
    return {unicodedata.name(letter, "?").split()[0] for letter in part if letter.isalpha()}


def _capitalised(word: str) -> str:
    return word.lower() if word.lower() in _SONS_AND_DAUGHTERS else word.title()


def is_latin(name: FullName) -> bool:
    """In Latin letters: rightly so, or with the wrong keyboard."""
    return _alphabets(str(name)) == {"LATIN"}


def folded_name(name: FullName) -> str:
    """As names are compared (R2.10): ё = е, case, spaces and look-alike letters aside."""
    return " ".join(str(name).casefold().replace("ё", "е").translate(_FOLDED).split())


def sex_of(name: FullName) -> str | None:
    """f | m, as the patronymic says; None where it does not: nobody is asked for what only the statistics count (R10.1)."""
    patronymic = name.patronymic.casefold()
    if patronymic.endswith(("ич", " оглы", " оглу", " улы", " уулу")):
        return "m"
    return "f" if patronymic.endswith(("вна", "чна", " кызы", " гызы")) else None


def read_snils(text: str) -> str | None:
    """The 11 digits of a SNILS, or None if they are not one: the last two are checked above 001-001-998 (R2.8)."""
    digits = re.sub(r"[\s\-–.]", "", text)
    if not re.fullmatch(r"[0-9]{11}", digits) or set(digits[:9]) == {"0"}:
        return None
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=False))
    if int(digits[:9]) > 1_001_998 and total % 101 % 100 != int(digits[9:]):
        return None
    return digits


def read_email(text: str) -> str | None:
    """An address that can be one, or None."""
    return text if len(text) <= 254 and re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)+", text) else None


def read_address(text: str) -> str | None:
    """An address as it was written, on one line; None if it is too long or no address at all."""
    address = " ".join(text.split())
    return address if len(address) <= LONGEST_ADDRESS and re.search(r"[^\W\d_]{2}", address) else None


@dataclass(frozen=True)
class TooYoungForCertificate(Refusal):
    """The child will be old enough on that day (R2.2)."""

    eligible_on: date


@dataclass(frozen=True)
class TooOldForCertificate(Refusal):
    """A certificate ends on this birthday (R2.2)."""

    max_age: int


@dataclass(frozen=True)
class NotBornYet(Refusal):
    """The birth date is in the future."""


def age_refusal(born: date, today: date, min_age: int, max_age: int) -> Refusal | None:
    """Whether a child of that birth date may have a certificate: min_age ≤ age < max_age (R2.2)."""
    if born > today:
        return NotBornYet()
    if age_on(born, today) < min_age:
        return TooYoungForCertificate(birthday(born, min_age))
    return TooOldForCertificate(max_age) if age_on(born, today) >= max_age else None


def decide_by(submitted: date, days: int, calendar: ProductionCalendar, blackout: Span | None) -> date:
    """The last day to decide: so many working days after the day of the application (R2.8), a blackout's not counted (R2.14)."""
    day = submitted
    while days:
        day += timedelta(days=1)
        days -= calendar.is_working(day) and not (blackout is not None and day in blackout)
    return day


# --- what the dialog asks and wishes ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """Which questions a municipality asks this parent, and the ages it takes, as of today."""

    questions: tuple[Question, ...] = ()
    today: date = date.min
    min_age: int = 0
    max_age: int = 0


@dataclass(frozen=True)
class Choice:
    """A district or a category that may be chosen."""

    id: int
    name: str
    about_health: bool = False


@dataclass(frozen=True)
class Basis:
    """What an application starts from: the plan, the choices, and what is known of the parent already."""

    plan: Plan
    municipality: str
    districts: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    guardian: FullName | None = None
    phone: str = ""
    email: str = ""
    health_consent: bool = False
    snils_required: bool = False
    decision_days: int = 3
    blackout_until: date | None = None


@dataclass(frozen=True)
class ApplicationBasis(Query[Basis]):
    """What I need to apply in my municipality."""


@dataclass(frozen=True)
class Entered:
    """What an application says."""

    child: FullName
    birth_date: date
    district: int
    address: str
    guardian: FullName
    phone: str
    email: str
    group: int
    snils: str = field(default="", repr=False)


@dataclass(frozen=True)
class ReadApplication(Query["Entered | None"]):
    """What was entered in a rejected application of mine, to correct it (R2.9); None if it is not mine or not rejected."""

    certificate: int


@dataclass(frozen=True)
class SubmitApplication(Command):
    """Apply (R2.8); with `certificate`, again after its rejection (R2.9)."""

    entered: Entered
    certificate: int = 0


@dataclass(frozen=True)
class ApplicationSubmitted(AboutChild):
    """The municipality has it and decides by that day."""

    certificate: int
    decide_by: date


@dataclass(frozen=True)
class ApplicationHeld(AboutChild):
    """It looks like another one, so a person looks first (R2.10); the applicant only learns that it is under review."""

    certificate: int
    decide_by: date


@dataclass(frozen=True)
class AlreadyApplied(Refusal):
    """This parent's own child has a certificate or an application already."""

    child: int


@dataclass(frozen=True)
class WrongAnswer(Refusal):
    """An answer is missing or wrong."""

    question: Question


@dataclass(frozen=True)
class HealthConsentMissing(Refusal):
    """The category tells of the child's health, and that needs a consent of its own (R2.5)."""


def wrong_answer(entered: Entered, snils: str) -> Question | None:
    """The first answer that is not as R2.8 wants it; `snils` is the policy: optional, required or absent."""
    answers: Iterable[tuple[Question, bool]] = (
        (Question.CHILD, _is_name(entered.child)),
        (Question.ADDRESS, read_address(entered.address) is not None),
        (Question.SNILS, read_snils(entered.snils) is not None if entered.snils else snils != "required"),
        (Question.GUARDIAN, _is_name(entered.guardian)),
        (Question.PHONE, re.fullmatch(r"\+[0-9]{8,15}", entered.phone) is not None),
        (Question.EMAIL, not entered.email or read_email(entered.email) is not None),
    )
    return next((question for question, right in answers if not right), None)


def _is_name(name: FullName) -> bool:
    try:
        for part in (name.surname, name.first_name, *filter(None, [name.patronymic])):
            name_part(part)
    except WrongName:
        return False
    return True
