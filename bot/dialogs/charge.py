"""One month's payment -> «this was not us» (R6.8)."""

from dataclasses import dataclass

from bot.dialogs.core import (
    CHOOSE,
    AnyState,
    Button,
    Event,
    Happened,
    Screen,
    State,
    Tapped,
    Turn,
    again,
    ask,
    back,
    go,
    instead,
)
from bot.domain.calendar import Month
from bot.domain.enrollment import OpenDispute
from bot.domain.enrollment_facts import DisputeOpened
from bot.domain.enrollment_refusals import DisputeIsOpen
from bot.domain.movements import ChargeSeen, OneCharge
from bot.i18n import _, lines

GONE = Screen(_("I cannot find this among your children. Please open the menu and try again."))


@dataclass(frozen=True)
class ReadCharge(State[ChargeSeen | None]):
    """One month's payment, and the way to question it."""

    enrollment: int
    month: Month
    about_child = True
    at_leisure = True

    def needs(self) -> OneCharge:
        return OneCharge(self.enrollment, self.month)

    def show(self, known: ChargeSeen | None) -> Screen:
        if known is None:
            return GONE
        return Screen(
            lines(
                _("{child}: «{program}», {month}.", child=known.first_name, program=known.program, month=self.month),
                _(
                    "The certificate paid {amount} to {provider} on {day}.",
                    amount=known.amount,
                    provider=known.provider,
                    day=known.day,
                ),
                _("Of it {amount} came back.", amount=known.refunded) if known.refunded else None,
                _("It is paid by the month as agreed, whether or not the child came.") if not known.disputed else None,
                _("You questioned it; the municipality is looking into it.") if known.disputed else None,
            ),
            (
                *((Button(_("This was not us"), "dispute"),) if known.may_dispute else ()),
                Button(_("The club"), f">enrollment:{self.enrollment}"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("dispute"):
                return go(QuestionCharge(self.enrollment, self.month))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class QuestionCharge(State[ChargeSeen | None]):
    """«This was not us»: what will happen, and the yes (R6.8)."""

    enrollment: int
    month: Month
    about_child = True

    def needs(self) -> OneCharge:
        return OneCharge(self.enrollment, self.month)

    def show(self, known: ChargeSeen | None) -> Screen | Turn:
        if known is None or not known.may_dispute:
            return instead(ReadCharge(self.enrollment, self.month))
        return Screen(
            lines(
                _(
                    "Did nobody of your family enrol {child} in «{program}»?",
                    child=known.first_name,
                    program=known.program,
                ),
                _("The municipality will look into it. Until it decides, this club is paid nothing more."),
                _("If you are right, everything it was paid comes back to the certificate."),
            ),
            (Button(_("Yes, this was not us"), "yes"), Button(_("No, it is all right"), "no")),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("yes"):
                return ask(OpenDispute(self.enrollment, self.month), meanwhile=self)
            case Tapped("no"):
                return back()
            case Happened(DisputeOpened()):
                return back(_("Thank you. The municipality has your question, and I will write when it is decided."))
            case Happened(DisputeIsOpen()):
                return back(_("This club is being looked into already. I will write when it is decided."))
            case Happened():
                return back(_("This payment can no longer be questioned here. Please ask the municipality."))
        return again(self, CHOOSE)


def charge(argument: str) -> AnyState:
    """`charge:5:2026-09`. ValueError for anything else."""
    enrollment, _colon, month = argument.partition(":")
    return ReadCharge(int(enrollment), Month.parse(month))
