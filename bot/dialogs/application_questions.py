"""The questions of an application, in the order of R2.8."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogs.application_form import Ask
from bot.dialogs.application_words import masked, parts_of, wrong_age, wrong_name
from bot.dialogs.consent import GiveConsent
from bot.dialogs.core import CHOOSE, Button, Contact, Event, Screen, Secret, Tapped, Turn, Typed, again, go, instead
from bot.dialogs.dates import NotADate, typed_date
from bot.dialogs.phone import normal_phone, shown_phone
from bot.dialogs.reading import count, cut, on_page, turned, turning
from bot.dialogs.typed import folded
from bot.domain.application import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    Basis,
    Choice,
    Question,
    WrongName,
    age_refusal,
    read_address,
    read_email,
    read_name,
    read_snils,
)
from bot.i18n import Text, _, lines

DISTRICTS = 6
"""On a page: with «keep», the pages and the way back it fits VK."""


@dataclass(frozen=True)
class NameChild(Ask):
    """The child's name in one line."""

    question = Question.CHILD

    def asks(self, known: Basis) -> Screen:
        return Screen(
            lines(
                _("What is the child's full name? Write surname, first name and patronymic in one line."),
                _("For example: Ivanova Maria Petrovna. If there is no patronymic, two words are enough."),
            ),
            wants="text",
        )

    def kept(self, known: Basis) -> str:
        return str(self.form.child or "")

    def reads(self, text: str) -> Turn:
        try:
            name = read_name(text)
        except WrongName as wrong:
            return again(self, wrong_name(wrong))
        return self.next(replace(self.form, child=name), parts_of(name))


@dataclass(frozen=True)
class SayBirthDate(Ask):
    """When the child was born."""

    question = Question.BORN

    def asks(self, known: Basis) -> Screen:
        return Screen(
            _("When was the child born? Day, month and year, for example {example}.", example="14.03.2017"),
            wants="date",
        )

    def kept(self, known: Basis) -> str:
        return f"{self.form.birth_date:%d.%m.%Y}" if self.form.birth_date else ""

    def reads(self, text: str) -> Turn:
        try:
            born = typed_date(text)
        except NotADate as wrong:
            return again(self, wrong.why)
        if refusal := age_refusal(born, self.plan.today, self.plan.min_age, self.plan.max_age):
            return again(self, wrong_age(refusal))
        return self.next(replace(self.form, birth_date=born), _("Born on {day}.", day=born))


@dataclass(frozen=True)
class ChooseHomeDistrict(Ask):
    """In which district the child lives; what is typed leaves those whose names have it."""

    page: int = 0
    typed: str = ""

    question = Question.DISTRICT

    def asks(self, known: Basis) -> Screen:
        meant = [each for each in known.districts if folded(self.typed) in folded(each.name)]
        offered = meant or known.districts
        return Screen(
            lines(
                None if meant else _("There is no such district here. Please choose the district with a button."),
                _("In which district does the child live?"),
            ),
            (
                *(Button(cut(each.name), str(each.id)) for each in on_page(offered, self.page, DISTRICTS)),
                *turning(self.page, count(offered, DISTRICTS)),
            ),
            wants="text",
        )

    def kept(self, known: Basis) -> str:
        return named(known.districts, self.form.district)

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("keep"):
                return self.next(self.form)
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(choice):
                return self.next(replace(self.form, district=int(choice)))
            case Typed(name):
                return instead(replace(self, typed=name[:LONGEST_NAME], page=0))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class SayAddress(Ask):
    """Where the child lives."""

    question = Question.ADDRESS

    def asks(self, known: Basis) -> Screen:
        return Screen(_("At which address? Street, house and flat."), wants="text")

    def kept(self, known: Basis) -> str:
        return self.form.address

    def reads(self, text: str) -> Turn:
        address = read_address(text)
        if address is None:
            return again(self, _("Please write street, house and flat, at most {max} characters.", max=LONGEST_ADDRESS))
        return self.next(replace(self.form, address=address))


