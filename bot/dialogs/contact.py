"""My phone: shared as a contact on Telegram, typed elsewhere. For a call from the club, never a proof of who I am (R1.3)."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogs.core import AnyState, Contact, Event, Happened, Screen, State, Turn, Typed, again, ask, back
from bot.dialogs.phone import normal_phone, shown_phone
from bot.domain.family import MyPhone, PhoneSet, SetPhone
from bot.i18n import _, lines


@dataclass(frozen=True)
class TellPhone(State[str]):
    """The number now known, and the question for a new one."""

    personal = True
    takes_contact = True

    def needs(self) -> MyPhone:
        return MyPhone()

    def show(self, known: str) -> Screen:
        return Screen(
            lines(
                _("Your phone: {phone}", phone=shown_phone(known)) if known else _("I do not know your phone yet."),
                _("The municipality and your clubs call it when something is urgent."),
                _("To change it, write a new number, such as {example}.", example="+7 916 123-45-67"),
            ),
            wants="phone",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Contact(own=False):
                return again(self, _("That is another person's contact. Please share your own, or write your number."))
            case Contact(phone):
                return self.tells("+" + phone.removeprefix("+"))
            case Typed(text):
                return self.tells(text)
            case Happened(PhoneSet()):
                return back(_("Thank you, the phone is kept."))
        return again(self, _("Please write your number."))

    def tells(self, typed: str) -> Turn:
        phone = normal_phone(typed)
        if phone is None:
            return again(
                self,
                _(
                    "That is not a phone number. Please write it with the code, such as {example}.",
                    example="+7 916 123-45-67",
                ),
            )
        return ask(SetPhone(phone), meanwhile=self)


DOORS: dict[str, Callable[[str], AnyState]] = {"phone": lambda _argument: TellPhone()}