@dataclass(frozen=True)
class SaySnils(Ask):
    """The child's SNILS, kept secret (R9.4)."""

    question = Question.SNILS

    def asks(self, known: Basis) -> Screen:
        if known.snils_required:
            return Screen(_("The child's SNILS, 11 digits. It is kept encrypted."), wants="secret")
        return Screen(
            lines(
                _("The child's SNILS, 11 digits. It is kept encrypted."),
                _("It helps to decide faster; you may do without it."),
            ),
            (Button(_("Skip"), "skip"),),
            wants="secret",
        )

    def kept(self, known: Basis) -> str:
        return masked(self.form.snils) if self.form.snils else ""

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("skip"):
                return self.next(replace(self.form, snils=None))
        return super().on(event)

    def reads(self, text: str) -> Turn:
        snils = read_snils(text)
        if snils is None:
            return again(
                self,
                _(
                    "This is not a SNILS: it has 11 digits, and the last two must agree with the others. Please compare it with the document."
                ),
            )
        return self.next(replace(self.form, snils=Secret(snils)))


@dataclass(frozen=True)
class NameGuardian(Ask):
    """The applicant's own name."""

    question = Question.GUARDIAN

    def asks(self, known: Basis) -> Screen:
        return Screen(
            lines(
                _("And your own full name? Surname, first name and patronymic in one line."),
                _("You are the child's parent or legal guardian: documents will be checked for this name."),
            ),
            wants="text",
        )

    def kept(self, known: Basis) -> str:
        return str(self.form.guardian or "")

    def reads(self, text: str) -> Turn:
        try:
            name = read_name(text)
        except WrongName as wrong:
            return again(self, wrong_name(wrong))
        return self.next(replace(self.form, guardian=name), parts_of(name))


@dataclass(frozen=True)
class SayPhone(Ask):
    """The applicant's phone, typed or shared (R1.3: a contact detail, never proof)."""

    question = Question.PHONE
    takes_contact = True

    def asks(self, known: Basis) -> Screen:
        return Screen(_("Your phone, in case the municipality has a question?"), wants="phone")

    def kept(self, known: Basis) -> str:
        return shown_phone(self.form.phone) if self.form.phone else ""

    def on(self, event: Event) -> Turn:
        match event:
            case Contact(_phone, own=False):
                return again(self, _("This is another person's contact. Please share your own, or type the number."))
            case Contact(phone):
                return self.reads(phone if phone.startswith("+") else f"+{phone}")
        return super().on(event)

    def reads(self, text: str) -> Turn:
        phone = normal_phone(text)
        if phone is None:
            return again(
                self, _("I do not know such a number. Please write it like this: {example}.", example="8 916 123-45-67")
            )
        return self.next(replace(self.form, phone=phone))


@dataclass(frozen=True)
class SayEmail(Ask):
    """An e-mail address, for those who have one."""

    question = Question.EMAIL

    def asks(self, known: Basis) -> Screen:
        return Screen(_("Your e-mail? You may skip it."), (Button(_("Skip"), "skip"),), wants="text")

    def kept(self, known: Basis) -> str:
        return self.form.email

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("skip"):
                return self.next(replace(self.form, email=""))
        return super().on(event)

    def reads(self, text: str) -> Turn:
        email = read_email(text)
        if email is None:
            return again(self, _("This is not an e-mail address. It looks like name@example.ru; or press «Skip»."))
        return self.next(replace(self.form, email=email))


@dataclass(frozen=True)
class ChooseCategory(Ask):
    """The certificate's group; one that tells of health needs a consent of its own first (R2.5)."""

    question = Question.GROUP

    def asks(self, known: Basis) -> Screen:
        return Screen(
            lines(
                _("Which category does the child belong to?"),
                _("A special one needs a document, shown at the visit; until then the certificate is an ordinary one."),
            ),
            tuple(
                Button(
                    cut(group.name),
                    f"health:{group.id}" if group.about_health and not known.health_consent else str(group.id),
                )
                for group in known.groups
            ),
        )

    def kept(self, known: Basis) -> str:
        return ""

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice):
                health, _colon, number = choice.rpartition(":")
                turn = self.next(replace(self.form, group=int(number)))
                return go(GiveConsent(then=turn.state, purpose="health", refused=self)) if health else turn
        return again(self, _("Please choose the category with a button."))


def named(choices: Sequence[Choice], number: int) -> str:
    """The name of what was chosen; empty if it is not there any more."""
    return next((choice.name for choice in choices if choice.id == number), "")


TITLES: dict[Question, Text] = {
    Question.CHILD: _("Child's name"),
    Question.BORN: _("Birth date"),
    Question.DISTRICT: _("District"),
    Question.ADDRESS: _("Address"),
    Question.SNILS: _("SNILS"),
    Question.GUARDIAN: _("Your name"),
    Question.PHONE: _("Phone"),
    Question.EMAIL: _("E-mail"),
    Question.GROUP: _("Category"),
}
"""What each answer is called on the buttons that change it."""
